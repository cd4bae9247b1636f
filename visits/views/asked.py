"""What a facilitator is asked, and their answer: signed in, or behind the link in their mail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from visits import access, scheduling
from visits.choices import AskState, LinkPurpose
from visits.forms.facilitator import OtherTimeForm
from visits.http import facilitator_of
from visits.models import Ask, Booking, Facilitator, GatheringAsk, Session
from visits.models.ask import AskQuerySet
from visits.planning import Time, other_times
from visits.scheduling import AskRefused, Clash, Diary, InTheWay, diary, standing
from visits.views import helping

CONFLICT: Final = 409
SHOWN_ANSWERS: Final = 8
NO_AGENDAS: Final[Mapping[int, list[Session]]] = MappingProxyType({})


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """Everything that waits for an answer, the most urgent first, and the answers given."""
    mine = Diary(facilitator_of(request), since=timezone.localdate(), now=timezone.now(), with_answers=True)
    waiting, answers = mine.waiting(), helping.answers_of(mine.facilitator, SHOWN_ANSWERS)
    just_helped, to_help = helping.just_answered(answers, mine.now), helping.asked(mine.helping())
    own = Own(mine.facilitator, waiting, to_help)
    facts = _with_why([own.facts(ask) for ask in sorted(waiting, key=_urgency)])
    facts += [helping.facts(ask, own.bookings, own.ways) for ask in to_help]
    context = {
        "facts": sorted(facts, key=lambda fact: _urgency(fact["ask"])), "asked_count": len(facts), "today": mine.today,
        "just_answered": mine.just_answered(),
        "just_helped": just_helped, "answers": answers,
        "form": OtherTimeForm(),
    }  # fmt: skip
    return render(request, "facilitators/asked.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def asked_one(request: HttpRequest, ask_id: int) -> HttpResponse:
    """One ask and its answer; 404 for anybody else's and for one that was not sent."""
    facilitator = facilitator_of(request)
    ask = get_object_or_404(_told(), pk=ask_id, facilitator=facilitator)
    if request.method != "POST" and ask.state == AskState.ACCEPTED:
        return redirect("visits:briefing", ask.pk)
    fact = Own(facilitator, [ask]).facts(ask)
    form = _form(request, ask, fact["times"])
    if request.method == "POST":
        refusal = _answer(ask, request, form)
        return _page(request, fact, refusal, form) if refusal or form.errors else redirect("visits:asked")
    return _page(request, fact, "", form)


def _page(request: HttpRequest, fact: dict[str, Any], refusal: str | InTheWay, form: OtherTimeForm) -> HttpResponse:
    ask: Ask = fact["ask"]
    closed = _closed(ask)
    if closed:  # whether they would be free then is nothing to know any more
        fact |= {"free": None, "taken": None}
    context = {
        "fact": fact, "ask": ask, "refusal": refusal, "form": form, "may_undo": _may_undo(ask),
        "today": timezone.localdate(), "closed": closed, "why": None if closed else scheduling.why_you(ask),
        "asked_count": standing.waiting_count(ask.facilitator),
    }  # fmt: skip
    return render(request, "facilitators/asked_one.html", context, status=_status(refusal, form))


