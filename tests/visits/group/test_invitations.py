"""Invitations by e-mail: each address checked, one mail each, and a reminder to who has not written."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from tests.conftest import visitor_of
from tests.visits.group.people import WRITTEN, member, own_link, writes
from tests.visits.visitor import cases
from visits import group, reminders, rounds, rules, workflow
from visits.choices import MessageState
from visits.models import Message, Participant, VisitRequest

pytestmark = pytest.mark.django_db

ROB = "r.baxter@tayford.example.org"


def invite(visit_request: VisitRequest, addresses: str):
    return visitor_of(visit_request).post(f"/my/{visit_request.reference}/group/invite/", {"addresses": addresses})


def invited() -> list[str]:
    return list(Participant.objects.invited().values_list("email", flat=True))


def test_each_address_gets_one_mail_and_keeps_one_place():
    visit_request = cases.agreed()

    typed = {"addresses": f"{ROB}\r\n  iona@tayford.example.org ;\n{ROB.upper()}\n\n"}
    page = visitor_of(visit_request).post(f"/my/{visit_request.reference}/group/invite/", typed, follow=True).text

    # An address that comes twice counts once, as it was written last.
    assert [email.casefold() for email in invited()] == [ROB, "iona@tayford.example.org"]
    assert Message.objects.filter(kind="group_invitation").count() == 2
    assert "2 links are on their way." in page
    assert "iona@tayford.example.org" in page
    assert "A place is kept" in page
    assert visit_request.history.get(what="group_invited").detail == {"count": 2}


def test_one_bad_line_sends_nothing_and_is_named():
    visit_request = cases.agreed()

    answer = invite(visit_request, f"{ROB}\niona at tayford")

    assert answer.status_code == 422
    assert "“iona at tayford” is not an e-mail address." in answer.text
    assert ROB in answer.text
    assert (invited(), Message.objects.filter(kind="group_invitation").count()) == ([], 0)


@pytest.mark.parametrize("typed", ["", "  \n ", ";,;"])
def test_nothing_written_is_asked_for(typed):
    visit_request = cases.agreed()

    answer = invite(visit_request, typed)

    assert answer.status_code == 422
    assert "Write an e-mail address, like name@hospital.org." in answer.text
    assert invited() == []


def test_more_addresses_than_places_are_not_sent_to():
    visit_request = cases.agreed(group_size=2)

    answer = invite(visit_request, f"{ROB}\niona@tayford.example.org")

    assert answer.status_code == 422
    assert "There is 1 free place, and you wrote 2 addresses." in answer.text
    assert invited() == []


@pytest.mark.parametrize("who", ["contact", "member"])
def test_an_address_of_the_group_is_named_and_nobody_is_invited(who):
    visit_request = cases.agreed()
    person = writes(visit_request, email="dev@tayford.example.org")
    known = visit_request.contact_email if who == "contact" else person.email

    answer = invite(visit_request, f"{ROB}\n{known.upper()}")

    assert answer.status_code == 409
    assert f"{known} is in the group already." in answer.text
    assert invited() == []


def test_the_mail_leads_to_a_button_and_then_to_ones_own_words():
    visit_request = cases.agreed()
    invite(visit_request, ROB)
    rounds.deliver_due(timezone.now())
    sent = next(one for one in mail.outbox if one.to == [ROB])
    person = Participant.objects.get(email=ROB)
    client = Client()

    shown = client.get(own_link(person))
    opened = client.post(own_link(person), follow=True)
    client.post(f"/my/{visit_request.reference}/me/", WRITTEN | {"email": ROB})

    person.refresh_from_db()
    assert own_link(person) in sent.body
    assert visit_request.contact_name in sent.body
    assert "Open your visit" in shown.text
    assert opened.redirect_chain == [(f"/my/{visit_request.reference}/", 302)]
    assert (person.name, person.role, bool(person.written_at)) == ("Dev Sharma", "Physician", True)


def test_an_invited_person_is_asked_for_their_name_first():
    visit_request = cases.agreed()
    invite(visit_request, ROB)
    client = member(Participant.objects.get(email=ROB))

    page = client.get(f"/my/{visit_request.reference}/me/").text

    assert "has kept a place for you" in page
    assert f'value="{ROB}"' in page
    assert "I have read this" not in page


def test_send_again_mails_once_a_day(time_machine):
    time_machine.move_to(timezone.now())
    visit_request = cases.agreed()
    invite(visit_request, ROB)
    person = Participant.objects.get(email=ROB)
    address = f"/my/{visit_request.reference}/group/{person.pk}/again/"

    today = visitor_of(visit_request).post(address, follow=True).text
    count_today = Message.objects.filter(kind="group_invitation").count()
    time_machine.shift(timedelta(days=1))
    tomorrow = visitor_of(visit_request).post(address, follow=True).text

    assert "went to r.baxter@tayford.example.org today already" in today
    assert count_today == 1
    assert "The link is on its way to r.baxter@tayford.example.org." in tomorrow
    assert Message.objects.filter(kind="group_invitation").count() == 2


def test_a_person_of_another_group_is_not_mailed_again():
    mine, theirs = cases.agreed(), cases.agreed()
    invite(theirs, ROB)
    person = Participant.objects.get(email=ROB)

    answer = visitor_of(mine).post(f"/my/{mine.reference}/group/{person.pk}/again/")

    assert answer.status_code == 404
    assert Message.objects.filter(kind="group_invitation").count() == 1


def test_an_invitation_that_is_taken_back_is_never_mailed_and_its_link_is_dead():
    visit_request = cases.agreed()
    invite(visit_request, ROB)
    person = Participant.objects.get(email=ROB)
    address = own_link(person)

    visitor_of(visit_request).post(f"/my/{visit_request.reference}/group/{person.pk}/remove/")
    rounds.deliver_due(timezone.now())

    assert not [one for one in mail.outbox if one.to == [ROB]]
    assert Client().post(address).status_code == 404


def test_who_wrote_before_the_mail_left_is_not_invited():
    visit_request = cases.agreed()
    invite(visit_request, ROB)
    group.write_own(Participant.objects.get(email=ROB), group.OwnWords("Rob Baxter", email=ROB))

    rounds.deliver_due(timezone.now())

    assert Message.objects.get(kind="group_invitation").state == MessageState.SKIPPED


def test_who_has_lost_their_link_gets_it_again_where_others_do():
    visit_request = cases.agreed()
    person = writes(visit_request, email="dev@tayford.example.org")
    writes(visit_request, "Iona Kerr", email="iona@tayford.example.org")

    Client().post("/find/", {"email": "DEV@tayford.example.org"})
    rounds.deliver_due(timezone.now())

    (found,) = [one for one in mail.outbox if one.extra_headers["X-Qulturum-Key"].startswith("find:")]
    assert own_link(person) in found.body
    assert found.body.count("/v/") == 1


# -- The reminder ----------------------------------------------------------------------


def morning(visit_request: VisitRequest, days_before: int):
    return rules.morning_of(visit_request.visit.first_day - timedelta(days=days_before)) + timedelta(hours=1)


def reminded(at) -> list[str]:
    reminders.queue_due(at)
    return list(Message.objects.filter(kind="group_reminder").values_list("to_email", flat=True))


@pytest.mark.parametrize(("days_before", "expected"), [(22, []), (21, [ROB]), (15, [ROB]), (14, []), (3, [])])
def test_a_week_before_the_names_are_due_who_has_not_written_is_reminded(days_before, expected):
    visit_request = cases.confirmed()
    invite(visit_request, ROB)

    assert reminded(morning(visit_request, days_before)) == expected


def test_who_has_written_is_not_reminded():
    visit_request = cases.confirmed()
    invite(visit_request, ROB)
    group.write_own(Participant.objects.get(email=ROB), group.OwnWords("Rob Baxter", email=ROB))

    assert reminded(morning(visit_request, 21)) == []


def test_who_writes_between_the_reminder_and_the_mail_hears_nothing():
    visit_request = cases.confirmed()
    invite(visit_request, ROB)
    at = morning(visit_request, 21)
    assert reminded(at) == [ROB]
    group.write_own(Participant.objects.get(email=ROB), group.OwnWords("Rob Baxter", email=ROB))

    rounds.deliver_due(at)

    assert Message.objects.get(kind="group_reminder").state == MessageState.SKIPPED
    assert not [one for one in mail.outbox if one.to == [ROB]]


def test_who_is_invited_after_that_day_is_not_reminded_of_it(time_machine):
    visit_request = cases.confirmed()
    time_machine.move_to(morning(visit_request, 18), tick=False)
    invite(visit_request, ROB)

    assert reminded(morning(visit_request, 17)) == []


def test_a_visit_that_is_called_off_reminds_nobody():
    visit_request = cases.confirmed()
    invite(visit_request, ROB)
    workflow.cancel(visit_request, why="", by=None)

    assert reminded(morning(visit_request, 21)) == []


def test_two_sweeps_remind_once():
    visit_request = cases.confirmed()
    invite(visit_request, ROB)
    at = morning(visit_request, 21)

    assert [reminded(at), reminded(at + timedelta(days=1))] == [[ROB], [ROB]]
