"""Open means that staff can plan it; not this time means that nobody can. On calendars that are drawn by chance."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from tests.visits.feasibility import by_hand
from tests.visits.feasibility.by_hand import Booked, Calendar
from visits.feasibility import grid
from visits.feasibility.answering import Answering
from visits.feasibility.house import Group, Hall, House, Item, Person, Season, Stretch
from visits.feasibility.outlook import Outlook
from visits.feasibility.verdicts import Cause, Fit
from visits.feasibility.ways import WayKind
from visits.season import week_of

MONDAY = date(2027, 3, 15)
DAYS = [MONDAY + timedelta(days=n) for n in range(16)]
AREAS = (1, 2, 3)
spoken = st.sampled_from([frozenset({"en", "sv"})] * 3 + [frozenset({"sv"}), frozenset({"en"}), frozenset({"ar"})])
known = st.sampled_from([frozenset(AREAS)] * 2 + [frozenset({1, 2}), frozenset({2, 3}), frozenset({3}), frozenset()])
stretches = st.tuples(st.sampled_from(DAYS), st.integers(0, 3)).map(lambda d: Stretch(d[0], d[0] + timedelta(d[1])))
rarely_a_stretch = st.integers(0, 7).flatmap(lambda n: st.just([]) if n else stretches.map(lambda one: [one]))


@st.composite
def bookings(draw: st.DrawFn, keys: list[int]) -> tuple[Booked, ...]:
    """Time that is gone: whole days for some, odd minutes for others."""
    if not keys:
        return ()
    whole = st.tuples(st.sampled_from(keys), st.sampled_from(DAYS[:3]), st.just(0), st.just(24 * 60))
    odd = st.tuples(
        st.sampled_from(keys), st.sampled_from(DAYS[:3]), st.integers(8 * 60, 16 * 60), st.integers(5, 420)
    ).map(lambda b: (b[0], b[1], b[2], b[2] + b[3]))
    return tuple(Booked(*row) for row in draw(st.lists(whole | odd, max_size=20)))


def taken(booked: tuple[Booked, ...]) -> dict[date, dict[int, int]]:
    found: dict[date, dict[int, int]] = {}
    for one in booked:
        of_day = found.setdefault(one.day, {})
        of_day[one.key] = of_day.get(one.key, 0) | grid.touched(one.begins, one.ends)
    return found


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    people = draw(
        st.dictionaries(
            st.integers(1, 5),
            st.builds(Person, known, spoken),
            min_size=draw(st.sampled_from([0, 2, 2, 3])),
            max_size=5,
        )
    )
    halls = st.builds(
        Hall, st.integers(4, 25), st.sampled_from([True, True, False]), st.sampled_from(["Qulturum"] * 2 + ["Ryhov"])
    )
    rooms = draw(st.dictionaries(st.integers(1, 4), halls, max_size=4))
    people_booked, rooms_booked = draw(bookings(sorted(people))), draw(bookings(sorted(rooms)))
    season = Season(
        earliest=MONDAY,
        latest=DAYS[-1],
        capacity=3,
        loads=draw(st.dictionaries(st.just(week_of(MONDAY)), st.sampled_from([0, 1, 1, 2, 3]), max_size=1)),
        closed=dict.fromkeys(draw(st.lists(st.sampled_from(DAYS), max_size=2)), "closed"),
        festivals=draw(rarely_a_stretch),
        quiet=draw(rarely_a_stretch),
    )
    house = House(people, rooms, taken(people_booked), taken(rooms_booked))
    return Calendar(house, season, people_booked, rooms_booked)


@st.composite
def lists(draw: st.DrawFn) -> tuple[Item, ...]:
    one = st.fixed_dictionaries(
        {
            "area": st.sampled_from(AREAS),
            "minutes": st.sampled_from([30, 45, 60, 90, 120, 200]),
            "takes": st.sampled_from([None, None, None, 4, 8]),
            "pauses": rarely_a_stretch.map(tuple),
        }
    )
    drawn: list[dict[str, Any]] = draw(st.lists(one, min_size=1, max_size=3))
    return tuple(Item(key=f"item:{n}", name=f"Item {n}", **fields) for n, fields in enumerate(drawn))


groups = st.builds(
    Group,
    size=st.integers(1, 14),
    languages=st.sampled_from([frozenset({"en"}), frozenset({"sv"}), frozenset({"en", "sv"})]),
    days=st.just(1),
    step_free=st.sampled_from([False, False, True]),
) | st.builds(
    Group,
    size=st.integers(3, 30),
    languages=st.just(frozenset({"en", "sv"})),
    days=st.integers(1, 2),
    half=st.just(False),
)
halves = st.builds(Group, size=st.integers(1, 12), languages=st.just(frozenset({"en"})), half=st.just(True))
CALENDAR_ALONE = {Cause.FESTIVAL, Cause.FEW_OF_US, Cause.WEEK_FULL, Cause.UNKNOWN}


@settings(max_examples=200, deadline=None)
@given(calendars(), lists(), groups | halves, st.sampled_from(DAYS[:5]))
def test_open_means_that_it_can_be_planned_and_no_means_that_it_cannot(calendar, items, group, first):
    answering = Answering(calendar.house, calendar.season, items, group)

    verdict = answering.verdict(first)

    event(f"{verdict.fit} {verdict.cause and verdict.cause.value}")
    whole = by_hand.exists(calendar, items, group, first)
    in_two_rooms = whole or by_hand.exists(calendar, items, group, first, two_rooms=True)
    if verdict.fit is Fit.OPEN:
        assert whole
        assert by_hand.faults(calendar, answering.plan(first), items, group, first) == []
    if in_two_rooms:
        assert verdict.fit is not Fit.NO
        assert verdict.cause is not Cause.TAKEN
    if verdict.cause is Cause.SEVERAL:
        assert len(verdict.conditions) > 1 or not in_two_rooms
    if verdict.fit is Fit.BUSY and in_two_rooms and verdict.cause not in CALENDAR_ALONE:
        assert len(verdict.conditions) > 1


@settings(max_examples=150, deadline=None)
@given(calendars(), lists(), groups | halves, st.sampled_from(DAYS[:5]))
def test_a_tight_day_can_be_planned_with_the_one_condition_that_it_names(calendar, items, group, first):
    answering = Answering(calendar.house, calendar.season, items, group)

    verdict = answering.verdict(first)

    if verdict.fit is not Fit.TIGHT:
        return
    event(str(verdict.cause))
    assert verdict.conditions == (verdict.cause,)
    kept = tuple(item for item in items if verdict.cause is not Cause.CHOOSE or item not in verdict.about)
    assert kept
    plan = answering.plan(first)
    assert by_hand.faults(calendar, plan, kept, group, first) == []
    in_turns = any(item.takes and item.takes < group.size for item in kept)
    assert (verdict.cause is Cause.TURNS) is in_turns
    assert (verdict.cause is Cause.TWO_ROOMS) is any(len(session.rooms) == 2 for session in plan)
    if verdict.cause in (Cause.MORNING, Cause.AFTERNOON):
        other = by_hand.AFTERNOON if verdict.cause is Cause.MORNING else by_hand.MORNING
        assert not by_hand.exists_within(calendar, items, group, first, (other,))


@settings(max_examples=50, deadline=None)
@given(calendars(), lists(), groups | halves, st.sampled_from(DAYS))
def test_the_same_question_has_the_same_answer(calendar, items, group, first):
    once, again = (Answering(calendar.house, calendar.season, items, group) for _n in range(2))

    assert once.verdict(first) == again.verdict(first)
    assert once.plan(first) == again.plan(first)


@settings(max_examples=150, deadline=None)
@given(calendars(), lists(), groups | halves)
def test_every_no_has_a_reason_in_words_and_a_way_on(calendar, items, group):
    answering = Answering(calendar.house, calendar.season, items, group)
    found = Outlook(answering, MONDAY - timedelta(days=7), DAYS[-1] + timedelta(days=7))

    for day in found.days:
        verdict, ways = found.verdict(day), found.ways(day)

        event(f"{verdict.cause and verdict.cause.value}: {ways[0].kind if ways else 'nothing'}")
        if verdict.fit in (Fit.NO, Fit.BUSY):
            assert found.words(day)
            assert ways
        chosen = [way.first_day for way in ways if way.kind is WayKind.OTHER_DAY and way.first_day]
        assert all(found.can_be_planned(other) for other in chosen)
