"""The agenda as the plan page draws it: days with two lanes, rows with people, time that is shared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from visits import rules, words
from visits.choices import SessionKind
from visits.forms.desk import ChangeSessionForm, RetimeForm
from visits.models import Ask, Session, Visit

FIRST_HOUR: Final = 8
HOURS: Final = range(FIRST_HOUR, 17)
UNITS: Final = 100  # of the strip, an hour
WIDTH: Final = UNITS * len(HOURS)
BAR: Final = 480  # units of the bar of shared time
GAP: Final = 2


class Block(NamedTuple):
    """One session in the strip of its day."""

    x: int
    width: int
    kind: str

    @property
    def end(self) -> int:
        return self.x + self.width


@dataclass
class Row:
    """One session with who leads it; `starts` and `minutes` are what stands in its boxes."""

    session: Session
    asks: list[Ask]
    starts: str
    minutes: str
    form: ChangeSessionForm | None = None
    is_first: bool = False
    is_last: bool = False

    @property
    def is_missing(self) -> bool:
        return self.session.needs_facilitator and not self.asks

    @property
    def css(self) -> str:
        kinds = {SessionKind.GUEST: "yours", SessionKind.BREAK: "rest"}
        return kinds.get(SessionKind(self.session.kind), "")


@dataclass
class Day:
    """One day of the visit."""

    day: date
    rows: list[Row]
    blocks: list[Block] = field(default_factory=list)

    @property
    def spoken(self) -> str:
        """The strip in words: «09.00 Meet Esther, we lead; …»."""
        told = [
            f"{words.clock(row.session.starts_at)} {row.session.title}, {row.session.get_kind_display()}"
            for row in self.rows
        ]
        nothing = _("nothing yet")
        return f"{words.weekday(self.day)}: {'; '.join(told) if told else nothing}"

    @property
    def hours(self) -> list[str]:
        return [f"{hour:02d}" for hour in HOURS]

    @property
    def lines(self) -> range:
        return range(0, WIDTH + 1, UNITS)

    @property
    def next_start(self) -> str:
        return words.clock(self.rows[-1].session.ends_at) if self.rows else "09.00"


class Share(NamedTuple):
    """How the minutes of a visit are shared, and where that is drawn."""

    guests: int
    ours: int
    rest: int

    @property
    def worked(self) -> int:
        return self.guests + self.ours

    @property
    def guests_width(self) -> int:
        return round(BAR * self.guests / self.worked) if self.worked else 0

    @property
    def ours_x(self) -> int:
        return self.guests_width + (GAP if self.guests else 0)

    @property
    def ours_width(self) -> int:
        return max(BAR - self.ours_x, 0) if self.ours else 0


@dataclass
class Agenda:
    """All days of a visit with their rows."""

    visit: Visit
    days: list[Day]

    @property
    def rows(self) -> list[Row]:
        return [row for day in self.days for row in day.rows]

    @property
    def share(self) -> Share:
        minutes = dict.fromkeys(SessionKind.values, 0)
        for row in self.rows:
            minutes[row.session.kind] += row.session.minutes
        return Share(minutes[SessionKind.GUEST], minutes[SessionKind.HOST], minutes[SessionKind.BREAK])

    @property
    def missing(self) -> list[Row]:
        return [row for row in self.rows if row.is_missing]

    def row(self, pk: int | None) -> Row | None:
        return next((row for row in self.rows if row.session.pk == pk), None)


def agenda_of(visit: Visit) -> Agenda:
    """The agenda as it is stored: three queries."""
    sessions = list(visit.sessions.select_related("room", "offering").prefetch_related("asks__facilitator__user"))
    days = [_day(day, [s for s in sessions if words.local_date(s.starts_at) == day]) for day in visit.days]
    return Agenda(visit, days)


def _day(day: date, sessions: Sequence[Session]) -> Day:
    rows = [_row(session) for session in sessions]
    if rows:
        rows[0].is_first = rows[-1].is_last = True
    return Day(day, rows, [_block(session) for session in sessions])


def _row(session: Session) -> Row:
    asks = [ask for ask in session.asks.all() if ask.state in rules.LIVE_ASKS]
    return Row(session, asks, words.clock(session.starts_at), str(session.minutes))


def _block(session: Session) -> Block:
    x, end = _units(session.starts_at), _units(session.ends_at)
    return Block(x + GAP, max(end - x - 2 * GAP, GAP), session.kind)


def _units(moment: datetime) -> int:
    local = moment.astimezone(rules.STOCKHOLM)
    return min(max((local.hour - FIRST_HOUR) * UNITS + local.minute * UNITS // 60, 0), WIDTH)


def keep_typed(agenda: Agenda, form: RetimeForm) -> None:
    """Show in its row what somebody typed and could not be kept."""
    row = agenda.row(_pk(form.data.get("session")))
    if row:
        row.starts, row.minutes = form.data.get("starts", row.starts), form.data.get("minutes", row.minutes)


def _pk(typed: object) -> int | None:
    return int(typed) if isinstance(typed, str) and typed.isascii() and typed.isdigit() else None


def open_row(agenda: Agenda, pk: int | None, form: ChangeSessionForm | None) -> None:
    """Open one row for editing, with what was typed when there is such a form."""
    row = agenda.row(_pk(form.data.get("session")) if form else pk)
    if row is None:
        return
    row.form = form or ChangeSessionForm(
        initial=ChangeSessionForm.values(row.session),
        visit_request=agenda.visit.request,
        visit=agenda.visit,
        auto_id=f"row{row.session.pk}_%s",
    )
