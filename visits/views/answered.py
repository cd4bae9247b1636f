"""What waits for the visitor's answer, and what they are told when nothing does."""

from __future__ import annotations

from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from visits import story
from visits.choices import ProposalAnswer, RequestState
from visits.models import Proposal, VisitRequest
from visits.views import versions as pages
from visits.views.visit_page import case_of, refused


def closed(request: HttpRequest, visit_request: VisitRequest) -> HttpResponse:
    """There is nothing to answer: a link that is old leads to what there is to read, a press is told why."""
    if request.method != "POST":
        has_any = visit_request.proposals.exists()
        return redirect("visits:programme", visit_request.reference) if has_any else redirect(visit_request)
    typed = str(request.POST.get("text", ""))
    sentence = _("This programme has been answered already. Your page shows how it stands now.")
    return overtaken(request, visit_request, pages.number(request.POST.get("number")), sentence, typed)


def overtaken(
    request: HttpRequest, visit_request: VisitRequest, number: int | None, sentence: str, typed: str
) -> HttpResponse:
    """Nothing was done, and why; a yes that is pressed twice is one yes and leads to the visit."""
    pressed_yes = request.resolver_match is not None and request.resolver_match.url_name == "proposal_yes"
    said_yes = visit_request.proposals.filter(number=number or 0, answer=ProposalAnswer.YES)
    if pressed_yes and said_yes.exists():
        return redirect(visit_request)
    return refused(request, visit_request, sentence, typed=typed)


class OpenVersion(NamedTuple):
    """The version that waits for an answer, with the story and the versions that it is read among."""

    case: story.Case
    versions: story.Versions
    proposal: Proposal


def open_version(visit_request: VisitRequest) -> OpenVersion | None:
    """The version that waits for an answer; None when nothing does."""
    if visit_request.request_state != RequestState.PROPOSED:
        return None
    case = case_of(visit_request)
    versions = pages.versions_of(visit_request, case)
    return OpenVersion(case, versions, versions.open) if versions.open else None


def open_version_now(visit_request: VisitRequest) -> OpenVersion | None:
    """What waits for an answer after somebody was faster: everything is read again."""
    return open_version(VisitRequest.objects.select_related("coordinator", "visit").get(pk=visit_request.pk))
