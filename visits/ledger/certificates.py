"""Certificates: that somebody took part in a visit, with a number that anybody can check."""

from __future__ import annotations

import secrets
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from visits import history
from visits.choices import RequestState
from visits.ledger.teaching import taught
from visits.models import Certificate, Participant, User, Visit, VisitRequest
from visits.text import with_plain_digits

# No I, L, O and U: read aloud or copied by hand, a number stays itself. Sixty bits.
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH: Final = 12
GROUP: Final = 4
_MEANT: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})


class CertificateRefused(Exception):
    """No certificate can be made; the text says why."""


def issue(visit_request: VisitRequest, people: list[Participant], *, by: User | None = None) -> list[Certificate]:
    """A certificate for each of these people of the group who has none; all of theirs that hold.

    The guests' own deed, or one of staff. Raises CertificateRefused before the visit is over, and
    for whoever's certificate was called back: only staff make another.
    """
    with transaction.atomic():
        visit = Visit.objects.select_for_update().select_related("request").get(request=visit_request)
        if visit.request.request_state != RequestState.COMPLETED:
            raise CertificateRefused(_("Certificates are made when the visit is over."))
        made = [_made(visit, person, by) for person in people if not _has(person)]
        if made:
            history.record(visit_request, "certificates_made", by=by, count=len(made))
    return list(standing(visit).filter(participant__in=people))


def standing(visit: Visit) -> QuerySet[Certificate]:
    """The certificates of a visit that hold."""
    return visit.certificates.filter(revoked_at=None)


@transaction.atomic
def call_back(certificate: Certificate, *, by: User) -> bool:
    """From now on the number is told to be called back; False when it was so already."""
    standing_yet = Certificate.objects.filter(pk=certificate.pk, revoked_at=None)
    done = standing_yet.update(revoked_at=timezone.now())
    if done:
        history.record(certificate.visit.request, "certificate_called_back", by=by, number=grouped(certificate.number))
    return bool(done)


def find(typed: str) -> Certificate | None:
    """The certificate with a number, however it was typed: small letters, spaces, dashes, O for 0."""
    return Certificate.objects.filter(number=number_of(typed)).first()


def number_of(typed: str) -> str:
    """What was typed as a number is written."""
    plain = with_plain_digits(typed).upper().translate(_MEANT)
    return "".join(char for char in plain if char in ALPHABET)[: LENGTH + 1]


def grouped(number: str) -> str:
    """«7K2M-9QXA-40TD»: the number as people read it."""
    return "-".join(number[start : start + GROUP] for start in range(0, len(number), GROUP))


def _has(person: Participant) -> bool:
    return person.certificates.filter(revoked_at=None).exists()


def _made(visit: Visit, person: Participant, by: User | None) -> Certificate:
    if not person.name or person.visit_id != visit.pk:
        raise CertificateRefused(_("A certificate needs a name. Write it into the group first."))
    if by is None and person.certificates.exists():
        raise CertificateRefused(
            _("The certificate of %(name)s was called back. Write to your host if it was a mistake.")
            % {"name": person.name}
        )
    return Certificate.objects.create(
        visit=visit,
        participant=person,
        number="".join(secrets.choice(ALPHABET) for _place in range(LENGTH)),
        name=person.name,
        organisation_name=visit.request.organisation_name,
        first_day=visit.first_day,
        last_day=visit.last_day,
        minutes=taught(visit.sessions.all()).minutes,
    )
