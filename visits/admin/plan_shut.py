"""Why none of the days that somebody wishes for can be had, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.utils.text import get_text_list
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from visits import words
from visits.season_plan import Case
from visits.season_plan.drawn import CLOSED, EARLY, WEEKEND, Shut


def told(case: Case) -> Iterator[str]:
    """One sentence for each reason, with the days that it takes away, in the order of their wishes."""
    days: dict[tuple[str, str], list[str]] = {}
    for one in case.shut:
        days.setdefault((one.why, _closed_by(one)), []).append(words.short_day(date.fromisoformat(one.day)))
    for (why, closed_by), some in days.items():
        yield _sentence(why, closed_by, case) % {
            "days": str(get_text_list(some, _("and"))),
            "why": closed_by,
            "day": words.short_day(date.fromisoformat(case.earliest)),
        }


def _closed_by(one: Shut) -> str:
    return one.sv if get_language() == "sv" else one.en


def _sentence(why: str, closed_by: str, case: Case) -> str:
    """A sentence with its days to be filled in."""
    if why == CLOSED:
        return _("We receive nobody on %(days)s: %(why)s") if closed_by else _("We receive nobody on %(days)s")
    if why == WEEKEND:
        return _("A visit on %(days)s would touch a weekend")
    if why == EARLY:
        return _("Too soon: %(days)s. The first possible day is %(day)s")
    return _("Outside the weeks of this plan: %(days)s")
