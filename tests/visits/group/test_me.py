"""One's own page: what stands about oneself, what holds in care areas, and the way out."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.conftest import visitor_of
from tests.visits.group.people import WRITTEN, member, names, own_link, writes
from tests.visits.visitor import cases
from visits import group, workflow
from visits.models import Message, Participant, Visit, VisitRequest

pytestmark = pytest.mark.django_db


def page_of(visit_request: VisitRequest) -> str:
    return f"/my/{visit_request.reference}/me/"


def test_what_one_has_written_stands_in_the_form():
    visit_request = cases.agreed()
    person = writes(visit_request, role="Physician", curious_about="Life Cafés", may_be_printed=True)

    page = member(person).get(page_of(visit_request)).text

    for words in ('value="Dev Sharma"', 'value="Physician"', 'value="Life Cafés"'):
        assert words in page
    assert 'name="printed" value="yes" id="id_printed_0" checked' in page or 'value="yes" checked' in page


def test_what_one_changes_is_saved_and_stands_once():
    visit_request = cases.agreed()
    person = writes(visit_request)
    written_at = person.written_at

    answer = member(person).post(page_of(visit_request), WRITTEN | {"name": "Dr Dev Sharma", "printed": "no"})

    person.refresh_from_db()
    assert answer.url == page_of(visit_request)
    assert (person.name, person.may_be_printed, person.written_at) == ("Dr Dev Sharma", False, written_at)
    assert visit_request.history.filter(what="name_written").count() == 1


def test_another_address_gets_the_link():
    visit_request = cases.agreed()
    person = writes(visit_request)

    for email in ("dev@tayford.example.org", "dev@tayford.example.org", "dev.sharma@tayford.example.org"):
        member(person).post(page_of(visit_request), WRITTEN | {"email": email})

    mails = Message.objects.filter(kind="group_link").order_by("pk").values_list("to_email", flat=True)
    assert list(mails) == ["dev@tayford.example.org", "dev.sharma@tayford.example.org"]


def test_the_address_of_somebody_else_is_not_taken():
    visit_request = cases.agreed()
    writes(visit_request, "Moira Reid", email="moira@tayford.example.org")
    person = writes(visit_request)

    answer = member(person).post(page_of(visit_request), WRITTEN | {"email": "Moira@tayford.example.org"})

    person.refresh_from_db()
    assert answer.status_code == 409
    assert "moira@tayford.example.org is in the group already." in answer.text
    assert person.email == ""


def test_the_contact_person_writes_about_themselves_as_well():
    visit_request = cases.agreed()
    client = visitor_of(visit_request)

    shown = client.get(page_of(visit_request)).text
    client.post(page_of(visit_request), WRITTEN | {"name": "Aileen", "email": visit_request.contact_email})
    client.post(page_of(visit_request) + "rules/")

    contact = Participant.objects.get()
    assert "Take my name off" not in shown
    assert (contact.name, contact.is_contact, bool(contact.acknowledged_at)) == ("Aileen", True, True)
    assert not Message.objects.filter(kind="group_link").exists()


def test_the_contact_person_does_not_leave():
    visit_request = cases.agreed()

    answer = visitor_of(visit_request).post(page_of(visit_request) + "leave/")

    assert answer.url == page_of(visit_request)
    assert Participant.objects.get().is_contact


def test_one_reads_what_holds_and_the_first_time_counts(time_machine):
    time_machine.move_to(timezone.now())
    visit_request = cases.agreed()
    person = writes(visit_request)
    before = member(person).get(page_of(visit_request)).text

    member(person).post(page_of(visit_request) + "rules/")
    first = Participant.objects.get(is_contact=False).acknowledged_at
    time_machine.shift(timedelta(days=1))
    member(person).post(page_of(visit_request) + "rules/")

    after = member(person).get(page_of(visit_request)).text
    assert "What you hear about a person stays here." in before
    assert "Ask before you take a photograph." in before
    assert ("I have read this" in before, "I have read this" in after) == (True, False)
    assert "You have read this" in after
    assert Participant.objects.get(is_contact=False).acknowledged_at == first


def test_looking_at_ones_page_acknowledges_nothing():
    visit_request = cases.agreed()
    client = member(writes(visit_request))

    statuses = [client.get(page_of(visit_request) + door).status_code for door in ("", "rules/", "needs/", "leave/")]

    assert statuses == [200, 405, 405, 200]
    assert Participant.objects.get(is_contact=False).acknowledged_at is None
    assert names(visit_request) == ["Dev Sharma"]


def test_who_takes_their_name_off_leaves_nothing_behind_but_a_free_place():
    visit_request = cases.agreed()
    person = writes(visit_request, email="dev@tayford.example.org")
    client, link = member(person), own_link(person)

    answer = client.post(page_of(visit_request) + "leave/", follow=True)
    seen_by_contact = visitor_of(visit_request).get(f"/my/{visit_request.reference}/group/").text

    assert "your link opens nothing any more" in answer.text
    assert names(visit_request) == []
    assert not Message.objects.filter(to_email="dev@tayford.example.org").exists()
    assert client.get(page_of(visit_request)).status_code == 404
    opened = Client().get(link)
    assert opened.status_code == 404
    assert "Was your name taken off the list of a group?" in opened.text
    assert "Somebody took their own name off" in seen_by_contact
    assert not re.search(r"\bDev\b", seen_by_contact)


def test_a_link_is_dead_at_once_when_the_contact_person_removes_somebody():
    visit_request = cases.agreed()
    person = writes(visit_request)
    client = member(person)
    assert client.get(visit_request.get_absolute_url()).status_code == 200

    visitor_of(visit_request).post(f"/my/{visit_request.reference}/group/{person.pk}/remove/")

    statuses = {client.get(f"/my/{visit_request.reference}/{door}").status_code for door in ("", "me/", "group/")}
    assert statuses == {404}


def test_who_is_removed_while_they_write_is_told():
    visit_request = cases.agreed()
    person = writes(visit_request)
    Participant.objects.filter(pk=person.pk).delete()

    with pytest.raises(group.Gone):
        group.write_own(person, group.OwnWords("Dev Sharma"))

    assert names(visit_request) == []


def test_after_the_visit_one_still_changes_and_takes_away_what_one_wrote():
    visit_request = cases.confirmed()
    client = member(writes(visit_request))
    workflow.complete(visit_request)

    client.post(page_of(visit_request), WRITTEN | {"curious_about": ""})
    changed = Participant.objects.get(is_contact=False).curious_about
    client.post(page_of(visit_request) + "leave/")

    assert changed == ""
    assert names(visit_request) == []


def test_links_of_members_last_until_thirty_days_after_the_visit(time_machine):
    visit_request = cases.agreed()
    client = member(writes(visit_request))
    link = Participant.objects.get(is_contact=False).links.get()
    Visit.objects.update(confirmed_at=timezone.now())

    workflow.agreed.access.expire_after_visit(visit_request, timezone.now())
    link.refresh_from_db()
    time_machine.move_to(link.expires_at + timedelta(minutes=1))

    assert client.get(page_of(visit_request)).status_code == 404


@pytest.mark.parametrize(
    ("typed", "sentence"), [({"name": " "}, "Write your name."), ({"email": "x"}, "Write an e-mail address")]
)
def test_bad_words_change_nothing(typed, sentence):
    visit_request = cases.agreed()
    person = writes(visit_request)

    answer = member(person).post(page_of(visit_request), WRITTEN | typed)

    person.refresh_from_db()
    assert answer.status_code == 422
    assert sentence in answer.text
    assert (person.name, person.role) == ("Dev Sharma", "")


def test_a_visit_without_a_group_has_no_own_page():
    visit_request = cases.submitted()

    assert visitor_of(visit_request).get(page_of(visit_request)).status_code == 404


def test_a_page_costs_the_same_however_many_there_are(django_assert_max_num_queries):
    visit_request = cases.agreed(group_size=20)
    client = member(writes(visit_request))
    counts = []

    for added in (1, 2):
        for number in range(added):
            writes(visit_request, f"Person {added}{number}")
        for address in (page_of(visit_request), f"/my/{visit_request.reference}/group/"):
            with django_assert_max_num_queries(9) as queries:
                assert client.get(address).status_code == 200
            counts.append(len(queries))

    assert counts[:2] == counts[2:]
