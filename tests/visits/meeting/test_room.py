"""What is said in a room, by whom, and until when."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from tests.visits.meeting import cases
from tests.visits.visitor import cases as visits
from visits import meeting, workflow
from visits.choices import AskState, Side
from visits.meeting import MAY, Act, Door, RoomRefused, Speaker, Stage
from visits.models import HostIntroduction, Participant, RoomQuestion, RoomReply, Visit, VisitRequest

pytestmark = pytest.mark.django_db
BIG = ["What made Esther last?", "Who paid for it?"]


def read(speaker: Speaker) -> meeting.Room:
    return meeting.read(speaker, timezone.now())


def again(visit_request: VisitRequest) -> VisitRequest:
    return VisitRequest.objects.select_related("visit", "coordinator").get(pk=visit_request.pk)


# -- When it is open


def test_the_room_opens_with_the_yes_and_the_big_questions_are_its_first():
    visit_request = cases.opened(big_questions=BIG)

    room = read(cases.contact(visit_request))

    assert room.stage is Stage.OPEN
    assert [thread.text for thread in room.threads] == BIG
    assert {(q.side, q.author_name, q.asked_at) for q in visit_request.visit.questions.all()} == {
        (Side.GUESTS, "Aileen Munro", visit_request.submitted_at)
    }
    assert [thread.is_answered for thread in room.threads] == [False, False]


def test_opening_it_again_after_a_second_yes_asks_nothing_twice():
    visit_request = cases.opened(big_questions=BIG)

    assert meeting.open_room(visit_request) == 0
    assert visit_request.visit.questions.count() == 2


@pytest.mark.parametrize("make", [visits.submitted, visits.in_review, visits.proposed, visits.declined])
def test_before_the_yes_the_room_says_when_it_opens(make):
    visit_request = again(make())

    room = read(cases.contact(visit_request))

    assert room.stage is Stage.NOT_YET
    assert room.closed == "The room opens when the guests have said yes to the programme."
    with pytest.raises(RoomRefused, match="opens when"):
        meeting.ask(cases.contact(visit_request), text="How?")
    assert not RoomQuestion.objects.exists()


@pytest.mark.parametrize(("days", "stage"), [(1, Stage.OPEN), (90, Stage.OPEN), (91, Stage.CLOSED)])
def test_the_room_can_be_written_in_until_ninety_days_after_the_visit(days, stage):
    visit_request = cases.days_after_the_visit(cases.opened(), days)

    assert read(cases.contact(visit_request)).stage is stage


def test_a_closed_room_can_be_read_and_not_changed():
    visit_request = cases.opened()
    meeting.reply(cases.contact(visit_request), RoomQuestion.objects.get().pk, text="A word of ours.")
    speaker = cases.contact(cases.days_after_the_visit(visit_request, 91))

    for deed in (
        lambda: meeting.ask(speaker, text="How?"),
        lambda: meeting.reply(speaker, RoomQuestion.objects.get().pk, text="So."),
        lambda: meeting.introduce(speaker, text="I am late."),
        lambda: meeting.choose_news(speaker, wanted=False),
    ):
        with pytest.raises(RoomRefused, match="The room closed on"):
            deed()

    assert [said.text for thread in read(speaker).threads for said in thread.replies] == ["A word of ours."]
    assert (RoomQuestion.objects.count(), RoomReply.objects.count()) == (1, 1)


def test_while_the_visit_is_planned_again_the_room_rests():
    visit_request = cases.opened()
    workflow.move_back_to_planning(visit_request, by=visit_request.coordinator, seen=visit_request.version)

    room = read(cases.contact(again(visit_request)))

    assert room.stage is Stage.RESTING
    assert room.who_meets == "For the six of you and one of us."
    assert len(room.threads) == 1
    with pytest.raises(RoomRefused, match="planned again"):
        meeting.ask(cases.contact(again(visit_request)), text="How?")


def test_the_room_of_a_visit_that_was_called_off_can_be_read():
    visit_request = again(visits.cancelled())

    room = read(cases.contact(visit_request))

    assert room.stage is Stage.CLOSED
    assert "does not take place" in room.closed
    assert "who meet on" not in room.who_meets


# -- Who may do what: the table, walked


def speakers(visit_request: VisitRequest) -> dict[Door, Speaker]:
    return {
        Door.CONTACT: cases.contact(visit_request),
        Door.MEMBER: cases.guest(visit_request, cases.member(visit_request)),
        Door.FACILITATOR: cases.host(visit_request, cases.ask(visit_request)),
        Door.STAFF: cases.desk(visit_request),
    }


def deeds(speaker: Speaker, question: int, files: dict[str, int]) -> dict[Act, object]:
    return {
        Act.ASK: lambda: meeting.ask(speaker, text="How did you begin?"),
        Act.REPLY: lambda: meeting.reply(speaker, question, text="With a walk."),
        Act.TAKE: lambda: meeting.take(speaker, question),
        Act.INTRODUCE: lambda: meeting.introduce(speaker, text="I count things."),
        Act.CHOOSE_NEWS: lambda: meeting.choose_news(speaker, wanted=False),
        Act.ADD_FILE: lambda: cases.stored(speaker, "Ours.pdf"),
        Act.REMOVE_ANY_FILE: lambda: meeting.remove_file(speaker, files["another’s"]),
    }


@pytest.mark.parametrize("door", Door)
def test_each_door_leads_to_what_the_table_says_and_to_nothing_else(door, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    visit_request = cases.opened()
    speaker = speakers(visit_request)[door]
    other = cases.host(visit_request, cases.ask(visit_request, user__first_name="Elin"))
    files = {"another’s": cases.stored(other, "Another.pdf").pk}
    question = RoomQuestion.objects.get(big=1).pk

    led = set()
    for act, deed in deeds(speaker, question, files).items():
        try:
            deed()
        except PermissionDenied:
            continue
        led.add(act)

    assert led == {act for act in MAY if door in MAY[act]} - {Act.READ, Act.REMOVE_OWN_FILE}


@pytest.mark.parametrize("state", [AskState.PLANNED, AskState.DECLINED, AskState.EXPIRED, AskState.WITHDRAWN])
def test_who_is_not_asked_or_has_said_no_stands_outside(state):
    visit_request = cases.opened()
    asked = cases.ask(visit_request, state)

    assert meeting.as_facilitator(asked.facilitator, visit_request.reference) is None


def test_another_visits_facilitator_stands_outside():
    visit_request, other = cases.opened(), cases.opened()

    assert meeting.as_facilitator(cases.ask(other).facilitator, visit_request.reference) is None


# -- Questions and answers


def test_who_answers_is_shown_and_an_answered_question_is_no_longer_open():
    visit_request = cases.opened()
    erik = cases.host(visit_request, cases.ask(visit_request))

    meeting.reply(erik, RoomQuestion.objects.get().pk, text="The meetings did.")

    thread = read(cases.contact(visit_request)).threads[0]
    assert thread.is_answered
    assert [(said.name, said.role, said.is_guest) for said in thread.replies] == [
        ("Erik Sandell", "Meet Esther", False)
    ]


def test_one_s_own_side_going_on_does_not_answer_a_question():
    visit_request = cases.opened()

    meeting.reply(cases.contact(visit_request), RoomQuestion.objects.get().pk, text="We mean the first years.")

    assert not read(cases.contact(visit_request)).threads[0].is_answered


def test_the_coordinator_is_the_guests_host():
    visit_request = cases.opened()

    meeting.reply(cases.desk(visit_request), RoomQuestion.objects.get().pk, text="I find out.")

    assert read(cases.contact(visit_request)).threads[0].replies[0].role == "your host"


def test_the_same_question_and_the_same_answer_within_a_minute_are_one():
    visit_request = cases.opened()
    contact = cases.contact(visit_request)

    questions = {meeting.ask(contact, text="How?").pk for _press in range(2)}
    replies = {meeting.reply(contact, next(iter(questions)), text="So.").pk for _press in range(2)}

    assert (len(questions), len(replies)) == (1, 1)
    assert visit_request.history.filter(what__in=["room_asked", "room_answered"]).count() == 2


def test_two_people_may_ask_in_the_same_words():
    visit_request = cases.opened()
    moira = cases.guest(visit_request, cases.member(visit_request))

    meeting.ask(cases.contact(visit_request), text="How?")
    meeting.ask(moira, text="How?")

    assert visit_request.visit.questions.filter(text="How?").count() == 2


def test_a_question_of_another_room_cannot_be_answered_here():
    visit_request, other = cases.opened(), cases.opened()

    with pytest.raises(RoomRefused, match="not here any more"):
        meeting.reply(cases.contact(visit_request), other.visit.questions.get().pk, text="So.")

    assert not RoomReply.objects.exists()


def test_a_question_is_taken_along_by_one_and_left_again():
    visit_request = cases.opened()
    question = RoomQuestion.objects.get().pk
    erik = cases.host(visit_request, cases.ask(visit_request))
    elin = cases.host(visit_request, cases.ask(visit_request, user__first_name="Elin", user__last_name="Löfgren"))

    meeting.take(erik, question)
    with pytest.raises(RoomRefused, match="Erik Sandell has taken"):
        meeting.take(elin, question)

    assert read(cases.contact(visit_request)).threads[0].taken_by == "Erik Sandell"
    assert (read(erik).threads[0].is_mine, read(elin).threads[0].is_mine) == (True, False)
    meeting.put_back(elin, question)  # not hers: nothing happens
    assert read(erik).threads[0].is_mine
    meeting.put_back(erik, question)
    assert read(cases.contact(visit_request)).threads[0].taken_by == ""


def test_what_others_wrote_since_one_looked_in_is_new():
    visit_request = cases.opened()
    contact = cases.contact(visit_request)
    meeting.look_in(contact, timezone.now())
    meeting.ask(contact, text="Mine?")
    erik = cases.host(visit_request, cases.ask(visit_request))
    meeting.reply(erik, RoomQuestion.objects.get(big=1).pk, text="The meetings did.")

    room = read(cases.contact(visit_request))

    assert [(thread.is_new, [said.is_new for said in thread.replies]) for thread in room.threads] == [
        (False, [True]), (False, []),
    ]  # fmt: skip
    meeting.look_in(cases.contact(visit_request), timezone.now())
    assert not any(said.is_new for thread in read(cases.contact(visit_request)).threads for said in thread.replies)


# -- Who is who


def test_everybody_says_hello_in_their_own_words():
    visit_request = cases.opened()
    meeting.introduce(cases.contact(visit_request), text="I count things.")
    meeting.introduce(cases.guest(visit_request, cases.member(visit_request)), text="I bring biscuits.")
    meeting.introduce(cases.desk(visit_request), text="Ask me anything.")
    meeting.introduce(cases.host(visit_request, cases.ask(visit_request)), text="I have known Esther since 1997.")

    room = read(cases.contact(visit_request))

    assert [(person.name, person.role, person.is_guest) for person in room.people] == [
        ("Maja Lindqvist", "Your host", False), ("Aileen Munro", "Head of improvement", True),
        ("Erik Sandell", "Meet Esther", False), ("Moira Reid", "patient partner", True),
    ]  # fmt: skip
    assert (len(room.people), room.everybody) == (4, 8)
    assert room.who_meets.startswith("For the six of you and the two of us who meet on ")
    assert room.own_words == "I count things."


def test_lines_without_words_are_taken_away():
    visit_request = cases.opened()
    for text in ("I count things.", ""):
        meeting.introduce(cases.contact(visit_request), text=text)

    assert read(cases.contact(visit_request)).people == []


def test_the_contact_person_gets_a_row_when_they_write_and_had_none():
    visit_request = cases.opened()
    Participant.objects.all().delete()

    meeting.introduce(cases.contact(visit_request), text="I count things.")

    row = Participant.objects.get()
    assert (row.is_contact, row.name, row.introduction) == (True, "Aileen Munro", "I count things.")


def test_a_person_of_the_living_library_is_met_by_first_name_after_their_own_yes():
    visit_request = cases.opened()
    asked = cases.living_library(visit_request, AskState.ASKED)
    karin = cases.host(visit_request, asked)
    HostIntroduction.objects.create(visit=visit_request.visit, user=asked.facilitator.user, text="I live with it.")

    before = read(cases.contact(visit_request))
    with pytest.raises(PermissionDenied):
        meeting.reply(karin, RoomQuestion.objects.get().pk, text="I can tell.")
    assert read(karin).threads  # read, they may
    asked.state = AskState.ACCEPTED
    asked.save(update_fields=["state"])
    meeting.reply(cases.host(visit_request, asked), RoomQuestion.objects.get().pk, text="I can tell.")
    after = read(cases.contact(visit_request))

    assert (before.people, before.hosts) == ([], 1)
    assert ([person.name for person in after.people], after.hosts) == (["Karin"], 2)
    assert [said.name for said in after.threads[0].replies] == ["Karin"]


def test_who_has_said_no_after_all_is_no_longer_among_the_hosts():
    visit_request = cases.opened()
    asked = cases.ask(visit_request)
    meeting.introduce(cases.host(visit_request, asked), text="I have known Esther.")
    asked.state = AskState.DECLINED
    asked.save(update_fields=["state"])

    assert read(cases.contact(visit_request)).people == []


def test_a_member_without_a_name_reads_and_is_asked_for_it():
    visit_request = cases.opened()
    nobody = cases.guest(visit_request, cases.member(visit_request, name="", written_at=None))

    assert not read(nobody).may_speak
    with pytest.raises(RoomRefused, match="Write your name"):
        meeting.ask(nobody, text="How?")
    assert Visit.objects.get().questions.count() == 1


# -- The history


def test_the_history_names_whoever_it_was():
    visit_request = cases.opened()
    meeting.ask(cases.guest(visit_request, cases.member(visit_request)), text="How?")
    meeting.take(cases.host(visit_request, cases.ask(visit_request)), RoomQuestion.objects.get(big=1).pk)

    told = visit_request.history.filter(what__startswith="room_").order_by("pk").values_list("what", "by_name")

    assert list(told) == [("room_asked", "Moira Reid"), ("room_taken", "Erik Sandell")]


def test_looking_in_leaves_one_row_for_each_of_us():
    visit_request = cases.opened()
    for _look in range(2):
        meeting.look_in(cases.desk(visit_request), timezone.now() + timedelta(minutes=1))

    assert HostIntroduction.objects.count() == 1
