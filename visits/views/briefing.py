"""The briefing of a session: what somebody who said yes wants to know before they lead it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from visits import rules, scheduling, words
from visits.choices import AskState
from visits.http import facilitator_of
from visits.models import Ask


@require_safe
def briefing(request: HttpRequest, ask_id: int) -> HttpResponse:
    """All that a facilitator needs for a session they said yes to; 404 for anybody else's."""
    facilitator = facilitator_of(request)
    asks = Ask.objects.select_related(
        "session__visit__request__coordinator", "session__room__site", "session__offering"
    )
    ask = get_object_or_404(asks, pk=ask_id, facilitator=facilitator, state=AskState.ACCEPTED)
    session, visit = ask.session, ask.session.visit
    day = words.local_date(session.starts_at)
    agenda = visit.sessions.filter(starts_at__gte=rules.end_of(day - rules.DAY), starts_at__lt=rules.end_of(day))
    helpers = session.asks.filter(state=AskState.ACCEPTED).exclude(pk=ask.pk).select_related("facilitator__user")
    context = {
        "ask": ask, "session": session, "visit": visit, "visit_request": visit.request, "agenda": agenda,
        "others": [helper.facilitator for helper in helpers], "participants": visit.participants.written(),
        "days_left": (day - timezone.localdate()).days, "asked_count": scheduling.waiting_count(facilitator),
    }  # fmt: skip
    return render(request, "facilitators/briefing.html", context)
