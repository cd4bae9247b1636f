"""After a no the portal asks the next best by itself, where the coordinator chose so for the session.

Nobody is asked while a no can still be taken back, while somebody else is chosen, asked or has said yes,
or when there is no day left to answer. Who was asked for a session once is not asked for it again, and
nobody is asked for more than they chose for themselves. After a no of the voice beside the leader the next best
voice is asked; whoever learns beside them is asked by hand alone.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from visits import history, outbox, rules, words
from visits.choices import AskRole, AskState
from visits.models import Ask, Facilitator, GatheringAsk, Session, User
from visits.scheduling import asks, diary, helping
from visits.scheduling.refusals import retry_deadlocks
from visits.scheduling.suggestions import candidates, suited

NOBODY: Final = "nobody"  # everybody who could has been asked
TOO_LATE: Final = "too_late"  # there is no day left to answer
ASKED_ON: Final = (AskRole.LEADER, AskRole.VOICE)
WROTE_NEXT: Final = {AskRole.LEADER: "asked_next", AskRole.VOICE: "asked_next_voice"}


@transaction.atomic
def ask_on(session: Session, *, on: bool, by: User) -> None:
    """Let the portal ask the next best for this session after a no, or let it stop; twice the same is once."""
    if Session.objects.filter(pk=session.pk).exclude(asks_on=on).update(asks_on=on):
        what = "asks_on" if on else "asks_nobody_on"
        history.record(session.visit.request, what, by=by, session=session.title)


@retry_deadlocks
@transaction.atomic
def expire_asks(today: date) -> int:
    """The clock: asks whose answer date has passed, each with who is asked next; return how many."""
    late = Ask.objects.waiting().filter(answer_by__lt=today, agreed_at=None)
    expired = 0
    for ask in late.select_related("session__visit__request", "facilitator__user"):
        if Ask.objects.filter(pk=ask.pk, state=AskState.ASKED).update(state=AskState.EXPIRED):
            asks.recorded(ask, "ask_expired", by_clock=True)
            ask.state = AskState.EXPIRED
            asks.tell_who_offered(ask)
            after(ask, timezone.now())
            expired += 1
    return expired


def go_on_due(at: datetime) -> int:
    """The clock: every no that can no longer be taken back; return how many have been asked."""
    due = Session.objects.filter(next_ask_at__lte=at).values_list("pk", flat=True)
    return sum(_go_on_after_the_last_no(pk, at) for pk in list(due))


def after(closed: Ask, at: datetime) -> None:
    """Inside a deed that has closed an ask with a no, by the clock or for a rival yes: go on, now or when it stands."""
    if closed.session.asks_on and closed.role in ASKED_ON:
        _go_on(closed.session_id, closed, at)


def withdraw_rivals(yes: Ask | GatheringAsk) -> None:
    """Inside a yes: what else the same person is asked for at that time falls, and goes on to somebody else."""
    about = yes.session if isinstance(yes, Ask) else yes
    rivals = Ask.objects.waiting().filter(
        facilitator=yes.facilitator, session__starts_at__lt=about.ends_at, session__ends_at__gt=about.starts_at
    )
    if isinstance(yes, Ask):
        rivals = rivals.exclude(pk=yes.pk)
    fallen = list(rivals.select_related("session__visit__request", "facilitator__user"))
    helping.withdraw_rivals(yes.facilitator, about.starts_at, about.ends_at)
    for rival in fallen:
        rival.state, rival.withdrawn_at = AskState.WITHDRAWN, timezone.now()
        rival.save(update_fields=["state", "withdrawn_at"])
        asks.recorded(rival, "ask_withdrawn", by_clock=True)
        asks.tell_who_offered(rival)
    for rival in fallen:
        after(rival, timezone.now())


@retry_deadlocks
@transaction.atomic
def _go_on_after_the_last_no(session_id: int, at: datetime) -> bool:
    session = asks.held(session_id)
    if session is None or session.next_ask_at is None:
        return False
    said_no = Ask.objects.filter(session=session_id, state=AskState.DECLINED, role__in=ASKED_ON)
    rows = said_no.select_related("session__visit__request", "facilitator__user", "asked_by")
    last = {ask.role: ask for ask in rows.order_by("answered_at", "pk")}
    # A role whose last no stood already before that moment has been gone on from.
    since = session.next_ask_at - rules.UNDO_ANSWER
    due = [ask for ask in last.values() if ask.answered_at and ask.answered_at >= since]
    if session.asks_on and due:
        went_on = [_go_on(session_id, ask, at) for ask in due]
        return any(went_on)
    Session.objects.filter(pk=session_id).update(next_ask_at=None)
    return False


def _go_on(session_id: int, closed: Ask, at: datetime) -> bool:
    """Ask one more, or say that there is nobody; whether somebody was asked."""
    session = asks.held(session_id)  # of two who close an ask at once, the second sees what came of the first
    if session is None:
        return False
    before = list(Ask.objects.filter(session=session).select_related("session__visit__request"))
    role = AskRole(closed.role)
    waits = {one: _may_come_back([ask for ask in before if ask.role == one], at) for one in ASKED_ON}
    soonest = min((until for until in waits.values() if until), default=None)
    Session.everything.filter(pk=session.pk).update(next_ask_at=soonest)
    if waits[role] or not _needs_somebody(session, [ask for ask in before if ask.role == role], at):
        return False
    person = _next(session, before, role) if rules.may_ask_on(words.local_date(session.starts_at), _day(at)) else None
    if person is None:
        _nobody_left(session, closed, at)
        return False
    _ask(session, person, closed, at)
    return True


def _may_come_back(before: Collection[Ask], at: datetime) -> datetime | None:
    """Until when one who said no may still think again; None when every no stands."""
    given = [ask.answered_at for ask in before if ask.state == AskState.DECLINED and diary.may_undo(ask, at)]
    return max((answered + rules.UNDO_ANSWER for answered in given if answered), default=None)


def _needs_somebody(session: Session, before: Collection[Ask], at: datetime) -> bool:
    is_planned = session.visit.request.request_state in rules.PLANNABLE
    is_open = session.removed_at is None and session.needs_facilitator and session.starts_at > at
    return is_planned and is_open and not any(ask.state in rules.LIVE_ASKS for ask in before)


def _next(session: Session, before: Collection[Ask], role: AskRole) -> Facilitator | None:
    known = {ask.facilitator_id for ask in before if not ask.gave_way_to_id}  # who gave way has not answered
    found = [one for one in candidates(session) if one.facilitator.pk not in known and one.beyond is None]
    could = suited(found, role)
    return could[0].facilitator if could else None


def _ask(session: Session, person: Facilitator, closed: Ask, at: datetime) -> None:
    """Ask somebody in the name of the host, else of whoever asked the one before."""
    host = session.visit.request.coordinator_id
    ask = Ask.objects.create(
        session=session, facilitator=person, asked_by_id=host or closed.asked_by_id, state=AskState.ASKED,
        asked_at=at, answer_by=asks.answer_by(session, at), role=closed.role,
    )  # fmt: skip
    what = WROTE_NEXT[AskRole(closed.role)]
    asks.recorded(ask, what, by_clock=True, after=closed.facilitator.name, why=closed.state)
    outbox.owe_facilitator("ask", ask, due_at=at)
    if session.nobody_left_at and ask.is_to_lead:
        Session.objects.filter(pk=session.pk).update(nobody_left_at=None)


def _nobody_left(session: Session, closed: Ask, at: datetime) -> None:
    """It is the coordinator's turn, and they are told so once for each no that nobody follows.

    A session is held without a voice too: that there is none stands in the history alone.
    """
    in_time = rules.may_ask_on(words.local_date(session.starts_at), _day(at))
    why, visit_request = NOBODY if in_time else TOO_LATE, session.visit.request
    if closed.is_voice:
        history.record(visit_request, "no_voice_left", by=None, by_clock=True, session=session.title, why=why)
        return
    Session.objects.filter(pk=session.pk).update(nobody_left_at=at)
    history.record(visit_request, "nobody_left", by=None, by_clock=True, session=session.title, why=why)
    outbox.owe_staff(
        "nobody_left", visit_request.coordinator or closed.asked_by, once_per=f"ask-{closed.pk}",
        due_at=at, request=visit_request, session=session.title, of_session=session.pk,
        who=closed.facilitator.name, why=why,
    )  # fmt: skip


def _day(at: datetime) -> date:
    return timezone.localdate(at)
