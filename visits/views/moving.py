"""The guests ask for other days: what follows is told first, then the days are chosen, then confirmed."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from visits import agreement, feasibility, rules, story, words, workflow
from visits.choices import RequestState
from visits.forms.moving import MoveForm, OtherDaysForm, iso
from visits.http import own_request
from visits.models import VisitRequest
from visits.story import End
from visits.views import calendar
from visits.views.visit_page import case_with, moved_on, refused


@never_cache
@require_safe
def move(request: HttpRequest, reference: str) -> HttpResponse:
    """What follows, and the calendar."""
    visit_request = own_request(request, reference)
    if not _may_be_moved(visit_request):
        return redirect(visit_request)
    return _choose(request, visit_request, _days_form(visit_request, None))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, reference: str) -> HttpResponse:
    """The chosen days once more, with what they answer, and the press that does it."""
    visit_request = own_request(request, reference)
    if request.method == "POST":
        return _move(request, visit_request)
    if not _may_be_moved(visit_request):
        return redirect(visit_request)
    here = reverse("visits:move", args=[reference])
    if "go" in request.GET:  # a button of the calendar: other months, nothing chosen yet
        asked = {"month": request.GET["go"], "first": request.GET.get("first", "")}
        return redirect(f"{here}?{urlencode(asked)}#calendar")
    form = _days_form(visit_request, request.GET)
    if not form.is_valid():
        return _choose(request, visit_request, form, status=422)
    return _confirm(request, visit_request, form.cleaned_data["days"])


def _choose(request: HttpRequest, visit_request: VisitRequest, form: OtherDaysForm, status: int = 200) -> HttpResponse:
    today = timezone.localdate()
    chosen = iso(form["first"].value() or request.GET.get("first", ""))
    first = calendar.month_within(
        calendar.parse_month(request.GET.get("month", "")) or chosen or visit_request.visit.first_day, today
    )
    last = calendar.end_of_month(calendar.next_month(first, calendar.SHOWN - 1))
    found = feasibility.outlook(feasibility.wants_of(visit_request), first, last, asked_on=today)
    page = calendar.page(found, shown=first, chosen=chosen if chosen and first <= chosen <= last else None, today=today)
    context = _told(visit_request) | {
        "form": form, "calendar": page, "earliest": found.first_there(rules.earliest_first_day(today)),
        "open_days": found.open_days()[:3],
    }  # fmt: skip
    return render(request, "visits/visit/move.html", context, status=status)


def _confirm(
    request: HttpRequest, visit_request: VisitRequest, days: list[date], form: MoveForm | None = None
) -> HttpResponse:
    today = timezone.localdate()
    found = feasibility.outlook(feasibility.wants_of(visit_request), min(days), max(days), asked_on=today)
    joined = ",".join(day.isoformat() for day in days)
    form = form or MoveForm(initial={"seen": visit_request.version, "days": joined})
    context = _told(visit_request) | {
        "form": form,
        "answers": [(day, found.day(day), feasibility.telling.fit_word(found.day(day).fit)) for day in days],
    }
    return render(request, "visits/visit/move_confirm.html", context, status=422 if form.errors else 200)


def _move(request: HttpRequest, visit_request: VisitRequest) -> HttpResponse:
    form = MoveForm(request.POST)
    typed = request.POST.get("text", "")
    if not form.is_valid():
        if "days" in form.errors or "seen" in form.errors or not _may_be_moved(visit_request):
            return refused(request, visit_request, _sentence(form), typed=typed)
        return _confirm(request, visit_request, form.cleaned_data["days"], form)
    days, why = form.cleaned_data["days"], form.cleaned_data["text"]
    if _is_done(visit_request, days):
        return redirect(visit_request)  # pressed twice: moved once
    if not _may_be_moved(visit_request):
        return moved_on(request, visit_request, typed=why)
    try:
        _do(request, visit_request, days, why, form.cleaned_data["seen"])
    except workflow.MoveRefused as refusal:
        return refused(request, visit_request, str(refusal), typed=why)
    return redirect(visit_request)


def _do(request: HttpRequest, visit_request: VisitRequest, days: list[date], why: str, seen: int) -> None:
    """Their own deed in time; later a wish to the host."""
    if _is_in_time(visit_request):
        workflow.move_by_guests(visit_request, days=days, why=why, seen=seen)
        messages.success(request, _("We have it. The old days are let go, and you get a new programme from us."))
        return
    workflow.wish_to_move(visit_request, days=days, why=why, seen=seen)
    messages.success(request, _("Your host has your wish. The visit stands as it is until you have an answer."))


def _told(visit_request: VisitRequest) -> dict[str, Any]:
    found = agreement.current(visit_request)
    case = case_with(visit_request, found)
    visit = visit_request.visit
    return {
        "visit_request": visit_request,
        "case": case,
        "facts": story.facts(case),
        "days": words.day_range(visit.first_day, visit.last_day),
        "effects": story.effects_told(workflow.effects_of(visit_request, found), End.MOVE),
        "in_time": _is_in_time(visit_request),
        "until": workflow.last_day_to_move(visit),
    }


def _days_form(visit_request: VisitRequest, data: Any) -> OtherDaysForm:
    return OtherDaysForm(data, today=timezone.localdate(), now=visit_request.visit.first_day)


def _may_be_moved(visit_request: VisitRequest) -> bool:
    """An agreed visit that has not begun."""
    return visit_request.request_state in rules.STANDING and visit_request.visit.first_day > timezone.localdate()


def _is_in_time(visit_request: VisitRequest) -> bool:
    return timezone.localdate() <= workflow.last_day_to_move(visit_request.visit)


def _is_done(visit_request: VisitRequest, days: list[date]) -> bool:
    """Whether just these days are what was asked for last."""
    if visit_request.request_state != RequestState.IN_REVIEW:
        return False
    last = visit_request.history.filter(what="move_wanted").first()
    return last is not None and last.detail.get("days") == [day.isoformat() for day in days]


def _sentence(form: MoveForm) -> str:
    return " ".join(dict.fromkeys(str(error) for errors in form.errors.values() for error in errors))
