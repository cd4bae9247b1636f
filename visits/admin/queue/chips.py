"""The tabs over the list, and the chips that show a part of one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from visits import words
from visits.admin.counts import Counts, Number
from visits.admin.queue.names import Choice
from visits.admin.queue.order import GROUPED
from visits.admin.queue.page import Page
from visits.admin.queue.wanted import MINE, NOBODY, TABS, Wanted
from visits.choices import FlagKind


class Tab(NamedTuple):
    """One view of the queue, by whose turn it is, and how many are in it where that is soon counted."""

    name: str
    title: str
    query: str
    number: Number | None


@dataclass(frozen=True)
class Chip:
    """A part of a tab that is one press away."""

    title: str
    query: str
    is_chosen: bool
    count: Number | int | None = None


def _look(wanted: Wanted) -> Wanted:
    """What is looked at, wherever in it one stands."""
    return replace(wanted.at_first(), picked=None)


def tabs(wanted: Wanted, counts: Counts) -> SafeString:
    """The views, drawn, each keeping what is filtered. What is done, and all there is, is never counted."""
    known = (("ours", counts.ours), ("visitor", counts.visitor), ("confirmed", counts.confirmed))
    return _tabs(_look(wanted), known)


@words.remembered
def _tabs(wanted: Wanted, known: tuple[tuple[str, Number], ...]) -> SafeString:
    numbers = dict(known)
    found = [Tab(name, str(title), wanted.first(turn=name), numbers.get(name)) for name, title in TABS.items()]
    return render_to_string("desk/queue/tabs.html", {"tabs": found, "wanted": wanted})


def chips(wanted: Wanted, counts: Counts) -> SafeString:
    """The parts of a tab, drawn: everything, what there is something to notice about, mine, and what is nobody's."""
    whole = getattr(counts, wanted.tab) if wanted.tab in GROUPED else None
    is_ours = wanted.tab == "ours"
    return _chips(_look(wanted), whole, (counts.to_notice, counts.mine, counts.nobodys) if is_ours else None)


@words.remembered
def _chips(wanted: Wanted, whole: Number | None, known: tuple[int, Number, Number] | None) -> SafeString:
    told, mine, nobodys = known or (None, None, None)
    is_whole = not (wanted.who or wanted.notice or wanted.flag)
    found = [
        Chip(_("Everything"), wanted.first(who="", notice="", flag=""), is_whole, whole),
        Chip(_("To notice"), wanted.first(notice="1", flag=""), wanted.notice or bool(wanted.flag), told),
        Chip(_("Mine"), wanted.first(who=MINE), wanted.who == MINE, mine),
        Chip(_("Nobody’s"), wanted.first(who=NOBODY), wanted.who == NOBODY, nobodys),
    ]
    return render_to_string("desk/queue/parts.html", {"chips": found})


def filters(wanted: Wanted, page: Page) -> SafeString:
    """The form of the filters, with everything that can be chosen."""
    return _drawn(_look(wanted), tuple(page.areas), tuple(page.countries), tuple(page.colleagues))


@words.remembered
def _drawn(
    wanted: Wanted,
    areas: tuple[Choice, ...],
    countries: tuple[tuple[str, str], ...],
    colleagues: tuple[Choice, ...],
) -> SafeString:
    kinds = [(kind.value, str(kind.label)) for kind in FlagKind]
    choices = {"areas": areas, "countries": countries, "colleagues": colleagues, "flag_kinds": kinds}
    return render_to_string("desk/queue/filters.html", {"wanted": wanted, **choices})
