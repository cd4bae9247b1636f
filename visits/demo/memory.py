"""What is remembered of the made-up organisations: promises, notes, an earlier name, and a request by phone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from django.utils import timezone

from visits import memory, rules
from visits.choices import RequestState, Source
from visits.models import Entry, Organisation, Promise, User, Visit, Visitor, VisitRequest

# How many days from today something is due, what it is, and how it was kept when it was.
PROMISES: Final = (
    (-40, "Send the patient’s training plan in English", ""),
    (2, "Tell them how the first call in the evening went", ""),
    (-200, "Slides from the ward round", "Sent by mail"),
    (30, "A contact at Senior Alert", ""),
    (-90, "Photographs from the day at Ryhov", "Sent by mail"),
)
NOTES: Final = (
    "They like to begin with their own case, before ours. The bus from the station is enough.",
    "Their director comes along and leaves after lunch.",
)
MISSPELLED: Final = "Roterhaven Hospital"


def add_memory(today: date, desk: list[User]) -> None:
    """A few promises and notes with those who have been here, a misspelled name, and one request that came by phone."""
    visited = Visit.objects.filter(request__state=RequestState.COMPLETED, request__organisation__isnull=False)
    for number, visit in enumerate(visited.select_related("request__organisation").order_by("pk")[:4]):
        _promise(visit, number, today, desk[number % len(desk)])
        memory.append(_organisation(visit), NOTES[number % len(NOTES)], by=desk[number % len(desk)])
    known = Organisation.objects.filter(name="Rotterhaven Hospital").first()
    if known is not None:
        double = Organisation.objects.create(name=MISSPELLED, country=known.country, kind=known.kind, is_demo=True)
        Visitor.objects.filter(requests__organisation=known).update(organisation=double)
    _by_phone(desk[0])


def _organisation(visit: Visit) -> Organisation:
    found = visit.request.organisation
    if found is None:
        raise LookupError("a visit that took place is of an organisation")
    return found


def _promise(visit: Visit, number: int, today: date, by: User) -> None:
    for days, said, how in PROMISES[number : number + 3]:
        due_on = today + timedelta(days=days)
        made = Promise.objects.create(
            organisation=_organisation(visit), visit=visit, words=said, promised_by=by,
            promised_on=min(visit.last_day, due_on), due_on=due_on,
        )  # fmt: skip
        if how:
            memory.keep(made, by=by, how=how)


def _by_phone(by: User) -> None:
    """The latest request is one that a colleague has written down, and nobody has taken over."""
    latest = VisitRequest.objects.filter(state=RequestState.SUBMITTED).order_by("-pk").first()
    if latest is None:
        return
    said = "They phoned on their way home from the festival, and want to come with the whole ward."
    Entry.objects.create(request=latest, by=by, source=Source.PHONE, words=said)
    Entry.objects.filter(request=latest).update(at=timezone.now() - 2 * rules.DAY)
    VisitRequest.objects.filter(pk=latest.pk).update(visitor=None)
