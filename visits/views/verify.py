"""The address is confirmed by a button behind the link in the mail: a GET never sends."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from visits import access, drafts, http, limits, workflow
from visits.choices import LinkPurpose, RequestState
from visits.models import AccessLink, VisitRequest
from visits.views import drafting, summary

# The second press of a double press still opens the page; a link found later does not.
GRACE: Final = timedelta(minutes=10)


@require_http_methods(["GET", "HEAD", "POST"])
@drafting.personal
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """One button. Pressed, the request reaches us and the visitor's page opens."""
    link = access.find(LinkPurpose.VERIFY, token)
    if link is None or link.request is None:
        often = limits.exceeded(request, "wrong_link")
        return _problem(request, "often" if often else "wrong", status=429 if often else 404)
    visit_request, now = link.request, timezone.now()
    if visit_request.submitted_at is not None:
        return _used(request, link, visit_request, now)
    if visit_request.state != RequestState.UNVERIFIED or not access.is_usable(link, now):
        return _late(request, link, visit_request)
    if request.method == "POST":
        return _confirm(request, link, visit_request)
    wished = drafts.wishes(visit_request)
    period = summary.period(wished[0], visit_request.length) if wished else ""
    return render(request, "visits/verify.html", {"visit_request": visit_request, "period": period})


def _confirm(request: HttpRequest, link: AccessLink, visit_request: VisitRequest) -> HttpResponse:
    try:
        workflow.verify(visit_request)
    except workflow.MoveRefused:
        visit_request.refresh_from_db()
        if visit_request.submitted_at is None:
            return _late(request, link, visit_request)
    return _open(request, visit_request)


def _open(request: HttpRequest, visit_request: VisitRequest) -> HttpResponse:
    http.sign_in_visitor(request, access.standing_link(LinkPurpose.VISIT, request=visit_request))
    response = redirect("visits:visit", visit_request.reference)
    drafting.forget(response)
    return response


def _used(request: HttpRequest, link: AccessLink, visit_request: VisitRequest, now: datetime) -> HttpResponse:
    """The request has reached us. Who has its page open goes there; others can be sent a new link."""
    if http.own_requests(request).filter(pk=visit_request.pk).exists():
        return redirect("visits:visit", visit_request.reference)
    if request.method != "POST":
        return _problem(request, "used", status=410)
    if "again" not in request.POST and visit_request.submitted_at and now - visit_request.submitted_at < GRACE:
        return _open(request, visit_request)
    if limits.exceeded(request, "resend", address=visit_request.contact_email):
        return _problem(request, "often", status=429)
    drafts.find(visit_request.contact_email, language=get_language() or "en")
    return _problem(request, "sent_again", status=200)


def _late(request: HttpRequest, link: AccessLink, visit_request: VisitRequest) -> HttpResponse:
    """Not sent, and this link no longer sends it: a newer mail, a new mail, or a new start."""
    if visit_request.state == RequestState.DRAFT or link.revoked_at is not None:
        return _problem(request, "replaced", status=410)
    if request.method != "POST":
        return _problem(request, "old", status=410)
    if visit_request.state == RequestState.UNVERIFIED:
        if limits.exceeded(request, "resend", address=visit_request.contact_email):
            return _problem(request, "often", status=429)
        drafts.send_verification_again(visit_request)
        return _problem(request, "sent_again", status=200)
    again = drafts.start_again(visit_request)
    response = redirect("visits:request_check")
    drafting.keep(response, again)
    return response


def _problem(request: HttpRequest, problem: str, *, status: int) -> HttpResponse:
    return render(request, "visits/request/link.html", {"problem": problem}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@drafting.personal
def sent(request: HttpRequest) -> HttpResponse:
    """«Look in your e-mail», with the mail once more, and a way to mend the address."""
    link = drafting.link_of(request)
    visit_request = link.request if link else None
    if visit_request is None or visit_request.state == RequestState.EXPIRED:
        return redirect("visits:request_start")
    if visit_request.state == RequestState.DRAFT:
        return redirect("visits:request_check")
    if visit_request.state != RequestState.UNVERIFIED:
        return _reached_us(request, visit_request)
    if request.method == "POST":
        return _mend(request, visit_request)
    return _check_your_mail(request, visit_request)


def _reached_us(request: HttpRequest, visit_request: VisitRequest) -> HttpResponse:
    if http.own_requests(request).filter(pk=visit_request.pk).exists():
        return redirect("visits:visit", visit_request.reference)
    return _problem(request, "sent", status=200)


def _mend(request: HttpRequest, visit_request: VisitRequest) -> HttpResponse:
    if "change" in request.POST:
        try:
            workflow.change_address(visit_request)
        except workflow.MoveRefused:
            return redirect("visits:request_sent")
        return redirect("visits:request_step", "who")
    if limits.exceeded(request, "resend", address=visit_request.contact_email):
        return _check_your_mail(request, visit_request, problem=limits.sentence(), status=429)
    drafts.send_verification_again(visit_request)
    return _check_your_mail(request, visit_request, again=True)


def _check_your_mail(
    request: HttpRequest, visit_request: VisitRequest, *, again: bool = False, problem: str = "", status: int = 200
) -> HttpResponse:
    context = {"visit_request": visit_request, "again": again, "problem": problem}
    return render(request, "visits/check_your_mail.html", context, status=status)
