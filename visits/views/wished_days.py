"""«Your dates»: the wished first days in their order, each with its own verdict, and room for one more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import drafts, rules, words
from visits.feasibility import Outlook
from visits.views import fits
from visits.views.fits import Link, Where


class Choice(NamedTuple):
    """One wished first day, or room for one."""

    rank: int
    name: str
    flexible: bool = False
    days: str = ""
    week: int = 0
    about: str = ""
    way: Link | None = None


@dataclass(frozen=True)
class Dates:
    """The list: what is chosen, what the calendar is open for, and what can be added."""

    legend: str
    choices: list[Choice]
    pending: Choice | None
    add: Choice | None


def rows(
    wished: list[date], choice: int, found: Outlook, where: Where, *, today: date, ticked: Callable[[int], bool]
) -> Dates:
    more = max(len(wished), choice) + 1
    return Dates(
        legend=_legend(choice),
        choices=[
            _choice(rank, day, found, today, where)._replace(flexible=ticked(rank))
            for rank, day in enumerate(wished, start=1)
        ],
        pending=Choice(choice, ordinal(choice), ticked(choice)) if choice > len(wished) else None,
        add=Choice(more, ordinal(more)) if more <= rules.MAX_WISHES else None,
    )


def ordinal(rank: int) -> str:
    names = (_("first choice"), _("second choice"), _("third choice"), _("fourth choice"), _("fifth choice"))
    return names[rank - 1]


def _legend(rank: int) -> str:
    if rank == 1:
        return _("Which day would you like to start?")
    return _("Which day is your %(choice)s?") % {"choice": ordinal(rank)}


def _choice(rank: int, day: date, found: Outlook, today: date, where: Where) -> Choice:
    away = (day - today).days // 7
    from_now = ngettext("%(weeks)d week from now.", "%(weeks)d weeks from now.", away) % {"weeks": away}
    known = fits.verdict_words(found, day) if found.first <= day <= found.last else ""
    ways = found.ways(day) if known and not found.verdict(day).fit.may_be_chosen else []
    return Choice(
        rank=rank,
        name=ordinal(rank),
        days=capfirst(words.weekday_range(day, found.answering.stay(day)[-1])),
        week=words.week(day),
        about=" ".join(part for part in (known, from_now, drafts.warning(day)) if part),
        way=where.way(ways[0]) if ways else None,
    )
