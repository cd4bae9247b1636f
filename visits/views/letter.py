"""The invitation letter for a visa: written into the answer, and kept nowhere."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from visits import history, limits
from visits.choices import RequestState
from visits.documents import press
from visits.forms.group import LetterForm
from visits.http import Follower, follower
from visits.rules import ENDED
from visits.views.visit_page import case_of

TEMPLATE = "print/invitation.html"


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, reference: str) -> HttpResponse:
    """A letter for one person of a confirmed visit, as a PDF; where none can be made, as a page to print."""
    reader = follower(request, reference)
    visit_request = reader.visit_request
    if visit_request.request_state != RequestState.CONFIRMED:
        return _no_letter(request, reader)
    form = LetterForm(request.POST or None, initial={"name": _name(reader)})
    if request.method != "POST" or not form.is_valid():
        return _page(request, reader, form, status=422 if form.errors else 200)
    if limits.exceeded(request, "letter"):
        form.add_error(None, limits.sentence())
        return _page(request, reader, form, status=429)
    return _letter(request, reader, form)


def _no_letter(request: HttpRequest, reader: Follower) -> HttpResponse:
    """There is none yet, or none any more, and why."""
    has_ended = reader.visit_request.request_state in (RequestState.COMPLETED, *ENDED)
    context = {"visit_request": reader.visit_request, "has_ended": has_ended, "member": reader.member}
    return render(request, "visits/visit/no_letter.html", context, status=410 if has_ended else 409)


@sensitive_variables()
def _letter(request: HttpRequest, reader: Follower, form: LetterForm) -> HttpResponse:
    """The letter itself; what stays is that one was made."""
    language = get_language() or "en"
    context = _told(reader) | {"person": form.cleaned_data, "today": timezone.localdate(), "language": language}
    try:
        printed = press.pdf(TEMPLATE, context, language=language)
    except press.NoPress as why:
        answer = render(request, TEMPLATE, {**context, "why": str(why)})
    else:
        answer = HttpResponse(printed, content_type="application/pdf")
        answer["Content-Disposition"] = f'attachment; filename="invitation-{reader.visit_request.reference}.pdf"'
    history.record(reader.visit_request, "invitation_letter_made", by=None)
    return answer


def _page(request: HttpRequest, reader: Follower, form: LetterForm, *, status: int) -> HttpResponse:
    context = _told(reader) | {"form": form, "member": reader.member, "may_print": press.is_ready()}
    return render(request, "visits/visit/invitation.html", context, status=status)


def _told(reader: Follower) -> dict[str, Any]:
    visit_request = reader.visit_request
    return {"visit_request": visit_request, "visit": visit_request.visit, "case": case_of(visit_request)}


def _name(reader: Follower) -> str:
    return reader.participant.name if reader.participant else reader.visit_request.contact_name
