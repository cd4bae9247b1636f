"""Moving and calling off: what follows is told first and is what happens; late it is a wish to the host."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.conftest import visitor_of
from tests.factories import AskFactory, FacilitatorFactory, RoomFactory, SessionFactory
from tests.visits.visitor import cases
from visits import agreement, rules, scheduling, story, words, workflow
from visits.choices import AskState, ProposalAnswer, RequestState
from visits.models import Ask, Booking, Message, Participant, Proposal, Visit, VisitRequest
from visits.workflow import Effects
from visits.workflow.moving import wished_late

pytestmark = pytest.mark.django_db
WHY = "Our flight was cancelled, and that is the third time"


def fresh(visit_request: VisitRequest) -> VisitRequest:
    return VisitRequest.objects.select_related("visit", "coordinator").get(pk=visit_request.pk)


def tuesday(weeks: int = 3) -> date:
    """A Tuesday that keeps the three months from today, so many weeks later."""
    day = rules.earliest_first_day(timezone.localdate()) + timedelta(weeks=weeks)
    return day + timedelta(days=(1 - day.weekday()) % 7)


def full(make=cases.confirmed) -> VisitRequest:
    """A visit with two who said yes, one of them twice, one who is asked, one only put down, and two rooms."""
    visit_request = make()
    visit = visit_request.visit
    twice = FacilitatorFactory(user__first_name="Elin")
    asks = [(13, twice, AskState.ACCEPTED), (14, twice, AskState.ACCEPTED), (15, None, AskState.ASKED)]
    rooms = [RoomFactory(), None, RoomFactory()]
    for (hour, person, state), room in zip([*asks], rooms, strict=True):
        session = SessionFactory(visit=visit, hour=hour, room=room, title=f"At {hour}")
        scheduling.book_room(session)
        asked = AskFactory(session=session, facilitator=person or FacilitatorFactory(), state=AskState.ASKED)
        if state == AskState.ACCEPTED:
            scheduling.accept(asked)
    AskFactory(session=SessionFactory(visit=visit, hour=16), state=AskState.PLANNED, asked_at=None, answer_by=None)
    Participant.objects.create(
        visit=visit, name="Moira Reid", email="moira@tayford.example.org", written_at=timezone.now()
    )
    Message.objects.all().delete()
    return fresh(visit_request)


def in_days(visit_request: VisitRequest, days: int) -> VisitRequest:
    """The same visit, so many days ahead."""
    first = timezone.localdate() + timedelta(days=days)
    Visit.objects.filter(request=visit_request).update(first_day=first, last_day=first)
    return fresh(visit_request)


def held(visit_request: VisitRequest) -> tuple[int, int, int]:
    """How many people have been told and count on it, how many of them said yes, how many rooms are booked."""
    asks = Ask.objects.live().filter(session__visit__request=visit_request).exclude(state=AskState.PLANNED)
    rooms = Booking.objects.filter(session__visit__request=visit_request, room__isnull=False)
    return (
        len(set(asks.values_list("facilitator", flat=True))),
        len(set(asks.filter(state=AskState.ACCEPTED).values_list("facilitator", flat=True))),
        len(set(rooms.values_list("room", flat=True))),
    )


def owed() -> list[tuple[str, int]]:
    kinds = list(Message.objects.order_by("kind").values_list("kind", flat=True))
    return sorted((kind, kinds.count(kind)) for kind in set(kinds))


def text_of(answer: object) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def at(visit_request: VisitRequest, door: str) -> str:
    return visit_request.get_absolute_url() + door


def move_on_page(client: Client, visit_request: VisitRequest, *days: date, **more: object):
    typed = {"seen": visit_request.version, "days": ",".join(day.isoformat() for day in days), "text": WHY}
    return client.post(at(visit_request, "move/confirm/"), typed | more)


# -- What follows, and that it does


def test_what_is_told_before_is_what_happens_when_a_visit_is_called_off():
    visit_request = full()
    before = held(visit_request)

    effects = workflow.effects_of(visit_request, agreement.current(visit_request))
    workflow.cancel(visit_request, why="", by=None, seen=visit_request.version)

    assert (effects.people, effects.said_yes, effects.rooms) == before == (3, 2, 2)
    assert held(visit_request) == (0, 0, 0)
    told = Message.objects.filter(kind="session_cancelled")
    assert len(set(told.values_list("to_email", flat=True))) == effects.people
    assert not Booking.objects.filter(session__visit__request=visit_request).exists()
    assert workflow.effects_of(visit_request, agreement.current(visit_request)).people == 0


def test_what_is_told_before_is_what_happens_when_a_visit_is_moved():
    visit_request = full()
    before, visit = held(visit_request), visit_request.visit
    sessions, names = visit.sessions.count(), visit.participants.count()

    effects = workflow.effects_of(visit_request, agreement.current(visit_request))
    workflow.move_by_guests(visit_request, days=[tuesday(), tuesday(4)], why=WHY, seen=visit_request.version)

    moved = fresh(visit_request)
    assert (effects.people, effects.said_yes, effects.rooms) == before
    assert held(visit_request) == (0, 0, 0)
    assert (effects.sessions, effects.names) == (sessions, names) == (
        visit.sessions.count(), visit.participants.count(),
    )  # fmt: skip
    assert len(set(Message.objects.filter(kind="session_moved").values_list("to_email", flat=True))) == effects.people
    assert (moved.state, moved.first_wished_day) == (RequestState.IN_REVIEW, tuesday())
    assert [wish.first_day for wish in moved.wishes.all()] == [tuesday(), tuesday(4)]
    assert (moved.visit.agreed_at, moved.visit.confirmed_at) == (None, None)
    assert moved.visit.sequence == visit.sequence + 1
    assert owed() == [("days_off", 1), ("move_received", 1), ("session_moved", 4), ("visit_moves", 1)]
    line = moved.history.filter(what="move_wanted").get()
    assert (line.detail["days"], line.detail["why"]) == ([str(tuesday()), str(tuesday(4))], WHY)
    assert [comment.text for comment in moved.comments.all()][-1:] == [WHY]


def test_when_we_take_a_visit_back_to_planning_the_guests_and_their_group_are_told():
    visit_request = full()

    workflow.move_back_to_planning(visit_request, by=visit_request.coordinator, seen=visit_request.version)

    days = [visit_request.visit.first_day.isoformat(), visit_request.visit.last_day.isoformat()]
    assert owed() == [("days_off", 1), ("to_be_moved", 1)]
    assert [message.data["days"] for message in Message.objects.all()] == [days, days]


def test_days_that_were_wished_for_late_are_the_first_choice_when_we_take_the_visit_back_to_planning():
    visit_request = full()
    workflow.wish_to_move(visit_request, days=[tuesday(4), tuesday()], why="", seen=visit_request.version)

    workflow.move_back_to_planning(visit_request, by=visit_request.coordinator, seen=visit_request.version)

    moved = fresh(visit_request)
    page = visitor_of(visit_request).get(visit_request.get_absolute_url())
    choices = [answer for question, answer in page.context["asked_rows"] if "choice" in question]
    assert [wish.first_day for wish in moved.wishes.all()] == [tuesday(4), tuesday()]
    assert moved.first_wished_day == tuesday()
    assert choices == [story.wish_words(wish) for wish in moved.wishes.all()]


def test_a_late_wish_from_before_they_agreed_again_is_no_wish_any_more():
    visit_request = full()
    workflow.wish_to_move(visit_request, days=[tuesday(4)], why="", seen=visit_request.version)
    workflow.move_back_to_planning(visit_request, by=visit_request.coordinator, seen=visit_request.version)
    cases.propose(visit_request)
    workflow.accept_proposal(visit_request, number=2)

    assert wished_late(visit_request) == []


def test_days_that_we_have_taken_back_are_told_as_such_until_others_are_proposed():
    visit_request = cases.agreed()
    days = words.day_range(visit_request.visit.first_day, visit_request.visit.last_day)
    client = visitor_of(visit_request)

    workflow.move_back_to_planning(visit_request, by=visit_request.coordinator, seen=visit_request.version)
    planned = text_of(client.get(visit_request.get_absolute_url()))
    cases.propose(fresh(visit_request))
    proposed = text_of(client.get(visit_request.get_absolute_url()))

    assert f"{days}, to be moved" in planned
    assert (", to be moved" in proposed, days in proposed) == (False, True)


def test_what_is_told_before_is_what_happens_when_a_request_is_taken_back():
    visit_request = cases.proposed()
    room = RoomFactory()
    session = visit_request.visit.sessions.get(title="Meet Esther")
    session.room = room
    session.save(update_fields=["room"])
    scheduling.book_room(session)
    AskFactory(session=session, state=AskState.ASKED)

    effects = workflow.effects_of(visit_request, agreement.current(visit_request))
    workflow.withdraw(visit_request, seen=visit_request.version)

    assert effects == Effects(people=1, said_yes=0, rooms=1, sessions=2, names=0, proposal=True,
                              agreement=False, place=False)  # fmt: skip
    assert held(visit_request) == (0, 0, 0)
    assert not Proposal.objects.filter(answer=ProposalAnswer.OPEN).exists()


def test_a_request_that_holds_nothing_says_so():
    visit_request = cases.in_review()

    page = text_of(visitor_of(visit_request).get(at(visit_request, "withdraw/")))
    assert "Nobody has been asked yet, and no room is kept." in page


def test_looking_at_what_follows_does_nothing():
    visit_request = full()
    client = visitor_of(visit_request)
    confirm = f"move/confirm/?first={tuesday().isoformat()}"

    for door in ("move/", confirm, "cancel/"):
        assert client.get(at(visit_request, door)).status_code == 200

    assert fresh(visit_request).state == RequestState.CONFIRMED
    assert held(visit_request) == (3, 2, 2)
    assert owed() == []


# -- The pages


@pytest.mark.parametrize(("door", "deed"), [("move/", "Look at these days"), ("cancel/", "Cancel the visit")])
def test_the_page_tells_numbers_first_and_names_nobody(door, deed):
    visit_request = full()

    page = text_of(visitor_of(visit_request).get(at(visit_request, door)))

    assert "Three people are told and get their time back." in page
    assert "Two rooms are let go." in page
    assert deed in page
    assert "Elin" not in page
    assert "Erik" not in page


def test_the_policy_days_are_settings_and_stand_on_the_pages(settings):
    visit_request = in_days(full(), 100)
    settings.QULTURUM_MOVE_UNTIL_DAYS, settings.QULTURUM_CANCEL_UNTIL_DAYS = 40, 10
    client, first = visitor_of(visit_request), visit_request.visit.first_day

    move, cancel = (text_of(client.get(at(visit_request, door))) for door in ("move/", "cancel/"))

    day = first - timedelta(days=40)
    assert f"Until {day.day} {day:%B} {day.year} you can move the visit yourselves" in move
    day = first - timedelta(days=10)
    assert f"Until {day.day} {day:%B} {day.year} you can call the visit off yourselves" in cancel


def test_a_guest_chooses_days_reads_what_follows_and_moves_the_visit():
    visit_request = full()
    client = visitor_of(visit_request)
    second = tuesday(4)

    page = client.get(
        at(visit_request, "move/confirm/"),
        {"first": tuesday().isoformat(), "second_0": second.day, "second_1": second.month, "second_2": second.year},
    )
    answer = move_on_page(client, visit_request, tuesday(), second)

    told = text_of(page)
    assert "Move the visit?" in told
    assert f"Tuesday {tuesday().day} {tuesday():%B} {tuesday().year}" in told
    assert f"Tuesday {second.day} {second:%B} {second.year}" in told
    assert answer.url == visit_request.get_absolute_url()
    assert fresh(visit_request).state == RequestState.IN_REVIEW
    own = text_of(client.get(visit_request.get_absolute_url()))
    assert "You have asked for other days." in own
    assert "The days you wish for now" in own
    assert f"You wish for {words.day_range(tuesday(), tuesday() + rules.DAY)}" in own
    assert 'id="programme"' not in own


def test_a_move_that_is_pressed_twice_is_one_move():
    visit_request = full()
    client = visitor_of(visit_request)

    answers = [move_on_page(client, visit_request, tuesday()) for _press in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert visit_request.history.filter(what="move_wanted").count() == 1
    assert Message.objects.filter(kind="move_received").count() == 1


@pytest.mark.parametrize("days", [1, 30])
def test_days_closer_than_three_months_are_refused_with_a_sentence(days):
    visit_request = full()
    client = visitor_of(visit_request)
    day = rules.earliest_first_day(timezone.localdate()) - timedelta(days=days)

    page = client.get(at(visit_request, "move/confirm/"), {"typed_0": day.day, "typed_1": day.month,
                                                           "typed_2": day.year})  # fmt: skip
    pressed = move_on_page(client, visit_request, day)

    assert (page.status_code, pressed.status_code) == (422, 409)
    assert "We need three months to prepare." in text_of(page)
    assert f'value="{day.day}"' in text_of(page)
    assert "We need three months to prepare." in text_of(pressed)
    assert WHY in text_of(pressed)
    assert fresh(visit_request).state == RequestState.CONFIRMED
    assert held(visit_request) == (3, 2, 2)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Choose"),
        ({"first": "2027-02-30"}, "Choose"),
        ({"typed_0": "soon"}, "Write the day as 16 3 2027."),
        ({"second_0": "31", "second_1": "2", "second_2": "2027"}, "Write the day as 16 3 2027."),
    ],
)
def test_what_is_no_day_gets_a_sentence(typed, sentence):
    visit_request = full()

    answer = visitor_of(visit_request).get(at(visit_request, "move/confirm/"), typed)

    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert "<title>Error: " in text_of(answer)


def test_the_same_day_is_no_other_day_and_two_choices_are_two_days():
    visit_request = full()
    client, now = visitor_of(visit_request), visit_request.visit.first_day
    twice = {"second_0": tuesday().day, "second_1": tuesday().month, "second_2": tuesday().year}

    same = client.get(at(visit_request, "move/confirm/"), {"first": now.isoformat()})
    double = client.get(at(visit_request, "move/confirm/"), {"first": tuesday().isoformat()} | twice)

    assert "The visit begins on this day already." in text_of(same)
    assert "You have chosen this day already." in text_of(double)


@pytest.mark.parametrize(
    "days", ["", "soon", "2027-02-30", "2027-03-16,2027-03-16", "2027-03-16,2027-03-17,2027-03-18"]
)
def test_a_press_with_days_that_stood_on_no_page_does_nothing(days):
    visit_request = full()

    answer = visitor_of(visit_request).post(
        at(visit_request, "move/confirm/"), {"seen": visit_request.version, "days": days, "text": WHY}
    )

    assert answer.status_code == 409
    assert "Open your page again" in text_of(answer)
    assert WHY in text_of(answer)
    assert fresh(visit_request).state == RequestState.CONFIRMED


def test_a_page_that_is_old_moves_nothing_and_keeps_what_was_typed():
    visit_request = full()
    client, seen = visitor_of(visit_request), visit_request.version
    workflow.move_back_to_planning(visit_request, by=visit_request.coordinator, seen=seen)

    answer = move_on_page(client, visit_request, tuesday(), seen=seen)

    assert answer.status_code == 409
    assert "Nothing was changed" in text_of(answer)
    assert WHY in text_of(answer)
    assert held(visit_request) == (3, 2, 2)
    assert not visit_request.history.filter(what="move_wanted").exists()


def test_a_confirmation_meanwhile_is_read_before_the_visit_is_moved():
    visit_request = full()

    answer = move_on_page(visitor_of(visit_request), visit_request, tuesday(), seen=visit_request.version - 1)

    assert answer.status_code == 409
    assert fresh(visit_request).state == RequestState.CONFIRMED
    assert held(visit_request) == (3, 2, 2)


@pytest.mark.parametrize("make", [cases.in_review, cases.proposed, cases.completed, cases.cancelled])
def test_where_nothing_is_agreed_there_is_nothing_to_move(make):
    visit_request = make()
    client = visitor_of(visit_request)

    assert client.get(at(visit_request, "move/")).url == visit_request.get_absolute_url()
    assert client.get(at(visit_request, "move/confirm/")).url == visit_request.get_absolute_url()
    assert move_on_page(client, visit_request, tuesday()).status_code == 409
    assert "/move/" not in text_of(client.get(visit_request.get_absolute_url()))


def test_who_is_not_the_contact_person_moves_nothing():
    visit_request = full()

    for client, status in ((Client(), 404), (visitor_of(cases.agreed()), 404)):
        assert client.get(at(visit_request, "move/")).status_code == status
        assert move_on_page(client, visit_request, tuesday()).status_code == status

    assert fresh(visit_request).state == RequestState.CONFIRMED


# -- Late: a wish to the host


def test_the_last_day_to_move_is_the_guests_own_and_the_next_is_not():
    on_the_day, after = in_days(full(), 28), in_days(full(), 27)

    workflow.move_by_guests(on_the_day, days=[tuesday()], why="", seen=on_the_day.version)
    with pytest.raises(workflow.MoveRefused, match="It is late"):
        workflow.move_by_guests(after, days=[tuesday()], why="", seen=after.version)

    assert fresh(on_the_day).state == RequestState.IN_REVIEW
    assert fresh(after).state == RequestState.CONFIRMED


def test_late_a_move_is_a_wish_to_the_host_and_the_visit_stands():
    visit_request = in_days(full(), 20)
    client = visitor_of(visit_request)

    page = text_of(client.get(at(visit_request, "move/confirm/"), {"first": tuesday().isoformat()}))
    answers = [move_on_page(client, visit_request, tuesday()) for _press in range(2)]

    assert "Send your wish?" in page
    assert "stands until your host has answered" in page
    assert [answer.status_code for answer in answers] == [302, 302]
    assert fresh(visit_request).state == RequestState.CONFIRMED
    assert held(visit_request) == (3, 2, 2)
    wish = visit_request.comments.get()
    assert wish.text.startswith("We wish to come on other days: Tuesday")
    assert wish.text.endswith(WHY)
    assert owed() == [("visitor_wrote", 1)]
    assert visit_request.history.filter(what="move_wished").count() == 1


@pytest.mark.parametrize(("days", "state"), [(7, RequestState.CANCELLED), (6, RequestState.CONFIRMED)])
def test_calling_off_is_the_guests_own_until_a_week_before_and_then_a_wish(days, state):
    visit_request = in_days(full(), days)
    client = visitor_of(visit_request)

    page = text_of(client.get(at(visit_request, "cancel/")))
    client.post(at(visit_request, "cancel/"), {"seen": visit_request.version, "text": WHY})

    is_late = state == RequestState.CONFIRMED
    assert ("Send the wish to your host" in page) == is_late
    assert ("What happens then" in page) != is_late
    assert fresh(visit_request).state == state
    assert held(visit_request) == ((3, 2, 2) if is_late else (0, 0, 0))
    assert visit_request.history.filter(what="cancel_wished").count() == is_late


def test_a_late_wish_from_an_old_page_is_not_sent():
    visit_request = in_days(full(), 5)

    answer = visitor_of(visit_request).post(
        at(visit_request, "cancel/"), {"seen": visit_request.version - 1, "text": WHY}
    )

    assert answer.status_code == 409
    assert WHY in text_of(answer)
    assert not visit_request.comments.exists()


# -- Staff see the same


def test_staff_read_the_same_before_they_call_a_visit_off(coordinator_client):
    visit_request = full()

    page = text_of(coordinator_client.get(f"/admin/visits/visitrequest/{visit_request.pk}/change/request/"))

    assert "Three people are told and get their time back." in page
    assert "Two rooms are let go." in page
