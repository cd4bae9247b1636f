"""The visitor answers a proposal: yes on a page of its own, or what to change."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from visits import story, workflow
from visits.choices import ProposalAnswer, RequestState
from visits.forms.visit import ChangeForm, YesForm
from visits.http import own_request
from visits.models import Proposal, VisitRequest
from visits.views.visit_page import case_of, refused


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def proposal_yes(request: HttpRequest, reference: str) -> HttpResponse:
    """Say yes to the version that was read; the number of that version travels with the form."""
    visit_request = own_request(request, reference)
    form = YesForm(request.POST or None, host=_host(visit_request))
    if request.method == "POST" and form.is_valid():
        return _accepted(request, visit_request, form)
    proposal = _open(visit_request)
    if proposal is None:
        return _answered(request, visit_request, request.POST.get("text", ""))
    context = {"form": form, **_told(visit_request, proposal)}
    return render(request, "visits/visit/yes.html", context, status=422 if form.errors else 200)


def _accepted(request: HttpRequest, visit_request: VisitRequest, form: YesForm) -> HttpResponse:
    number, text = form.cleaned_data["number"], form.cleaned_data["text"]
    try:
        workflow.accept_proposal(visit_request, number=number, words=text)
    except workflow.MoveRefused as refusal:
        if visit_request.proposals.filter(number=number, answer=ProposalAnswer.YES).exists():
            return redirect(visit_request)  # pressed twice: one yes
        return refused(request, visit_request, str(refusal), typed=text)
    messages.success(request, _("Thank you for your yes. We confirm everyone you will meet, and tell you."))
    return redirect(visit_request)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def proposal_change(request: HttpRequest, reference: str) -> HttpResponse:
    """Suggest changes to the version that was read; several are sent in one message."""
    visit_request = own_request(request, reference)
    proposal = _open(visit_request)
    if proposal is None:
        return _answered(request, visit_request, request.POST.get("text", ""))
    days = story.days_of_snapshot(proposal.agenda)
    form = ChangeForm(request.POST or None, days=days)
    if request.method == "POST" and form.is_valid():
        return _changed(request, visit_request, form)
    context = {"form": form, **_told(visit_request, proposal), "changes": _changes(visit_request, proposal)}
    return render(request, "visits/visit/change.html", context, status=422 if form.errors else 200)


def _changed(request: HttpRequest, visit_request: VisitRequest, form: ChangeForm) -> HttpResponse:
    number, wish = form.cleaned_data["number"], form.cleaned_data["wish"]
    try:
        workflow.want_change(visit_request, number=number, text=wish)
    except workflow.MoveRefused as refusal:
        return refused(request, visit_request, str(refusal), typed=wish)
    messages.success(request, _("We have your suggestions. A new version comes to your e-mail and to this page."))
    return redirect(visit_request)


def _answered(request: HttpRequest, visit_request: VisitRequest, typed: str) -> HttpResponse:
    """There is nothing to answer: a link that is old leads to the page, a press is told why."""
    if request.method != "POST":
        return redirect(visit_request)
    sentence = _("This programme has been answered already. Your page shows how it stands now.")
    return refused(request, visit_request, sentence, typed=typed)


def _open(visit_request: VisitRequest) -> Proposal | None:
    if visit_request.request_state != RequestState.PROPOSED:
        return None
    return visit_request.proposals.filter(answer=ProposalAnswer.OPEN).first()


def _told(visit_request: VisitRequest, proposal: Proposal) -> dict[str, Any]:
    case = case_of(visit_request)
    days = story.days_of_snapshot(proposal.agenda)
    own = story.own_rows(days)
    return {
        "visit_request": visit_request,
        "case": case,
        "proposal": proposal,
        "banner": story.banner(case),
        "facts": story.facts(case),
        "days": days,
        "own": own,
        "ours": sum(row.kind == "host" for day in days for row in day.sessions),
        "own_minutes": story.own_minutes(days),
    }


def _changes(visit_request: VisitRequest, proposal: Proposal) -> list[story.Change]:
    before = visit_request.proposals.filter(number__lt=proposal.number).order_by("-number").first()
    if before is None:
        return []
    return story.changes(story.days_of_snapshot(before.agenda), story.days_of_snapshot(proposal.agenda))


def _host(visit_request: VisitRequest) -> str:
    host = visit_request.coordinator
    return (host.first_name or str(host)) if host else ""