@require_http_methods(["GET", "HEAD", "POST"])
def ask_answer(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link in the mail: opening it changes nothing, its buttons answer.

    404 for a wrong address and for one that was closed.
    """
    link = access.find(LinkPurpose.ASK, token)
    if link is None or not access.is_usable(link, timezone.now()):
        raise Http404
    if link.gathering_ask is not None:
        return helping.answer(request, link, link.gathering_ask)
    ask = get_object_or_404(_told(), pk=link.ask_id)
    form = _form(request, ask)
    refusal = _answer(ask, request, form) if request.method == "POST" else ""
    if request.method == "POST" and not refusal and not form.errors:
        return redirect("visits:ask_answer", access.token(link))
    context = {
        "fact": _facts(ask, ask.facilitator, None) | {"beside": scheduling.beside(ask) if ask.is_voice else None},
        "ask": ask, "refusal": refusal, "form": form, "may_undo": _may_undo(ask),
        "today": timezone.localdate(), "closed": _closed(ask),
    }  # fmt: skip
    return render(request, "facilitators/ask_link.html", context, status=_status(refusal, form))


def _form(request: HttpRequest, ask: Ask, times: Sequence[Time] = ()) -> OtherTimeForm:
    """The line to the coordinator; it is asked for only by its own button."""
    typed = request.POST if request.POST.get("answer") == "other" else None
    return OtherTimeForm(typed, auto_id=f"%s-{ask.pk}", times=times)


def _answer(ask: Ask, request: HttpRequest, form: OtherTimeForm) -> str | InTheWay:
    """Do what the pressed button says; return why not when it is refused, to themselves."""
    answer = request.POST.get("answer", "")
    try:
        if answer == "yes":
            scheduling.accept(ask)
        elif answer == "no":
            scheduling.decline(ask)
        elif answer == "undo":
            scheduling.take_back_answer(ask)
        elif answer == "other":
            return _other_time(ask, form)
        else:
            return _("Press “I can” or “I cannot”. Nothing was changed.")
    except AskRefused as refusal:
        return str(refusal)
    except Clash as clash:
        return clash.own or str(clash)
    return ""


def _other_time(ask: Ask, form: OtherTimeForm) -> str:
    if form.is_valid():
        scheduling.decline(ask, other_time=form.other_time)
    return ""


def _told() -> AskQuerySet:
    asks = Ask.objects.exclude(state=AskState.PLANNED)
    return asks.select_related(
        "session__visit__request__coordinator", "session__room__site", "session__site", "session__offering__area",
        "facilitator__user", "in_place_of", "asked_by",
    )  # fmt: skip


def _urgency(asked: Ask | GatheringAsk) -> tuple[date, datetime, int]:
    """By the last day to answer, then by when it is."""
    starts_at = asked.session.starts_at if isinstance(asked, Ask) else asked.starts_at
    return asked.answer_by or date.max, starts_at, asked.pk


def _with_why(facts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first with why they are asked, each other with the page that says it: so many cost what one costs."""
    for nth, fact in enumerate(facts):
        if nth:
            fact["why_at"] = reverse("visits:asked_one", args=[fact["ask"].pk])
        else:
            fact["why"] = scheduling.why_you(fact["ask"])
    return facts


class Own:
    """What is told beside some asks to whoever is signed in: their free hours, their week, the way, who else is there.

    Two queries, whatever the number of asks, and one for whoever has said where they work. `to_help`: what they are
    asked about gatherings beside these.
    """

    def __init__(self, facilitator: Facilitator, asks: Sequence[Ask], to_help: Sequence[GatheringAsk] = ()) -> None:
        self.facilitator, (self.agendas, self.beside) = facilitator, scheduling.agendas(asks)
        asked: list[Session | GatheringAsk] = [*(ask.session for ask in asks), *to_help]
        self.bookings = scheduling.own_bookings(facilitator, timezone.localdate(), asked)
        self.ways = scheduling.OwnWays(facilitator)

    def facts(self, ask: Ask) -> dict[str, Any]:
        """An ask with all of it."""
        told = _facts(ask, self.facilitator, self.bookings, self.agendas)
        week = scheduling.own_week(self.facilitator, ask.session.starts_at, self.bookings)
        return told | {"way": self.ways.to(ask.session.where), "beside": self.beside[ask.pk], "week": week}


def _facts(
    ask: Ask, person: Facilitator, bookings: list[Booking] | None, agendas: Mapping[int, list[Session]] = NO_AGENDAS
) -> dict[str, Any]:
    """An ask with what is told beside it: the free hours around and other times, when they are one's own to read."""
    free, taken, times = None, None, []
    if bookings is not None:
        free = diary.free_around(ask.session, bookings)
        taken = scheduling.before_a_yes(person, ask.session, bookings)
        times = other_times(ask.session, agendas.get(ask.session.visit_id, ()), bookings)
    facts = {"ask": ask, "session": ask.session, "visit_request": ask.session.visit.request}
    # The Living Library is told what is booked with it: they may never have been asked before.
    return facts | {"free": free, "taken": taken, "times": times, "booked": scheduling.booked_with(person)}


def _closed(ask: Ask) -> str:
    """Why there is nothing to answer; a colleague who would take over has answered, and waits for the coordinator."""
    return "" if ask.is_waiting and not ask.is_agreed else scheduling.closed_words(ask)


def _may_undo(ask: Ask) -> bool:
    return diary.may_undo(ask, timezone.now())


def _status(refusal: str | InTheWay, form: OtherTimeForm) -> int:
    if refusal:
        return CONFLICT
    return 422 if form.is_bound and form.errors else 200
