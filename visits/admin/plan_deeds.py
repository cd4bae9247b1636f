"""What a way out of a conflict asks of us and of the guests, in sentences without their full stops."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

from visits import words
from visits.admin.plan_names import Names, clock, listed
from visits.admin.plan_ways import stands_then
from visits.optimum.conflicts import Fact, Kind
from visits.season_plan import Case, Reason, WayOut

SAID_ALREADY: Final = (Kind.WISH, Kind.SIZE)  # for the whole visit


def done(names: Names, way: WayOut, reason: Reason) -> str:
    """Each thing that is to be done, one after another."""
    several = [*_of_the_visit(names, way, reason), *_of_each(names, way, reason)]
    return "; ".join(dict.fromkeys(several))


def takes(facts: Iterable[Fact]) -> str:
    found = {fact.kind for fact in facts}
    kinds = found - {Kind.WISH} or found  # to ask for another day as well is no more than a word
    if Kind.ABLE in kinds:
        return _("Somebody learns it")
    if kinds == {Kind.SIZE}:
        return _("A smaller group")
    if Kind.WEEK in kinds:
        return _("A wider week")
    if len(kinds) > 1:
        return _("Several things")
    alone = {Kind.WISH: _("One question"), Kind.HOUR: _("Another hour"), Kind.SPOKEN: _("An interpreter")}
    return alone.get(next(iter(kinds)), _("One ask"))


def _of_the_visit(names: Names, way: WayOut, reason: Reason) -> Iterator[str]:
    """The day, where it is not the one on which the visit stands, and how many come."""
    case, kinds = names.drawn.cases[reason.number], {fact.kind for fact in way.changed}
    if Kind.WISH in kinds:
        yield _("Ask them to come on %(day)s") % {"day": words.short_day(way.day)}
    elif not (Kind.SIZE in kinds or case.is_firm or stands_then(way, reason, names.drawn)):
        yield _("They come on %(day)s") % {"day": words.short_day(way.day)}
    if Kind.SIZE in kinds:
        yield _smaller(names, way, case)


def _smaller(names: Names, way: WayOut, case: Case) -> str:
    """That fewer come, as many as there is room for."""
    chosen = zip(case.needs, case.smaller, way.resources, strict=False)
    halls = dict.fromkeys(hall for _need, smaller, hall in chosen if hall in smaller)
    most = min((names.seats_of(hall) for hall in halls), default=0)
    told = _("Ask them to be at most %(most)d on %(day)s, so that there is room in %(rooms)s")
    rooms = listed([names.resource(hall) for hall in halls])
    return told % {"most": most, "rooms": rooms, "day": words.short_day(way.day)}


def _of_each(names: Names, way: WayOut, reason: Reason) -> Iterator[str]:
    for fact in way.changed:
        if fact.kind not in SAID_ALREADY:
            about_a_need = fact.kind in (Kind.HOUR, Kind.SPOKEN, Kind.ABLE)
            yield _for_a_need(names, fact, way, reason) if about_a_need else _elsewhere(names, fact)


def _for_a_need(names: Names, fact: Fact, way: WayOut, reason: Reason) -> str:
    """What is done about one of their sessions: «Move “Esther” to 13.00», «Ask for an interpreter»."""
    need = names.drawn.cases[reason.number].needs[fact.number]
    who = names.resource(way.resources[fact.number]) if way.resources else _("Somebody")
    values = {"who": who, "title": need.called, "time": clock(way.starts or 0)}
    if fact.kind == Kind.HOUR:
        return _("Move “%(title)s” to %(time)s") % values
    if fact.kind == Kind.SPOKEN:
        return _("Ask for an interpreter, and %(who)s leads “%(title)s”") % values
    return _("%(who)s learns to lead “%(title)s”") % values


def _elsewhere(names: Names, fact: Fact) -> str:
    """What is done about a week, or about what somebody or a room has already."""
    if fact.kind == Kind.WEEK:
        house, number = names.week(fact.number)
        told = (
            _("%(site)s receives one visit more in week %(week)d") if house else _("Week %(week)d takes one visit more")
        )
        return told % {"site": house, "week": number}
    values = {"name": names.resource(fact.number)}
    if fact.kind == Kind.LEADS and fact.span and fact.task:
        values |= {"when": names.when(fact.span), "other": names.drawn.cases[fact.task.visit].called}
        if names.is_person(fact.number):
            return _("Somebody else than %(name)s leads the session of %(other)s, %(when)s") % values
        return _("%(other)s has another room than %(name)s, %(when)s") % values
    if fact.kind == Kind.BUSY and fact.span:
        return _("What %(name)s has on %(when)s is moved") % (values | {"when": names.when(fact.span)})
    return _more(names, fact) % values


def _more(names: Names, fact: Fact) -> str:
    """That somebody does more than they take; with %(name)s to be filled in."""
    kept = {"name": "%(name)s"}
    if fact.kind == Kind.DAY:
        told = _("%(name)s leads one session more on %(day)s than one does in a day")
        return told % (kept | {"day": words.short_day(names.drawn.day(fact.day))})
    if fact.kind == Kind.MONTH:
        told = _("%(name)s meets guests once more in %(month)s than they wish")
        return told % (kept | {"month": MONTHS[names.drawn.day(fact.day).month]})
    return _("%(name)s leads one session more than they take")
