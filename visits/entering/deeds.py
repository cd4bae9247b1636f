"""From what was written to a request that has reached us, through the door that every request goes through."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from visits import drafts, rules, workflow
from visits.choices import Source
from visits.drafts import Answers
from visits.models import Entry, User, VisitRequest


@dataclass(frozen=True)
class Written:
    """What one of us has written down for somebody; `fingerprint` tells the same row or page from others."""

    answers: Answers
    source: Source
    said: str
    reason: str
    fingerprint: str

    @property
    def wished(self) -> list[date]:
        return [wish.first_day for wish in self.answers.wishes or []]


def enter(written: Written, *, by: User, today: date) -> VisitRequest:
    """Keep it as a request that has reached us. The same page pressed twice gives the same request.

    Raises workflow.MoveRefused when a day is too soon and may not be waived.
    """
    try:
        return _entered(written, by=by, today=today)
    except IntegrityError:
        # The same page in another window, or the same new organisation at the same moment: then once more.
        known = Entry.objects.select_related("request").filter(fingerprint=written.fingerprint).first()
        return known.request if known else _entered(written, by=by, today=today)


@transaction.atomic
def enter_all(every: Iterable[Written], *, by: User, today: date) -> list[VisitRequest]:
    """All of them or none. Raises IntegrityError when one has come in meanwhile, and workflow.MoveRefused."""
    return [_entered(written, by=by, today=today) for written in every]


@transaction.atomic
def _entered(written: Written, *, by: User, today: date) -> VisitRequest:
    now = timezone.now()
    draft = VisitRequest.objects.create(state_since=now, **written.answers.fields)
    drafts.write_rows(draft, written.answers)
    return workflow.enter(
        draft, by=by, source=written.source, said=written.said, today=today, wished=written.wished,
        reason=written.reason, fingerprint=written.fingerprint,
    )  # fmt: skip


def known_fingerprints(fingerprints: Collection[str]) -> dict[str, VisitRequest]:
    """The requests that rows of a file have become already; one query."""
    found = Entry.objects.filter(fingerprint__in=fingerprints).select_related("request")
    return {entry.fingerprint: entry.request for entry in found}


def known_doubles(asked: Collection[tuple[str, date]]) -> dict[tuple[str, date], VisitRequest]:
    """Open requests of the same address for the same first day; one query."""
    found = VisitRequest.objects.sent().filter(
        state__in=rules.OPEN, first_wished_day__in={day for _email, day in asked}
    )
    return {
        (one.contact_email.casefold(), one.first_wished_day): one
        for one in found.order_by("-pk")
        if one.first_wished_day is not None
    }
