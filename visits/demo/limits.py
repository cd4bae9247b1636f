"""What the made-up season limits: how many an offering takes, and when it rests. No source gives either."""

from __future__ import annotations

from datetime import date
from typing import Final

from programmes.models import Offering
from visits.models import Pause

UNIT: Final = "self-dialysis-at-ryhov"
AT_A_TIME: Final = 8
RESTS_IN: Final = 6  # June


def add_limits(today: date) -> None:
    """Eight guests at a time at the self-dialysis unit, and none in June of this year and the next."""
    unit = Offering.objects.filter(slug=UNIT).first()
    if unit is None:
        return
    unit.takes = AT_A_TIME
    unit.save(update_fields=["takes", "changed_at"])
    for year in (today.year, today.year + 1):
        Pause.objects.create(
            offering=unit,
            first_day=date(year, RESTS_IN, 1),
            last_day=date(year, RESTS_IN, 30),
            words_en="The unit has no visits in June. The patients need the calm.",
            words_sv="Enheten tar inte emot besök i juni. Patienterna behöver lugnet.",
            is_demo=True,
        )
