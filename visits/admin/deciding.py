"""The two pages that say what a deed does before it is done: declining, and sending a proposal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visits import (
    almanac,
    foresight,
    ladder,
    planning,
    pricing,
    rules,
    scheduling,
    season,
    story,
    words,
)
from visits.admin import doing, pages, undoable
from visits.choices import Anchor, AskState, DeclineReason, RequestState
from visits.forms import desk
from visits.models import Ask, Proposal, Session, User, Visit, VisitRequest

REASONS = {
    DeclineReason.NO_ROOM: gettext_lazy("The week is full or closed. We count this reason by week."),
    DeclineReason.NOBODY: gettext_lazy("The subject, the language or the day has no facilitator."),
    DeclineReason.LEAD_TIME: gettext_lazy("Only when they cannot move. Otherwise ask about another day."),
    DeclineReason.NOT_LEARNING: gettext_lazy("Sales, press, or a conference that wants a room."),
    DeclineReason.ELSEWHERE: gettext_lazy("A colleague or a ward that they could write to."),
}


def declining(case: VisitRequest, form: desk.DeclineForm, by: User) -> dict[str, Any]:
    """What the page of a no shows; the letter beside it holds what has been typed so far."""
    return {
        "case": case,
        "form": form,
        "checks": pages.can_we(case),
        "wants": ", ".join(area.name for area in case.areas.all()) or case.aim,
        "reasons": _reasons(case),
        "reason": _typed(form, "reason"),
        "doubt": desk.doubted_reason(_typed(form, "reason"), case),
        "offers": list(form.offers.values()),
        "ticked": form.data.getlist("alternatives") if form.is_bound else [],  # type: ignore[attr-defined]
        "letter": _typed(form, "explanation"),
        "chosen": _chosen(form),
        "foreseen": doing.foreseen_no(case, form, by),
        "leaves_at": undoable.would_leave(),
        "held_until": timezone.localdate() + rules.DAYS_TO_CHOOSE_INSTEAD * rules.DAY,
        "has_weeks": any(offer.first_day for offer in form.offers.values()),
        "may_decline": rules.may_move(case.request_state, RequestState.DECLINED),
        "failed": [form],
    }


def _reasons(case: VisitRequest) -> list[tuple[str, Promise | str, str, int]]:
    """Each reason with what it stands for, what speaks against it here, and how often it was given this year."""
    given = VisitRequest.objects.filter(state=RequestState.DECLINED, state_since__year=timezone.localdate().year)
    counted = dict(given.order_by().values_list("decline_reason").annotate(n=Count("pk")))
    return [
        (
            str(value),
            label,
            f"{REASONS[DeclineReason(value)]} {desk.doubted_reason(value, case)}".strip(),
            counted.get(value, 0),
        )
        for value, label in DeclineReason.choices
    ]


def _typed(form: desk.SeenForm, name: str) -> str:
    return str(form.data.get(name, "")) if form.is_bound else ""


def _chosen(form: desk.DeclineForm) -> Iterable[planning.Offer]:
    if not form.is_bound:
        return []
    return [offer for key, offer in form.offers.items()
              if key in form.data.getlist("alternatives")]  # type: ignore[attr-defined] # fmt: skip


@dataclass(frozen=True)
class Hold:
    """One room's time that the proposal holds."""

    room: str
    when: str
    in_the_way: str


def proposing(case: VisitRequest, form: desk.ProposeForm, sessions: Sequence[Session], by: User) -> dict[str, Any]:
    """Everything that sending the agenda of these sessions as a proposal does, told before it is done."""
    visit = getattr(case, "visit", None)
    reminded = ladder.days_of(Anchor.PROPOSAL)
    due = rules.due_moment(RequestState.PROPOSED, timezone.now(), closed=almanac.closed_from(timezone.localdate()))
    house = foresight.house_of(case) if visit else None
    asks = [ask for session in sessions for ask in session.asks.all() if ask.state in rules.LIVE_ASKS]
    return {
        "case": case,
        "visit": visit,
        "form": form,
        "sessions": sessions,
        "number": case.proposals.count() + 1,
        "answer_by": due,
        "reminder_on": timezone.localdate(due) - reminded * rules.DAY if due and reminded else None,
        "waiting": [ask for ask in asks if ask.state == AskState.ASKED and not ask.is_offer],
        "planned": [ask for ask in asks if ask.state == AskState.PLANNED],
        "holds": _holds(sessions),
        "doubts": _doubts(visit, sessions, asks),
        "quote": _quote(case, visit, sessions) if visit else None,
        "week": _week(case, house) if house else None,
        "foreseen": doing.foreseen_proposal(case, form, by),
        "prospect": foresight.foresee(case, house),
        "leaves_at": undoable.would_leave(),
        "failed": [form],
    }


