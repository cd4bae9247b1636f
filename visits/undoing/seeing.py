"""The case as it was before what still waits: what everybody outside sees until the mails leave."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from visits import words
from visits.models import Decision, VisitRequest
from visits.models.kept import Kept, a_moment, a_text
from visits.undoing import rows

_IN_THE_PAST: Final[ContextVar[bool]] = ContextVar("in_the_past", default=False)


def pending(reference: str | None = None, *, planned: bool = False) -> list[Decision]:
    """The decisions that can still be taken back, of one request or of all, the newest first; one query.

    With `planned` only those about requests that have days: nobody who leads sessions knows of others.
    """
    if settings.QULTURUM_UNDO_MINUTES <= 0:
        return []
    if reference is None:
        return _waiting(planned=planned).ask(now=timezone.now())
    return _waiting(planned=planned, of_one=True).ask(now=timezone.now(), reference=reference)


@cache
def _waiting(*, planned: bool, of_one: bool = False) -> Kept[Decision]:
    """Every page for somebody outside asks this; not yet read."""
    blanks: dict[str, Any] = {"now": a_moment(1)}
    waiting = Decision.objects.pending(blanks["now"]).select_related("request").order_by("-pk")
    if planned:
        waiting = waiting.filter(request__visit__isnull=False)
    if of_one:
        blanks["reference"] = a_text("reference")
        waiting = waiting.filter(request__reference=blanks["reference"])
    return Kept(waiting, **blanks)


@contextmanager
def as_it_was(decisions: Sequence[Decision]) -> Iterator[None]:
    """Within it the database says what it said before these decisions; afterwards all is as it is.

    The rows are put back as an undo would, in a transaction that is rolled back: what is shown is
    what an undo would leave. Nothing that is written within it is kept.
    """
    if not decisions or _IN_THE_PAST.get():
        yield
        return
    token = _IN_THE_PAST.set(True)
    try:
        with transaction.atomic():
            for decision in decisions:
                _go_back(decision)
            yield
            transaction.set_rollback(True)
    finally:
        _IN_THE_PAST.reset(token)


def _go_back(decision: Decision) -> None:
    """Put the rows back, unless somebody has gone on from there: then there is nothing to hide."""
    case = VisitRequest.objects.select_for_update(of=("self",)).only("pk", "version").get(pk=decision.request_id)
    if not rows.stand(decision.changes):
        return
    rows.put_back(decision.changes, strict=False)
    # An older version too: what is pressed on the page meanwhile meets the door, and is told.
    VisitRequest.objects.filter(pk=case.pk).update(version=case.version - 1, **rows.own_values(decision.changes))


def wait_words(visit_request: VisitRequest) -> str:
    """What somebody outside is told who presses while we may still change our minds; nothing when we may not."""
    waiting = pending(visit_request.reference)
    if not waiting:
        return ""
    return _(
        "We are working on your visit at this moment, so nothing of yours was done. "
        "Look at this page again after %(time)s."
    ) % {"time": words.clock(max(decision.until for decision in waiting))}
