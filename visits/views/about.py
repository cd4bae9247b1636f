"""Pages about the portal itself: accessibility, privacy, how to get here, and the choice of colours."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from visits import statement

THEMES: Final = frozenset({"light", "dark"})
YEAR: Final = 365 * 24 * 60 * 60  # seconds


@require_GET
def accessibility(request: HttpRequest) -> HttpResponse:
    context = {"statement": statement.STATEMENT, "report_to": statement.REPORT_TO, **_contact()}
    return render(request, "about/accessibility.html", context)


@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "about/privacy.html", _contact())


@require_GET
def getting_here(request: HttpRequest) -> HttpResponse:
    return render(request, "about/getting_here.html", _contact())


def _contact() -> dict[str, object]:
    address = settings.QULTURUM_CONTACT_EMAIL
    return {"contact_email": address, "is_demo_address": address.endswith(".example")}


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the reader's choice of light or dark for a year; «as my device» forgets it."""
    response = HttpResponseRedirect(_back(request))
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie("theme", chosen, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure())
    else:
        response.delete_cookie("theme", samesite="Lax")
    return response


def _back(request: HttpRequest) -> str:
    """Where the reader was, if that is a page of ours."""
    there = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(there, {request.get_host()}, require_https=request.is_secure())
    return there if ours else resolve_url("/")
