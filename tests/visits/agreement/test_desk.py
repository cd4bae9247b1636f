"""The tab of the agreement at the desk: our half is written, Qulturum agrees, and the queue follows."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import AreaFactory, OfferingFactory
from tests.visits.agreement import cases
from tests.visits.agreement.cases import OURS, text_of
from tests.visits.visitor import cases as visits_cases
from visits import agreement
from visits.admin.pages import tab_url
from visits.admin.site import Counts
from visits.choices import RequestState
from visits.models import Agreement, VisitRequest

pytestmark = pytest.mark.django_db
S = RequestState


def press(client: Client, case: VisitRequest, deed: str, **typed: object):
    address = reverse("admin:visits_visitrequest_deed", args=[case.pk, deed])
    case.refresh_from_db()
    return client.post(address, {"seen": case.version, "digest": text_of(case).digest, **typed})


def days_of(case: VisitRequest) -> dict[str, str]:
    return {f"{row['kind']}_day": row["day"] for row in cases.chosen(text_of(case))}


def page_of(client: Client, case: VisitRequest) -> str:
    answer = client.get(tab_url(case, "agreement"))
    assert answer.status_code == 200
    return answer.content.decode()


def test_before_the_yes_the_tab_says_when_it_is_written(coordinator_client):
    assert "There is no agreement yet" in page_of(coordinator_client, visits_cases.proposed())


def test_an_agreed_visit_from_before_there_were_agreements_is_given_one(coordinator_client):
    case = visits_cases.agreed()
    Agreement.objects.all().delete()
    address = reverse("admin:visits_visitrequest_deed", args=[case.pk, "write_agreement"])
    case.refresh_from_db()

    coordinator_client.post(address, {"seen": case.version})

    assert text_of(case).number == 1


def test_our_half_is_written_and_agreed_to(coordinator_client, coordinator):
    case = cases.drafted()

    press(coordinator_client, case, "agreement_ours", **OURS, **days_of(case), call_at="10", other_1_day="2027-01-20",
          other_1_words="Stina sends the reading list.")  # fmt: skip
    answer = press(coordinator_client, case, "agree_for_us")

    found = text_of(case)
    assert answer.status_code == 302
    assert found.ours_by == coordinator
    assert found.content["wants"]["test"]["ours"] == OURS["test"]
    assert {"kind": "other", "day": "2027-01-20", "at": "", "words": "Stina sends the reading list."} in (
        found.content["contacts"]
    )
    assert next(row for row in found.content["contacts"] if row["kind"] == "call")["at"] == "10.00"


def test_agreeing_names_every_part_that_is_missing(coordinator_client):
    case = cases.drafted()

    answer = press(coordinator_client, case, "agree_for_us")

    page = answer.content.decode()
    assert answer.status_code == 409
    assert page.count("the answer of Qulturum to") >= 3
    assert text_of(case).ours_at is None


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"call_day": "soon"}, "Write the day as 16 3 2027."),
        ({"call_day": "", "call_at": "10"}, "Write the day as well."),
        ({"call_at": "26"}, "Write the time like 09.00."),
        ({"other_1_day": "2027-01-20"}, "Say what happens that day."),
        ({"aim": "x" * 1001}, "Write at most 1000 characters."),
    ],
)
def test_what_cannot_be_read_is_explained_and_the_rest_stays_typed(coordinator_client, typed, told):
    case = cases.drafted()

    answer = press(coordinator_client, case, "agreement_ours", **(OURS | days_of(case) | typed))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert told in page
    assert OURS["measure"] in page
    assert text_of(case).content["wants"]["measure"]["ours"] == ""


def test_what_was_typed_into_an_old_text_stays_in_the_form(coordinator_client):
    case = cases.whole()
    old = text_of(case).digest
    agreement.change_answers(case, answers={"aim": "A", "measure": "B", "test": "C"}, seen=old)

    answer = press(
        coordinator_client, case, "agreement_ours", **(OURS | days_of(case) | {"aim": "New.", "digest": old})
    )

    assert answer.status_code == 409
    assert "New." in answer.content.decode()
    assert text_of(case).content["wants"]["aim"]["ours"] == OURS["aim"]


@pytest.mark.parametrize("deed", ["agreement_ours", "agree_for_us", "change_subjects"])
def test_facilitators_and_strangers_do_none_of_it(client, facilitator_client, deed):
    case = cases.whole()
    before = text_of(case)

    assert press(client, case, deed, **OURS, **days_of(case)).status_code == 302
    assert press(facilitator_client, case, deed, **OURS, **days_of(case)).status_code == 403

    found = text_of(case)
    assert (found.digest, found.ours_at) == (before.digest, None)


def test_the_file_is_for_the_desk(client, facilitator_client):
    address = reverse("admin:visits_visitrequest_agreement_pdf", args=[cases.settled().pk])

    assert client.get(address).status_code == 302
    assert facilitator_client.get(address).status_code == 403


def test_another_subject_asks_both_again(coordinator_client):
    case = visits_cases.confirmed()
    area, offering = AreaFactory(name_en="Patient safety"), OfferingFactory()

    answer = press(coordinator_client, case, "change_subjects", areas=[area.pk], offerings=[offering.pk])

    assert answer.status_code == 302
    assert list(case.areas.all()) == [area]
    assert (text_of(case).number, agreement.is_settled(case)) == (2, False)
    case.refresh_from_db()
    assert case.state == S.CONFIRMED


def test_the_earlier_versions_are_listed(coordinator_client):
    page = page_of(coordinator_client, cases.reopened())

    assert "Earlier versions" in page
    assert "Both had agreed" in page


@pytest.mark.parametrize(
    ("make", "tab", "words"),
    [
        (cases.drafted, "ours", "Our turn: write the agreement"),
        (cases.theirs, "visitor", "Their turn: read the agreement by"),
        (cases.ours, "ours", "Our turn: read the agreement by"),
        (cases.reopened, "ours", "Together: both read the agreement again by"),
        (cases.settled, "ours", "Our turn: confirm people and rooms"),
    ],
)
def test_the_queue_the_count_and_the_head_of_the_page_say_the_same_turn(coordinator_client, make, tab, words):
    case = make()

    queue = {name: coordinator_client.get(f"/admin/?turn={name}").content.decode() for name in ("ours", "visitor")}
    counts = Counts()

    row = f'/change/">{case.organisation_name}</a><small>'
    assert {name for name, html in queue.items() if row in html} == {tab}
    assert (counts.ours.count, counts.visitor.count) == ((1, 0) if tab == "ours" else (0, 1))
    assert words in page_of(coordinator_client, case)


def test_a_confirmed_visit_stands_with_us_while_both_read_again(coordinator_client):
    case = visits_cases.confirmed()
    assert Counts().ours.count == 0

    cases.grow(case)

    page = coordinator_client.get("/admin/?turn=ours").content.decode()
    assert "Confirmed, and something has changed: read the agreement again" in page
    assert (Counts().ours.count, Counts().confirmed.count) == (1, 1)


def test_a_new_host_is_the_named_person_of_a_draft(coordinator_client, manager):
    case = cases.drafted()

    coordinator_client.post(
        reverse("admin:visits_visitrequest_deed", args=[case.pk, "hand_over"]),
        {"seen": VisitRequest.objects.get(pk=case.pk).version, "to": manager.pk},
    )

    assert text_of(case).content["persons"]["ours"]["name"] == "Gun Berg"
