"""One session made two, and sessions and days made again on other days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import scheduling, words
from visits.models import Session, User, VisitRequest
from visits.planning import guard, telling, timing
from visits.planning.guard import PlanRefused
from visits.planning.sessions import visit_of

STEP: Final = 5  # minutes
COPIED: Final = (
    "kind", "title", "description", "starts_at", "ends_at", "room", "place", "site", "offering", "teller",
    "dialogue_minutes", "group", "people", "level",
)  # fmt: skip


def twin(session: Session, **other: object) -> Session:
    """The same session again, not saved yet; who leads it is asked anew."""
    return Session(visit=session.visit, **{name: getattr(session, name) for name in COPIED} | other)


def same_row(session: Session) -> Session:
    """The stored row once more in hand: what is changed in it changes nothing in the other."""
    row = twin(session)
    row.pk = session.pk
    return row


@transaction.atomic
def split_session(session: Session, *, by: User, seen: int) -> list[str]:
    """Make two sessions of one, each about half as long. Raises PlanRefused when it is too short for that."""
    half = session.minutes // 2 // STEP * STEP
    if half < STEP:
        raise PlanRefused(_("“%(title)s” is too short to be split.") % {"title": session.title})
    telling.changed(session.visit.request, "split_session", by=by, seen=seen, session=session.title)
    middle, end = session.starts_at + timedelta(minutes=half), session.ends_at
    told = timing.retime(session.visit, {session.pk: (session.starts_at, middle)}, by=by)
    talk = session.dialogue_minutes
    second = twin(session, starts_at=middle, ends_at=end, dialogue_minutes=None if talk is None else talk // 2)
    if talk is not None:
        Session.objects.filter(pk=session.pk).update(dialogue_minutes=talk - talk // 2)
    _put_in(second)
    return told + guard.asked_again(session.visit.request, by=by)


@transaction.atomic
def copy_session(session: Session, day: date, *, by: User, seen: int) -> list[str]:
    """Hold the same session once more: at its own hour, or last that day where that hour is taken.

    Raises PlanRefused for a day outside the visit, or one that is full.
    """
    visit = session.visit
    others = list(visit.sessions.all())
    days = (day - words.local_date(session.starts_at)).days
    copied = _on(session, days)
    if meets(copied, others):
        there = [row for row in others if words.local_date(row.starts_at) == day]
        copied.starts_at = timing.end_of(there)
        copied.ends_at = copied.starts_at + timedelta(minutes=session.minutes)
    timing.refuse_unless_it_fits(visit, [*others, copied])
    telling.changed(visit.request, "copied_session", by=by, seen=seen, session=session.title, day=day.isoformat())
    told = [_("“%(title)s” is held once more: %(day)s %(time)s.") % {
        "title": session.title, "day": words.weekday(day), "time": words.clock(copied.starts_at)}]  # fmt: skip
    return told + without_taken_room(copied) + guard.asked_again(visit.request, by=by)


@transaction.atomic
def copy_day(visit_request: VisitRequest, day: date, to: date, *, by: User, seen: int) -> list[str]:
    """Hold a whole day again on another; what would meet a session there is left out, and told.

    Raises PlanRefused when nothing is to be copied, or for a day outside the visit.
    """
    visit = visit_of(visit_request)
    others = list(visit.sessions.select_related("room"))
    rows = [row for row in others if words.local_date(row.starts_at) == day]
    copies = [_on(row, (to - day).days) for row in rows]
    fitting = [row for row in copies if not meets(row, others)]
    if not fitting:
        raise PlanRefused(_("There is nothing of that day that fits on the other. Choose another day."))
    timing.refuse_unless_it_fits(visit, [*others, *fitting])
    telling.changed(visit_request, "copied_day", by=by, seen=seen, day=day.isoformat(), to=to.isoformat())
    told = [sentence for row in fitting for sentence in without_taken_room(row)]
    return told + left_out([row for row in copies if row not in fitting]) + guard.asked_again(visit_request, by=by)


def left_out(rows: list[Session]) -> list[str]:
    """What could not be put in because something stands there, in a sentence."""
    if not rows:
        return []
    names = ", ".join(f"“{row.title}”" for row in rows)
    told = ngettext("%(names)s was left out: something stands there already.",
                    "%(names)s were left out: something stands there already.", len(rows))  # fmt: skip
    return [told % {"names": names}]


def meets(session: Session, others: list[Session]) -> bool:
    """Whether it would be held at the same time as one of them, for the same guests."""
    return any(row.starts_at < session.ends_at and row.ends_at > session.starts_at and not row.may_meet(session)
               for row in others)  # fmt: skip


def _on(session: Session, days: int) -> Session:
    starts, ends = (scheduling.on_other_day(moment, days) for moment in (session.starts_at, session.ends_at))
    return twin(session, starts_at=starts, ends_at=ends)


def without_taken_room(session: Session) -> list[str]:
    """Keep a copied row, without its room where that is taken then; says so."""
    session.save(force_insert=True)
    taken = scheduling.rooms_in_the_way([session]).get(session.pk)
    if taken:
        session.room = None
        session.save(update_fields=["room"])
        return [_("“%(title)s” has no room yet: %(why)s") % {"title": session.title, "why": taken}]
    scheduling.book_room(session)
    return []


def _put_in(session: Session) -> None:
    session.save(force_insert=True)
    scheduling.book_room(session)
