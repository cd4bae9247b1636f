from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from visits import agreement, almanac, rules, words
from visits.agreement import Stage
from visits.choices import Length, RequestState, Turn
from visits.ledger import Afterwards
from visits.models import Agreement, HistoryEntry, PlaceOffer, Proposal, Visit, VisitRequest
from visits.waiting import Standing

S = RequestState
DAYS_SET = (S.AGREED, S.CONFIRMED, S.COMPLETED, S.CANCELLED)


# The deeds that move a request, as the history names them.
MOVES: Final = (
    "verified", "claimed", "asked_question", "answered", "waitlisted", "resumed", "proposed", "change_wanted",
    "proposal_lapsed", "agreed", "confirmed", "to_be_moved", "move_wanted", "completed", "declined", "withdrawn",
    "cancelled", "expired", "reopened", "place_taken", "other_days_chosen",
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """What a visitor's page is told from: the request, its moves, the newest proposal, and now.

    `moves` are the history entries of MOVES, the oldest first. `line` is how it stands in the waiting list,
    `agreement` the version of the agreement that stands, `after` what a visit that is over waits for, `manager`
    who is named when our answer is late.
    """

    visit_request: VisitRequest
    moves: Sequence[HistoryEntry]
    proposal: Proposal | None
    now: datetime
    line: Standing | None = None
    agreement: Agreement | None = None
    after: Afterwards | None = None
    manager: str = ""

    @property
    def state(self) -> RequestState:
        return self.visit_request.request_state

    @property
    def ahead(self) -> int:
        """How many wait in the line before this request."""
        return self.line.ahead if self.line else 0

    @property
    def place(self) -> PlaceOffer | None:
        """The days in the line that are kept for this request."""
        return self.line.offer if self.line else None

    @property
    def last_deed(self) -> str:
        """What brought the request to the state it is in."""
        return self.moves[-1].what if self.moves else ""

    @property
    def first_day(self) -> date | None:
        """The first day as far as both sides know it: agreed, else proposed, else wished for."""
        if self.visit is not None:
            return self.visit.first_day
        if self.proposal and not self.wants_other_days:
            return self.proposal.first_day
        return self.visit_request.first_choice

    @property
    def last_day(self) -> date | None:
        if self.visit is not None:
            return self.visit.last_day
        if self.proposal and not self.wants_other_days:
            return self.proposal.last_day
        first = self.visit_request.first_choice
        return rules.last_day(first, Length(self.visit_request.length or Length.ONE)) if first else None

    @property
    def days_are_off(self) -> bool:
        """Whether the guests have asked for other days than those that were proposed and agreed."""
        return self._stands("move_wanted")

    @property
    def is_to_be_moved(self) -> bool:
        """Whether we have taken back the days that were agreed, and have proposed no others yet."""
        return self._stands("to_be_moved")

    def _stands(self, deed: str) -> bool:
        """Whether a deed has been done, and nothing proposed since."""
        since = [entry.what for entry in self.moves][::-1]
        return deed in since and "proposed" not in since[: since.index(deed)]

    @property
    def wants_other_days(self) -> bool:
        """Whether the guests wish for other days than the newest proposal has, and no newer one has come since."""
        last = next((entry for entry in reversed(self.moves) if entry.what in ("change_wanted", "proposed")), None)
        return self.days_are_off or bool(last and last.what == "change_wanted" and last.detail.get("days"))

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
    def stage(self) -> Stage:
        """Who has still to agree to the agreement."""
        return agreement.stage_of(self.agreement)

    @property
    def turn(self) -> Turn:
        """Whose turn it is, as the state and the agreement say."""
        return agreement.turn_at(self.state, self.stage)

    @property
    def is_late(self) -> bool:
        return self.visit_request.is_overdue(self.now)

    @property
    def turn_since(self) -> datetime:
        """Since when it has been the same side's turn, whatever the states it went through meanwhile."""
        if self.place is not None:
            return self.place.offered_at
        if self.agreement is not None and self.turn != rules.turn(self.state):
            return agreement.moved_at(self.agreement)
        came = agreement.turn_came_at(self.state, self.agreement) if self.agreement else None
        return max(self._since_by_state, came) if came else self._since_by_state

    @property
    def _since_by_state(self) -> datetime:
        since = self.visit_request.state_since
        for entry in reversed(self.moves):
            old, new = entry.detail.get("old"), entry.detail.get("new")
            if old not in RequestState.values or new not in RequestState.values:
                break
            since = entry.at
            if rules.turn(RequestState(old)) != rules.turn(RequestState(new)):
                break
        return since

    def by_day(self, moment: date | datetime | None) -> str:
        """«Monday 16 November», with the year when it is another one; nothing for nothing."""
        if moment is None:
            return ""
        this_year = words.local_date(moment).year == words.local_date(self.now).year
        return words.weekday(moment) if this_year else words.day(moment)

    @property
    def due_at(self) -> datetime | None:
        """By when whoever has the turn ought to have moved: the next day that we name when ours has passed."""
        due_at = self.visit_request.due_at
        if due_at is None or self.turn != Turn.OURS:
            return due_at
        return rules.due_anew(due_at, self.now, closed=almanac.closed_from(due_at.date()))

    @property
    def due(self) -> str:
        return self.by_day(self.due_at)

    @property
    def due_day(self) -> date | None:
        """The day by which the one whose turn it is moves; nothing while nobody has to."""
        if self.place is not None:
            return self.place.answer_by
        if self.state == S.PROPOSED and self.proposal is not None:
            return self.proposal.answer_by
        return words.local_date(self.due_at) if self.due_at and self.state not in rules.ENDED else None

    @property
    def names_by(self) -> date | None:
        """The day by which we need the names of the group."""
        return self.first_day - timedelta(days=rules.NAMES_DAYS_BEFORE) if self.first_day else None

    @property
    def names_are_late(self) -> bool:
        """Whether that day has passed."""
        return self.names_by is not None and self.names_by < words.local_date(self.now)
