"""What there is to notice in the made-up season: a few requests say something that gives rise to ask."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Final

from django.utils import timezone

from visits import noticing, rules
from visits.choices import BookingKind, Gift, RequestState
from visits.models import Booking, Facilitator, User, VisitRequest, WishedPeriod


def add_noticed(today_at: datetime, manager: User) -> int:
    """Let some of the open requests be as requests sometimes are, and look at all of them."""
    cases = list(VisitRequest.objects.filter(is_demo=True, state=RequestState.SUBMITTED).order_by("pk"))
    for case, change in zip(cases, CHANGES, strict=False):
        change(case)
    _waive(manager)
    watched = VisitRequest.objects.filter(is_demo=True, state__in=noticing.WATCHED)
    return noticing.notice(list(watched.values_list("pk", flat=True)), at=today_at)


def _names_somebody(case: VisitRequest) -> None:
    """One of ours who is away on the morning of the wished day."""
    erik, day = Facilitator.objects.get(user__email="erik@qulturum.example"), case.first_wished_day
    if day is None:
        return
    starts, ends = (datetime.combine(day, clock, rules.STOCKHOLM) for clock in (time(8), time(12)))
    if not Booking.objects.overlapping(starts, ends).filter(facilitator=erik).exists():
        Booking.objects.create(facilitator=erik, kind=BookingKind.AWAY, starts_at=starts, ends_at=ends)
    case.aim += " We heard Erik Sandell in Utrecht and would like to meet him again."
    case.save(update_fields=["aim"])


def _asks_twice(case: VisitRequest) -> None:
    """A colleague of the same place has asked for the same day a week before."""
    other = VisitRequest.objects.filter(is_demo=True, state=RequestState.IN_REVIEW).order_by("pk").first()
    if other is None or other.first_wished_day is None:
        return
    domain = other.contact_email.rpartition("@")[2]
    case.organisation_name, case.organisation, case.country = other.organisation_name, other.organisation, other.country
    case.contact_name, case.contact_email = "Thomas Brandt", f"thomas.brandt@{domain}"
    case.aim, case.brings = other.aim, other.brings
    case.first_wished_day, case.group_size = other.first_wished_day, (other.group_size or 0) + 2
    case.visitor = None
    case.save()
    case.areas.set(other.areas.all())
    case.offerings.set(other.offerings.all())
    case.wishes.all().delete()
    WishedPeriod.objects.create(request=case, rank=1, first_day=other.first_wished_day)


def _brings_nothing(case: VisitRequest) -> None:
    case.brings, case.gifts = "Nothing yet", [Gift.UNKNOWN]
    case.aim += " We hope for a longer relation than one visit."
    case.save(update_fields=["brings", "gifts", "aim"])


def _does_not_add_up(case: VisitRequest) -> None:
    case.aim += " We are 25 nurses and doctors from three wards."
    case.group_size = 12
    case.save(update_fields=["aim", "group_size"])


def _brings_pupils(case: VisitRequest) -> None:
    case.other_needs = "Four pupils aged 16 come with us for a day."
    case.group_size = 45
    case.save(update_fields=["other_needs", "group_size"])


CHANGES: Final[tuple[Callable[[VisitRequest], None], ...]] = (
    _names_somebody, _asks_twice, _brings_nothing, _does_not_add_up, _brings_pupils,
)  # fmt: skip


def _waive(manager: User) -> None:
    """One visit is planned closer than three months, with a reason that is kept."""
    case = VisitRequest.objects.filter(is_demo=True, state=RequestState.IN_REVIEW).order_by("-pk").first()
    if case is None or case.submitted_on is None or case.first_wished_day is None:
        return
    day = rules.earliest_first_day(case.submitted_on) - timedelta(days=13)
    while day.weekday() > 3:
        day -= timedelta(days=1)
    if day <= timezone.localdate():
        return
    case.waiver_reason, case.waived_by = "Their board decides in February, and both leaders are free.", manager
    case.first_wished_day = day
    case.save(update_fields=["waiver_reason", "waived_by", "first_wished_day"])
    case.wishes.all().delete()
    WishedPeriod.objects.create(request=case, rank=1, first_day=day)
