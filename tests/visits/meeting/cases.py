"""Rooms and those in them, made as the portal makes them; and files of every kind, made by hand."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.conftest import signed_in, visitor_of
from tests.factories import AskFactory, CoordinatorFactory, FacilitatorFactory, SessionFactory
from tests.visits.visitor import cases
from visits import access, meeting, rules
from visits.choices import AskState, FacilitatorKind, LinkPurpose
from visits.http import OPENED
from visits.meeting import Speaker
from visits.models import Ask, Participant, RoomFile, User, Visit, VisitRequest

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def opened(**given: object) -> VisitRequest:
    """A visit that the guests have said yes to, with its room."""
    visit_request = cases.agreed(**given)
    return VisitRequest.objects.select_related("visit", "coordinator").get(pk=visit_request.pk)


def contact(visit_request: VisitRequest) -> Speaker:
    return meeting.as_guest(visit_request, None)


def member(visit_request: VisitRequest, name: str = "Moira Reid", **fields: Any) -> Participant:
    fields = {"role": "patient partner", "email": "moira@tayford.example.org", "written_at": timezone.now()} | fields
    return Participant.objects.create(visit=visit_request.visit, name=name, **fields)


def guest(visit_request: VisitRequest, row: Participant) -> Speaker:
    return meeting.as_guest(visit_request, row)


def ask(visit_request: VisitRequest, state: AskState = AskState.ACCEPTED, **person: Any) -> Ask:
    """Somebody who was asked to tell about Esther at nine."""
    names = {"user__first_name": "Erik", "user__last_name": "Sandell"} | person
    session = visit_request.visit.sessions.filter(title="Meet Esther").first() or SessionFactory(
        visit=visit_request.visit
    )
    answered = timezone.now() if state in (AskState.ACCEPTED, AskState.DECLINED) else None
    return AskFactory(
        session=session, facilitator=FacilitatorFactory(**names), state=state, answered_at=answered,
        asked_by=visit_request.coordinator,
    )  # fmt: skip


def host(visit_request: VisitRequest, asked: Ask) -> Speaker:
    speaker = meeting.as_facilitator(asked.facilitator, visit_request.reference)
    assert speaker is not None
    return speaker


def living_library(visit_request: VisitRequest, state: AskState) -> Ask:
    return ask(
        visit_request, state, kind=FacilitatorKind.LIVING_LIBRARY, user__first_name="Karin", user__last_name="Holm"
    )


def desk(visit_request: VisitRequest, user: User | None = None) -> Speaker:
    return meeting.as_staff(user or visit_request.coordinator, visit_request)


def days_after_the_visit(visit_request: VisitRequest, days: int) -> VisitRequest:
    """The same visit, so many days after its last day."""
    last = timezone.localdate() - timedelta(days=days)
    Visit.objects.filter(request=visit_request).update(first_day=last, last_day=last)
    return VisitRequest.objects.select_related("visit", "coordinator").get(pk=visit_request.pk)


# -- Browsers


def member_client(row: Participant) -> Client:
    """The browser of one of the group who has opened their own link."""
    client = Client()
    session = client.session
    session[OPENED] = [access.standing_link(LinkPurpose.MEMBER, participant=row).pk]
    session.save()
    return client


class Doors:
    """A browser at each door of a room, and the address of the room there; made when it is looked at."""

    def __init__(self, visit_request: VisitRequest) -> None:
        self.visit_request = visit_request

    def __getitem__(self, name: str) -> tuple[Client, str]:
        return getattr(self, name)

    @property
    def guests(self) -> str:
        return reverse("visits:room", args=[self.visit_request.reference])

    @cached_property
    def contact(self) -> tuple[Client, str]:
        return visitor_of(self.visit_request), self.guests

    @cached_property
    def member(self) -> tuple[Client, str]:
        return member_client(member(self.visit_request)), self.guests

    @cached_property
    def facilitator(self) -> tuple[Client, str]:
        address = reverse("visits:schedule_room", args=[self.visit_request.reference])
        return signed_in(ask(self.visit_request).facilitator.user), address

    @cached_property
    def staff(self) -> tuple[Client, str]:
        address = reverse("admin:visits_visitrequest_room", args=[self.visit_request.pk])
        return signed_in(CoordinatorFactory()), address


# -- Files


def upload(name: str = "Esther.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/octet-stream")


def zipped(**parts: bytes | str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


def office(folder: str, **more: bytes | str) -> bytes:
    return zipped(**{"[Content_Types].xml": "<Types/>", f"{folder}/document.xml": "<x/>", **more})


def open_document(what: str, how: int = zipfile.ZIP_STORED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", how) as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{what}")
        archive.writestr("content.xml", "<x/>")
    return packed.getvalue()


def stored(speaker: Speaker, name: str = "Esther.pdf", content: bytes = PDF, title: str = "") -> RoomFile:
    return meeting.add_file(
        speaker, title=title, name=name, kind=meeting.kinds.recognised(name, len(content), io.BytesIO(content)),
        content=upload(name, content),
    )  # fmt: skip


LAST_OPEN = rules.ROOM_OPEN_DAYS
