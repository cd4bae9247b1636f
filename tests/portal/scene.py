"""Two of everything that belongs to somebody, so that a test can try what is the other's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import factories
from visits import access, group, scheduling
from visits.choices import AskState, BookingHold, BookingKind, LinkPurpose, RequestState, SessionKind
from visits.models import AwaySeries, Booking, Facilitator, Participant, RoomFile, VisitRequest


@dataclass(frozen=True)
class Side:
    """A visitor with a confirmed visit, and a facilitator with an ask and time away."""

    visit_request: VisitRequest
    facilitator: Facilitator
    ask_id: int
    booking_id: int
    series_id: int
    participant_id: int
    file_id: int
    helping_id: int
    gathering_id: int

    @property
    def parts(self) -> dict[str, object]:
        """What stands in the addresses that lead to what is theirs."""
        return {
            "reference": self.visit_request.reference,
            "ask_id": self.ask_id,
            "booking_id": self.booking_id,
            "series_id": self.series_id,
            "participant_id": self.participant_id,
            "file_id": self.file_id,
            "helping_id": self.helping_id,
            "gathering_id": self.gathering_id,
            "step": "who",
            "year": 2027,
            "number": 3,
        }

    def visitor(self) -> Client:
        """A browser that has opened the link of this visit."""
        client = Client()
        link = access.standing_link(LinkPurpose.VISIT, request=self.visit_request)
        client.post(reverse("visits:open_visit", args=[access.token(link)]))
        return client


def side() -> Side:
    visit_request = factories.VisitRequestFactory(state=RequestState.CONFIRMED)
    visit = factories.VisitFactory(request=visit_request)
    ask = factories.AskFactory(session=factories.SessionFactory(visit=visit), state=AskState.ACCEPTED)
    starts_at = timezone.now() + timedelta(days=200)
    away = Booking.objects.create(
        facilitator=ask.facilitator,
        kind=BookingKind.AWAY,
        hold=BookingHold.FIRM,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(days=1),
    )
    day = timezone.localdate() + timedelta(days=220)
    series = AwaySeries.objects.create(facilitator=ask.facilitator, first_day=day, last_day=day)
    factories.SessionFactory(visit=visit, hour=11, kind=SessionKind.GUEST, title="Their story")
    group.seat_contact(visit)
    factories.settle_agreement(visit_request)
    participant = Participant.objects.create(visit=visit, name="Iain Fraser")
    paper = RoomFile.objects.create(
        visit=visit, title="Esther", file=ContentFile(b"%PDF-", "esther"), name="Esther.pdf", kind="application/pdf",
        size=5, owner=ask.facilitator.user,
    )  # fmt: skip
    helps = scheduling.accept_helping(factories.GatheringAskFactory(facilitator=ask.facilitator))
    return Side(
        visit_request, ask.facilitator, ask.pk, away.pk, series.pk, participant.pk, paper.pk, helps.pk,
        helps.gathering_id,
    )  # fmt: skip


def signed_in(user: object) -> Client:
    client = Client()
    client.force_login(user)
    return client
