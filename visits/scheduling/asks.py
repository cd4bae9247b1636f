"""Asking somebody to lead a session, and their answer."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from visits import history, outbox, rules
from visits.choices import AskState
from visits.models import Ask, Booking, Facilitator, Session, User, VisitRequest
from visits.scheduling.clashes import refuse_if_taken
from visits.scheduling.refusals import AskRefused


@transaction.atomic
def choose(session: Session, facilitator: Facilitator, *, by: User) -> Ask:
    """Put a facilitator down for a session without telling them yet.

    Raises AskRefused when the person is down for it already, Clash when they are taken.
    """
    refuse_if_taken(facilitator, session)
    if Ask.objects.live().filter(session=session, facilitator=facilitator).exists():
        raise AskRefused(_("%(name)s is already asked to lead this session.") % {"name": facilitator.name})
    ask = Ask.objects.create(session=session, facilitator=facilitator, asked_by=by)
    history.record(session.visit.request, "chose_facilitator", by=by, who=facilitator.name, session=session.title)
    return ask


@transaction.atomic
def send_ask(ask: Ask, *, by: User | None) -> None:
    """Ask a chosen facilitator; they have seven days, or until the day before the session."""
    now = timezone.now()
    if not Ask.objects.filter(pk=ask.pk, state=AskState.PLANNED).update(
        state=AskState.ASKED, asked_at=now, answer_by=_answer_by(ask.session, now)
    ):
        raise AskRefused(_("This ask has been sent already."))
    ask.refresh_from_db()
    history.record(
        ask.session.visit.request, "asked_facilitator", by=by, by_clock=by is None,
        who=ask.facilitator.name, session=ask.session.title,
    )  # fmt: skip
    outbox.owe_facilitator("ask", ask)


def _answer_by(session: Session, now: datetime) -> date:
    wanted = timezone.localdate(now) + timedelta(days=rules.DAYS_TO_ANSWER_ASK)
    day_before = timezone.localdate(session.starts_at) - rules.DAY
    return max(timezone.localdate(now), min(wanted, day_before))


def ask_planned(visit_request: VisitRequest) -> int:
    """Ask everybody who was chosen and not told yet; return how many."""
    planned = Ask.objects.filter(session__visit__request=visit_request, state=AskState.PLANNED)
    asks = list(planned.select_related("session__visit__request", "facilitator__user"))
    for ask in asks:
        send_ask(ask, by=None)
    return len(asks)


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


@transaction.atomic
def expire_asks(today: date) -> int:
    """The clock: asks whose answer date has passed; return how many."""
    late = Ask.objects.waiting().filter(answer_by__lt=today)
    expired = 0
    for ask in late.select_related("session__visit__request", "facilitator__user"):
        if Ask.objects.filter(pk=ask.pk, state=AskState.ASKED).update(state=AskState.EXPIRED):
            recorded(ask, "ask_expired", by_clock=True)
            expired += 1
    return expired


def closed_words(ask: Ask) -> str:
    """Why an ask cannot be answered any more, said to the facilitator."""
    return {
        AskState.ACCEPTED: _("You have said yes to this already."),
        AskState.DECLINED: _("You have said no to this already. Thank you for answering."),
        AskState.EXPIRED: _("The day to answer has passed, so we asked a colleague. Thank you."),
        AskState.WITHDRAWN: _("This session has changed, so the ask was taken back. Thank you."),
    }.get(AskState(ask.state), _("This has not been asked yet."))


def locked(ask: Ask) -> Ask:
    """The ask as it stands, held against others until the transaction ends."""
    # Held first and read then: in one query PostgreSQL would wait for the ask, and read the session as it was before.
    Ask.objects.select_for_update().get(pk=ask.pk)
    return Ask.objects.select_related("session__visit__request__coordinator", "facilitator__user").get(pk=ask.pk)


def recorded(ask: Ask, what: str, *, by_clock: bool = False) -> None:
    """Write what somebody, or the clock, did with an ask into the history of its request."""
    history.record(
        ask.session.visit.request, what, by=None if by_clock else ask.facilitator.user, by_clock=by_clock,
        who=ask.facilitator.name, session=ask.session.title,
    )  # fmt: skip
