"""Two requests that offer the same room on the same day, and guests who answer twice, on real threads."""

from __future__ import annotations

import pytest

from tests.factories import RoomFactory, SessionFactory, VisitFactory, at
from tests.races import at_once, tally
from tests.visits.proposal import cases
from visits import planning, scheduling, workflow
from visits.choices import BookingKind, RequestState
from visits.models import Booking, Proposal, ProposalOption, VisitRequest

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
REFUSALS = (scheduling.Clash, planning.PlanRefused, workflow.MoveRefused)


def test_of_two_who_offer_one_room_on_one_day_one_does_and_the_other_reads_what_stands_there():
    room = RoomFactory(name="Attic")
    first = cases.planned(room=room)
    second = cases.planned(room=room)
    VisitFactory._meta.model.objects.filter(request=second).update(
        first_day=cases.weeks_later(first, 1), last_day=cases.weeks_later(first, 1)
    )
    own = second.visit.sessions.get(room=room)
    second = VisitRequest.objects.get(pk=second.pk)
    for session in second.visit.sessions.all():
        day = second.visit.first_day
        SessionFactory._meta.model.objects.filter(pk=session.pk).update(
            starts_at=at(day, session.starts_at.hour + 1), ends_at=at(day, session.starts_at.hour + 2)
        )
    SessionFactory._meta.model.objects.filter(pk=own.pk).update(
        starts_at=at(second.visit.first_day, 9), ends_at=at(second.visit.first_day, 10)
    )
    day = cases.weeks_later(first, 3)

    outcomes = at_once([lambda c=case: cases.propose(c, day) for case in (first, second)], REFUSALS)

    assert tally(outcomes)["done"] == 1
    winner = Proposal.objects.get().request
    told = next(str(outcome) for outcome in outcomes if isinstance(outcome, REFUSALS))
    assert told.startswith("Attic is taken from 09.00 to 10.00 on ")
    assert f"({winner.reference})" in told
    assert ProposalOption.objects.count() == 1
    assert Booking.objects.filter(room=room, kind=BookingKind.OPTION).count() == 1
    assert VisitRequest.objects.filter(state=RequestState.PROPOSED).count() == 1


def test_of_two_windows_that_choose_different_days_one_counts():
    case = cases.planned()
    day = cases.weeks_later(case, 2)
    own = case.visit.first_day
    cases.propose(case, day)
    windows = [VisitRequest.objects.get(pk=case.pk) for _ in range(4)]

    outcomes = at_once([
        lambda w=window, n=number: workflow.accept_proposal(w, number=1, choice=n % 2 + 1)
        for number, window in enumerate(windows)
    ], REFUSALS)  # fmt: skip

    visit = VisitRequest.objects.get(pk=case.pk).visit
    assert tally(outcomes)["done"] == 1
    assert visit.first_day in (own, day)
    assert {s.starts_at.date() for s in visit.sessions.all()} == {visit.first_day}
    assert [b.starts_at for b in Booking.objects.filter(room__isnull=False)] == [at(visit.first_day, 9)]


def test_days_that_the_guests_choose_are_not_lost_to_somebody_who_books_the_room_at_that_moment():
    room = RoomFactory()
    case = cases.planned(room=room)
    day = cases.weeks_later(case, 2)
    cases.propose(case, day)
    other = SessionFactory(visit=VisitFactory(first_day=day), room=room)
    book = scheduling.retry_deadlocks(lambda: scheduling.book_room(other))

    outcomes = at_once([lambda: workflow.accept_proposal(case, number=1, choice=2), book], REFUSALS)

    assert [isinstance(one, REFUSALS) for one in outcomes] == [False, True]
    assert [b.session.visit.request for b in Booking.objects.filter(room=room)] == [case]
