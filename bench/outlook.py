"""Answers what fits, three months of first days for each line that comes in; prints how many days are open or tight."""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import Final

from django.utils import timezone

from programmes.models import Offering
from visits import feasibility, rules
from visits.choices import Length

WANTED: Final = ("esther-network", "self-dialysis-at-ryhov", "person-centred-process-mapping")
DAYS: Final = timedelta(days=92)


def main() -> None:
    wants = feasibility.Wants(
        offerings=frozenset(Offering.objects.filter(slug__in=WANTED).values_list("pk", flat=True)),
        languages=frozenset({"en"}),
        group_size=18,
        length=Length.TWO,
    )
    for _line in sys.stdin:
        today = timezone.localdate()
        first = rules.earliest_first_day(today)
        found = feasibility.outlook(wants, first, first + DAYS, asked_on=today)
        print(len(found.open_days()), flush=True)
