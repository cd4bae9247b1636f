"""Pages about the portal itself: accessibility, privacy, how to get here, and the choice of colours."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from visits import enquiries, limits, statement
from visits.forms.obstacle import ObstacleForm
from visits.models import Enquiry

THEMES: Final = frozenset({"light", "dark"})
YEAR: Final = 365 * 24 * 60 * 60  # seconds


@require_http_methods(["GET", "HEAD", "POST"])
def accessibility(request: HttpRequest) -> HttpResponse:
    """The statement, and a form for what does not work; nobody has to say who they are."""
    form = ObstacleForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _statement(request, form, status=422 if form.is_bound else 200)
    if limits.exceeded(request, "enquiry", address=form.cleaned_data["email"]):
        form.add_error(None, limits.sentence())
        return _statement(request, form, status=429)
    enquiries.receive(
        Enquiry(
            name=gettext("Somebody who met an obstacle"),
            email=form.cleaned_data["email"],
            organisation_name=gettext("Accessibility"),
            text=form.cleaned_data["text"],
            language=get_language() or "en",
        )
    )
    return redirect(f"{reverse('visits:accessibility')}?thanks=1#obstacle")


def _statement(request: HttpRequest, form: ObstacleForm, *, status: int) -> HttpResponse:
    context = {
        "statement": statement.current(),
        "form": form,
        "thanks": "thanks" in request.GET and not form.is_bound,
        **_contact(),
    }
    return render(request, "about/accessibility.html", context, status=status)


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
