"""The page of a room by each of its doors: what is read, pressed, refused, and who is let in."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.conftest import signed_in, visitor_of
from tests.factories import CoordinatorFactory, FacilitatorFactory, UserFactory
from tests.visits.meeting import cases
from tests.visits.visitor import cases as visits
from visits import meeting
from visits.choices import AskState
from visits.models import HostIntroduction, Participant, RoomFile, RoomQuestion, RoomReply, VisitRequest

pytestmark = pytest.mark.django_db
DOORS = ["contact", "member", "facilitator", "staff"]
TYPED = "Something long that I would not like to write again"


@pytest.fixture
def visit_request() -> VisitRequest:
    return cases.opened()


def text_of(answer: object) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.mark.parametrize("door", DOORS)
def test_the_same_room_stands_behind_each_door(visit_request, door):
    client, address = cases.Doors(visit_request)[door]

    answer = client.get(address)

    page = text_of(answer)
    assert answer.status_code == 200
    assert "What made Esther last?" in page
    assert "Nobody has answered yet" in page
    assert "Anything about individual patients" in page
    assert "90 days after the visit" in page


@pytest.mark.parametrize("door", DOORS)
def test_by_each_door_one_can_ask_answer_say_hello_and_choose_the_news(visit_request, door):
    client, address = cases.Doors(visit_request)[door]
    question = RoomQuestion.objects.get().pk

    answers = [
        client.post(address, {"do": "ask", "text": "How did you begin?"}),
        client.post(address, {"do": "reply", "question": question, "text": "With a walk."}),
        client.post(address, {"do": "hello", "text": "I count things."}),
        client.post(address, {"do": "news"}),
    ]

    assert [(answer.status_code, answer.url.split("#")[0]) for answer in answers] == [(302, address)] * 4
    page = text_of(client.get(address))
    for words in ("How did you begin?", "With a walk.", "I count things.", "You get no e-mail about this room."):
        assert words in page
    client.post(address, {"do": "news", "wanted": "on"})
    assert "You get one e-mail a day, only when something is new." in text_of(client.get(address))


@pytest.mark.parametrize("door", ["facilitator", "staff"])
def test_one_of_us_takes_a_question_along_and_the_guests_read_who(visit_request, door):
    doors = cases.Doors(visit_request)
    client, address = doors[door]
    question = RoomQuestion.objects.get().pk

    client.post(address, {"do": "take", "number": question})

    name = RoomQuestion.objects.get().taken_by.get_full_name()
    guests, there = doors["contact"]
    assert f"{name} has taken the question along to the meeting." in text_of(guests.get(there))
    assert "Leave it to somebody else" in text_of(client.get(address))
    client.post(address, {"do": "put_back", "number": question})
    assert RoomQuestion.objects.get().taken_by is None


@pytest.mark.parametrize("door", ["contact", "member"])
@pytest.mark.parametrize("do", ["take", "put_back", "add_file", "remove_file"])
def test_guests_have_no_press_for_what_is_ours(visit_request, door, do):
    doors = cases.Doors(visit_request)
    client, address = doors[door]
    file = cases.stored(cases.desk(visit_request))

    answer = client.post(address, {"do": do, "number": file.pk, "file": cases.upload()})

    assert answer.status_code == 403
    assert (RoomFile.objects.count(), RoomQuestion.objects.get().taken_by) == (1, None)
    page = client.get(address).content.decode()
    assert 'type="file"' not in page
    assert f'value="{do}"' not in page


# -- Who is let in


def test_strangers_find_no_room(visit_request):
    other = visits.agreed()
    guests, hosts = (f"/{part}/{visit_request.reference}/" for part in ("my", "schedule/room"))

    assert Client().get(f"{guests}room/").status_code == 404
    assert Client().post(f"{guests}room/", {"do": "ask", "text": "How?"}).status_code == 404
    assert visitor_of(other).get(f"{guests}room/").status_code == 404
    assert cases.member_client(cases.member(cases.opened())).get(f"{guests}room/").status_code == 404
    assert signed_in(CoordinatorFactory()).get(f"{guests}room/").status_code == 404
    assert Client().get(hosts).status_code == 302
    assert visitor_of(visit_request).get(hosts).status_code == 302
    assert signed_in(FacilitatorFactory().user).get(hosts).status_code == 404
    assert signed_in(FacilitatorFactory().user).post(hosts, {"do": "ask", "text": "How?"}).status_code == 404
    assert not RoomQuestion.objects.filter(text="How?").exists()


def test_the_desks_door_is_the_desks(visit_request):
    address = cases.Doors(visit_request)["staff"][1]

    assert Client().get(address).status_code == 302
    assert signed_in(FacilitatorFactory().user).get(address).status_code == 403
    assert signed_in(UserFactory()).post(address, {"do": "ask", "text": "How?"}).status_code == 403
    assert not RoomQuestion.objects.filter(text="How?").exists()


@pytest.mark.parametrize("state", [AskState.DECLINED, AskState.WITHDRAWN, AskState.EXPIRED])
def test_a_facilitator_who_says_no_is_out_at_once(visit_request, state):
    client, address = cases.Doors(visit_request)["facilitator"]
    assert client.get(address).status_code == 200

    visit_request.visit.sessions.get(title="Meet Esther").asks.update(state=state)

    assert client.get(address).status_code == 404
    assert client.post(address, {"do": "ask", "text": "How?"}).status_code == 404
    assert not RoomQuestion.objects.filter(text="How?").exists()


def test_a_person_of_the_living_library_reads_before_their_yes_and_does_not_write(visit_request):
    asked = cases.living_library(visit_request, AskState.ASKED)
    client, address = signed_in(asked.facilitator.user), f"/schedule/room/{visit_request.reference}/"

    page = text_of(client.get(address))

    assert "What made Esther last?" in page
    assert "When you have said yes to the session" in page
    assert client.post(address, {"do": "ask", "text": "How?"}).status_code == 403
    assert not RoomQuestion.objects.filter(text="How?").exists()


def test_looking_is_no_deed_but_is_remembered(visit_request):
    client, address = cases.Doors(visit_request)["contact"]

    client.get(address)

    assert Participant.objects.get(is_contact=True).room_seen_at is not None
    assert not HostIntroduction.objects.exists()
    assert not visit_request.history.filter(what__startswith="room_").exists()


# -- What is to be mended


@pytest.mark.parametrize("door", ["member", "staff"])
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"do": "ask", "text": " "}, "Write your question before you send it."),
        ({"do": "ask", "text": "x" * 1001}, "Write at most 1000 characters. You wrote 1001."),
        ({"do": "ask", "text": f"{TYPED}\x07"}, "There is a hidden character in it."),
        ({"do": "reply", "text": ""}, "Write something before you send it."),
        ({"do": "reply", "text": "x" * 4001}, "Write at most 4000 characters."),
        ({"do": "hello", "text": "x" * 601}, "Write at most 600 characters."),
        ({"do": "reply", "text": TYPED, "question": "two"}, "Open your page again"),
        ({"do": "dance"}, "Open your page again"),
        ({}, "Open your page again"),
    ],
)
def test_what_cannot_be_taken_gets_a_sentence_and_is_kept(visit_request, door, typed, sentence):
    client, address = cases.Doors(visit_request)[door]

    answer = client.post(address, {"question": RoomQuestion.objects.get().pk} | typed)

    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert "<title>Error: " in text_of(answer)
    if len(typed.get("text", "")) > 1 and "question" not in typed:
        assert typed["text"] in answer.content.decode()
    assert (RoomQuestion.objects.count(), RoomReply.objects.count()) == (1, 0)


@pytest.mark.parametrize("door", DOORS)
def test_what_was_typed_into_a_room_that_closed_meanwhile_can_be_copied(visit_request, door):
    client, address = cases.Doors(visit_request)[door]
    cases.days_after_the_visit(visit_request, 91)

    answer = client.post(address, {"do": "ask", "text": TYPED})

    page = text_of(answer)
    assert answer.status_code == 409
    assert "It can be read, but not changed." in page
    assert f"<p>{TYPED}</p>" in page
    assert 'value="ask"' not in page
    assert RoomQuestion.objects.count() == 1


def test_an_answer_to_a_question_that_is_gone_is_kept(visit_request):
    client, address = cases.Doors(visit_request)["contact"]

    answer = client.post(address, {"do": "reply", "question": "999999", "text": TYPED})

    assert answer.status_code == 409
    assert "That question is not here any more." in text_of(answer)
    assert TYPED in text_of(answer)


def test_what_people_type_is_text_and_nothing_else(visit_request):
    client, address = cases.Doors(visit_request)["contact"]
    hostile = "<script>alert(1)</script> {{ 7|add:7 }} http://evil.example"

    for do in ("ask", "hello"):
        client.post(address, {"do": do, "text": hostile})

    page = client.get(address).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7|add:7 }} http://evil.example" in page


# -- Before, and after


def test_before_the_yes_the_page_says_when_it_opens():
    visit_request = visits.proposed()

    page = text_of(visitor_of(visit_request).get(f"/my/{visit_request.reference}/room/"))

    assert "The room opens when the guests have said yes to the programme." in page
    assert "<form" not in page.split("<main")[1].split("</main>")[0]


@pytest.mark.parametrize("door", DOORS)
def test_ninety_days_after_the_visit_the_page_can_only_be_read(visit_request, door):
    client, address = cases.Doors(visit_request)[door]
    client.post(address, {"do": "ask", "text": "How did you begin?"})
    cases.days_after_the_visit(visit_request, 91)

    page = text_of(client.get(address))

    assert "How did you begin?" in page
    assert "90 days after the visit. It can be read, but not changed." in page
    assert "<textarea" not in page.split("<main")[1].split("</main>")[0]
    assert "The room after we met" in page
    assert "Nobody has said hello here." in page
    assert "Be the first." not in page


def test_an_empty_room_says_what_it_is_for():
    visit_request = cases.opened(big_questions=[])

    page = text_of(visitor_of(visit_request).get(f"/my/{visit_request.reference}/room/"))

    assert "Nobody has asked anything yet. The first question is the easiest." in page
    assert "Nobody has said hello yet. Be the first." in page
    assert "No files yet. Your hosts put here what you may read before you come." in page


# -- The visit's own page


def test_the_visits_page_tells_what_is_new_in_the_room(visit_request):
    client, address = cases.Doors(visit_request)["contact"]
    client.get(address)
    erik = cases.host(visit_request, cases.ask(visit_request))
    for text in ("The meetings did.", "And the walks."):
        meeting.reply(erik, RoomQuestion.objects.get().pk, text=text)
    meeting.ask(erik, text="Who phones?")

    page = text_of(client.get(visit_request.get_absolute_url()))

    assert "2 new answers" in page
    assert "1 new question" in page
    assert address in page
    client.get(address)
    assert "new answer" not in text_of(client.get(visit_request.get_absolute_url()))


def test_the_page_before_the_yes_has_no_room_on_it():
    visit_request = visits.proposed()

    assert "/room/" not in text_of(visitor_of(visit_request).get(visit_request.get_absolute_url()))


# -- What it costs


@pytest.mark.parametrize("door", DOORS)
def test_a_room_costs_as_many_queries_for_much_as_for_little(visit_request, door):
    doors = cases.Doors(visit_request)
    client, address = doors[door]
    fill(visit_request, 1)
    client.get(address)
    before = queries(client, address)

    fill(visit_request, 3)

    assert queries(client, address) == before


def test_the_visits_page_costs_as_many_queries_for_much_as_for_little(visit_request):
    client, _address = cases.Doors(visit_request)["contact"]
    fill(visit_request, 1)
    before = queries(client, visit_request.get_absolute_url())

    fill(visit_request, 3)

    assert queries(client, visit_request.get_absolute_url()) == before


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as found:
        client.get(address)
    return len(found)


def fill(visit_request: VisitRequest, count: int) -> None:
    for _n in range(count):
        number = RoomQuestion.objects.count()
        someone = cases.host(visit_request, cases.ask(visit_request, user__first_name=f"Elin{number}"))
        question = meeting.ask(someone, text=f"Question {number}?")
        meeting.reply(cases.contact(visit_request), question.pk, text="So.")
        meeting.take(someone, question.pk)
        meeting.introduce(someone, text="Hello.")
        cases.member(visit_request, name=f"Guest {number}", email="", introduction="Hello.")
        cases.stored(someone, f"File {number}.pdf")
    later = timezone.now() + timedelta(seconds=1)
    Participant.objects.filter(is_contact=True).update(room_seen_at=later)
