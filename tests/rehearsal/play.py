"""Playing a script through the portal's own deeds and rounds, on a clock that jumps from minute to minute."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

import time_machine
from django.db.models import Min
from django.utils import timezone

from tests.factories import (
    AskFactory,
    DraftFactory,
    FacilitatorFactory,
    SessionFactory,
    UserFactory,
    VisitRequestFactory,
)
from tests.rehearsal.oracle import GUEST, HOST, LEADER, Expected, Mail, Taken, expected
from tests.rehearsal.script import Deed, Tale
from visits import agreement, outbox, planning, rounds, rules, scheduling, workflow
from visits.choices import AskState, BookingHold, MessageState, SessionKind
from visits.models import Agreement, Booking, Message, User, VisitRequest

MINUTE: Final = timedelta(minutes=1)
NIGHT: Final = time(1, 10)  # by the clock of UTC
Span = tuple[datetime, datetime]
WORDS: Final = {"aim": "Fewer come back to hospital.", "measure": "Readmissions.", "test": "One Esther meeting."}


@dataclass
class Stage:
    """The region while it is played."""

    tales: list[Tale]
    host: User = field(default_factory=lambda: UserFactory(first_name="Maja", last_name="Lindqvist"))
    requests: dict[int, int] = field(default_factory=dict)  # the tale's number → the request's
    leaders: dict[int, User] = field(default_factory=dict)
    sweeps: int = 0
    failed: list[datetime] = field(default_factory=list)
    surprises: list[datetime] = field(default_factory=list)  # minutes that were thought empty, and were not

    def case(self, tale: Tale) -> VisitRequest:
        return VisitRequest.objects.select_related("coordinator").get(pk=self.requests[tale.number])


Look = Callable[[Stage, datetime], None]


def play(
    tales: list[Tale], start: date, until: datetime, *, whole: Sequence[Span] = (), looks: Look | None = None
) -> Stage:
    """Live through the script; `looks` is called each month.

    Only those minutes are lived in which something can happen: somebody does something, eight in the morning,
    the night's round, the minute after each, and the minute in which a mail that waits is due. In the spans of
    `whole` every minute is lived, and each that would have been left out is looked at: what it changes in mails,
    requests or bookings is a surprise.
    """
    stage, deeds = Stage(tales), _by_minute(tales)
    now, end, month = _utc(datetime.combine(start, time(0))), _utc(until), start.month
    spans = [(_utc(first), _utc(last)) for first, last in whole]
    soonest = None
    while now <= end:
        with time_machine.travel(now, tick=False):
            _live(stage, now, deeds.get(now, []))
            local = _local(now)
            if looks and local.month != month:
                month = local.month
                looks(stage, local)
            soonest = Message.objects.filter(state=MessageState.DUE).aggregate(at=Min("due_at"))["at"]
        coming = _next(now, deeds, soonest)
        for minute in _between(now, coming, spans):
            with time_machine.travel(minute, tick=False):
                _look_at_empty(stage, minute)
        now = coming
    return stage


def _between(now: datetime, coming: datetime, spans: Sequence[Span]) -> list[datetime]:
    """The minutes of the spans that lie between two that are lived anyhow."""
    minutes = (now + MINUTE * n for n in range(1, (coming - now) // MINUTE))
    return [minute for minute in minutes if any(first <= minute < last for first, last in spans)]


def _look_at_empty(stage: Stage, minute: datetime) -> None:
    before = _fingerprint()
    _live(stage, minute, [])
    if _fingerprint() != before:
        stage.surprises.append(minute)


def _fingerprint() -> list[object]:
    return [
        list(Message.objects.order_by("pk").values_list("pk", "state", "attempt", "due_at")),
        list(VisitRequest.objects.order_by("pk").values_list("pk", "state", "version")),
        list(Booking.objects.order_by("pk").values_list("pk", "starts_at", "hold")),
    ]


def _live(stage: Stage, now: datetime, deeds: list[tuple[Tale, Deed]]) -> None:
    if now.time() == NIGHT and not rounds.nightly(now):
        stage.failed.append(now)
    for tale, deed in deeds:
        DEEDS[deed.what](stage, tale, deed)
    stage.sweeps += 1
    if not rounds.sweep(now):
        stage.failed.append(now)


def _next(now: datetime, deeds: dict[datetime, list[tuple[Tale, Deed]]], soonest: datetime | None) -> datetime:
    after = now + MINUTE
    if now in deeds or _is_marked(now):
        return after
    days = [_local(now).date() + timedelta(days=n) for n in (0, 1)]
    marked = (minute for day in days for minute in (rules.morning_of(day).astimezone(UTC), _night(day)))
    coming = [minute for minute in (*deeds, *marked) if minute > now]
    if soonest and soonest > now:
        coming.append(_rounded_up(soonest))
    return max(min(coming), after)


def _is_marked(now: datetime) -> bool:
    return now.time() == NIGHT or _local(now).time() == time(8)


def _night(day: date) -> datetime:
    return datetime.combine(day, NIGHT, UTC)


def _rounded_up(moment: datetime) -> datetime:
    whole = moment.replace(second=0, microsecond=0)
    return whole if whole == moment else whole + MINUTE


def _by_minute(tales: list[Tale]) -> dict[datetime, list[tuple[Tale, Deed]]]:
    found: dict[datetime, list[tuple[Tale, Deed]]] = {}
    for tale in tales:
        for deed in tale.deeds:
            found.setdefault(_utc(deed.at), []).append((tale, deed))
    return found


def _utc(wall: datetime) -> datetime:
    return wall.replace(tzinfo=rules.STOCKHOLM).astimezone(UTC)


def _local(moment: datetime) -> datetime:
    return moment.astimezone(rules.STOCKHOLM).replace(tzinfo=None)


# -- What came of it -------------------------------------------------------------------


def seen(stage: Stage) -> Expected:
    """The mails that left, the states, and the bookings, as the oracle names them."""
    tale_of = {pk: number for number, pk in stage.requests.items()}
    leaders = {user.email for user in stage.leaders.values()}
    mails = {
        Mail(tale_of[mail.request_id], mail.kind, _to(mail, stage, leaders), _minute(mail.sent_at))
        for mail in Message.objects.filter(state=MessageState.SENT, request__in=tale_of)
    }
    states = {tale_of[pk]: state for pk, state in VisitRequest.objects.values_list("pk", "state") if pk in tale_of}
    booked = Booking.objects.filter(facilitator__isnull=False, session__isnull=False).select_related("session__visit")
    calendar = {
        Taken(tale_of[one.session.visit.request_id], one.starts_at, one.ends_at, one.hold == BookingHold.FIRM)
        for one in booked
    }
    return Expected(mails, states, calendar)


def _minute(moment: datetime | None) -> datetime:
    assert moment is not None
    return _local(moment).replace(second=0, microsecond=0)


def _to(mail: Message, stage: Stage, leaders: set[str]) -> str:
    if mail.to_email == stage.host.email:
        return HOST
    return LEADER if mail.to_email in leaders else GUEST


# -- Deeds -----------------------------------------------------------------------------


def _asked(stage: Stage, tale: Tale, _deed: Deed) -> None:
    stage.requests[tale.number] = VisitRequestFactory(
        language=tale.language, group_size=tale.group, due_at=timezone.now() + timedelta(days=7)
    ).pk


def _drafted(stage: Stage, tale: Tale, deed: Deed) -> None:
    last = datetime.combine(deed.at.date() + timedelta(days=30), time(17), rules.STOCKHOLM)
    draft = DraftFactory(language=tale.language, due_at=last)
    stage.requests[tale.number] = draft.pk
    outbox.owe_visitor("draft_link", draft)


def _claimed(stage: Stage, tale: Tale, _deed: Deed) -> None:
    case = stage.case(tale)
    workflow.claim(case, by=stage.host, seen=case.version)


def _question(stage: Stage, tale: Tale, _deed: Deed) -> None:
    case = stage.case(tale)
    workflow.ask_question(case, text="How many are you?", by=stage.host, seen=case.version)


def _answered(stage: Stage, tale: Tale, _deed: Deed) -> None:
    workflow.answer(stage.case(tale), text="Five.")


def _planned(stage: Stage, tale: Tale, deed: Deed) -> None:
    case, first = stage.case(tale), deed.first_day
    assert first is not None
    planning.choose_days(case, first_day=first, last_day=first, title="A day", by=stage.host, seen=case.version)
    case = stage.case(tale)
    if not case.visit.sessions.exists():
        SessionFactory(visit=case.visit, hour=11, kind=SessionKind.GUEST, title="Your story", teller="Moira")


def _planned_with_leader(stage: Stage, tale: Tale, deed: Deed) -> None:
    _planned(stage, tale, deed)
    leader = FacilitatorFactory()
    stage.leaders[tale.number] = leader.user
    ours = SessionFactory(visit=stage.case(tale).visit, hour=9)
    AskFactory(session=ours, facilitator=leader, state=AskState.PLANNED, asked_by=stage.host)


def _proposed(stage: Stage, tale: Tale, _deed: Deed) -> None:
    case = stage.case(tale)
    planning.propose(case, letter="How is this?", by=stage.host, seen=case.version)


def _said_yes(stage: Stage, tale: Tale, _deed: Deed) -> None:
    case = stage.case(tale)
    workflow.accept_proposal(case, number=case.proposals.count())


def _leader_said_yes(stage: Stage, tale: Tale, _deed: Deed) -> None:
    for ask in scheduling.live_asks(stage.case(tale)):
        scheduling.accept(ask)


def _we_agreed(stage: Stage, tale: Tale, _deed: Deed) -> None:
    case = stage.case(tale)
    text = agreement.write(case)
    text = agreement.change_answers(case, answers=WORDS, seen=text.digest)
    chosen = [row for row in text.content["contacts"] if row["kind"] in ("call", "look_back")]
    text = agreement.write_ours(case, answers=WORDS, contacts=chosen, by=stage.host, seen=text.digest)
    agreement.agree_for_us(case, by=stage.host, seen=text.digest)


def _guests_agreed(stage: Stage, tale: Tale, _deed: Deed) -> None:
    case = stage.case(tale)
    agreement.agree_for_guests(case, seen=Agreement.objects.current().get(request=case).digest)


def _confirmed(stage: Stage, tale: Tale, _deed: Deed) -> None:
    case = stage.case(tale)
    workflow.confirm(case, by=stage.host, seen=case.version)


def _to_be_moved(stage: Stage, tale: Tale, _deed: Deed) -> None:
    case = stage.case(tale)
    workflow.move_back_to_planning(case, by=stage.host, seen=case.version)


def _called_off(stage: Stage, tale: Tale, _deed: Deed) -> None:
    case = stage.case(tale)
    workflow.cancel(case, why="A strike.", by=stage.host, seen=case.version)


DEEDS: Final[dict[str, Callable[[Stage, Tale, Deed], None]]] = {
    "asked": _asked, "drafted": _drafted, "claimed": _claimed, "question": _question, "answered": _answered,
    "planned": _planned, "planned_with_leader": _planned_with_leader, "proposed": _proposed, "said_yes": _said_yes,
    "leader_said_yes": _leader_said_yes, "we_agreed": _we_agreed, "guests_agreed": _guests_agreed,
    "confirmed": _confirmed, "to_be_moved": _to_be_moved, "called_off": _called_off,
}  # fmt: skip


def difference(stage: Stage, start: date, now: datetime) -> list[str]:
    """Where what came of it differs from what the oracle says, in lines; none when all is as it ought to be."""
    found, wanted = seen(stage), expected(stage.tales, start, now)
    return [
        *(f"not expected: {mail}" for mail in sorted(found.mails - wanted.mails)),
        *(f"did not go: {mail}" for mail in sorted(wanted.mails - found.mails)),
        *(f"state of {one}: {found.states.get(one)}, expected {wanted.states.get(one)}"
          for one in sorted({*found.states, *wanted.states}) if found.states.get(one) != wanted.states.get(one)),
        *(f"not expected: {taken}" for taken in sorted(found.calendar - wanted.calendar)),
        *(f"is not taken: {taken}" for taken in sorted(wanted.calendar - found.calendar)),
    ]  # fmt: skip


def clock_changes(start: date, days: int) -> list[Span]:
    """The days on which no minute is left out: the clock changes, a leap day, a year’s first and last."""
    found = [start + timedelta(days=n) for n in range(days)]
    return [(datetime.combine(day, time(0)), datetime.combine(day + timedelta(days=1), time(0)))
            for day in found if _is_odd(day)]  # fmt: skip


def _is_odd(day: date) -> bool:
    hours = _utc(datetime.combine(day + timedelta(days=1), time(0))) - _utc(datetime.combine(day, time(0)))
    return hours != timedelta(days=1) or (day.month, day.day) in {(2, 29), (12, 31), (1, 1)}
