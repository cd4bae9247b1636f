"""Somebody who has said yes to a session asks one colleague to take it over.

The offer is an ask like every other, with a link, a day to answer and reminders, and it remembers in whose
place it is. The session is led by whoever said yes first until the colleague has taken it: the booking goes
from one to the other in one step and is free for nobody between. When they do not lead it any more by then,
the offer is an ask and nothing else (`asks.let_offers_stand`).
"""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from visits import history, outbox
from visits.choices import AskRole, AskState, RequestState
from visits.models import Ask, Facilitator, User
from visits.scheduling import asks, bookings, going_on, living
from visits.scheduling.clashes import refuse_if_taken
from visits.scheduling.refusals import AskRefused, retry_deadlocks
from visits.scheduling.suggestions import Candidate, candidates, suited


def could_take_over(ask: Ask) -> list[Candidate]:
    """The colleagues who know the area, speak the language, are free and come in time, the best first; six queries.

    Who has said no to this session, or is asked for it, is not among them. A voice is taken over by another of the
    Living Library, and by those as well what one of them leads.
    """
    found = [one for one in candidates(ask.session) if one.facilitator.pk != ask.facilitator_id]
    if ask.is_to_lead and living.is_living(ask.facilitator):
        return [one for one in found if one.can]
    return suited(found, AskRole(ask.role))


def open_offer(ask: Ask) -> Ask | None:
    """The colleague who is asked to take this over, and has not said no."""
    waiting = Ask.objects.waiting().filter(in_place_of=ask)
    return waiting.select_related("session__visit__request", "facilitator__user").first()


@retry_deadlocks
@transaction.atomic
def offer(ask: Ask, to: Facilitator) -> Ask:
    """Ask a colleague to take over a session that one leads oneself; a second press for the same one changes nothing.

    Raises AskRefused when one does not lead it any more, when it has begun, when another colleague is asked
    already, or when this one cannot.
    """
    current = asks.locked(ask)
    _refuse_unless_led(current)
    standing = open_offer(current)
    if standing is not None and standing.facilitator == to:
        return standing
    if standing is not None:
        told = _("You have asked %(name)s already. Take that back first, then ask somebody else.")
        raise AskRefused(told % {"name": standing.facilitator.name})
    asks.held(current.session_id)
    if to not in [one.facilitator for one in could_take_over(current)]:
        raise AskRefused(_("%(name)s cannot take this over any more. Choose somebody else.") % {"name": to.name})
    return _ask(current, to)


def _refuse_unless_led(ask: Ask) -> None:
    if ask.state != AskState.ACCEPTED:
        raise AskRefused(_("This session is not yours any more, so there is nothing to hand over."))
    if ask.is_second:
        raise AskRefused(_("You are the second in this session. Say that you cannot come, and somebody else is asked."))
    if ask.session.starts_at <= timezone.now():
        raise AskRefused(_("This session has begun. Call your coordinator when you cannot come."))


def _ask(leads: Ask, to: Facilitator) -> Ask:
    now = timezone.now()
    made = Ask.objects.create(
        session=leads.session, facilitator=to, asked_by=leads.facilitator.user, in_place_of=leads, role=leads.role,
        state=AskState.ASKED, asked_at=now, answer_by=asks.answer_by(leads.session, now),
    )  # fmt: skip
    _recorded(made, leads, "swap_offered", by=leads.facilitator.user)
    outbox.owe_facilitator("swap_offer", made)
    return made


@retry_deadlocks
@transaction.atomic
def take_back_offer(made: Ask) -> None:
    """Whoever asked a colleague leads it themselves after all; twice is once.

    Raises AskRefused when the colleague has answered meanwhile.
    """
    current = asks.locked(made)
    if current.state == AskState.WITHDRAWN:
        return
    if current.state != AskState.ASKED or current.in_place_of is None:
        raise AskRefused(_("%(name)s has answered already.") % {"name": current.facilitator.name})
    current.state, current.withdrawn_at = AskState.WITHDRAWN, timezone.now()
    current.save(update_fields=["state", "withdrawn_at"])
    what = "voice_kept" if current.is_voice else "swap_taken_back"
    _recorded(current, current.in_place_of, what, by=current.in_place_of.facilitator.user)
    outbox.owe_facilitator("ask_withdrawn", current)


