"""Who could lead the sessions of a whole visit: the best for each, with why, what would open what nobody can lead."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods

from visits import planning, rules, scheduling, viewings
from visits.admin import deeds, landing, pages, pressed, ways_open
from visits.admin.opened import Opened, the_case
from visits.admin.request import CONFLICT, UNPROCESSABLE, me, refuse_without
from visits.admin.site import DeskSite, View, desk_context
from visits.choices import AskRole, AskState
from visits.forms.asking import AskPeopleForm, tick_of
from visits.models import Ask, Part, Session, VisitRequest
from visits.scheduling import Candidate

LOOK: Final = "look"  # what Enter in a box presses: nobody is asked, and what is ticked stays so
BEST: Final = 3
OF_LIBRARY: Final = 2  # who could lead it, where nobody else can
MOST_VOICES: Final = 6  # beside whoever leads it
DEED: Final = "ask_people"


@dataclass(frozen=True)
class Box:
    """Somebody who could be asked for a session, with the box that is ticked for it."""

    candidate: Candidate
    value: str
    is_ticked: bool

    @property
    def is_of_library(self) -> bool:
        return self.candidate.voice is not None


@dataclass(frozen=True)
class Beside:
    """Who could tell their own story beside whoever leads a session, the best first; else why nobody can."""

    could: Sequence[Box] = ()
    why_nobody: str = ""

    @property
    def best(self) -> Box | None:
        return self.could[0] if self.could else None

    @property
    def others(self) -> Sequence[Box]:
        return self.could[1:]


@dataclass(frozen=True)
class Led:
    """One session of ours: who leads it or is asked to, who else could, the best first, and what would open it."""

    session: Session
    asks: Sequence[Ask]
    could: Sequence[Box]
    more: int  # who could beside those that are shown
    seconds: Sequence[Box] = ()  # who could learn beside whoever leads it
    beside: Beside | None = None  # None when somebody is asked already
    opens: Sequence[ways_open.WayOpen] = ()

    @property
    def is_led(self) -> bool:
        return any(ask.state == AskState.ACCEPTED and ask.is_to_lead for ask in self.asks)

    @property
    def is_asked(self) -> bool:
        """Whether somebody leads it, or has been asked to and has not answered: then nothing has to be opened."""
        return any(ask.state != AskState.PLANNED and ask.is_to_lead for ask in self.asks)

    @property
    def library(self) -> list[Box]:
        """Those of them who are of the Living Library."""
        return [box for box in self.could if box.is_of_library]

    @property
    def others(self) -> list[Box]:
        return [box for box in self.could if not box.is_of_library]


def urls(guarded: Callable[[View], View]) -> list[URLPattern]:
    view = guarded(require_http_methods(["GET", "HEAD", "POST"])(people))
    return [path("visits/visitrequest/<int:pk>/change/people/", view, name="people")]


DeskSite.more.append(urls)


def url(case: VisitRequest) -> str:
    return reverse("admin:people", args=[case.pk])


def people(request: HttpRequest, pk: int) -> HttpResponse:
    """Every session that we lead in one visit, with who could: ticked and asked in one press, all or nobody."""
    if request.method != "POST":
        return _page(request, the_case(pk), ticked=request.GET.getlist("tick"))
    refuse_without(request, deeds.CHANGE)
    if request.POST.get("when") == LOOK:
        case = the_case(pk)
        return _page(request, case, request.POST.getlist("who"), _form(case, request.POST))
    try:
        case, form, told = pressed.do(DEED, request.POST, lambda: the_case(pk), me(request))
    except pressed.NotUnderstood as why:
        words = landing.old_page(why.form)
        return _page(request, why.case, request.POST.getlist("who"), why.form, words, status=UNPROCESSABLE)
    except pressed.Refused as why:
        # What was ticked stays ticked: of several, those who can are asked with the next press.
        now = the_case(pk)
        return _page(request, now, request.POST.getlist("who"), _form(now, request.POST), str(why), status=CONFLICT)
    for sentence in told:
        messages.success(request, sentence)
    first = form.cleaned_data["who"][0].session
    return redirect(f"{url(case)}#s{first.pk}")


def _page(
    request: HttpRequest,
    case: VisitRequest,
    ticked: Collection[str] = (),
    form: object = None,
    refusal: str = "",
    *,
    status: int = 200,
) -> HttpResponse:
    opened = Opened(case, refusal)
    viewings.look(case, Part.PLAN, by=me(request), before=opened.recent_looks)
    agenda = scheduling.sessions_of(case)
    sessions = [one for one in agenda if one.needs_facilitator]
    found = scheduling.candidates_of(sessions)
    openings = planning.Openings(agenda, found)
    may_ask = case.request_state in pages.PLANNED and request.user.has_perm(deeds.CHANGE)
    context = desk_context() | pages.frame(request, opened, "plan")
    context |= {
        "led": [_led(session, found[session.pk], openings, frozenset(ticked)) for session in sessions],
        "nowhere": _nowhere(sessions, found, openings),
        "may_ask": may_ask,
        "form": form or _form(case),
        "asks_on": request.POST.get("on") == "on",
        "refusal": refusal,
        "failed": [],
    }
    return render(request, "desk/people.html", context, status=status)


def _form(case: VisitRequest, typed: Any = None) -> AskPeopleForm:
    return AskPeopleForm(typed, visit_request=case, auto_id="ask_people_%s")


def _led(session: Session, found: Sequence[Candidate], openings: planning.Openings, ticked: frozenset[str]) -> Led:
    asks = [ask for ask in session.asks.all() if ask.state in rules.LIVE_ASKS]
    offered = {one.facilitator.pk for one in scheduling.suited(found, AskRole.LEADER)}
    boxes = [_box(session, one, ticked) for one in found if one.can]
    could = [box for box in boxes if box.candidate.facilitator.pk in offered or box.is_ticked]
    library = [box for box in could if box.is_of_library]
    best = {box.value for box in [*[box for box in could if not box.is_of_library][:BEST], *library[:OF_LIBRARY]]}
    # Whoever is ticked stands there, however many are before them.
    shown = [box for box in could if box.value in best or box.is_ticked]
    seconds = [] if any(ask.is_second for ask in asks) else _seconds(session, found, ticked)
    beside = None if any(ask.is_voice for ask in asks) else _beside(session, found, ticked)
    led = Led(session, asks, shown, len(could) - len(shown), seconds, beside)
    opens = [] if led.is_asked else openings.of(session)
    return replace(led, opens=[ways_open.of(session.visit.request_id, one) for one in opens])


def _beside(session: Session, found: Sequence[Candidate], ticked: frozenset[str]) -> Beside:
    could = scheduling.suited(found, AskRole.VOICE)
    if not could:
        return Beside(why_nobody=scheduling.why_no_voice(found))
    return Beside([_box(session, one, ticked, AskRole.VOICE) for one in could[:MOST_VOICES]])


def _seconds(session: Session, found: Sequence[Candidate], ticked: frozenset[str]) -> list[Box]:
    boxes = [_box(session, one, ticked, AskRole.SECOND) for one in found if one.can_be_second]
    return [box for place, box in enumerate(boxes) if place < BEST or box.is_ticked]


def _box(session: Session, one: Candidate, ticked: frozenset[str], role: AskRole = AskRole.LEADER) -> Box:
    value = tick_of(session.pk, one.facilitator.pk, role)
    return Box(one, value, value in ticked)


def _nowhere(
    sessions: Sequence[Session], found: Mapping[int, Sequence[Candidate]], openings: planning.Openings
) -> list[ways_open.Stopped]:  # fmt: skip
    """Who can lead none of the sessions, by name, with what stops them at the first that one change would open."""
    stopped: dict[int, list[tuple[Session, Candidate]]] = {}
    somewhere: set[int] = set()
    for session in sessions:
        for one in found[session.pk]:
            stopped.setdefault(one.facilitator.pk, []).append((session, one))
            if one.can or one.asked:
                somewhere.add(one.facilitator.pk)
    left = [_cannot(some, openings) for pk, some in stopped.items() if pk not in somewhere]
    return sorted(left, key=lambda one: one.person.name.casefold())


def _cannot(some: Sequence[tuple[Session, Candidate]], openings: planning.Openings) -> ways_open.Stopped:
    """Said of one session: the first that a change would open to them, or the first of all."""
    session, one = next(((session, one) for session, one in some if openings.for_one(session, one)), some[0])
    return ways_open.stopped(session, one, openings)
