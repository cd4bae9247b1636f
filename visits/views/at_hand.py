"""What guests take with them: the programme as a PDF, and the visit in their calendar."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from visits import access, feeds, rules, story
from visits.choices import LinkPurpose
from visits.documents import press
from visits.documents.programme import TEMPLATE, programme_of, programme_pdf
from visits.http import Follower, follower
from visits.models import AccessLink, VisitRequest
from visits.views.feed import calendar_response
from visits.views.paper import printed
from visits.views.visit_page import asked_of, show


@never_cache
@require_safe
def programme(request: HttpRequest, reference: str) -> HttpResponse:
    """The programme on A4; where no PDF can be made, the same paper to print from the browser."""
    reader = follower(request, reference)
    made = programme_file(request, reader.visit_request, language=get_language() or "en")
    return made or show(
        request, reader.visit_request, member=reader.member, status=404,
        refusal=_("There is no programme to print yet. It is on this page as soon as we propose one."),
    )  # fmt: skip


def programme_file(request: HttpRequest, visit_request: VisitRequest, *, language: str) -> HttpResponse | None:
    """The answer with the PDF, or with the paper as a page; None while nothing has been proposed."""
    try:
        drawn = programme_pdf(visit_request, language=language)
    except press.NoPress as reason:
        context = {"programme": programme_of(visit_request), "language": language, "how_to_print": str(reason)}
        return render(request, TEMPLATE, context)
    if drawn is None:
        return None
    response = HttpResponse(drawn, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{visit_request.reference}-{_("programme")}.pdf"'
    return response


@never_cache
@require_safe
def asked(request: HttpRequest, reference: str) -> HttpResponse:
    """What was asked, as paper. One of the group reads it without what is the contact person's alone."""
    reader = follower(request, reference)
    visit_request = reader.visit_request
    told = asked_of(visit_request)
    if reader.member is not None:
        told["asked_rows"] = story.without_needs(told["asked_rows"], visit_request)
    context = {**told, "visit_request": visit_request, "member": reader.member, "today": timezone.localdate()}
    return printed(request, "print/request.html", context, name=f"{reference}-request")


@never_cache
@require_safe
def calendar_file(request: HttpRequest, reference: str) -> HttpResponse:
    """The visit as a calendar file, once its days are agreed; opened again, it brings the calendar up to date."""
    reader = follower(request, reference)
    visit_request = reader.visit_request
    if not feeds.has_calendar(visit_request):
        return _no_calendar(request, reader)
    calendar = feeds.visit_calendar(visit_request.visit, language=get_language())
    response = HttpResponse(calendar, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{visit_request.reference}.ics"'
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: HttpRequest, reference: str) -> HttpResponse:
    """The file, or an own address that a calendar program reads by itself. POST makes a new address."""
    reader = follower(request, reference)
    visit_request = reader.visit_request
    if not feeds.has_calendar(visit_request):
        return _no_calendar(request, reader)
    if request.method == "POST":
        access.new_guest_feed(until=rules.end_of(visit_request.visit.last_day), **_whose(reader))
        messages.success(request, _("Here is your address. An older one no longer works."))
        return redirect("visits:guest_calendar", visit_request.reference)
    link = access.guest_feed(**_whose(reader))
    return render(request, "visits/visit/calendar.html", {"visit_request": visit_request, **_address(request, link)})


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """A visit for a calendar program; 404 when the address is wrong or has been replaced, 304 when nothing is new."""
    link = access.find(LinkPurpose.FEED, token)
    visit_request = _fed(link)
    if link is None or visit_request is None or not access.is_usable(link, timezone.now()):
        raise Http404
    language = link.participant.language if link.participant else visit_request.language
    return calendar_response(request, feeds.visit_calendar(visit_request.visit, language=language), "qulturum.ics")


def _fed(link: AccessLink | None) -> VisitRequest | None:
    """The visit that a guest’s address is for; None for a facilitator’s, and before there is a visit."""
    if link is None:
        return None
    visit_request = link.participant.visit.request if link.participant else link.request
    return visit_request if visit_request and hasattr(visit_request, "visit") else None


def _whose(reader: Follower) -> dict[str, Any]:
    return {"participant": reader.member} if reader.member else {"request": reader.visit_request}


def _address(request: HttpRequest, link: AccessLink | None) -> dict[str, Any]:
    address = request.build_absolute_uri(reverse("visits:guest_feed", args=[access.token(link)])) if link else ""
    webcal = address.replace("https:", "webcal:", 1).replace("http:", "webcal:", 1)
    return {"address": address, "webcal": webcal, "made": link and link.created_at}


def _no_calendar(request: HttpRequest, reader: Follower) -> HttpResponse:
    sentence = _("There is no calendar file yet: the days are not agreed.")
    return show(request, reader.visit_request, member=reader.member, refusal=sentence, status=404)
