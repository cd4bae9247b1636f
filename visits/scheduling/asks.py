"""Asking somebody to lead a session, and their answer."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from visits import history, outbox, rules
from visits.choices import AskState, CommentSide
from visits.models import Ask, Booking, Comment, Facilitator, Session, User, VisitRequest
from visits.scheduling import bookings, diary
from visits.scheduling.refusals import AskRefused, retry_deadlocks


@transaction.atomic
def choose(session: Session, facilitator: Facilitator, *, by: User) -> Ask:
    """Put a facilitator down for a session without telling them yet.

    Raises AskRefused when the person is down for it already, Clash when they are taken.
    """
    bookings.refuse_if_taken(facilitator, session)
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


@retry_deadlocks
@transaction.atomic
def accept(ask: Ask) -> Ask:
    """The facilitator can: their time is booked, and their other asks for that hour fall.

    A second yes changes nothing. Raises AskRefused when the ask is no longer open, Clash
    when the time has been taken meanwhile; then nothing has changed.
    """
    current = _locked(ask)
    if current.state == AskState.ACCEPTED:
        return current
    _refuse_unless_asked(current)
    bookings.book(current)
    current.state, current.answered_at = AskState.ACCEPTED, timezone.now()
    current.save(update_fields=["state", "answered_at"])
    _withdraw_rivals(current)
    _recorded(current, "facilitator_accepted")
    return current


@retry_deadlocks
@transaction.atomic
def decline(ask: Ask, *, other_time: str = "") -> Ask:
    """The facilitator cannot; no reason is asked. A second no changes nothing.

    When they could instead is kept as a note between colleagues.
    """
    current = _locked(ask)
    if current.state == AskState.DECLINED:
        return current
    if current.state not in (AskState.ASKED, AskState.ACCEPTED):
        raise AskRefused(closed_words(current))
    current.state, current.answered_at = AskState.DECLINED, timezone.now()
    current.save(update_fields=["state", "answered_at"])
    Booking.objects.filter(session=current.session, facilitator=current.facilitator).delete()
    _recorded(current, "facilitator_declined")
    if other_time:
        _note(current, other_time)
    return current


@retry_deadlocks
@transaction.atomic
def take_back_answer(ask: Ask) -> Ask:
    """Undo a yes or a no within ten minutes: the ask waits again, and holds no time.

    Raises AskRefused when it is too late for that.
    """
    current = _locked(ask)
    if current.state == AskState.ASKED:
        return current
    if not diary.may_undo(current, timezone.now()):
        raise AskRefused(_("It is too late to undo this answer. Write to your coordinator."))
    current.state, current.answered_at = AskState.ASKED, None
    current.save(update_fields=["state", "answered_at"])
    Booking.objects.filter(session=current.session, facilitator=current.facilitator).delete()
    _recorded(current, "answer_taken_back")
    return current


@transaction.atomic
def withdraw_ask(ask: Ask, *, by: User | None) -> None:
    """Take an ask back, whatever it was answered; who had been told is told again."""
    current = _locked(ask)
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
            _recorded(ask, "ask_expired", by_clock=True)
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


def _locked(ask: Ask) -> Ask:
    rows = Ask.objects.select_for_update(of=("self",)).select_related("session__visit__request", "facilitator__user")
    return rows.get(pk=ask.pk)


def _refuse_unless_asked(ask: Ask) -> None:
    if ask.state != AskState.ASKED:
        raise AskRefused(closed_words(ask))
    if ask.session.ends_at <= timezone.now():
        raise AskRefused(_("This session is over. Thank you."))


def _withdraw_rivals(ask: Ask) -> None:
    rivals = Ask.objects.waiting().filter(
        facilitator=ask.facilitator,
        session__starts_at__lt=ask.session.ends_at,
        session__ends_at__gt=ask.session.starts_at,
    )
    for rival in rivals.exclude(pk=ask.pk).select_related("session__visit__request", "facilitator__user"):
        Ask.objects.filter(pk=rival.pk).update(state=AskState.WITHDRAWN, withdrawn_at=timezone.now())
        _recorded(rival, "ask_withdrawn", by_clock=True)


def _note(ask: Ask, other_time: str) -> None:
    person = ask.facilitator.user
    text = _("I cannot lead “%(session)s”. I could at another time: %(when)s") % {
        "session": ask.session.title,
        "when": other_time,
    }
    request, name = ask.session.visit.request, str(person)[:120]
    Comment.objects.create(request=request, side=CommentSide.NOTE, author=person, author_name=name, text=text)


def _recorded(ask: Ask, what: str, *, by_clock: bool = False) -> None:
    history.record(
        ask.session.visit.request, what, by=None if by_clock else ask.facilitator.user, by_clock=by_clock,
        who=ask.facilitator.name, session=ask.session.title,
    )  # fmt: skip
