"""Two versions of a programme held against each other: golden cases, and what holds for any two."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from visits import rules, story
from visits.models import HistoryEntry, Proposal
from visits.story import Version
from visits.story.changes import in_words
from visits.story.difference import Difference
from visits.story.marked import marked_days
from visits.story.programme import Row, days_of_snapshot, moved, shifted

TUESDAY = date(2027, 3, 16)


def at(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), rules.STOCKHOLM)


def row(key: int | None, title: str, starts: str, ends: str, *, day: date = TUESDAY, **more: Any) -> Row:
    kind = more.pop("kind", "host")
    return Row(kind, title, at(day, starts), at(day, ends), key=key, **more)


def version(*rows: Row, first: date = TUESDAY, last: date | None = None) -> Version:
    return Version(first, last or first, tuple(sorted(rows, key=lambda one: one.starts_at)))


ESTHER = row(1, "Meet Esther", "09:00", "10:00", people=("Erik Sandell",))
STORY = row(2, "Your story", "10:30", "11:15", kind="guest", people=("Moira",))
LUNCH = row(3, "Lunch", "12:00", "13:00", kind="break")


def told(old: Version, new: Version) -> list[tuple[str, str]]:
    return [(change.title, change.words) for change in in_words(story.compare(old, new))]


def test_two_versions_that_are_the_same_differ_in_nothing():
    assert story.compare(version(ESTHER, STORY, LUNCH), version(ESTHER, STORY, LUNCH)).is_empty


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (row(1, "Meet Esther", "09:15", "10:15", people=("Erik Sandell",)), "starts at 09.15 instead of 09.00"),
        (row(1, "Meet Esther", "09:00", "10:15", people=("Erik Sandell",)), "is 15\xa0min longer"),
        (row(1, "Meet Esther", "09:00", "09:30", people=("Erik Sandell",)), "is 30\xa0min shorter"),
        (replace(ESTHER, place="Ryhov"), "is held at Ryhov"),
        (replace(ESTHER, people=("Karin", "Fatima")), "is led by Karin, Fatima"),
        (replace(ESTHER, people=()), "has nobody named yet"),
        (replace(ESTHER, kind="guest"), "is your own part now"),
        (replace(ESTHER, title="Esther"), "was called “Meet Esther”"),
        (replace(ESTHER, description="With coaches"), "is described in other words"),
    ],
)  # fmt: skip
def test_each_kind_of_change_has_its_words(changed: Row, words: str):
    assert told(version(ESTHER, LUNCH), version(changed, LUNCH)) == [(changed.title, words)]


def test_a_new_session_one_that_is_left_out_and_one_on_another_day():
    wednesday = TUESDAY + timedelta(days=1)
    old = version(ESTHER, STORY, LUNCH, last=wednesday)
    new = version(
        row(1, "Meet Esther", "08:30", "09:30", day=wednesday, people=("Erik Sandell",)),
        row(4, "Home care joins", "10:30", "11:15"), LUNCH, last=wednesday,
    )  # fmt: skip

    assert told(old, new) == [
        ("Your story", "is left out"),
        ("Home care joins", "is new"),
        ("Meet Esther", "moves to Wednesday 17 March, 08.30"),
    ]


def test_other_days_are_one_difference_and_not_one_for_each_session():
    later = version(ESTHER, STORY, LUNCH).on_days_from(date(2027, 4, 6))

    assert told(version(ESTHER, STORY, LUNCH), later) == [("The days", "are 6 April 2027 instead of 16 March 2027")]


def test_versions_without_numbers_know_a_session_by_who_leads_it_and_its_title():
    old = version(replace(ESTHER, key=None), replace(LUNCH, key=None))
    new = version(row(7, "Meet Esther", "09:15", "10:15", people=("Erik Sandell",)), row(8, "Lunch", "12:00", "13:00"))

    assert told(old, new) == [
        ("Meet Esther", "starts at 09.15 instead of 09.00"),
        ("Lunch", "is left out"),
        ("Lunch", "is new"),
    ]


def test_two_meals_of_one_name_are_told_apart_by_their_day():
    wednesday = TUESDAY + timedelta(days=1)
    first, second = replace(LUNCH, key=None), row(None, "Lunch", "12:00", "13:00", kind="break", day=wednesday)
    later = row(None, "Lunch", "12:30", "13:30", kind="break", day=wednesday)

    found = told(version(first, second, last=wednesday), version(first, later, last=wednesday))

    assert found == [("Lunch", "starts at 12.30 instead of 12.00")]


def test_a_session_that_is_named_anew_is_the_same_session():
    renamed = replace(STORY, title="Moira’s story")

    assert told(version(STORY), version(renamed)) == [("Moira’s story", "was called “Your story”")]


def test_the_words_of_a_change_are_in_the_readers_language():
    with translation.override("sv"):
        assert told(version(ESTHER), version(ESTHER, LUNCH)) == [("Lunch", "är ny")]


# -- In its place


def marked(old: Version, new: Version) -> list[tuple[str, str, str, str]]:
    days = [story.Day(day, "", [one for one in new.rows if one.starts_at.date() == day])
            for day in sorted({one.starts_at.date() for one in new.rows})]  # fmt: skip
    return [
        (line.state, line.time.was, line.time.now, line.row.title)
        for day in marked_days(days, story.compare(old, new))
        for line in day.lines
    ]


def test_what_is_left_out_stands_in_its_old_place_without_a_time():
    assert marked(version(ESTHER, STORY, LUNCH), version(ESTHER, LUNCH)) == [
        ("same", "09.00", "09.00", "Meet Esther"),
        ("gone", "", "", "Your story"),
        ("same", "12.00", "12.00", "Lunch"),
    ]


def test_what_comes_from_another_day_says_from_which():
    wednesday = TUESDAY + timedelta(days=1)
    there = row(2, "Your story", "09:00", "09:45", kind="guest", day=wednesday, people=("Moira",))

    found = marked(version(ESTHER, STORY, last=wednesday), version(ESTHER, there, last=wednesday))

    assert found == [("same", "09.00", "09.00", "Meet Esther"), ("changed", "Tuesday 10.30", "09.00", "Your story")]


def test_a_day_that_is_left_out_is_a_day_of_the_page_still():
    wednesday = TUESDAY + timedelta(days=1)
    goodbye = row(9, "Goodbye", "09:00", "10:00", day=wednesday)
    old, new = version(ESTHER, goodbye, last=wednesday), version(ESTHER)

    days = marked_days([story.Day(TUESDAY, "", [ESTHER])], story.compare(old, new))

    assert [(day.day, day.is_gone) for day in days] == [(TUESDAY, False), (wednesday, True)]


# -- Reasons


def test_a_reason_is_what_the_guests_asked_and_what_we_say_of_it():
    sent = [Proposal(number=n, first_day=TUESDAY, last_day=TUESDAY, agenda=agenda) for n, agenda in (
        (1, [day_of("09:00", 1)]), (2, [day_of("09:15", 1)]), (3, [day_of("09:15", 1), day_of("10:30", 2)]),
    )]  # fmt: skip
    sent[1].reasons, sent[2].reasons = {"1": "The bus leaves at 08.40"}, {"2": "Our idea"}
    wish = HistoryEntry(what="change_wanted", at=at(TUESDAY, "12:00"), detail={"version": 1, "sessions": [1]})
    versions = story.Versions(sent, [wish])

    assert [one.why for one in versions.changes(sent[1], sent[0])] == ["You asked, 16 March: The bus leaves at 08.40"]
    assert [one.why for one in versions.changes(sent[2], sent[1])] == ["Our idea"]
    assert [one.why for one in versions.changes(sent[2], sent[0])] == [
        "You asked, 16 March: The bus leaves at 08.40", "Our idea",
    ]  # fmt: skip


def day_of(clock: str, key: int) -> dict[str, Any]:
    starts = at(TUESDAY, clock)
    session = {"id": key, "kind": "host", "title": f"Session {key}", "starts_at": starts.isoformat(),
               "ends_at": (starts + timedelta(minutes=30)).isoformat()}  # fmt: skip
    return {"day": TUESDAY.isoformat(), "sessions": [session]}


# -- Any two versions

MONDAYS = st.sampled_from([date(2027, 3, 1), date(2027, 3, 22), date(2027, 4, 5), date(2027, 10, 25)])


@st.composite
def versions(draw: st.DrawFn) -> Version:
    """A programme of up to three days whose sessions follow one another; some know their number."""
    first, days = draw(MONDAYS), draw(st.integers(1, 3))
    keys = draw(st.permutations(range(1, 13)))
    rows = []
    for number in range(days):
        hours = sorted(draw(st.sets(st.integers(7, 17), max_size=4)))
        for hour in hours:
            minutes = draw(st.sampled_from([15, 30, 45, 60]))
            starts = at(first + timedelta(days=number), f"{hour:02d}:00")
            rows.append(Row(
                kind=draw(st.sampled_from(["host", "guest", "break"])),
                title=draw(st.sampled_from(["Lunch", "Esther", "Story", "Walk"])),
                starts_at=starts, ends_at=starts + timedelta(minutes=minutes),
                place=draw(st.sampled_from(["", "Attic"])),
                key=keys[len(rows)] if draw(st.booleans()) else None,
            ))  # fmt: skip
    return Version(first, first + timedelta(days=days - 1), tuple(rows))


def applied(difference: Difference) -> tuple[Row, ...]:
    """The old version with the difference done to it."""
    by = (difference.new.first_day - difference.old.first_day).days
    left = [shifted(one, by) for one in difference.old.rows]
    for pair in difference.pairs:
        if pair.old is not None:
            left.remove(pair.old)
    return tuple(sorted([*left, *(pair.new for pair in difference.pairs if pair.new)], key=lambda one: one.starts_at))


@given(versions(), versions())
def test_the_difference_done_to_the_old_version_gives_the_new(old: Version, new: Version):
    assert applied(story.compare(old, new)) == new.rows


@given(versions())
def test_a_version_and_itself_differ_in_nothing(one: Version):
    assert story.compare(one, one).is_empty


@given(versions(), MONDAYS)
def test_a_version_on_other_days_differs_in_the_days_alone(one: Version, first: date):
    difference = story.compare(one, one.on_days_from(first))

    assert difference.pairs == ()
    assert difference.other_days == (first != one.first_day)


@given(versions(), versions())
def test_everything_that_is_different_has_words_and_a_row_on_the_page(old: Version, new: Version):
    difference = story.compare(old, new)
    days = sorted({one.starts_at.date() for one in new.rows})
    read = [story.Day(day, "", [one for one in new.rows if one.starts_at.date() == day]) for day in days]

    lines = [line for day in marked_days(read, difference) for line in day.lines]

    assert all(change.words for change in in_words(difference))
    assert len([line for line in lines if line.state != "same"]) == len(difference.pairs)
    assert len(lines) == len(new.rows) + sum(pair.new is None for pair in difference.pairs)


def test_a_snapshot_on_other_days_keeps_its_hours_over_a_change_of_summer_time():
    days = days_of_snapshot([day_of("09:00", 1)])

    found = moved(days, 14)

    assert [(day.day, one.starts_at) for day in found for one in day.sessions] == [
        (date(2027, 3, 30), at(date(2027, 3, 30), "09:00"))
    ]
