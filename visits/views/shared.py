"""The door of a group: whoever holds the shared link writes their own name."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from visits import access, group, limits
from visits.choices import LinkPurpose
from visits.forms.group import OwnForm
from visits.http import Follower, follower, sign_in_visitor
from visits.models import AccessLink, VisitRequest
from visits.views.visit_page import case_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever holds the group's link writes their own name, and gets a link of their own in this browser."""
    link = access.find(LinkPurpose.GROUP, token)
    if link is None or link.request is None:
        often = limits.exceeded(request, "wrong_link")
        return render(request, "visits/visit/link_unknown.html", {"often": often}, status=429 if often else 404)
    visit_request = link.request
    known = _known_here(request, visit_request)
    if known is not None:
        return redirect("visits:group" if known.decides else "visits:me", visit_request.reference)
    if not access.is_usable(link, timezone.now()) or not group.is_open(visit_request):
        return _closed(request, link, visit_request)
    form = OwnForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _write(request, visit_request, form)
    return _shared_page(request, visit_request, form, status=422 if form.errors else 200)


def _known_here(request: HttpRequest, visit_request: VisitRequest) -> Follower | None:
    """Who this browser is in the visit already."""
    try:
        return follower(request, visit_request.reference or "")
    except Http404:
        return None


def _write(request: HttpRequest, visit_request: VisitRequest, form: OwnForm) -> HttpResponse:
    words = form.words(language=get_language() or "en")
    if limits.exceeded(request, "group_name", address=words.email):
        form.add_error(None, limits.sentence())
        return _shared_page(request, visit_request, form, status=429)
    try:
        person = group.write_by_shared_link(visit_request.visit, words)
    except group.GroupFull:
        return _shared_page(request, visit_request, form, status=409)
    except group.AddressKnown as refusal:
        group.invite_again(refusal.person)
        form.add_error("email", _known_words(refusal))
        return _shared_page(request, visit_request, form, status=409)
    sign_in_visitor(request, access.standing_link(LinkPurpose.MEMBER, participant=person))
    messages.success(request, _("Welcome, %(name)s: you are on the list.") % {"name": person.name})
    return redirect("visits:me", visit_request.reference)


def _known_words(refusal: group.AddressKnown) -> str:
    return f"{refusal} " + _("We have sent a link there: open the visit from that mail, or write another address.")


def _shared_page(request: HttpRequest, visit_request: VisitRequest, form: OwnForm, *, status: int) -> HttpResponse:
    """The form; once every place is taken, why there is none. What was typed stays where it was."""
    people = group.of(visit_request.visit)
    is_full = people.free == 0
    context = {"visit_request": visit_request, "visit": visit_request.visit, "form": form, "is_full": is_full}
    context |= {"case": case_of(visit_request), "group": people}
    return render(request, "visits/visit/group_shared.html", context, status=409 if is_full else status)


def _closed(request: HttpRequest, link: AccessLink, visit_request: VisitRequest) -> HttpResponse:
    context = {"visit_request": visit_request, "is_revoked": link.revoked_at is not None}
    return render(request, "visits/visit/group_closed.html", context, status=410)
