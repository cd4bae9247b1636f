"""What became of each message of a conversation: which mail it was, and whose turn it made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visits import words
from visits.choices import CommentSide, MessageState, RequestState
from visits.models import Comment, HistoryEntry, Message, VisitRequest

SAME_DEED: Final = timedelta(seconds=5)  # a message and its line in the history are written in one transaction
MAIL_IS: Final[dict[str, Promise]] = {
    MessageState.DUE: gettext_lazy("The mail to %(to)s waits to leave"),
    MessageState.SENDING: gettext_lazy("The mail to %(to)s is leaving now"),
    MessageState.SENT: gettext_lazy("Mailed to %(to)s, %(when)s"),
    MessageState.FAILED: gettext_lazy("The mail to %(to)s could not be sent"),
    MessageState.UNCERTAIN: gettext_lazy("It is uncertain whether the mail to %(to)s arrived"),
    MessageState.SKIPPED: gettext_lazy("Not mailed to %(to)s: %(why)s"),
    MessageState.HELD: gettext_lazy("The mail to %(to)s is held back"),
}
IN_TROUBLE: Final = (MessageState.FAILED, MessageState.UNCERTAIN)
ANSWERED: Final = "answered"
# What the guests did with the same press; only what they wrote beside it is a message.
CAME_WITH: Final[dict[str, Promise]] = {
    ANSWERED: gettext_lazy("Answered our question, so the turn came back to us"),
    "agreed": gettext_lazy("Came with their yes to version %(version)s"),
    "change_wanted": gettext_lazy("Came with a wish to change version %(version)s, so the turn came back to us"),
    "move_wanted": gettext_lazy("Came with a wish for other days, so the turn came back to us"),
    "move_wished": gettext_lazy("Came with a wish for other days"),
    "cancel_wished": gettext_lazy("Came with a wish to call the visit off"),
}


@dataclass(frozen=True)
class Said:
    """A message with what there is to know about it, each in a few words."""

    comment: Comment
    facts: tuple[str, ...] = ()
    in_trouble: Message | None = None  # a mail of it that waits for one of us


def said(case: VisitRequest, comments: Sequence[Comment]) -> list[Said]:
    """All messages, each with its facts: two queries, none for an empty conversation."""
    if not comments:
        return []
    mails = list(Message.objects.filter(comment__request=case).order_by("pk"))
    entries = list(case.history.filter(what__in=CAME_WITH, by=None).order_by("at", "pk"))
    return told(case, comments, mails, entries)


def told(
    case: VisitRequest, comments: Sequence[Comment], mails: Iterable[Message], entries: Iterable[HistoryEntry]
) -> list[Said]:
    """The same of rows that are in hand: no query."""
    of: dict[int | None, list[Message]] = {}
    for mail in mails:
        of.setdefault(mail.comment_id, []).append(mail)
    came_with = _came_with(comments, entries)
    found = []
    for nth, comment in enumerate(comments):
        own = of.get(comment.pk, [])
        facts = [
            *_turn(case, comment, own, comments[nth + 1 :]),
            *filter(None, [came_with.get(comment.pk)]),
            *map(_mail, own),
        ]
        found.append(Said(comment, tuple(facts), next((mail for mail in own if mail.state in IN_TROUBLE), None)))
    return found


def _turn(case: VisitRequest, comment: Comment, mails: Iterable[Message], later: Iterable[Comment]) -> list[str]:
    if not any(mail.kind == "question" for mail in mails):
        return []
    if any(one.side == CommentSide.VISITOR for one in later):
        return [_("Asked as a question, so it was their turn until they answered")]
    if case.request_state != RequestState.INFO_REQUESTED:
        return [_("Asked as a question")]
    if case.due_at is None:
        return [_("Asked as a question, so it is their turn")]
    return [_("Asked as a question, so it is their turn until %(day)s") % {"day": words.plain_day(case.due_at)}]


def _came_with(comments: Sequence[Comment], entries: Iterable[HistoryEntry]) -> dict[int, str]:
    """What was done with the same press as a message of the guests, by the message that it came with."""
    theirs = [comment for comment in comments if comment.side == CommentSide.VISITOR]
    found: dict[int, str] = {}
    for entry in entries:
        came = _answer_of(entry, theirs) if entry.what == ANSWERED else _beside(entry, theirs)
        if came is not None:
            found[came.pk] = str(CAME_WITH[entry.what]) % {"version": entry.detail.get("version", "")}
    return found


def _answer_of(entry: HistoryEntry, theirs: Iterable[Comment]) -> Comment | None:
    """The message that is an answer is written just before its line in the history, however long that takes."""
    return max((one for one in theirs if one.written_at <= entry.at), key=lambda one: one.written_at, default=None)


def _beside(entry: HistoryEntry, theirs: Iterable[Comment]) -> Comment | None:
    """The message that was written beside something else, if there was one: before it or after, by deed."""
    near = min(theirs, key=lambda one: abs(entry.at - one.written_at), default=None)
    return near if near is not None and abs(entry.at - near.written_at) <= SAME_DEED else None


def _mail(mail: Message) -> str:
    told_who = mail.to_name or mail.to_email
    when = f"{words.plain_day(mail.sent_at)}, {words.clock(mail.sent_at)}" if mail.sent_at else ""
    why = _(mail.problem).rstrip(".") if mail.problem else _("not needed any more")
    return str(MAIL_IS[mail.state]) % {"to": told_who, "when": when, "why": why}
