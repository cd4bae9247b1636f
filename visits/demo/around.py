"""What lies around the made-up visits: things to do, gatherings of the learning networks, a week that is capped."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Final

from django.utils import timezone

from programmes.models import Programme
from visits import checklist, season
from visits.choices import RequestState
from visits.models import ChecklistItem, Gathering, User, VisitRequest, WeekPlan

AROUND: Final = (RequestState.AGREED, RequestState.CONFIRMED, RequestState.COMPLETED)
LATE: Final = timedelta(days=10)  # what was due so short a time ago has not been done yet
NETWORKS: Final = "learning-networks"


def add(today: date, *, by: User) -> None:
    """Lay it all out as it would stand today."""
    checklist.load()
    for case in VisitRequest.objects.filter(state__in=AROUND, is_demo=True).order_by("pk"):
        checklist.lay_out(case)
    done = {"done_at": timezone.now(), "done_by": by, "done_by_name": str(by)}
    ChecklistItem.objects.filter(due_on__lt=today - LATE).update(**done)
    _gatherings(today)
    _capped(today)


def _gatherings(today: date) -> None:
    """The networks meet every fourth Monday afternoon for a year."""
    networks = Programme.objects.filter(slug=NETWORKS).first()
    monday = season.week_of(today + timedelta(weeks=2)).monday
    days = [monday + timedelta(weeks=4 * n) for n in range(12)] if networks else []
    Gathering.objects.bulk_create(
        Gathering(
            programme=networks, day=day, starts=time(13), ends=time(15), facilitators_needed=1 + n % 2, is_demo=True,
            words_en=f"Learning Network, group {1 + n % 4}", words_sv=f"Lärande nätverk, grupp {1 + n % 4}",
        )
        for n, day in enumerate(days)
    )  # fmt: skip


def _capped(today: date) -> None:
    week = season.week_of(today + timedelta(weeks=21))
    told = {
        "words_en": "Two visits only: the large room is being painted.",
        "words_sv": "Bara två besök: stora rummet målas om.",
    }
    WeekPlan.objects.update_or_create(monday=week.monday, defaults={"capacity": 2, "version": 1, **told})
