"""The answer to an ask: yes, no, ten minutes to think again, and a yes that is given back."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from visits import outbox
from visits.choices import AskState, BookingKind, CommentSide, RequestState
from visits.models import Ask, Booking, Comment, Facilitator, GatheringAsk, User
from visits.scheduling import asks, away, bookings, diary, first_yes, going_on, helping_answers, swaps
from visits.scheduling.refusals import AskRefused, retry_deadlocks
from visits.spans import Span


@retry_deadlocks
@transaction.atomic
def accept(ask: Ask) -> Ask:
    """The facilitator can: their time is booked, their other asks for that hour fall, and so does who else was asked.

    Whoever is asked to take over from a colleague takes it over, or waits for the coordinator. Whoever steps
    in at a visit that is confirmed gets the mail that the others have had. A second yes changes nothing.
    Raises AskRefused when the ask is no longer open, Clash when the time has been taken meanwhile; then nothing
    has changed.
    """
    _wait_for_other_answers(ask)
    first_yes.hold_others(ask)
    current, leads = swaps.locked_with_leader(ask)
    if current.state == AskState.ACCEPTED:
        return current
    _refuse_unless_asked(current)
    return swaps.agree(current, leads) if leads else _say_yes(current)


@retry_deadlocks
@transaction.atomic
def approve_swap(ask: Ask, *, by: User) -> Ask:
    """The coordinator lets a colleague who would take a session over have it. A second press changes nothing.

    Raises AskRefused when the offer does not stand any more or the colleague does not fit, Clash when they are
    taken meanwhile; then whoever leads it still does.
    """
    current, leads = swaps.locked_with_leader(ask)
    if current.state == AskState.ACCEPTED:
        return current
    if not current.is_agreed:
        told = _("%(name)s does not offer to take this over any more.")
        raise AskRefused(told % {"name": current.facilitator.name})
    _refuse_unless_asked(current)
    if leads is None:
        return _say_yes(current)
    swaps.refuse_if_cannot(current)
    swaps.hand_over(current, leads, by=by)
    return current


def _say_yes(current: Ask) -> Ask:
    bookings.book(current)
    current.state, current.answered_at = AskState.ACCEPTED, timezone.now()
    current.save(update_fields=["state", "answered_at"])
    first_yes.take(current)
    going_on.withdraw_rivals(current)
    asks.recorded(current, "facilitator_accepted")
    visit_request = current.session.visit.request
    if visit_request.request_state == RequestState.CONFIRMED:
        outbox.owe_facilitator("session_confirmed", current, once_per=visit_request.version)
    return current


@retry_deadlocks
@transaction.atomic
def decline(ask: Ask, *, other_time: str = "") -> Ask:
    """The facilitator cannot; no reason is asked. A second no changes nothing.

    When they could instead stands with the session, and as a note between colleagues. After a yes
    the time is let go, and the coordinator is told by mail.
    """
    current = asks.locked(ask)
    if current.state == AskState.DECLINED:
        return current
    if current.state not in (AskState.ASKED, AskState.ACCEPTED):
        raise AskRefused(asks.closed_words(current))
    had_said_yes = current.state == AskState.ACCEPTED
    is_second_thought = had_said_yes and diary.may_undo(current, timezone.now())
    current.state, current.answered_at, current.other_time = AskState.DECLINED, timezone.now(), other_time
    current.save(update_fields=["state", "answered_at", "other_time"])
    Booking.objects.filter(session=current.session, facilitator=current.facilitator).delete()
    asks.recorded(current, "voice_declined" if current.is_voice else "facilitator_declined")
    if other_time:
        _note(current, other_time)
    asks.tell_who_offered(current)
    if had_said_yes:
        asks.let_offers_stand(current)
        tell_host(current)
    if is_second_thought:
        first_yes.give_back(current)
    going_on.after(current, timezone.now())
    return current


@retry_deadlocks
@transaction.atomic
def take_back_answer(ask: Ask) -> Ask:
    """Undo a yes or a no within ten minutes: the ask waits again, holds no time, and who gave way is asked again.

    Raises AskRefused when it is too late for that.
    """
    current = asks.locked(ask)
    if current.state == AskState.ASKED:
        return current
    asks.held(current.session_id)  # either the portal has asked somebody else by now, or it waits for us
    if not diary.may_undo(current, timezone.now()) or _is_replaced(current):
        raise AskRefused(_("It is too late to undo this answer. Write to your coordinator."))
    current.state, current.answered_at, current.other_time = AskState.ASKED, None, ""
    current.save(update_fields=["state", "answered_at", "other_time"])
    Booking.objects.filter(session=current.session, facilitator=current.facilitator).delete()
    asks.recorded(current, "answer_taken_back")
    first_yes.give_back(current)
    return current


def _is_replaced(ask: Ask) -> bool:
    """Whether a colleague has asked somebody else meanwhile, where one alone stands beside the leader."""
    others = Ask.objects.live().filter(session=ask.session_id, role=ask.role).exclude(pk=ask.pk)
    return not ask.is_to_lead and others.exists()


@retry_deadlocks
@transaction.atomic
def be_away(
    facilitator: Facilitator, spans: Iterable[Span], *, letting_go: bool, again: away.Again | None = None
) -> list[Booking]:
    """Keep time away, all of it or nothing; with `again`, as one series.

    With `letting_go`, sessions and gatherings that they said yes to then are given back and whoever asked
    is told; days that are only offered to somebody hold them no longer. Raises Clash when something stands in
    the way still.
    """
    times = list(spans)
    if letting_go:
        for taken in away.in_the_way(facilitator, times):
            for ask in Ask.objects.filter(session=taken.session_id, facilitator=facilitator, state=AskState.ACCEPTED):
                decline(ask)
            for helps in GatheringAsk.objects.filter(
                gathering=taken.gathering_id, facilitator=facilitator, state=AskState.ACCEPTED,
                ends_at__gt=timezone.now(),
            ):  # fmt: skip
                helping_answers.decline_helping(helps)
            if taken.kind == BookingKind.OPTION:
                taken.delete()  # days that are only offered: nobody has asked them yet
    if again:
        return away.add_series(facilitator, again, times)
    return away.add_times_away(facilitator, times)


def _wait_for_other_answers(ask: Ask) -> None:
    """One yes of a person after another: each withdraws the other's ask, and two at once would wait for each other."""
    person = Facilitator.objects.filter(pk__in=Ask.objects.filter(pk=ask.pk).values("facilitator"))
    list(person.select_for_update(no_key=True).order_by().values_list("pk"))


def _refuse_unless_asked(ask: Ask) -> None:
    if ask.state != AskState.ASKED:
        raise AskRefused(asks.closed_words(ask))
    if ask.session.ends_at <= timezone.now():
        raise AskRefused(_("This session is over. Thank you."))


def tell_host(ask: Ask) -> None:
    """The host of the visit learns by mail that somebody who had said yes cannot come."""
    visit_request = ask.session.visit.request
    if visit_request.coordinator:
        outbox.owe_staff(
            "facilitator_left", visit_request.coordinator, once_per=f"ask-{ask.pk}", request=visit_request,
            who=ask.facilitator.name, session=ask.session.title,
        )  # fmt: skip


def _note(ask: Ask, other_time: str) -> None:
    person = ask.facilitator.user
    told = (
        _("I cannot tell my story in “%(session)s”. I could at another time: %(when)s")
        if ask.is_voice
        else _("I cannot lead “%(session)s”. I could at another time: %(when)s")
    )
    text = told % {"session": ask.session.title, "when": other_time}
    request, name = ask.session.visit.request, str(person)[:120]
    Comment.objects.create(request=request, side=CommentSide.NOTE, author=person, author_name=name, text=text)
