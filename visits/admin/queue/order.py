"""In which order the queue is read, and how a page goes on where another one ended.

A tab is one part after another; each is read in the order of an index from the last row's key on and no
further than a page needs. So the hundredth page costs what the first one does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from visits import rules
from visits.admin.queue.wanted import Key
from visits.choices import RequestState, Turn
from visits.models import VisitRequest

S = RequestState
Cases = QuerySet[VisitRequest]
ASIDE: Final = "aside"
DONE: Final = (S.COMPLETED, *rules.ENDED)
GROUPED: Final[dict[str, Sequence[str]]] = {
    "ours": (S.SUBMITTED, S.IN_REVIEW, S.AGREED, S.WAITLISTED, S.CONFIRMED, ASIDE),
    "visitor": (S.AGREED, S.PROPOSED, S.INFO_REQUESTED, S.CONFIRMED),
}
# An agreed or confirmed visit stands where its agreement waits; without an open one the state decides.
WAITS: Final = {"ours": Turn.OURS, "visitor": Turn.VISITOR}
GROUPS: Final[dict[str, Promise]] = {
    S.SUBMITTED: gettext_lazy("New, nobody has answered"),
    S.IN_REVIEW: gettext_lazy("Talking, it is for us to move"),
    S.AGREED: gettext_lazy("They said yes: confirm people and rooms"),
    S.WAITLISTED: gettext_lazy("On the waiting list"),
    S.PROPOSED: gettext_lazy("They are reading our proposal"),
    S.INFO_REQUESTED: gettext_lazy("They have a question from us"),
    ASIDE: gettext_lazy("Put aside: each comes back on its day"),
}
READING: Final[dict[str, Promise]] = {
    "ours": gettext_lazy("Confirmed, and something has changed: read the agreement again"),
    "visitor": gettext_lazy("They are reading our agreement"),
}


@dataclass(frozen=True)
class Part:
    """Some cases in the order of one column and then of their numbers."""

    group: str
    cases: Cases
    column: str = ""  # nothing: the newest number first

    def key_of(self, case: VisitRequest) -> Key:
        return Key(self.group, getattr(case, self.column) if self.column else None, case.pk)

    def in_order(self, *, backwards: bool) -> Cases:
        if not self.column:
            return self.cases.order_by("pk" if backwards else "-pk")
        column = F(self.column)
        if backwards:
            return self.cases.order_by(column.desc(nulls_first=True), "-pk")
        return self.cases.order_by(column.asc(nulls_last=True), "pk")

    def beyond(self, key: Key, *, backwards: bool) -> list[Part]:
        """What comes after a key, or before it. Rows without a value stand last, and are a part of their own."""
        side = "lt" if backwards else "gt"
        if not self.column:
            return [self._with(**{f"pk__{'gt' if backwards else 'lt'}": key.pk})]
        empty, filled = {f"{self.column}__isnull": True}, {f"{self.column}__isnull": False}
        if key.at is None:
            rest = [self._with(**empty, **{f"pk__{side}": key.pk})]
            return [*rest, self._with(**filled)] if backwards else rest
        beside = Q(**{f"{self.column}__{side}": key.at}) | Q(**{f"pk__{side}": key.pk})
        # The first of the two conditions is what an index can begin at.
        rest = [Part(self.group, self.cases.filter(beside, **{f"{self.column}__{side}e": key.at}), self.column)]
        return rest if backwards else [*rest, self._with(**empty)]

    def is_told_by(self, key: Key) -> bool:
        """Whether a key has a moment where this part is in the order of moments, and a day where of days."""
        return key.at is None or isinstance(key.at, datetime) == (self.column == "due_at")

    def _with(self, **conditions: Any) -> Part:
        return Part(self.group, self.cases.filter(**conditions), self.column)


def parts_of(tab: str, narrow: Callable[[Cases], Cases], today: date) -> list[Part]:
    """The parts of a tab in their order on a day; `narrow` is what is filtered."""
    sent = VisitRequest.objects.sent()
    if tab in GROUPED:
        return [_group(tab, group, narrow, today) for group in GROUPED[tab]]
    if tab == "confirmed":
        planned = sent.filter(state=S.CONFIRMED).annotate(comes=Coalesce("visit__first_day", "first_wished_day"))
        return [Part("", narrow(planned), "comes")]
    return [Part("", narrow(sent.filter(state__in=DONE) if tab == "done" else sent))]


def _group(tab: str, group: str, narrow: Callable[[Cases], Cases], today: date) -> Part:
    if group == ASIDE:
        waiting = VisitRequest.objects.sent().filter(state__in=rules.PUT_ASIDE, aside_until__gt=today)
        return Part(group, narrow(waiting), "aside_until")
    cases = VisitRequest.objects.sent().filter(state=group)
    if tab == "ours" and group in rules.PUT_ASIDE:
        cases = cases.exclude(aside_until__gt=today)
    if group in rules.STANDING:
        waits = VisitRequest.objects.filter(state=group)
        if (tab, group) == ("ours", S.AGREED):
            cases = cases.exclude(pk__in=waits.agreement_waits_for(Turn.VISITOR).values("pk"))
        else:
            cases = cases.filter(pk__in=waits.agreement_waits_for(WAITS[tab]).values("pk"))
    return Part(group, narrow(cases), "due_at")


def heading(group: str, tab: str) -> str:
    """The heading over the rows of a group; over those that wait for somebody to read, which agreement."""
    if group == S.CONFIRMED or (group == S.AGREED and tab == "visitor"):
        return str(READING[tab])
    return str(GROUPS[group])


def read(parts: Sequence[Part], after: Key | None, before: Key | None, most: int, today: date) -> Cases:
    """The rows from a key on, or up to it with the nearest first: to be read no further than `most`.

    Where a tab has groups, each row says in `place` which of the parts it is of.
    """
    backwards, key = after is None and before is not None, after or before
    ordered = list(reversed(parts)) if backwards else list(parts)
    if key:
        ordered = _from_key(ordered, key, backwards=backwards)
    if len(parts) == 1:
        return ordered[0].in_order(backwards=backwards)
    # The keys of a page come from indexes alone; only its rows are read whole.
    slices = [part.in_order(backwards=backwards).values("pk")[:most] for part in ordered]
    first, *others = [VisitRequest.objects.filter(pk__in=keys).order_by().values("pk") for keys in slices]
    found = VisitRequest.objects.filter(pk__in=first.union(*others, all=True)).annotate(place=_place(parts, today))
    return _in_order(found, today, backwards=backwards)


def _from_key(ordered: list[Part], key: Key, *, backwards: bool) -> list[Part]:
    at = next((n for n, part in enumerate(ordered) if part.group == key.group), None)
    if at is None or not ordered[at].is_told_by(key):
        return ordered
    return [*ordered[at].beyond(key, backwards=backwards), *ordered[at + 1 :]]


def _place(parts: Sequence[Part], today: date) -> Case:
    places = {part.group: place for place, part in enumerate(parts)}
    aside = []
    if ASIDE in places:
        is_aside = Q(state__in=rules.PUT_ASIDE, aside_until__gt=today)
        aside = [When(is_aside, then=Value(places.pop(ASIDE)))]
    states = [When(state=state, then=Value(place)) for state, place in places.items()]
    return Case(*aside, *states, default=Value(0), output_field=IntegerField())


def _in_order(cases: QuerySet[Any], today: date, *, backwards: bool) -> Cases:
    is_aside = Q(state__in=rules.PUT_ASIDE, aside_until__gt=today)
    comes_back = Case(When(is_aside, then=F("aside_until")), default=None)
    if backwards:
        return cases.order_by("-place", comes_back.desc(), F("due_at").desc(nulls_first=True), "-pk")
    return cases.order_by("place", comes_back.asc(), F("due_at").asc(nulls_last=True), "pk")
