"""The history of a request as sentences: one for each deed that the code can record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visits import words
from visits.choices import DeclineReason, RequestState, Turn
from visits.models import HistoryEntry
from visits.rules import TURNS

SENTENCES: Final[dict[str, Promise]] = {
    # the visitor
    "sent": gettext_lazy("%(who)s sent the request"),
    "taken_back_to_draft": gettext_lazy("%(who)s went back to the draft to change the address"),
    "verified": gettext_lazy("%(who)s confirmed the address, and the request came in"),
    "answered": gettext_lazy("%(who)s answered our question"),
    "visitor_wrote": gettext_lazy("%(who)s wrote to us"),
    "agreed": gettext_lazy("%(who)s said yes to version %(version)s"),
    "change_wanted": gettext_lazy("%(who)s wants a change in version %(version)s"),
    "withdrawn": gettext_lazy("%(who)s withdrew the request"),
    "name_added": gettext_lazy("%(who)s added a name to the group"),
    "name_removed": gettext_lazy("%(who)s took a name out of the group"),
    # staff
    "claimed": gettext_lazy("%(who)s took the request"),
    "handed_over": gettext_lazy("%(who)s handed the request over to %(to)s"),
    "asked_question": gettext_lazy("%(who)s asked the guests a question"),
    "wrote_to_visitor": gettext_lazy("%(who)s wrote to the guests"),
    "noted": gettext_lazy("%(who)s wrote a note to colleagues"),
    "waitlisted": gettext_lazy("%(who)s put the request on the waiting list"),
    "resumed": gettext_lazy("%(who)s took it up again"),
    "declined": gettext_lazy("%(who)s said no: %(reason)s"),
    "reopened": gettext_lazy("%(who)s opened the request again"),
    "waived_lead_time": gettext_lazy("%(who)s waived the three months: “%(reason)s”"),
    "chose_days": gettext_lazy("%(who)s chose %(days)s"),
    "added_session": gettext_lazy("%(who)s put “%(session)s” into the agenda"),
    "changed_session": gettext_lazy("%(who)s changed “%(session)s”"),
    "moved_session": gettext_lazy("%(who)s moved “%(session)s” to %(to)s"),
    "removed_session": gettext_lazy("%(who)s took “%(session)s” out of the agenda"),
    "chose_facilitator": gettext_lazy("%(who)s put %(person)s down for “%(session)s”"),
    "proposed": gettext_lazy("%(who)s sent version %(version)s of the programme"),
    "confirmed": gettext_lazy("%(who)s confirmed the visit"),
    "to_be_moved": gettext_lazy("%(who)s took the visit back to planning"),
    "cancelled": gettext_lazy("%(who)s called the visit off"),
    # facilitators
    "asked_facilitator": gettext_lazy("%(person)s was asked to lead “%(session)s”"),
    "facilitator_accepted": gettext_lazy("%(person)s said yes to “%(session)s”"),
    "facilitator_declined": gettext_lazy("%(person)s cannot lead “%(session)s”"),
    "answer_taken_back": gettext_lazy("%(person)s took the answer about “%(session)s” back"),
    "ask_withdrawn": gettext_lazy("The ask to %(person)s for “%(session)s” was taken back"),
    "ask_expired": gettext_lazy("%(person)s did not answer about “%(session)s” in time"),
    # the clock
    "completed": gettext_lazy("The visit has taken place"),
    "expired": gettext_lazy("Nobody answered in time, so the request expired"),
    "proposal_lapsed": gettext_lazy("The answer date of the proposal passed"),
}
TURN_WORDS: Final[dict[Turn, Promise]] = {
    Turn.OURS: gettext_lazy("our turn"),
    Turn.VISITOR: gettext_lazy("their turn"),
    Turn.TOGETHER: gettext_lazy("together"),
    Turn.NOBODY: gettext_lazy("done"),
}


@dataclass(frozen=True)
class Line:
    """One line of the history: when, whose side, what, and what it meant for the turn."""

    entry: HistoryEntry
    text: str
    side: str
    turns: str
    more: list[str]


def line(entry: HistoryEntry) -> Line:
    """An entry as somebody reads it, in the language that is on."""
    return Line(entry, _sentence(entry), _side(entry), _turns(entry.detail), list(_more(entry.detail)))


def _sentence(entry: HistoryEntry) -> str:
    told = SENTENCES.get(entry.what)
    if told is None:
        return f"{entry.by_name}: {entry.what.replace('_', ' ')}"
    return str(told) % _Words(_values(entry))


class _Words(dict[str, str]):
    def __missing__(self, key: str) -> str:
        # A line that was written by an older version of the portal may lack a detail.
        return "…"


def _values(entry: HistoryEntry) -> dict[str, str]:
    detail = entry.detail
    values = {key: str(value) for key, value in detail.items()}
    values |= {"person": str(detail.get("who", "…")), "who": entry.by_name or _("The portal")}
    if entry.what == "declined":
        values["reason"] = _decline_reason(detail)
    if entry.what == "chose_days":
        values["days"] = _days(detail)
    return values


def _decline_reason(detail: Mapping[str, Any]) -> str:
    reason = detail.get("reason")
    return str(DeclineReason(reason).label) if reason in DeclineReason.values else "…"


def _days(detail: Mapping[str, Any]) -> str:
    try:
        return words.day_range(date.fromisoformat(detail["first"]), date.fromisoformat(detail["last"]))
    except (KeyError, ValueError):
        return "…"


def _side(entry: HistoryEntry) -> str:
    if entry.detail.get("by_clock") or (entry.by_id is None and not entry.by_name):
        return "us"
    return "us" if entry.by_id else "you"


def _turns(detail: Mapping[str, Any]) -> str:
    old, new = detail.get("old"), detail.get("new")
    if old not in RequestState.values or new not in RequestState.values:
        return ""
    before, after = TURNS[RequestState(old)], TURNS[RequestState(new)]
    return "" if before == after else f"{TURN_WORDS[before]} → {TURN_WORDS[after]}".capitalize()


MORE: Final[tuple[tuple[str, Callable[[Mapping[str, Any]], str]], ...]] = (
    ("from", lambda d: _("From %(old)s to %(new)s.") % {"old": d["from"], "new": d.get("to", "…")}),
    ("title_was", lambda d: _("It was called “%(title)s”.") % {"title": d["title_was"]}),
    (
        "room_was",
        lambda d: _("Room: %(old)s → %(new)s.") % {"old": d["room_was"] or "–", "new": d.get("room") or "–"},
    ),
    ("why", lambda d: f"“{d['why']}”" if d["why"] else ""),
)


def _more(detail: Mapping[str, Any]) -> list[str]:
    return [told for key, tell in MORE if key in detail and (told := tell(detail))]
