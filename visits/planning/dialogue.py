"""How much of each day is talking together: co-learning is a dialogue, not a lecture."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from visits import words
from visits.choices import SessionKind
from visits.models import Session


def least_share() -> int:
    """The least part of a day, in percent, that ought to be dialogue."""
    return int(settings.QULTURUM_DIALOGUE_SHARE)


def too_little_talk(sessions: Iterable[Session]) -> list[str]:
    """A sentence for each day with less dialogue than we want; `sessions` are in the order of time."""
    days = groupby(sessions, key=lambda session: words.local_date(session.starts_at))
    found = ((day, _percent(rows)) for day, rows in days)
    told = _("%(day)s: %(share)d %% of the time is talking together. We want at least %(least)d %%.")
    return [
        capfirst(told % {"day": words.weekday(day), "share": share, "least": least_share()})
        for day, share in found
        if share is not None and share < least_share()
    ]


def _percent(rows: Iterable[Session]) -> int | None:
    """The part that is dialogue, breaks left out; None for a day of breaks alone."""
    worked = [row for row in rows if row.kind != SessionKind.BREAK]
    minutes = sum(row.minutes for row in worked)
    return 100 * sum(row.dialogue for row in worked) // minutes if minutes else None
