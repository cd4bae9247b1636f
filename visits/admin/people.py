"""Who could lead the sessions of a whole visit: the best for each, with why, and who can lead none of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_safe

from visits import rules, scheduling, viewings
from visits.admin import deeds, pages
from visits.admin.opened import Opened, the_case
from visits.admin.request import me
from visits.admin.site import DeskSite, View, desk_context
from visits.choices import AskState
from visits.models import Ask, Facilitator, Part, Session, VisitRequest
from visits.scheduling import Candidate

BEST: Final = 3
BACK: Final = "people"  # what a form sends to come back here


@dataclass(frozen=True)
class Led:
    """One session of ours: who leads it or is asked to, and who else could, the best first."""

    session: Session
    asks: Sequence[Ask]
    could: Sequence[Candidate]
    more: int  # who could beside those that are shown

    @property
    def is_led(self) -> bool:
        return any(ask.state == AskState.ACCEPTED and not ask.is_second for ask in self.asks)


def urls(guarded: Callable[[View], View]) -> list[URLPattern]:
    return [path("visits/visitrequest/<int:pk>/change/people/", guarded(require_safe(people)), name="people")]


DeskSite.more.append(urls)


def url(case: VisitRequest) -> str:
    return reverse("admin:people", args=[case.pk])


def people(request: HttpRequest, pk: int) -> HttpResponse:
    """Every session that we lead in one visit, with who could; nothing to choose before there is an agenda."""
    case = the_case(pk)
    opened = Opened(case)
    viewings.look(case, Part.PLAN, by=me(request), before=opened.recent_looks)
    sessions = [one for one in scheduling.sessions_of(case) if one.needs_facilitator]
    found = scheduling.candidates_of(sessions)
    context = desk_context() | pages.frame(request, opened, "plan")
    context |= {
        "led": [_led(session, found[session.pk]) for session in sessions],
        "nowhere": _nowhere(found),
        "may_ask": case.request_state in pages.PLANNED and request.user.has_perm(deeds.CHANGE),
        "back": BACK,
        "refusal": "",
        "failed": [],
    }
    return render(request, "desk/people.html", context)


def _led(session: Session, found: Sequence[Candidate]) -> Led:
    asks = [ask for ask in session.asks.all() if ask.state in rules.LIVE_ASKS]
    could = [one for one in found if one.can]
    return Led(session, asks, could[:BEST], max(len(could) - BEST, 0))


def _nowhere(found: Mapping[int, Sequence[Candidate]]) -> list[tuple[Facilitator, str]]:
    """Who can lead none of the sessions, by name, with the fact that stops them at the first; who is asked is none."""
    stopped: dict[int, Candidate] = {}
    somewhere: set[int] = set()
    for some in found.values():
        for one in some:
            stopped.setdefault(one.facilitator.pk, one)
            if one.can or one.asked:
                somewhere.add(one.facilitator.pk)
    left = [one for pk, one in stopped.items() if pk not in somewhere]
    return [(one.facilitator, one.why_not) for one in sorted(left, key=lambda one: one.facilitator.name.casefold())]
