"""Writing down how an attempt ended, unless somebody has made another one since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

from visits import history
from visits.choices import MessageState
from visits.models import Message
from visits.models.kept import A_ROW, A_SMALL_NUMBER, KeptUpdate, a_moment, a_text
from visits.outbox.failpoints import reached

COUNTED_AS: Final = {
    MessageState.SENT: "sent",
    MessageState.SKIPPED: "skipped",
    MessageState.DUE: "later",
    MessageState.FAILED: "failed",
    MessageState.UNCERTAIN: "uncertain",
}


@dataclass
class Delivered:
    """What one run did with the rows it claimed."""

    sent: int = 0
    skipped: int = 0
    later: int = 0
    failed: int = 0
    uncertain: int = 0

    def count(self, ended: Ended, times: int) -> None:
        """Count how an attempt ended; one in the dark is counted when it is known."""
        if name := COUNTED_AS.get(ended.state):
            setattr(self, name, getattr(self, name) + times)


@dataclass(frozen=True)
class Ended:
    """How an attempt ended, before it is written down. `told` is what the history of the visit says of it."""

    message: Message
    state: MessageState
    problem: str = ""
    subject: str | None = None
    sent_at: datetime | None = None
    due_at: datetime | None = None
    deaths: int | None = None
    told: str = ""
    is_line_lost: bool = False

    def write_down(self) -> int:
        """Mark the row while the attempt is still the last one; 0 when it is not."""
        changes = self._changes()
        if self.state != MessageState.SENDING:
            changes |= {"state": self.state, "lease_until": None}
        ours = _mark_of(tuple(changes)).run(row=self.message.pk, attempt=self.message.attempt, **changes)
        reached("marked")
        if ours and self.told and self.message.request is not None:
            history.record(self.message.request, self.told, by=None, by_clock=True, mail=self.message.kind)
        return ours

    def _changes(self) -> dict[str, Any]:
        changes = {name: getattr(self, name) for name in ("problem", "subject", "sent_at", "due_at", "deaths")}
        return {name: value for name, value in changes.items() if value is not None}


STANDS_IN: Final = {
    "problem": a_text("problem"), "subject": a_text("subject"), "state": a_text("state"), "deaths": A_SMALL_NUMBER - 1,
    "sent_at": a_moment(1), "due_at": a_moment(2), "lease_until": a_moment(3),
}  # fmt: skip


@cache
def _mark_of(changed: tuple[str, ...]) -> KeptUpdate:
    """Changes of a row that is still in the hands of the attempt that is named."""
    ours = Message.objects.filter(
        pk=A_ROW, attempt=A_SMALL_NUMBER, state__in=(MessageState.SENDING, MessageState.UNCERTAIN)
    )
    changes = {name: STANDS_IN[name] for name in changed}
    return KeptUpdate(ours, changes, {"row": A_ROW, "attempt": A_SMALL_NUMBER, **changes})
