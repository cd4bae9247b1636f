from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from tests.factories import CoordinatorFactory, DraftFactory, ProgrammeFactory, UserFactory, VisitRequestFactory
from tests.visits.request.story import BRING, WHO, answer, problems
from visits import access, drafts
from visits.choices import LinkPurpose, MessageState, RequestState
from visits.models import Enquiry, Message, VisitRequest

pytestmark = pytest.mark.django_db
MESSAGE = {"name": "Aileen Munro", "email": "aileen@tayford.example", "text": "Could we come in January?"}


def mails(kind: str) -> list[str]:
    return list(Message.objects.filter(kind=kind, state=MessageState.DUE).values_list("to_email", flat=True))


def resume_address(draft: VisitRequest) -> str:
    return f"/d/{access.token(draft.links.get(purpose=LinkPurpose.DRAFT))}/"


def test_saving_for_later_mails_the_way_back():
    client = Client()

    response = answer(client, "who", {**WHO, "save": "later"})

    assert response.url == "/visit/new/save/"
    assert mails("draft_link") == ["aileen@tayford.example"]
    assert "aileen@tayford.example" in client.get(response.url).content.decode()


def test_saving_for_later_asks_for_nothing_but_an_address():
    client = Client()
    response = answer(client, "bring", {"brings": "Half a story", "save": "later"})
    assert "Where shall we send the link?" in client.get(response.url).content.decode()

    wrong = client.post("/visit/new/save/", {"email": "aileen"})
    right = client.post("/visit/new/save/", {"email": "aileen@tayford.example"})

    assert (wrong.status_code, problems(wrong)) == (422, ["Write an e-mail address, like name@hospital.org."])
    assert right.url == "/visit/new/save/"
    assert VisitRequest.objects.get().brings == "Half a story"
    assert mails("draft_link") == ["aileen@tayford.example"]


def test_saving_for_later_keeps_what_cannot_be_read_and_asks_for_the_address():
    client = Client()

    response = answer(client, "who", {**WHO, "contact_email": "aileen@", "save": "later"})

    assert response.url == "/visit/new/save/"
    assert "Where shall we send the link?" in client.get(response.url).content.decode()
    assert 'value="aileen@"' in client.get("/visit/new/who/").content.decode()
    assert mails("draft_link") == []


def test_the_link_opens_the_draft_in_another_browser_when_its_button_is_pressed():
    answer(Client(), "who", {**WHO, "save": "later"})
    address, other = resume_address(VisitRequest.objects.get()), Client()

    opened = other.get(address)
    assert opened.status_code == 200
    assert "draft" not in opened.cookies
    assert "Tayford" not in opened.content.decode()

    assert other.post(address).url == "/visit/new/"
    assert "Tayford Health Board" in other.get("/visit/new/who/").content.decode()


def test_a_draft_of_more_than_thirty_days_is_gone():
    client = Client()
    answer(client, "who", WHO)
    address = resume_address(VisitRequest.objects.get())

    with time_machine.travel(timezone.now() + timedelta(days=31)):
        opened = Client().get(address)
        assert opened.status_code == 410
        assert "Tayford" not in opened.content.decode()
        assert "Tayford" not in client.get("/visit/new/who/").content.decode()


def test_a_link_to_a_request_that_was_sent_says_so():
    draft = VisitRequestFactory()
    link = access.issue(LinkPurpose.DRAFT, request=draft)

    response = Client().post(f"/d/{access.token(link)}/")

    assert response.status_code == 410
    assert "Your request has been sent" in response.content.decode()


def test_a_link_for_another_purpose_opens_no_draft():
    link = access.issue(LinkPurpose.VERIFY, request=DraftFactory())

    assert Client().post(f"/d/{access.token(link)}/").status_code == 404


