"""Sums up an outlook: what each month answers, and which stretches of days answer alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby

from django.utils.dates import MONTHS
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import words
from visits.feasibility import telling
from visits.feasibility.outlook import Outlook
from visits.feasibility.verdicts import BEST_FIRST, Cause, Fit, Verdict
from visits.feasibility.ways import Way

MOST_RUNS = 4
NOT_TOLD = (Cause.TOO_SOON, Cause.TOO_FAR)


@dataclass(frozen=True)
class MonthAnswer:
    """What a month answers: the best of its days, and which weeks these are in."""

    first: date
    fit: Fit
    words: str
    ways: list[Way] = field(default_factory=list)


@dataclass(frozen=True)
class Spell:
    """Days that are not open for the same reason."""

    days: str
    fit: Fit
    words: str
    ways: list[Way]


def month_answer(outlook: Outlook, first: date) -> MonthAnswer:
    """What the month answers that begins on `first`; its days lie in the outlook."""
    verdicts = [outlook.verdict(day) for day in outlook.days if (day.year, day.month) == (first.year, first.month)]
    told = [verdict for verdict in verdicts if verdict.cause not in NOT_TOLD] or verdicts
    fit = min((verdict.fit for verdict in told), key=BEST_FIRST.index)
    best = [verdict for verdict in told if verdict.fit is fit]
    usual = _most_usual(best)
    if fit is Fit.NO:
        return MonthAnswer(first, fit, outlook.words(usual.day), outlook.ways(usual.day)[:2])
    told_words = [_month_words(outlook, fit, best, usual)]
    rest = [verdict for verdict in told if verdict.fit is not fit]
    if len(rest) > 2 * len(best):
        why = outlook.words(_most_usual(rest).day)
        told_words.append(_("Most of the other days: %(why)s") % {"why": why})
    return MonthAnswer(first, fit, " ".join(told_words))


def _most_usual(verdicts: Sequence[Verdict]) -> Verdict:
    """One that has the reason which most of them have; the first of equals."""
    counted = Counter(verdict.reason for verdict in verdicts)
    return max(verdicts, key=lambda verdict: counted[verdict.reason])


def _month_words(outlook: Outlook, fit: Fit, best: Sequence[Verdict], usual: Verdict) -> str:
    numbers = list(dict.fromkeys(words.week(verdict.day) for verdict in best if verdict.reason == usual.reason))
    weeks = {"weeks": telling.in_a_row(numbers)}
    if fit is Fit.OPEN and outlook.answering.is_about_something:
        told = ngettext(
            "Week %(weeks)s has room for everything on your list.",
            "Weeks %(weeks)s have room for everything on your list.",
            len(numbers),
        )
        return told % weeks
    if fit is Fit.OPEN:
        return ngettext("Week %(weeks)s has room for you.", "Weeks %(weeks)s have room for you.", len(numbers)) % weeks
    why = outlook.words(usual.day)
    if fit is Fit.TIGHT:
        told = ngettext("Week %(weeks)s works.", "Weeks %(weeks)s work.", len(numbers)) % weeks
        return f"{told} {why}"
    return f"{why} {_('You can ask, and we may suggest another date.')}"


def spells(outlook: Outlook, first: date, last: date) -> list[Spell]:
    """Why days from `first` to `last` are not open, each reason once, in order of time."""
    told: dict[tuple[object, ...], list[date]] = {}
    for day in (day for day in outlook.days if first <= day <= last):
        verdict = outlook.verdict(day)
        if verdict.fit is not Fit.OPEN and verdict.cause not in NOT_TOLD:
            told.setdefault(verdict.reason, []).append(day)
    return [_spell(outlook, days) for days in told.values()]


def _spell(outlook: Outlook, days: list[date]) -> Spell:
    # The way on leads away from the middle of them.
    middle = days[len(days) // 2]
    verdict = outlook.verdict(days[0])
    return Spell(_days(_runs(days)), verdict.fit, outlook.words(days[0]), outlook.ways(middle))


def _runs(days: list[date]) -> list[tuple[date, date]]:
    """Neighbouring days, weekends between them left out, as first and last."""
    working = enumerate(days)
    grouped = groupby(working, key=lambda pair: _working_number(pair[1]) - pair[0])
    runs = [[day for _n, day in run] for _gap, run in grouped]
    return [(run[0], run[-1]) for run in runs]


def _working_number(day: date) -> int:
    weeks, weekday = divmod(day.toordinal() - 1, 7)
    return weeks * 5 + weekday


def _days(runs: list[tuple[date, date]]) -> str:
    whole = [run for run in runs if run[0].weekday() == 0 and run[1].weekday() == 4]
    if whole == runs:
        numbers = [words.week(first + timedelta(weeks=n)) for first, last in runs for n in range(_weeks(first, last))]
        return ngettext("Week %(weeks)s", "Weeks %(weeks)s", len(numbers)) % {"weeks": telling.in_a_row(numbers)}
    told = [words.month_days(first, last) for first, last in runs[:MOST_RUNS]]
    more = len(runs) - MOST_RUNS
    if more > 0:
        told.append(ngettext("%(count)d time more", "%(count)d times more", more) % {"count": more})
    return telling.listed(told)


def _weeks(first: date, last: date) -> int:
    return (last - first).days // 7 + 1


def headline(answers: Sequence[MonthAnswer]) -> str:
    """«March and April fit you best», or what to do when no month is open or tight."""
    good = [answer for answer in answers if answer.fit in (Fit.OPEN, Fit.TIGHT)]
    if not good:
        may_ask = any(answer.fit is Fit.BUSY for answer in answers)
        return _("These months are busy, but you can ask") if may_ask else _("Not as it stands, but there are ways on")
    fit = min((answer.fit for answer in good), key=BEST_FIRST.index)
    best = [str(MONTHS[answer.first.month]) for answer in good if answer.fit is fit]
    if len(best) == len(answers) > 2:
        return _("All these months fit you") if fit is Fit.OPEN else _("All these months work, with one condition")
    told = ngettext("%(months)s fits you best", "%(months)s fit you best", len(best))
    return capfirst(told % {"months": telling.listed(best)})
