"""Somebody cannot come after all: what that leaves without anybody, who could step in, and who is told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from visits import history, outbox, rules
from visits.choices import AskRole, AskState, BookingKind, RequestState, SessionKind
from visits.models import Ask, Booking, Facilitator, GatheringAsk, Session, User
from visits.scheduling import answers, asks, away, helping
from visits.scheduling.moments import at_any
from visits.scheduling.refusals import retry_deadlocks
from visits.scheduling.suggestions import Candidate, candidates_of, suited
from visits.spans import Span

MOST_GAPS: Final = 20
BEST: Final = 3


@dataclass(frozen=True)
class Gap:
    """A session of ours that nobody leads: who cannot, who has been asked instead, and who could, the best first."""

    session: Session
    gone: Sequence[Ask]
    waiting: Sequence[Ask]
    could: Sequence[Candidate]


@dataclass(frozen=True)
class Touched:
    """What somebody's time away would take a leader from, and who could step in there."""

    session: Session
    had_said_yes: bool
    could: Sequence[Candidate]


class LetGo(NamedTuple):
    """What somebody was let go of: sessions, and gatherings of our programmes."""

    sessions: list[Ask]
    gatherings: list[GatheringAsk]


@retry_deadlocks
@transaction.atomic
def stand_down(facilitator: Facilitator, spans: Iterable[Span], *, by: User) -> LetGo:
    """Somebody of the desk writes down that a facilitator cannot come: all of it or nothing.

    Whatever they had said yes to, were asked or put down for in that time is let go, and returned. They
    get one mail that says so; the host of each visit that counted on them, and whoever asked them to a
    gathering, is told, but for `by`. Raises Clash when they are away then already.
    """
    times = list(spans)
    let_go = LetGo(
        [asks.locked(ask) for ask in asks_at(facilitator, times)],
        helping.locked_at(facilitator, times),
    )
    for ask in let_go.sessions:
        _let_go(ask, by)
    for helps in let_go.gatherings:
        helping.close(helps)
        if helps.state == AskState.ACCEPTED:
            helping.tell_who_asked(helps, but=by)
    held = away.in_the_way(facilitator, times)
    Booking.objects.filter(pk__in=[one.pk for one in held if one.kind == BookingKind.OPTION]).delete()
    kept = away.add_times_away(facilitator, times)
    _tell(facilitator, kept, let_go, by)
    return let_go


def asks_at(facilitator: Facilitator, spans: Iterable[Span]) -> list[Ask]:
    """Every session that somebody is put down for, asked for or leads at any of these times, in order; one query.

    Preparation and debriefing are of their session.
    """
    times = list(spans)
    around = Booking.objects.around_sessions().filter(at_any(times), facilitator=facilitator)
    there = at_any(times, of="session__") | Q(session__in=around.values("session"))
    rows = Ask.objects.live().filter(there, facilitator=facilitator, session__removed_at=None)
    return list(rows.select_related("session__visit__request").order_by("session__starts_at", "pk"))


def touched_by(facilitator: Facilitator, spans: Iterable[Span]) -> list[Touched]:
    """The sessions that `stand_down` would let go, with who could step in; seven queries."""
    found = asks_at(facilitator, spans)
    could = candidates_of([ask.session for ask in found])
    return [
        Touched(ask.session, ask.state == AskState.ACCEPTED, _best(could[ask.session_id], ask.role, but=facilitator))
        for ask in found
    ]


def without_leader(today: date) -> QuerySet[Session]:
    """Sessions of ours from a day on that nobody leads, the soonest first.

    Of a confirmed visit those that nobody has said yes to; of an agreed one, where answers still come, those
    that nobody is even asked for.
    """
    asked = Ask.objects.leading().filter(session=OuterRef("pk"))
    confirmed = Q(~Exists(asked.filter(state=AskState.ACCEPTED)), visit__request__state=RequestState.CONFIRMED)
    agreed = Q(~Exists(asked.filter(state__in=rules.LIVE_ASKS)), visit__request__state=RequestState.AGREED)
    rows = Session.objects.filter(confirmed | agreed, kind=SessionKind.HOST, visit__last_day__gte=today)
    return rows.filter(ends_at__gt=rules.end_of(today - rules.DAY)).order_by("starts_at", "pk")


def gaps(today: date) -> list[Gap]:
    """The first of `without_leader`, each with who could step in; eight queries, whatever the number."""
    told = Ask.objects.leading().exclude(state=AskState.PLANNED).select_related("facilitator__user").order_by("pk")
    rows = without_leader(today).select_related("visit__request__coordinator", "room__site", "site")
    sessions = list(rows.prefetch_related(Prefetch("asks", told))[:MOST_GAPS])
    could = candidates_of(sessions)
    return [_gap(session, list(session.asks.all()), could[session.pk]) for session in sessions]


def _gap(session: Session, told: Collection[Ask], could: Sequence[Candidate]) -> Gap:
    waiting = [ask for ask in told if ask.is_waiting]
    closed = {ask.facilitator_id: ask for ask in told if not ask.is_waiting}
    gone = [ask for person, ask in closed.items() if person not in {one.facilitator_id for one in waiting}]
    return Gap(session, gone, waiting, _best(could))


def _best(
    found: Sequence[Candidate], role: str = AskRole.LEADER, *, but: Facilitator | None = None
) -> list[Candidate]:  # fmt: skip
    return suited([one for one in found if one.facilitator != but], AskRole(role))[:BEST]


def _let_go(ask: Ask, by: User) -> None:
    had_said_yes = ask.state == AskState.ACCEPTED
    Ask.objects.filter(pk=ask.pk).update(state=AskState.WITHDRAWN, withdrawn_at=timezone.now())
    asks.let_offers_stand(ask)
    asks.tell_who_offered(ask)
    Booking.objects.filter(session=ask.session, facilitator=ask.facilitator).delete()
    visit_request = ask.session.visit.request
    history.record(visit_request, "stood_down", by=by, who=ask.facilitator.name, session=ask.session.title)
    if had_said_yes and visit_request.coordinator != by:
        answers.tell_host(ask)


def _tell(facilitator: Facilitator, kept: Sequence[Booking], let_go: LetGo, by: User) -> None:
    """One mail to whoever it is about: what was written down, and where nobody expects them any more."""
    known = [ask for ask in let_go.sessions if ask.asked_at]  # who was only put down for it never heard of it
    outbox.owe_staff(
        "stood_down", facilitator.user, once_per=kept[0].pk, by=by.pk,
        away=[[one.starts_at.isoformat(), one.ends_at.isoformat()] for one in (kept[0], kept[-1])],
        sessions=[[ask.session.starts_at.isoformat(), ask.session.title,
                   ask.session.visit.request.organisation_name] for ask in known],
        gatherings=[[ask.starts_at.isoformat(), ask.gathering.words_in(facilitator.user.language)]
                    for ask in let_go.gatherings],
    )  # fmt: skip
