"""How much waits where, for the tabs of the queue and the side menu."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property, lru_cache
from typing import Any, Final

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Count, F, IntegerField, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.formats import number_format

from visits import rounds, rules, scheduling
from visits.admin.noticed import to_notice
from visits.choices import MessageState, RequestState, Turn
from visits.models import ChecklistItem, CompetenceClaim, Enquiry, Heartbeat, Message, VisitRequest
from visits.models.kept import A_ROW, Kept
from visits.models.request import TURN_STATES

S = RequestState
NEEDS_US: Final = (MessageState.FAILED, MessageState.UNCERTAIN, MessageState.RETURNED)
OURS: Final = TURN_STATES[Turn.OURS]
# What others move, or the day. What is done is never counted, however much it is.
THEIRS: Final = (S.INFO_REQUESTED, S.PROPOSED, S.CONFIRMED)
UNTAKEN: Final = "untaken"
ASIDE: Final = "aside"
# What else is ours to move, and what of ours is not: by the states it is in it would be counted.
BESIDE: Final = ((1, f"{Turn.OURS}-{S.CONFIRMED}"), (-1, ASIDE), (-1, f"{Turn.VISITOR}-{S.AGREED}"))
SWEPT: Final = "swept "  # before the moment, among the names
TAKEN: Final = "taken"  # by anybody
MINE: Final = "mine"
NOBODY: Final = Value(None, output_field=IntegerField())
MOST: Final = 1000  # requests that are counted in one place: to count the rest is to read all that wait
HUNDRED: Final = 100


@dataclass(frozen=True)
class Number:
    """How many there are: exactly, or so many at least where they were not counted to the end."""

    count: int
    is_more: bool = False

    def __bool__(self) -> bool:
        return bool(self.count or self.is_more)

    def __str__(self) -> str:
        """«37», and «1,000+» where there are more."""
        if not self.is_more:
            return number_format(self.count, force_grouping=True)
        return f"{number_format(self.count // HUNDRED * HUNDRED, force_grouping=True)}+"


class Counts:
    """Counts of what is open, from indexes alone: one query, made when first looked at.

    What may be much is counted up to MOST, so that the menu costs the same however much waits.
    """

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
        return _question(timezone.localdate()).ask(user=self.user_id or 0)

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

    def _waiting(self, counted: Collection[str], is_meant: Callable[[int | None], bool]) -> Number:
        """What waits for us of those that are meant: without what is put aside and the visits whose guests read."""
        found = [self.of(name) for name in counted]
        number = sum(found)
        for sign, name in BESIDE:
            of: Mapping[int | None, int] = self.found.get(name, {})
            number += sign * sum(count for whose, count in of.items() if is_meant(whose))
        # Not less than none, where more is put aside than was counted.
        return Number(max(number, 0), is_more=MOST in found)

    def of(self, *names: str) -> int:
        return sum(self.found[name].total() for name in names if name in self.found)

    @cached_property
    def ours(self) -> Number:
        return self._waiting((UNTAKEN, TAKEN), lambda _whose: True)

    @property
    def mine(self) -> Number:
        return self._waiting((MINE,), lambda whose: whose is not None and whose == self.user_id)

    @property
    def nobodys(self) -> Number:
        return self._waiting((UNTAKEN,), lambda whose: whose is None)

    @property
    def aside(self) -> int:
        return self.of(ASIDE)

    @property
    def visitor(self) -> Number:
        reading = self.of(*(f"{Turn.VISITOR}-{state}" for state in rules.STANDING))
        asked = [self.of(state) for state in (S.INFO_REQUESTED, S.PROPOSED)]
        return Number(sum(asked) + reading, is_more=MOST in asked)

    @property
    def confirmed(self) -> Number:
        found = self.of(S.CONFIRMED)
        return Number(found, is_more=found == MOST)

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
    def claims(self) -> int:
        """What facilitators say that they can do, and staff have not approved yet."""
        return self.of("claim")

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
    claimed = CompetenceClaim.objects.order_by()
    late = ChecklistItem.objects.overdue(today).order_by()
    noticed = to_notice(VisitRequest.objects.with_turn(Turn.OURS)).order_by()
    led_by_nobody = scheduling.without_leader(today).order_by()
    ours = sent.filter(state__in=OURS)
    much = {
        UNTAKEN: ours.filter(coordinator=None),
        TAKEN: ours.exclude(coordinator=None),
        MINE: ours.filter(coordinator=A_ROW),
        **{str(state): sent.filter(state=state) for state in THEIRS},
    }
    first, *rest = [_up_to_most(name, cases) for name, cases in much.items()]
    others = (
        *rest,
        # Few and each by itself: with a GROUP BY, SQLite would walk all there are by coordinator.
        aside.values_list(Value(ASIDE), "coordinator", Value(1)),
        led_by_nobody.values_list(Value("without_leader"), NOBODY, Value(1)),
        *(_by(_reading(turn)) for turn in (Turn.OURS, Turn.VISITOR)),
        _by(mails.annotate(where=F("state")), whose=NOBODY),
        claimed.values_list(Value("claim"), NOBODY, Value(1)),
        _by(asked.annotate(where=Value("enquiry")), whose=NOBODY),
        _by(late.annotate(where=Value("to_do")), whose=NOBODY),
        Heartbeat.objects.filter(name=rounds.SWEEP_NAME).order_by().values_list(swept, NOBODY, Value(1)),
        _by(noticed.annotate(where=Value("to_notice"))),
    )
    return Kept(first.union(*others, all=True), user=A_ROW)


class _Rows(Subquery):
    """How many rows a question finds."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def _up_to_most(where: str, cases: QuerySet[Any]) -> Any:
    # Where nothing is read that has one row itself, some row has to be there that the number stands beside.
    one = ContentType.objects.filter(app_label=VisitRequest._meta.app_label, model=VisitRequest._meta.model_name)
    nobody = Cast(NOBODY, IntegerField())  # PostgreSQL takes the kind of a column from the first parts of a union
    return one.order_by().values_list(Value(where), nobody, _Rows(cases.values(one=Value(1))[:MOST]))


def _by(rows: QuerySet[Any], whose: Any = None) -> Any:
    # Rows are counted, not their numbers: PostgreSQL then reads the index and no row.
    return rows.values_list("where", whose or "coordinator").annotate(n=Count("*"))


def _reading(turn: Turn) -> QuerySet[Any]:
    """Agreed and confirmed visits that wait for a side to read the agreement, by turn and state."""
    waits = VisitRequest.objects.sent().agreement_waits_for(turn).order_by()
    return waits.annotate(where=Concat(Value(f"{turn}-"), "state", output_field=CharField()))
