"""Fill the database of one portal and print a coordinator's session; `bench.portal` runs it with Django ready.

One request in ten waits for Qulturum, one in ten for its visitor; the rest are done, as after six years,
and their days have been.
"""

from __future__ import annotations

import sys
from datetime import date, timedelta
from io import StringIO
from typing import Final

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import Group
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from bench import house, led, season
from programmes.models import Area
from visits.choices import Gift, Length, OrganisationKind, RequestState
from visits.models import Organisation, User, Visitor, VisitRequest, WishedPeriod

STATES: Final = (
    RequestState.SUBMITTED,
    RequestState.INFO_REQUESTED,
    *[RequestState.COMPLETED] * 5,
    *[RequestState.CANCELLED] * 2,
    RequestState.WITHDRAWN,
)
COUNTRIES: Final = ("NO", "SE", "DK", "FI", "NL", "GB", "IS", "PT")
BATCH: Final = 500


def coordinator() -> User:
    user = User.objects.create_user("karin@qulturum.example", is_staff=True, first_name="Karin")
    user.groups.set(Group.objects.all())
    return user


def session_of(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


@transaction.atomic
def requests(count: int) -> None:
    """`count` requests that have reached Qulturum, each with its visitor, wishes and areas."""
    hospitals = Organisation.objects.bulk_create(
        Organisation(name=f"Hospital {n}", country=COUNTRIES[n % len(COUNTRIES)], kind=OrganisationKind.HEALTH)
        for n in range(200)
    )
    visitors = Visitor.objects.bulk_create(
        (visitor(n, hospitals[n % len(hospitals)]) for n in range(count)), batch_size=BATCH
    )
    asked = VisitRequest.objects.bulk_create(
        (visit_request(n, visitors[n], hospitals[n % len(hospitals)]) for n in range(count)), batch_size=BATCH
    )
    WishedPeriod.objects.bulk_create(
        (
            WishedPeriod(request=one, rank=rank, first_day=one.first_wished_day + timedelta(weeks=rank - 1))
            for one in asked
            for rank in (1, 2)
            if one.first_wished_day
        ),
        batch_size=BATCH,
    )
    areas = list(Area.objects.values_list("pk", flat=True))
    chosen = VisitRequest.areas.through
    chosen.objects.bulk_create(
        (
            chosen(visitrequest_id=one.pk, area_id=areas[(one.pk + step) % len(areas)])
            for one in asked
            for step in (0, 3)
        ),
        batch_size=BATCH,
    )


def visitor(n: int, hospital: Organisation) -> Visitor:
    email = f"visitor{n}@hospital{n % 200}.example.org"
    return Visitor(name=f"Visitor {n}", email=email, email_key=email, organisation=hospital)


def visit_request(n: int, sender: Visitor, hospital: Organisation) -> VisitRequest:
    state = STATES[n % len(STATES)]
    is_open = state in {RequestState.SUBMITTED, RequestState.INFO_REQUESTED}
    asked = timezone.now() - (timedelta(hours=n % 2000) if is_open else timedelta(days=330 + n % 2000))
    return VisitRequest(
        reference=f"CL-26-{n:05}",
        state=state,
        state_since=asked,
        due_at=asked + timedelta(days=7) if is_open else None,
        visitor=sender,
        organisation=hospital,
        organisation_name=hospital.name,
        country=hospital.country,
        organisation_kind=OrganisationKind.HEALTH,
        contact_name=sender.name,
        contact_email=sender.email,
        group_size=n % 30 + 1,
        aim="How a ward learns from what goes well, and how patients take part in it.",
        gifts=[Gift.WORKS],
        brings="Ten years of safety rounds with patients, and what went wrong on the way.",
        length=Length.TWO,
        first_wished_day=first_day(asked.date(), n),
        submitted_on=asked.date(),
        sent_at=asked,
        submitted_at=asked,
    )


def first_day(asked: date, n: int) -> date:
    """A Tuesday, four months and more after it was asked for."""
    day = asked + timedelta(days=123 + n % 200)
    return day + timedelta(days=(1 - day.weekday()) % 7)


def prepare() -> None:
    """What comes before the first start, as docs/operations.md has it."""
    call_command("migrate", verbosity=0)
    call_command("load_catalogue", stdout=StringIO())
    call_command("load_roles", stdout=StringIO())
    call_command("collectstatic", interactive=False, verbosity=0)


def main() -> None:
    prepare()
    karin = coordinator()
    requests(int(sys.argv[1]))
    season.fill()
    if int(sys.argv[2]):
        house.fill(people=int(sys.argv[2]))
    if int(sys.argv[3]):
        led.fill(people=int(sys.argv[3]))
    with connection.cursor() as cursor:
        # What autovacuum does in a house that stands for more than a minute: indexes are read without their rows.
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    print(session_of(karin))
