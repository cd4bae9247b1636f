"""Which requests a week is about: read before anybody changes it, never changed here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final

from django.db.models import Q

from visits import rules, words
from visits.choices import Length, ProposalAnswer, RequestState
from visits.models import PlaceOffer, ProposalOption, VisitRequest, WishedPeriod
from visits.season import Week

S = RequestState
ASKING: Final = (S.SUBMITTED, S.IN_REVIEW, S.INFO_REQUESTED)
SETTLED: Final = (S.AGREED, S.CONFIRMED, S.COMPLETED)


class Group(Enum):
    """What a week is to a request."""

    SETTLED = "settled"
    PROPOSED = "proposed"
    PLANNED = "planned"
    KEPT = "kept"
    WAITING = "waiting"
    WISHED = "wished"


# What a week is to a request with a visit in it.
GROUPS: Final = {
    **dict.fromkeys(SETTLED, Group.SETTLED),
    S.PROPOSED: Group.PROPOSED,
    **dict.fromkeys(ASKING, Group.PLANNED),
    S.WAITLISTED: Group.WAITING,
}


@dataclass(frozen=True)
class Touched:
    """A request that has, is offered, waits for or wishes for a week."""

    case: VisitRequest
    group: Group
    days: str

    @property
    def key(self) -> str:
        return f"{self.case.pk}.{self.case.version}"


def touched_by(week: Week) -> tuple[list[Touched], int]:
    """The requests that a week is about, those with a visit there first, and how many drafts wish for it.

    Drafts are nobody's to read before they are sent: only their number is told. Six queries at most.
    """
    first, last = week.monday, week.workdays[-1] + 2 * rules.DAY
    wished, offered, kept = _wishes(first, last), _offered(first, last), _kept(first, last)
    near = Q(visit__first_day__lte=last, visit__last_day__gte=first)
    open_cases = VisitRequest.objects.sent().exclude(state__in=rules.ENDED)
    cases = (
        open_cases.filter(near | Q(pk__in=wished | offered | kept)).select_related("visit").prefetch_related("wishes")
    )
    found = [_touched(case, first, last, offered, kept) for case in cases.order_by("due_at", "pk")]
    drafts = VisitRequest.objects.filter(state__in=rules.UNSENT, pk__in=wished).count() if wished else 0
    return sorted((one for one in found if one), key=lambda one: list(Group).index(one.group)), drafts


def _offered(first: date, last: date) -> set[int]:
    """Requests whose open proposal offers other days in the week; one query."""
    there = ProposalOption.objects.filter(first_day__lte=last, last_day__gte=first)
    rows = there.filter(proposal__answer=ProposalAnswer.OPEN).order_by()
    return set(rows.values_list("proposal__request_id", flat=True))


def _kept(first: date, last: date) -> set[int]:
    """Requests for which a place in the week is kept; one query."""
    there = PlaceOffer.objects.taking_a_place().filter(first_day__lte=last, last_day__gte=first)
    return set(there.order_by().values_list("request_id", flat=True))


def _wishes(first: date, last: date) -> set[int]:
    """Requests that wish for a first day from which a visit of theirs touches the week; one query."""
    earliest = first - rules.MAX_SPAN * rules.DAY
    near = WishedPeriod.objects.filter(first_day__gte=earliest, first_day__lte=last)
    rows = near.order_by().values_list("request_id", "first_day", "request__length")
    return {case for case, day, length in rows if _last(day, length) >= first}


def _last(day: date, length: str) -> date:
    return rules.last_day(day, Length(length or Length.ONE))


def _touched(case: VisitRequest, first: date, last: date, offered: set[int], kept: set[int]) -> Touched | None:
    visit = getattr(case, "visit", None)
    if visit is not None and visit.first_day <= last and visit.last_day >= first:
        group = GROUPS.get(case.request_state)
        return Touched(case, group, words.day_range(visit.first_day, visit.last_day)) if group else None
    if case.pk in offered | kept:
        return Touched(case, Group.PROPOSED if case.pk in offered else Group.KEPT, "")
    wished = [day for day in _days_of(case) if day <= last and _last(day, case.length) >= first]
    if not wished or case.request_state not in (*ASKING, S.WAITLISTED):
        return None
    group = Group.WAITING if case.request_state == S.WAITLISTED else Group.WISHED
    return Touched(case, group, "; ".join(words.day_range(day, _last(day, case.length)) for day in wished))


def _days_of(case: VisitRequest) -> list[date]:
    return [wish.first_day for wish in case.wishes.all()]
