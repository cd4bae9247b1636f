"""Whether somebody comes from one of their bookings to another in time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

from visits.models.site import Site
from visits.models.ways_kept import LONGEST_WAY

REACH: Final = timedelta(minutes=LONGEST_WAY)
A_MINUTE: Final = timedelta(minutes=1)


def nearby(starts_at: datetime, ends_at: datetime) -> tuple[datetime, datetime]:
    """From when to when something may stand that one has to travel to, or from."""
    return starts_at - REACH, ends_at + REACH


@dataclass(frozen=True)
class TooNear:
    """Time that is too short for the way from a site, or to it: whole minutes of the way, and those there are."""

    site: Site
    minutes: int
    gap: int
    comes_from: bool

    @property
    def words(self) -> str:
        """Said to our own people only."""
        values = {"minutes": self.minutes, "site": self.site.name, "gap": self.gap}
        if self.comes_from:
            return _("Needs %(minutes)d minutes from %(site)s, and there are %(gap)d") % values
        return _("Needs %(minutes)d minutes to %(site)s, and there are %(gap)d") % values
