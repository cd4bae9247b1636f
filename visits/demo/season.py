"""Sixty-two requests over a year, the same ones for the same day, in every state."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Final

from django.db import transaction
from django.utils import timezone

from visits import roles, rules
from visits.choices import ClosureKind
from visits.choices import RequestState as S
from visits.demo import around, asked, days, staff
from visits.demo.agenda import Planner
from visits.demo.case import Case, add_case
from visits.demo.limits import add_limits
from visits.demo.memory import add_memory
from visits.demo.noticed import add_noticed
from visits.models import Closure, User, VisitRequest

SEED: Final = 1997
# How many requests stand in each state, and between which days (counted from today) their
# visits are wished for or held.
SHAPE: Final[tuple[tuple[S, int, int, int], ...]] = (
    (S.COMPLETED, 11, -190, -12),
    (S.CONFIRMED, 9, 3, 80),
    (S.AGREED, 4, 40, 110),
    (S.PROPOSED, 5, 70, 150),
    (S.IN_REVIEW, 6, 95, 200),
    (S.INFO_REQUESTED, 4, 95, 210),
    (S.WAITLISTED, 3, 110, 240),
    (S.SUBMITTED, 7, 95, 260),
    (S.DECLINED, 4, 20, 120),
    (S.WITHDRAWN, 3, 30, 150),
    (S.CANCELLED, 2, 10, 60),
    (S.EXPIRED, 2, 20, 90),
    (S.UNVERIFIED, 1, 120, 150),
    (S.DRAFT, 1, 130, 160),
)


def exists() -> bool:
    return VisitRequest.objects.filter(is_demo=True).exists()


@transaction.atomic
def seed() -> int:
    """Fill an empty database with the made-up season as it stands today; return how many requests it holds.

    A second call changes nothing and returns 0. The catalogue and the roles are loaded first.
    """
    if exists():
        return 0
    roles.load()
    today = timezone.localdate()
    chance = Random(SEED)  # noqa: S311  nothing secret: the same season every time
    desk, facilitators = staff.add_people()
    _add_closures(today)
    add_limits(today)
    planner = Planner(facilitators, staff.add_rooms(), asked_by=desk[0])
    cases = _cases(today, chance, desk[:2])
    for case in sorted(cases, key=lambda case: case.asked_on):
        add_case(case, planner)
    planner.add_time_away(today, chance)
    around.add(today, by=desk[0])
    add_memory(today, desk[:2])
    asked.add_asked()
    asked.add_written()
    add_noticed(timezone.now(), manager=desk[-1])
    return len(cases)


def _cases(today: date, chance: Random, coordinators: list[User]) -> list[Case]:
    cases: list[Case] = []
    for state, count, earliest, latest in SHAPE:
        for nth in range(count):
            offset = earliest + (latest - earliest) * nth // max(count - 1, 1)
            length = chance.choice((1, 2, 2, 3))
            first_day = days.first_of(today + timedelta(days=offset), length, back=state == S.COMPLETED)
            cases.append(
                Case(
                    number=len(cases),
                    state=state,
                    today=today,
                    first_day=first_day,
                    asked_on=_asked_on(first_day, today, state, chance),
                    group_size=chance.choice((4, 5, 6, 8, 9, 10, 12, 15)),
                    days=length,
                    coordinator=coordinators[len(cases) % len(coordinators)],
                    minute=chance.randrange(0, 480),
                )
            )
    return cases


def _asked_on(first_day: date, today: date, state: S, chance: Random) -> date:
    """A day that keeps the three months, and lies as far back as the state needs."""
    back = {S.SUBMITTED: 6, S.UNVERIFIED: 2, S.DRAFT: 3}.get(state)
    if state == S.INFO_REQUESTED:  # what we ask them is our first answer, and comes within the week
        return today - timedelta(days=chance.randrange(3, 6))
    if back is not None:
        return today - timedelta(days=chance.randrange(0, back))
    asked = first_day - timedelta(days=chance.randrange(100, 170))
    newest = today - timedelta(days=24)  # long enough ago for our first answer, theirs, and a proposal
    while not rules.in_time([first_day], asked_on=min(asked, newest)):
        asked = min(asked, newest) - rules.DAY
    return min(asked, newest)


def _add_closures(today: date) -> None:
    """Festival, school holiday and the summer, in the next two years; the days are made up."""
    for year in (today.year, today.year + 1):
        for kind, week, length, english, swedish in days.CLOSURES:
            _closure(kind, date.fromisocalendar(year, week, 1), length, english, swedish)


def _closure(kind: ClosureKind, first: date, length: int, english: str, swedish: str) -> None:
    Closure.objects.create(
        kind=kind,
        first_day=first,
        last_day=first + timedelta(days=length),
        words_en=english,
        words_sv=swedish,
        is_demo=True,
    )
