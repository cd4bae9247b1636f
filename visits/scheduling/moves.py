"""A gathering is at another time or place: whose word stays, and what whoever is asked anew knew before."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any, Final

from django.db import IntegrityError, transaction

from visits.choices import AskState
from visits.models import Booking, Gathering, GatheringAsk, Message
from visits.scheduling import imported
from visits.scheduling.clashes import clash_words
from visits.scheduling.refusals import Clash

KNOWN: Final = ("moved_from", "moved_end", "moved_place", "was_yes")


class Becomes(Enum):
    """What becomes of an ask about a gathering when the gathering, or who is to help there, is saved."""

    AS_IT_WAS = "as it was"
    KEPT = "kept"  # the word stays, and is written down as the gathering is now
    ASKED_ANEW = "asked anew"
    LET_OFF = "let off"


def held_for(gathering: int | None) -> dict[int | None, Booking]:
    """The time that is held at a gathering, by person, with the place as it was when they said yes; one query."""
    rows = Booking.objects.filter(gathering=gathering).select_related("site", "facilitator__user")
    return {one.facilitator_id: one for one in rows}


def becomes(ask: GatheringAsk, gathering: Gathering, held: Booking | None, now: datetime) -> Becomes:
    """What becomes of the ask of somebody who is still wanted there. Where it is tells only a yes, by its booking."""
    is_at_its_time = (ask.starts_at, ask.ends_at) == (gathering.starts_at, gathering.ends_at)
    if is_at_its_time and (held is None or held.site_id == gathering.site_id):
        return Becomes.AS_IT_WAS
    # What has been is written down as it was: nobody is asked about it, and who helped has helped.
    if ask.ends_at <= now and gathering.starts_at <= now:
        return Becomes.KEPT
    if gathering.ends_at <= now:
        return Becomes.LET_OFF  # from a day to come to one that is over: nobody said yes to that
    # They have said yes to that hour wherever it is.
    return Becomes.KEPT if is_at_its_time and held and held.site_id is None else Becomes.ASKED_ANEW


def keep(ask: GatheringAsk, gathering: Gathering, held: Booking | None) -> None:
    """A word stays, and its time is held when and where the gathering is now.

    Raises Clash, naming what stands in the way.
    """
    ask.starts_at, ask.ends_at = gathering.starts_at, gathering.ends_at
    ask.save(update_fields=["starts_at", "ends_at"])
    if held is None:
        return
    imported.make_way(ask.facilitator, [(ask.starts_at, ask.ends_at)])
    held.gathering, held.starts_at, held.ends_at = gathering, ask.starts_at, ask.ends_at
    try:
        with transaction.atomic():
            held.save(update_fields=["starts_at", "ends_at", "site"])
    except IntegrityError as error:
        raise Clash(clash_words(held)) from error


def known_of(ask: GatheringAsk, held: Booking | None) -> dict[str, Any]:
    """What somebody knew of a gathering that has moved, for the mail that asks them anew.

    Whose question has not left and was not answered knows only what stood before that one.
    """
    owed = Message.objects.filter(gathering_ask=ask, kind="gathering_ask")
    unread = owed.exclude(pk__in=owed.told()).first() if ask.state == AskState.ASKED else None
    if unread is not None:
        return {name: unread.data[name] for name in KNOWN if name in unread.data}
    return {
        "moved_from": ask.starts_at.isoformat(), "moved_end": ask.ends_at.isoformat(),
        "moved_place": held.site.name if held and held.site else "", "was_yes": ask.state == AskState.ACCEPTED,
    }  # fmt: skip
