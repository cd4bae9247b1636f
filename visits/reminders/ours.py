"""Reminders to those who lead sessions, and to the desk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import count
from typing import Any, NamedTuple

from visits import almanac, roles, rules
from visits.choices import Anchor, AskState
from visits.ladder import Ladder
from visits.models import Ask, Facilitator, GatheringAsk, Promise, ReminderRung, VisitRequest
from visits.outbox import Owed
from visits.reminders.clock import Clock, Span, day_of
from visits.reminders.owing import of_rung, only, to_facilitator

A = Anchor


def read_sessions(ladder: Ladder, span: Span, pk: int | None) -> Iterable[Any]:
    accepted = Ask.objects.filter(
        state=AskState.ACCEPTED,
        session__visit__request__state__in=rules.STANDING,
        session__visit__last_day__gt=span.first.today,
        session__visit__first_day__lte=span.furthest(ladder.furthest(A.SESSION)),
    ).select_related("session__visit__request", "facilitator__user")
    return only(accepted, "session__visit__request", pk).order_by("session__starts_at", "pk")


def sessions(ladder: Ladder, rows: Iterable[Ask], clock: Clock) -> Iterator[Owed]:
    by_person: defaultdict[tuple[int, int], list[Ask]] = defaultdict(list)
    for ask in rows:
        if clock.before_this_morning(ask.answered_at):
            by_person[ask.session.visit_id, ask.facilitator_id].append(ask)
    for asks in by_person.values():
        yield from _own_days(ladder, clock, asks)


def _own_days(ladder: Ladder, clock: Clock, asks: list[Ask]) -> Iterator[Owed]:
    """Briefings before somebody's first day of a visit, one reminder before each of their days; one mail a morning."""
    by_morning = _mornings(ladder, clock, asks)
    come = [day for day, (ask, _r) in by_morning.items() if day <= clock.morning_day and _day(ask) > clock.today]
    if come:
        ask, rung = by_morning[max(come)]
        about, day = f"visit-{ask.session.visit_id}", _day(ask)
        yield to_facilitator(rung, about, ask, rung.once_per(day), clock, day=day)


def _mornings(ladder: Ladder, clock: Clock, asks: list[Ask]) -> dict[date, tuple[Ask, ReminderRung]]:
    """What goes on which morning. Where two would go on one, that of a later day waits for the next that is free.

    The morning of the day before is always free for it, for nothing reminds of a day that has come.
    """
    first_of_day: dict[date, Ask] = {}
    for ask in asks:
        first_of_day.setdefault(_day(ask), ask)
    found: dict[date, tuple[Ask, ReminderRung]] = {}
    for day, ask in sorted(first_of_day.items()):
        is_first = day == min(first_of_day)
        own = [rung for rung in ladder.of(A.SESSION) if is_first or rung.kind != "briefing"]
        for come, rung in sorted(_of_day(own, ask, clock).items()):
            free = next(morning for n in count() if (morning := come + timedelta(days=n)) not in found)
            if free < day:
                found[free] = ask, rung
    return found


def _of_day(rungs: list[ReminderRung], ask: Ask, clock: Clock) -> dict[date, ReminderRung]:
    """On which mornings somebody is reminded of one of their days; who said yes late has only what is nearest."""
    day, visit = _day(ask), ask.session.visit
    since = max(clock.first_morning_after(ask.answered_at), clock.first_morning_after(visit.agreed_at))
    fitting = (rung for rung in reversed(rungs) if rung.fits(visit.request.state))
    return {max(day - timedelta(days=rung.days), since): rung for rung in fitting}


def _day(ask: Ask) -> date:
    return day_of(ask.session.starts_at)


def read_asks(ladder: Ladder, span: Span, pk: int | None) -> Iterable[Any]:
    waiting = Ask.objects.waiting().filter(
        asked_at__lt=rules.end_of(span.last.morning_day - rules.DAY), answer_by__gte=span.first.today,
        session__starts_at__gt=span.first.at, session__removed_at=None, agreed_at=None,
    ).select_related("session__visit__request", "facilitator__user")  # fmt: skip
    return only(waiting, "session__visit__request", pk)


