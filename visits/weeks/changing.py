"""Opening, closing or capping a week: one deed, told to those whom it touches in their history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import history, scheduling, season
from visits.models import User, VisitRequest, WeekPlan
from visits.season import Week
from visits.weeks.places import hold
from visits.weeks.touched import Group, Touched, touched_by

OVERRULE: Final = "visits.overrule"


class WeekRefused(Exception):
    """The week is not changed; its text says why and what to do."""


class WeekOvertaken(WeekRefused):
    """A colleague has changed the week since it was read."""


class WeekTouched(WeekRefused):
    """What the change touches has not been read as it is now: it is shown before anything is done."""


@dataclass(frozen=True)
class Wish:
    """What somebody wants a week to be. `capacity` None is what every week takes, 0 is closed."""

    capacity: int | None
    words_en: str = ""
    words_sv: str = ""
    because: str = ""  # a manager's reason for going below what is confirmed


def wanted(touched: list[Touched], drafts: int) -> str:
    """What was read about those who are touched, in a word: another one when anything has changed, none for nobody."""
    return "-".join([*(one.key for one in touched), *([f"d{drafts}"] if drafts else [])])


@scheduling.retry_deadlocks
@transaction.atomic
def change_week(week: Week, wish: Wish, *, by: User, seen: int, read: str) -> list[Touched]:
    """Open, close or cap a week, and note it in the history of every request that it touches.

    Returns those requests. `seen` is the version of the week on the screen, `read` what `wanted`
    said there. Raises WeekOvertaken when a colleague was faster, WeekRefused when it would take fewer
    than are settled, unless a manager says why, and WeekTouched when others are touched than were read.
    """
    _lock_cases(week)
    plan = hold([week])[0]
    _refuse_if_overtaken(plan, week, seen)
    touched, drafts = touched_by(week)
    _refuse_below_settled(week, wish, touched, by)
    if _takes_less(plan, wish) and read != wanted(touched, drafts):
        raise WeekTouched(_("Read what this touches, then save."))
    _write(plan, wish, by, _is_below(wish, touched))
    for one in touched:
        history.record(one.case, "week_changed", by=by, week=week.number, year=week.year, takes=_takes(wish.capacity))
    return touched


def _lock_cases(week: Week) -> None:
    """The cases first and then the week, as every deed that takes a place does."""
    cases = [one.case.pk for one in touched_by(week)[0]]
    list(VisitRequest.objects.select_for_update(of=("self",)).filter(pk__in=cases).order_by("pk").only("pk"))


def _refuse_if_overtaken(plan: WeekPlan, week: Week, seen: int) -> None:
    if plan.version == seen:
        return
    told = _("%(who)s was faster: week %(week)d has been changed. Nothing of yours was done. Look at it as it is now.")
    raise WeekOvertaken(told % {"who": plan.changed_by or _("Somebody else"), "week": week.number})


def settled(touched: list[Touched]) -> int:
    """How many visits a week has that guests have said yes to."""
    return sum(one.group is Group.SETTLED for one in touched)


def _is_below(wish: Wish, touched: list[Touched]) -> bool:
    return _takes(wish.capacity) < settled(touched)


def _refuse_below_settled(week: Week, wish: Wish, touched: list[Touched], by: User) -> None:
    if not _is_below(wish, touched) or (wish.because and by.has_perm(OVERRULE)):
        return
    count = settled(touched)
    told = ngettext(
        "Week %(week)d has %(count)d visit that the guests have said yes to. It cannot take fewer.",
        "Week %(week)d has %(count)d visits that the guests have said yes to. It cannot take fewer.",
        count,
    ) % {"week": week.number, "count": count}
    way_on = _("Write why, below.") if by.has_perm(OVERRULE) else _("A manager may, with a reason.")
    raise WeekRefused(f"{told} {way_on}")


def _takes_less(plan: WeekPlan, wish: Wish) -> bool:
    return _takes(wish.capacity) < _takes(plan.capacity)


def _takes(capacity: int | None) -> int:
    return season.capacity() if capacity is None else capacity


def _write(plan: WeekPlan, wish: Wish, by: User, is_below: bool) -> None:
    plan.capacity, plan.words_en, plan.words_sv = wish.capacity, wish.words_en, wish.words_sv
    plan.overruled_because = wish.because if is_below else ""
    plan.version += 1
    plan.changed_at, plan.changed_by = timezone.now(), by
    plan.save(
        update_fields=[
            "capacity", "words_en", "words_sv", "overruled_because", "version", "changed_at", "changed_by",
        ]
    )  # fmt: skip
