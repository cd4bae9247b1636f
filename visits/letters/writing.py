"""From a claimed row to a mail: looked at once more, written in the receiver's language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.core.mail import EmailMultiAlternatives
from django.utils import translation

from visits.letters import agreed, answering, asking, facilitators, staff
from visits.letters.envelope import enveloped
from visits.letters.letter import Letter
from visits.letters.truth import why_not
from visits.models import Message
from visits.outbox import NotNeeded

LETTERS: Final[dict[str, Callable[[Message], Letter]]] = {
    "verify": asking.verify,
    "draft_link": asking.draft_link,
    "draft_warning": asking.draft_warning,
    "received": asking.received,
    "find": asking.find,
    "question": answering.question,
    "message": answering.message,
    "waitlisted": answering.waitlisted,
    "declined": answering.declined,
    "reopened": answering.reopened,
    "withdrawn": answering.withdrawn,
    "expired": answering.expired,
    "proposal": answering.proposal,
    "proposal_lapsed": answering.proposal_lapsed,
    "answer_reminder": answering.answer_reminder,
    "confirmed": agreed.confirmed,
    "cancelled": agreed.cancelled,
    "names_wanted": agreed.names_wanted,
    "visit_in_four_weeks": agreed.visit_in_four_weeks,
    "visit_in_one_week": agreed.visit_in_one_week,
    "visit_tomorrow": agreed.visit_tomorrow,
    "ask": facilitators.ask,
    "ask_reminder": facilitators.ask_reminder,
    "ask_withdrawn": facilitators.ask_withdrawn,
    "session_confirmed": facilitators.session_confirmed,
    "session_cancelled": facilitators.session_cancelled,
    "briefing": facilitators.briefing,
    "session_tomorrow": facilitators.session_tomorrow,
    "morning_digest": staff.morning_digest,
    "visitor_wrote": staff.visitor_wrote,
    "visitor_left": staff.visitor_left,
    "facilitator_left": staff.facilitator_left,
    "enquiry": staff.enquiry,
}


def write(message: Message, at: datetime) -> EmailMultiAlternatives:
    """The mail of a row, as things stand at `at`.

    Raises NotNeeded when what it would say is not true any more, KeyError for a kind that
    has no letter.
    """
    reason = why_not(message, at)
    if reason:
        raise NotNeeded(reason)
    with translation.override(message.language):
        return enveloped(LETTERS[message.kind](message), message)
