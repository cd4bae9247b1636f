"""The names of a group, as its people write them themselves."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from visits import history, outbox, rules
from visits.group import places
from visits.models import Participant, Visit


class AddressKnown(Exception):
    """Somebody of the group has this address; `person` is who."""

    def __init__(self, person: Participant) -> None:
        super().__init__(_("%(email)s is in the group already.") % {"email": person.email})
        self.person = person


class Gone(Exception):
    """The name has been taken off the list meanwhile."""


@dataclass(frozen=True)
class OwnWords:
    """What one person writes about themselves; all but the name may be left out."""

    name: str
    role: str = ""
    email: str = ""
    curious_about: str = ""
    may_be_printed: bool = False
    language: str = "en"


def seat_contact(visit: Visit) -> Participant:
    """The contact person comes first in every group; doing it again changes nothing."""
    there = visit.participants.filter(is_contact=True).first()
    if there is not None:
        return there
    asked = visit.request
    person = places.taken(visit, asked.contact_email) or Participant(visit=visit, email=asked.contact_email)
    person.name = person.name or asked.contact_name
    person.role = person.role or asked.contact_role
    person.language, person.is_contact = asked.language, True
    person.written_at = person.written_at or timezone.now()
    person.save()
    return person


@transaction.atomic
def write_by_shared_link(visit: Visit, words: OwnWords) -> Participant:
    """Somebody with the shared link writes their name; with an address, their own link is mailed there.

    The same words again within a minute are the same press. Raises GroupFull when the last place
    is taken, and AddressKnown for an address of somebody who is in the group.
    """
    places.hold(visit)
    pressed_twice = visit.participants.filter(
        **asdict(words), is_contact=False, written_at__gt=timezone.now() - rules.SAME_MESSAGE
    ).first()
    if pressed_twice is not None:
        return pressed_twice
    known = places.taken(visit, words.email)
    if known is not None:
        raise AddressKnown(known)
    person = places.take(visit, **asdict(words), written_at=timezone.now())
    _record_written(visit)
    outbox.owe_participant("group_link", person, once_per=_address_key(person.email))
    return person


@transaction.atomic
def write_own(person: Participant, words: OwnWords) -> None:
    """Somebody writes or changes what stands about themselves; another address gets their link.

    Raises AddressKnown for the address of somebody else in the group, and Gone when they have
    been taken off the list.
    """
    places.hold(person.visit)
    known = places.taken(person.visit, words.email)
    if known is not None and known.pk != person.pk:
        raise AddressKnown(known)
    was = Participant.objects.filter(pk=person.pk).first()
    if was is None:
        raise Gone(_("Your name has been taken off the list. Ask whoever invited you."))
    changes = {**asdict(words), "written_at": was.written_at or timezone.now()}
    Participant.objects.filter(pk=person.pk).update(**changes)
    person.refresh_from_db()
    if not was.name:
        _record_written(person.visit)
    if words.email.casefold() != was.email.casefold() and not was.is_contact:
        outbox.owe_participant("group_link", person, once_per=_address_key(words.email))


@transaction.atomic
def add_name(visit: Visit, *, name: str, role: str) -> Participant:
    """The contact person writes somebody who has no address; the same name and role again is the same person.

    Raises GroupFull when the group has as many people as were asked for.
    """
    places.hold(visit)
    for person in visit.participants.written():
        if (person.name.casefold(), person.role.casefold()) == (name.casefold(), role.casefold()):
            return person
    person = places.take(visit, name=name, role=role, language=visit.request.language, written_at=timezone.now())
    history.record(visit.request, "name_added", by=None, count=visit.participants.written().count())
    return person


@transaction.atomic
def remove_name(visit: Visit, participant_id: int) -> bool:
    """The contact person takes somebody off the list, with every link of theirs; False when they are gone already."""
    removed, _by_model = visit.participants.filter(pk=participant_id, is_contact=False).delete()
    if removed:
        history.record(visit.request, "name_removed", by=None, count=visit.participants.written().count())
    return bool(removed)


@transaction.atomic
def leave(person: Participant) -> bool:
    """Somebody takes themselves off the list; False for the contact person, and when they are gone already."""
    visit = person.visit
    removed, _by_model = visit.participants.filter(pk=person.pk, is_contact=False).delete()
    if removed:
        history.record(visit.request, places.LEFT, by=None, count=visit.participants.written().count())
    return bool(removed)


def acknowledge(person: Participant) -> None:
    """Somebody has read what holds in care areas; the first time counts."""
    Participant.objects.filter(pk=person.pk, acknowledged_at=None).update(acknowledged_at=timezone.now())


def _record_written(visit: Visit) -> None:
    # How many, not who: a name that is taken off the list stands nowhere else.
    history.record(visit.request, "name_written", by=None, count=visit.participants.written().count())


def _address_key(email: str) -> str:
    return hashlib.sha256(email.casefold().encode()).hexdigest()[:16]
