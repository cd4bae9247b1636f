"""Windows of one room that press at the same moment, on real threads."""

from __future__ import annotations

import pytest

from tests.races import at_once, tally
from tests.visits.meeting import cases
from visits import meeting
from visits.meeting import RoomRefused
from visits.models import Participant, RoomQuestion, RoomReply

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_a_question_and_an_answer_that_are_pressed_four_times_are_written_once():
    visit_request = cases.opened()
    big = RoomQuestion.objects.get().pk
    contact = cases.contact(visit_request)

    asked = at_once([lambda: meeting.ask(contact, text="Who paid for it?") for _window in range(4)])
    replied = at_once([lambda: meeting.reply(contact, big, text="We mean the first years.") for _window in range(4)])

    assert (tally(asked), tally(replied)) == ({"done": 4}, {"done": 4})
    assert RoomQuestion.objects.filter(text="Who paid for it?").count() == 1
    assert RoomReply.objects.count() == 1


def test_of_four_who_take_a_question_at_once_one_has_it():
    visit_request = cases.opened()
    question = RoomQuestion.objects.get().pk
    hosts = [cases.host(visit_request, cases.ask(visit_request, user__first_name=f"Elin{n}")) for n in range(4)]

    outcomes = at_once([lambda host=host: meeting.take(host, question) for host in hosts], (RoomRefused,))

    assert tally(outcomes) == {"done": 1, "RoomRefused": 3}
    told = {str(one) for one in outcomes if isinstance(one, RoomRefused)}
    assert len({words for words in told if "has taken this question already" in words}) == 1
    assert RoomQuestion.objects.get().taken_by in {host.user for host in hosts}


def test_a_contact_person_without_a_row_who_presses_twice_gets_one():
    visit_request = cases.opened()
    Participant.objects.all().delete()
    contact = cases.contact(visit_request)

    at_once([lambda: meeting.introduce(contact, text="I count things.") for _window in range(4)])

    assert Participant.objects.filter(is_contact=True).count() == 1