def changes_of(case: VisitRequest, sessions: Sequence[Session]) -> list[story.Change]:
    """What would be different from the version that the guests have; nothing before the first."""
    visit = getattr(case, "visit", None)
    sent = list(case.proposals.order_by("number"))
    if visit is None or not sent:
        return []
    coming = Proposal(
        request=case, number=sent[-1].number + 1, first_day=visit.first_day, last_day=visit.last_day,
        agenda=planning.snapshot(sessions),
    )  # fmt: skip
    wishes = case.history.filter(what="change_wanted").order_by("at", "pk")
    return story.Versions([*sent, coming], list(wishes)).changes(coming, sent[-1])


def _quote(case: VisitRequest, visit: Visit, sessions: Iterable[Session]) -> pricing.Quote:
    days = len({words.local_date(session.starts_at) for session in sessions})
    return pricing.quote_for(case, first_day=visit.first_day, days=days)


def _holds(sessions: Sequence[Session]) -> list[Hold]:
    in_the_way = scheduling.rooms_in_the_way(sessions)
    return [
        Hold(str(session.room), _when(session), in_the_way.get(session.pk, "")) for session in sessions if session.room
    ]


def _when(session: Session) -> str:
    return f"{words.weekday(session.starts_at)}, {words.clock(session.starts_at)}–{words.clock(session.ends_at)}"


def _doubts(visit: Visit | None, sessions: Sequence[Session], asks: Iterable[Ask]) -> list[str]:
    """What to think of once more before the agenda is sent; of an empty one, that it is empty."""
    if visit is None or not sessions:
        return [_("The agenda is empty.")]
    held = {words.local_date(session.starts_at) for session in sessions}
    closed = planning.closed_words(visit.first_day, visit.last_day, held=held)
    told = [*closed, *_without_leader(sessions, asks), *_empty_days(visit, sessions)]
    told += planning.too_little_talk(sessions)
    if not any(session.is_guests_own for session in sessions):
        told.append(_("The agenda holds no part of the guests’ own."))
    return told


def _without_leader(sessions: Iterable[Session], asks: Iterable[Ask]) -> list[str]:
    asked = {ask.session_id for ask in asks if ask.is_to_lead}
    return [
        _("“%(title)s” has nobody to lead it yet.") % {"title": session.title}
        for session in sessions
        if session.needs_facilitator and session.pk not in asked
    ]


def _empty_days(visit: Visit, sessions: Iterable[Session]) -> list[str]:
    filled = {words.local_date(session.starts_at) for session in sessions}
    ends = (visit.first_day, visit.last_day)
    empty = [day for day in visit.days if day not in filled and (rules.is_working_day(day) or day in ends)]
    return [_("Nothing is planned on %(day)s.") % {"day": words.weekday(day)} for day in empty]


@dataclass(frozen=True)
class WeekLeft:
    """How many visits a week has, and how many it takes."""

    week: season.Week
    load: int
    most: int

    @property
    def number(self) -> int:
        return self.week.number

    @property
    def is_full(self) -> bool:
        return self.load >= self.most

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


def _week(case: VisitRequest, house: planning.House) -> WeekLeft:
    """The week with the fewest places left of those that the visit touches, itself not counted; one query."""
    first, last = case.visit.first_day, case.visit.last_day
    loads, limits = season.week_loads(first, last, without=case.pk), house.limits
    week = max(season.weeks_between(first, last), key=lambda week: (loads[week] - limits.of(week), week))
    return WeekLeft(week, loads[week], limits.of(week))


def proposed_words(proposal: Proposal) -> str:
    """What is said after the proposal has left."""
    return _("Version %(number)d is on its way. It is their turn until %(day)s.") % {
        "number": proposal.number,
        "day": words.day(proposal.answer_by),
    }
