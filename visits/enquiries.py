"""Messages from people who have no request."""

from __future__ import annotations

from django.db import transaction

from visits import outbox, roles
from visits.models import Enquiry, User


@transaction.atomic
def receive(enquiry: Enquiry) -> Enquiry:
    """Keep the message and owe every active coordinator a mail about it."""
    enquiry.save()
    for coordinator in User.objects.filter(groups__name=roles.COORDINATORS, is_active=True):
        outbox.owe_staff("enquiry", coordinator, once_per=enquiry.pk, enquiry=enquiry)
    return enquiry
