"""Which deeds can be taken back, and in which tables each leaves a mark."""

from __future__ import annotations

from typing import Final

from django.db.models import Model

from visits.models import (
    AccessLink,
    Agreement,
    Alternative,
    Ask,
    Booking,
    Comment,
    PlaceOffer,
    Proposal,
    ProposalOption,
    Visit,
    WishedPeriod,
)

# The tables that each deed may touch, by its name in the history (what they are called: `visits.deeds.decisions`).
# The request itself and its mails are always looked at.
# What is not here is not taken back: what both have put their names under (the agreement), what
# mails nobody and has a deed of its own the other way (handing over, the agenda), what the clock does, and what
# changes two requests at once (put together: the second is opened again instead, which tells its guests).
# Putting aside has one as well, and is here because it is done to several at once.
KINDS: Final[dict[str, tuple[type[Model], ...]]] = {
    "claimed": (),
    "asked_question": (Comment,),
    "wrote_to_visitor": (Comment,),
    "put_aside": (),
    "corrected": (WishedPeriod, Agreement, AccessLink),
    "waitlisted": (),
    "waived_lead_time": (),
    "resumed": (PlaceOffer, Proposal, ProposalOption, Booking),
    "reopened": (Alternative,),
    "declined": (PlaceOffer, Proposal, ProposalOption, Alternative, Ask, Booking),
    "proposed": (Proposal, ProposalOption, Booking),
    "confirmed": (Visit, AccessLink, Booking),
    "to_be_moved": (Visit, WishedPeriod),
    "cancelled": (Visit, Ask, Booking),
    "asked_second": (Ask,),
    "asked_voice": (Ask,),
    "asked_facilitator": (Ask,),
    "asked_people": (Ask,),
    "ask_withdrawn": (Ask, Booking),
}

# Mails that tell somebody what they know in the main: whoever decides may leave one out.
OPTIONAL: Final = frozenset({"session_confirmed"})
