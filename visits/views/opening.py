"""The way in: the link in the mail, and the list of one's visits."""

from __future__ import annotations

from django.db.models import QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from visits import access, limits, rules, story, waiting
from visits.choices import LinkPurpose, RequestState
from visits.http import followed_requests, sign_in_visitor
from visits.models import AccessLink, Agreement, HistoryEntry, Proposal, VisitRequest


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def open_visit(request: HttpRequest, token: str) -> HttpResponse:
    """Behind the link of a mail: a button, since mail programmes open links; only a press lets in.

    The contact person's link and each member's open the same visit, with what each may do there.
    """
    link = access.find(LinkPurpose.VISIT, token) or access.find(LinkPurpose.MEMBER, token)
    visit_request = _opened_by(link)
    if link is None or visit_request is None:
        often = limits.exceeded(request, "wrong_link")
        return render(request, "visits/visit/link_unknown.html", {"often": often}, status=429 if often else 404)
    if not access.is_usable(link, timezone.now()):
        return render(request, "visits/visit/link_closed.html", {"revoked": link.revoked_at}, status=410)
    if request.method != "POST":
        return render(request, "visits/visit/open.html", {"visit_request": visit_request})
    sign_in_visitor(request, link)
    _let_last_through_the_visit(request, visit_request)
    return redirect(visit_request)


def _let_last_through_the_visit(request: HttpRequest, visit_request: VisitRequest) -> None:
    """Who comes within a week need not look for the mail again in a corridor. Nobody of ours: theirs ends as always."""
    visit = getattr(visit_request, "visit", None)
    if visit is None or visit_request.request_state != RequestState.CONFIRMED or request.user.is_authenticated:
        return
    if rules.is_saved(visit.first_day, visit.last_day, timezone.localdate()):
        request.session.set_expiry(rules.end_of(visit.last_day + rules.SAVED_DAYS_AFTER * rules.DAY))


def _opened_by(link: AccessLink | None) -> VisitRequest | None:
    """The visit behind a link, or the one into which it was put; None while it is an unfinished request."""
    if link is None:
        return None
    visit_request = link.participant.visit.request if link.participant else link.request
    if visit_request is None or visit_request.submitted_at is None:
        return None
    return visit_request.absorbed_into or visit_request


def _moves_of(found: list[VisitRequest]) -> QuerySet[HistoryEntry]:
    return HistoryEntry.objects.known_outside(timezone.now()).filter(request__in=found, what__in=story.MOVES)


@never_cache
@require_safe
def my_visits(request: HttpRequest) -> HttpResponse:
    """The visits that this browser has opened, the newest first; the only one at once."""
    found = list(followed_requests(request).select_related("coordinator", "visit").order_by("-submitted_at", "-pk"))
    if len(found) == 1:
        return redirect(found[0])
    return render(request, "visits/visit/list.html", {"cases": cases(found)})


def cases(found: list[VisitRequest]) -> list[story.Told]:
    """How each request stands; four queries, however many they are, and one more for those in the waiting line."""
    prefetch_related_objects(found, "wishes")
    moves: dict[int, list[HistoryEntry]] = {}
    for entry in _moves_of(found).order_by("at", "pk"):
        moves.setdefault(entry.request_id, []).append(entry)
    newest = {p.request_id: p for p in Proposal.objects.filter(request__in=found).order_by("number")}
    agreed = {a.request_id: a for a in Agreement.objects.current().filter(request__in=found)}
    kept, now = waiting.places_of(found), timezone.now()
    return [
        story.told(
            story.Case(
                one, moves.get(one.pk, []), newest.get(one.pk), now,
                line=kept.get(one.pk), agreement=agreed.get(one.pk),
            )
        )
        for one in found
    ]  # fmt: skip
