"""The visitor takes a request back, or calls an agreed visit off, each on a page of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from visits import agreement, story, words, workflow
from visits.choices import RequestState
from visits.forms.visit import EndForm
from visits.http import own_request
from visits.models import VisitRequest
from visits.rules import may_move
from visits.story import End
from visits.views.visit_page import case_with, moved_on, refused

S = RequestState


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Before anything is agreed."""
    return _end(request, own_request(request, reference), S.WITHDRAWN, _withdraw, "visits/visit/withdraw.html")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, reference: str) -> HttpResponse:
    """After the yes; late it is a wish to the host, and the visit stands until they have answered."""
    visit_request = own_request(request, reference)
    deed = _cancel if _is_in_time(visit_request) else _wish_to_cancel
    return _end(request, visit_request, S.CANCELLED, deed, "visits/visit/cancel.html")


def _end(
    request: HttpRequest,
    visit_request: VisitRequest,
    end: RequestState,
    deed: Callable[[VisitRequest, str, int], str],
    template: str,
) -> HttpResponse:
    if request.method == "POST" and visit_request.request_state == end and (ours := _ended_by_us(visit_request, end)):
        return refused(request, visit_request, ours, typed=str(request.POST.get("text", "")).strip())
    if visit_request.request_state == end or (
        request.method != "POST" and not may_move(visit_request.request_state, end)
    ):
        return redirect(visit_request)  # done already, or an old link
    form = EndForm(request.POST or None, initial={"seen": visit_request.version})
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, deed(visit_request, form.cleaned_data["text"], form.cleaned_data["seen"]))
        except workflow.MoveRefused:
            return moved_on(request, visit_request, typed=form.cleaned_data["text"])
        return redirect(visit_request)
    if not may_move(visit_request.request_state, end):
        return moved_on(request, visit_request)
    return render(request, template, _told(visit_request, end, form), status=422 if form.errors else 200)


def _ended_by_us(visit_request: VisitRequest, end: RequestState) -> str:
    """That one of us was first to end it, and when, in a sentence; nothing when the guests did themselves."""
    last = visit_request.history.filter(what=end).order_by("-at", "-pk").first()
    if last is None or last.by_id is None:
        return ""
    told = _("We had called it off already, on %(day)s at %(time)s. This is how it stands now.")
    return told % {"day": words.day(last.at), "time": words.clock(last.at)}


def _told(visit_request: VisitRequest, end: RequestState, form: EndForm) -> dict[str, Any]:
    """The page before it is done: what follows, and until when they do it themselves."""
    found = agreement.current(visit_request)
    case = case_with(visit_request, found)
    effects = workflow.effects_of(visit_request, found)
    return {
        "form": form,
        "case": case,
        "visit_request": visit_request,
        "facts": story.facts(case),
        "effects": story.effects_told(effects, End.CANCEL if end == S.CANCELLED else End.WITHDRAW),
        "in_time": end == S.WITHDRAWN or _is_in_time(visit_request),
        "until": workflow.last_day_to_cancel(visit_request.visit) if end == S.CANCELLED else None,
    }


def _is_in_time(visit_request: VisitRequest) -> bool:
    visit = getattr(visit_request, "visit", None)
    return visit is None or timezone.localdate() <= workflow.last_day_to_cancel(visit)


def _withdraw(visit_request: VisitRequest, why: str, seen: int) -> str:
    workflow.withdraw(visit_request, why=why, seen=seen)
    return _("You have taken your request back. We have let go of every time and room.")


def _cancel(visit_request: VisitRequest, why: str, seen: int) -> str:
    workflow.cancel(visit_request, why=why, by=None, seen=seen)
    return _("The visit is cancelled. Everybody who prepared for you is told.")


def _wish_to_cancel(visit_request: VisitRequest, why: str, seen: int) -> str:
    workflow.wish_to_cancel(visit_request, why=why, seen=seen)
    return _("Your host has your wish. The visit stands as it is until you have an answer.")
