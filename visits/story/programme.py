"""The agenda as the visitor reads it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from visits import rules, words
from visits.choices import AskState, SessionKind
from visits.models import Session
from visits.models.ask import names_for_guests


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
    voices: tuple[str, ...] = ()  # of the Living Library, beside whoever leads it
    key: int | None = field(default=None, compare=False)  # the session's own number, where it was kept
    dialogue: int = field(default=0, compare=False)  # minutes of talking together
    tells_place: bool = field(default=False, compare=False)

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    @property
    def detail(self) -> str:
        """What stands under the title: in a sentence, with whom, and where when it is elsewhere."""
        return _sentence(self.told, self.place if self.tells_place else "")

    @property
    def told(self) -> str:
        """In a sentence, and with whom: what stands under the title where the place has a line of its own."""
        return _sentence(self.description, ", ".join(self.people), self.voice)

    @property
    def voice(self) -> str:
        """Who tells their own story beside whoever leads it, in a sentence; nothing for nobody."""
        return _("%(names)s tells their own story") % {"names": ", ".join(self.voices)} if self.voices else ""


def _sentence(*parts: str) -> str:
    whole = (part.strip().rstrip(".") for part in parts)
    return ". ".join(part for part in whole if part)


@dataclass(frozen=True)
class Day:
    day: date
    place: str
    sessions: list[Row] = field(default_factory=list)

    @property
    def worked(self) -> int:
        """Minutes that are not breaks."""
        return sum(row.minutes for row in self.sessions if row.kind != SessionKind.BREAK)

    @property
    def dialogue(self) -> int:
        return sum(row.dialogue for row in self.sessions)


def days_of_snapshot(agenda: Sequence[dict[str, Any]]) -> list[Day]:
    """The days of a proposal, as it was sent."""
    return [_day(date.fromisoformat(day["day"]), [_row(session) for session in day["sessions"]]) for day in agenda]


def days_of_visit(sessions: Iterable[Session]) -> list[Day]:
    """The days of a visit as it stands, with those who have said yes."""
    rows = [_live(session) for session in sessions]
    return [_day(day, list(found)) for day, found in groupby(rows, key=lambda row: words.local_date(row.starts_at))]


def moved(days: Iterable[Day], by: int) -> list[Day]:
    """The same programme so many days later, each session at its hour by the clock on the wall."""
    return [Day(day.day + by * rules.DAY, day.place, [shifted(row, by) for row in day.sessions]) for day in days]


def shifted(row: Row, days: int) -> Row:
    return replace(row, starts_at=_on_other_day(row.starts_at, days), ends_at=_on_other_day(row.ends_at, days))


def _on_other_day(moment: datetime, days: int) -> datetime:
    local = moment.astimezone(rules.STOCKHOLM)
    return datetime.combine(local.date() + days * rules.DAY, local.time(), rules.STOCKHOLM)


def own_rows(days: Iterable[Day]) -> list[Row]:
    """The parts that are the guests' own."""
    return [row for day in days for row in day.sessions if row.kind == SessionKind.GUEST]


def own_minutes(days: Iterable[Day]) -> int:
    return sum(row.minutes for row in own_rows(days))


def talk_words(days: Iterable[Day]) -> str:
    """«About 3 of 5 hours is talking together.»; nothing for a programme that has only breaks."""
    all_days = list(days)
    worked, talk = sum(day.worked for day in all_days), sum(day.dialogue for day in all_days)
    if not worked:
        return ""
    if worked < 120:
        return _("About %(talk)d of %(worked)d minutes is talking together.") % {"talk": talk, "worked": worked}
    return _("About %(talk)s of %(worked)s hours is talking together.") % {
        "talk": _half_hours(talk),
        "worked": _half_hours(worked),
    }


def _half_hours(minutes: int) -> str:
    """«3», «2½»: the hours, to the nearest half."""
    halves = round(minutes / 30)
    return f"{halves // 2 or ''}½" if halves % 2 else str(halves // 2)


def _day(day: date, rows: list[Row]) -> Day:
    places = list(dict.fromkeys(row.place for row in rows if row.place))
    if len(places) < 3:
        return Day(day, _(", then ").join(places), rows if len(places) < 2 else [_with_place(row) for row in rows])
    return Day(day, "", [_with_place(row) for row in rows])


def _with_place(row: Row) -> Row:
    return replace(row, tells_place=True)


def _row(stored: dict[str, Any]) -> Row:
    people = stored.get("people") or ()
    row = Row(
        kind=stored.get("kind", SessionKind.HOST),
        title=stored.get("title", ""),
        starts_at=datetime.fromisoformat(stored["starts_at"]),
        ends_at=datetime.fromisoformat(stored["ends_at"]),
        description=stored.get("description", ""),
        place=stored.get("place", ""),
        people=(people,) if isinstance(people, str) else tuple(people),
        voices=tuple(stored.get("voices") or ()),
        key=stored.get("id"),
    )
    return replace(row, dialogue=stored.get("dialogue", 0 if row.kind == SessionKind.BREAK else row.minutes // 2))


def _said_yes(session: Session, *, to_lead: bool) -> tuple[str, ...]:
    """Whoever has said yes to leading it, or to telling beside them, as guests read the name."""
    yes = (ask for ask in session.asks.all() if ask.state == AskState.ACCEPTED and ask.is_to_lead == to_lead)
    return tuple(names_for_guests(yes))


def _live(session: Session) -> Row:
    return Row(
        kind=session.kind,
        title=session.title,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        description=session.description,
        place=session.place_words,
        people=_said_yes(session, to_lead=True) or _teller(session),
        voices=_said_yes(session, to_lead=False),
        key=session.pk,
        dialogue=session.dialogue,
    )


def _teller(session: Session) -> tuple[str, ...]:
    return (session.teller,) if session.teller else ()
