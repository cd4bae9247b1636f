"""Links into a group: one by e-mail to each address, or one that the contact person shares."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from visits import access, history, outbox
from visits.group import places
from visits.group.names import AddressKnown
from visits.models import AccessLink, Participant, Visit, VisitRequest

INVITATION = "group_invitation"


@transaction.atomic
def invite(visit: Visit, emails: Sequence[str], *, language: str) -> list[Participant]:
    """Keep a place for each address and mail a link there, or do nothing at all.

    Raises AddressKnown for an address that is in the group, and GroupFull when there are
    fewer free places than addresses.
    """
    places.hold(visit)
    for email in emails:
        known = places.taken(visit, email)
        if known is not None:
            raise AddressKnown(known)
    now = timezone.now()
    invited = [places.take(visit, email=email, language=language, invited_at=now) for email in emails]
    history.record(visit.request, "group_invited", by=None, count=len(invited))
    for person in invited:
        _mail(person)
    return invited


@transaction.atomic
def invite_again(person: Participant) -> bool:
    """Mail the link once more, at most once a day; False when it went today already."""
    if not _mail(person):
        return False
    Participant.objects.filter(pk=person.pk).update(invited_at=timezone.now())
    return True


def _mail(person: Participant) -> bool:
    kind = "group_link" if person.name else INVITATION
    return outbox.owe_participant(kind, person, once_per=timezone.localdate())


@transaction.atomic
def share_anew(visit_request: VisitRequest) -> AccessLink:
    """A new link for the group to share; the one before it opens nothing any more."""
    link = access.new_group_link(visit_request)
    history.record(visit_request, "group_link_made", by=None)
    return link
