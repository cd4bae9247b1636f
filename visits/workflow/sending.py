"""The visitor sends, and confirms the address."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from visits import access, outbox, rules, words
from visits.choices import LinkPurpose, RequestState
from visits.models import Organisation, ReferenceCounter, Visitor, VisitRequest
from visits.workflow.door import MoveRefused, move

S = RequestState


@transaction.atomic
def send(visit_request: VisitRequest) -> VisitRequest:
    """Take a finished draft as sent and owe its sender the mail that confirms the address.

    Raises MoveRefused when a wished day is closer than three months from today; the
    draft stays as it is.
    """
    today = timezone.localdate()
    days = [wish.first_day for wish in visit_request.wishes.all()]
    if not days or not rules.in_time(days, asked_on=today):
        raise MoveRefused(too_soon(today))
    now = timezone.now()
    move(
        visit_request, S.UNVERIFIED, what="sent", by=None,
        submitted_on=today, first_wished_day=min(days), sent_at=now,
    )  # fmt: skip
    access.issue(LinkPurpose.VERIFY, request=visit_request, life=rules.DAYS_TO_MOVE[S.UNVERIFIED] * rules.DAY)
    outbox.owe_visitor("verify", visit_request, once_per=visit_request.version)
    return visit_request


def too_soon(today: date) -> str:
    """The sentence that says from which day on one can choose."""
    from_day = words.plain_day(rules.earliest_first_day(today))
    return _("Choose a day from %(day)s. We need three months to prepare.") % {"day": from_day}


@transaction.atomic
def change_address(visit_request: VisitRequest) -> None:
    """Back to the draft, before the address is confirmed; the old mail’s link is closed."""
    move(visit_request, S.DRAFT, what="taken_back_to_draft", by=None, submitted_on=None, sent_at=None)
    access.revoke(LinkPurpose.VERIFY, request=visit_request)


@transaction.atomic
def verify(visit_request: VisitRequest) -> VisitRequest:
    """The address is confirmed: the request reaches us, gets its number and is answered.

    Doing it twice changes nothing the second time.
    """
    if visit_request.submitted_at is not None:
        return visit_request
    now = timezone.now()
    move(
        visit_request, S.SUBMITTED, what="verified", by=None,
        submitted_at=now, reference=_next_reference(now),
        organisation=_organisation(visit_request), visitor=_visitor(visit_request),
    )  # fmt: skip
    outbox.owe_visitor("received", visit_request)
    return visit_request


def _next_reference(at: datetime) -> str:
    year = at.astimezone(rules.STOCKHOLM).year
    counter = ReferenceCounter.objects.filter(year=year)
    if not counter.update(last=F("last") + 1):
        ReferenceCounter.objects.get_or_create(year=year)
        counter.update(last=F("last") + 1)
    return rules.reference(year, counter.values_list("last", flat=True).get())


def _organisation(visit_request: VisitRequest) -> Organisation:
    # Both sides are lowered by the database, as in the constraint, so that its index finds the row.
    name = Lower(Value(visit_request.organisation_name))
    known = (
        Organisation.objects.alias(lowered=Lower("name")).filter(lowered=name, country=visit_request.country).first()
    )
    return known or Organisation.objects.create(
        name=visit_request.organisation_name,
        country=visit_request.country,
        town=visit_request.town,
        kind=visit_request.organisation_kind,
        is_demo=visit_request.is_demo,
    )


def _visitor(visit_request: VisitRequest) -> Visitor:
    """The person behind the address, as they describe themselves now."""
    told = {
        "name": visit_request.contact_name,
        "role": visit_request.contact_role,
        "email": visit_request.contact_email,
        "phone": visit_request.contact_phone,
        "language": visit_request.language,
        "is_demo": visit_request.is_demo,
    }
    key = visit_request.contact_email.casefold()
    Visitor.objects.bulk_create(
        [Visitor(email_key=key, **told)],
        update_conflicts=True, unique_fields=["email_key"], update_fields=list(told),
    )  # fmt: skip
    return Visitor.objects.get(email_key=key)
