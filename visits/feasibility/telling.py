"""Says a verdict in words for guests. Nobody is named, and why somebody’s time is taken is not known here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.dates import MONTHS
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import words
from visits.feasibility.answering import Answering
from visits.feasibility.house import Item
from visits.feasibility.verdicts import Cause, Fit, Verdict

C = Cause


def fit_word(fit: Fit) -> str:
    """«Open», «Tight», «Busy», «Not this time»."""
    return {
        Fit.OPEN: _("Open"),
        Fit.TIGHT: _("Tight"),
        Fit.BUSY: _("Busy"),
        Fit.NO: _("Not this time"),
    }[fit]


def reason(verdict: Verdict, answering: Answering) -> str:
    """Why a day is not open, in a sentence or two; nothing for an open one."""
    if verdict.cause is None:
        return ""
    if verdict.cause in (C.PAUSED, C.FESTIVAL, C.FEW_OF_US) and verdict.told:
        return verdict.told
    by_cause = {
        C.TOO_SOON: _too_soon,
        C.TOO_FAR: _too_far,
        C.CLOSED: _closed,
        C.NOBODY_LEADS: _nobody_leads,
        C.TOO_LARGE: _too_large,
        C.TAKEN: _taken,
        C.SEVERAL: _several,
        C.TURNS: _turns,
        C.SHORTER: _shorter,
    }
    if verdict.cause in by_cause:
        return by_cause[verdict.cause](verdict, answering)
    return _plain(verdict.cause)


def listed(names: Sequence[str]) -> str:
    """«Esther», «Esther and process mapping», «weeks 10, 11 and 14»."""
    if len(names) < 2:
        return "".join(names)
    return _("%(others)s and %(last)s") % {"others": ", ".join(names[:-1]), "last": names[-1]}


def names(items: Iterable[Item]) -> str:
    return listed([item.name for item in items])


def _plain(cause: Cause) -> str:
    return {
        C.PAUSED: _("Something on your list takes no guests then."),
        C.FESTIVAL: _("The Microsystem Festival takes the rooms and the people."),
        C.FEW_OF_US: _("We are few that week."),
        C.WEEK_FULL: _("The week is full."),
        C.UNKNOWN: _("We look for people and rooms when we have read what you ask for."),
        C.TWO_ROOMS: _("We would meet in two smaller rooms side by side."),
        C.MORNING: _("It works in the morning only."),
        C.AFTERNOON: _("It works in the afternoon only."),
        C.CHOOSE: _("Your list takes more time than that. We would choose together what to leave for another time."),
        C.LAST_PLACE: _("One place is left that week."),
    }[cause]


def _too_soon(verdict: Verdict, answering: Answering) -> str:
    earliest = words.plain_day(answering.season.earliest)
    return _("Choose a day from %(day)s. We need three months to prepare.") % {"day": earliest}


def _too_far(verdict: Verdict, answering: Answering) -> str:
    latest = words.plain_day(answering.season.latest)
    return _("Choose a day up to %(day)s. We do not plan further ahead.") % {"day": latest}


def _closed(verdict: Verdict, answering: Answering) -> str:
    if verdict.told.endswith("."):
        return verdict.told  # a sentence of ours, which says so itself
    if verdict.told:
        return _("%(why)s. We are closed.") % {"why": verdict.told}
    return _("We are closed at weekends.") if verdict.day.weekday() > 4 else _("We are closed.")


def _nobody_leads(verdict: Verdict, answering: Answering) -> str:
    what, count = names(verdict.about), len(verdict.about)
    spoken = {code for item in verdict.about for code in answering.spoken_for(item)}
    told = ngettext("Nobody of ours leads %(what)s yet.", "Nobody of ours leads %(what)s yet.", count)
    if spoken == {"sv"}:
        told = ngettext("%(what)s is held in Swedish only.", "%(what)s are held in Swedish only.", count)
    elif spoken == {"en"}:
        told = ngettext("%(what)s is held in English only.", "%(what)s are held in English only.", count)
    return told % {"what": what}


def _too_large(verdict: Verdict, answering: Answering) -> str:
    size = {"size": answering.group.size}
    if answering.group.step_free:
        return _("We have no step-free room for %(size)d people.") % size
    return _("We have no room for %(size)d people.") % size


def _taken(verdict: Verdict, answering: Answering) -> str:
    if verdict.about and verdict.about[0].name:
        return _("There is no time left for %(what)s.") % {"what": names(verdict.about)}
    return _("There is no time left for all of it together.")


def _several(verdict: Verdict, answering: Answering) -> str:
    give = {
        C.TURNS: _("coming in turns"),
        C.TWO_ROOMS: _("two smaller rooms"),
        C.MORNING: _("the morning only"),
        C.AFTERNOON: _("the afternoon only"),
        C.SHORTER: _("fewer days"),
        C.CHOOSE: _("a shorter list"),
    }
    conditions = listed([give[cause] for cause in verdict.conditions])
    return _("It would take %(conditions)s.") % {"conditions": conditions}


def _turns(verdict: Verdict, answering: Answering) -> str:
    if len(verdict.about) == 1:
        what = {"what": verdict.about[0].name, "count": verdict.about[0].takes or 1}
        told = ngettext(
            "%(what)s takes %(count)d person at a time, so you would come in turns.",
            "%(what)s takes %(count)d people at a time, so you would come in turns.",
            verdict.about[0].takes or 1,
        )
        return told % what
    return _("You would come in turns to %(what)s.") % {"what": names(verdict.about)}


def _shorter(verdict: Verdict, answering: Answering) -> str:
    days = [words.month_day(day) for day in answering.stay(verdict.day) if answering.season.is_closed(day)]
    return _("We are closed on %(days)s, so the programme would be shorter.") % {"days": listed(days)}


def in_a_row(numbers: Sequence[int]) -> str:
    """«10», «10 and 11», «14 to 16», «10 to 12 and 14»."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    told: list[str] = []
    for run in runs:
        if len(run) > 2:
            told.append(_("%(first)d to %(last)d") % {"first": run[0], "last": run[-1]})
        else:
            told += [str(number) for number in run]
    return listed(told)


def month_name(day: date) -> str:
    """«March», as a heading begins."""
    return capfirst(str(MONTHS[day.month]))
