"""The visitor sends, and confirms the address."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from visits import access, noticing, outbox, rules, words
from visits.choices import LinkPurpose, RequestState
from visits.door import MoveRefused, move
from visits.models import Organisation, ReferenceCounter, User, Visitor, VisitRequest

S = RequestState


@transaction.atomic
def send(
    visit_request: VisitRequest, *, asked_on: date | None = None, wished: Sequence[date] | None = None
) -> VisitRequest:
    """Take a finished draft as sent and owe its sender the mail that confirms the address.

    `wished` are its first days, for a caller who has just read them. Raises MoveRefused when one
    is closer than three months from the day on which it was asked for, which is today unless it
    was begun before midnight; the draft stays as it is.
    """
    today = asked_on or timezone.localdate()
    days = wished if wished is not None else [wish.first_day for wish in visit_request.wishes.all()]
    if not days or not rules.in_time(days, asked_on=today):
        raise MoveRefused(too_soon(today))
    now = timezone.now()
    move(
        visit_request, S.UNVERIFIED, what="sent", by=None,
        submitted_on=today, first_wished_day=min(days), sent_at=now, unfinished={},
    )  # fmt: skip
    access.issue(LinkPurpose.VERIFY, request=visit_request, life=rules.DAYS_TO_MOVE[S.UNVERIFIED] * rules.DAY)
    outbox.owe_visitor("verify", visit_request, once_per=visit_request.version)
    return visit_request


def too_soon(today: date, *, wished: Collection[date] = ()) -> str:
    """The sentence that says from which day on one can choose; `wished` is what a sent request wishes for."""
    earliest, anew = rules.earliest_changed_day(wished, today=today), rules.earliest_first_day(today)
    from_day = words.plain_day(earliest)
    if earliest < anew:
        return _("Choose a day from %(day)s. An earlier one than you have asked for needs three months anew.") % {
            "day": from_day
        }
    return _("Choose a day from %(day)s. We need three months to prepare.") % {"day": from_day}


@transaction.atomic
def change_address(visit_request: VisitRequest) -> None:
    """Back to the draft, before the address is confirmed; the old mail’s link is closed."""
    move(visit_request, S.DRAFT, what="taken_back_to_draft", by=None, submitted_on=None, sent_at=None)
    access.revoke(LinkPurpose.VERIFY, request=visit_request)
    access.prolong(LinkPurpose.DRAFT, request=visit_request, until=visit_request.due_at)


@transaction.atomic
def verify(visit_request: VisitRequest) -> VisitRequest:
    """The address is confirmed: the request reaches us, gets its number and is answered.

    Doing it twice changes nothing the second time.
    """
    if visit_request.submitted_at is not None:
        return visit_request
    organisation = organisation_of(visit_request)
    visitor = visitor_of(visit_request, organisation)
    reach_us(visit_request, organisation, what="verified", by=None, visitor=visitor)
    outbox.owe_visitor("received", visit_request)
    noticing.soon(visit_request)
    return visit_request


def reach_us(
    visit_request: VisitRequest, organisation: Organisation, *, what: str, by: User | None, **changes: Any
) -> None:
    """The request is ours to read from now on: it has its number and belongs to its organisation."""
    now = timezone.now()
    move(
        visit_request, S.SUBMITTED, what=what, by=by,
        submitted_at=now, reference=_next_reference(now), organisation=organisation, **changes,
    )  # fmt: skip


def _next_reference(at: datetime) -> str:
    year = at.astimezone(rules.STOCKHOLM).year
    counter = ReferenceCounter.objects.filter(year=year)
    if not counter.update(last=F("last") + 1):
        ReferenceCounter.objects.get_or_create(year=year)
        counter.update(last=F("last") + 1)
    return rules.reference(year, counter.values_list("last", flat=True).get())


def organisation_of(visit_request: VisitRequest) -> Organisation:
    """The organisation as the request names it, a new one when we do not know it.

    A name that was put together with another leads to the one that lives. The row stays locked until the
    request belongs to it, so that nobody merges it away in between.
    """
    # Both sides are lowered by the database, as in the constraint, so that its index finds the row.
    name = Lower(Value(visit_request.organisation_name))
    named = Organisation.objects.alias(lowered=Lower("name")).filter(lowered=name, country=visit_request.country)
    known: Organisation | None = named.select_for_update().first()
    while known is not None and known.merged_into_id is not None:
        known = Organisation.objects.select_for_update().get(pk=known.merged_into_id)
    return known or Organisation.objects.create(
        name=visit_request.organisation_name,
        country=visit_request.country,
        town=visit_request.town,
        kind=visit_request.organisation_kind,
        is_demo=visit_request.is_demo,
    )


def visitor_of(visit_request: VisitRequest, organisation: Organisation | None) -> Visitor:
    """The person behind the address, as they describe themselves now, with the organisation they write for."""
    told = {
        "name": visit_request.contact_name,
        "role": visit_request.contact_role,
        "email": visit_request.contact_email,
        "phone": visit_request.contact_phone,
        "language": visit_request.language,
        "organisation": organisation,
        "is_demo": visit_request.is_demo,
    }
    key = visit_request.contact_email.casefold()
    Visitor.objects.bulk_create(
        [Visitor(email_key=key, **told)],
        update_conflicts=True, unique_fields=["email_key"], update_fields=list(told),
    )  # fmt: skip
    return Visitor.objects.get(email_key=key)
