"""The two pages that say what a deed does before it is done: declining, and sending a proposal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visits import almanac, planning, rules, season, words
from visits.admin import pages
from visits.choices import AskState, DeclineReason, RequestState
from visits.forms import desk
from visits.models import Alternative, Ask, Proposal, Session, Visit, VisitRequest

REASONS = {
    DeclineReason.NO_ROOM: gettext_lazy("The week is full or closed. We count this reason by week."),
    DeclineReason.NOBODY: gettext_lazy("The subject, the language or the day has no facilitator."),
    DeclineReason.LEAD_TIME: gettext_lazy("Only when they cannot move. Otherwise ask about another day."),
    DeclineReason.NOT_LEARNING: gettext_lazy("Sales, press, or a conference that wants a room."),
    DeclineReason.ELSEWHERE: gettext_lazy("A colleague or a ward that they could write to."),
}


def declining(case: VisitRequest, form: desk.DeclineForm) -> dict[str, Any]:
    """What the page of a no shows; the letter beside it holds what has been typed so far."""
    return {
        "case": case,
        "form": form,
        "checks": pages.can_we(case),
        "wants": ", ".join(area.name for area in case.areas.all()) or case.aim,
        "reasons": [(value, label, REASONS[DeclineReason(value)]) for value, label in DeclineReason.choices],
        "reason": _typed(form, "reason"),
        "offers": list(form.offers.values()),
        "ticked": form.data.getlist("alternatives") if form.is_bound else [],  # type: ignore[attr-defined]
        "letter": _typed(form, "explanation"),
        "chosen": _chosen(form),
        "may_decline": rules.may_move(case.request_state, RequestState.DECLINED),
        "failed": [form],
    }


def _typed(form: desk.SeenForm, name: str) -> str:
    return str(form.data.get(name, "")) if form.is_bound else ""


def _chosen(form: desk.DeclineForm) -> Iterable[Alternative]:
    if not form.is_bound:
        return []
    return [offer.as_alternative() for key, offer in form.offers.items()
              if key in form.data.getlist("alternatives")]  # type: ignore[attr-defined] # fmt: skip


@dataclass(frozen=True)
class Hold:
    """One room's time that the proposal holds."""

    room: str
    when: str
    in_the_way: str


def proposing(case: VisitRequest, form: desk.ProposeForm) -> dict[str, Any]:
    """Everything that sending the proposal does, told before it is done."""
    visit = getattr(case, "visit", None)
    sessions = list(visit.sessions.select_related("room").prefetch_related("asks__facilitator__user")) if visit else []
    due = rules.due_moment(RequestState.PROPOSED, timezone.now(), closed=almanac.closed_from(timezone.localdate()))
    asks = [ask for session in sessions for ask in session.asks.all() if ask.state in rules.LIVE_ASKS]
    return {
        "case": case,
        "visit": visit,
        "form": form,
        "sessions": sessions,
        "number": case.proposals.count() + 1,
        "answer_by": due,
        "reminder_on": timezone.localdate(due) - rules.ANSWER_REMINDER_DAYS * rules.DAY if due else None,
        "waiting": [ask for ask in asks if ask.state == AskState.ASKED],
        "planned": [ask for ask in asks if ask.state == AskState.PLANNED],
        "holds": [_hold(session) for session in sessions if session.room],
        "doubts": [*_doubts(sessions, asks), *(_empty_days(visit, sessions) if visit else [])],
        "week": _week(case) if visit else None,
        "failed": [form],
    }


def _hold(session: Session) -> Hold:
    when = f"{words.weekday(session.starts_at)}, {words.clock(session.starts_at)}–{words.clock(session.ends_at)}"
    return Hold(str(session.room), when, planning.room_in_the_way(session))


def _doubts(sessions: Iterable[Session], asks: Iterable[Ask]) -> list[str]:
    sessions = list(sessions)
    asked = {ask.session_id for ask in asks}
    doubts = [
        _("“%(title)s” has nobody to lead it yet.") % {"title": session.title}
        for session in sessions
        if session.needs_facilitator and session.pk not in asked
    ]
    if sessions and not any(session.is_guests_own for session in sessions):
        doubts.append(_("The agenda holds no part of the guests’ own."))
    return doubts


def _empty_days(visit: Visit, sessions: Iterable[Session]) -> list[str]:
    filled = {words.local_date(session.starts_at) for session in sessions}
    empty = [day for day in visit.days if day not in filled and rules.is_working_day(day)]
    return [_("Nothing is planned on %(day)s.") % {"day": words.weekday(day)} for day in empty]


@dataclass(frozen=True)
class WeekLeft:
    """How many visits a week has, and how many it takes."""

    number: int
    load: int
    most: int

    @property
    def after(self) -> int:
        return self.load + 1

    @property
    def boxes(self) -> list[tuple[int, str]]:
        """The places of the week as drawn: filled, this one, empty."""
        kinds = ["firm"] * self.load + ["this"] + ["free"] * max(self.most - self.load - 1, 0)
        return [(1 + n * 102, kind) for n, kind in enumerate(kinds[: max(self.most, self.after)])]

    @property
    def width(self) -> int:
        return 102 * len(self.boxes)


def _week(case: VisitRequest) -> WeekLeft:
    week = season.week_of(case.visit.first_day)
    return WeekLeft(week.number, season.week_loads(case.visit.first_day, case.visit.first_day)[week], season.capacity())


def proposed_words(proposal: Proposal) -> str:
    """What is said after the proposal has left."""
    return _("Version %(number)d is on its way. It is their turn until %(day)s.") % {
        "number": proposal.number,
        "day": words.day(proposal.answer_by),
    }