def test_finding_a_visit_mails_everything_of_that_address_in_one_mail():
    known = "Aileen@Tayford.example"
    visit, draft = VisitRequestFactory(contact_email=known), DraftFactory(contact_email=known.lower())
    VisitRequestFactory()
    DraftFactory(contact_email=known, state=RequestState.EXPIRED)

    Client().post("/find/", {"email": "aileen@tayford.example"})

    mail = Message.objects.get(kind="find")
    assert (mail.to_email, mail.state) == ("aileen@tayford.example", MessageState.DUE)
    assert mail.data == {"requests": sorted([visit.pk, draft.pk]), "people": []}


def test_a_known_and_an_unknown_address_get_the_same_answer(django_assert_num_queries):
    VisitRequestFactory(contact_email="known@tayford.example")
    answers = []

    for email in ("known@tayford.example", "unknown@tayford.example"):
        client = Client()
        with django_assert_num_queries(6):
            response = client.post("/find/", {"email": email})
        page = client.get(response.url).content.decode()
        answers.append((response.status_code, response.url, page.split("csrfmiddlewaretoken")[0]))

    assert answers[0] == answers[1]
    assert mails("find") == ["known@tayford.example"]


def test_finding_too_often_is_slowed_down_and_keeps_the_address():
    client = Client()

    responses = [client.post("/find/", {"email": "aileen@tayford.example"}) for _try in range(5)]

    assert [response.status_code for response in responses] == [302] * 4 + [429]
    assert 'value="aileen@tayford.example"' in responses[-1].content.decode()


@pytest.mark.parametrize(("address", "sooner"), [("/visit/sooner/", True), ("/contact/", False)])
def test_a_message_is_kept_and_told_to_every_coordinator(address, sooner):
    coordinators = [CoordinatorFactory(), CoordinatorFactory()]
    CoordinatorFactory(is_active=False)
    UserFactory()
    client = Client()
    opened = client.get(address).content.decode().split('name="opened" value="')[1].split('"')[0]

    with time_machine.travel(timezone.now() + timedelta(seconds=5)):
        response = client.post(address, {**MESSAGE, "opened": opened})

    enquiry = Enquiry.objects.get()
    assert (enquiry.about_sooner, enquiry.text, enquiry.language) == (sooner, MESSAGE["text"], "en")
    assert sorted(mails("enquiry")) == sorted(user.email for user in coordinators)
    assert "Your message has reached us" in client.get(response.url).content.decode()


@pytest.mark.parametrize("extra", [{}, {"opened": "forged"}, {"website": "http://spam.example"}])
def test_a_message_that_a_machine_writes_is_not_sent(extra):
    response = Client().post("/contact/", {**MESSAGE, **extra})

    assert response.status_code == 422
    assert MESSAGE["text"] in response.content.decode()
    assert not Enquiry.objects.exists()


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/contact/?about=round&programme=fellowship", "Please tell me when the next round of Fellowship begins."),
        (
            "/sv/contact/?about=round&programme=fellowship",
            "Berätta gärna för mig när nästa omgång av Fellowship börjar.",
        ),
        ("/contact/?about=round&programme=purple", ""),
        ("/contact/?programme=fellowship", ""),
    ],
)
def test_whoever_asks_about_a_round_has_its_programme_in_the_message(address, words):
    ProgrammeFactory(slug="fellowship", name_en="Fellowship", name_sv="Fellowship")

    page = Client().get(address)

    assert page.context["form"]["text"].value() == words


def test_nobody_is_asked_twice_who_has_a_draft():
    client = Client()
    answer(client, "who", WHO)

    assert 'value="Aileen Munro"' in client.get("/contact/").content.decode()


def test_swedish_pages_speak_swedish():
    client = Client()

    page = client.get("/sv/visit/new/when/").content.decode()

    assert "När vill ni komma?" in page
    assert "tre månader att förbereda oss tillsammans" in page


def test_an_expired_draft_can_be_copied_with_everything_in_it():
    old = DraftFactory(state=RequestState.EXPIRED)
    drafts.save(access.issue(LinkPurpose.DRAFT, request=DraftFactory()), drafts.Answers(fields=BRING), language="en")

    link = drafts.start_again(old)

    assert link.request is not None
    assert (link.request.state, link.request.brings) == ("draft", old.brings)
