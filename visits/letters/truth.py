"""Whether a mail that was owed still says something true."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.db.models import Max
from django.utils.translation import gettext_noop

from visits import ledger, reminders, rules
from visits.choices import AskState, ProposalAnswer, RequestState
from visits.letters import at_hand
from visits.models import Agreement, Ask, Decision, Gathering, GatheringAsk, Message, OwnCalendar, PlaceOffer, Session

S = RequestState

MOVED_ON: Final = gettext_noop("The request has moved on.")
OTHER_ADDRESS: Final = gettext_noop("The address has been changed.")
ANSWERED: Final = gettext_noop("It has been answered.")
NEVER_TOLD: Final = gettext_noop("They were never told of it.")
NOT_WANTED: Final = gettext_noop("The reminder does not fit any more.")
AS_BEFORE: Final = gettext_noop("Everything is as it was again.")

# The states in which a mail about a request is true; a kind that is not here always is.
TRUE_IN: Final[dict[str, tuple[RequestState, ...]]] = {
    "verify": (S.UNVERIFIED,),
    "entered": rules.OPEN,
    "draft_link": (S.DRAFT,),
    "draft_warning": (S.DRAFT,),
    "question": (S.INFO_REQUESTED,),
    "waitlisted": (S.WAITLISTED,),
    "place_offered": (S.WAITLISTED,),
    "place_lapsed": (S.WAITLISTED,),
    "declined": (S.DECLINED,),
    "withdrawn": (S.WITHDRAWN,),
    "put_into": (S.WITHDRAWN,),
    "expired": (S.EXPIRED,),
    "cancelled": (S.CANCELLED,),
    "reopened": tuple(state for state in S if state not in (*rules.UNSENT, *rules.ENDED)),
    "proposal": (S.PROPOSED,),
    "proposal_lapsed": (S.IN_REVIEW, S.WAITLISTED),
    "visitor_left": (S.WITHDRAWN, S.CANCELLED),
    "move_received": (S.IN_REVIEW, S.WAITLISTED),
    "to_be_moved": (S.IN_REVIEW, S.WAITLISTED),
    "days_off": (S.IN_REVIEW, S.WAITLISTED, S.CANCELLED),
    "days_on": (S.CONFIRMED,),
    "agreement_ready": rules.STANDING,
    "agreement_reminder": rules.STANDING,
    "agreement_reopened": rules.STANDING,
    "agreement_reopened_us": rules.STANDING,
    "agreement_settled": rules.STANDING,
    "agreement_settled_us": rules.STANDING,
    "confirmed": (S.CONFIRMED,),
    at_hand.KIND: (S.CONFIRMED,),
    "session_confirmed": (S.CONFIRMED,),
    "group_invitation": rules.STANDING,
    "group_reminder": rules.STANDING,
    "room_too_small": rules.STANDING,
    "nobody_left": rules.PLANNABLE,
    "kitchen": rules.STANDING,
}
ASK_IS: Final[dict[str, AskState]] = {
    "ask": AskState.ASKED,
    "swap_offer": AskState.ASKED,
    "swap_not_taken": AskState.ACCEPTED,
    "session_confirmed": AskState.ACCEPTED,
    "ask_withdrawn": AskState.WITHDRAWN,
    "session_cancelled": AskState.WITHDRAWN,
    "session_moved": AskState.WITHDRAWN,
}
HELPING_IS: Final[dict[str, AskState]] = {
    "gathering_ask": AskState.ASKED,
    "gathering_withdrawn": AskState.WITHDRAWN,
}
TO_STAFF: Final = frozenset(
    {
        "agreement_reopened_us",
        "agreement_settled_us",
        "visitor_wrote",
        "visitor_left",
        "request_changed",
        "line_moved",
        "facilitator_left",
        "gathering_left",
        "gathering_off",
        "nobody_left",
        "swap_agreed",
        "swap_done_desk",
        "stood_down",
        "calendar_unread",
        "competence_approved",
        "competence_refused",
        "enquiry",
        "promise_reminder",
        "morning_digest",
        "room_too_small",
        "room_news_desk",
        "visit_moves",
        "look_back_ours",
        "follow_up_ours",
        "kitchen",
    }
)
# Those of them that go to one who leads or helps, and are about no ask.
TO_FACILITATORS: Final = frozenset(
    {"gathering_off", "stood_down", "calendar_unread", "competence_approved", "competence_refused"}
)
# Those that go to each of us who met the guests, at the desk or not.
TO_HOSTS: Final = frozenset({"look_back_ours", "follow_up_ours"})
# Mails that nobody's deed causes but the clock: they leave by day.
BY_DAY: Final = frozenset(
    {
        *reminders.KINDS, *ledger.KINDS,
        "expired", "proposal_lapsed", "place_lapsed", "place_offered", "line_moved", "calendar_unread",
    }
)  # fmt: skip


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
    same = message.to_email.casefold() == address_now(message).casefold()
    return "" if same else OTHER_ADDRESS


def address_now(message: Message) -> str:
    """Where a mail goes if it leaves now: the address of whom it is for, as they have corrected it since."""
    asked = message.ask or message.gathering_ask
    if asked is not None:
        return asked.facilitator.user.email
    if message.participant is not None:
        return message.participant.email
    if message.request is not None and message.kind not in TO_STAFF:
        return message.request.contact_email
    return message.to_email


def _proposal(message: Message, _at: datetime) -> str:
    if message.proposal is None or message.proposal.answer == ProposalAnswer.OPEN:
        return ""
    return ANSWERED


def _question(message: Message, _at: datetime) -> str:
    if message.kind != "question" or message.comment is None:
        return ""
    asked = message.comment
    held = Decision.objects.filter(request=asked.request_id, at__lte=asked.written_at, until__gt=asked.written_at)
    until = held.aggregate(until=Max("until"))["until"] or asked.written_at
    later = asked.request.comments.shared().filter(pk__gt=asked.pk, written_at__gte=until)
    return ANSWERED if later.filter(author=None).exists() else ""


def _ask(message: Message, _at: datetime) -> str:
    state = ASK_IS.get(message.kind)
    if state is None or message.ask is None:
        return ""
    if message.ask.state != state or not _is_still_so(message, message.ask):
        return ANSWERED
    return NEVER_TOLD if message.kind == "ask_withdrawn" and not _was_asked(message) else ""


def _is_still_so(message: Message, asked: Ask) -> bool:
    """Who gave way to a yes, was asked again and gave way again is told of the last time alone."""
    moment = message.data.get("gave_way_at")
    return moment is None or (asked.withdrawn_at is not None and asked.withdrawn_at.isoformat() == moment)


def _helping(message: Message, _at: datetime) -> str:
    """An ask about a gathering that was answered, or whose gathering is gone; who never read it is not let off."""
    if message.kind == "gathering_left":
        return _left(message)
    state = HELPING_IS.get(message.kind)
    if state is None:
        return ""
    if message.gathering_ask is None:
        return MOVED_ON
    if message.gathering_ask.state != state:
        return ANSWERED
    return NEVER_TOLD if message.kind == "gathering_withdrawn" and not _knows(message.gathering_ask) else ""


def _left(message: Message) -> str:
    """Somebody cannot help after all, for as long as they have not said yes again."""
    if not Gathering.objects.filter(pk=message.data.get("gathering")).exists():
        return MOVED_ON
    # A mail that was owed before it named its ask is taken as it is.
    ask = message.data.get("ask")
    gone = GatheringAsk.objects.filter(pk=ask, state__in=(AskState.DECLINED, AskState.WITHDRAWN))
    return "" if ask is None or gone.exists() else ANSWERED


def _knows(ask: GatheringAsk) -> bool:
    """Whether somebody still counts on being asked there, or on helping.

    They have read the question, or one before it that fell with a move alone; who was set down before anybody was
    asked has it in their calendar.
    """
    about = {"gathering_ask__gathering": ask.gathering_id, "gathering_ask__facilitator": ask.facilitator_id}
    mails = Message.objects.filter(**about)
    read = set(mails.told().filter(kind="gathering_ask").values_list("gathering_ask", flat=True))
    let_off = set(mails.filter(kind="gathering_withdrawn").values_list("gathering_ask", flat=True)) - {ask.pk}
    asks = GatheringAsk.objects.filter(gathering=ask.gathering_id, facilitator=ask.facilitator_id, pk__lte=ask.pk)
    known = (one for one in asks.order_by("-pk") if one.pk in read or one.asked_at is None or one.answered_at)
    last = next(known, None)
    return last is not None and last.state == AskState.WITHDRAWN and last.pk not in let_off


def _nobody_left(message: Message, _at: datetime) -> str:
    """Somebody is asked after all, or the session is no more: nothing waits for the host there."""
    if message.kind != "nobody_left":
        return ""
    stands = Session.objects.filter(pk=message.data.get("of_session"), nobody_left_at__isnull=False)
    if not stands.exists():
        return MOVED_ON
    return ANSWERED if Ask.objects.live().leading().filter(session=message.data["of_session"]).exists() else ""


def _was_asked(message: Message) -> bool:
    return Message.objects.told().filter(ask=message.ask, kind__in=["ask", "swap_offer"]).exists()


def _swap(message: Message, _at: datetime) -> str:
    """Nothing is to be approved any more, or somebody leads it who has said so since."""
    offer = message.data.get("offer")
    if message.kind == "swap_agreed":
        waits = Ask.objects.filter(pk=offer, state=AskState.ASKED, agreed_at__isnull=False)
        return "" if waits.exists() else ANSWERED
    if message.kind == "swap_done_desk":
        return "" if Ask.objects.filter(pk=offer, state=AskState.ACCEPTED).exists() else MOVED_ON
    return ""


def _written(message: Message, _at: datetime) -> str:
    """Who has written their name is not asked for it."""
    asks_for_it = message.kind in {"group_invitation", "group_reminder"}
    return ANSWERED if asks_for_it and message.participant and message.participant.name else ""


def _entered(message: Message, _at: datetime) -> str:
    """Who has taken the request over is not asked to."""
    asks_for_it = message.kind == "entered" and message.request is not None
    return ANSWERED if asks_for_it and message.request and message.request.visitor_id else ""


def _place(message: Message, _at: datetime) -> str:
    """A place that was answered, or taken back, is not offered any more."""
    if message.kind not in {"place_offered", "place_reminder"}:
        return ""
    waits = PlaceOffer.objects.waiting().filter(pk=message.data.get("offer"), request=message.request_id)
    return "" if waits.exists() else ANSWERED


def _agreement(message: Message, _at: datetime) -> str:
    """A mail about one version is true while that version stands, and asks only who has not agreed."""
    if not message.kind.startswith("agreement_") or message.request is None:
        return ""
    found = Agreement.objects.current().filter(request=message.request, number=message.data.get("number")).first()
    if found is None:
        return MOVED_ON
    asked_at = {"agreement_settled": None, "agreement_settled_us": None, "agreement_reopened_us": found.ours_at}
    return ANSWERED if asked_at.get(message.kind, found.guests_at) else ""


def _reminder(message: Message, at: datetime) -> str:
    if message.kind not in reminders.KINDS or reminders.is_wanted(message, at):
        return ""
    return NOT_WANTED


def _afterwards(message: Message, at: datetime) -> str:
    if message.kind not in ledger.KINDS or ledger.is_wanted(message, at):
        return ""
    return NOT_WANTED


def _changed(message: Message, _at: datetime) -> str:
    """A change that was taken back is not told."""
    return AS_BEFORE if message.kind == at_hand.KIND and not at_hand.news_of(message) else ""


def _own_calendar(message: Message, _at: datetime) -> str:
    """A calendar that is read again, or not any more, needs nothing."""
    if message.kind != "calendar_unread":
        return ""
    failing = OwnCalendar.objects.filter(facilitator=message.data.get("facilitator"), failing_since__isnull=False)
    return "" if failing.exists() else AS_BEFORE


LOOKS: Final[tuple[Callable[[Message, datetime], str], ...]] = (
    _state, _address, _proposal, _question, _entered, _place, _written, _ask, _helping, _nobody_left, _swap, _agreement,
    _reminder, _afterwards, _changed, _own_calendar,
)  # fmt: skip
