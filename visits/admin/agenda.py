"""The agenda as the plan page draws it: days, rows with people, what stands open and what speaks against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import planning, rules, words
from visits.admin import strip
from visits.choices import AskState, SessionKind
from visits.forms.agenda import AgendaForm, as_typed
from visits.forms.session import RowForm
from visits.models import Ask, Session, Visit
from visits.planning.travel import Leg


@dataclass
class Row:
    """One session with who leads it; `starts` and `minutes` are what stands in its boxes."""

    session: Session
    asks: list[Ask]
    starts: str
    minutes: str
    could: list[Ask] = field(default_factory=list)  # who said no, and when they could instead
    form: RowForm | None = None
    problems: list[str] = field(default_factory=list)
    doubts: list[planning.Doubt] = field(default_factory=list)
    legs: list[Leg] = field(default_factory=list)
    refusal: str = ""
    ways: list[planning.Way] = field(default_factory=list)

    @property
    def key(self) -> str:
        return str(self.session.pk)

    @property
    def was(self) -> str:
        """What is stored, in the boxes' own words."""
        return " ".join(as_typed(self.session))

    @property
    def is_changed(self) -> bool:
        return f"{self.starts} {self.minutes}" != self.was

    @property
    def is_missing(self) -> bool:
        return self.session.needs_facilitator and not any(ask.is_to_lead for ask in self.asks)

    @property
    def may_have_second(self) -> bool:
        """Whether somebody leads it, or is to, and nobody learns beside them yet."""
        return bool(self.asks) and not self.is_missing and not any(ask.is_second for ask in self.asks)

    @property
    def is_out_of_people(self) -> bool:
        """Whether the portal was to ask on, and found nobody."""
        return self.is_missing and self.session.asks_on and self.session.nobody_left_at is not None

    @property
    def css(self) -> str:
        kinds = {SessionKind.GUEST: "yours", SessionKind.BREAK: "rest"}
        return kinds.get(SessionKind(self.session.kind), "")

    @property
    def part(self) -> str:
        """«Group A, 3 guests»; nothing when it is for everybody."""
        if not self.session.group:
            return ""
        if self.session.people is None:
            return str(self.session.get_group_display())
        told = ngettext("%(group)s, %(count)d guest", "%(group)s, %(count)d guests", self.session.people)
        return told % {"group": self.session.get_group_display(), "count": self.session.people}


@dataclass
class Day:
    """One day of the visit."""

    day: date
    rows: list[Row]
    blocks: list[strip.Block] = field(default_factory=list)

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
    def places(self) -> str:
        """«Qulturum», «two places», where the rows say so."""
        names = list(dict.fromkeys(row.session.where.name for row in self.rows if row.session.where))
        if len(names) > 1:
            return _("%(count)s places") % {"count": words.spelled(len(names))}
        return names[0] if names else ""

    @property
    def hours(self) -> list[str]:
        return [f"{hour:02d}" for hour in strip.HOURS]

    @property
    def lines(self) -> range:
        return range(0, strip.WIDTH + 1, strip.UNITS)

    @property
    def next_start(self) -> str:
        return words.clock(max(row.session.ends_at for row in self.rows)) if self.rows else "09.00"


@dataclass
class Agenda:
    """All days of a visit with their rows."""

    visit: Visit
    days: list[Day]
    outlook: planning.Outlook

    @property
    def rows(self) -> list[Row]:
        return [row for day in self.days for row in day.rows]

    @property
    def share(self) -> strip.Share:
        return strip.share([row.session for row in self.rows], self.outlook.legs)

    @property
    def missing(self) -> list[Row]:
        return [row for row in self.rows if row.is_missing]

    @property
    def unsaved(self) -> list[Row]:
        """Rows whose boxes hold something else than what is stored."""
        return [row for row in self.rows if row.is_changed or (row.form and (row.form.is_bound or row.form.stands))]

    def row(self, pk: int | None) -> Row | None:
        return next((row for row in self.rows if row.session.pk == pk), None)


def agenda_of(visit: Visit, sessions: Sequence[Session], *, names_others: bool) -> Agenda:
    """The agenda as it is stored, drawn day by day. Without `names_others` no reader learns what takes a person."""
    outlook = planning.outlook(visit, sessions, names_others=names_others)
    clashing = {doubt.session for doubt in outlook.hard if doubt.session}
    days = []
    for day in visit.days:
        there = [session for session in sessions if words.local_date(session.starts_at) == day]
        legs = [leg for leg in outlook.legs if leg.after in there]
        rows = [_row(session, outlook) for session in there]
        days.append(Day(day, rows, strip.blocks(there, legs, clashing)))
    return Agenda(visit, days, outlook)


def _row(session: Session, outlook: planning.Outlook) -> Row:
    asks = [ask for ask in session.asks.all() if ask.state in rules.LIVE_ASKS]
    doubts = [doubt for doubt in outlook.doubts if doubt.session == session.pk and not doubt.on_the_way]
    legs = [leg for leg in outlook.legs if leg.after.pk == session.pk]
    asked = {ask.facilitator_id for ask in asks}
    could = [
        ask
        for ask in session.asks.all()
        if ask.state == AskState.DECLINED and ask.other_time and ask.facilitator_id not in asked
    ]
    return Row(session, asks, *as_typed(session), could=could, doubts=doubts, legs=legs)


def keep_typed(agenda: Agenda, form: AgendaForm) -> None:
    """Show in their rows what somebody typed and could not be kept."""
    for row in agenda.rows:
        name = f"minutes-{row.session.pk}"
        if name in form.fields:
            row.starts, row.minutes = form.data.get(f"starts-{row.session.pk}", row.starts), form.data[name]
            row.problems = [str(e) for n in (f"starts-{row.session.pk}", name) for e in form.errors.get(n, [])]


def open_row(agenda: Agenda, pk: int | None, *, at: str = "", proposed: Mapping[str, Any] | None = None) -> None:
    """Open one stored row for editing; with what is `proposed` filled in."""
    if row := agenda.row(pk):
        row.form = _form(agenda, RowForm.values(row.session), row.session)
        row.form.propose(proposed or {})
        if at == f"edit-{pk}":
            row.form.fields["title"].widget.attrs["autofocus"] = True


def open_refused(agenda: Agenda, form: AgendaForm, refusal: str) -> None:
    """Show what was typed in the open row; with a refusal, the row that it is about and the ways out."""
    typed = form.open_row
    if typed and (row := agenda.row(typed.session.pk)):
        row.form = typed
    is_stale = form.cleaned_data.get("seen") != agenda.visit.request.version
    wanted = form.clashing() if refusal and not is_stale else None
    if wanted is None or not (row := agenda.row(wanted.pk)):
        return
    row.refusal, row.ways = refusal, planning.ways_out(agenda.visit, wanted)
    if row.form is None:
        row.form = _form(agenda, RowForm.values(wanted), row.session)


def offer_ways(agenda: Agenda) -> None:
    """A stored row that stands open and clashes: the ways out, as after a refusal."""
    for row in agenda.rows:
        hard = next((doubt for doubt in row.doubts if doubt.hard), None)
        if row.form and hard and not row.refusal:
            row.refusal, row.ways = hard.words, planning.ways_out(agenda.visit, row.session)


def _form(agenda: Agenda, values: dict[str, Any], session: Session) -> RowForm:
    return RowForm(initial=values, visit_request=agenda.visit.request, visit=agenda.visit, session=session,
                   auto_id=f"row{session.pk}_%s")  # fmt: skip
