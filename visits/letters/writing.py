"""From a claimed row to a mail: looked at once more, written in the receiver's language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.core.mail import EmailMultiAlternatives
from django.utils import translation

from visits.letters import (
    afterwards,
    agreed,
    agreement,
    answering,
    asking,
    at_hand,
    competence,
    correcting,
    entering,
    facilitators,
    gatherings,
    group,
    kitchen,
    moving,
    proposing,
    reminded,
    room,
    staff,
    together,
    waiting,
)
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
    "entered": entering.entered,
    "entered_reminder": entering.entered_reminder,
    "find": asking.find,
    "corrected": correcting.corrected,
    "question": answering.question,
    "message": answering.message,
    "waitlisted": answering.waitlisted,
    "declined": answering.declined,
    "place_offered": waiting.place_offered,
    "place_reminder": waiting.place_reminder,
    "place_lapsed": waiting.place_lapsed,
    "line_moved": waiting.line_moved,
    "reopened": answering.reopened,
    "put_together": together.put_together,
    "put_into": together.put_into,
    "withdrawn": answering.withdrawn,
    "expired": answering.expired,
    "proposal": proposing.proposal,
    "proposal_lapsed": answering.proposal_lapsed,
    "answer_reminder": answering.answer_reminder,
    "agreement_ready": agreement.ready,
    "agreement_reminder": agreement.reminder,
    "agreement_reopened": agreement.reopened,
    "agreement_reopened_us": agreement.reopened_us,
    "agreement_settled": agreement.settled,
    "agreement_settled_us": agreement.settled_us,
    "confirmed": agreed.confirmed,
    "cancelled": agreed.cancelled,
    "programme_changed": at_hand.programme_changed,
    "names_wanted": agreed.names_wanted,
    "visit_in_four_weeks": agreed.visit_in_four_weeks,
    "visit_in_one_week": agreed.visit_in_one_week,
    "visit_reminder": agreed.visit_reminder,
    "visit_tomorrow": agreed.visit_tomorrow,
    "group_invitation": group.invitation,
    "group_reminder": group.reminder,
    "group_link": group.own_link,
    "room_too_small": group.room_too_small,
    "move_received": moving.move_received,
    "days_off": moving.days_off,
    "days_on": moving.days_on,
    "to_be_moved": moving.to_be_moved,
    "session_moved": moving.session_moved,
    "visit_moves": moving.visit_moves,
    "room_news": room.room_news,
    "room_news_host": room.room_news_host,
    "room_news_desk": room.room_news_desk,
    "look_back": afterwards.look_back,
    "look_back_ours": afterwards.look_back_ours,
    "follow_up": afterwards.follow_up,
    "follow_up_ours": afterwards.follow_up_ours,
    "ask": facilitators.ask,
    "ask_reminder": reminded.ask_reminder,
    "gathering_ask": gatherings.ask,
    "gathering_withdrawn": gatherings.withdrawn,
    "gathering_off": gatherings.off,
    "gathering_left": gatherings.left,
    "swap_offer": facilitators.swap_offer,
    "swap_not_taken": facilitators.swap_not_taken,
    "swap_done": facilitators.swap_done,
    "ask_withdrawn": facilitators.ask_withdrawn,
    "session_confirmed": facilitators.session_confirmed,
    "session_cancelled": facilitators.session_cancelled,
    "briefing": facilitators.briefing,
    "session_tomorrow": facilitators.session_tomorrow,
    "stood_down": facilitators.stood_down,
    "calendar_unread": facilitators.calendar_unread,
    "competence_approved": competence.competence_approved,
    "competence_refused": competence.competence_refused,
    "morning_digest": staff.morning_digest,
    "promise_reminder": staff.promise_reminder,
    "visitor_wrote": staff.visitor_wrote,
    "visitor_left": staff.visitor_left,
    "request_changed": staff.request_changed,
    "facilitator_left": staff.facilitator_left,
    "nobody_left": staff.nobody_left,
    "swap_agreed": staff.swap_agreed,
    "swap_done_desk": staff.swap_done_desk,
    "enquiry": staff.enquiry,
    "kitchen": kitchen.sheet,
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
        return enveloped(letter_of(message), message)


def letter_of(message: Message) -> Letter:
    """What a row's mail says, in the language that is on. Raises KeyError for a kind that has no letter."""
    return LETTERS[message.kind](message)
