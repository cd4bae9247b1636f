"""The years with an organisation: one row for each request, with what both sides have given each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from visits import agreement, rules, story, words
from visits.agreement import Stage
from visits.choices import PointState, RequestState, SessionKind, Side, Turn
from visits.models import Agreement, LedgerEntry, LedgerPoint, Session, Visit, VisitRequest

S = RequestState
WORKED: Final = (PointState.GOING_ON, PointState.SPREADS)
TOLD: Final = (*WORKED, PointState.STOPPED)
MOST_LINES: Final = 3
READING: Final = {
    Stage.DRAFT: gettext_lazy("We are to write the agreement by %(day)s."),
    Stage.THEIRS: gettext_lazy("They are to read the agreement by %(day)s."),
    Stage.OURS: gettext_lazy("We are to read the agreement by %(day)s."),
    Stage.BOTH: gettext_lazy("Both are to read the agreement again by %(day)s."),
}


@dataclass(frozen=True)
class Year:
    """One request as the memory tells it."""

    case: VisitRequest
    year: int
    when: str
    title: str
    facts: str
    is_open: bool
    has_been: bool
    turn: Turn = Turn.NOBODY
    due: str = ""
    took_home: list[str] = field(default_factory=list)
    taught_us: list[str] = field(default_factory=list)
    became: str = ""
    went_well: bool = False


@dataclass(frozen=True)
class Shares:
    """Minutes of all visits together, and how many of them the guests led."""

    whole: int
    theirs: int

    @property
    def percent(self) -> int:
        return round(100 * self.theirs / self.whole) if self.whole else 0


def shares(visits: Sequence[Visit]) -> Shares:
    """How the time was shared, breaks left out; one query."""
    rows = Session.objects.filter(visit__in=visits).exclude(kind=SessionKind.BREAK).order_by()
    minutes = [
        (kind, int((to - since).total_seconds() // 60))
        for kind, since, to in rows.values_list("kind", "starts_at", "ends_at")
    ]
    return Shares(sum(m for _kind, m in minutes), sum(m for kind, m in minutes if kind == SessionKind.GUEST))


def years(cases: Sequence[VisitRequest]) -> list[Year]:
    """Every request that reached us, the latest year first; two queries for what was learned, one for agreements."""
    learned: dict[int, list[LedgerEntry]] = {}
    visits = [case.visit for case in cases if hasattr(case, "visit")]
    for entry in LedgerEntry.objects.filter(visit__in=visits).prefetch_related("points").order_by("number", "pk"):
        learned.setdefault(entry.visit_id, []).append(entry)
    been = sum(_has_been(case) for case in cases)
    stages = _stages(cases)
    return [_year(case, learned, stages, is_first=not been) for case in sorted(cases, key=_when, reverse=True)]


def _stages(cases: Sequence[VisitRequest]) -> dict[int, Stage]:
    """Who has still to agree, by request, where an agreed visit has an agreement; one query."""
    standing = [case for case in cases if case.request_state in rules.STANDING]
    current = Agreement.objects.current().filter(request__in=standing)
    return {one.request_id: agreement.stage_of(one) for one in current}


def _when(case: VisitRequest) -> tuple[bool, str, int]:
    day = case.visit.first_day if _has_been(case) else (case.first_wished_day or case.state_since.date())
    return case.is_open and not _has_been(case), day.isoformat(), case.pk


def _has_been(case: VisitRequest) -> bool:
    return case.request_state == S.COMPLETED and hasattr(case, "visit")


def _year(
    case: VisitRequest, learned: Mapping[int, list[LedgerEntry]], stages: Mapping[int, Stage], *, is_first: bool
) -> Year:
    if _has_been(case):
        return _visited(case, learned.get(case.visit.pk, []))
    stage = stages.get(case.pk, Stage.NONE)
    day = case.visit.first_day if hasattr(case, "visit") else case.first_wished_day
    title = _open_title(case, is_first=is_first) if case.is_open else str(case.request_state.label)
    return Year(
        case=case,
        year=(day or case.state_since.date()).year,
        when=_("now") if case.is_open else (words.month_day(day) if day else ""),
        title=title,
        facts=_asked(case),
        is_open=case.is_open,
        has_been=False,
        turn=agreement.turn_at(case.request_state, stage),
        due=_due(case, stage) if case.is_open else "",
    )


def _open_title(case: VisitRequest, *, is_first: bool) -> str:
    if case.request_state in rules.STANDING:
        return _("They are coming")
    return _("They ask for the first time") if is_first else _("They ask again")


def _asked(case: VisitRequest) -> str:
    day = case.first_wished_day
    head = [case.reference or "", words.month_day(day) if day else "", story.people(case.group_size or 0)]
    lines = [", ".join(part for part in head if part) + "."]
    if case.aim:
        lines.append(_("Wants: %(aim)s") % {"aim": case.aim})
    if case.brings:
        lines.append(_("Brings: %(brings)s") % {"brings": case.brings})
    return " ".join(lines)


def _due(case: VisitRequest, stage: Stage) -> str:
    """Who is to do what by when, as the request's own page tells it; nothing without a day."""
    if case.due_at is None:
        return ""
    day = words.weekday(case.due_at)
    if case.request_state in rules.STANDING and stage in READING:
        return str(READING[stage]) % {"day": day}
    if case.request_state == S.AGREED:
        return _("We are to confirm the visit by %(day)s.") % {"day": day}
    if case.turn == Turn.OURS:
        return _("We are to answer by %(day)s.") % {"day": day}
    return _("It is with them until %(day)s.") % {"day": day} if case.turn == Turn.VISITOR else ""


def _visited(case: VisitRequest, entries: list[LedgerEntry]) -> Year:
    visit = case.visit
    told = [point for entry in entries if entry.learner == Side.OURS for point in entry.points.all()]
    became, went_well = _became(told, tried=any(e.tries for e in entries if e.learner == Side.OURS))
    return Year(
        case=case,
        year=visit.first_day.year,
        when=words.month_days(visit.first_day, visit.last_day),
        title=visit.title or _("A visit"),
        facts=_facts(case),
        is_open=False,
        has_been=True,
        took_home=[entry.tries or entry.words for entry in entries if entry.learner == Side.GUESTS][:MOST_LINES],
        taught_us=[entry.words for entry in entries if entry.learner == Side.OURS][:MOST_LINES],
        became=became,
        went_well=went_well,
    )


def _facts(case: VisitRequest) -> str:
    days = len(case.visit.days)
    parts = [story.people(case.group_size or 0), ngettext("%(count)d day", "%(count)d days", days) % {"count": days}]
    lines = [", ".join(parts) + ".", f"{case.visit.place}."]
    if case.coordinator:
        lines.append(_("Host %(name)s.") % {"name": case.coordinator})
    return " ".join([*lines, f"{case.reference}."])


def _became(points: list[LedgerPoint], *, tried: bool) -> tuple[str, bool]:
    """The last that was told of what we tried, and whether it lives."""
    told = [point for point in points if point.state in TOLD]
    if told:
        last = max(told, key=lambda point: (point.due_on, point.pk))
        label = str(PointState(last.state).label)
        return (f"{label}: {last.words}" if last.words else label), last.state in WORKED
    if tried:
        return _("We have not told yet how it went."), False
    return (_("Nobody tried it. Worth another look?"), False) if points else ("", False)
