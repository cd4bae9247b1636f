"""The rows that reminders owe, and how the rows that they read are narrowed."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

from django.db.models import Model, QuerySet

from visits.models import Ask, Proposal, ReminderRung, VisitRequest
from visits.outbox import Owed
from visits.reminders.clock import Clock

M = TypeVar("M", bound=Model)


def only(rows: QuerySet[M], field: str, pk: int | None) -> QuerySet[M]:
    return rows if pk is None else rows.filter(**{field: pk})


def to_visitor(
    rung: ReminderRung,
    visit_request: VisitRequest,
    once_per: object,
    clock: Clock,
    *,
    day: date,
    proposal: Proposal | None = None,
    **data: object,
) -> Owed:
    """A reminder to the contact person; `day` is the one that it is counted from."""
    return Owed(
        rung.kind, f"request-{visit_request.pk}", once_per, visit_request, clock.morning, request=visit_request,
        proposal=proposal, data=of_rung(rung, day) | data,
    )  # fmt: skip


def to_facilitator(
    rung: ReminderRung, about: str, ask: Ask, once_per: object, clock: Clock, *, day: date, shares: str = ""
) -> Owed:
    return Owed(
        rung.kind, about, once_per, ask.facilitator.user, clock.morning, request=ask.session.visit.request, ask=ask,
        data=of_rung(rung, day), shares=shares,
    )  # fmt: skip


def of_rung(rung: ReminderRung, day: date) -> dict[str, object]:
    """What a reminder’s row says of where it comes from: the rung, and the day that it is counted from."""
    return {"rung": rung.slug, "day": day.isoformat()}
