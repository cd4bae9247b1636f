"""The visitor takes a request back, or calls an agreed visit off, each on a page of its own."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from visits import story, workflow
from visits.choices import RequestState
from visits.forms.visit import EndForm
from visits.http import own_request
from visits.models import VisitRequest
from visits.rules import may_move
from visits.views.visit_page import case_of, moved_on

S = RequestState


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Before anything is agreed."""
    return _end(request, own_request(request, reference), S.WITHDRAWN, _withdraw, "visits/visit/withdraw.html")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, reference: str) -> HttpResponse:
    """After the yes."""
    return _end(request, own_request(request, reference), S.CANCELLED, _cancel, "visits/visit/cancel.html")


def _end(
    request: HttpRequest,
    visit_request: VisitRequest,
    end: RequestState,
    deed: Callable[[VisitRequest, str, int], str],
    template: str,
) -> HttpResponse:
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
    case = case_of(visit_request)
    context = {"form": form, "case": case, "visit_request": visit_request, "facts": story.facts(case)}
    return render(request, template, context, status=422 if form.errors else 200)


def _withdraw(visit_request: VisitRequest, why: str, seen: int) -> str:
    workflow.withdraw(visit_request, why=why, seen=seen)
    return _("You have taken your request back. We have let go of every time and room.")


def _cancel(visit_request: VisitRequest, why: str, seen: int) -> str:
    workflow.cancel(visit_request, why=why, by=None, seen=seen)
    return _("The visit is cancelled. Everybody who prepared for you is told.")
