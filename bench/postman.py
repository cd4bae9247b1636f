"""Reads the visitors' mail for them: an address in, the link that confirms it out, line by line."""

from __future__ import annotations

import sys

from django.urls import reverse

from visits import access
from visits.choices import LinkPurpose
from visits.models import VisitRequest


def main() -> None:
    for line in sys.stdin:
        visit_request = VisitRequest.objects.filter(contact_email=line.strip()).latest("pk")
        link = access.standing_link(LinkPurpose.VERIFY, request=visit_request)
        print(reverse("visits:verify", args=[access.token(link)]), flush=True)
