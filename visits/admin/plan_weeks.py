"""A plan week by week: what stands, what keeps its days, what changes, and the room that is left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from visits import season, words
from visits.admin import plan_names, plan_words
from visits.admin.queue.line import short_range
from visits.season_plan import Case, Change, Drawn, Found
from visits.season_plan.drawn import Standing


@dataclass(frozen=True)
class Slot:
    """One visit in a week of a plan, as drawn: firm, as before, changed, or the room that is left."""

    css: str
    name: str = ""
    line: str = ""
    url: str = ""


def weeks(drawn: Drawn, found: Found, changes: list[Change]) -> list[tuple[season.Week, str, list[Slot]]]:
    """The weeks in which anybody comes, with the room that is left in them."""
    numbers = {week: n for n, week in enumerate(season.weeks_between(drawn.origin, drawn.last))}
    slots: dict[season.Week, list[tuple[date, Slot]]] = defaultdict(list)
    for week, day, slot in (*_planned(drawn, found, changes), *_standing(drawn, found)):
        if week in numbers:
            slots[week].append((day, slot))
    placed = [drawn.facts.visits[number].places[settled.place].weeks for number, settled in found.plan.items()]
    rows = []
    for week in sorted(slots):
        # By their days alone: what begins on one day stays in the order in which it was planned.
        there = [slot for _day, slot in sorted(slots[week], key=lambda pair: pair[0])]
        left = drawn.facts.weeks[numbers[week]] - sum(numbers[week] in some for some in placed)
        days = short_range(week.monday, week.workdays[-1])
        rows.append((week, days, [*there, *([Slot("free")] * max(left, 0))]))
    return rows


def _planned(drawn: Drawn, found: Found, changes: list[Change]) -> Iterator[tuple[season.Week, date, Slot]]:
    """What the plan gives a place, and what has its day already whether somebody was found for it or not."""
    changed = {one.number: one for one in changes}
    told = {one.request for one in drawn.standing if one.is_firm}
    for number, case in enumerate(drawn.cases):
        settled = found.plan.get(number)
        is_told = case.gathering is None and case.request in told
        if is_told or not (settled or case.is_firm):
            continue
        day = case.first_day(settled.place if settled else 0)
        yield season.week_of(day), day, _slot(case, day, changed.get(number))


def _standing(drawn: Drawn, found: Found) -> Iterator[tuple[season.Week, date, Slot]]:
    """What takes a place already, in every week that it touches.

    Days that are held for somebody to whom the plan gives a place in the same week are that place.
    """
    placed = {
        (season.week_of(case.first_day(settled.place)), case.request)
        for number, settled in found.plan.items()
        for case in (drawn.cases[number],)
        if not case.is_firm
    }
    for one in drawn.standing:
        first, last = one.days
        for week in season.weeks_between(first, last):
            if (week, one.request) not in placed:
                yield week, first, _held(one)


def _held(one: Standing) -> Slot:
    days = short_range(*one.days)
    told = _("%(days)s, days that stand") if one.is_firm else _("%(days)s, kept until they answer")
    return Slot("firm" if one.is_firm else "plan", one.name, told % {"days": days}, plan_words.page_at(one.request))


def _slot(case: Case, day: date, change: Change | None) -> Slot:
    days = plan_names.short_days(case, day)
    if case.is_firm:
        return Slot("firm", case.called, _("%(days)s, days that stand") % {"days": days}, plan_words.page_of(case))
    if change is None:
        return Slot("plan", case.called, _("%(days)s, as before") % {"days": days}, plan_words.page_of(case))
    if change.is_moved and change.was:
        was = _("%(days)s, was %(was)s") % {"days": days, "was": words.short_day(change.was)}
        return Slot("new", case.called, was, plan_words.page_of(case))
    told = _("%(days)s, new place") if change.is_new else _("%(days)s, other people or rooms")
    return Slot("new", case.called, told % {"days": days}, plan_words.page_of(case))
