"""People of a group at their own browsers, and the forms they send."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from visits import access, group
from visits.choices import LinkPurpose
from visits.http import OPENED
from visits.models import Participant, VisitRequest

WRITTEN: dict[str, Any] = {
    "name": "Dev Sharma",
    "role": "Physician",
    "email": "",
    "curious_about": "How a Life Café begins",
    "printed": "yes",
}


def words(name: str = "Dev Sharma", **given: Any) -> group.OwnWords:
    return group.OwnWords(name=name, **given)


def writes(visit_request: VisitRequest, name: str = "Dev Sharma", **given: Any) -> Participant:
    """Somebody who has written their name behind the shared link."""
    return group.write_by_shared_link(visit_request.visit, words(name, **given))


def member(person: Participant) -> Client:
    """The browser of somebody who has opened their own link."""
    client = Client()
    session = client.session
    session[OPENED] = [access.standing_link(LinkPurpose.MEMBER, participant=person).pk]
    session.save()
    return client


def own_link(person: Participant) -> str:
    link = access.standing_link(LinkPurpose.MEMBER, participant=person)
    return reverse("visits:open_visit", args=[access.token(link)])


def shared_link(visit_request: VisitRequest) -> str:
    """The address that the contact person passes on."""
    link = access.group_link(visit_request) or group.share_anew(visit_request)
    return reverse("visits:group_shared", args=[access.token(link)])


def names(visit_request: VisitRequest) -> list[str]:
    """Who has written beside the contact person."""
    people = Participant.objects.filter(visit__request=visit_request, is_contact=False)
    return list(people.written().values_list("name", flat=True))
