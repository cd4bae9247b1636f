"""What moves in the line: a place is found, offered, taken, refused, or not answered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from visits import feasibility, history, outbox, rules, scheduling, season, weeks, workflow
from visits.choices import Length, OfferAnswer, RequestState
from visits.door import look_again, tell_host
from visits.models import Heartbeat, PlaceOffer, VisitRequest, WishedPeriod
from visits.waiting.line import in_line, months_of, open_offer
from visits.waiting.months import Month, may_be_waited_for
from visits.workflow import MoveRefused

S = RequestState
QUEUE = "waiting line"


@transaction.atomic
def choose_months(visit_request: VisitRequest, months: Iterable[Month], *, seen: int) -> None:
    """The guests say which months they wait for; their place in the line stays what it was.

    Raises MoveRefused without a month, for one in which nothing can be offered any more, and
    for a request that does not wait.
    """
    chosen = sorted(set(months))
    if visit_request.request_state != S.WAITLISTED:
        raise MoveRefused(_("You are not in the line any more. Your page shows how it stands now."))
    if not chosen or not set(chosen) <= set(_may_choose(visit_request)):
        raise MoveRefused(_("Choose at least one of the months on the page."))
    keys = [month.key for month in chosen]
    workflow.touch(
        visit_request, what="months_chosen", by=None, seen=seen, detail={"months": keys}, waitlist_months=keys
    )


@scheduling.retry_deadlocks
def promote(at: datetime) -> int:
    """Offer places that have become free, who has waited longest first; return how many.

    One round at a time: two rounds at once would find the same place.
    """
    if not in_line().exists():
        return 0
    with transaction.atomic():
        Heartbeat.objects.get_or_create(name=QUEUE, defaults={"at": at})
        Heartbeat.objects.select_for_update().get(name=QUEUE)
        offered = [request for request in in_line() if open_offer(request) is None and _promoted(request, at)]
        Heartbeat.objects.filter(name=QUEUE).update(at=at)
    return len(offered)


def promote_now_and_then(at: datetime) -> int:
    """`promote` when a quarter of an hour has passed since the last round; one or two queries else."""
    walked = Heartbeat.objects.filter(name=QUEUE, at__gt=at - rules.BETWEEN_ROUNDS_OF_THE_LINE)
    return 0 if walked.exists() else promote(at)


def look_soon() -> None:
    """Let the next round look for places at once, as when a week takes more than it did."""
    Heartbeat.objects.filter(name=QUEUE).update(at=timezone.now() - rules.BETWEEN_ROUNDS_OF_THE_LINE)


def _promoted(visit_request: VisitRequest, at: datetime) -> bool:
    found = _free_days(visit_request, timezone.localdate(at))
    if found is None:
        return False
    first_day, condition = found
    try:
        offer_place(visit_request, first_day=first_day, condition=condition, at=at)
    except MoveRefused:
        return False
    return True


def _free_days(visit_request: VisitRequest, today: date) -> tuple[date, str] | None:
    """The best first day that is free now, and the condition that goes with it."""
    may = [month for month in months_of(visit_request) if month in _may_choose(visit_request, today)]
    if not may:
        return None
    first = max(may[0].first_day, _earliest(visit_request, today))
    outlook = feasibility.outlook(
        feasibility.wants_of(visit_request), first, may[-1].last_day, asked_on=visit_request.submitted_on or today
    )
    refused = {season.week_of(day) for day in visit_request.place_offers.values_list("first_day", flat=True)}
    for fit in (feasibility.Fit.OPEN, feasibility.Fit.TIGHT):
        fitting = [day for day in outlook.days if Month.of(day) in may and outlook.verdict(day).fit is fit]
        days = [day for day in fitting if season.week_of(day) not in refused]
        if days:
            day = min(days, key=lambda day: _liking(visit_request, day))
            with translation.override(visit_request.language):  # a condition is told in the guests' language
                return day, outlook.words(day)
    return None


def _liking(visit_request: VisitRequest, day: date) -> tuple[int, int, date]:
    """Wished days first in their order, then the weekday they wished for, then the earliest."""
    wishes = [wish.first_day for wish in visit_request.wishes.all()]
    rank = wishes.index(day) if day in wishes else len(wishes)
    same_weekday = bool(wishes) and day.weekday() == wishes[0].weekday()
    return rank, not same_weekday, day


@transaction.atomic
def offer_place(
    visit_request: VisitRequest, *, first_day: date, condition: str = "", at: datetime | None = None
) -> PlaceOffer:
    """Keep days for somebody in the line and tell them, with the day by which they answer.

    Raises MoveRefused for whoever has just left the line, asks for something else, or has a place
    kept, and when the week takes no visit more.
    """
    at = at or timezone.now()
    seen = visit_request.version
    look_again(visit_request)
    if (visit_request.request_state, visit_request.version) != (S.WAITLISTED, seen) or open_offer(visit_request):
        raise MoveRefused(_("%(reference)s waits for no place now.") % {"reference": visit_request.reference})
    answer_by = timezone.localdate(at) + timedelta(days=rules.DAYS_TO_ANSWER_PLACE)
    last_day = rules.last_day(first_day, Length(visit_request.length or Length.ONE))
    try:
        weeks.take_place(first_day, last_day, without=visit_request.pk)
    except weeks.WeekFull as full:
        raise MoveRefused(str(full)) from full
    offer = PlaceOffer.objects.create(
        request=visit_request, first_day=first_day, last_day=last_day, answer_by=answer_by,
        why={"condition": condition, "since": timezone.localdate(visit_request.state_since).isoformat()},
    )  # fmt: skip
    history.record(visit_request, "place_offered", by=None, day=first_day.isoformat(), by_clock=True)
    outbox.owe_visitor("place_offered", visit_request, once_per=offer.pk, offer=offer.pk)
    tell_host("line_moved", visit_request, once_per=f"offered-{offer.pk}")
    return offer


@transaction.atomic
def take_place(visit_request: VisitRequest, *, offer: int) -> None:
    """The guests take the days that were kept for them: they are the first wish now, and we plan.

    Raises MoveRefused when that place is not kept for them any more.
    """
    place = _answered(visit_request, offer, OfferAnswer.YES)
    _wish_for(visit_request, place.first_day)
    workflow.move(
        visit_request, S.IN_REVIEW, what="place_taken", by=None,
        first_wished_day=place.first_day, detail={"day": place.first_day.isoformat()},
    )  # fmt: skip
    tell_host("line_moved", visit_request, once_per=f"taken-{place.pk}")


@transaction.atomic
def refuse_place(visit_request: VisitRequest, *, offer: int) -> None:
    """The guests let the days go and go on waiting where they stood.

    Raises MoveRefused when that place is not kept for them any more.
    """
    place = _answered(visit_request, offer, OfferAnswer.NO)
    history.record(visit_request, "place_refused", by=None, day=place.first_day.isoformat())


def lapse_places(at: datetime) -> int:
    """The clock: places whose day to answer has passed are let go, and those concerned are told."""
    late = PlaceOffer.objects.waiting().filter(answer_by__lt=timezone.localdate(at)).select_related("request")
    return sum(_lapse(place, at) for place in late)


@transaction.atomic
def _lapse(place: PlaceOffer, at: datetime) -> bool:
    look_again(place.request)
    if not _mark(place.pk, OfferAnswer.LAPSED, at):
        return False
    history.record(place.request, "place_lapsed", by=None, day=place.first_day.isoformat(), by_clock=True)
    if place.request.request_state == S.WAITLISTED:
        outbox.owe_visitor("place_lapsed", place.request, once_per=place.pk, offer=place.pk)
    return True


@transaction.atomic
def take_other_days(visit_request: VisitRequest, *, first_day: date, seen: int) -> None:
    """The guests leave the line for days that are free now; what they wrote comes with them.

    Raises MoveRefused for days that keep no three months, and when they do not wait any more.
    """
    today = timezone.localdate()
    if first_day < max(rules.earliest_first_day(visit_request.submitted_on or today), today):
        raise MoveRefused(workflow.too_soon(today))
    _wish_for(visit_request, first_day)
    workflow.move(
        visit_request, S.IN_REVIEW, what="other_days_chosen", by=None, seen=seen,
        first_wished_day=first_day, detail={"day": first_day.isoformat()},
    )  # fmt: skip
    tell_host("line_moved", visit_request, once_per=f"days-{visit_request.version}")


def _answered(visit_request: VisitRequest, offer: int, answer: OfferAnswer) -> PlaceOffer:
    look_again(visit_request)
    place = PlaceOffer.objects.waiting().filter(request=visit_request, pk=offer).first()
    gone = _("This place is not kept for you any more. Your page shows how it stands now.")
    if place is None or visit_request.request_state != S.WAITLISTED:
        raise MoveRefused(gone)
    if place.answer_by < timezone.localdate() or not _mark(place.pk, answer, timezone.now()):
        raise MoveRefused(gone)
    return place


def _mark(place: int, answer: OfferAnswer, at: datetime) -> bool:
    """Write the answer unless somebody, or the clock, was faster."""
    return bool(PlaceOffer.objects.waiting().filter(pk=place).update(answer=answer, answered_at=at))


def _wish_for(visit_request: VisitRequest, first_day: date) -> None:
    """Make a day the first wish; the others follow in their order."""
    others = [w for w in visit_request.wishes.all() if w.first_day != first_day][: rules.MAX_WISHES - 1]
    visit_request.wishes.all().delete()
    days = [(first_day, False), *((wish.first_day, wish.flexible) for wish in others)]
    WishedPeriod.objects.bulk_create(
        WishedPeriod(request=visit_request, rank=rank, first_day=day, flexible=flexible)
        for rank, (day, flexible) in enumerate(days, start=1)
    )


def _may_choose(visit_request: VisitRequest, today: date | None = None) -> list[Month]:
    today = today or timezone.localdate()
    return may_be_waited_for(asked_on=visit_request.submitted_on or today, today=today)


def _earliest(visit_request: VisitRequest, today: date) -> date:
    asked_on = visit_request.submitted_on or today
    return max(rules.earliest_first_day(asked_on), today + rules.LEAST_TIME_TO_PREPARE)
