"""A confirmed visit with an agenda, made by the deeds, and looked at on its day."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.factories import AskFactory, FacilitatorFactory, RoomFactory, SessionFactory, VisitFactory, settle_agreement
from tests.visits.visitor import cases
from visits import planning, rules, scheduling, workflow
from visits.choices import AskState, SessionKind
from visits.models import Session, VisitRequest

HOST, GUEST, BREAK = SessionKind.HOST, SessionKind.GUEST, SessionKind.BREAK


def confirmed(*, days: int = 1, **given: object) -> VisitRequest:
    """Each day: ours at nine, fika at ten, a pause of a quarter, and the guests' own at a quarter to eleven."""
    visit_request = cases.in_review(**given)
    visit = VisitFactory(request=visit_request)
    visit.last_day = visit.first_day + (days - 1) * rules.DAY
    visit.save(update_fields=["last_day"])
    large = RoomFactory(name=f"Large room {visit.pk}", step_free=True)
    facilitator = FacilitatorFactory(user__first_name="Erik", user__last_name="Sandell")
    for number in range(days):
        for row in _rows(visit, number, large):
            if row.kind == HOST:
                scheduling.accept(AskFactory(session=row, facilitator=facilitator, state=AskState.ASKED))
    cases.propose(visit_request)
    workflow.accept_proposal(visit_request, number=1)
    settle_agreement(visit_request)
    workflow.confirm(visit_request, by=visit_request.coordinator, seen=visit_request.version)
    return VisitRequest.objects.select_related("coordinator", "visit").get(pk=visit_request.pk)


def _rows(visit, number: int, room) -> list[Session]:
    nine = moment(visit, "09.00", day=number)
    later = f" of day {number + 1}" if number else ""
    return [
        SessionFactory(visit=visit, title=f"Meet Esther{later}", starts_at=nine,
                       ends_at=nine + timedelta(hours=1), room=room),
        SessionFactory(visit=visit, title=f"Fika{later}", kind=BREAK, starts_at=nine + timedelta(hours=1),
                       ends_at=nine + timedelta(minutes=90)),
        SessionFactory(visit=visit, title=f"Your story{later}", kind=GUEST, starts_at=nine + timedelta(minutes=105),
                       ends_at=nine + timedelta(minutes=150), teller="Moira Reid", place="Library"),
    ]  # fmt: skip


def moment(visit, clock: str, *, day: int = 0) -> datetime:
    """A time on the wall in Stockholm, on a day of the visit."""
    hour, minute = clock.split(".")
    start = datetime.combine(visit.first_day + day * rules.DAY, datetime.min.time(), rules.STOCKHOLM)
    return start.replace(hour=int(hour), minute=int(minute))


def session_of(visit_request: VisitRequest, title: str) -> Session:
    return Session.objects.get(visit__request=visit_request, title=title)


def move(visit_request: VisitRequest, title: str, *, minutes: int) -> None:
    """The coordinator moves a session, as it is done at the desk."""
    now = VisitRequest.objects.get(pk=visit_request.pk)
    session = session_of(now, title)
    session.starts_at += timedelta(minutes=minutes)
    session.ends_at += timedelta(minutes=minutes)
    planning.change_session(session, by=visit_request.coordinator, seen=now.version)


def remove(visit_request: VisitRequest, title: str) -> None:
    now = VisitRequest.objects.get(pk=visit_request.pk)
    planning.remove_session(session_of(now, title), by=visit_request.coordinator, seen=now.version)
