"""Organisations with a history, and who looks at them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from tests.factories import CoordinatorFactory, VisitRequestFactory
from tests.visits.ledger.scene import visit_over
from visits import memory
from visits.choices import Side
from visits.models import LedgerEntry, LedgerPoint, LookBack, Organisation, Promise, User, Visit


def organisation(name: str = "Rotterhaven Hospital", **fields: Any) -> Organisation:
    return Organisation.objects.create(**{"name": name, "country": "NL", "kind": "health"} | fields)


def visited(one: Organisation, last_day: date, **fields: Any) -> Visit:
    """A visit that is over, with what both sides wrote into the ledger, and what became of it."""
    visit = visit_over(last_day, organisation=one, organisation_name=one.name, country=one.country, **fields)
    for side, words, tries in (
        (Side.GUESTS, "How patients learn from patients", "One patient learns"),
        (Side.OURS, "Their first night call", "A call the evening before"),
    ):
        user = visit.request.coordinator if side == Side.OURS else None
        look_back = LookBack.objects.create(
            visit=visit, side=side, user=user, author_name="Somebody", shared_at=timezone.now()
        )
        LedgerEntry.objects.create(
            visit=visit, look_back=look_back, learner=side, number=1, words=words, tries=tries
        )  # fmt: skip
    return visit


def followed_up(visit: Visit, *, state: str, words: str = "", due_on: date | None = None) -> LedgerPoint:
    entry = visit.ledger.get(learner=Side.OURS)
    day = due_on or visit.last_day + timedelta(days=92)
    return LedgerPoint.objects.create(entry=entry, months=3, due_on=day, state=state, words=words)


def asking(one: Organisation, **fields: Any) -> Any:
    return VisitRequestFactory(organisation=one, organisation_name=one.name, country=one.country, **fields)


def promised(one: Organisation, *, by: User | None = None, days: int = 30, **fields: Any) -> Promise:
    today = timezone.localdate()
    who = by or CoordinatorFactory(first_name="Karin", last_name="Ahlgren")
    given_on = fields.pop("given_on", today - timedelta(days=400))
    return memory.promise(
        one, said=fields.pop("said", "The training plan in English"), due_on=today + timedelta(days=days),
        by=who, today=min(given_on, today + timedelta(days=days)), **fields,
    )  # fmt: skip
