"""How much waits where, for the tabs of the queue and the side menu."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cached_property, lru_cache
from typing import Any, Final

from django.db.models import CharField, Count, F, IntegerField, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from visits import rounds, rules, scheduling
from visits.admin.noticed import to_notice
from visits.choices import MessageState, RequestState, Turn
from visits.models import ChecklistItem, Enquiry, Heartbeat, Message, VisitRequest
from visits.models.kept import Kept
from visits.models.request import TURN_STATES

S = RequestState
NEEDS_US: Final = (MessageState.FAILED, MessageState.UNCERTAIN, MessageState.RETURNED)
OURS: Final = TURN_STATES[Turn.OURS]
# What is still to be moved by somebody; what is done is never counted, however much it is.
COUNTED: Final = (*OURS, S.INFO_REQUESTED, S.PROPOSED, S.CONFIRMED)
ASIDE: Final = "aside"
SWEPT: Final = "swept "  # before the moment, among the names
NOBODY: Final = Value(None, output_field=IntegerField())


class Counts:
    """Counts of what is open, from indexes alone: one query, made when first looked at."""

    def __init__(self, user_id: int | None = None) -> None:
        self.user_id = user_id

    @cached_property
    def found(self) -> Mapping[str, Counter[int | None]]:
        """How many there are of whom, by where they wait."""
        found: defaultdict[str, Counter[int | None]] = defaultdict(Counter)
        for name, coordinator, count in self._rows:
            found[name][coordinator] += count
        return found

    @cached_property
    def _rows(self) -> list[tuple[str, int | None, int]]:
        return _question(timezone.localdate()).ask()

    @property
    def last_sweep(self) -> datetime | None:
        """When a sweep was last whole; None before the first one."""
        told = next((name.removeprefix(SWEPT) for name, _whose, _count in self._rows if name.startswith(SWEPT)), None)
        if told is None:
            return None
        moment = datetime.fromisoformat(told)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)  # SQLite keeps it without its zone

    @property
    def stands_still(self) -> bool:
        """Whether nobody sweeps any more; before the first sweep, whether mail waits for one."""
        last = self.last_sweep
        return bool(self.of(MessageState.DUE)) if last is None else timezone.now() - last > rounds.MAY_REST

    @cached_property
    def by_coordinator(self) -> Counter[int | None]:
        """Whose it is that waits for us: without what is put aside and the visits whose guests read."""
        waiting: Counter[int | None] = Counter()
        for name in (*OURS, f"{Turn.OURS}-{S.CONFIRMED}"):
            waiting.update(self.found.get(name, {}))
        for name in (ASIDE, f"{Turn.VISITOR}-{S.AGREED}"):
            waiting.subtract(self.found.get(name, {}))
        return waiting

    def of(self, *names: str) -> int:
        return sum(self.found[name].total() for name in names if name in self.found)

    @property
    def ours(self) -> int:
        return self.by_coordinator.total()

    @property
    def mine(self) -> int:
        return self.by_coordinator[self.user_id] if self.user_id else 0

    @property
    def nobodys(self) -> int:
        return self.by_coordinator[None]

    @property
    def aside(self) -> int:
        return self.of(ASIDE)

    @property
    def visitor(self) -> int:
        reading = self.of(*(f"{Turn.VISITOR}-{state}" for state in rules.STANDING))
        return self.of(S.INFO_REQUESTED, S.PROPOSED) + reading

    @property
    def confirmed(self) -> int:
        return self.of(S.CONFIRMED)

    @property
    def outbox(self) -> int:
        return self.of(*NEEDS_US)

    @property
    def to_notice(self) -> int:
        """The requests that wait for us and about which there is something to notice."""
        return self.of("to_notice")

    @property
    def to_do(self) -> int:
        """Things around visits whose day has passed."""
        return self.of("to_do")

    @property
    def without_leader(self) -> int:
        """Coming sessions of agreed and confirmed visits that nobody leads."""
        return self.of("without_leader")

    @property
    def enquiries(self) -> int:
        return self.of("enquiry")


@lru_cache(2)
def _question(today: date) -> Kept[tuple[str, int | None, int]]:
    """The counts of a day, not yet read: every page of the desk asks the same, so it is put together once."""
    sent = VisitRequest.objects.sent().order_by()
    aside = sent.filter(aside_until__gt=today, state__in=rules.PUT_ASIDE)
    mails = Message.objects.filter(state__in=(*NEEDS_US, MessageState.DUE)).order_by()
    swept: Any = Concat(Value(SWEPT), Cast("at", CharField()), output_field=CharField())
    asked = Enquiry.objects.filter(answered_at=None).order_by()
    late = ChecklistItem.objects.overdue(today).order_by()
    noticed = to_notice(VisitRequest.objects.with_turn(Turn.OURS)).order_by()
    led_by_nobody = scheduling.without_leader(today).order_by()
    others = (
        # Few and each by itself: with a GROUP BY, SQLite would walk all there are by coordinator.
        aside.values_list(Value(ASIDE), "coordinator", Value(1)),
        led_by_nobody.values_list(Value("without_leader"), NOBODY, Value(1)),
        *(_by(_reading(turn)) for turn in (Turn.OURS, Turn.VISITOR)),
        _by(mails.annotate(where=F("state")), whose=NOBODY),
        _by(asked.annotate(where=Value("enquiry")), whose=NOBODY),
        _by(late.annotate(where=Value("to_do")), whose=NOBODY),
        Heartbeat.objects.filter(name=rounds.SWEEP_NAME).order_by().values_list(swept, NOBODY, Value(1)),
        _by(noticed.annotate(where=Value("to_notice"))),
    )
    # By state and then by coordinator, as their index stands: nothing is sorted to be counted.
    cases = sent.filter(state__in=COUNTED).values_list("state", "coordinator").annotate(n=Count("*"))
    return Kept(cases.union(*others, all=True))


def _by(rows: QuerySet[Any], whose: Any = None) -> Any:
    # Rows are counted, not their numbers: PostgreSQL then reads the index and no row.
    return rows.values_list("where", whose or "coordinator").annotate(n=Count("*"))


def _reading(turn: Turn) -> QuerySet[Any]:
    """Agreed and confirmed visits that wait for a side to read the agreement, by turn and state."""
    waits = VisitRequest.objects.sent().agreement_waits_for(turn).order_by()
    return waits.annotate(where=Concat(Value(f"{turn}-"), "state", output_field=CharField()))
