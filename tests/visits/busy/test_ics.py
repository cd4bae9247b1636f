"""What a calendar file says about time, whoever wrote it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.visits.busy.files import calendar
from visits.ics.reading import NotACalendar, TooMuch, busy_times

SINCE = datetime(2026, 11, 28, 23, 0, tzinfo=UTC)  # midnight in Stockholm
UNTIL = SINCE + timedelta(days=365)
WASHINGTON = """BEGIN:VTIMEZONE
TZID:Own Eastern
BEGIN:STANDARD
DTSTART:20061105T020000
RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:20070311T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
END:DAYLIGHT
END:VTIMEZONE
"""


def read(*events: str, zones: str = "") -> list[str]:
    """Busy times as «2027-03-16T08:00/09:00», in UTC."""
    spans = busy_times(calendar(*events, zones=zones), SINCE, UNTIL)
    return [f"{starts:%Y-%m-%dT%H:%M}/{ends:%H:%M}" for starts, ends in spans]


@pytest.mark.parametrize(
    ("event", "times"),
    [
        ("DTSTART:20270316T090000Z\nDTEND:20270316T100000Z", ["2027-03-16T09:00/10:00"]),
        ("DTSTART:20270316T090000\nDTEND:20270316T100000", ["2027-03-16T08:00/09:00"]),
        ("DTSTART:20270716T090000\nDURATION:PT90M", ["2027-07-16T07:00/08:30"]),
        ("DTSTART;TZID=Europe/London:20270316T090000\nDURATION:PT1H", ["2027-03-16T09:00/10:00"]),
        ("DTSTART;TZID=W. Europe Standard Time:20270316T090000\nDURATION:PT1H", ["2027-03-16T08:00/09:00"]),
        ("DTSTART;TZID=/mozilla.org/20050126_1/Europe/Stockholm:20270316T090000\nDURATION:PT1H",
         ["2027-03-16T08:00/09:00"]),
        ("DTSTART;TZID=Nowhere/At All:20270316T090000\nDURATION:PT1H", ["2027-03-16T08:00/09:00"]),
        ("DTSTART;TZID=Own Eastern:20270316T090000\nDURATION:PT1H", ["2027-03-16T13:00/14:00"]),
        ("DTSTART;TZID=Own Eastern:20270116T090000\nDURATION:PT1H", ["2027-01-16T14:00/15:00"]),
        ("DTSTART;VALUE=DATE:20270316", ["2027-03-15T23:00/23:00"]),
        ("DTSTART;VALUE=DATE:20270327\nDTEND;VALUE=DATE:20270329", ["2027-03-26T23:00/22:00"]),
        ("DTSTART;VALUE=DATE:20270316\nDURATION:P2D", ["2027-03-15T23:00/23:00"]),
    ],
    ids=["UTC", "floating", "floating in summer", "a named zone", "Outlook's name", "Thunderbird's name",
         "an unknown zone", "its own zone in summer", "its own zone in winter", "a day", "days over a clock change",
         "days by duration"],
)  # fmt: skip
def test_a_time_is_read_as_its_zone_says_and_without_one_by_the_clock_in_stockholm(event, times):
    assert read(event, zones=WASHINGTON) == times


@pytest.mark.parametrize(
    "event",
    [
        "DTSTART:20270316T090000Z\nDTEND:20270316T100000Z\nSTATUS:CANCELLED",
        "DTSTART:20270316T090000Z\nDTEND:20270316T100000Z\nTRANSP:TRANSPARENT",
        "DTSTART:20270316T090000Z\nDTEND:20270316T100000Z\nX-MICROSOFT-CDO-BUSYSTATUS:FREE",
        "DTSTART:20270316T100000Z\nDTEND:20270316T090000Z",
        "DTSTART:20270316T090000Z\nDTEND:20270316T090000Z",
        "DTSTART:20270316T090000Z",
        "DTSTART:20270316T090000Z\nDURATION:-PT1H",
        "DTSTART:20251101T090000Z\nDTEND:20251101T100000Z",
        "DTSTART:20271201T090000Z\nDTEND:20271201T100000Z",
        "DTSTART:99991231T235900Z\nDURATION:P9D",
        "DTSTART;VALUE=DATE:00010101",
        "DTSTART:yesterday\nDTEND:tomorrow",
        "SUMMARY:no time at all",
        "UID:session-7-3@colearning.qulturum\nDTSTART:20270316T090000Z\nDURATION:PT1H",
    ],
    ids=["cancelled", "transparent", "free in Outlook", "end before start", "no length", "no end", "negative duration",
         "over", "more than a year ahead", "the end of time", "the beginning of time", "unreadable", "no time",
         "what we gave out ourselves"],
)  # fmt: skip
def test_what_takes_no_time_here_is_left_out_and_its_neighbour_is_read(event):
    assert read(event, "UID:n\nDTSTART:20270401T090000Z\nDURATION:PT1H") == ["2027-04-01T09:00/10:00"]


def test_an_end_that_cannot_be_read_takes_no_time_from_the_others():
    assert read("DTSTART:20270316T090000Z\nDTEND:garbage") == []


def test_what_overlaps_or_touches_is_one_and_what_runs_over_the_edge_is_cut():
    found = busy_times(
        calendar(
            "UID:1\nDTSTART:20261128T120000Z\nDTEND:20261129T080000Z",
            "UID:2\nDTSTART:20261129T070000Z\nDTEND:20261129T090000Z",
            "UID:3\nDTSTART:20261129T090000Z\nDTEND:20261129T100000Z",
            "UID:4\nDTSTART:20271128T220000Z\nDTEND:20271128T233000Z",
        ),
        SINCE, UNTIL,
    )  # fmt: skip

    assert found == [(SINCE, datetime(2026, 11, 29, 10, tzinfo=UTC)), (datetime(2027, 11, 28, 22, tzinfo=UTC), UNTIL)]


def test_what_recurs_for_ever_is_read_to_the_horizon_however_long_ago_it_began():
    daily = read("DTSTART:19700101T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY")
    second_week = read("DTSTART:19800304T090000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH")

    assert (len(daily), daily[0], daily[-1]) == (365, "2026-11-29T09:00/10:00", "2027-11-28T09:00/10:00")
    assert second_week[:3] == ["2026-12-08T09:00/10:00", "2026-12-10T09:00/10:00", "2026-12-22T09:00/10:00"]


def test_a_rule_may_end_by_number_by_moment_by_day_or_be_cut_off_by_its_exceptions():
    rule = "DTSTART;TZID=Europe/Stockholm:20270301T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY"

    assert len(read(f"{rule};COUNT=3")) == 3
    assert len(read(f"{rule};UNTIL=20270303T080000Z")) == 3
    assert len(read(f"{rule};UNTIL=20270303T075959Z")) == 2
    assert len(read(f"{rule};UNTIL=20270303")) == 3
    assert read(f"{rule};COUNT=4\nEXDATE;TZID=Europe/Stockholm:20270301T090000,20270303T090000\nEXDATE:20270304T080000Z"
                ) == ["2027-03-02T08:00/09:00"]  # fmt: skip


def test_dates_that_are_listed_are_added_with_a_length_of_their_own_where_they_have_one():
    found = read(
        "DTSTART:20270301T090000Z\nDURATION:PT1H\nRDATE:20270303T090000Z,20270304T120000Z\n"
        "RDATE;VALUE=PERIOD:20270305T090000Z/PT3H"
    )

    assert found == [
        "2027-03-01T09:00/10:00", "2027-03-03T09:00/10:00", "2027-03-04T12:00/13:00", "2027-03-05T09:00/12:00",
    ]  # fmt: skip


def test_an_exception_takes_the_place_of_the_time_that_it_names():
    weekly = "UID:w\nDTSTART;TZID=Europe/Stockholm:20270301T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=4"
    moved = "UID:w\nRECURRENCE-ID;TZID=Europe/Stockholm:20270308T090000\nDTSTART:20270309T130000Z\nDURATION:PT2H"
    called_off = "UID:w\nRECURRENCE-ID:20270315T080000Z\nDTSTART:20270315T080000Z\nDURATION:PT1H\nSTATUS:CANCELLED"

    found = read(moved, weekly, called_off)

    assert found == ["2027-03-01T08:00/09:00", "2027-03-09T13:00/15:00", "2027-03-22T08:00/09:00"]


def test_whole_days_come_again_as_days_and_can_be_left_out():
    found = read("DTSTART;VALUE=DATE:20270325\nRRULE:FREQ=WEEKLY;COUNT=3\nEXDATE;VALUE=DATE:20270401")

    assert found == ["2027-03-24T23:00/23:00", "2027-04-07T22:00/22:00"]


def test_nine_by_the_wall_is_nine_on_both_sides_of_a_clock_change():
    found = read("DTSTART;TZID=Europe/Stockholm:20270327T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3")

    assert found == ["2027-03-27T08:00/09:00", "2027-03-28T07:00/08:00", "2027-03-29T07:00/08:00"]


def test_an_hour_that_is_leapt_over_is_as_long_after_the_leap():
    found = read("DTSTART;TZID=Europe/Stockholm:20270328T023000\nDURATION:PT1H")

    assert found == ["2027-03-28T01:30/02:30"]  # half past three in summer time


def test_an_hour_that_comes_twice_is_the_first_of_the_two():
    found = read("DTSTART;TZID=Europe/Stockholm:20271031T023000\nDURATION:PT30M")

    assert found == ["2027-10-31T00:30/01:00"]


def test_a_night_shift_over_a_clock_change_is_as_many_hours_as_it_says():
    found = read("DTSTART;TZID=Europe/Stockholm:20270327T220000\nDTEND;TZID=Europe/Stockholm:20270328T060000")

    assert found == ["2027-03-27T21:00/04:00"]  # seven hours


@pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "FREQ=MINUTELY", "FREQ=SECONDLY;INTERVAL=1;COUNT=9999999"])
def test_what_repeats_without_measure_is_refused_as_a_whole(rule):
    with pytest.raises(TooMuch):
        read(f"DTSTART:20200101T000000Z\nDURATION:PT1S\nRRULE:{rule}")


def test_a_rule_that_cannot_be_understood_leaves_the_first_time():
    for rule in ("FREQ=NEVER", "FREQ=DAILY;BYDAY=XX", "INTERVAL=2", "FREQ=DAILY;INTERVAL=0"):
        assert read(f"DTSTART:20270301T090000Z\nDURATION:PT1H\nRRULE:{rule}") == ["2027-03-01T09:00/10:00"]


@pytest.mark.parametrize(
    "file",
    [
        b"", b"<!doctype html><title>Sign in</title>", b"\x00\xff\xfe", b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEV",
        b"BEGIN:VCARD\r\nEND:VCARD\r\n",
    ],
    ids=["nothing", "a page", "noise", "cut off", "a card"],
)  # fmt: skip
def test_what_is_no_calendar_is_said_to_be_none(file):
    with pytest.raises(NotACalendar):
        busy_times(file, SINCE, UNTIL)


def test_events_within_events_three_thousand_deep_are_no_events():
    deep = b"BEGIN:VEVENT\r\n" * 3000 + b"END:VEVENT\r\n" * 3000

    assert busy_times(b"BEGIN:VCALENDAR\r\n" + deep + b"END:VCALENDAR\r\n", SINCE, UNTIL) == []


def test_a_byte_order_mark_foreign_bytes_and_several_calendars_in_one_file_are_read():
    one = calendar("SUMMARY:caf\u00e9\nDTSTART:20270316T090000Z\nDURATION:PT1H").replace("é".encode(), b"\xe9")
    two = calendar("UID:2\nDTSTART:20270317T090000Z\nDURATION:PT1H")

    found = busy_times(b"\xef\xbb\xbf" + one + two, SINCE, UNTIL)

    assert [starts.day for starts, _ends in found] == [16, 17]
