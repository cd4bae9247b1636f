"""News of a room by mail: one a day at most, of what others wrote, to those who want it."""

from datetime import datetime, time, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.conftest import MORNING
from tests.visits.meeting import cases
from visits import letters, meeting, outbox, reminders, rules
from visits.choices import AskState, MessageState
from visits.models import HostIntroduction, Message, Participant, RoomFile, RoomQuestion, RoomReply, VisitRequest

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(MORNING)
NINE = datetime.combine(TODAY, time(9), rules.STOCKHOLM)
YESTERDAY = NINE - timedelta(days=1)
KINDS = ["room_news", "room_news_desk", "room_news_host"]


@pytest.fixture
def visit_request() -> VisitRequest:
    visit_request = cases.opened()
    RoomQuestion.objects.update(asked_at=NINE - timedelta(days=30))
    Message.objects.all().delete()
    return visit_request


def written(at: datetime) -> None:
    """Everything that has been said was said at that moment."""
    RoomReply.objects.update(written_at=at)
    RoomQuestion.objects.filter(big=None).update(asked_at=at)
    RoomFile.objects.update(added_at=at)


def owed(at: datetime = NINE) -> list[tuple[str, str]]:
    reminders.queue_due(at)
    rows = Message.objects.filter(kind__in=KINDS, state=MessageState.DUE)
    return sorted(rows.values_list("kind", "to_email"))


def sent(at: datetime = NINE) -> list[str]:
    outbox.deliver_due(at, write=letters.write)
    return [message.body for message in mail.outbox]


def test_an_answer_is_news_to_all_but_its_writer(visit_request):
    asked = cases.ask(visit_request)
    moira = cases.member(visit_request)
    meeting.reply(cases.host(visit_request, asked), RoomQuestion.objects.get().pk, text="The meetings did.")
    written(YESTERDAY)

    assert owed() == [
        ("room_news", visit_request.contact_email), ("room_news", moira.email),
        ("room_news_desk", visit_request.coordinator.email),
    ]  # fmt: skip


def test_what_a_guest_writes_is_news_to_the_group_and_the_hosts(visit_request):
    asked = cases.ask(visit_request)
    moira = cases.member(visit_request)
    meeting.ask(cases.guest(visit_request, moira), text="Who paid for it?")
    written(YESTERDAY)

    assert owed() == [
        ("room_news", visit_request.contact_email), ("room_news_desk", visit_request.coordinator.email),
        ("room_news_host", asked.facilitator.user.email),
    ]  # fmt: skip


def test_the_big_questions_of_the_request_are_no_news(visit_request):
    cases.ask(visit_request)
    cases.member(visit_request)
    RoomQuestion.objects.update(asked_at=YESTERDAY)

    assert owed() == []


def test_nobody_is_told_twice_and_each_day_once(visit_request):
    host = cases.host(visit_request, cases.ask(visit_request))
    meeting.ask(host, text="Who phones?")
    written(YESTERDAY)
    assert len(owed()) == len(owed(NINE + timedelta(hours=3))) == 2
    assert len(sent()) == 2

    meeting.ask(host, text="And who trained them?")
    RoomQuestion.objects.filter(text="And who trained them?").update(asked_at=NINE + timedelta(hours=1))

    assert owed(NINE + timedelta(hours=5)) == []  # today they have been told already
    assert len(owed(NINE + timedelta(days=1))) == 2
    assert owed(NINE + timedelta(days=2)) == owed(NINE + timedelta(days=1))


def test_who_wrote_something_this_morning_is_told_of_tomorrow(visit_request):
    meeting.ask(cases.host(visit_request, cases.ask(visit_request)), text="Who phones?")
    written(rules.morning_of(TODAY) + timedelta(minutes=1))

    assert owed() == []
    assert len(owed(NINE + timedelta(days=1))) == 2


