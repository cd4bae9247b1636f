"""Whoever reads the pages of an audience, and the addresses that lead them to what is theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from programmes.models import Area, Programme
from qulturum_portal.audiences import Audience
from tests.conftest import signed_in, visitor_of
from tests.portal.routes import all_routes
from tests.portal.stored import Stored
from tests.visits.group import people
from visits import access
from visits.admin.outgoing import TABS
from visits.choices import LinkPurpose, Measure
from visits.http import OPENED
from visits.models import (
    AccessLink,
    Ask,
    Certificate,
    DecidedTogether,
    ImportedFile,
    LedgerPoint,
    Organisation,
    OrganisationMerge,
    Participant,
    Promise,
    RoomFile,
    SeasonPlan,
    Session,
    VisitRequest,
    WeekPlan,
)

# The parts of an address that lead to one visit, or to what belongs to it.
OF_A_VISIT = {"reference", "pk", "ask_id", "participant_id", "file_id", "point_id", "session_id"}
STEPS = ("who", "learn", "bring", "when", "needs")
QUEUE = (
    "?turn=visitor", "?turn=confirmed", "?turn=done", "?turn=all", "?q=health", "?who=mine&country=NO", "?q=helth",
    "?who=nobody&week=2027-W11", "?turn=all&after=~~99999999",
)  # fmt: skip
SECRET_PAGES = {
    LinkPurpose.DRAFT: "visits:resume",
    LinkPurpose.VERIFY: "visits:verify",
    LinkPurpose.VISIT: "visits:open_visit",
    LinkPurpose.MEMBER: "visits:open_visit",
    LinkPurpose.ASK: "visits:ask_answer",
    LinkPurpose.GROUP: "visits:group_shared",
    LinkPurpose.FOLLOW_UP: "visits:follow_up",
    LinkPurpose.TAKE_OVER: "visits:take_over",
}


def readers(found: Stored, audience: Audience, about: VisitRequest | None) -> dict[str, Client]:
    """The browsers of those who read what an audience may read about a visit, or about none, by their names."""
    match audience:
        case Audience.VISITOR | Audience.FOLLOWER if about is None:
            return {"contact": _contact_of_all(found)}
        case Audience.VISITOR:
            return {"contact": visitor_of(about)}
        case Audience.FOLLOWER:
            return {"contact": visitor_of(about), **_member(about)}
        case Audience.FACILITATOR:
            return {"facilitator": signed_in(found.facilitator.user)}
        case Audience.STAFF | Audience.MANAGER | Audience.SIGNED_IN:
            host = about.coordinator if about else None
            return {"desk": signed_in(host or found.colleague)}
    return {"anybody": Client()}


def _contact_of_all(found: Stored) -> Client:
    client = Client()
    session = client.session
    session[OPENED] = [access.standing_link(LinkPurpose.VISIT, request=one).pk for one in found.visits]
    session.save()
    return client


def _member(about: VisitRequest) -> dict[str, Client]:
    person = Participant.objects.filter(visit__request=about, is_contact=False).first()
    return {"member": people.member(person)} if person else {}


def addresses(found: Stored, audience: Audience, about: VisitRequest | None) -> Iterator[str]:
    """What an audience can open about a visit, or about none."""
    known = _parts(found, about) if about else {}
    for route in all_routes():
        if route.audience is audience and bool(route.parts & OF_A_VISIT) == (about is not None):
            row = _first_of(route.view_name) if "object_id" in route.parts else None
            yield route.path(known | ({"object_id": row.pk} if row else {}))
    if other := (OF_ONE_VISIT if about else OF_NONE).get(audience):
        yield from other(found, about)


def _parts(found: Stored, about: VisitRequest) -> dict[str, object]:
    rows: dict[str, QuerySet[Model]] = {
        "ask_id": Ask.objects.filter(session__visit__request=about, facilitator=found.facilitator).order_by("pk"),
        "participant_id": Participant.objects.filter(visit__request=about),
        "file_id": RoomFile.objects.filter(visit__request=about),
        "point_id": LedgerPoint.objects.filter(entry__visit__request=about),
        "session_id": Session.objects.filter(visit__request=about),
    }
    known = {name: row.pk for name, some in rows.items() if (row := some.first())}
    certificate = Certificate.objects.filter(visit__request=about).last()
    return known | {"reference": about.reference, "pk": about.pk, "number": certificate.number if certificate else ""}


def _first_of(view_name: str) -> Model | None:
    """The first row of the table that a page of the stock admin is about."""
    for model in admin.site._registry:
        if view_name.startswith(f"admin:{model._meta.app_label}_{model._meta.model_name}_"):
            return model._default_manager.order_by("pk").first()
    return None


# Addresses whose parts are no numbers of rows, or that ask for something behind a question mark.


def _public(_found: Stored, _about: None) -> Iterator[str]:
    yield from (reverse("visits:request_step", args=[step]) for step in STEPS)
    yield reverse("programmes:area", args=[Area.objects.all()[0].slug])
    yield reverse("programmes:programme", args=[Programme.objects.all()[0].slug])
    yield reverse("visits:certificate", args=[Certificate.objects.all()[0].number])


def _secret(_found: Stored, _about: None) -> Iterator[str]:
    for link in AccessLink.objects.usable(timezone.now()).filter(purpose__in=SECRET_PAGES):
        yield reverse(SECRET_PAGES[link.purpose], args=[access.token(link)])


def _queue(found: Stored, _about: None) -> Iterator[str]:
    yield from (reverse("admin:index") + query for query in (*QUEUE, "?bulk=1"))
    yield from (reverse("admin:dashboard_measure", args=[measure]) for measure in Measure)
    yield reverse("admin:dashboard_measure", args=[Measure.FIRST_ANSWER]) + "?chart=run"
    yield from (f"{reverse('admin:visits_message_changelist')}?show={tab[0]}" for tab in TABS[1:])
    yield from (f"{reverse('admin:season')}?week={plan.monday:%G-%V}" for plan in WeekPlan.objects.all()[:1])
    several = reverse("admin:visits_visitrequest_several")
    yield f"{several}?{urlencode({'case': [one.pk for one in found.visits]}, doseq=True)}"
    for press in DecidedTogether.objects.all()[:1]:
        yield reverse("admin:visits_visitrequest_several_done", args=[press.pk])
    yield f"{reverse('admin:organisations')}?q=Sykehus"
    for plan in SeasonPlan.objects.all():
        yield reverse("admin:plan", args=[plan.pk])
        yield reverse("admin:plan_csv", args=[plan.pk])
        yield reverse("admin:plan_press", args=[plan.pk])
    yield f"{reverse('admin:promises')}?who=mine"
    for merge in OrganisationMerge.objects.filter(undone_at=None):
        yield reverse("admin:organisation", args=[merge.gone_id])
        yield reverse("admin:organisation", args=[merge.kept_id])
    for promise in Promise.objects.all()[:1]:
        others = Organisation.objects.filter(merged_into=None).exclude(pk=promise.organisation_id)
        yield reverse("admin:organisation", args=[promise.organisation_id])
        yield reverse("admin:organisations_together", args=[promise.organisation_id, others[0].pk])
    yield from (
        reverse("admin:import_preview", args=[one.pk]) for one in ImportedFile.objects.filter(user=found.colleague)
    )


def _other_days(_found: Stored, about: VisitRequest) -> Iterator[str]:
    later = about.first_wished_day + timedelta(weeks=5)
    yield f"{reverse('visits:move_confirm', args=[about.reference])}?first={later}"
    yield from (reverse("visits:my_request_step", args=[about.reference, step]) for step in STEPS)
    yield about.get_absolute_url()  # where a part that can be changed no more sends its reader, with a sentence


def _first_version(_found: Stored, about: VisitRequest) -> Iterator[str]:
    yield reverse("visits:programme", args=[about.reference]) + "?version=1"


def _weeks(found: Stored, about: VisitRequest) -> Iterator[str]:
    for ask in found.facilitator.asks.waiting().filter(session__visit__request=about)[:1]:
        yield reverse("visits:asked_one", args=[ask.pk])
        day = ask.session.visit.first_day
        yield reverse("visits:schedule_week", args=day.isocalendar()[:2])
        yield reverse("visits:schedule_month", args=[day.year, day.month])


def _gatherings(found: Stored, _about: None) -> Iterator[str]:
    for ask in found.facilitator.gathering_asks.all():
        yield reverse("visits:gathering_asked", args=[ask.pk])
        yield reverse("visits:gathering", args=[ask.gathering_id])
        yield reverse("visits:gathering_file", args=[ask.gathering_id])


def _open_row(_found: Stored, about: VisitRequest) -> Iterator[str]:
    for session in Session.objects.filter(visit__request=about)[:1]:
        plan = reverse("admin:visits_visitrequest_change", args=[about.pk])
        yield f"{plan}?open={session.pk}&session={session.pk}"


Other = Callable[[Stored, Any], Iterator[str]]
OF_NONE: dict[Audience, Other] = {
    Audience.PUBLIC: _public,
    Audience.SECRET: _secret,
    Audience.FACILITATOR: _gatherings,
    Audience.STAFF: _queue,
}
OF_ONE_VISIT: dict[Audience, Other] = {
    Audience.VISITOR: _other_days,
    Audience.FOLLOWER: _first_version,
    Audience.FACILITATOR: _weeks,
    Audience.STAFF: _open_row,
}
