"""Who could not be there in time, coming from another house or going on to one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Final

from django.db.models import Q

from visits.models import Booking, Facilitator, Session, Site, Travel

FARTHEST: Final = timedelta(minutes=600)  # the longest way that can be written down


def out_of_reach(session: Session, people: Collection[Facilitator]) -> dict[int, Booking]:
    """What else each of these leads so near to a session that the way between does not fit, by their number.

    Two queries, however many; none for a session whose house nobody has written down. A way that nobody has
    written down takes no time.
    """
    here = session.where
    if here is None or not people:
        return {}
    ways = _minutes_from(here)
    near = Booking.objects.filter(
        facilitator__in=people, session__isnull=False,
        starts_at__lt=session.ends_at + FARTHEST, ends_at__gt=session.starts_at - FARTHEST,
    ).exclude(session=session)  # fmt: skip
    found = near.select_related("session__room__site", "session__site").order_by("starts_at", "pk")
    return {one.facilitator_id: one for one in found if one.facilitator_id and _is_too_far(session, one, ways)}


def _minutes_from(here: Site) -> dict[int, int]:
    """The shortest way from a house to every other, in minutes."""
    rows = Travel.objects.filter(Q(one=here) | Q(other=here)).order_by("-minutes")
    return {row.other_id if row.one_id == here.pk else row.one_id: row.minutes for row in rows}


def _is_too_far(session: Session, other: Booking, ways: dict[int, int]) -> bool:
    there = other.session.where if other.session else None
    if there is None or there == session.where:
        return False
    before = other.ends_at <= session.starts_at
    pause = session.starts_at - other.ends_at if before else other.starts_at - session.ends_at
    return pause < timedelta(minutes=ways.get(there.pk, 0))
