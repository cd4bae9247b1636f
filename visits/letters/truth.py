"""Whether a mail that was owed still says something true."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_noop

from visits import reminders, rules
from visits.choices import AskState, MessageState, ProposalAnswer, RequestState
from visits.models import Message

S = RequestState

MOVED_ON: Final = gettext_noop("The request has moved on.")
OTHER_ADDRESS: Final = gettext_noop("The address has been changed.")
ANSWERED: Final = gettext_noop("It has been answered.")
NEVER_TOLD: Final = gettext_noop("They were never told of it.")
NOT_WANTED: Final = gettext_noop("The reminder does not fit any more.")

# The states in which a mail about a request is true; a kind that is not here always is.
TRUE_IN: Final[dict[str, tuple[RequestState, ...]]] = {
    "verify": (S.UNVERIFIED,),
    "draft_link": (S.DRAFT,),
    "draft_warning": (S.DRAFT,),
    "question": (S.INFO_REQUESTED,),
    "waitlisted": (S.WAITLISTED,),
    "declined": (S.DECLINED,),
    "withdrawn": (S.WITHDRAWN,),
    "expired": (S.EXPIRED,),
    "cancelled": (S.CANCELLED,),
    "reopened": tuple(state for state in S if state not in (*rules.UNSENT, *rules.ENDED)),
    "proposal": (S.PROPOSED,),
    "proposal_lapsed": (S.IN_REVIEW, S.WAITLISTED),
    "visitor_left": (S.WITHDRAWN, S.CANCELLED),
    "confirmed": (S.CONFIRMED,),
    "session_confirmed": (S.CONFIRMED,),
}
ASK_IS: Final[dict[str, AskState]] = {
    "ask": AskState.ASKED,
    "session_confirmed": AskState.ACCEPTED,
    "ask_withdrawn": AskState.WITHDRAWN,
    "session_cancelled": AskState.WITHDRAWN,
}
TO_STAFF: Final = frozenset({"visitor_wrote", "visitor_left", "facilitator_left", "enquiry", "morning_digest"})
TOLD: Final = (MessageState.SENT, MessageState.SENDING, MessageState.UNCERTAIN)


def why_not(message: Message, at: datetime) -> str:
    """Why a mail is not needed any more, in English for staff's pages to translate; or nothing."""
    return next((reason for look in LOOKS if (reason := look(message, at))), "")


def _state(message: Message, _at: datetime) -> str:
    states = TRUE_IN.get(message.kind)
    if states is None or message.request is None or message.request.request_state in states:
        return ""
    return MOVED_ON


def _address(message: Message, _at: datetime) -> str:
    """A link that lets somebody act is never mailed to an address that was given up."""
    if message.request is None or message.ask_id or message.kind in TO_STAFF:
        return ""
    same = message.to_email.casefold() == message.request.contact_email.casefold()
    return "" if same else OTHER_ADDRESS


def _proposal(message: Message, _at: datetime) -> str:
    if message.proposal is None or message.proposal.answer == ProposalAnswer.OPEN:
        return ""
    return ANSWERED


def _question(message: Message, _at: datetime) -> str:
    if message.kind != "question" or message.comment is None:
        return ""
    later = message.comment.request.comments.shared().filter(pk__gt=message.comment.pk)
    return ANSWERED if later.filter(author=None).exists() else ""


def _ask(message: Message, _at: datetime) -> str:
    state = ASK_IS.get(message.kind)
    if state is None or message.ask is None:
        return ""
    if message.ask.state != state:
        return ANSWERED
    return NEVER_TOLD if message.kind == "ask_withdrawn" and not _was_asked(message) else ""


def _was_asked(message: Message) -> bool:
    return Message.objects.filter(ask=message.ask, kind="ask", state__in=TOLD).exists()


def _reminder(message: Message, at: datetime) -> str:
    if message.kind not in reminders.KINDS or reminders.is_wanted(message, at):
        return ""
    return NOT_WANTED


LOOKS: Final[tuple[Callable[[Message, datetime], str], ...]] = (
    _state, _address, _proposal, _question, _ask, _reminder,
)  # fmt: skip
