"""Fill a portal with facilitators who lead so many sessions each; prints a session and a calendar's secret for each."""

from __future__ import annotations

import sys
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from bench.fill import session_of
from visits import access, rules
from visits.choices import AskState, RequestState, SessionKind
from visits.models import Ask, Booking, Facilitator, Session, User, Visit, VisitRequest

A_VISIT: Final = 4  # sessions that the same person leads
HOURS: Final = (9, 11, 13, 15)


@transaction.atomic
def leader(sessions: int) -> Facilitator:
    """Somebody who leads so many sessions in the half-year to come, four in each visit."""
    user = User.objects.create_user(
        f"leads{sessions}@qulturum.example", first_name="Fatima", last_name=f"Leads {sessions}"
    )
    person = Facilitator.objects.create(user=user, languages=["sv", "en"])
    free = VisitRequest.objects.filter(visit=None).order_by("pk")[: sessions // A_VISIT + 1]
    step = 180 // len(free)
    for number, request in enumerate(list(free)):
        day = timezone.localdate() + timedelta(days=1 + number * step)
        VisitRequest.objects.filter(pk=request.pk).update(state=RequestState.AGREED, due_at=None)
        visit = Visit.objects.create(request=request, first_day=day, last_day=day)
        for hour in HOURS[: sessions - number * A_VISIT]:
            _lead(person, visit, day, hour)
    return person


def _lead(person: Facilitator, visit: Visit, day: date, hour: int) -> None:
    starts_at, ends_at = (datetime.combine(day, time(at), rules.STOCKHOLM) for at in (hour, hour + 1))
    session = Session.objects.create(
        visit=visit, kind=SessionKind.HOST, title=f"Esther {hour}", starts_at=starts_at, ends_at=ends_at
    )
    now = timezone.now()
    Ask.objects.create(
        session=session, facilitator=person, asked_by=person.user, state=AskState.ACCEPTED,
        asked_at=now, answer_by=day, answered_at=now,
    )  # fmt: skip
    Booking.objects.create(facilitator=person, session=session, starts_at=starts_at, ends_at=ends_at)


def main() -> None:
    for sessions in sys.argv[1:]:
        person = leader(int(sessions))
        print(session_of(person.user), access.token(access.new_feed(person)))
