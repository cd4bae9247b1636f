"""What became of each session on the day: how many were there, or why it was not held."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from visits import history, rules, words
from visits.choices import RequestState, SessionKind
from visits.models import Session, SessionHeld, User

TOLD_IN = (*rules.STANDING, RequestState.COMPLETED)


class HeldRefused(Exception):
    """It cannot be told of this session; the text says why."""


@dataclass(frozen=True)
class Sums:
    """How a visit's sessions went, those that somebody has told about."""

    told: int
    held: int
    people: int  # at the fullest session


@transaction.atomic
def tell(
    session: Session, *, people: int | None, why_not: str = "", by: User, pressed_at: datetime, key: str = ""
) -> SessionHeld:
    """Write down how many were there, or with `people` None why it was not held; told again it is corrected.

    The same press (`key`) counts once, and one that was kept on a phone for a while never takes the
    place of a later one. Raises HeldRefused for a break, a day that has not come and a visit that
    is not agreed.
    """
    # The row of the session is the lock: before the first press there is no row of what was told.
    Session.objects.select_for_update(of=("self",)).only("pk").get(pk=session.pk)
    _refuse_what_cannot_be_told(session, pressed_at)
    known = SessionHeld.objects.filter(session=session).first()
    if known is not None and (known.told_at >= pressed_at or (key and known.key == key)):
        return known
    told = {"people": people, "why_not": "" if people is not None else why_not, "told_at": pressed_at, "told_by": by}
    held, _added = SessionHeld.objects.update_or_create(session=session, defaults=told | {"key": key})
    what = "session_held" if held.was_held else "session_not_held"
    history.record(session.visit.request, what, by=by, session=session.title, people=people, why=held.why_not)
    return held


def may_be_told(session: Session, now: datetime) -> bool:
    """Whether the day of a session of an agreed visit has come; breaks are not counted."""
    has_come = words.local_date(session.starts_at) <= words.local_date(now)
    return has_come and session.kind != SessionKind.BREAK and session.visit.request.request_state in TOLD_IN


def _refuse_what_cannot_be_told(session: Session, now: datetime) -> None:
    if not may_be_told(session, now):
        day = words.weekday(session.starts_at)
        raise HeldRefused(_("This is told on the day of the session, %(day)s, or later.") % {"day": day})


def sums(sessions: Iterable[Session]) -> Sums:
    """Added up; what was told comes with the sessions (`select_related("held")`)."""
    told = [session.held for session in sessions if hasattr(session, "held")]
    counts = [one.people for one in told if one.people is not None]
    return Sums(len(told), len(counts), max(counts, default=0))
