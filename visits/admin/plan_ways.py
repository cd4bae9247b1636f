"""Where a way out of a conflict is done: the page with the form for it, and what is proposed filled in.

Nothing happens by following it: a coordinator still sends the form, or asks.
"""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from visits import season, words
from visits.optimum.conflicts import Fact, Kind
from visits.season_plan import Drawn, Reason, WayOut


class Link(NamedTuple):
    label: str
    url: str


def link_to(way: WayOut, reason: Reason, drawn: Drawn) -> Link:
    """The form that changes the dearest of the facts: that somebody learns it, a week, who leads, or the day."""
    facts, case = {fact.kind: fact for fact in way.changed}, drawn.cases[reason.number]
    if case.gathering is not None:
        return Link(_("Open the gathering"), reverse("admin:visits_gathering_change", args=[case.gathering]))
    if Kind.ABLE in facts and way.resources:
        return _learns(facts[Kind.ABLE], way, drawn)
    if Kind.WEEK in facts:
        return _wider(facts[Kind.WEEK], drawn)
    if case.is_firm:
        return _asked(case.request, case.needs[0].session)
    return _request(_("Fill in %(day)s") % {"day": words.short_day(way.day)}, case.request, day=way.day.isoformat())


def _learns(fact: Fact, way: WayOut, drawn: Drawn) -> Link:
    who = way.resources[fact.number]
    url = reverse("admin:visits_facilitator_change", args=[drawn.row_of(who)])
    return Link(_("Open who would learn it"), url)


def _wider(fact: Fact, drawn: Drawn) -> Link:
    site, monday = drawn.week_of(fact.number)
    if site is not None:
        return Link(_("Open the house"), reverse("admin:visits_site_change", args=[site]))
    week = season.week_of(monday)
    query = urlencode({"week": f"{week.year}-{week.number:02d}", "more": 1})
    return Link(_("Open the week for one more"), f"{reverse('admin:season')}?{query}")


def _asked(request: int, session: int | None) -> Link:
    return Link(_("See who could lead it"), _page(request, session=session) + "#people")


def _request(label: str, request: int, **filled_in: object) -> Link:
    return Link(label, _page(request, **filled_in))


def _page(request: int, **query: object) -> str:
    return f"{reverse('admin:visits_visitrequest_change', args=[request])}?{urlencode(query)}"
