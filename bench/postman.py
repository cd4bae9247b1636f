"""Reads the visitors' mail for them: an address in, the link that confirms it out, line by line."""

from __future__ import annotations

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qulturum_portal.settings")
django.setup()

from django.urls import reverse  # noqa: E402

from visits import access  # noqa: E402
from visits.choices import LinkPurpose  # noqa: E402
from visits.models import VisitRequest  # noqa: E402

for line in sys.stdin:
    visit_request = VisitRequest.objects.filter(contact_email=line.strip()).latest("pk")
    link = access.standing_link(LinkPurpose.VERIFY, request=visit_request)
    print(reverse("visits:verify", args=[access.token(link)]), flush=True)
