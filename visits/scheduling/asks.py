"""Asking somebody to lead a session, and their answer."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from visits import history, outbox, rules, words
from visits.choices import AskRole, AskState
from visits.models import Ask, Booking, Facilitator, Gathering, Session, User, VisitRequest
from visits.scheduling import living
from visits.scheduling.clashes import refuse_if_taken
from visits.scheduling.refusals import AskRefused

# As the history names it, by the role.
CHOSEN_AS: Final = {
    AskRole.LEADER: "chose_facilitator", AskRole.SECOND: "chose_second", AskRole.VOICE: "chose_voice",
}  # fmt: skip
ASKED_AS: Final = {
    AskRole.LEADER: "asked_facilitator", AskRole.SECOND: "asked_second", AskRole.VOICE: "asked_voice",
}  # fmt: skip


@transaction.atomic
def choose(
    session: Session, facilitator: Facilitator, *, by: User, role: AskRole = AskRole.LEADER, words: str = ""
) -> Ask:  # fmt: skip
    """Put a facilitator down for a session without telling them yet; as a second only beside somebody who leads it.

    As a voice only those of the Living Library, before or after it is known who leads. `words` are read by them
    when they are asked.

    Raises AskRefused when the person is down for it already, is of the Living Library and has not agreed to as
    much, or when the session has a second, or a voice, already; Clash when they are taken.
    """
    held(session.pk)  # the portal, when it asks on by itself, and a colleague choose one after the other
    refuse_if_taken(facilitator, session)
    living.refuse_beyond_terms(facilitator, session)
    if Ask.objects.live().filter(session=session, facilitator=facilitator).exists():
        raise AskRefused(_("%(name)s is already asked about this session.") % {"name": facilitator.name})
    if role == AskRole.SECOND:
        _refuse_unless_led(session)
    if role == AskRole.VOICE:
        _refuse_as_voice(session, facilitator)
    ask = Ask.objects.create(session=session, facilitator=facilitator, asked_by=by, role=role, words=words)
    history.record(session.visit.request, CHOSEN_AS[role], by=by, who=facilitator.name, session=session.title)
    return ask


def _refuse_unless_led(session: Session) -> None:
    """A second stands beside a leader, and alone."""
    live = Ask.objects.live().filter(session=session)
    if not live.leading().exists():
        told = _("Choose first who leads “%(title)s”; a second learns beside them.")
        raise AskRefused(told % {"title": session.title})
    if live.filter(role=AskRole.SECOND).exists():
        raise AskRefused(_("Somebody is already asked to be the second in “%(title)s”.") % {"title": session.title})


def _refuse_as_voice(session: Session, facilitator: Facilitator) -> None:
    """A voice tells their own story, and one of them at a session: two would share the time of one."""
    if not living.is_living(facilitator):
        raise AskRefused(_("%(name)s is not of the Living Library.") % {"name": facilitator.name})
    if Ask.objects.live().filter(session=session, role=AskRole.VOICE).exists():
        told = _("Somebody is already asked to be the voice beside the leader in “%(title)s”.")
        raise AskRefused(told % {"title": session.title})


@transaction.atomic
def send_ask(ask: Ask, *, by: User | None, last_day: date | None = None) -> None:
    """Ask a chosen facilitator; they answer by `last_day`, else within seven days or before the day of the session.

    Raises AskRefused when they were asked already, when it has become more than they agreed to, or when the last day
    has been or is not before the session.
    """
    living.refuse_beyond_terms(ask.facilitator, ask.session)
    now = timezone.now()
    if last_day is not None:
        _refuse_unless_in_time(ask.session, last_day, now)
    if not Ask.objects.filter(pk=ask.pk, state=AskState.PLANNED).update(
        state=AskState.ASKED, asked_at=now, answer_by=last_day or answer_by(ask.session, now)
    ):
        raise AskRefused(_("This ask has been sent already."))
    ask.refresh_from_db()
    history.record(
        ask.session.visit.request, ASKED_AS[AskRole(ask.role)], by=by, by_clock=by is None,
        who=ask.facilitator.name, session=ask.session.title,
    )  # fmt: skip
    outbox.owe_facilitator("ask", ask)
    if ask.session.nobody_left_at and ask.is_to_lead:
        Session.objects.filter(pk=ask.session_id).update(nobody_left_at=None)


def answer_by(session: Session | Gathering, now: datetime) -> date:
    """By when somebody who is asked at `now` answers: within the week, and before the day of the session."""
    wanted = timezone.localdate(now) + timedelta(days=rules.DAYS_TO_ANSWER_ASK)
    return min(wanted, _last_possible(session, now))


def _last_possible(session: Session | Gathering, now: datetime) -> date:
    """The day before the session; on that day itself there is only today."""
    return max(timezone.localdate(now), timezone.localdate(session.starts_at) - rules.DAY)


def _refuse_unless_in_time(session: Session, last_day: date, now: datetime) -> None:
    first, last = timezone.localdate(now), _last_possible(session, now)
    if not first <= last_day <= last:
        told = _("Choose a last day to answer from %(first)s to %(last)s: “%(title)s” is after that.")
        between = {"first": words.plain_day(first), "last": words.plain_day(last), "title": session.title}
        raise AskRefused(told % between)


def ask_planned(visit_request: VisitRequest) -> int:
    """Ask everybody who was chosen and not told yet; return how many.

    Whoever of the Living Library has meanwhile agreed to less is put down no longer, and never hears of it.
    """
    planned = Ask.objects.filter(session__visit__request=visit_request, state=AskState.PLANNED)
    asks = list(planned.select_related("session__visit__request", "facilitator__user"))
    asked = 0
    for ask in asks:
        if living.why_barred(ask.facilitator, ask.session):
            withdraw_ask(ask, by=None)
        else:
            send_ask(ask, by=None)
            asked += 1
    return asked


@transaction.atomic
def withdraw_ask(ask: Ask, *, by: User | None) -> None:
    """Take an ask back, whatever it was answered; who had been told is told again."""
    current = locked(ask)
    if current.state not in rules.LIVE_ASKS:
        return
    told = current.state != AskState.PLANNED
    Ask.objects.filter(pk=current.pk).update(state=AskState.WITHDRAWN, withdrawn_at=timezone.now())
    Booking.objects.filter(session=current.session, facilitator=current.facilitator).delete()
    history.record(
        current.session.visit.request, "ask_withdrawn", by=by, by_clock=by is None,
        who=current.facilitator.name, session=current.session.title,
    )  # fmt: skip
    if told:
        outbox.owe_facilitator("ask_withdrawn", current)
    let_offers_stand(current)
    current.state = AskState.WITHDRAWN
    tell_who_offered(current)


def let_offers_stand(gone: Ask) -> None:
    """Whoever was asked to take over from somebody who does not lead it any more is asked to lead it, like others."""
    Ask.objects.filter(in_place_of=gone, state=AskState.ASKED).update(in_place_of=None)


def tell_who_offered(closed: Ask) -> None:
    """Whoever asked a colleague to take their session over learns that they still lead it; other asks tell nobody."""
    leads = closed.in_place_of
    if leads is not None and leads.state == AskState.ACCEPTED:
        outbox.owe_facilitator("swap_not_taken", leads, once_per=closed.pk, who=closed.facilitator.name)


def closed_words(ask: Ask) -> str:
    """Why an ask cannot be answered any more, said to the facilitator."""
    if ask.is_agreed:
        return _(
            "You have said yes. The coordinator looks at it, and you are told by e-mail when the session is yours."
        )
    if ask.gave_way_to_id:
        return _("A colleague has said yes to this first, so you need not answer. Thank you for being there.")
    return {
        AskState.HANDED: _("A colleague has taken this session over from you. Thank you."),
        AskState.ACCEPTED: _("You have said yes to this already."),
        AskState.DECLINED: _("You have said no to this already. Thank you for answering."),
        AskState.EXPIRED: _("The day to answer has passed, so we asked a colleague. Thank you."),
        AskState.WITHDRAWN: _("This session has changed, so the ask was taken back. Thank you."),
    }.get(AskState(ask.state), _("This has not been asked yet."))


def held(session_id: int) -> Session | None:
    """A session as it stands, also one that was removed, kept from others who ask for it until we are done.

    Whoever holds an ask too has taken that first.
    """
    # Without the key: whoever books it, or writes about it, need not wait for us.
    rows = Session.everything.select_for_update(of=("self",), no_key=True)
    return rows.select_related("visit__request__coordinator").filter(pk=session_id).first()


def locked(ask: Ask) -> Ask:
    """The ask as it stands, held against others until the transaction ends."""
    # Held first and read then: in one query PostgreSQL would wait for the ask, and read the session as it was before.
    Ask.objects.select_for_update().get(pk=ask.pk)
    return Ask.objects.select_related("session__visit__request__coordinator", "facilitator__user").get(pk=ask.pk)


def recorded(ask: Ask, what: str, *, by_clock: bool = False, **detail: str) -> None:
    """Write what somebody, or the clock, did with an ask into the history of its request."""
    history.record(
        ask.session.visit.request, what, by=None if by_clock else ask.facilitator.user, by_clock=by_clock,
        who=ask.facilitator.name, session=ask.session.title, **detail,
    )  # fmt: skip
