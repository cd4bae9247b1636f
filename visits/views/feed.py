"""The calendar of a facilitator as a file behind a secret address, and the page that tells the address."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from visits import access, feeds, scheduling
from visits.http import facilitator_of


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar; 404 when the address is wrong or has been replaced. 304 when nothing has changed."""
    digest = access.digest_of(token)
    file = feeds.facilitator_calendar(digest) if digest else None
    if file is None:
        raise Http404
    return file_response(request, file, "qulturum.ics")


def calendar_response(request: HttpRequest, calendar: bytes, name: str) -> HttpResponse:
    """A calendar file that may be asked for again and again: 304 while it is the same."""
    return file_response(request, feeds.File(calendar, feeds.etag_of(calendar)), name)


def file_response(request: HttpRequest, file: feeds.File, name: str) -> HttpResponse:
    """The same of a file that has its name already."""
    etag = file.etag
    response = HttpResponse(file.content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    return get_conditional_response(request, etag=etag, response=response) or response


@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    """The secret address of one's own calendar. POST makes a new one, and the old one is closed."""
    facilitator = facilitator_of(request)
    if request.method == "POST":
        access.new_feed(facilitator)
        messages.success(request, _("Here is your new address. An older one no longer works."))
        return redirect("visits:subscribe")
    link = access.feed_link(facilitator)
    address = request.build_absolute_uri(reverse("visits:feed", args=[access.token(link)])) if link else ""
    context = {
        "address": address, "webcal": address.replace("https:", "webcal:", 1).replace("http:", "webcal:", 1),
        "made": link and link.created_at, "asked_count": scheduling.waiting_count(facilitator),
    }  # fmt: skip
    return render(request, "facilitators/subscribe.html", context)
