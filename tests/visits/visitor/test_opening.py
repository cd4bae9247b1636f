"""The way in: only a press opens a visit, and only one's own."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.conftest import visitor_of
from tests.visits.visitor import cases
from visits import access, waiting
from visits.choices import LinkPurpose
from visits.models import AccessLink, HistoryEntry

pytestmark = pytest.mark.django_db


def address(link: AccessLink) -> str:
    return reverse("visits:open_visit", args=[access.token(link)])


def test_opening_the_link_shows_one_button_and_lets_nobody_in():
    link = access.standing_link(LinkPurpose.VISIT, request=cases.submitted())
    client = Client()
    before = HistoryEntry.objects.count()

    page = client.get(address(link))

    assert page.status_code == 200
    assert page.content.decode().count("btn-primary") == 1
    assert client.get(link.request.get_absolute_url()).status_code == 404
    assert HistoryEntry.objects.count() == before


def test_pressing_the_button_opens_the_visit_at_an_address_without_the_secret():
    link = access.standing_link(LinkPurpose.VISIT, request=cases.submitted())
    client = Client()

    answer = client.post(address(link))

    assert answer.url == f"/my/{link.request.reference}/"
    assert client.get(answer.url).status_code == 200


def test_the_session_gets_a_new_key_when_a_visit_is_opened():
    link = access.standing_link(LinkPurpose.VISIT, request=cases.submitted())
    client = visitor_of(cases.submitted())
    before = client.session.session_key

    client.post(address(link))

    assert client.session.session_key != before


def test_a_link_that_was_cut_says_so():
    page = Client().get(reverse("visits:open_visit", args=["abc123"]))

    assert page.status_code == 404
    assert "This link is not whole" in page.content.decode()


def test_who_tries_many_wrong_links_is_asked_to_wait():
    client = Client()

    statuses = [client.get(reverse("visits:open_visit", args=[f"wrong{n}"])).status_code for n in range(61)]

    assert statuses[:60] == [404] * 60
    assert statuses[60] == 429


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"revoked_at": timezone.now()}, "This link has been closed"),
        ({"expires_at": timezone.now() - timedelta(days=1)}, "This link is too old"),
    ],
)
def test_a_link_that_is_closed_says_why_and_closes_the_page_too(change, sentence):
    link = access.standing_link(LinkPurpose.VISIT, request=cases.submitted())
    client = visitor_of(link.request)
    AccessLink.objects.filter(pk=link.pk).update(**change)

    answers = [client.get(address(link)), client.post(address(link))]

    assert [answer.status_code for answer in answers] == [410, 410]
    assert all(sentence in answer.content.decode() for answer in answers)
    assert client.get(link.request.get_absolute_url()).status_code == 404


def test_a_link_for_another_purpose_opens_no_visit():
    link = access.issue(LinkPurpose.VERIFY, request=cases.submitted())

    assert Client().post(address(link)).status_code == 404


def test_an_unfinished_request_is_not_a_visit():
    draft = cases.DraftFactory()
    link = access.issue(LinkPurpose.VISIT, request=draft)

    assert Client().post(address(link)).status_code == 404


def test_somebody_with_one_visit_comes_straight_to_it():
    visit_request = cases.submitted()

    answer = visitor_of(visit_request).get("/my/")

    assert answer.url == visit_request.get_absolute_url()


def test_several_visits_are_listed_with_the_newest_first():
    first, second = cases.submitted(), cases.proposed()
    client = visitor_of(first)
    client.post(address(access.standing_link(LinkPurpose.VISIT, request=second)))

    page = client.get("/my/").content.decode()

    assert page.index(second.reference) < page.index(first.reference)
    assert "It is your turn" in page
    assert "It is our turn" in page


def test_the_list_says_by_which_day_each_turn_is_due():
    waits = cases.waitlisted()
    place = waiting.offer_place(waits, first_day=waits.first_wished_day)
    ours, theirs, settled = cases.submitted(), cases.proposed(), cases.confirmed()
    client = visitor_of(waits)
    for one in (ours, theirs, settled):
        client.post(address(access.standing_link(LinkPurpose.VISIT, request=one)))

    page = client.get("/my/")

    told = page.context["cases"]
    assert {one.case.visit_request.pk: (str(one.banner.turn), one.case.due_day) for one in told} == {
        waits.pk: ("visitor", place.answer_by),
        ours.pk: ("ours", timezone.localdate(ours.due_at)),
        theirs.pk: ("visitor", theirs.proposals.get().answer_by),
        settled.pk: ("together", None),
    }
    assert [f">{one.due}</p>" in page.text for one in told] == [one.case.due_day is not None for one in told]


def test_the_list_runs_the_same_queries_for_two_and_for_four(django_assert_max_num_queries):
    client = visitor_of(cases.submitted())
    counts = []

    for _round in range(2):
        for _new in range(2):
            link = access.standing_link(LinkPurpose.VISIT, request=cases.proposed())
            client.post(address(link))
        with django_assert_max_num_queries(6) as queries:
            assert client.get("/my/").status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_without_a_visit_the_list_says_where_to_find_one():
    page = Client().get("/my/")

    assert page.status_code == 200
    assert "No visit is open in this browser" in page.content.decode()
