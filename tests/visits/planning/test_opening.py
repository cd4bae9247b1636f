"""What would open a session that nobody can lead as it stands: the cheapest change first, and never a wall."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from programmes.models import Area
from tests.factories import (
    AreaFactory,
    AskFactory,
    RoomFactory,
    SessionFactory,
    VisitFactory,
    VisitRequestFactory,
    person,
)
from visits import planning, scheduling
from visits.choices import AskState, BookingKind, CompetenceLevel, FacilitatorKind, RequestState, SessionKind
from visits.models import Booking, Competence, Facilitator, Session, Visit
from visits.planning import Change

pytestmark = pytest.mark.django_db
TUESDAY, WEDNESDAY = date(2027, 3, 16), date(2027, 3, 17)


@pytest.fixture
def visit(area: Area) -> Visit:
    request = VisitRequestFactory(state=RequestState.IN_REVIEW, areas=[area])
    return VisitFactory(request=request, first_day=TUESDAY, last_day=WEDNESDAY)


def away(who: Facilitator, session: Session, *, hours_more: int = 0) -> None:
    ends_at = session.ends_at + timedelta(hours=hours_more)
    Booking.objects.create(facilitator=who, kind=BookingKind.AWAY, starts_at=session.starts_at, ends_at=ends_at)


def looked(visit: Visit) -> planning.Openings:
    agenda = scheduling.sessions_of(visit.request)
    return planning.Openings(agenda, scheduling.candidates_of([one for one in agenda if one.needs_facilitator]))


def opens(visit: Visit, session: Session) -> list[tuple[Change, str, str]]:
    return [(one.change, one.words, one.effect) for one in looked(visit).of(session)]


def test_what_somebody_can_lead_needs_no_opening(visit, area):
    person("Anna", area)
    away(person("Bodil", area), session := SessionFactory(visit=visit, hour=10))

    assert opens(visit, session) == []


def test_whoever_chose_no_more_is_asked_all_the_same_before_anything_is_moved(visit, area):
    person("Anna", area, weekdays=[1])
    away(person("Bodil", area), session := SessionFactory(visit=visit, hour=10, title="The ward"))

    assert opens(visit, session) == [
        (Change.ASK_ALL_THE_SAME, "Ask Anna Ek all the same", "It is more than they chose, and they may say no"),
        (Change.ANOTHER_HOUR, "Begin “The ward” at 09.00", "Bodil Ek could lead it then"),
    ]


def test_the_nearest_hour_that_is_free_for_guests_room_and_person_is_told_once_with_all_who_could(visit, area):
    room = RoomFactory()
    session = SessionFactory(visit=visit, hour=10, title="The ward", room=room)
    SessionFactory(visit=visit, hour=9, title="Their own", kind=SessionKind.GUEST)
    for name in ("Anna", "Bodil"):
        away(person(name, area), session)
    # Other guests are in the room from eleven to twelve.
    theirs = SessionFactory(room=room, starts_at=session.ends_at, ends_at=session.ends_at + timedelta(hours=1))
    times = {"starts_at": theirs.starts_at, "ends_at": theirs.ends_at}
    Booking.objects.create(room=room, session=theirs, kind=BookingKind.SESSION, **times)

    assert opens(visit, session) == [
        (Change.ANOTHER_HOUR, "Begin “The ward” at 08.00", "Anna Ek and Bodil Ek could lead it then"),
    ]


def test_where_no_hour_is_free_another_day_that_suits_them_is_told(visit, area):
    session = SessionFactory(visit=visit, hour=8, title="The ward")
    on_wednesday = SessionFactory(visit=visit, starts_at=session.starts_at + timedelta(hours=29))
    away(person("Anna", area), session, hours_more=12)
    away(person("Bodil", area, weekdays=[1, 2]), session, hours_more=12)

    found = opens(visit, session)

    assert [(change, effect) for change, _words, effect in found] == [
        (Change.ANOTHER_DAY, "Anna Ek could lead it then")
    ]
    assert found[0][1] == "Hold “The ward” on Wednesday 17 March at 08.00"
    assert opens(visit, on_wednesday) == []


def test_what_they_lead_in_this_visit_is_given_to_somebody_else(visit, area):
    other = AreaFactory(name_en="Other")
    visit.request.areas.add(other)
    session = SessionFactory(visit=visit, hour=10, title="The ward")
    at_once = SessionFactory(visit=visit, hour=10, title="The story", group="A")
    Session.objects.filter(pk=session.pk).update(group="B")  # two groups at once
    anna, bodil = person("Anna", area), person("Bodil", other)
    AskFactory(session=at_once, facilitator=anna, state=AskState.ACCEPTED)
    times = {"starts_at": at_once.starts_at, "ends_at": at_once.ends_at}
    Booking.objects.create(facilitator=anna, session=at_once, kind=BookingKind.SESSION, **times)
    AskFactory(session=session, facilitator=bodil, state=AskState.DECLINED)

    found = opens(visit, session)

    assert found[0] == (Change.GIVE_AWAY, "Give “The story” to Bodil Ek", "Anna Ek could lead it then")


def test_a_session_that_asks_for_a_teacher_opens_to_those_who_lead(visit, area):
    person("Anna", area)
    session = SessionFactory(visit=visit, title="The ward", level=CompetenceLevel.TEACHES)

    assert opens(visit, session) == [
        (Change.LESS_THAN_TEACHING, "Let somebody who leads the area lead “The ward”", "Anna Ek could lead it then")
    ]


def test_what_has_ended_is_written_on_their_page(visit, area):
    anna = person("Anna")
    Competence.objects.create(facilitator=anna, area=area, level=CompetenceLevel.LEADS, until=date(2027, 3, 1))

    assert opens(visit, SessionFactory(visit=visit))[0][:2] == (
        Change.HOLD_LONGER, "Write on the page of Anna Ek that it holds",
    )  # fmt: skip


def test_an_interpreter_opens_it_to_those_who_speak_the_other_language_of_ours(visit, area):
    person("Cecilia", area, languages=["sv"])
    person("Dan", area, languages=["da"])

    assert opens(visit, SessionFactory(visit=visit)) == [
        (Change.INTERPRETER, "Ask the guests whether they can bring an interpreter", "Cecilia Ek could lead it then")
    ]


def test_a_beginner_opens_a_place_beside_the_leader_and_not_the_session(visit, area):
    Competence.objects.create(facilitator=person("Dan"), area=area, level=CompetenceLevel.ASSISTS)
    session = SessionFactory(visit=visit)
    found = looked(visit)
    dan = next(one for one in found.found[session.pk] if one.facilitator.name == "Dan Ek")

    opening = found.for_one(session, dan)

    assert opening is not None
    assert (opening.change, opening.words) == (Change.BESIDE, "Ask Dan Ek to be the second, and learn")
    assert found.of(session) == []


def test_no_change_of_ours_opens_what_somebody_has_answered_or_of_the_living_library_has_not_agreed_to(visit, area):
    session = SessionFactory(visit=visit)
    AskFactory(session=session, facilitator=person("Anna", area), state=AskState.DECLINED)
    person("Gunvor", area, kind=FacilitatorKind.LIVING_LIBRARY)
    person("Nobody", AreaFactory())

    found = looked(visit)

    assert found.of(session) == []
    assert [found.for_one(session, one) for one in found.found[session.pk]] == [None, None, None]
