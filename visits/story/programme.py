"""The agenda as the visitor reads it, and what changed between two versions of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from visits import words
from visits.choices import AskState, SessionKind
from visits.models import Session


@dataclass(frozen=True)
class Row:
    """One row of the agenda: who has the floor, when, what, where, with whom."""

    kind: str
    title: str
    starts_at: datetime
    ends_at: datetime
    description: str = ""
    place: str = ""
    people: tuple[str, ...] = ()
    tells_place: bool = False

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    @property
    def detail(self) -> str:
        """What stands under the title: in a sentence, with whom, and where when it is elsewhere."""
        place = self.place if self.tells_place else ""
        parts = (part.strip().rstrip(".") for part in (self.description, ", ".join(self.people), place))
        return ". ".join(part for part in parts if part)


@dataclass(frozen=True)
class Day:
    day: date
    place: str
    sessions: list[Row] = field(default_factory=list)


class Change(NamedTuple):
    """One thing that is different from the version before."""

    title: str
    words: str


def days_of_snapshot(agenda: Sequence[dict[str, Any]]) -> list[Day]:
    """The days of a proposal, as it was sent."""
    return [_day(date.fromisoformat(day["day"]), [_row(session) for session in day["sessions"]]) for day in agenda]


def days_of_visit(sessions: Iterable[Session]) -> list[Day]:
    """The days of a visit as it stands, with those who have said yes."""
    rows = [_live(session) for session in sessions]
    return [_day(day, list(found)) for day, found in groupby(rows, key=lambda row: words.local_date(row.starts_at))]


def own_rows(days: Iterable[Day]) -> list[Row]:
    """The parts that are the guests' own."""
    return [row for day in days for row in day.sessions if row.kind == SessionKind.GUEST]


def own_minutes(days: Iterable[Day]) -> int:
    return sum(row.minutes for row in own_rows(days))


def changes(before: Iterable[Day], after: Iterable[Day]) -> list[Change]:
    """What is different: new, moved, longer or shorter, elsewhere, left out; told apart by title."""
    old = {row.title.casefold(): row for day in before for row in day.sessions}
    new = {row.title.casefold(): row for day in after for row in day.sessions}
    told = [Change(row.title, _difference(old.get(title), row)) for title, row in new.items()]
    gone = [Change(row.title, _("is left out")) for title, row in old.items() if title not in new]
    return [change for change in [*told, *gone] if change.words]


def _difference(old: Row | None, new: Row) -> str:
    if old is None:
        return _("is new")
    parts = []
    if words.local_date(old.starts_at) != words.local_date(new.starts_at):
        parts.append(_("moves to %(day)s") % {"day": words.weekday(new.starts_at)})
    if words.clock(old.starts_at) != words.clock(new.starts_at):
        times = {"old": words.clock(old.starts_at), "new": words.clock(new.starts_at)}
        parts.append(_("starts at %(new)s instead of %(old)s") % times)
    if old.minutes != new.minutes:
        sentence = _("is %(length)s longer") if new.minutes > old.minutes else _("is %(length)s shorter")
        parts.append(sentence % {"length": words.minutes(abs(new.minutes - old.minutes))})
    if old.place != new.place and new.place:
        parts.append(_("is held at %(place)s") % {"place": new.place})
    return ", ".join(parts)


def _day(day: date, rows: list[Row]) -> Day:
    places = list(dict.fromkeys(row.place for row in rows if row.place))
    if len(places) < 3:
        return Day(day, _(", then ").join(places), rows if len(places) < 2 else [_with_place(row) for row in rows])
    return Day(day, "", [_with_place(row) for row in rows])


def _with_place(row: Row) -> Row:
    return Row(
        row.kind, row.title, row.starts_at, row.ends_at, row.description, row.place, row.people, tells_place=True
    )


def _row(stored: dict[str, Any]) -> Row:
    people = stored.get("people") or ()
    return Row(
        kind=stored.get("kind", SessionKind.HOST),
        title=stored.get("title", ""),
        starts_at=datetime.fromisoformat(stored["starts_at"]),
        ends_at=datetime.fromisoformat(stored["ends_at"]),
        description=stored.get("description", ""),
        place=stored.get("place", ""),
        people=(people,) if isinstance(people, str) else tuple(people),
    )


def _live(session: Session) -> Row:
    return Row(
        kind=session.kind,
        title=session.title,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        description=session.description,
        place=str(session.room) if session.room else session.place,
        people=tuple(a.facilitator.guest_name for a in session.asks.all() if a.state == AskState.ACCEPTED)
        or _teller(session),
    )


def _teller(session: Session) -> tuple[str, ...]:
    return (session.teller,) if session.teller else ()
