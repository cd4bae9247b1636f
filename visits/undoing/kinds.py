"""Which deeds can be taken back, what each is called, and in which tables it leaves a mark."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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


@dataclass(frozen=True)
class Kind:
    """One deed, named as in the history: what it is called after «took back:», and the tables it may touch.

    The request itself and its mails are always looked at.
    """

    said: Promise
    touches: tuple[type[Model], ...] = ()


# What is not here is not taken back: what both have put their names under (the agreement), what
# mails nobody and has a deed of its own the other way (handing over, the agenda), what the clock does, and what
# changes two requests at once (put together: the second is opened again instead, which tells its guests).
# Putting aside has one as well, and is here because it is done to several at once.
KINDS: Final[dict[str, Kind]] = {
    "claimed": Kind(_("taking the request")),
    "asked_question": Kind(_("the question to the guests"), (Comment,)),
    "wrote_to_visitor": Kind(_("the message to the guests"), (Comment,)),
    "put_aside": Kind(_("putting it aside")),
    "corrected": Kind(_("the correction"), (WishedPeriod, Agreement, AccessLink)),
    "waitlisted": Kind(_("the place on the waiting list")),
    "waived_lead_time": Kind(_("waiving the three months")),
    "resumed": Kind(_("taking it up again"), (PlaceOffer, Proposal, ProposalOption, Booking)),
    "reopened": Kind(_("opening the request again"), (Alternative,)),
    "declined": Kind(_("the no"), (PlaceOffer, Proposal, ProposalOption, Alternative, Ask, Booking)),
    "proposed": Kind(_("version %(version)s of the programme"), (Proposal, ProposalOption, Booking)),
    "confirmed": Kind(_("confirming the visit"), (Visit, AccessLink, Booking)),
    "to_be_moved": Kind(_("taking the visit back to planning"), (Visit, WishedPeriod)),
    "cancelled": Kind(_("calling the visit off"), (Visit, Ask, Booking)),
    "asked_second": Kind(_("the ask to %(person)s"), (Ask,)),
    "asked_voice": Kind(_("the ask to %(person)s"), (Ask,)),
    "asked_facilitator": Kind(_("the ask to %(person)s"), (Ask,)),
    "asked_people": Kind(_("the asks to %(people)s"), (Ask,)),
    "ask_withdrawn": Kind(_("taking back the ask to %(person)s"), (Ask, Booking)),
}

# The same deeds told as history tells them, while they can still be taken back.
DID: Final[Mapping[str, Promise]] = {
    "claimed": _("%(who)s took the request"),
    "asked_question": _("%(who)s asked the guests a question"),
    "wrote_to_visitor": _("%(who)s wrote to the guests"),
    "put_aside": _("%(who)s put the request aside"),
    "corrected": _("%(who)s corrected the request"),
    "waitlisted": _("%(who)s put the request on the waiting list"),
    "waived_lead_time": _("%(who)s waived the three months"),
    "resumed": _("%(who)s took it up again"),
    "reopened": _("%(who)s opened the request again"),
    "declined": _("%(who)s said no"),
    "proposed": _("%(who)s proposed version %(version)s of the programme"),
    "confirmed": _("%(who)s confirmed the visit"),
    "to_be_moved": _("%(who)s took the visit back to planning"),
    "cancelled": _("%(who)s called the visit off"),
    "asked_second": _("%(who)s asked %(person)s"),
    "asked_voice": _("%(who)s asked %(person)s"),
    "asked_facilitator": _("%(who)s asked %(person)s"),
    "asked_people": _("%(who)s asked %(people)s"),
    "ask_withdrawn": _("%(who)s took back the ask to %(person)s"),
}

# Mails that tell somebody what they know in the main: whoever decides may leave one out.
OPTIONAL: Final = frozenset({"session_confirmed"})


class _Words(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


def told(what: str, detail: Mapping[str, Any]) -> str:
    """What a decision is called, in the language that is on."""
    kind = KINDS.get(what)
    return str(kind.said) % _Words({name: str(value) for name, value in detail.items()}) if kind else what


def done(what: str, detail: Mapping[str, Any], *, by: object) -> str:
    """A decision as a sentence, in the language that is on: «Maja Lindqvist said no.»"""
    told = str(DID.get(what, what)) % _Words({name: str(value) for name, value in detail.items()} | {"who": str(by)})
    return f"{told}."
