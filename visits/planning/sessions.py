"""The rows of the agenda."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from visits import scheduling, words
from visits.models import Ask, Booking, Session, User, Visit, VisitRequest
from visits.planning import guard, telling, timing
from visits.planning.guard import PlanRefused

WORDS = (
    "kind", "title", "description", "place", "offering", "teller", "dialogue_minutes", "group", "people", "site",
    "level",
)  # fmt: skip


@transaction.atomic
def add_session(visit_request: VisitRequest, session: Session, *, by: User, seen: int) -> Session:
    """Put a new row into the agenda and hold its room.

    Raises PlanRefused without days, outside them or on top of another session, Clash when
    the room is taken.
    """
    visit = visit_of(visit_request)
    session.visit = visit
    telling.changed(visit_request, "added_session", by=by, seen=seen, session=session.title)
    timing.refuse_unless_it_fits(visit, [*visit.sessions.all(), session])
    session.save(force_insert=True)
    scheduling.book_room(session)
    guard.asked_again(visit_request, by=by)
    return session


@transaction.atomic
def change_session(session: Session, *, by: User, seen: int, rest_follows: bool = False) -> list[str]:
    """Keep an edited row. `session` carries what it shall be; the stored row is what it was.

    A changed time asks again whoever had been told the old one, and a changed time or room
    is held anew. With `rest_follows` the later rows of that day move by as much. Returns
    what else happened, in sentences. Raises Clash when the room is taken, or who leads it would not
    get to another site in time.
    """
    visit_request = session.visit.request
    before = Session.objects.select_related("room").get(pk=session.pk)
    telling.changed(visit_request, "changed_session", by=by, seen=seen, **_difference(before, session))
    session.save(update_fields=[*WORDS, "room"])
    told = [] if session.needs_facilitator else _let_go(session, by=by)
    if (before.starts_at, before.ends_at) != (session.starts_at, session.ends_at):
        times = {session.pk: (session.starts_at, session.ends_at)}
        if rest_follows:
            times |= _later_rows(before, session.ends_at - before.ends_at)
        told += timing.retime(session.visit, times, by=by)
    elif (before.room_id, before.site_id) != (session.room_id, session.site_id):
        scheduling.follow_place(session)
    return told + guard.asked_again(visit_request, by=by)


@transaction.atomic
def move_session(session: Session, *, earlier: bool, by: User, seen: int) -> list[str]:
    """Let a row change places with its neighbour of that day; the pause between them stays as long."""
    order = timing.blocks(_rows_of_day(session))
    here = next(place for place, block in enumerate(order) if session in block)
    there = here - 1 if earlier else here + 1
    if not 0 <= there < len(order):
        raise PlanRefused(
            _("“%(title)s” is first that day already.") % {"title": session.title}
            if earlier
            else _("“%(title)s” is last that day already.") % {"title": session.title}
        )
    times = _exchanged(order[min(here, there)], order[max(here, there)])
    telling.changed(session.visit.request, "moved_session", by=by, seen=seen, session=session.title,
                    to=words.clock(times[session.pk][0]))  # fmt: skip
    return timing.retime(session.visit, times, by=by)


def _exchanged(first: list[Session], second: list[Session]) -> dict[int, tuple[datetime, datetime]]:
    """Two neighbours in each other's place: what is held at once moves together."""
    sooner = first[0].starts_at - second[0].starts_at
    later = timing.end_of(second) - timing.end_of(first)
    return {row.pk: (row.starts_at + by, row.ends_at + by)
            for block, by in ((second, sooner), (first, later)) for row in block}  # fmt: skip


@transaction.atomic
def remove_session(session: Session, *, by: User, seen: int) -> list[str]:
    """Take a row out of the agenda; its room is free, and who was asked is told."""
    telling.changed(session.visit.request, "removed_session", by=by, seen=seen, session=session.title)
    return let_out(session, by=by) + guard.asked_again(session.visit.request, by=by)


def let_out(session: Session, *, by: User) -> list[str]:
    """A row goes out of the agenda, inside a deed that has noted why."""
    told = _let_go(session, by=by)
    Booking.objects.filter(session=session).delete()
    # The row itself stays: the mail to whoever was asked is made from it when it leaves.
    Session.objects.filter(pk=session.pk).update(removed_at=timezone.now())
    return told


def visit_of(visit_request: VisitRequest) -> Visit:
    visit = Visit.objects.filter(request=visit_request).first()
    if visit is None:
        raise PlanRefused(_("Choose the days of the visit first."))
    visit.request = visit_request  # the one in hand carries the version
    return visit


def _rows_of_day(session: Session) -> list[Session]:
    day = words.local_date(session.starts_at)
    return [row for row in session.visit.sessions.all() if words.local_date(row.starts_at) == day]


def _later_rows(before: Session, shift: timedelta) -> dict[int, tuple[datetime, datetime]]:
    later = [row for row in _rows_of_day(before) if row.starts_at >= before.ends_at]
    return {row.pk: (row.starts_at + shift, row.ends_at + shift) for row in later}


def _let_go(session: Session, *, by: User) -> list[str]:
    """Nobody of ours leads this any more: take every ask back."""
    asks = Ask.objects.live().filter(session=session).select_related("facilitator__user")
    told = []
    for ask in asks:
        scheduling.withdraw_ask(ask, by=by)
        told.append(_("The ask to %(name)s was taken back.") % {"name": ask.facilitator.name})
    return told


def _difference(before: Session, after: Session) -> dict[str, str]:
    detail = {"session": after.title}
    if before.title != after.title:
        detail |= {"title_was": before.title}
    if before.starts_at != after.starts_at:
        detail |= {"from": words.clock(before.starts_at), "to": words.clock(after.starts_at)}
    if before.room_id != after.room_id:
        detail |= {"room_was": str(before.room or ""), "room": str(after.room or "")}
    return detail
