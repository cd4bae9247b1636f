"""The visitor's own page: how it stands, what was asked, what is proposed, and the conversation."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from visits import feeds, workflow
from visits.choices import RequestState
from visits.forms.visit import MessageForm, WishForm
from visits.group import OPEN_STATES
from visits.http import own_request
from visits.models import VisitRequest
from visits.views.visit_page import MAY_BE_REOPENED, message_label, moved_on, show, wishes_offered

S = RequestState
CALENDAR_STATES = (*OPEN_STATES, S.COMPLETED, S.CANCELLED)


@never_cache
@require_safe
def visit(request: HttpRequest, reference: str) -> HttpResponse:
    return show(request, own_request(request, reference))


@never_cache
@require_POST
def messages_to_us(request: HttpRequest, reference: str) -> HttpResponse:
    """What the visitor writes; it answers our question when we had one."""
    visit_request = own_request(request, reference)
    form = MessageForm(request.POST, label=message_label(visit_request))
    if not form.is_valid():
        return show(request, visit_request, form=form, status=422)
    return _written(request, visit_request, form.cleaned_data["text"])


@never_cache
@require_POST
def look_again(request: HttpRequest, reference: str) -> HttpResponse:
    """One of the ways on that the page offered: it is written to us in the visitor's name."""
    visit_request = own_request(request, reference)
    form = WishForm(request.POST, wishes=wishes_offered(visit_request))
    if not form.is_valid():
        return show(request, visit_request, refusal=" ".join(map(str, form.errors["wish"])), status=422)
    return _written(request, visit_request, form.words)


def _written(request: HttpRequest, visit_request: VisitRequest, text: str) -> HttpResponse:
    try:
        workflow.answer(visit_request, text=text)
    except workflow.MoveRefused:
        return moved_on(request, visit_request, typed=text)
    if visit_request.request_state in MAY_BE_REOPENED:
        messages.success(request, _("We have it. A colleague looks again and answers within five working days."))
    else:
        messages.success(request, _("We have your message."))
    return redirect(visit_request.get_absolute_url() + "#messages")


@never_cache
@require_safe
def calendar(request: HttpRequest, reference: str) -> HttpResponse:
    """The visit as a calendar file, once its days are agreed."""
    visit_request = own_request(request, reference)
    if visit_request.request_state not in CALENDAR_STATES or not hasattr(visit_request, "visit"):
        return show(
            request, visit_request, refusal=_("There is no calendar file yet: the days are not agreed."), status=404
        )
    response = HttpResponse(feeds.visit_calendar(visit_request.visit), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{visit_request.reference}.ics"'
    return response
