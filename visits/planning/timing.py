"""What follows from a session's time: no two at once, the room held again, people asked again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import combinations, groupby

from django.utils.translation import gettext as _

from visits import rules, scheduling, words
from visits.choices import AskRole, AskState
from visits.models import Ask, Booking, Session, User, Visit
from visits.planning.guard import PlanRefused

Times = Mapping[int, tuple[datetime, datetime]]


def retime(visit: Visit, times: Times, *, by: User) -> list[str]:
    """Give sessions of a visit new times, all at once; the others stay.

    Returns what else happened, in sentences. Raises PlanRefused when two sessions would
    meet or one would lie outside the visit's days, Clash when a room is taken.
    """
    sessions = list(visit.sessions.select_related("room"))
    moved = [session for session in sessions if session.pk in times]
    for session in moved:
        session.starts_at, session.ends_at = times[session.pk]
    refuse_unless_it_fits(visit, sessions)
    # Every old hold goes first, so that two sessions can change places in one room.
    Booking.objects.filter(session__in=moved, room__isnull=False).delete()
    told: list[str] = []
    for session in moved:
        session.save(update_fields=["starts_at", "ends_at"])
        scheduling.book_room(session)
        told += ask_again(session, by=by)
    return told


def refuse_unless_it_fits(visit: Visit, sessions: Iterable[Session]) -> None:
    """Raises PlanRefused unless the sessions lie within the visit's days, one after another.

    Two at once are fine when each is for another group of the guests.
    """
    in_order = sorted(sessions, key=lambda session: session.starts_at)
    for session in in_order:
        _refuse_outside(visit, session)
    for earlier, later in combinations(in_order, 2):
        if later.starts_at < earlier.ends_at and not later.may_meet(earlier):
            raise PlanRefused(
                _("“%(later)s” would begin at %(from)s, before “%(earlier)s” ends at %(to)s. Choose another time.")
                % {
                    "later": later.title,
                    "from": words.clock(later.starts_at),
                    "earlier": earlier.title,
                    "to": words.clock(earlier.ends_at),
                }
            )


def blocks(sessions: Iterable[Session]) -> list[list[Session]]:
    """The sessions in their order, those that are held at once together."""
    found: list[list[Session]] = []
    for session in sorted(sessions, key=lambda session: session.starts_at):
        if found and session.starts_at < end_of(found[-1]):
            found[-1].append(session)
        else:
            found.append([session])
    return found


def end_of(block: Iterable[Session]) -> datetime:
    return max(session.ends_at for session in block)


def rippled(sessions: Iterable[Session], wanted: Times) -> dict[int, tuple[datetime, datetime]]:
    """The wanted times, and those of the later rows of each day, which follow by as much."""
    times: dict[int, tuple[datetime, datetime]] = {}
    by_day = groupby(sorted(sessions, key=lambda row: row.starts_at), key=lambda row: words.local_date(row.starts_at))
    for _day, rows in by_day:
        shift, since = timedelta(), None
        for row in rows:
            if row.pk in wanted:
                times[row.pk] = wanted[row.pk]
                shift, since = wanted[row.pk][1] - row.ends_at, row.ends_at
            elif since is not None and shift and row.starts_at >= since:
                times[row.pk] = (row.starts_at + shift, row.ends_at + shift)
    return times


def _refuse_outside(visit: Visit, session: Session) -> None:
    if session.ends_at <= session.starts_at:
        told = _("“%(title)s” ends before it begins. Write at least five minutes.")
        raise PlanRefused(told % {"title": session.title})
    day = words.local_date(session.starts_at)
    if not visit.first_day <= day <= visit.last_day or session.ends_at > rules.end_of(day):
        raise PlanRefused(
            _("“%(title)s” would lie outside the visit, %(days)s.")
            % {"title": session.title, "days": words.day_range(visit.first_day, visit.last_day)}
        )


def ask_again(session: Session, *, by: User) -> list[str]:
    """Put the new time to everybody who was told the old one; a yes to the old time is no yes to the new.

    Who was only put down and not told stays put down. Returns who is asked again, and who
    is taken then, in sentences.
    """
    live = Ask.objects.live().filter(session=session).exclude(state=AskState.PLANNED)
    told = list(live.select_related("facilitator__user", "in_place_of"))
    offers = [ask for ask in told if ask.is_offer]
    for ask in offers:  # what one colleague asked of another was about the old time
        scheduling.withdraw_ask(ask, by=by)
    taken_back = [_("The ask to %(name)s was taken back.") % {"name": ask.facilitator.name} for ask in offers]
    # Whoever leads it first: a second is asked beside somebody who does.
    again = sorted((ask for ask in told if ask not in offers), key=lambda ask: not ask.is_to_lead)
    return taken_back + [_ask_one_again(session, ask, by=by) for ask in again]


def _ask_one_again(session: Session, ask: Ask, *, by: User) -> str:
    Ask.objects.filter(pk=ask.pk).update(state=AskState.WITHDRAWN)
    Booking.objects.filter(session=session, facilitator=ask.facilitator).delete()
    names = {"name": ask.facilitator.name, "title": session.title}
    try:
        again = scheduling.choose(session, ask.facilitator, by=by, role=AskRole(ask.role), words=ask.words)
        scheduling.send_ask(again, by=by)
    except (scheduling.Clash, scheduling.AskRefused) as why:
        Ask.objects.filter(pk=ask.pk).update(state=ask.state)
        scheduling.withdraw_ask(ask, by=by)
        if isinstance(why, scheduling.AskRefused) and ask.is_second:
            return _("The ask to %(name)s was taken back.") % names
        if isinstance(why, scheduling.AskRefused):
            told = _("The new time of “%(title)s” is more than %(name)s agreed to, so the ask was taken back.")
            return told % names
        return _("%(name)s is taken at the new time of “%(title)s”, so the ask was taken back.") % names
    return _("%(name)s is asked again, since the time of “%(title)s” changed.") % names
