"""Days that guests cannot choose by themselves, in sentences: staff may still choose them, and read this first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from visits import almanac, rules, season, words
from visits.choices import ClosureKind
from visits.models import Closure


def closed_words(first: date, last: date, *, held: Collection[date] = ()) -> list[str]:
    """Why guests could not choose these days, the days off first; `held` have something in them. One query."""
    closures, limits = season.calendar_of(first, last)
    days = _days(first, last, held)
    why: dict[str, list[date]] = {}
    for day in days:
        for told in (*_closures_on(day, closures), *_closed_week(day, limits)):
            why.setdefault(told, []).append(day)
    return [*_days_off(days), *(_told(days, reason) for reason, days in why.items())]


def days_off_words(first: date, last: date) -> list[str]:
    """Weekends and public holidays of a visit from `first` to `last`; no query."""
    return _days_off(_days(first, last, ()))


def _days(first: date, last: date, held: Collection[date]) -> list[date]:
    """The days that a visit means: not a weekend that lies between its days with nothing in it."""
    every = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in every if rules.is_working_day(day) or day in (first, last) or day in held]


def _days_off(days: Sequence[date]) -> list[str]:
    told, weekend = [], []
    for day in days:
        holiday = almanac.public_holidays(day.year, get_language() or "en").get(day)
        if holiday:
            told.append(_("%(day)s is %(holiday)s.") % {"day": _begins(words.weekday(day)), "holiday": holiday})
        elif not rules.is_working_day(day):
            weekend.append(day)
    return [*told, *(_("%(day)s is a weekend.") % {"day": _begins(words.weekday(day))} for day in weekend)]


def _closures_on(day: date, closures: Iterable[Closure]) -> list[str]:
    shut = (closure for closure in closures if closure.kind == ClosureKind.CLOSED)
    return [season.closure_words(closure) for closure in shut if closure.first_day <= day <= closure.last_day]


def _closed_week(day: date, limits: season.Limits) -> list[str]:
    week = season.week_of(day)
    if limits.of(week) or not rules.is_working_day(day):
        return []
    return [limits.words(week) or _("Week %(week)d is closed") % {"week": week.number}]


def _told(days: Sequence[date], why: str) -> str:
    return f"{words.month_days(days[0], days[-1])}: {why.removesuffix('.')}."


def _begins(told: str) -> str:
    return told[:1].upper() + told[1:]