def test_who_has_looked_in_meanwhile_is_told_nothing(visit_request):
    meeting.ask(cases.host(visit_request, cases.ask(visit_request)), text="Who phones?")
    written(YESTERDAY)
    assert len(owed()) == 2

    meeting.look_in(cases.contact(visit_request), NINE)
    meeting.look_in(cases.desk(visit_request), NINE)

    assert sent(NINE + timedelta(minutes=1)) == []
    assert set(Message.objects.filter(kind__in=KINDS).values_list("state", flat=True)) == {MessageState.SKIPPED}


def test_news_that_is_switched_off_is_not_sent(visit_request):
    asked = cases.ask(visit_request)
    meeting.choose_news(cases.contact(visit_request), wanted=False)
    meeting.choose_news(cases.host(visit_request, asked), wanted=False)
    meeting.choose_news(cases.desk(visit_request), wanted=False)
    moira = cases.member(visit_request)
    meeting.ask(cases.guest(visit_request, moira), text="Who paid for it?")
    written(YESTERDAY)

    assert owed() == []
    meeting.choose_news(cases.host(visit_request, asked), wanted=True)
    assert owed() == [("room_news_host", asked.facilitator.user.email)]


@pytest.mark.parametrize("state", [AskState.ASKED, AskState.DECLINED, AskState.WITHDRAWN])
def test_only_who_has_said_yes_gets_the_hosts_news(visit_request, state):
    cases.ask(visit_request, state)
    meeting.ask(cases.contact(visit_request), text="Who paid for it?")
    written(YESTERDAY)

    assert owed() == [("room_news_desk", visit_request.coordinator.email)]


def test_who_is_only_invited_gets_no_news(visit_request):
    cases.member(visit_request, name="", written_at=None)
    meeting.ask(cases.desk(visit_request), text="Who phones?")
    written(YESTERDAY)

    assert owed() == [("room_news", visit_request.contact_email)]


def test_the_mail_tells_who_did_what(visit_request):
    asked = cases.ask(visit_request)
    host = cases.host(visit_request, asked)
    meeting.reply(host, RoomQuestion.objects.get().pk, text="The meetings did.")
    cases.stored(host, title="Esther on two pages")
    Participant.objects.filter(is_contact=False).delete()
    written(YESTERDAY)
    owed()

    told = " ".join(sent()[0].split())

    assert "2 things are new in the room of the visit on" in told
    assert "Erik Sandell: has answered “What made Esther last?”" in told
    assert "Erik Sandell: has put a file there: “Esther on two pages”" in told
    assert "The meetings did." not in told


def test_one_of_the_group_is_told_in_numbers_alone(visit_request):
    moira = cases.member(visit_request)
    meeting.ask(cases.contact(visit_request), text="Win a prize at evil.example?")
    written(YESTERDAY)
    owed()
    Message.objects.exclude(to_email=moira.email).delete()

    told = sent()[0]

    assert "Questions: 1" in told
    assert "prize" not in told


def test_nothing_new_costs_one_query_and_much_as_many_as_little(visit_request):
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            list(meeting.news.wanted(rules.morning_of(TODAY)))
        return len(found)

    nothing = queries()
    meeting.ask(cases.host(visit_request, cases.ask(visit_request)), text="Who phones?")
    written(YESTERDAY)
    little = queries()
    for n in range(3):
        other = cases.opened()
        cases.member(other, email=f"moira{n}@tayford.example.org")
        meeting.ask(cases.host(other, cases.ask(other)), text="Who phones?")
    written(YESTERDAY)

    assert (nothing, queries()) == (1, little)
    assert little == 6


def test_a_closed_room_has_no_news(visit_request):
    meeting.ask(cases.host(visit_request, cases.ask(visit_request)), text="Who phones?")
    written(YESTERDAY)
    VisitRequest.objects.filter(pk=visit_request.pk).update(state="cancelled")

    assert owed() == []
    assert not HostIntroduction.objects.exists()
