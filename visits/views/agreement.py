"""Our agreement, as the guests read it, change their answers in it, and agree to it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from visits import agreement, rules, story
from visits.agreement import AgreementRefused, Stage
from visits.agreement.content import GUESTS
from visits.forms.agreement import AgreeForm, AnswersForm
from visits.http import follower, own_request
from visits.models import Agreement, Participant, VisitRequest
from visits.views import paper
from visits.views.visit_page import case_with

CONFLICT = 409
UNPROCESSABLE = 422


@never_cache
@require_safe
def read(request: HttpRequest, reference: str) -> HttpResponse:
    """The four parts, for the contact person and for everybody in the group."""
    reader = follower(request, reference)
    found = _found(reader.visit_request)
    return _page(request, reader.visit_request, found, member=reader.member)


@never_cache
@require_POST
def agree(request: HttpRequest, reference: str) -> HttpResponse:
    """The contact person agrees for the group, to the text that stood on the screen."""
    visit_request = own_request(request, reference)
    found, form = _found(visit_request), AgreeForm(request.POST)
    if not form.is_valid():
        refusal = " ".join(map(str, form.errors["digest"]))
        return _page(request, visit_request, found, refusal=refusal, status=UNPROCESSABLE)
    try:
        agreed = agreement.agree_for_guests(visit_request, seen=form.cleaned_data["digest"])
    except AgreementRefused as refusal:
        return _page(request, visit_request, _found(visit_request), refusal=str(refusal), status=CONFLICT)
    messages.success(request, _both() if agreed.is_agreed else _("Thank you. Your host reads it and agrees as well."))
    return redirect("visits:agreement", reference)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answers(request: HttpRequest, reference: str) -> HttpResponse:
    """The guests’ answers to the three questions, to be changed until both have agreed."""
    visit_request = own_request(request, reference)
    found = _found(visit_request)
    form = AnswersForm(request.POST or None, initial=_answers(found))
    if request.method != "POST" or not form.is_valid():
        status = UNPROCESSABLE if form.errors else 200
        return _answers_page(request, visit_request, found, form, status=status)
    try:
        agreement.change_answers(visit_request, answers=form.answers, seen=form.cleaned_data["digest"])
    except AgreementRefused as refusal:
        found = _found(visit_request)
        return _answers_page(request, visit_request, found, form, refusal=str(refusal), status=CONFLICT)
    messages.success(request, _("Your answers are kept."))
    return redirect("visits:agreement", reference)


@never_cache
@require_safe
def printed(request: HttpRequest, reference: str) -> HttpResponse:
    """The agreement on paper, with its whole fingerprint."""
    reader = follower(request, reference)
    found = _found(reader.visit_request)
    context = {"visit_request": reader.visit_request, "reading": agreement.read(reader.visit_request, found)}
    name = f"{reference}-agreement-{found.number}"
    return paper.printed(request, "print/agreement.html", context, name=name)


def _found(visit_request: VisitRequest) -> Agreement:
    """The version that stands; Http404 before the guests have said yes to a programme."""
    found = agreement.current(visit_request)
    if found is None:
        raise Http404
    return found


def _answers(found: Agreement) -> dict[str, str]:
    wants = found.content["wants"]
    return {"digest": found.digest, **{question: wants[question][GUESTS] for question in wants}}


def _page(
    request: HttpRequest,
    visit_request: VisitRequest,
    found: Agreement,
    *,
    member: Participant | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    context = _told(visit_request, found) | {"member": member, "refusal": refusal}
    if member is not None:
        context["banner"] = story.banner_for_member(context["case"])
    return render(request, "visits/visit/agreement.html", context, status=status)


def _answers_page(
    request: HttpRequest,
    visit_request: VisitRequest,
    found: Agreement,
    form: AnswersForm,
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    context = _told(visit_request, found) | {"form": form, "refusal": refusal}
    return render(request, "visits/visit/agreement_answers.html", context, status=status)


def _told(visit_request: VisitRequest, found: Agreement) -> dict[str, Any]:
    case = case_with(visit_request, found)
    stands = visit_request.request_state in rules.STANDING
    reading = agreement.read(visit_request, found)
    return {
        "visit_request": visit_request,
        "case": case,
        "banner": story.banner(case),
        "reading": reading,
        "stands": stands,
        "may_change": stands and reading.stage != Stage.SETTLED,
        "may_agree": stands and found.guests_at is None and not reading.lacks,
    }


def _both() -> str:
    return _("We have both agreed. The agreement is on this page as a PDF, and the way to it comes by e-mail.")
