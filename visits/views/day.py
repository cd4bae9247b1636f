"""The days of a visit on a phone in a corridor: what is now, whom to call, how to get there."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from visits import story
from visits.documents.today import today_of
from visits.http import Follower, follower
from visits.models import VisitRequest
from visits.views.saved import is_saved, saved_on_phones


@never_cache
@require_safe
def day(request: HttpRequest, reference: str) -> HttpResponse:
    """The visit at this minute, for everybody of the group; until it is confirmed, the way back."""
    return _page(request, reference, "visits/visit/day.html")


@never_cache
@require_safe
def way(request: HttpRequest, reference: str) -> HttpResponse:
    """The way to each place of the programme, in words."""
    return _page(request, reference, "visits/visit/way.html")


def _page(request: HttpRequest, reference: str, template: str) -> HttpResponse:
    reader = follower(request, reference)
    today = today_of(reader.visit_request, timezone.now())
    if today is None:
        return render(request, "visits/visit/no_day.html", {"visit_request": reader.visit_request}, status=404)
    response = render(request, template, _shown(reader, today))
    return saved_on_phones(response, reader.visit_request.visit)


def _shown(reader: Follower, today: story.Today) -> dict[str, Any]:
    visit_request = reader.visit_request
    return {
        "visit_request": visit_request,
        "visit": visit_request.visit,
        "reader": reader,
        "today": today,
        "host": visit_request.coordinator,
        "host_phone": _host_phone(visit_request, today),
        "is_saved": is_saved(visit_request.visit),
        "front_desk": settings.QULTURUM_FRONT_DESK_PHONE,
    }


def _host_phone(visit_request: VisitRequest, today: story.Today) -> str:
    """The host’s own number on its days; a copy that is saved before them brings it, and shows it when they come."""
    is_carried = today.now < today.phone_begins and is_saved(visit_request.visit)
    host = visit_request.coordinator
    return host.phone if host and (today.tells_phone or is_carried) else ""
