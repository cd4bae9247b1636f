"""The reminders of a moment, and those of the days that come."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from visits import ladder, outbox, rules
from visits.ladder import Ladder
from visits.meeting import news
from visits.models import Message
from visits.outbox import Owed
from visits.reminders import ours, visitor
from visits.reminders.clock import Clock, Span

Read = Callable[[Ladder, Span, int | None], Iterable[Any]]
Derive = Callable[[Ladder, Any, Clock], Iterator[Owed]]

OF_REQUESTS: Final[tuple[tuple[Read, Derive], ...]] = (
    (visitor.read_questions, visitor.questions),
    (visitor.read_proposals, visitor.proposals),
    (visitor.read_agreements, visitor.agreements),
    (visitor.read_places, visitor.places),
    (visitor.read_visits, visitor.visits),
    (visitor.read_invited, visitor.invited),
    (ours.read_sessions, ours.sessions),
    (ours.read_asks, ours.asks),
    (visitor.read_drafts, visitor.drafts),
    (visitor.read_entered, visitor.entered),
)
OF_PEOPLE: Final[tuple[tuple[Read, Derive], ...]] = (
    (ours.read_promises, ours.promises),
    (ours.read_helping, ours.helping),
)
KINDS: Final = frozenset(
    {
        *news.KINDS, "morning_digest",
        "agreement_reminder", "answer_reminder", "ask_reminder", "group_reminder", "place_reminder", "draft_warning",
        "promise_reminder", "entered_reminder", "names_wanted", "visit_in_four_weeks", "visit_in_one_week",
        "visit_reminder", "visit_tomorrow", "briefing", "session_tomorrow",
    }
)  # fmt: skip


def queue_due(at: datetime) -> int:
    """Owe the reminders that are due and not owed yet; return how many are new.

    A constant number of queries, however many visits there are.
    """
    return outbox.owe_all(wanted(at))


def is_wanted(message: Message, at: datetime) -> bool:
    """Whether a reminder that was owed, or one that its mail carries, is still one that the rows ask for."""
    return bool(still_wanted(message, at))


def still_wanted(message: Message, at: datetime) -> list[Message]:
    """Of a reminder and those that its mail carries, those that the rows still ask for."""
    return [one for one in (message, *outbox.carried_by(message)) if _is_asked_for(one, at)]


def _is_asked_for(message: Message, at: datetime) -> bool:
    return any(owed.key == message.key for owed in wanted(at, of=message))


def wanted(at: datetime, *, of: Message | None = None) -> Iterator[Owed]:
    """Every reminder that fits at `at`; with `of`, those of the same request or person."""
    clock, only, rungs = Clock(at), of.request_id if of else None, ladder.standing()
    now = Span(clock, clock)
    if of is None or only is not None:
        for read, derive in OF_REQUESTS:
            yield from derive(rungs, read(rungs, now, only), clock)
        yield from news.wanted(clock.morning, only)
    if of is None or only is None:
        yield from ours.digests(clock)
        for read, derive in OF_PEOPLE:
            yield from derive(rungs, read(rungs, now, None), clock)


def foreseen(at: datetime, days: int, rungs: Ladder | None = None) -> list[Owed]:
    """The reminders that the mornings of the next `days` days will ask for, if the rows stay as they are.

    The same derivation as at each sweep, over rows that are read once: as many queries for a fortnight as
    for a morning; the rungs are read unless they are given. News of a room and the morning's list depend on what
    is done meanwhile and are left out.
    """
    now, rungs = Clock(at), rungs or ladder.standing()
    mornings = [Clock(rules.morning_of(now.morning_day + timedelta(days=n))) for n in range(1, days + 1)]
    span = Span(now, mornings[-1])
    known: dict[str, Owed] = {}
    already: set[str] = set()
    for read, derive in (*OF_REQUESTS, *OF_PEOPLE):
        rows = list(read(rungs, span, None))
        already |= {owed.key for owed in derive(rungs, rows, now)}
        for morning in mornings:
            for owed in derive(rungs, rows, morning):
                known.setdefault(owed.key, owed)
    return sorted((one for key, one in known.items() if key not in already), key=lambda one: (one.due_at, one.key))
