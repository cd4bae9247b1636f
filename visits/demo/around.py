"""What lies around the made-up visits: things to do, gatherings of the learning networks, a week that is capped."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Final

from django.utils import timezone

from programmes.models import Programme
from visits import checklist, scheduling, season
from visits.choices import RequestState
from visits.demo import days, staff
from visits.models import ChecklistItem, Facilitator, Gathering, GatheringAsk, Site, User, VisitRequest, WeekPlan

AROUND: Final = (RequestState.AGREED, RequestState.CONFIRMED, RequestState.COMPLETED)
LATE: Final = timedelta(days=10)  # what was due so short a time ago has not been done yet
NETWORKS: Final = "learning-networks"
HELPS, IS_ASKED = f"tomas@{staff.DOMAIN}", f"fatima@{staff.DOMAIN}"


def add(today: date, *, by: User) -> None:
    """Lay it all out as it would stand today."""
    checklist.load()
    for case in VisitRequest.objects.filter(state__in=AROUND, is_demo=True).order_by("pk"):
        checklist.lay_out(case)
    done = {"done_at": timezone.now(), "done_by": by, "done_by_name": str(by)}
    ChecklistItem.objects.filter(due_on__lt=today - LATE).update(**done)
    _gatherings(today, by)
    _capped(today)


def _gatherings(today: date, by: User) -> None:
    """The networks meet every fourth Monday afternoon for a year, and rest while the house is closed.

    Of the first meeting, one has said yes and one is asked.
    """
    networks = Programme.objects.filter(slug=NETWORKS).first()
    monday = season.week_of(today + timedelta(weeks=2)).monday
    mondays = [monday + timedelta(weeks=4 * n) for n in range(12)] if networks else []
    house = Site.objects.filter(name="Qulturum", is_demo=True).first()
    Gathering.objects.bulk_create(
        Gathering(
            programme=networks, day=day, starts=time(13), ends=time(15), facilitators_needed=1 + n % 2, is_demo=True,
            site=house,
            words_en=f"Learning Network, group {1 + n % 4}", words_sv=f"Lärande nätverk, grupp {1 + n % 4}",
        )
        for n, day in enumerate(filter(days.is_open, mondays))
    )  # fmt: skip
    there = Gathering.objects.filter(is_demo=True).select_related("site").first()
    people = Facilitator.objects.filter(is_demo=True, user__email__in=[HELPS, IS_ASKED]).select_related("user")
    if there is not None:
        for person in people:
            _helping(there, person, by)


def _helping(there: Gathering, person: Facilitator, by: User) -> None:
    """No mail is owed: the demo is read, and nobody of it has an address."""
    now = timezone.now()
    asked = GatheringAsk.objects.create(
        gathering=there, facilitator=person, asked_by=by, asked_at=now - timedelta(days=3), starts_at=there.starts_at,
        ends_at=there.ends_at, answer_by=timezone.localdate(now) + timedelta(days=5),
        words="The group has asked for somebody who knows person-centred care.",
    )  # fmt: skip
    if person.user.email == HELPS and not scheduling.gatherings.in_the_way(there, [person]):
        scheduling.accept_helping(asked)
        GatheringAsk.objects.filter(pk=asked.pk).update(answered_at=now - timedelta(days=1))


def _capped(today: date) -> None:
    week = season.week_of(today + timedelta(weeks=21))
    told = {
        "words_en": "Two visits only: the large room is being painted.",
        "words_sv": "Bara två besök: stora rummet målas om.",
    }
    WeekPlan.objects.update_or_create(monday=week.monday, defaults={"capacity": 2, "version": 1, **told})
