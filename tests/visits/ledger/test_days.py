"""On which days both sides are asked: calendar months, and steps that never come twice."""

from datetime import date

import pytest

from visits import ladder, rules
from visits.choices import Anchor, RequestState


@pytest.mark.parametrize(
    ("last_day", "months", "due_on"),
    [
        (date(2027, 3, 16), 3, date(2027, 6, 16)),
        (date(2027, 3, 16), 12, date(2028, 3, 16)),
        (date(2027, 3, 31), 3, date(2027, 6, 30)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 31), 6, date(2027, 6, 30)),
    ],
)
def test_a_follow_up_comes_so_many_calendar_months_after_the_visit(last_day, months, due_on):
    assert rules.follow_up_day(last_day, months) == due_on


def step(anchor: Anchor, days_since: int, ends: int) -> int | None:
    """Which mail fits so many days after, as the repository says."""
    come = ladder.standing().come(anchor, days_since=days_since, state=RequestState.COMPLETED, ends=ends)
    return int(come.in_key) if come else None


@pytest.mark.django_db
@pytest.mark.parametrize("anchor", [Anchor.LOOK_BACK, Anchor.LOOK_BACK_OURS])
def test_to_look_back_is_asked_the_day_after_then_after_a_week_and_after_two(anchor):
    steps = [step(anchor, days, rules.LOOK_BACK_ASKED_FOR) for days in range(35)]

    assert steps == [None, *[1] * 6, *[7] * 7, *[14] * 16, *[None] * 5]


@pytest.mark.django_db
@pytest.mark.parametrize("anchor", [Anchor.FOLLOW_UP, Anchor.FOLLOW_UP_OURS])
def test_a_follow_up_is_asked_on_its_day_then_after_one_week_and_after_three_until_sixty_days(anchor):
    steps = [step(anchor, days, rules.FOLLOW_UP_LAPSES) for days in range(-2, 62)]

    assert steps == [None, None, *[0] * 7, *[7] * 14, *[21] * 39, None, None]


def test_a_follow_up_is_waited_for_sixty_days_the_first_of_them_its_own():
    due_on = date(2027, 6, 16)

    assert (rules.last_answer_day(due_on) - due_on).days == 59
