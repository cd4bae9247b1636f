"""The history of a request as sentences: one for each deed that the code can record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visits import story, words
from visits.choices import DeclineReason, FlagKind, RequestState, Source, Turn
from visits.deeds import asking_on, decisions
from visits.models import HistoryEntry
from visits.outbox.names import name_of
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
    "request_changed": gettext_lazy("%(who)s changed the request"),
    "withdrawn": gettext_lazy("%(who)s withdrew the request"),
    "name_added": gettext_lazy("%(who)s added a name to the group"),
    "name_removed": gettext_lazy("%(who)s took a name out of the group"),
    "name_written": gettext_lazy("One of the group wrote their name: there are %(count)s"),
    "left_group": gettext_lazy("One of the group took their own name off: there are %(count)s"),
    "group_invited": gettext_lazy("%(who)s invited %(count)s by e-mail into the group"),
    "group_link_made": gettext_lazy("%(who)s made a new link for the group"),
    "group_size_changed": gettext_lazy("%(who)s changed the group from %(was)s to %(now)s people"),
    "needs_changed": gettext_lazy("%(who)s changed the numbers for food and access"),
    "invitation_letter_made": gettext_lazy("An invitation letter was made"),
    "months_chosen": gettext_lazy("%(who)s waits for other months"),
    "place_taken": gettext_lazy("%(who)s took the place that was kept"),
    "place_refused": gettext_lazy("%(who)s let the place go that was kept"),
    "other_days_chosen": gettext_lazy("%(who)s left the line for other days"),
    "asked_again": gettext_lazy("%(who)s asked again, for other days: %(reference)s"),
    "move_wanted": gettext_lazy("%(who)s asked for other days: %(days)s"),
    "move_wished": gettext_lazy("%(who)s wishes for other days: %(days)s"),
    "cancel_wished": gettext_lazy("%(who)s wishes to call the visit off"),
    # the visit's room, from both sides
    "room_asked": gettext_lazy("%(who)s asked a question in the visit’s room"),
    "room_answered": gettext_lazy("%(who)s answered “%(question)s”"),
    "room_taken": gettext_lazy("%(who)s takes “%(question)s” to the meeting"),
    "room_put_back": gettext_lazy("%(who)s leaves “%(question)s” to others"),
    "room_file_added": gettext_lazy("%(who)s put “%(title)s” into the visit’s room"),
    "room_file_removed": gettext_lazy("%(who)s took “%(title)s” out of the visit’s room"),
    "agreed_for_guests": gettext_lazy("%(who)s agreed for the guests to version %(version)s of the agreement"),
    "answers_changed": gettext_lazy("%(who)s changed the guests’ answers in version %(version)s of the agreement"),
    # staff
    "agreed_for_us": gettext_lazy("%(who)s agreed for Qulturum to version %(version)s of the agreement"),
    "agreement_edited": gettext_lazy("%(who)s wrote our half of version %(version)s of the agreement"),
    "agreement_reopened": gettext_lazy("Both are asked to read the agreement again: version %(version)s"),
    "agreement_stands_again": gettext_lazy("Version %(version)s of the agreement stands again: it is as it was"),
    "agreement_written": gettext_lazy("Version %(version)s of the agreement was written"),
    "claimed": gettext_lazy("%(who)s took the request"),
    "corrected": gettext_lazy("%(who)s corrected the request"),
    "changed_subjects": gettext_lazy("%(who)s changed what the visit is about"),
    "handed_over": gettext_lazy("%(who)s handed the request over to %(to)s"),
    "asked_question": gettext_lazy("%(who)s asked the guests a question"),
    "wrote_to_visitor": gettext_lazy("%(who)s wrote to the guests"),
    "noted": gettext_lazy("%(who)s wrote a note to colleagues"),
    "put_aside": gettext_lazy("%(who)s put the request aside until %(until)s"),
    "taken_up": gettext_lazy("%(who)s put the request back on the list"),
    "waitlisted": gettext_lazy("%(who)s put the request on the waiting list"),
    "resumed": gettext_lazy("%(who)s took it up again"),
    "declined": gettext_lazy("%(who)s said no: %(reason)s"),
    "reopened": gettext_lazy("%(who)s opened the request again"),
    "waived_lead_time": gettext_lazy("%(who)s waived the three months: “%(reason)s”"),
    "took_back": gettext_lazy("%(who)s took back: %(deed)s"),
    "chose_between": gettext_lazy("%(who)s chose between what they and %(other)s had written"),
    "chose_days": gettext_lazy("%(who)s chose %(days)s"),
    "added_session": gettext_lazy("%(who)s put “%(session)s” into the agenda"),
    "changed_session": gettext_lazy("%(who)s changed “%(session)s”"),
    "moved_session": gettext_lazy("%(who)s moved “%(session)s” to %(to)s"),
    "retimed": gettext_lazy("%(who)s changed times: %(sessions)s"),
    "split_session": gettext_lazy("%(who)s made two sessions of “%(session)s”"),
    "copied_session": gettext_lazy("%(who)s put “%(session)s” into the agenda once more"),
    "copied_day": gettext_lazy("%(who)s copied a whole day of the agenda"),
    "two_groups": gettext_lazy("%(who)s split the guests into two groups at “%(session)s”"),
    "one_group": gettext_lazy("%(who)s brought the groups together at “%(session)s”"),
    "used_template": gettext_lazy("%(who)s put the template “%(name)s” into the agenda"),
    "wrote_practical": gettext_lazy("%(who)s wrote what is good to know"),
    "removed_session": gettext_lazy("%(who)s took “%(session)s” out of the agenda"),
    "chose_facilitator": gettext_lazy("%(who)s put %(person)s down for “%(session)s”"),
    "chose_second": gettext_lazy("%(who)s put %(person)s down as the second in “%(session)s”"),
    "chose_voice": gettext_lazy("%(who)s put %(person)s down as the voice beside the leader in “%(session)s”"),
    "proposed": gettext_lazy("%(who)s sent version %(version)s of the programme"),
    "confirmed": gettext_lazy("%(who)s confirmed the visit"),
    "put_together": gettext_lazy("%(who)s put %(reference)s into this request"),
    "put_into": gettext_lazy("%(who)s put this request into %(reference)s, where it goes on"),
    "are_two": gettext_lazy("%(who)s said that this and %(reference)s are two visits"),
    "flag_dismissed": gettext_lazy("%(who)s said “not so” to: %(kind)s"),
    "flag_raised_again": gettext_lazy("%(who)s wants this to be noticed again: %(kind)s"),
    "to_be_moved": gettext_lazy("%(who)s took the visit back to planning"),
    "cancelled": gettext_lazy("%(who)s called the visit off"),
    "week_changed": gettext_lazy("%(who)s changed how many visits week %(week)s takes: %(takes)s"),
    "kitchen_told": gettext_lazy("%(who)s sent the sheet to the kitchen"),
    "session_held": gettext_lazy("%(who)s told that “%(session)s” was held with %(people)s people"),
    "session_not_held": gettext_lazy("%(who)s told that “%(session)s” was not held"),
    # written down for somebody
    "entered": gettext_lazy("%(who)s entered the request for the guests: %(source)s"),
    "came_in": gettext_lazy("The request came in"),
    "address_corrected": gettext_lazy("%(who)s sent the link to take the request over to another address"),
    "taken_over": gettext_lazy("%(who)s took the request over and confirmed the address"),
    # promises
    "promised": gettext_lazy("%(who)s promised the guests: “%(promise)s”"),
    "promise_kept": gettext_lazy("%(who)s marked as done: “%(promise)s”"),
    "promise_opened": gettext_lazy("%(who)s opened the promise again: “%(promise)s”"),
    # when it is over
    "guests_looked_back": gettext_lazy("%(who)s shared what the guests take home"),
    "we_looked_back": gettext_lazy("%(who)s shared what we take home"),
    "guests_followed_up": gettext_lazy("%(who)s told how it has gone, after %(months)s months"),
    "we_followed_up": gettext_lazy("%(who)s told how it has gone with us, after %(months)s months"),
    "certificates_made": gettext_lazy("Certificates were made: %(count)s"),
    "certificate_called_back": gettext_lazy("%(who)s called the certificate %(number)s back"),
    # facilitators
    "asked_facilitator": gettext_lazy("%(person)s was asked to lead “%(session)s”"),
    "asked_second": gettext_lazy("%(person)s was asked to be the second in “%(session)s”"),
    "asked_voice": gettext_lazy("%(person)s was asked to be the voice beside the leader in “%(session)s”"),
    "facilitator_accepted": gettext_lazy("%(person)s said yes to “%(session)s”"),
    "facilitator_declined": gettext_lazy("%(person)s cannot lead “%(session)s”"),
    "voice_declined": gettext_lazy("%(person)s cannot be the voice in “%(session)s”"),
    "stood_down": gettext_lazy("%(person)s cannot come, and %(who)s let “%(session)s” go"),
    "answer_taken_back": gettext_lazy("%(person)s took the answer about “%(session)s” back"),
    "ask_withdrawn": gettext_lazy("The ask to %(person)s for “%(session)s” was taken back"),
    "ask_gave_way": gettext_lazy("%(person)s need not answer about “%(session)s”: somebody said yes first"),
    "ask_came_back": gettext_lazy("%(person)s is asked about “%(session)s” as before"),
    "ask_expired": gettext_lazy("%(person)s did not answer about “%(session)s” in time"),
    "swap_offered": gettext_lazy("%(instead_of)s asked %(person)s to take over “%(session)s”"),
    "swap_taken_back": gettext_lazy("%(instead_of)s leads “%(session)s” after all, and not %(person)s"),
    "voice_kept": gettext_lazy("%(instead_of)s comes to “%(session)s” after all, and not %(person)s"),
    "swap_agreed": gettext_lazy("%(person)s would take over “%(session)s” from %(instead_of)s"),
    "swap_done": gettext_lazy("%(person)s took over “%(session)s” from %(instead_of)s"),
    "asked_next": gettext_lazy("The portal asked %(person)s to lead “%(session)s”, because %(reason)s"),
    "asked_next_voice": gettext_lazy(
        "The portal asked %(person)s to be the voice beside the leader in “%(session)s”, because %(reason)s"
    ),
    "no_voice_left": gettext_lazy(
        "The portal asked nobody else to be the voice beside the leader in “%(session)s”: %(reason)s"
    ),
    "nobody_left": gettext_lazy("The portal asked nobody else to lead “%(session)s”: %(reason)s"),
    "asks_on": gettext_lazy("%(who)s lets the portal ask the next best for “%(session)s” after a no"),
    "asks_nobody_on": gettext_lazy("%(who)s lets the portal ask nobody by itself for “%(session)s”"),
    # the clock
    "place_offered": gettext_lazy("A place became free and is kept for them"),
    "mail_held": gettext_lazy("%(who)s holds back the mail “%(mail)s”"),
    "mail_let_go": gettext_lazy("%(who)s let the mail “%(mail)s” go"),
    "mail_arrived": gettext_lazy("%(who)s heard that the mail “%(mail)s” had arrived"),
    "mail_again": gettext_lazy("%(who)s had the mail “%(mail)s” sent again"),
    "place_lapsed": gettext_lazy("Nobody answered in time, so the place was let go"),
    "names_erased": gettext_lazy("Two years have passed, and the names of the guests were erased"),
    "completed": gettext_lazy("The visit has taken place"),
    "expired": gettext_lazy("Nobody answered in time, so the request expired"),
    "proposal_lapsed": gettext_lazy("The answer date of the proposal passed"),
    "mail_refused": gettext_lazy("A mail was refused by the receiver’s mail server and did not leave: “%(mail)s”"),
    "mail_returned": gettext_lazy("A mail came back, because it could not be delivered: “%(mail)s”"),
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
    return Line(entry, _sentence(entry), _side(entry), _turns(entry.detail), more(entry.detail))


# What of a deed the guests may read in its sentence: neither who of ours it was about nor what we wrote about it.
OUTSIDE: Final = frozenset({"count", "days", "months", "now", "version", "was", "who"})


def outside(entry: HistoryEntry) -> str:
    """An entry as one sentence for the guests; what they do not read in it is left open."""
    said = SENTENCES.get(entry.what)
    if said is None:
        return _("Something was noted")
    known = OUTSIDE | ({"reason"} if entry.what == "declined" else set())
    values = {key: told for key, told in _values(entry).items() if key in known}
    return str(said) % _Words({"person": _("A colleague"), "instead_of": _("A colleague"), **values})


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
    values |= {"person": str(detail.get("who", "…")), "who": entry.by_name or _nobody(entry)}
    values |= asking_on.reason(entry.what, detail) | _mail(detail)
    if entry.what == "declined":
        values["reason"] = _decline_reason(detail)
    if entry.what == "put_aside":
        values["until"] = _until(detail)
    if detail.get("kind") in FlagKind.values:
        values["kind"] = str(FlagKind(detail["kind"]).label)
    if entry.what == "chose_days":
        values["days"] = _days(detail)
    if entry.what == "took_back":
        values["deed"] = decisions.told(detail.get("deed", ""), detail.get("about", {}))
    if entry.what == "entered" and detail.get("source") in Source.values:
        values["source"] = str(Source(detail["source"]).label)
    if entry.what in {"move_wanted", "move_wished"}:
        values["days"] = "; ".join(words.day(date.fromisoformat(day)) for day in detail.get("days", []))
    return values


def _mail(detail: Mapping[str, Any]) -> dict[str, str]:
    return {"mail": name_of(str(detail["mail"]))} if "mail" in detail else {}


def _nobody(entry: HistoryEntry) -> str:
    """Who did it where no name stands: the clock, or a guest whose name is forgotten."""
    is_guest = entry.is_forgotten and not entry.detail.get("by_clock")
    return _("One of the guests") if is_guest else _("The portal")


def _decline_reason(detail: Mapping[str, Any]) -> str:
    reason = detail.get("reason")
    return str(DeclineReason(reason).label) if reason in DeclineReason.values else "…"


def _days(detail: Mapping[str, Any]) -> str:
    try:
        return words.day_range(date.fromisoformat(detail["first"]), date.fromisoformat(detail["last"]))
    except (KeyError, ValueError):
        return "…"


def _until(detail: Mapping[str, Any]) -> str:
    try:
        return words.plain_day(date.fromisoformat(detail["until"]))
    except (KeyError, ValueError):
        return "…"


def _side(entry: HistoryEntry) -> str:
    is_clock = entry.by_id is None and not entry.by_name and not entry.is_forgotten
    if entry.detail.get("by_clock") or is_clock:
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
    ("days", lambda d: _other_days(d["days"])),
    ("chosen", lambda d: _("They chose %(days)s.") % {"days": _days(_first_and_last(d["chosen"]))}),
    ("changes", lambda d: " ".join(story.rewritten_line(change) for change in d["changes"])),
    ("said", lambda d: f"“{d['said']}”" if d["said"] else ""),
    ("due_on", lambda d: _("By %(day)s.") % {"day": words.plain_day(date.fromisoformat(d["due_on"]))}),
    ("how", lambda d: f"“{d['how']}”" if d["how"] else ""),
    ("chosen_between", lambda d: " ".join(f"{one['label']}: “{one['kept']}”." for one in d["chosen_between"])),
    ("why", lambda d: f"“{d['why']}”" if d["why"] else ""),
)

# What of a deed those lines tell: each by its own key, and two by the keys beside it.
TOLD_BESIDE: Final = frozenset({"room", "to", *(key for key, _tell in MORE)})


def _first_and_last(days: list[str]) -> dict[str, str]:
    return dict(zip(("first", "last"), days, strict=False))


def _other_days(days: list[str]) -> str:
    """The days that the guests ask for instead; nothing when they ask for none."""
    if not days or not isinstance(days, list):
        return ""
    return _("Other days: %(days)s.") % {"days": "; ".join(words.day(date.fromisoformat(day)) for day in days)}


def more(detail: Mapping[str, Any]) -> list[str]:
    """What else was written down with a deed, in lines of their own."""
    return [told for key, tell in MORE if key in detail and (told := tell(detail))]
