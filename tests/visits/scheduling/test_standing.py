from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories import AskFactory, RoomFactory, SessionFactory, VisitFactory, VisitRequestFactory
from visits import scheduling
from visits.choices import AskState, RequestState, SessionKind
from visits.drawing import lanes
from visits.models import Booking

pytestmark = pytest.mark.django_db


def agreed_visit():
    return VisitFactory(request=VisitRequestFactory(state=RequestState.AGREED))


def missing(visit):
    return scheduling.missing_for_confirmation(scheduling.sessions_of(visit.request))


def test_what_is_missing_for_a_confirmation_is_said_in_sentences():
    visit = agreed_visit()
    session = SessionFactory(visit=visit)

    assert missing(visit) == [
        "Nobody has said yes to “Meet Esther”.", "The agenda holds no part of the guests’ own.",
    ]  # fmt: skip

    ask = AskFactory(session=session)
    SessionFactory(visit=visit, kind=SessionKind.GUEST, hour=11)
    assert missing(visit) == [
        "Nobody has said yes to “Meet Esther”.", "One session waits for an answer.",
    ]  # fmt: skip

    scheduling.accept(ask)
    assert missing(visit) == []


def test_a_break_needs_nobody():
    visit = agreed_visit()
    SessionFactory(visit=visit, kind=SessionKind.GUEST)
    SessionFactory(visit=visit, kind=SessionKind.BREAK, hour=11)

    assert missing(visit) == []


def test_free_rooms_hold_that_many_the_smallest_first_and_are_not_taken_then():
    small, large, taken = RoomFactory(capacity=6), RoomFactory(capacity=40), RoomFactory(capacity=10)
    session = SessionFactory(room=taken)
    scheduling.book_room(session)
    start, end = session.starts_at, session.ends_at

    assert scheduling.free_rooms(start, end, people=6) == [small, large]
    assert scheduling.free_rooms(start, end, people=7) == [large]
    assert scheduling.free_rooms(end, end + timedelta(hours=1), people=7) == [taken, large]


def test_booking_a_room_again_holds_the_new_one_and_lets_the_old_one_go():
    session = SessionFactory(room=RoomFactory())
    scheduling.book_room(session)
    session.room = RoomFactory()
    session.save(update_fields=["room"])

    scheduling.book_room(session)

    assert [booking.room for booking in Booking.objects.all()] == [session.room]


def test_a_request_that_lets_go_takes_its_asks_back_and_tells_those_who_knew():
    visit = agreed_visit()
    told, planned = (
        AskFactory(session=SessionFactory(visit=visit)),
        AskFactory(session=SessionFactory(visit=visit, hour=11), state=AskState.PLANNED),
    )
    scheduling.accept(told)

    scheduling.release(visit.request, by=None)

    for ask in (told, planned):
        ask.refresh_from_db()
        assert (ask.state, ask.withdrawn_at is not None) == (AskState.WITHDRAWN, True)
    assert not Booking.objects.exists()
    assert [(mail.kind, mail.ask) for mail in visit.request.mails.all()] == [("ask_withdrawn", told)]


def test_blocks_that_overlap_stand_beside_each_other_and_the_next_group_begins_anew():
    hours = [(9, 11, "a"), (10, 12, "b"), (11, 12, "c"), (12, 13, "d")]
    base = SessionFactory().starts_at.replace(hour=0)
    blocks = [(base + timedelta(hours=start), base + timedelta(hours=end), name) for start, end, name in hours]

    assert [tuple(lane) for lane in lanes(blocks)] == [("a", 0, 2), ("b", 1, 2), ("c", 0, 2), ("d", 0, 1)]


def test_more_than_three_at_once_share_the_third_place():
    base = SessionFactory().starts_at
    blocks = [(base, base + timedelta(hours=1), n) for n in range(5)]

    assert [(lane.lane, lane.of) for lane in lanes(blocks)] == [(0, 3), (1, 3), (2, 3), (2, 3), (2, 3)]
