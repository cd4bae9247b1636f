"""Reminders to those who lead sessions, and to the desk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from visits import almanac, roles, rules
from visits.choices import Anchor, AskState
from visits.ladder import Ladder
from visits.models import Ask, Promise, User, VisitRequest
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
    """One briefing before somebody's first day of a visit, one reminder before each of their days."""
    first_of_day: dict[date, Ask] = {}
    for ask in asks:
        first_of_day.setdefault(day_of(ask.session.starts_at), ask)
    for day, ask in first_of_day.items():
        state = ask.session.visit.request.state
        rung = ladder.fitting(A.SESSION, days_left=clock.left_until(day), state=state)
        is_first = day == min(first_of_day)
        if rung is None or day <= clock.today or (rung.kind == "briefing" and not is_first):
            continue
        yield to_facilitator(rung, f"visit-{ask.session.visit_id}", ask, day, clock, day=day)


def read_asks(ladder: Ladder, span: Span, pk: int | None) -> Iterable[Any]:
    waiting = Ask.objects.waiting().filter(
        asked_at__lt=rules.end_of(span.last.morning_day - rules.DAY), answer_by__gte=span.first.today,
        session__starts_at__gt=span.first.at, session__removed_at=None, agreed_at=None,
    ).select_related("session__visit__request", "facilitator__user")  # fmt: skip
    return only(waiting, "session__visit__request", pk)


def asks(ladder: Ladder, rows: Iterable[Ask], clock: Clock) -> Iterator[Owed]:
    """Who has not answered: on the days of the ladder, or on the last day of a shorter time; never in vain."""
    by_day = {rung.days: rung for rung in ladder.of(A.ASK)}
    for ask in rows:
        asked_on = day_of(ask.asked_at)
        if ask.answer_by is None or ask.answer_by < clock.today or ask.session.starts_at <= clock.at:
            continue
        known = rules.ask_reminders(by_day, days_given=(ask.answer_by - asked_on).days)
        come = [days for days in known if asked_on + timedelta(days=days) <= clock.morning_day]
        if come:
            is_last = come[-1] == known[-1]
            rung = by_day[max(by_day)] if is_last else by_day[come[-1]]
            in_key = by_day[come[-1]].in_key if come[-1] in by_day else f"{come[-1]}-days"
            yield to_facilitator(rung, f"ask-{ask.pk}", ask, in_key, clock, day=asked_on)


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
    """On the morning of a working day, for each of the desk for whom something waits."""
    day = clock.today
    if clock.morning_day != day or not rules.is_working_day(day, closed=almanac.closed_from(day)):
        return
    waiting = VisitRequest.objects.waiting_for_us()
    owners = set(waiting.values_list("coordinator", flat=True).distinct())
    if not owners:
        return
    for user in _desk():
        if None in owners or user.pk in owners:
            yield Owed("morning_digest", f"user-{user.pk}", day, user, clock.morning)


def _desk() -> list[User]:
    groups = (roles.COORDINATORS, roles.MANAGERS)
    return list(User.objects.filter(is_active=True, is_staff=True, groups__name__in=groups).distinct())
