"""How the line stands: read, never changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from visits.choices import OfferAnswer, RequestState
from visits.models import PlaceOffer, VisitRequest, WishedPeriod
from visits.models.request import VisitRequestQuerySet
from visits.waiting.months import Month, may_be_waited_for, read_all


@dataclass(frozen=True)
class Standing:
    """Where one request stands in the line, and what it may do there."""

    ahead: int
    months: list[Month]
    may_choose: list[Month]
    offer: PlaceOffer | None
    lapsed: PlaceOffer | None  # the newest days that were kept, when nobody answered in time


def standing(visit_request: VisitRequest) -> Standing:
    """How one waiting request stands; two queries. Past its day an offer waits for the clock alone to let it go."""
    newest = visit_request.place_offers.order_by("-offered_at", "-pk").first()
    passed = newest is not None and newest.answer_by < timezone.localdate()
    is_open = newest is not None and newest.answer == OfferAnswer.OPEN
    return Standing(
        ahead=ahead_of(visit_request),
        months=months_of(visit_request),
        may_choose=may_be_waited_for(asked_on=_asked_on(visit_request), today=timezone.localdate()),
        offer=newest if is_open and not passed else None,
        lapsed=newest if newest and (newest.answer == OfferAnswer.LAPSED or (is_open and passed)) else None,
    )


def in_line() -> VisitRequestQuerySet:
    """Everybody who waits with what they wish for, who has waited longest first."""
    waiting = VisitRequest.objects.filter(state=RequestState.WAITLISTED)
    return waiting.order_by("state_since", "pk").prefetch_related("wishes")


def months_of(visit_request: VisitRequest) -> list[Month]:
    """The months that somebody waits for: those they chose, else that of their first choice."""
    return read_all(visit_request.waitlist_months) or _months([], visit_request.first_choice)


def _months(chosen: Iterable[str], first: date | None) -> list[Month]:
    return read_all(chosen) or ([Month.of(first)] if first else [])


def ahead_of(visit_request: VisitRequest) -> int:
    """How many have waited longer for one of the same months; one query."""
    if visit_request.request_state != RequestState.WAITLISTED:
        return 0
    mine = set(months_of(visit_request))
    longer = VisitRequest.objects.filter(state=RequestState.WAITLISTED, state_since__lt=visit_request.state_since)
    wished = WishedPeriod.objects.filter(request=OuterRef("pk")).order_by("rank").values("first_day")[:1]
    first = Coalesce(Subquery(wished), F("first_wished_day"))
    return sum(bool(mine.intersection(_months(*other))) for other in longer.values_list("waitlist_months", first))


def open_offer(visit_request: VisitRequest) -> PlaceOffer | None:
    """The place that is kept for this request until it is answered."""
    return PlaceOffer.objects.waiting().filter(request=visit_request).first()


def places_of(requests: Iterable[VisitRequest]) -> dict[int, Standing]:
    """For a list, by request: those in the line for whom a place is kept that can be answered; one query."""
    waiting = [one for one in requests if one.request_state == RequestState.WAITLISTED]
    if not waiting:
        return {}
    offers = PlaceOffer.objects.waiting().filter(request__in=waiting, answer_by__gte=timezone.localdate())
    return {offer.request_id: Standing(ahead=0, months=[], may_choose=[], offer=offer, lapsed=None) for offer in offers}


def _asked_on(visit_request: VisitRequest) -> date:
    return visit_request.submitted_on or timezone.localdate(visit_request.created_at)
