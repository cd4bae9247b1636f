"""The link that the contact person shares: whoever holds it writes their own name, while there is a place."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.conftest import visitor_of
from tests.visits.group.people import WRITTEN, member, names, shared_link, words, writes
from tests.visits.visitor import cases
from visits import access, group, limits, workflow
from visits.choices import LinkPurpose
from visits.models import AccessLink, HistoryEntry, Message, Participant

pytestmark = pytest.mark.django_db


def test_opening_the_link_shows_the_form_and_writes_nothing():
    visit_request = cases.agreed()
    address = shared_link(visit_request)
    before = HistoryEntry.objects.count()

    page = Client().get(address)

    assert page.status_code == 200
    assert visit_request.contact_name in page.text
    assert visit_request.organisation_name in page.text
    assert names(visit_request) == []
    assert HistoryEntry.objects.count() == before


def test_who_writes_their_name_gets_a_link_of_their_own_in_this_browser():
    visit_request = cases.agreed()
    client = Client()

    answer = client.post(shared_link(visit_request), WRITTEN)
    page = client.get(answer.url)

    person = Participant.objects.get(is_contact=False)
    assert answer.url == f"/my/{visit_request.reference}/me/"
    assert (person.name, person.role, person.curious_about) == ("Dev Sharma", "Physician", "How a Life Café begins")
    assert (person.may_be_printed, person.email, bool(person.written_at)) == (True, "", True)
    assert "Welcome, Dev Sharma: you are on the list." in page.text
    assert "only this browser remembers you" in page.text
    assert not Message.objects.filter(participant=person).exists()


def test_with_an_address_the_own_link_is_mailed_there():
    visit_request = cases.agreed()

    Client().post(shared_link(visit_request), WRITTEN | {"email": "dev@tayford.example.org"})

    mail = Message.objects.get(kind="group_link")
    assert (mail.to_email, mail.participant.name) == ("dev@tayford.example.org", "Dev Sharma")


def test_the_session_gets_a_new_key_when_a_name_is_written():
    visit_request = cases.agreed()
    client = visitor_of(cases.submitted())
    before = client.session.session_key

    client.post(shared_link(visit_request), WRITTEN)

    assert client.session.session_key != before


def test_the_history_says_how_many_and_never_who():
    visit_request = cases.agreed()

    Client().post(shared_link(visit_request), WRITTEN)

    entry = visit_request.history.get(what="name_written")
    assert entry.detail == {"count": 2}
    assert "Dev" not in f"{entry.by_name}{entry.detail}"


def test_a_form_that_is_sent_twice_writes_one_name():
    visit_request = cases.agreed()
    address = shared_link(visit_request)

    answers = [Client().post(address, WRITTEN) for _press in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert names(visit_request) == ["Dev Sharma"]


def test_a_namesake_on_another_day_gets_a_place_of_their_own(time_machine):
    time_machine.move_to(timezone.now())
    visit_request = cases.agreed()
    first = writes(visit_request)
    time_machine.shift(120)

    client = Client()
    client.post(shared_link(visit_request), {**WRITTEN, "role": "", "curious_about": "", "printed": "no"})

    opened = AccessLink.objects.get(pk=client.session["opened_links"][0])
    assert names(visit_request) == ["Dev Sharma", "Dev Sharma"]
    assert opened.participant_id != first.pk


def test_an_address_of_the_group_is_not_taken_over_and_gets_its_link_again():
    visit_request = cases.agreed()
    person = writes(visit_request, "Moira Reid", email="moira@tayford.example.org")
    Message.objects.all().delete()
    client = Client()

    answer = client.post(shared_link(visit_request), WRITTEN | {"email": "MOIRA@tayford.example.org"})

    assert answer.status_code == 409
    assert "moira@tayford.example.org is in the group already. We have sent a link there" in answer.text
    assert 'value="Dev Sharma"' in answer.text
    assert names(visit_request) == ["Moira Reid"]
    assert "opened_links" not in client.session
    assert [mail.participant for mail in Message.objects.filter(kind="group_link")] == [person]


def test_who_has_written_comes_to_their_own_page():
    visit_request = cases.agreed()
    person = writes(visit_request)
    client = member(person)

    answers = [client.get(shared_link(visit_request)), client.post(shared_link(visit_request), WRITTEN)]

    assert [answer.url for answer in answers] == [f"/my/{visit_request.reference}/me/"] * 2
    assert names(visit_request) == ["Dev Sharma"]


def test_the_contact_person_comes_to_the_page_of_the_group():
    visit_request = cases.agreed()

    answer = visitor_of(visit_request).post(shared_link(visit_request), WRITTEN)

    assert answer.url == f"/my/{visit_request.reference}/group/"
    assert names(visit_request) == []


def test_when_every_place_is_taken_the_page_says_whom_to_ask():
    visit_request = cases.agreed(group_size=2)
    address = shared_link(visit_request)
    writes(visit_request, "Moira Reid")

    shown, answer = Client().get(address), Client().post(address, WRITTEN)

    assert [shown.status_code, answer.status_code] == [409, 409]
    assert "Every place is taken" in shown.text
    assert "The last place was taken while you wrote, Dev Sharma." in answer.text
    assert names(visit_request) == ["Moira Reid"]


def test_a_place_that_is_kept_for_somebody_is_not_given_to_another():
    visit_request = cases.agreed(group_size=2)
    group.invite(visit_request.visit, ["r.baxter@tayford.example.org"], language="en")

    answer = Client().post(shared_link(visit_request), WRITTEN)

    assert answer.status_code == 409
    assert "a place is kept for you: open the link in that mail" in answer.text
    assert names(visit_request) == []


def test_a_new_link_closes_the_old_one():
    visit_request = cases.agreed()
    old = shared_link(visit_request)

    visitor_of(visit_request).post(f"/my/{visit_request.reference}/group/link/")
    answers = [Client().get(old), Client().post(old, WRITTEN)]

    assert [answer.status_code for answer in answers] == [410, 410]
    assert all("There is a newer link for the group." in answer.text for answer in answers)
    assert names(visit_request) == []
    assert Client().get(shared_link(visit_request)).status_code == 200


def test_after_the_visit_the_link_says_that_it_is_over():
    visit_request = cases.confirmed()
    address = shared_link(visit_request)
    workflow.complete(visit_request)

    answers = [Client().get(address), Client().post(address, WRITTEN)]

    assert [answer.status_code for answer in answers] == [410, 410]
    assert all("The visit is over" in answer.text for answer in answers)
    assert names(visit_request) == []


def test_while_it_is_planned_again_no_names_are_gathered():
    visit_request = cases.agreed()
    address = shared_link(visit_request)
    workflow.move_back_to_planning(visit_request, by=visit_request.coordinator, seen=visit_request.version)

    answer = Client().post(address, WRITTEN)

    assert answer.status_code == 410
    assert "Names are not gathered just now" in answer.text
    assert names(visit_request) == []


@pytest.mark.parametrize("purpose", [LinkPurpose.VISIT, LinkPurpose.VERIFY])
def test_a_link_for_another_purpose_opens_no_group(purpose):
    link = access.issue(purpose, request=cases.agreed())

    answer = Client().post(reverse("visits:group_shared", args=[access.token(link)]), WRITTEN)

    assert answer.status_code == 404


def test_the_group_s_link_does_not_open_the_visit():
    visit_request = cases.agreed()
    client = Client()

    answer = client.post(shared_link(visit_request).replace("/g/", "/v/"))

    assert answer.status_code == 404
    assert client.get(visit_request.get_absolute_url()).status_code == 404


def test_who_tries_many_wrong_links_is_asked_to_wait():
    client = Client()

    statuses = [client.get(reverse("visits:group_shared", args=[f"wrong{n}"])).status_code for n in range(61)]

    assert (set(statuses[:60]), statuses[60]) == ({404}, 429)


def test_one_address_is_not_mailed_to_again_and_again(monkeypatch):
    visit_request = cases.agreed(group_size=20)
    monkeypatch.setitem(limits.LIMITS, "group_name", limits.Limit(100, 1))
    address = shared_link(visit_request)
    first, second = cases.agreed(), WRITTEN | {"email": "victim@example.org"}
    Client().post(shared_link(first), second)

    answer = Client().post(address, second)

    assert answer.status_code == 429
    assert "Wait an hour" in answer.text
    assert 'value="victim@example.org"' in answer.text
    assert names(visit_request) == []


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "", "Write your name."),
        ("name", "\u200b ", "Write your name."),
        ("name", "a\x01b", "There is a hidden character in it."),
        ("name", "x" * 121, "Write at most 120 characters."),
        ("role", "x" * 121, "Write at most 120 characters."),
        ("email", "dev@", "Write an e-mail address, like name@hospital.org."),
        ("curious_about", "x" * 301, "Write at most 300 characters."),
        ("printed", "", "Choose yes or no."),
        ("printed", "perhaps", "Choose one of the answers."),
    ],
)
def test_what_cannot_be_kept_gets_a_sentence_and_loses_nothing(field, typed, sentence):
    visit_request = cases.agreed()

    answer = Client().post(shared_link(visit_request), WRITTEN | {field: typed})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert re.search("<title>Error: ", answer.text)
    kept = {"name": "Dev Sharma", "role": "Physician", "curious_about": "How a Life Café begins"}
    assert [value for name, value in kept.items() if name != field and f'value="{value}"' not in answer.text] == []
    assert names(visit_request) == []


def test_a_name_is_text_on_every_page():
    visit_request = cases.agreed()
    person = writes(visit_request, "<script>alert(1)</script>")

    pages = [
        visitor_of(visit_request).get(f"/my/{visit_request.reference}/group/"),
        visitor_of(visit_request).get(f"/my/{visit_request.reference}/"),
        member(person).get(f"/my/{visit_request.reference}/me/"),
    ]

    assert [page.status_code for page in pages] == [200, 200, 200]
    assert not [page for page in pages if "<script>alert" in page.text]


def test_words_are_kept_in_the_language_of_the_page():
    visit_request = cases.agreed()

    Client().post("/sv" + shared_link(visit_request), WRITTEN)

    assert Participant.objects.get(name="Dev Sharma").language == "sv"
    assert words().language == "en"
