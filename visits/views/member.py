"""The page of one person of the group about themselves."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from visits import group, limits
from visits.forms.group import CountMeForm, OwnForm
from visits.http import Follower, follower
from visits.models import Participant, VisitRequest
from visits.views.visit_page import case_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def me(request: HttpRequest, reference: str) -> HttpResponse:
    """What stands about oneself: written, changed, and read through."""
    reader = follower(request, reference)
    person = _person(reader)
    form = OwnForm(request.POST or None, initial=_said(person))
    if request.method != "POST" or not form.is_valid():
        return _page(request, reader, person, form=form, status=422 if form.errors else 200)
    first = not person.name
    try:
        group.write_own(person, form.words(language=get_language() or person.language))
    except group.AddressKnown as refusal:
        form.add_error("email", str(refusal))
        return _page(request, reader, person, form=form, status=409)
    except group.Gone as gone:
        messages.error(request, str(gone))
        return redirect("visits:home")
    said = _("Welcome, %(name)s: you are on the list.") if first else _("What you changed is saved.")
    messages.success(request, said % {"name": person.name})
    return redirect("visits:me", reference)


@never_cache
@require_POST
def count_me(request: HttpRequest, reference: str) -> HttpResponse:
    """Count oneself into numbers, or out of them; nothing keeps who did."""
    reader = follower(request, reference)
    person = _person(reader)
    if not _counts_now(reader.visit_request):
        return redirect("visits:me", reference)
    form = CountMeForm(request.POST, auto_id="count_%s")
    if not form.is_valid():
        return _page(request, reader, person, count_form=form, status=422)
    if limits.exceeded(request, "count_me"):
        form.add_error(None, limits.sentence())
        return _page(request, reader, person, count_form=form, status=429)
    less = request.POST.get("way") == "less"
    if limits.first_press(form.cleaned_data["once"]):
        group.count_one(reader.visit_request, form.cleaned_data["kinds"], less=less)
    told = _("You are not counted there any more.") if less else _("You are counted. Nobody sees that it was you.")
    messages.success(request, told)
    return redirect("visits:me", reference)


@never_cache
@require_POST
def acknowledge(request: HttpRequest, reference: str) -> HttpResponse:
    """«I have read this», what holds in care areas."""
    person = _person(follower(request, reference))
    group.acknowledge(person)
    messages.success(request, _("Thank you. We have noted that you have read it."))
    return redirect("visits:me", reference)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, reference: str) -> HttpResponse:
    """Take one's own name off: a page that says what follows, then one press."""
    reader = follower(request, reference)
    person = _person(reader)
    if person.is_contact:
        return redirect("visits:me", reference)
    if request.method != "POST":
        context = {"visit_request": reader.visit_request, "person": person}
        return render(request, "visits/visit/leave.html", context)
    group.leave(person)
    messages.success(request, _("Your name is taken off the list, and your link opens nothing any more."))
    return redirect("visits:home")


def _person(reader: Follower) -> Participant:
    """The row of whoever reads; Http404 for a contact person whose visit has no group yet."""
    if reader.participant is not None:
        return reader.participant
    visit = getattr(reader.visit_request, "visit", None)
    return get_object_or_404(Participant, visit=visit, is_contact=True)


def _said(person: Participant) -> dict[str, Any]:
    """What they have written; whoever writes for the first time chooses about the printed programme."""
    said = {name: getattr(person, name) for name in ("name", "role", "email", "curious_about")}
    return said | ({"printed": "yes" if person.may_be_printed else "no"} if person.name else {})


def _counts_now(visit_request: VisitRequest) -> bool:
    """Numbers are gathered until the day before the visit."""
    return group.is_open(visit_request) and visit_request.visit.first_day > timezone.localdate()


def _page(
    request: HttpRequest,
    reader: Follower,
    person: Participant,
    *,
    form: OwnForm | None = None,
    count_form: CountMeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    visit_request = reader.visit_request
    counts = person.name and _counts_now(visit_request)
    once = {"once": secrets.token_urlsafe(16)}
    context = {
        "visit_request": visit_request,
        "case": case_of(visit_request),
        "person": person,
        "form": count_form or form,
        "own_form": form or OwnForm(initial=_said(person)),
        "count_form": (count_form or CountMeForm(initial=once, auto_id="count_%s")) if counts else None,
        "member": reader.member,
    }
    return render(request, "visits/visit/me.html", context, status=status)
