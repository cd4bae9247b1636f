from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories import (
    AskFactory,
    FacilitatorFactory,
    RoomFactory,
    SessionFactory,
    VisitFactory,
    VisitRequestFactory,
    at,
)
from visits import planning, scheduling, workflow
from visits.choices import AskState, RequestState, SessionKind
from visits.models import Ask, Booking, Message, Session, User, Visit, VisitRequest

pytestmark = pytest.mark.django_db


def row(visit: Visit, hour: int, minutes: int = 60, **fields: object) -> Session:
    starts = at(visit.first_day, hour)
    fields = {"kind": SessionKind.HOST, "title": f"At {hour}"} | fields
    return Session(starts_at=starts, ends_at=starts + timedelta(minutes=minutes), **fields)


def times(visit: Visit) -> list[tuple[str, int, int]]:
    return [(s.title, s.starts_at.astimezone().hour, s.minutes) for s in visit.sessions.all()]


def test_a_session_is_added_with_its_room_held(coordinator: User) -> None:
    visit = VisitFactory()
    room = RoomFactory()

    planning.add_session(visit.request, row(visit, 9, room=room), by=coordinator, seen=visit.request.version)

    session = visit.sessions.get()
    assert [(b.room, b.starts_at, b.session) for b in Booking.objects.all()] == [(room, session.starts_at, session)]
    assert visit.request.history.get().what == "added_session"


def test_two_sessions_never_meet_and_the_other_is_named(coordinator: User) -> None:
    visit = VisitFactory()
    SessionFactory(visit=visit, title="Meet Esther")

    with pytest.raises(planning.PlanRefused, match=r"before “Meet Esther” ends at 10\.00"):
        planning.add_session(visit.request, row(visit, 9, 30), by=coordinator, seen=visit.request.version)

    assert visit.sessions.count() == 1
    assert not visit.request.history.exists()


def test_adjacent_sessions_are_fine(coordinator: User) -> None:
    visit = VisitFactory()
    SessionFactory(visit=visit)

    planning.add_session(visit.request, row(visit, 10), by=coordinator, seen=visit.request.version)

    assert visit.sessions.count() == 2


def test_a_session_outside_the_days_is_refused(coordinator: User) -> None:
    visit = VisitFactory()
    session = row(visit, 9)
    session.starts_at, session.ends_at = session.starts_at + timedelta(days=1), session.ends_at + timedelta(days=1)

    with pytest.raises(planning.PlanRefused, match="outside the visit"):
        planning.add_session(visit.request, session, by=coordinator, seen=visit.request.version)


def test_a_session_needs_days_first(coordinator: User) -> None:
    case = VisitRequestFactory(state=RequestState.IN_REVIEW)
    visit = Visit(first_day=case.first_wished_day, last_day=case.first_wished_day)

    with pytest.raises(planning.PlanRefused, match="days of the visit first"):
        planning.add_session(case, row(visit, 9), by=coordinator, seen=case.version)


def test_a_taken_room_is_named_and_nothing_is_kept(coordinator: User) -> None:
    room = RoomFactory(name="Large room")
    other = SessionFactory(title="Green, group 41", room=room)
    scheduling.book_room(other)
    visit = VisitFactory(first_day=other.visit.first_day)

    with pytest.raises(scheduling.Clash, match=r"Large room is taken from 09.00 to 10.00.*Green, group 41"):
        planning.add_session(visit.request, row(visit, 9, room=room), by=coordinator, seen=visit.request.version)

    assert not visit.sessions.exists()
    assert not visit.request.history.exists()


def test_a_changed_time_asks_again_whoever_said_yes_and_holds_the_room_anew(coordinator: User) -> None:
    room = RoomFactory()
    session = SessionFactory(room=room)
    scheduling.book_room(session)
    ask = AskFactory(session=session, words="Please bring the poster.")
    scheduling.accept(ask)
    session.starts_at, session.ends_at = at(session.visit.first_day, 13), at(session.visit.first_day, 14)

    told = planning.change_session(session, by=coordinator, seen=session.visit.request.version)

    assert told == [f"{ask.facilitator.name} is asked again, since the time of “Meet Esther” changed."]
    assert [(b.room, b.starts_at) for b in Booking.objects.all()] == [(room, session.starts_at)]
    assert list(Ask.objects.order_by("pk").values_list("state", "words")) == [
        (AskState.WITHDRAWN, "Please bring the poster."), (AskState.ASKED, "Please bring the poster."),
    ]  # fmt: skip


def test_who_is_taken_at_the_new_time_is_told_that_the_ask_is_gone(coordinator: User) -> None:
    session = SessionFactory()
    ask = AskFactory(session=session)
    scheduling.accept(ask)
    day = session.visit.first_day
    scheduling.add_time_away(ask.facilitator, starts_at=at(day, 13), ends_at=at(day, 17))
    session.starts_at, session.ends_at = at(day, 13), at(day, 14)

    told = planning.change_session(session, by=coordinator, seen=session.visit.request.version)

    assert told == [f"{ask.facilitator.name} is taken at the new time of “Meet Esther”, so the ask was taken back."]
    assert not Ask.objects.live().exists()
    assert Message.objects.get().kind == "ask_withdrawn"


