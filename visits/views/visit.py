"""The visitor's own page: how it stands, what was asked, what is proposed, and the conversation."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from visits import access, workflow
from visits.choices import LinkPurpose
from visits.forms.visit import MessageForm, WishForm
from visits.http import follower, own_request, sign_in_visitor
from visits.models import VisitRequest
from visits.views.visit_page import MAY_BE_REOPENED, message_label, moved_on, show
from visits.views.ways_on import ways_on


@never_cache
@require_safe
def visit(request: HttpRequest, reference: str) -> HttpResponse:
    reader = follower(request, reference)
    if reader.visit_request.absorbed_into:
        return redirect(reader.visit_request.absorbed_into)
    return show(request, reader.visit_request, member=reader.member)


@never_cache
@require_POST
def messages_to_us(request: HttpRequest, reference: str) -> HttpResponse:
    """What the visitor writes; it answers our question when we had one."""
    visit_request = own_request(request, reference)
    # A page that was open while the request was put into another: what is written goes where it goes on.
    visit_request = visit_request.absorbed_into or visit_request
    form = MessageForm(request.POST, label=message_label(visit_request))
    if not form.is_valid():
        return show(request, visit_request, form=form, status=422)
    return _written(request, visit_request, form.cleaned_data["text"])


@never_cache
@require_POST
def look_again(request: HttpRequest, reference: str) -> HttpResponse:
    """One of the ways on that the page offers: other days are asked for, anything else is written to us for them."""
    visit_request = own_request(request, reference)
    ways = ways_on(visit_request)
    form = WishForm(request.POST, ways={key: way.title for key, way in ways.items() if way.wish})
    if not form.is_valid():
        return show(request, visit_request, refusal=" ".join(map(str, form.errors["wish"])), status=422)
    way = ways[form.cleaned_data["wish"]]
    if way.first_day is None:
        return _written(request, visit_request, way.wish)
    return _again(request, visit_request, way.first_day, way.wish)


def _again(request: HttpRequest, visit_request: VisitRequest, first_day: date, wish: str) -> HttpResponse:
    """Ask for the other week with all that was written; too late for that, it is a message to us."""
    try:
        again = workflow.ask_again(visit_request, first_day=first_day)
    except workflow.MoveRefused:
        return _written(request, visit_request, wish)
    sign_in_visitor(request, access.standing_link(LinkPurpose.VISIT, request=again))
    messages.success(request, _("We have your request for the other days. What you wrote has come with you."))
    return redirect(again)


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
