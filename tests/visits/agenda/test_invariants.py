"""Whatever is pressed in whatever order: what an agenda promises holds after every press."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import combinations
from random import Random
from typing import Any

import pytest

from tests.factories import CoordinatorFactory, RoomFactory, SessionFactory, VisitFactory, VisitRequestFactory
from visits import planning, rules, scheduling, words
from visits.choices import SessionKind
from visits.models import Booking, Session, User, Visit, VisitRequest
from visits.planning import Press, Wanted

pytestmark = pytest.mark.django_db
STEPS = 25
ROWS = (Press.EARLIER, Press.LATER, Press.SPLIT, Press.COPY, Press.GROUPS, Press.TOGETHER, Press.REMOVE)


@pytest.mark.parametrize("seed", range(8))
def test_no_order_of_presses_puts_anybody_or_anything_in_two_places(seed: int) -> None:
    chance, by = Random(seed), CoordinatorFactory()
    visit = two_days(chance)
    done = Counter[str]()

    for _step in range(STEPS):
        before = rows_of(visit)
        wanted = anything(visit, before, chance)
        try:
            press(visit, wanted, by)
        except (planning.PlanRefused, scheduling.Clash):
            assert rows_of(visit) == before
            done["refused"] += 1
        else:
            keeps_its_minutes(wanted, before, rows_of(visit))
            done[wanted.press] += 1
        keeps_its_promises(visit)

    assert len(done) > 3


def two_days(chance: Random) -> Visit:
    case = VisitRequestFactory(state="in_review", group_size=7)
    visit = VisitFactory(request=case, last_day=case.first_wished_day + timedelta(days=1))
    rooms = [RoomFactory() for _room in range(2)]
    for hour in (9, 10, 12, 13):
        kind = SessionKind.BREAK if hour == 12 else SessionKind.HOST
        scheduling.book_room(SessionFactory(visit=visit, hour=hour, kind=kind, room=chance.choice(rooms)))
    return visit


def anything(visit: Visit, rows: list[dict[str, Any]], chance: Random) -> Wanted:
    """A press that the page could send: a button of a row, times typed in some, or a whole day again."""
    if not rows or chance.random() < 0.1:
        return Wanted(Press.COPY_DAY, from_day=chance.choice(visit.days), day=chance.choice(visit.days))
    chosen = chance.choice(rows)
    if chance.random() < 0.3:
        starts = chosen["starts_at"] + timedelta(minutes=chance.choice((-90, -15, 15, 60, 400)))
        times = {chosen["pk"]: (starts, starts + timedelta(minutes=chance.choice((5, 30, 75))))}
        return Wanted(Press.SAVE, times=times, rest_follows=chance.random() < 0.5)
    return Wanted(chance.choice(ROWS), session=chosen["pk"], day=chance.choice(visit.days))


def press(visit: Visit, wanted: Wanted, by: User) -> None:
    case = VisitRequest.objects.select_related("visit").get(pk=visit.request_id)
    planning.rewrite(case, wanted, by=by, seen=case.version)


def rows_of(visit: Visit) -> list[dict[str, Any]]:
    return list(visit.sessions.order_by("pk").values("pk", "starts_at", "ends_at", "group", "room"))


def keeps_its_minutes(wanted: Wanted, before: list[dict[str, Any]], after: list[dict[str, Any]]) -> None:
    if wanted.press in (Press.EARLIER, Press.LATER):
        assert {row["pk"]: row["ends_at"] - row["starts_at"] for row in before} == {
            row["pk"]: row["ends_at"] - row["starts_at"] for row in after
        }
    if wanted.press == Press.SPLIT:
        assert sum_of(before) == sum_of(after)
        assert len(after) == len(before) + 1


def sum_of(rows: list[dict[str, Any]]) -> timedelta:
    return sum((row["ends_at"] - row["starts_at"] for row in rows), timedelta())


def keeps_its_promises(visit: Visit) -> None:
    sessions = list(Session.objects.filter(visit=visit))
    assert all(visit.first_day <= words.local_date(row.starts_at) <= visit.last_day for row in sessions)
    assert all(row.starts_at < row.ends_at <= rules.end_of(words.local_date(row.starts_at)) for row in sessions)
    for one, other in combinations(sessions, 2):
        at_once = one.starts_at < other.ends_at and other.starts_at < one.ends_at
        assert not at_once or (one.group != other.group and "" not in (one.group, other.group))
        assert not at_once or one.room_id is None or one.room_id != other.room_id
    held = {(row.session_id, row.room_id, row.starts_at, row.ends_at) for row in Booking.objects.all()}
    assert held == {(row.pk, row.room_id, row.starts_at, row.ends_at) for row in sessions if row.room_id}
