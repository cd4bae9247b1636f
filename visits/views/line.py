"""The waiting list from the visitor's side: a place that is kept, other months, other days."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from visits import story, waiting, words, workflow
from visits.choices import RequestState
from visits.forms.line import DaysForm, MonthsForm, PlaceForm
from visits.http import own_request
from visits.models import VisitRequest
from visits.views.visit_page import case_of, moved_on, other_days, refused, show


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest, reference: str) -> HttpResponse:
    """The days that are kept for them: yes, or no and wait on."""
    visit_request = own_request(request, reference)
    if request.method == "POST":
        return _answer(request, visit_request)
    case = case_of(visit_request)
    if case.place is None:
        return redirect(visit_request)
    context = {
        "visit_request": visit_request, "case": case, "offer": case.place, "facts": story.facts(case),
        "standing": case.line,
    }  # fmt: skip
    return render(request, "visits/visit/place.html", context)


def _answer(request: HttpRequest, visit_request: VisitRequest) -> HttpResponse:
    form = PlaceForm(request.POST)
    if not form.is_valid():
        return refused(request, visit_request, form.sentence)
    take = form.cleaned_data["answer"] == "yes"
    deed = waiting.take_place if take else waiting.refuse_place
    try:
        deed(visit_request, offer=form.cleaned_data["offer"])
    except workflow.MoveRefused as refusal:
        return refused(request, visit_request, str(refusal))
    told = (
        _("The days are yours. We plan your meeting now, and send you a programme.")
        if take
        else _("We have let the days go. You keep your place in the line.")
    )
    messages.success(request, told)
    return redirect(visit_request)


@never_cache
@require_POST
def months(request: HttpRequest, reference: str) -> HttpResponse:
    """Which months they wait for."""
    visit_request = own_request(request, reference)
    standing = waiting.standing(visit_request)
    form = MonthsForm(request.POST, standing=standing)
    if not form.is_valid():
        return show(request, visit_request, months_form=form, status=422)
    try:
        waiting.choose_months(visit_request, form.chosen, seen=form.cleaned_data["seen"])
    except workflow.MoveRefused:
        return moved_on(request, visit_request)
    messages.success(request, _("We have it: you wait for %(months)s.") % {"months": form.names})
    return redirect(visit_request)


@never_cache
@require_POST
def days(request: HttpRequest, reference: str) -> HttpResponse:
    """Other days that are free now: they leave the line, and we plan for those."""
    visit_request = own_request(request, reference)
    form = DaysForm(request.POST, days=other_days(visit_request))
    if visit_request.request_state != RequestState.WAITLISTED:
        return moved_on(request, visit_request)
    if not form.is_valid():
        return show(request, visit_request, refusal=form.sentence, status=422)
    first_day = form.cleaned_data["day"]
    try:
        waiting.take_other_days(visit_request, first_day=first_day, seen=form.cleaned_data["seen"])
    except workflow.MoveRefused as refusal:
        return refused(request, visit_request, str(refusal))
    messages.success(
        request, _("We plan for %(day)s now. What you wrote comes with you.") % {"day": words.day(first_day)}
    )
    return redirect(visit_request)
