"""Somebody reads the request that one of us has entered for them, and takes it over with one press."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from visits import access, drafts, http, limits, rules, workflow
from visits.choices import Gift, LinkPurpose
from visits.models import AccessLink, VisitRequest
from visits.views import drafting, summary


@require_http_methods(["GET", "HEAD", "POST"])
@drafting.personal
def take_over(request: HttpRequest, token: str) -> HttpResponse:
    """What we wrote down, with two buttons: it is right, or it is theirs and something is to be corrected."""
    link = access.find(LinkPurpose.TAKE_OVER, token)
    if link is None or link.request is None:
        often = limits.exceeded(request, "wrong_link")
        return _problem(request, "often" if often else "wrong", status=429 if often else 404)
    if not access.is_usable(link, timezone.now()):
        return _problem(request, "replaced", status=410)
    if link.request.visitor_id is not None:
        return _taken(request, link.request)
    if request.method == "POST":
        return _take(request, link, link.request)
    return _show(request, link.request)


def _take(request: HttpRequest, link: AccessLink, visit_request: VisitRequest) -> HttpResponse:
    try:
        workflow.take_over(visit_request)
    except workflow.MoveRefused:
        # A colleague moved the request at this moment; it is theirs all the same.
        visit_request.refresh_from_db()
        workflow.take_over(visit_request)
    http.sign_in_visitor(request, access.standing_link(LinkPurpose.VISIT, request=visit_request))
    if "correct" in request.POST and visit_request.request_state in rules.CHANGEABLE:
        return redirect(reverse("visits:my_request", args=[visit_request.reference]))
    return redirect(visit_request)


def _taken(request: HttpRequest, visit_request: VisitRequest) -> HttpResponse:
    """It is taken over. Who has its page open goes there; others are sent a new link."""
    if http.own_requests(request).filter(pk=visit_request.pk).exists():
        return redirect(visit_request)
    if request.method != "POST":
        return _problem(request, "used", status=410)
    if limits.exceeded(request, "resend", address=visit_request.contact_email):
        return _problem(request, "often", status=429)
    drafts.find(visit_request.contact_email, language=get_language() or "en")
    return _problem(request, "sent_again", status=200)


def _show(request: HttpRequest, visit_request: VisitRequest) -> HttpResponse:
    """What we wrote down; numbers of food and access are told to nobody before the address is confirmed."""
    wished = drafts.wishes(visit_request)
    context = {
        "visit_request": visit_request,
        "by": visit_request.entry.by,
        "sections": summary.sections(visit_request, wished, {}),
        "brings": summary.labels(Gift, visit_request.gifts),
        "may_correct": visit_request.request_state in rules.CHANGEABLE,
    }
    return render(request, "visits/take_over.html", context)


def _problem(request: HttpRequest, problem: str, *, status: int) -> HttpResponse:
    return render(request, "visits/request/link.html", {"problem": problem}, status=status)
