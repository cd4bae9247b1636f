from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from visits import rules, words
from visits.choices import Length, RequestState
from visits.models import HistoryEntry, Proposal, Visit, VisitRequest

S = RequestState
DAYS_SET = (S.AGREED, S.CONFIRMED, S.COMPLETED, S.CANCELLED)


# The deeds that move a request, as the history names them.
MOVES: Final = (
    "verified", "claimed", "asked_question", "answered", "waitlisted", "resumed", "proposed", "change_wanted",
    "proposal_lapsed", "agreed", "confirmed", "to_be_moved", "completed", "declined", "withdrawn", "cancelled",
    "expired", "reopened",
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """What a visitor's page is told from: the request, its moves, the newest proposal, and now.

    `moves` are the history entries of MOVES, the oldest first. `ahead` is how
    many wait in the line before this request.
    """

    visit_request: VisitRequest
    moves: Sequence[HistoryEntry]
    proposal: Proposal | None
    now: datetime
    ahead: int = 0

    @property
    def state(self) -> RequestState:
        return self.visit_request.request_state

    @property
    def last_deed(self) -> str:
        """What brought the request to the state it is in."""
        return self.moves[-1].what if self.moves else ""

    @property
    def first_day(self) -> date | None:
        """The first day as far as both sides know it: agreed, else proposed, else wished for."""
        if self.visit is not None:
            return self.visit.first_day
        return self.proposal.first_day if self.proposal else self.visit_request.first_wished_day

    @property
    def last_day(self) -> date | None:
        if self.visit is not None:
            return self.visit.last_day
        if self.proposal:
            return self.proposal.last_day
        first = self.visit_request.first_wished_day
        return rules.last_day(first, Length(self.visit_request.length or Length.ONE)) if first else None

    @property
    def visit(self) -> Visit | None:
        """The visit once its days are agreed; while we plan it is ours alone."""
        return getattr(self.visit_request, "visit", None) if self.state in DAYS_SET else None

    @property
    def title(self) -> str:
        named = self.visit.title if self.visit else ""
        return named or (self.proposal.title if self.proposal else "")

    @property
    def host(self) -> str:
        """The first name of the coordinator, or nothing while there is none."""
        coordinator = self.visit_request.coordinator
        return (coordinator.first_name or str(coordinator)) if coordinator else ""

    @property
    def is_late(self) -> bool:
        return self.visit_request.is_overdue(self.now)

    def by_day(self, moment: date | datetime | None) -> str:
        """«Monday 16 November», with the year when it is another one; nothing for nothing."""
        if moment is None:
            return ""
        this_year = words.local_date(moment).year == words.local_date(self.now).year
        return words.weekday(moment) if this_year else words.day(moment)

    @property
    def due(self) -> str:
        return self.by_day(self.visit_request.due_at)

    @property
    def names_by(self) -> date | None:
        """The day by which we need the names of the group."""
        return self.first_day - timedelta(days=rules.NAMES_DAYS_BEFORE) if self.first_day else None
