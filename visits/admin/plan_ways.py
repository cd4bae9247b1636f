"""Where a way out of a conflict is done: the page with the form for it, and what is proposed filled in.

Nothing happens by following it: a coordinator still sends the form, or asks.
"""

from __future__ import annotations

from typing import Final, NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from visits import season, words
from visits.choices import MeetingLanguage
from visits.optimum import NOWHERE
from visits.optimum.conflicts import PRICE, Fact, Kind
from visits.season_plan import Case, Drawn, Reason, WayOut
from visits.season_plan.drawn import ROOM, Need

OF_A_RESOURCE: Final = (Kind.BUSY, Kind.LEADS, Kind.DAY, Kind.MOST, Kind.MONTH)


class Link(NamedTuple):
    label: str
    url: str


def link_to(way: WayOut, reason: Reason, drawn: Drawn) -> Link:
    """The form that changes the dearest of the facts.

    That somebody learns it, how many come, a week, the language of the meeting, who leads or in which room, the hour,
    or the day.
    """
    facts, case = {fact.kind: fact for fact in way.changed}, drawn.cases[reason.number]
    if case.gathering is not None:
        return Link(_("Open the gathering"), reverse("admin:visits_gathering_change", args=[case.gathering]))
    if Kind.ABLE in facts and way.resources:
        return _learns(facts[Kind.ABLE], way, drawn)
    if Kind.SIZE in facts:
        return ask_on(case)
    if Kind.WEEK in facts:
        return _wider(facts[Kind.WEEK], drawn)
    if Kind.SPOKEN in facts:
        return _interpreted(case.request)
    return _planned(way, reason, drawn)


def _planned(way: WayOut, reason: Reason, drawn: Drawn) -> Link:
    """Where it is done in the plan of the visit itself: an hour, who leads, a room, or a day."""
    case = drawn.cases[reason.number]
    hour = next((fact for fact in way.changed if fact.kind == Kind.HOUR), None)
    if hour and way.starts is not None:
        return _moved(case, case.needs[hour.number], way, drawn)
    stays = case.is_firm or stands_then(way, reason, drawn)
    need = _need_of(way, case, drawn) if stays else None
    if need is not None and case.needs[need].role == ROOM:
        return _opened(_("Open the session"), case, case.needs[need], way, drawn)
    if need is not None or case.is_firm:
        return _asked(case, need or 0, way, drawn)
    return _request(_("Fill in %(day)s") % {"day": words.short_day(way.day)}, case.request, day=way.day.isoformat())


def stands_then(way: WayOut, reason: Reason, drawn: Drawn) -> bool:
    """Whether the agenda of a request stands on the day that is proposed: then no other day is to be filled in."""
    before, case = drawn.facts.before.get(reason.number), drawn.cases[reason.number]
    return before is not None and before.place != NOWHERE and case.first_day(before.place) == way.day


def _need_of(way: WayOut, case: Case, drawn: Drawn) -> int | None:
    """The dearest fact that is about a person, or a room, of a session in the agenda: which need they would fill."""
    dearest = sorted(way.changed, key=lambda fact: -PRICE[fact.kind])
    for fact in (fact for fact in dearest if fact.kind in OF_A_RESOURCE):
        for need, resource in enumerate(way.resources):
            if resource == fact.number and case.needs[need].session is not None:
                return need
    return None


def _moved(case: Case, need: Need, way: WayOut, drawn: Drawn) -> Link:
    starts = f"{(way.starts or 0) // 60:02d}.{(way.starts or 0) % 60:02d}"
    return _opened(_("Move it to %(time)s") % {"time": starts}, case, need, way, drawn, starts=starts)


def _opened(label: str, case: Case, need: Need, way: WayOut, drawn: Drawn, **filled_in: object) -> Link:
    """The row of the agenda that stands open, with the room that the session would have."""
    rooms = (
        drawn.row_of(resource)
        for other, resource in zip(case.needs, way.resources, strict=False)
        if other.role == ROOM and other.session == need.session
    )
    room = next(rooms, None)
    query = {"open": need.session, "at": f"edit-{need.session}", **filled_in} | ({"room": room} if room else {})
    return Link(label, f"{_page(case.request, **query)}#s{need.session}")


def ask_on(case: Case) -> Link:
    """Where guests are asked for what is theirs to say: other days, where none was found, or whether fewer can come."""
    url = reverse("admin:visits_visitrequest_messages", args=[case.request])
    return Link(_("Ask a question"), f"{url}?kind=question#write")


def _interpreted(request: int) -> Link:
    query = urlencode({"correct": "who", "meeting_language": MeetingLanguage.INTERPRETER})
    url = reverse("admin:visits_visitrequest_request", args=[request])
    return Link(_("Ask for an interpreter"), f"{url}?{query}#who")


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


def _asked(case: Case, need: int, way: WayOut, drawn: Drawn) -> Link:
    """Who could lead it, whoever would first."""
    who = {"person": drawn.row_of(way.resources[need])} if way.resources else {}
    return Link(_("See who could lead it"), _page(case.request, session=case.needs[need].session, **who) + "#people")


def _request(label: str, request: int, **filled_in: object) -> Link:
    return Link(label, _page(request, **filled_in))


def _page(request: int, **query: object) -> str:
    return f"{reverse('admin:visits_visitrequest_change', args=[request])}?{urlencode(query)}"
