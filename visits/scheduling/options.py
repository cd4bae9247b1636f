"""Other days that a proposal offers: rooms and people are held on all of them until the guests answer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from visits import rules
from visits.choices import AskState, BookingKind
from visits.models import Ask, Booking, ProposalOption, Session, Visit, VisitRequest
from visits.scheduling import asks, bookings, standing, taking
from visits.scheduling.clashes import refuse_if_taken
from visits.scheduling.refusals import Clash


def hold(option: ProposalOption, sessions: Iterable[Session]) -> None:
    """Hold the rooms, and whoever is put down and free, for the same agenda on the option's days.

    Raises Clash, naming what stands there, when a room is taken, or everybody who is put down
    for a session; then nothing of the option may be kept.
    """
    days = (option.first_day - option.proposal.first_day).days
    held = [_there(option, session, days) for session in sessions]
    taking.insert_all(row for row in held if row.room)
    people = [_people(row) for row in held]
    try:
        with transaction.atomic():
            Booking.objects.bulk_create(row for rows in people for row in rows)
    except IntegrityError:
        for rows in people:  # somebody is taken: who is free is held all the same
            _hold_who_is_free(rows)


def _there(option: ProposalOption, session: Session, days: int) -> Booking:
    """The session's room, when it has one, on the option's days."""
    return Booking(
        room=session.room, session=session, option=option, kind=BookingKind.OPTION,
        starts_at=on_other_day(session.starts_at, days), ends_at=on_other_day(session.ends_at, days),
    )  # fmt: skip


def _people(like: Booking) -> list[Booking]:
    """The same time of everybody who is put down for its session."""
    asks = like.session.asks.all() if like.session else []
    return [
        Booking(
            facilitator=ask.facilitator, session=like.session, option=like.option, kind=like.kind,
            starts_at=like.starts_at, ends_at=like.ends_at,
        )
        for ask in asks
        if ask.state in rules.LIVE_ASKS
    ]  # fmt: skip


def _hold_who_is_free(rows: list[Booking]) -> None:
    """Hold those of one session who are free; Clash when nobody of them is."""
    clashes = []
    for row in rows:
        try:
            taking.insert(row)
        except Clash as clash:
            clashes.append(clash)
    if rows and len(clashes) == len(rows):
        raise clashes[0]


def let_go_of_options(visit_request: VisitRequest) -> None:
    """The guests have answered, or nobody waits for their answer any more: only the plan itself is held."""
    Booking.objects.filter(kind=BookingKind.OPTION, session__visit__request=visit_request).delete()


def take(option: ProposalOption, visit: Visit) -> None:
    """The guests have chosen these days: the visit moves there with its whole agenda.

    Its rooms are held there, the other days are let go. Whoever had been told the old time is
    put down for the new one, to be asked again; who is taken then is let go. The caller holds
    the request's lock. Raises Clash when a room that was held has been lost.
    """
    days = (option.first_day - visit.first_day).days
    sessions = list(visit.sessions.select_related("room"))
    Booking.objects.filter(session__visit=visit).delete()
    Visit.objects.filter(pk=visit.pk).update(
        first_day=option.first_day, last_day=option.last_day, sequence=F("sequence") + 1, changed_at=timezone.now()
    )
    visit.refresh_from_db(fields=["first_day", "last_day", "sequence", "changed_at"])
    for session in sessions:
        session.starts_at = on_other_day(session.starts_at, days)
        session.ends_at = on_other_day(session.ends_at, days)
        session.save(update_fields=["starts_at", "ends_at"])
        bookings.book_room(session)
    for ask in standing.live_asks(visit.request):
        _ask_for_the_new_time(ask)
    ProposalOption.objects.filter(pk=option.pk).update(chosen_at=timezone.now())


def _ask_for_the_new_time(ask: Ask) -> None:
    try:
        refuse_if_taken(ask.facilitator, ask.session)
    except Clash:
        asks.withdraw_ask(ask, by=None)
        return
    if ask.state != AskState.PLANNED:
        # No mail: the ask for the new time, which follows, says it.
        Ask.objects.filter(pk=ask.pk).update(state=AskState.WITHDRAWN)
        Ask.objects.create(
            session=ask.session, facilitator=ask.facilitator, asked_by=ask.asked_by, role=ask.role, words=ask.words
        )


def on_other_day(moment: datetime, days: int) -> datetime:
    """The same hour by the clock on the wall, so many days later, also over a change of summer time."""
    local = moment.astimezone(rules.STOCKHOLM)
    return datetime.combine(local.date() + days * rules.DAY, local.time(), rules.STOCKHOLM)