def locked_with_leader(ask: Ask) -> tuple[Ask, Ask | None]:
    """An ask, and the one in whose place it is, kept from others; the second is None when they do not lead any more.

    Whoever needs both takes the older one first.
    """
    leads = asks.locked(ask.in_place_of) if ask.in_place_of else None
    current = asks.locked(ask)
    still_leads = leads is not None and leads.state == AskState.ACCEPTED and current.in_place_of_id == leads.pk
    return current, leads if still_leads else None


def agree(made: Ask, leads: Ask) -> Ask:
    """Inside the yes to an offer: the session goes over at once, or when the coordinator has approved.

    Raises AskRefused or Clash when the colleague cannot any more; then nothing has changed.
    """
    if made.agreed_at:
        return made
    refuse_if_cannot(made)
    if _is_for_the_coordinator(made):
        made.agreed_at = timezone.now()
        made.save(update_fields=["agreed_at"])
        _recorded(made, leads, "swap_agreed", by=made.facilitator.user)
        _tell_coordinator("swap_agreed", made, leads)
    else:
        hand_over(made, leads, by=made.facilitator.user)
    return made


def _is_for_the_coordinator(made: Ask) -> bool:
    is_settled = made.session.visit.request.request_state == RequestState.CONFIRMED
    return is_settled and not settings.QULTURUM_SWAPS_BY_THEMSELVES


def refuse_if_cannot(made: Ask) -> None:
    """Area, language, time and the way, as they are now; who could when they were asked may not any more."""
    refuse_if_taken(made.facilitator, made.session)
    found = next((one for one in candidates(made.session) if one.facilitator == made.facilitator), None)
    name = {"name": made.facilitator.name, "session": made.session.title}
    # What somebody of the Living Library has not agreed to is refused with the booking, in their own words.
    speaks = found is not None and found.voice is not None and bool(found.facts.languages)
    if found is None or not (speaks if made.is_voice else found.fits):
        raise AskRefused(_("“%(session)s” needs another area or language by now, so %(name)s cannot take it.") % name)


def hand_over(made: Ask, leads: Ask, *, by: User) -> None:
    """The session changes hands, and everybody who has to know it is told. Raises Clash when the time is taken."""
    now = timezone.now()
    bookings.hand_on(made.session, leads.facilitator, made.facilitator)
    leads.state, leads.withdrawn_at = AskState.HANDED, now
    leads.save(update_fields=["state", "withdrawn_at"])
    made.state, made.answered_at = AskState.ACCEPTED, now
    made.save(update_fields=["state", "answered_at"])
    _recorded(made, leads, "swap_done", by=by)
    outbox.owe_facilitator("swap_done", leads, once_per=made.pk, who=made.facilitator.name)
    outbox.owe_facilitator("swap_done", made, who=leads.facilitator.name)
    if by != made.session.visit.request.coordinator:
        _tell_coordinator("swap_done_desk", made, leads)
    going_on.withdraw_rivals(made)


def _tell_coordinator(kind: str, made: Ask, leads: Ask) -> None:
    visit_request = made.session.visit.request
    if visit_request.coordinator:
        outbox.owe_staff(
            kind, visit_request.coordinator, once_per=f"ask-{made.pk}", request=visit_request, offer=made.pk,
            of_session=made.session_id, session=made.session.title, who=made.facilitator.name,
            instead_of=leads.facilitator.name,
        )  # fmt: skip


def _recorded(made: Ask, leads: Ask, what: str, *, by: User) -> None:
    history.record(
        made.session.visit.request, what, by=by, who=made.facilitator.name, session=made.session.title,
        instead_of=leads.facilitator.name,
    )  # fmt: skip
