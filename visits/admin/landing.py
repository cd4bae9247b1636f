"""Where one is after a press on the request page: the page that can take it back, the tab, or the form once more."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from visits.admin import pages
from visits.forms import desk
from visits.models import Decision, VisitRequest


def decided(request: HttpRequest, case: VisitRequest, decision: Decision, tab: str, said: str) -> HttpResponse:
    """Where one is after a decision: at the page that can take it back, else at the tab, with a sentence."""
    if decision.until > decision.at:
        return redirect("admin:visits_visitrequest_sent", case.pk)
    messages.success(request, said)
    return redirect(pages.tab_url(case, tab))


def old_page(form: desk.SeenForm) -> str:
    """The sentence for a form whose hidden part is missing or wrong; the visible ones speak for themselves."""
    hidden = [field.name for field in form.hidden_fields()]
    told = [str(error) for name, errors in form.errors.items() if name in hidden for error in errors]
    return " ".join(dict.fromkeys(told))


def after(request: HttpRequest, case: VisitRequest, tab: str, form: desk.SeenForm, *, seen: bool) -> str:
    """Where one is after a deed: the same tab, at the same session; on top when there is more to read there."""
    session = request.POST.get("session", "")
    there = pages.tab_url(case, tab)
    if form.landing:
        return f"{there}{form.landing}"
    if not (session.isascii() and session.isdigit()):
        return there
    return f"{there}?session={session}#s{session}" if seen else f"{there}?session={session}"
