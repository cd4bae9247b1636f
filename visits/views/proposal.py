"""The visitor says yes to a version of the programme, on a page of its own."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from visits import words, workflow
from visits.forms.proposal import YesForm
from visits.http import own_request
from visits.models import VisitRequest
from visits.scheduling import Clash
from visits.views import versions as pages
from visits.views.answered import OpenVersion, closed, open_version, open_version_now, overtaken
from visits.views.suggesting import newer

REFUSALS = (workflow.MoveRefused, Clash)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def proposal_yes(request: HttpRequest, reference: str) -> HttpResponse:
    """Say yes to the version that was read; the number of that version travels with the form."""
    visit_request = own_request(request, reference)
    found = open_version(visit_request)
    if found is None:
        return closed(request, visit_request)
    number, days = found.proposal.number, pages.periods(found.proposal)
    choices = [(str(period.rank), capfirst(period.words)) for period in days] if len(days) > 1 else []
    form = YesForm(request.POST or None, host=_host(visit_request), days=choices)
    if request.method == "POST" and form.data.get("number", number) != str(number):
        form.full_clean()
        if "number" not in form.errors:
            return newer(request, found)
    if request.method == "POST" and form.is_valid():
        return _accepted(request, visit_request, number, form)
    return _yes_page(request, found, form, status=422 if form.errors else 200)


def _yes_page(request: HttpRequest, found: OpenVersion, form: YesForm, *, status: int) -> HttpResponse:
    context = pages.read(request, found.case, found.versions, found.proposal)
    prices = {str(period.rank): words.money(period.quote.total) for period in context["periods"] if period.quote}
    context |= {"form": form, "prices": prices}
    return render(request, "visits/visit/yes.html", context, status=status)


def _accepted(request: HttpRequest, visit_request: VisitRequest, number: int, form: YesForm) -> HttpResponse:
    text = form.cleaned_data["text"]
    try:
        workflow.accept_proposal(visit_request, number=number, words=text, choice=form.chosen)
    except REFUSALS as refusal:
        now = open_version_now(visit_request)
        if now is not None and now.proposal.number != number:
            return newer(request, now)
        return overtaken(request, visit_request, number, str(refusal), text)
    messages.success(request, _("Thank you for your yes. We confirm everyone you will meet, and tell you."))
    return redirect(visit_request)


def _host(visit_request: VisitRequest) -> str:
    host = visit_request.coordinator
    return (host.first_name or str(host)) if host else ""
