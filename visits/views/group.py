"""The page of the visiting group: who has written, and how the contact person lets others in."""

from __future__ import annotations

from datetime import datetime
from itertools import zip_longest
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from visits import access, group, limits, words
from visits.forms.group import InviteForm
from visits.forms.needs import LABELS
from visits.forms.visit import PersonForm
from visits.http import follower, own_request
from visits.letters import links
from visits.models import Participant, VisitRequest
from visits.views.visit_page import case_of, moved_on


@never_cache
@require_safe
def names(request: HttpRequest, reference: str) -> HttpResponse:
    """Who comes. The contact person invites; one of the group reads the names."""
    reader = follower(request, reference)
    if not group.is_open(reader.visit_request):
        return redirect(reader.visit_request)
    return page(request, reader.visit_request, member=reader.member)


@never_cache
@require_POST
def add_name(request: HttpRequest, reference: str) -> HttpResponse:
    """The contact person writes somebody who has no address."""
    visit_request = own_request(request, reference)
    if not group.is_open(visit_request):
        typed = " ".join((request.POST.get("name", ""), request.POST.get("role", ""))).strip()
        return moved_on(request, visit_request, typed=typed)
    form = PersonForm(request.POST)
    if not form.is_valid():
        return page(request, visit_request, person_form=form, status=422)
    try:
        added = group.add_name(visit_request.visit, name=form.cleaned_data["name"], role=form.cleaned_data["role"])
    except group.GroupFull as full:
        form.add_error(None, str(full))
        return page(request, visit_request, person_form=form, status=409)
    messages.success(request, _("%(name)s is on the list.") % {"name": added.name})
    return redirect("visits:group", reference)


@never_cache
@require_POST
def remove_name(request: HttpRequest, reference: str, participant_id: int) -> HttpResponse:
    visit_request = own_request(request, reference)
    if not group.is_open(visit_request):
        return moved_on(request, visit_request)
    if group.remove_name(visit_request.visit, participant_id):
        messages.success(request, _("The name is taken off the list."))
    return redirect("visits:group", reference)


@never_cache
@require_POST
def invite(request: HttpRequest, reference: str) -> HttpResponse:
    """Links to some addresses: all of them, or none and why."""
    visit_request = own_request(request, reference)
    if not group.is_open(visit_request):
        return moved_on(request, visit_request, typed=request.POST.get("addresses", "").strip())
    form = InviteForm(request.POST, free=group.of(visit_request.visit).free)
    if not form.is_valid():
        return page(request, visit_request, invite_form=form, status=422)
    emails = form.cleaned_data["addresses"]
    if any(limits.exceeded(request, "group_invite", address=email) for email in emails):
        form.add_error("addresses", limits.sentence())
        return page(request, visit_request, invite_form=form, status=429)
    try:
        group.invite(visit_request.visit, emails, language=get_language() or "en")
    except (group.AddressKnown, group.GroupFull) as refusal:
        form.add_error("addresses", str(refusal))
        return page(request, visit_request, invite_form=form, status=409)
    sent = ngettext("The link is on its way.", "%(count)d links are on their way.", len(emails))
    messages.success(request, sent % {"count": len(emails)})
    return redirect("visits:group", reference)


@never_cache
@require_POST
def invite_again(request: HttpRequest, reference: str, participant_id: int) -> HttpResponse:
    visit_request = own_request(request, reference)
    if not group.is_open(visit_request):
        return moved_on(request, visit_request)
    person = get_object_or_404(Participant.objects.invited(), visit=visit_request.visit, pk=participant_id)
    if group.invite_again(person):
        messages.success(request, _("The link is on its way to %(email)s.") % {"email": person.email})
    else:
        told = _("The link went to %(email)s today already. Ask them to look in spam.")
        messages.info(request, told % {"email": person.email})
    return redirect("visits:group", reference)


@never_cache
@require_POST
def new_link(request: HttpRequest, reference: str) -> HttpResponse:
    """A link for everybody; the one before it opens nothing any more."""
    visit_request = own_request(request, reference)
    if not group.is_open(visit_request):
        return moved_on(request, visit_request)
    group.share_anew(visit_request)
    messages.success(request, _("Here is the link for your group. An older one opens nothing any more."))
    return redirect("visits:group", reference)


def page(
    request: HttpRequest,
    visit_request: VisitRequest,
    *,
    member: Participant | None = None,
    person_form: PersonForm | None = None,
    invite_form: InviteForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The names, with a form that is to be mended when there is one; to a member, to read."""
    people, case = group.of(visit_request.visit), case_of(visit_request)
    context: dict[str, Any] = {
        "visit_request": visit_request,
        "case": case,
        "member": member,
        "group": people,
        "rows": _free_rows(visit_request, people, member),
        "size_words": capfirst(words.spelled(people.size)),
        "form": invite_form or person_form,
    }
    if member is None:
        context |= _for_the_contact(visit_request, people, person_form, invite_form)
    return render(request, "visits/visit/group.html", context, status=status)


def _free_rows(
    visit_request: VisitRequest, people: group.Group, member: Participant | None
) -> list[tuple[int, datetime | None]]:
    """The numbers of the free places, and for the contact person when somebody took their own name off."""
    left = group.left_lately(visit_request.visit, people.free) if member is None else []
    return list(zip_longest(range(people.size - people.free + 1, people.size + 1), left))


def _for_the_contact(
    visit_request: VisitRequest, people: group.Group, person_form: PersonForm | None, invite_form: InviteForm | None
) -> dict[str, Any]:
    link = access.group_link(visit_request)
    return {
        "free_words": words.spelled(people.free),
        "person_form": person_form or PersonForm(auto_id="person_%s"),
        "invite_form": invite_form or InviteForm(free=people.free, auto_id="invite_%s"),
        "link": links.shared(link) if link else "",
        "figures": [(LABELS[figure.kind], figure.people) for figure in group.figures(visit_request)],
    }
