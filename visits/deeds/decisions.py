"""What a decision is called, and how it is told: while it can be taken back, and when it has been."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# By the name of the deed in the history; said after «took back:».
CALLED: Final[Mapping[str, Promise]] = {
    "claimed": _("taking the request"),
    "asked_question": _("the question to the guests"),
    "wrote_to_visitor": _("the message to the guests"),
    "put_aside": _("putting it aside"),
    "corrected": _("the correction"),
    "waitlisted": _("the place on the waiting list"),
    "waived_lead_time": _("waiving the three months"),
    "resumed": _("taking it up again"),
    "reopened": _("opening the request again"),
    "declined": _("the no"),
    "proposed": _("version %(version)s of the programme"),
    "confirmed": _("confirming the visit"),
    "to_be_moved": _("taking the visit back to planning"),
    "cancelled": _("calling the visit off"),
    "asked_second": _("the ask to %(person)s"),
    "asked_voice": _("the ask to %(person)s"),
    "asked_facilitator": _("the ask to %(person)s"),
    "asked_people": _("the asks to %(people)s"),
    "ask_withdrawn": _("taking back the ask to %(person)s"),
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


class _Words(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


def told(what: str, detail: Mapping[str, Any]) -> str:
    """What a decision is called, in the language that is on."""
    return str(CALLED.get(what, what)) % _Words({name: str(value) for name, value in detail.items()})


def done(what: str, detail: Mapping[str, Any], *, by: object) -> str:
    """A decision as a sentence, in the language that is on: «Maja Lindqvist said no.»"""
    told = str(DID.get(what, what)) % _Words({name: str(value) for name, value in detail.items()} | {"who": str(by)})
    return f"{told}."