def test_a_new_title_asks_nobody_again(coordinator: User) -> None:
    session = SessionFactory()
    ask = AskFactory(session=session)
    scheduling.accept(ask)
    session.title = "Meet two Esther coaches"

    told = planning.change_session(session, by=coordinator, seen=session.visit.request.version)

    ask.refresh_from_db()
    assert told == []
    assert ask.state == AskState.ACCEPTED
    assert session.visit.request.history.first().detail["title_was"] == "Meet Esther"


def test_a_session_that_becomes_the_guests_own_lets_our_people_go(coordinator: User) -> None:
    session = SessionFactory()
    AskFactory(session=session)
    session.kind = SessionKind.GUEST

    told = planning.change_session(session, by=coordinator, seen=session.visit.request.version)

    assert len(told) == 1
    assert not Ask.objects.live().exists()


def test_the_rest_of_the_day_follows_when_wanted(coordinator: User) -> None:
    visit = VisitFactory()
    first = SessionFactory(visit=visit, title="First")
    SessionFactory(visit=visit, title="Second", hour=10)
    first.ends_at += timedelta(minutes=60)

    planning.change_session(first, by=coordinator, seen=visit.request.version, rest_follows=True)

    assert times(visit) == [("First", 9, 120), ("Second", 11, 60)]


def test_neighbours_change_places_and_the_pause_between_them_stays(coordinator: User) -> None:
    visit = VisitFactory()
    room = RoomFactory()
    first = SessionFactory(visit=visit, title="First", minutes=120, room=room)
    second = SessionFactory(visit=visit, title="Second", hour=12, room=room)
    scheduling.book_room(first)
    scheduling.book_room(second)

    planning.move_session(second, earlier=True, by=coordinator, seen=visit.request.version)

    assert times(visit) == [("Second", 9, 60), ("First", 11, 120)]
    assert Booking.objects.count() == 2


def test_the_first_is_not_moved_earlier(coordinator: User) -> None:
    session = SessionFactory()

    with pytest.raises(planning.PlanRefused, match="first that day"):
        planning.move_session(session, earlier=True, by=coordinator, seen=session.visit.request.version)


def test_a_removed_session_frees_its_room_and_tells_whoever_was_asked(coordinator: User) -> None:
    session = SessionFactory(room=RoomFactory())
    scheduling.book_room(session)
    ask = AskFactory(session=session)

    told = planning.remove_session(session, by=coordinator, seen=session.visit.request.version)

    assert told == [f"The ask to {ask.facilitator.name} was taken back."]
    assert not session.visit.sessions.exists()
    assert not Booking.objects.exists()
    message = Message.objects.get()
    assert (message.kind, message.ask.session.title) == ("ask_withdrawn", "Meet Esther")


def test_while_the_guests_read_the_proposal_nothing_is_changed(coordinator: User) -> None:
    visit = VisitFactory(request=VisitRequestFactory(state=RequestState.PROPOSED))

    with pytest.raises(planning.PlanRefused, match="Take it back first"):
        planning.add_session(visit.request, row(visit, 9), by=coordinator, seen=visit.request.version)

    assert not visit.sessions.exists()


def test_of_two_colleagues_the_second_is_told_who_was_faster(coordinator: User, manager: User) -> None:
    visit = VisitFactory()
    stale = VisitRequest.objects.get(pk=visit.request.pk)
    planning.add_session(visit.request, row(visit, 9), by=manager, seen=visit.request.version)

    with pytest.raises(workflow.MoveRefused, match="Gun Berg was faster"):
        planning.add_session(stale, row(visit, 11), by=coordinator, seen=stale.version)

    assert visit.sessions.count() == 1


def test_every_change_tells_calendars_to_look_again(coordinator: User) -> None:
    visit = VisitFactory(request=VisitRequestFactory(state=RequestState.CONFIRMED))

    planning.add_session(visit.request, row(visit, 9), by=coordinator, seen=visit.request.version)

    assert Visit.objects.get(pk=visit.pk).sequence == visit.sequence + 1


@pytest.mark.parametrize(("ask_now", "state"), [(True, AskState.ASKED), (False, AskState.PLANNED)])
def test_somebody_is_put_down_and_asked_now_or_later(coordinator: User, ask_now: bool, state: AskState) -> None:
    ask = planning.put_down(SessionFactory(), FacilitatorFactory(), by=coordinator, ask_now=ask_now)

    assert Ask.objects.get().state == state == Ask.objects.get(pk=ask.pk).state
    assert Message.objects.filter(kind="ask").exists() is ask_now


def test_nobody_is_put_down_for_a_break(coordinator: User) -> None:
    with pytest.raises(planning.PlanRefused, match="not ours to lead"):
        planning.put_down(SessionFactory(kind=SessionKind.BREAK), FacilitatorFactory(), by=coordinator, ask_now=True)

    assert not Ask.objects.exists()


def test_nobody_is_put_down_after_a_no(coordinator: User) -> None:
    case = VisitRequestFactory(state=RequestState.DECLINED, decline_reason="no_room")
    session = SessionFactory(visit=VisitFactory(request=case))

    with pytest.raises(planning.PlanRefused, match="is not planned"):
        planning.put_down(session, FacilitatorFactory(), by=coordinator, ask_now=True)

    assert not Message.objects.exists()