def asks(ladder: Ladder, rows: Iterable[Ask], clock: Clock) -> Iterator[Owed]:
    """Who has not answered: on the days of the ladder, or on the last day of a shorter time; never in vain.

    Whatever somebody is asked, a morning reminds them of all of it in one mail.
    """
    for ask in rows:
        if ask.session.starts_at > clock.at and (due := _of_ask(ladder, ask, clock)):
            yield to_facilitator(
                due.rung, f"ask-{ask.pk}", ask, due.in_key, clock, day=due.asked_on, shares=_asks_of(ask.facilitator)
            )


def _asks_of(facilitator: Facilitator) -> str:
    return f"asks-{facilitator.pk}"


class _Due(NamedTuple):
    """The reminder of an ask that fits now, and the day that it is counted from."""

    rung: ReminderRung
    in_key: str
    asked_on: date


def _of_ask(ladder: Ladder, ask: Ask | GatheringAsk, clock: Clock) -> _Due | None:
    by_day = {rung.days: rung for rung in ladder.of(A.ASK)}
    asked_on = day_of(ask.asked_at)
    if ask.answer_by is None or ask.answer_by < clock.today:
        return None
    known = rules.ask_reminders(by_day, days_given=(ask.answer_by - asked_on).days)
    come = [days for days in known if asked_on + timedelta(days=days) <= clock.morning_day]
    if not come:
        return None
    rung = by_day[max(by_day)] if come[-1] == known[-1] else by_day[come[-1]]
    return _Due(rung, by_day[come[-1]].in_key if come[-1] in by_day else f"{come[-1]}-days", asked_on)


def read_helping(_ladder: Ladder, span: Span, _pk: int | None) -> Iterable[Any]:
    """What nobody's visit is about: asks to help at our own gatherings."""
    return GatheringAsk.objects.waiting().filter(
        asked_at__lt=rules.end_of(span.last.morning_day - rules.DAY), answer_by__gte=span.first.today,
        starts_at__gt=span.first.at,
    ).select_related("facilitator__user", "gathering__programme")  # fmt: skip


def helping(ladder: Ladder, rows: Iterable[GatheringAsk], clock: Clock) -> Iterator[Owed]:
    """The same to who is asked to help at a gathering, on the same days."""
    for ask in rows:
        if ask.starts_at > clock.at and (due := _of_ask(ladder, ask, clock)):
            yield Owed(
                due.rung.kind, f"gathering-ask-{ask.pk}", due.in_key, ask.facilitator.user, clock.morning,
                gathering_ask=ask, data=of_rung(due.rung, due.asked_on), shares=_asks_of(ask.facilitator),
            )  # fmt: skip


def read_promises(ladder: Ladder, span: Span, pk: int | None) -> Iterable[Any]:
    rungs = ladder.of(A.PROMISE)
    if not rungs:
        return Promise.objects.none()
    return Promise.objects.still_open().filter(
        due_on__lte=span.furthest(rungs[-1].days), promised_on__lt=span.last.morning_day, promised_by__is_active=True
    ).select_related("promised_by")  # fmt: skip


def promises(ladder: Ladder, rows: Iterable[Promise], clock: Clock) -> Iterator[Owed]:
    """Who promised something is told before its day, and once more when it has passed."""
    for promise in rows:
        rung = next((one for one in ladder.of(A.PROMISE) if clock.left_until(promise.due_on) <= one.days), None)
        if rung is None or promise.promised_on >= clock.morning_day:
            continue
        when = "late" if promise.due_on < clock.morning_day else "soon"
        about, once_per = f"promise-{promise.pk}", f"{promise.due_on}-{when}"
        data = of_rung(rung, promise.due_on) | {"promise": promise.pk}
        yield Owed(rung.kind, about, once_per, promise.promised_by, clock.morning, data=data)


# -- Each morning ----------------------------------------------------------------------


def digests(clock: Clock) -> Iterator[Owed]:
    """On the morning of a working day, for each of the desk for whom something waited when it came."""
    day = clock.today
    if clock.morning_day != day or not rules.is_working_day(day, closed=almanac.closed_from(day)):
        return
    waiting = VisitRequest.objects.waiting_for_us_before(clock.morning)
    owners = set(waiting.values_list("coordinator", flat=True).distinct())
    if not owners:
        return
    for user in roles.desk():
        if None in owners or user.pk in owners:
            yield Owed("morning_digest", f"user-{user.pk}", day, user, clock.morning)
