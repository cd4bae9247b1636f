"""The briefing of a session: what somebody who said yes wants to know before they lead it."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from visits import memory, rules, scheduling, words
from visits.choices import AskState
from visits.forms.facilitator import SwapForm
from visits.http import facilitator_of
from visits.models import Ask, User, Visit
from visits.scheduling import AskRefused, Clash

CONFLICT: Final = 409
UNPROCESSABLE: Final = 422


@require_safe
def briefing(request: HttpRequest, ask_id: int) -> HttpResponse:
    """All that a facilitator needs for a session they said yes to; 404 for anybody else's."""
    ask = _mine(request, ask_id)
    return _page(request, ask) if ask.state == AskState.ACCEPTED else redirect("visits:asked_one", ask.pk)


@require_POST
def swap(request: HttpRequest, ask_id: int) -> HttpResponse:
    """Ask one colleague to take a session over, or take that back; what was not done says why on the briefing."""
    ask, form = _mine(request, ask_id), SwapForm(request.POST)
    if request.POST.get("swap") == "back":
        refusal = _take_back(ask)
    elif not form.is_valid():
        return _led(request, ask, str(form.errors["colleague"][0]), UNPROCESSABLE)
    else:
        refusal = _offer(ask, form)
    return _led(request, ask, refusal, CONFLICT) if refusal else redirect("visits:briefing", ask.pk)


def _mine(request: HttpRequest, ask_id: int) -> Ask:
    asks = Ask.objects.select_related(
        "session__visit__request__coordinator", "session__room__site", "session__site", "session__offering",
        "facilitator__user",
    )  # fmt: skip
    was_led = asks.filter(state__in=[AskState.ACCEPTED, AskState.HANDED])
    return get_object_or_404(was_led, pk=ask_id, facilitator=facilitator_of(request))


def _offer(ask: Ask, form: SwapForm) -> str:
    try:
        scheduling.offer(ask, form.cleaned_data["colleague"])
    except (AskRefused, Clash) as refusal:
        return str(refusal)
    return ""


def _take_back(ask: Ask) -> str:
    made = ask.offers.order_by("pk").last()
    try:
        if made is not None:
            scheduling.take_back_offer(made)
    except (AskRefused, Clash) as refusal:
        return str(refusal)
    return ""


def _led(request: HttpRequest, ask: Ask, refusal: str, status: int) -> HttpResponse:
    """The briefing with the reason, or, once a colleague leads the session, the page that says so."""
    ask.refresh_from_db(fields=["state"])
    if ask.state != AskState.ACCEPTED:
        return redirect("visits:asked_one", ask.pk)
    return _page(request, ask, refusal, status)


def _page(request: HttpRequest, ask: Ask, refusal: str = "", status: int = 200) -> HttpResponse:
    facilitator = ask.facilitator
    session, visit = ask.session, ask.session.visit
    day = words.local_date(session.starts_at)
    agenda = visit.sessions.filter(starts_at__gte=rules.end_of(day - rules.DAY), starts_at__lt=rules.end_of(day))
    context = {
        "ask": ask, "session": session, "visit": visit, "visit_request": visit.request, "agenda": agenda,
        "beside": scheduling.beside(ask), "participants": visit.participants.written(), "site": session.where,
        "questions": _questions(visit), "last_time": memory.last_time(visit),
        "refusal": refusal, **_swap(ask, looks="swap" in request.GET or bool(refusal)),
        "days_left": (day - timezone.localdate()).days, "asked_count": scheduling.waiting_count(facilitator),
    }  # fmt: skip
    return render(request, "facilitators/briefing.html", context, status=status)


def _questions(visit: Visit) -> list[tuple[str, User | None]]:
    """Their questions, each with who of us has taken it in the visit's room; one query."""
    taken = visit.questions.filter(big__isnull=False, taken_by__isnull=False).select_related("taken_by")
    takers = {one.big: one.taken_by for one in taken}
    return [(text, takers.get(number)) for number, text in enumerate(visit.request.big_questions, start=1)]


def _swap(ask: Ask, *, looks: bool) -> dict[str, Any]:
    """While it lies ahead: the colleague who is asked to take it over, or for whoever looks for one, who could."""
    if ask.session.starts_at <= timezone.now() or ask.is_second:
        return {}
    made = scheduling.open_offer(ask)
    could = scheduling.could_take_over(ask) if looks and not made else []
    return {"offer": made, "looks": looks, "could": could, "may_swap": True}
