"""A programme that is being planned and sent, with a room, people and a part of the guests' own."""

from __future__ import annotations

from datetime import date, timedelta

from tests.factories import (
    AskFactory,
    CoordinatorFactory,
    FacilitatorFactory,
    RoomFactory,
    SessionFactory,
    VisitFactory,
    VisitRequestFactory,
)
from tests.visits.visitor.cases import make_room
from visits import almanac, planning, workflow
from visits.choices import AskState, RequestState, SessionKind
from visits.models import Facilitator, Proposal, Room, VisitRequest


def planned(
    *, room: Room | None = None, people: list[Facilitator] | None = None, state: str = AskState.PLANNED, **given: object
) -> VisitRequest:
    """Two hours of ours in one room, led by those who are put down, and three quarters of the guests' own."""
    case = VisitRequestFactory(state=RequestState.IN_REVIEW, coordinator=CoordinatorFactory(), **given)
    visit = VisitFactory(request=case)
    ours = SessionFactory(visit=visit, room=room or RoomFactory())
    for person in [FacilitatorFactory()] if people is None else people:
        AskFactory(session=ours, facilitator=person, state=state, asked_by=case.coordinator)
    SessionFactory(visit=visit, hour=11, minutes=45, kind=SessionKind.GUEST, title="Your story", teller="Moira")
    return case


def propose(case: VisitRequest, *other_days: date, **more: object) -> Proposal:
    make_room(*case.visit.days, *other_days, without=case.pk)
    return planning.propose(
        case, letter="How is this?", by=case.coordinator, seen=case.version, other_days=other_days, **more
    )


def weeks_later(case: VisitRequest, weeks: int) -> date:
    """A Tuesday about so many weeks after the visit's own that is no day off here."""
    day = case.visit.first_day + timedelta(weeks=weeks)
    while almanac.is_day_off(day):
        day += timedelta(weeks=1)
    return day


def two_versions() -> VisitRequest:
    """A second version is read: the guests' part came earlier and is longer, as they had asked."""
    case = planned()
    propose(case)
    theirs = case.visit.sessions.get(kind=SessionKind.GUEST)
    workflow.want_change(case, number=1, text="Your story: Longer.", about=[theirs.pk])
    theirs.starts_at -= timedelta(minutes=15)
    theirs.ends_at += timedelta(minutes=15)
    planning.change_session(theirs, by=case.coordinator, seen=case.version)
    case.refresh_from_db()
    propose(case, reasons={str(theirs.pk): "Moira needs the time."})
    return case
