"""The way in: the link in the mail, and the list of one's visits."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from visits import access, limits, story
from visits.choices import LinkPurpose
from visits.http import own_requests, sign_in_visitor
from visits.models import HistoryEntry, Proposal, VisitRequest


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def open_visit(request: HttpRequest, token: str) -> HttpResponse:
    """Behind the link of a mail: a button, since mail programmes open links; only a press lets in."""
    link = access.find(LinkPurpose.VISIT, token)
    if link is None or link.request is None or link.request.submitted_at is None:
        often = limits.exceeded(request, "wrong_link")
        return render(request, "visits/visit/link_unknown.html", {"often": often}, status=429 if often else 404)
    if not access.is_usable(link, timezone.now()):
        return render(request, "visits/visit/link_closed.html", {"revoked": link.revoked_at}, status=410)
    if request.method != "POST":
        return render(request, "visits/visit/open.html", {"visit_request": link.request})
    sign_in_visitor(request, link)
    return redirect(link.request)


@never_cache
@require_safe
def my_visits(request: HttpRequest) -> HttpResponse:
    """The visits that this browser has opened, the newest first; the only one at once."""
    found = list(own_requests(request).select_related("coordinator", "visit").order_by("-submitted_at", "-pk"))
    if len(found) == 1:
        return redirect(found[0])
    return render(request, "visits/visit/list.html", {"cases": cases(found)})


def cases(found: list[VisitRequest]) -> list[story.Told]:
    """How each request stands; two queries, however many they are."""
    moves: dict[int, list[HistoryEntry]] = {}
    for entry in HistoryEntry.objects.filter(request__in=found, what__in=story.MOVES).order_by("at", "pk"):
        moves.setdefault(entry.request_id, []).append(entry)
    newest = {p.request_id: p for p in Proposal.objects.filter(request__in=found).order_by("number")}
    now = timezone.now()
    return [story.told(story.Case(one, moves.get(one.pk, []), newest.get(one.pk), now)) for one in found]
