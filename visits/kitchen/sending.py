"""The sheet goes to the kitchen by mail: to its own address, once for each version of the plan."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from visits import history, outbox, rules, workflow
from visits.kitchen.sheet import Sheet, sheet_of
from visits.models import Message, User, VisitRequest

KIND = "kitchen"


class KitchenRefused(Exception):
    """The sheet is not sent; its text says why and what to do."""


@transaction.atomic
def send(visit_request: VisitRequest, *, by: User) -> None:
    """Owe the kitchen one mail about an agreed visit. The numbers are read when it leaves.

    Raises KitchenRefused where there is no kitchen's address, before the guests have said yes,
    and when nothing has changed since it was sent.
    """
    workflow.look_again(visit_request)
    if not settings.QULTURUM_KITCHEN_EMAIL:
        raise KitchenRefused(_("The kitchen’s address is not set. Ask whoever runs the portal to set it."))
    if visit_request.request_state not in rules.STANDING:
        raise KitchenRefused(_("The kitchen is told when the guests have said yes."))
    if not outbox.owe_kitchen(KIND, visit_request, once_per=version_of(sheet_of(visit_request.visit))):
        raise KitchenRefused(_("The kitchen has this already: nothing has changed since it was sent."))
    history.record(visit_request, "kitchen_told", by=by)


def version_of(sheet: Sheet) -> str:
    """Another word when anything on the sheet is another; without our secret key nobody reads numbers out of it."""
    told = repr((sheet.visit.pk, sheet.people, sheet.counted, sheet.days))
    return salted_hmac("kitchen sheet", told).hexdigest()[:24]


def told_at(visit_requests: Collection[int]) -> dict[str, datetime]:
    """When the kitchen was last told about each of these requests, by its number as text; one query."""
    rows = Message.objects.filter(request__in=visit_requests, kind=KIND).order_by().values_list("request")
    return {str(pk): at for pk, at in rows.annotate(at=Max("queued_at"))}
