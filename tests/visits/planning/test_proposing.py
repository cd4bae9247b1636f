from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from tests.factories import AskFactory, FacilitatorFactory, RoomFactory, SessionFactory, VisitFactory, at
from visits import planning, scheduling, workflow
from visits.choices import AskState, FacilitatorKind, RequestState, SessionKind
from visits.models import Booking, Message, Proposal, User, VisitRequest

pytestmark = pytest.mark.django_db


def test_a_proposal_hands_the_turn_over_with_a_date_and_one_mail(coordinator: User) -> None:
    session = SessionFactory()
    case = session.visit.request

    proposal = planning.propose(case, letter="Welcome.", by=coordinator, seen=case.version)

    case = VisitRequest.objects.get(pk=case.pk)
    assert (case.state, proposal.number, proposal.words) == (RequestState.PROPOSED, 1, "Welcome.")
    assert proposal.answer_by == case.due_at.astimezone().date()
    assert [(m.kind, m.proposal) for m in Message.objects.all()] == [("proposal", proposal)]
    assert case.history.first().detail["version"] == 1


def test_without_an_agenda_there_is_nothing_to_propose(coordinator: User) -> None:
    visit = VisitFactory()

    with pytest.raises(planning.PlanRefused, match="at least one session"):
        planning.propose(visit.request, letter="", by=coordinator, seen=visit.request.version)

    visit.request.refresh_from_db()
    assert visit.request.state == RequestState.IN_REVIEW
    assert not Message.objects.exists()


def test_days_that_have_passed_are_not_proposed(coordinator: User) -> None:
    session = SessionFactory()

    with (
        time_machine.travel(session.starts_at + timedelta(days=1)),
        pytest.raises(planning.PlanRefused, match="passed"),
    ):
        planning.propose(session.visit.request, letter="", by=coordinator, seen=1)

    assert not Proposal.objects.exists()


def test_the_snapshot_keeps_the_agenda_as_it_was(coordinator: User) -> None:
    session = SessionFactory(room=RoomFactory(name="Large room"), description="Meet the coaches.")
    ask = AskFactory(session=session)
    theirs = SessionFactory(
        visit=session.visit, kind=SessionKind.GUEST, title="Their story", hour=11, teller="Moira Reid"
    )

    proposal = planning.propose(session.visit.request, letter="", by=coordinator, seen=1)

    day = session.visit.first_day
    assert proposal.agenda == [{
        "day": day.isoformat(),
        "sessions": [
            {
                "id": session.pk, "kind": "host", "title": "Meet Esther", "description": "Meet the coaches.",
                "place": "Large room", "dialogue": 30,
                "starts_at": at(day, 9).isoformat(), "ends_at": at(day, 10).isoformat(),
                "people": [ask.facilitator.name],
            },
            {
                "id": theirs.pk, "kind": "guest", "title": "Their story", "description": "", "place": "",
                "dialogue": 30, "starts_at": at(day, 11).isoformat(), "ends_at": at(day, 12).isoformat(),
                "people": ["Moira Reid"],
            },
        ],
    }]  # fmt: skip


@pytest.mark.parametrize(("state", "named"), [(AskState.ASKED, False), (AskState.ACCEPTED, True)])
def test_a_person_of_the_living_library_is_named_by_first_name_and_only_after_their_own_yes(
    coordinator: User, state: AskState, named: bool
) -> None:
    person = FacilitatorFactory(kind=FacilitatorKind.LIVING_LIBRARY)
    ask = AskFactory(facilitator=person, state=state)

    found = planning.snapshot(scheduling.sessions_of(ask.session.visit.request))

    assert found[0]["sessions"][0]["people"] == ([person.user.first_name] if named else [])


def test_a_room_that_somebody_took_meanwhile_stops_the_proposal(coordinator: User) -> None:
    room = RoomFactory()
    taken = SessionFactory(room=room)
    scheduling.book_room(taken)
    session = SessionFactory(room=room, visit=VisitFactory(first_day=taken.visit.first_day))

    with pytest.raises(scheduling.Clash):
        planning.propose(session.visit.request, letter="", by=coordinator, seen=1)

    assert not Proposal.objects.exists()
    assert Booking.objects.count() == 1
    assert list(scheduling.rooms_in_the_way([session, taken])) == [session.pk]


def test_the_second_version_follows_the_first(coordinator: User) -> None:
    session = SessionFactory()
    case = session.visit.request
    planning.propose(case, letter="", by=coordinator, seen=case.version)
    workflow.resume(case, by=coordinator, seen=case.version)

    proposal = planning.propose(case, letter="", by=coordinator, seen=case.version)

    assert proposal.number == 2
    assert Message.objects.filter(kind="proposal").count() == 2


def test_a_stale_page_proposes_nothing(coordinator: User) -> None:
    session = SessionFactory()
    VisitRequest.objects.update(version=5)

    with pytest.raises(workflow.MoveRefused):
        planning.propose(session.visit.request, letter="", by=coordinator, seen=1)

    assert not Proposal.objects.exists()
