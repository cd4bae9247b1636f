from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from django.utils import translation

from visits import words
from visits.templatetags.portal import breakable

MARCH = date(2027, 3, 16)


def test_a_day_has_its_weekday_and_year():
    assert words.day(MARCH) == "Tuesday 16 March 2027"


def test_a_day_in_swedish_is_written_small():
    with translation.override("sv"):
        assert words.day(MARCH) == "tisdag 16 mars 2027"
        assert words.weekday(MARCH) == "tisdag 16 mars"
        assert words.short_day(MARCH) == "16 mar"


def test_a_day_in_a_table_is_short():
    assert words.short_day(MARCH) == "16 Mar"
    assert words.plain_day(MARCH) == "16 March 2027"


def test_a_late_evening_in_utc_is_the_next_day_in_stockholm():
    late = datetime(2027, 3, 15, 23, 30, tzinfo=UTC)

    assert words.day(late) == "Tuesday 16 March 2027"
    assert words.clock(late) == "00.30"


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        (MARCH, MARCH, "16 March 2027"),
        (MARCH, None, "16 March 2027"),
        (MARCH, date(2027, 3, 17), "16–17 March 2027"),
        (date(2027, 3, 31), date(2027, 4, 1), "31 March – 1 April 2027"),
        (date(2026, 12, 31), date(2027, 1, 1), "31 December 2026 – 1 January 2027"),
    ],
)
def test_a_range_names_the_month_and_the_year_once_where_it_can(first, last, told):
    assert words.day_range(first, last) == told


def test_a_range_in_swedish():
    with translation.override("sv"):
        assert words.day_range(MARCH, date(2027, 4, 1)) == "16 mars – 1 april 2027"


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        (time(9, 0), "09.00"),
        (datetime(2027, 3, 16, 8, 5, tzinfo=UTC), "09.05"),
        (datetime(2027, 7, 16, 8, 5, tzinfo=UTC), "10.05"),
    ],
)
def test_the_clock_is_stockholms_in_winter_and_in_summer(moment, told):
    assert words.clock(moment) == told


@pytest.mark.parametrize(
    ("when", "number"), [(MARCH, 11), (date(2027, 1, 1), 53), (date(2026, 12, 31), 53), (date(2027, 1, 4), 1)]
)
def test_weeks_are_iso_weeks(when, number):
    assert words.week(when) == number


@pytest.mark.parametrize(
    ("count", "told"),
    [(0, "0\xa0min"), (55, "55\xa0min"), (60, "1\xa0hour"), (120, "2\xa0hours"), (115, "1\xa0h\xa055\xa0min")],
)
def test_minutes_are_told_as_hours_when_they_are_many(count, told):
    assert words.minutes(count) == told


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Maja Lindqvist", "ML"),
        ("Anna Maria von Essen", "AE"),
        ("Åsa", "Å"),
        ("  ", ""),
        ("(2) 3", ""),
        ("maja@qulturum.example", "M"),
    ],
)
def test_initials_are_the_first_letter_and_the_last(name, letters):
    assert words.initials(name) == letters


def test_an_address_breaks_before_its_at_and_its_dots():
    assert breakable("a.b@c.org") == "a<wbr>.b<wbr>@c<wbr>.org"
    assert breakable("<b>@c") == "&lt;b&gt;<wbr>@c"


@pytest.mark.parametrize(("language", "told"), [("en", ["English", "Swedish"]), ("sv", ["engelska", "svenska"])])
def test_a_language_is_named_as_in_a_sentence(language, told):
    with translation.override(language):
        assert [words.language(code) for code in ("en", "sv")] == told
