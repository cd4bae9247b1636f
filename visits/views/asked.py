"""What a facilitator is asked, and their answer: signed in, or behind the link in their mail."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from visits import access, scheduling
from visits.choices import AskState, LinkPurpose
from visits.forms.facilitator import OtherTimeForm
from visits.http import facilitator_of
from visits.models import Ask, Booking
from visits.models.ask import AskQuerySet
from visits.scheduling import AskRefused, Clash, Diary, diary, standing

CONFLICT: Final = 409
SHOWN_ANSWERS: Final = 8


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """Everything that waits for an answer, the most urgent first, and the answers given."""
    mine = Diary(facilitator_of(request), since=timezone.localdate(), now=timezone.now())
    waiting = mine.waiting()
    bookings = list(Booking.objects.filter(facilitator=mine.facilitator, ends_at__gt=mine.now).order_by("starts_at"))
    context = {
        "facts": [_facts(ask, bookings) for ask in waiting], "asked_count": len(waiting), "today": mine.today,
        "just_answered": mine.just_answered(), "answers": standing.answers_of(mine.facilitator)[:SHOWN_ANSWERS],
        "why": scheduling.why_you(waiting[0]) if waiting else None, "form": OtherTimeForm(),
    }  # fmt: skip
    return render(request, "facilitators/asked.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def asked_one(request: HttpRequest, ask_id: int) -> HttpResponse:
    """One ask and its answer; 404 for anybody else's and for one that was not sent."""
    facilitator = facilitator_of(request)
    ask = get_object_or_404(_told(), pk=ask_id, facilitator=facilitator)
    form = _form(request, ask)
    if request.method == "POST":
        refusal = _answer(ask, request, form)
        return _page(request, ask, refusal, form) if refusal or form.errors else redirect("visits:asked")
    if ask.state == AskState.ACCEPTED:
        return redirect("visits:briefing", ask.pk)
    return _page(request, ask, "", form)


def _page(request: HttpRequest, ask: Ask, refusal: str, form: OtherTimeForm) -> HttpResponse:
    bookings = Booking.objects.filter(facilitator=ask.facilitator_id, ends_at__gt=timezone.now()).order_by("starts_at")
    context = {
        "fact": _facts(ask, list(bookings)), "ask": ask, "refusal": refusal, "form": form,
        "today": timezone.localdate(), "closed": _closed(ask),
        "why": None if _closed(ask) else scheduling.why_you(ask),
        "asked_count": standing.waiting_count(ask.facilitator),
    }  # fmt: skip
    return render(request, "facilitators/asked_one.html", context, status=_status(refusal, form))


@require_http_methods(["GET", "HEAD", "POST"])
def ask_answer(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link in the mail: opening it changes nothing, its buttons answer.

    404 for a wrong address and for one that was closed.
    """
    link = access.find(LinkPurpose.ASK, token)
    if link is None or link.ask is None or not access.is_usable(link, timezone.now()):
        raise Http404
    ask = get_object_or_404(_told(), pk=link.ask_id)
    form = _form(request, ask)
    refusal = _answer(ask, request, form) if request.method == "POST" else ""
    if request.method == "POST" and not refusal and not form.errors:
        return redirect("visits:ask_answer", access.token(link))
    context = {
        "fact": _facts(ask, None), "ask": ask, "refusal": refusal, "form": form, "may_undo": _may_undo(ask),
        "today": timezone.localdate(), "closed": _closed(ask),
    }  # fmt: skip
    return render(request, "facilitators/ask_link.html", context, status=_status(refusal, form))


def _form(request: HttpRequest, ask: Ask) -> OtherTimeForm:
    """The line to the coordinator; it is asked for only by its own button."""
    return OtherTimeForm(request.POST if request.POST.get("answer") == "other" else None, auto_id=f"%s-{ask.pk}")


def _answer(ask: Ask, request: HttpRequest, form: OtherTimeForm) -> str:
    """Do what the pressed button says; return why not when it is refused."""
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
    except (AskRefused, Clash) as refusal:
        return str(refusal)
    return ""


def _other_time(ask: Ask, form: OtherTimeForm) -> str:
    if form.is_valid():
        scheduling.decline(ask, other_time=form.cleaned_data["when"])
    return ""


def _told() -> AskQuerySet:
    asks = Ask.objects.exclude(state=AskState.PLANNED)
    return asks.select_related(
        "session__visit__request__coordinator", "session__room", "session__offering__area", "facilitator__user",
        "in_place_of", "asked_by",
    )  # fmt: skip


def _facts(ask: Ask, bookings: list[Booking] | None) -> dict[str, Any]:
    """An ask with what is told beside it: the free hours around, when they are one's own to read."""
    free = None if bookings is None else diary.free_around(ask.session, bookings)
    return {"ask": ask, "session": ask.session, "visit_request": ask.session.visit.request, "free": free}


def _closed(ask: Ask) -> str:
    """Why there is nothing to answer; a colleague who would take over has answered, and waits for the coordinator."""
    return "" if ask.is_waiting and not ask.is_agreed else scheduling.closed_words(ask)


def _may_undo(ask: Ask) -> bool:
    return diary.may_undo(ask, timezone.now())


def _status(refusal: str, form: OtherTimeForm) -> int:
    if refusal:
        return CONFLICT
    return 422 if form.is_bound and form.errors else 200
