"""A sent request as its contact person changes it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from tests.visits.visitor import cases
from visits import rules
from visits.models import Message, VisitRequest, WishedPeriod


def fresh(visit_request: VisitRequest) -> VisitRequest:
    return VisitRequest.objects.get(pk=visit_request.pk)


def days_of(visit_request: VisitRequest) -> list[date]:
    return list(visit_request.wishes.order_by("rank").values_list("first_day", flat=True))


def lines(visit_request: VisitRequest) -> int:
    """How often the history says that the guests changed what they had asked for."""
    return visit_request.history.filter(what="request_changed").count()


def told_the_host() -> int:
    return Message.objects.filter(kind="request_changed").count()


def wednesday(weeks: int) -> date:
    """A Wednesday so many weeks after the three months from today; negative is too soon."""
    day = rules.earliest_first_day(timezone.localdate()) + timedelta(weeks=weeks)
    return day + timedelta(days=(2 - day.weekday()) % 7)


def hidden(page: HttpResponse) -> dict[str, str]:
    """What the page's form carries unseen."""
    return dict(re.findall(r'<input type="hidden" name="(version|seen|choice)" value="([^"]*)"', page.text))


def save(client: Client, visit_request: VisitRequest, step: str, data: dict[str, Any], **unseen: str) -> HttpResponse:
    """Open a part, write, and press Save."""
    address = f"/my/{visit_request.reference}/request/{step}/"
    return client.post(address, {**hidden(client.get(address)), **unseen, **data})


def who(visit_request: VisitRequest, **changes: Any) -> dict[str, Any]:
    """The first part as it stands, with single answers changed."""
    names = ("organisation_name", "town", "organisation_kind", "contact_name", "contact_role", "contact_phone")
    stands = {name: getattr(visit_request, name) for name in (*names, "language", "group_size", "professions")}
    return {**stands, "country": str(visit_request.country), **changes}


def asked_long_ago() -> VisitRequest:
    """In time when it was sent, and closer than three months by now."""
    visit_request = cases.in_review()
    day = wednesday(-5)
    WishedPeriod.objects.filter(request=visit_request).delete()
    WishedPeriod.objects.create(request=visit_request, rank=1, first_day=day)
    asked_on = timezone.localdate().replace(year=timezone.localdate().year - 1, day=1)
    VisitRequest.objects.filter(pk=visit_request.pk).update(first_wished_day=day, submitted_on=asked_on)
    return fresh(visit_request)
