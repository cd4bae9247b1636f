"""What was declined is asked for again on other days: a request of its own, with what was written."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from visits import history, rules
from visits.choices import RequestState
from visits.door import MoveRefused, move
from visits.models import SpecialNeeds, VisitRequest, WishedPeriod
from visits.workflow.sending import too_soon, verify

S = RequestState

COPIED: Final = (
    "organisation_name", "country", "town", "organisation_kind", "contact_name", "contact_role", "contact_email",
    "contact_phone", "language", "group_size", "professions", "other_area", "aim", "big_questions", "better_at_home",
    "measure", "first_test", "gifts", "brings", "sharing", "own_time", "teller", "length", "meeting_language", "travel",
    "needs_invitation_letter", "other_needs", "is_demo",
)  # fmt: skip
CHOSEN: Final = ("areas", "offerings", "initiatives", "programmes")


@transaction.atomic
def ask_again(visit_request: VisitRequest, *, first_day: date) -> VisitRequest:
    """A new request like an old one that has ended, for another first day; it reaches us at once.

    The address was confirmed with the old one. Asking twice for the same day gives the same
    request. Raises MoveRefused for a day within three months of today, and when their names are erased.
    """
    if visit_request.names_erased_at is not None:
        raise MoveRefused(_("We do not know any more who asked. Please ask for a visit anew."))
    # Two presses at once: the second waits here, and finds what the first has made.
    VisitRequest.objects.select_for_update().only("pk").get(pk=visit_request.pk)
    known = visit_request.history.filter(what="asked_again", detail__day=first_day.isoformat()).first()
    if known is not None:
        return VisitRequest.objects.get(reference=known.detail["reference"])
    today = timezone.localdate()
    if not rules.in_time([first_day], asked_on=today):
        raise MoveRefused(too_soon(today))
    again = _copy(visit_request)
    WishedPeriod.objects.create(request=again, rank=1, first_day=first_day)
    now = timezone.now()
    move(again, S.UNVERIFIED, what="sent", by=None, submitted_on=today, first_wished_day=first_day, sent_at=now)
    verify(again)
    detail = {"reference": again.reference or "", "day": first_day.isoformat()}
    history.record(visit_request, "asked_again", by=None, **detail)
    return again


def _copy(visit_request: VisitRequest) -> VisitRequest:
    """A draft with everything that the old request says, but for its days and what became of it."""
    again = VisitRequest.objects.create(
        state=S.DRAFT, state_since=timezone.now(), **{name: getattr(visit_request, name) for name in COPIED}
    )
    for name in CHOSEN:
        getattr(again, name).set(getattr(visit_request, name).all())
    numbers = SpecialNeeds.objects.filter(request=visit_request).values(*SpecialNeeds.ACCESS, *SpecialNeeds.FOOD)
    SpecialNeeds.objects.bulk_create(SpecialNeeds(request=again, **row) for row in numbers)
    return again
