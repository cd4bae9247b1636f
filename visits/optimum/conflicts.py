"""Why a visit has no place, and what would give it one, with everything else of the plan as it stands.

A *fact* is something that a coordinator could change: a day that the guests did not wish for, a full week, what
somebody is booked for, what they lead in this plan, how much they take, who can lead a session. A *conflict* is a set
of facts that cannot all be true if the visit is to have a place, of which none could be left out. A *repair* is what
would have to be changed, the cheapest first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

from visits.optimum.draft import Draft, Task
from visits.optimum.facts import Facts, Place, Plan, Settled, Span


class Kind(StrEnum):
    """What a fact is about, the cheapest to change first."""

    HOUR = "hour"  # a session of theirs begins when it does
    WISH = "wish"  # they come on the days that they wished for
    LEADS = "leads"  # somebody leads another session of this plan then
    DAY = "day"  # somebody leads as many sessions that day as they take
    MOST = "most"  # … and in the season
    MONTH = "month"  # … and in a stretch of days
    SPOKEN = "spoken"  # a session is led in their language, without an interpreter
    WEEK = "week"  # a week is full
    SIZE = "size"  # so many guests come, and only some rooms hold them
    BUSY = "busy"  # somebody is booked, or away
    ABLE = "able"  # only some can lead a session


PRICE: Final[Mapping[Kind, int]] = {
    Kind.HOUR: 1, Kind.WISH: 2, Kind.LEADS: 3, Kind.DAY: 4, Kind.MOST: 4, Kind.MONTH: 4, Kind.SPOKEN: 5, Kind.WEEK: 6,
    Kind.SIZE: 7, Kind.BUSY: 8, Kind.ABLE: 12,
}  # fmt: skip
WIDE: Final = 6  # who are tried for one need, the cheapest first
MOST_WAYS: Final = 200  # that are tried at one place


class Fact(NamedTuple):
    """One fact: whom or which week it is about, and of the plan which visit and need."""

    kind: Kind
    # Of the resource, the week, or the need that only some can fill, or that lies at its hour; or how many guests come.
    number: int = -1
    span: Span | None = None  # when they are booked or lead
    task: Task | None = None  # what they lead then
    day: int = -1


class Repair(NamedTuple):
    """What would have to be changed so that a visit can have a place, and which place that would be."""

    price: int
    place: int  # among the visit's own places, then the others and the other hours that were offered
    resources: tuple[int, ...]
    changed: tuple[Fact, ...]


@dataclass
class Question:
    """One visit without a place: `others` are days that it did not wish for, `anybody` who could be taught to lead.

    `hours` are places where one session is held at another hour, with the number of its need; `interpreted` is for
    each need who could lead it with an interpreter. `halls` are for each need that is a room how many it is for, and
    which rooms would do for fewer.
    """

    facts: Facts
    plan: Plan
    visit: int
    others: tuple[Place, ...] = ()
    anybody: tuple[int, ...] = ()
    hours: tuple[tuple[Place, int], ...] = ()
    interpreted: tuple[tuple[int, ...], ...] = ()
    halls: Mapping[int, tuple[int, tuple[int, ...]]] = field(default_factory=dict)
    draft: Draft = field(init=False)

    def __post_init__(self) -> None:
        self.draft = Draft(self.facts)
        for visit, settled in self.plan.items():
            self.draft.restore(visit, settled)
        self._against: dict[tuple[int, Span], tuple[Fact, ...]] = {}

    @property
    def needs(self) -> tuple[tuple[int, ...], ...]:
        return self.facts.visits[self.visit].needs

    @property
    def places(self) -> list[tuple[Place, tuple[Fact, ...]]]:
        """Every place, with the facts that speak against it as such."""
        own = [(place, self._weeks(place)) for place in self.facts.visits[self.visit].places]
        others = [(place, (Fact(Kind.WISH), *self._weeks(place))) for place in self.others]
        return own + others + [(place, (Fact(Kind.HOUR, need), *self._weeks(place))) for place, need in self.hours]

    def _weeks(self, place: Place) -> tuple[Fact, ...]:
        full = (week for week in sorted(set(place.weeks)) if self.draft.weeks[week] >= self.facts.weeks[week])
        return tuple(Fact(Kind.WEEK, week) for week in full)

    def against(self, resource: int, span: Span) -> tuple[Fact, ...]:
        """The facts that keep a resource from being there."""
        key = (resource, span)
        if key not in self._against:
            self._against[key] = tuple(self._facts_against(resource, span))
        return self._against[key]

    def _facts_against(self, resource: int, span: Span) -> Iterator[Fact]:
        for busy in self.facts.resources[resource].busy:
            if self.facts.meet(self.facts.wide(resource, span), busy):
                yield Fact(Kind.BUSY, resource, busy)
        for task in self.draft.in_the_way(resource, span):
            yield Fact(Kind.LEADS, resource, self.draft.span(task), task)

    def beyond(self, resource: int, spans: Sequence[Span]) -> Iterator[Fact]:
        """The measures that somebody would go beyond with these sessions more."""
        one = self.facts.resources[resource]
        if one.most is not None and self.draft.load[resource] + len(spans) > one.most:
            yield Fact(Kind.MOST, resource)
        for limit in one.limits:
            more = sum(limit.holds(span.day) for span in spans)
            if more and self.draft.led_in(resource, limit) + more > limit.most:
                yield Fact(Kind.MONTH, resource, day=limit.first)
        if one.most_a_day is not None:
            for day, more in sorted(Counter(span.day for span in spans).items()):
                if len(self.draft.taken.get((resource, day), ())) + more > one.most_a_day:
                    yield Fact(Kind.DAY, resource, day=day)

    def options(self, need: int, span: Span) -> Iterator[tuple[int, tuple[Fact, ...]]]:
        """Whoever could fill a need, with the facts that would have to change for it."""
        able, interpreted = self.needs[need], self.interpreted[need] if self.interpreted else ()
        for resource in able:
            yield resource, self.against(resource, span)
        for resource in interpreted:
            yield resource, (Fact(Kind.SPOKEN, need), *self.against(resource, span))
        if need in self.halls:  # nobody learns to be a room
            people, smaller = self.halls[need]
            for resource in smaller:
                yield resource, (Fact(Kind.SIZE, people), *self.against(resource, span))
            return
        for resource in self.anybody:
            if resource not in able and resource not in interpreted:
                yield resource, (Fact(Kind.ABLE, need), *self.against(resource, span))


def why(question: Question) -> tuple[Fact, ...]:
    """A smallest conflict that was found: with all of these facts the visit has no place, without any one it has.

    Empty when it has a place after all.
    """
    if _fits(question, set(_all_facts(question))):
        return ()
    everything = _all_facts(question)
    orders = [everything, everything[::-1], sorted(everything, key=lambda fact: (fact.number, fact.kind))]
    return min((_shrunk(question, order) for order in orders), key=lambda found: (len(found), found))


def _all_facts(question: Question) -> list[Fact]:
    """Every fact that speaks against one of the ways to place the visit, those first that one would rather not hear."""
    found: set[Fact] = set()
    for place, against in question.places:
        found.update(against)
        for need, span in enumerate(place.spans):
            for resource, facts in question.options(need, span):
                found.update(facts)
                found.update(question.beyond(resource, place.spans))
    return sorted(found, key=lambda fact: (-PRICE[fact.kind], _sortable(fact)))


def _sortable(fact: Fact) -> tuple[str, int, Span, Task, int]:
    return fact.kind, fact.number, fact.span or Span(-1, -1, -1), fact.task or Task(-1, -1), fact.day


def _shrunk(question: Question, facts: Sequence[Fact]) -> tuple[Fact, ...]:
    """What is left when every fact is left out that is not needed for the conflict."""
    kept = set(facts)
    for fact in facts:
        if not _fits(question, kept - {fact}):
            kept.discard(fact)
    return tuple(sorted(kept, key=_sortable))


def _fits(question: Question, kept: Collection[Fact]) -> bool:
    """Whether the visit has a place when only these facts are true."""
    return any(
        not any(fact in kept for fact in against) and _filled(question, place, kept)
        for place, against in question.places
    )


def _filled(question: Question, place: Place, kept: Collection[Fact]) -> bool:
    """Whether a place can have all its needs filled when only these facts are true."""
    able = [
        [resource for resource, facts in question.options(need, span) if not any(fact in kept for fact in facts)]
        for need, span in enumerate(place.spans)
    ]
    return next(_choices(question, place.spans, able, kept), None) is not None


def _choices(
    question: Question, spans: Sequence[Span], able: Sequence[Sequence[int]], kept: Collection[Fact]
) -> Iterator[tuple[int, ...]]:
    """Every way to fill the needs of a place so that nobody is in two places or takes more than they do."""
    chosen: list[int] = [-1] * len(spans)
    order = sorted(range(len(spans)), key=lambda need: (len(able[need]), need))

    def fill(at: int) -> Iterator[tuple[int, ...]]:
        if at == len(order):
            yield tuple(chosen)
            return
        need = order[at]
        for resource in able[need]:
            own = [spans[other] for other in order[:at] if chosen[other] == resource]
            is_free = not any(question.facts.collide(resource, spans[need], other) for other in own)
            if is_free and not any(fact in kept for fact in question.beyond(resource, [*own, spans[need]])):
                chosen[need] = resource
                yield from fill(at + 1)
        chosen[need] = -1

    return fill(0)


def repairs(question: Question, most: int = 3) -> list[Repair]:
    """The cheapest changes that would give the visit a place, each another set of facts; none where it has one."""
    found: dict[frozenset[Fact], Repair] = {}
    for number, (place, against) in enumerate(question.places):
        for repair in _repairs_at(question, number, place, against):
            key = frozenset(repair.changed)
            if key not in found or (repair.price, repair.place) < (found[key].price, found[key].place):
                found[key] = repair
    smallest = [one for one in found.values() if not any(set(other) < set(one.changed) for other in found)]
    return sorted(smallest, key=lambda one: (one.price, one.place, one.resources))[:most]


def _repairs_at(question: Question, number: int, place: Place, against: Iterable[Fact]) -> Iterator[Repair]:
    """The cheapest way at one place for each who could fill the dearest need; of two that cost the same the first."""
    options = [
        sorted(question.options(need, span), key=lambda option: _price(option[1]))[:WIDE]
        for need, span in enumerate(place.spans)
    ]
    if not all(options):
        return
    able = [[resource for resource, _facts in some] for some in options]
    facts = [dict(some) for some in options]
    for count, who in enumerate(_choices(question, place.spans, able, ())):
        changed = {fact for need, resource in enumerate(who) for fact in facts[need][resource]} | set(against)
        for resource in set(who):
            changed.update(
                question.beyond(resource, [span for span, one in zip(place.spans, who, strict=True) if one == resource])
            )
        yield Repair(_price(changed), number, who, tuple(sorted(changed, key=_sortable)))
        if count >= MOST_WAYS:
            return


def _price(facts: Iterable[Fact]) -> int:
    return sum(PRICE[fact.kind] for fact in facts)


def settled(question: Question, repair: Repair) -> Settled:
    """What a plan would say of the visit after a repair."""
    return Settled(repair.place, repair.resources)
