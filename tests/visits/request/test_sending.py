from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from tests.factories import DraftFactory
from tests.races import at_once, tally
from tests.visits.request.story import (
    BRING,
    LEARN,
    NEEDS,
    WHO,
    answer,
    fill_in,
    hidden,
    open_day,
    problems,
    send,
    verify_address,
    when,
)
from visits import drafts, words, workflow
from visits.models import Message, Visitor, VisitRequest

pytestmark = pytest.mark.django_db


def only() -> VisitRequest:
    return VisitRequest.objects.get()


def mails(kind: str) -> list[str]:
    return list(Message.objects.filter(kind=kind).values_list("to_email", flat=True))


def test_sending_owes_the_mail_that_confirms_the_address():
    client = Client()
    fill_in(client)

    response = send(client)

    assert response.url == "/visit/new/sent/"
    assert (only().state, only().reference, only().submitted_at) == ("unverified", None, None)
    assert mails("verify") == ["aileen@tayford.example"]
    assert "aileen@tayford.example" in client.get(response.url).content.decode()


def test_the_answers_are_read_through_before_they_are_sent():
    client = Client()
    fill_in(client, needs={**NEEDS, "step_free": "1"})

    page = client.get("/visit/new/check/").content.decode()

    for said in (
        "Tayford Health Board, United Kingdom",
        "6 people: nurses and care staff, patients or relatives",
        BRING["brings"],
        "Step-free routes for 1",
        "2 vegetarian",
        f"week {open_day().isocalendar().week}",
    ):
        assert said in page
    assert page.count("Not provided") == 3  # phone, travel, anything else


def test_the_first_choice_is_the_day_on_which_we_meet_even_when_another_is_sooner():
    client = Client()
    fill_in(client, when=when(open_day(8)))
    answer(client, "when", when(open_day(2)), "?choice=2")

    page = client.get("/visit/new/check/").content.decode()

    assert f"<strong>{words.plain_day(open_day(8))}.</strong> We meet, if your first choice fits." in page


def test_a_draft_with_gaps_is_not_sent_and_each_gap_leads_to_its_question():
    client = Client()
    answer(client, "when", when())

    shown = client.get("/visit/new/check/").content.decode()
    response = send(client)

    assert "Still to answer" in shown
    assert response.status_code == 422
    assert "Tell us one thing you could share. A question counts." in problems(response)
    assert 'href="/visit/new/bring/?change=1#id_brings"' in response.content.decode()
    assert (only().state, mails("verify")) == ("draft", [])


@pytest.mark.parametrize(("left", "offered"), [(("bring",), False), (("who", "learn", "bring"), True)])
def test_whoever_began_in_the_middle_can_answer_what_is_left_in_order(left, offered):
    client = Client()
    steps = {"who": WHO, "learn": LEARN, "bring": BRING, "when": when(), "needs": NEEDS}
    for step in steps.keys() - set(left):
        answer(client, step, steps[step])

    page = client.get("/visit/new/check/").content.decode()

    assert ('href="/visit/new/">Answer them in order</a>' in page) is offered
    assert client.get("/visit/new/").url == f"/visit/new/{left[0]}/"


def test_the_group_is_asked_first():
    client = Client()
    fill_in(client)

    response = client.post("/visit/new/check/", hidden(client.get("/visit/new/check/")))

    assert response.status_code == 422
    assert problems(response) == ["Ask the people in your group first, and tick the box when you have."]
    assert only().state == "draft"


def test_a_double_press_sends_once():
    client = Client()
    fill_in(client)
    form = {**hidden(client.get("/visit/new/check/")), "asked": "on"}

    responses = [client.post("/visit/new/check/", form) for _press in range(3)]

    assert [response.url for response in responses] == ["/visit/new/sent/"] * 3
    assert (VisitRequest.objects.count(), mails("verify")) == (1, ["aileen@tayford.example"])


def test_what_was_changed_in_another_window_is_read_before_it_is_sent():
    client = Client()
    fill_in(client)
    stale = {**hidden(client.get("/visit/new/check/")), "asked": "on"}
    answer(client, "bring", {**BRING, "brings": "Changed meanwhile"})

    response = client.post("/visit/new/check/", stale)

    assert response.status_code == 409
    assert "Your answers were changed in another window" in response.content.decode()
    assert "Changed meanwhile" in response.content.decode()
    assert (only().state, mails("verify")) == ("draft", [])


def test_a_day_that_has_come_too_close_is_told_at_its_section():
    with time_machine.travel(timezone.now() - timedelta(days=20)):
        client = Client()
        fill_in(client, when=when(open_day(1)))

    response = send(client)

    assert response.status_code == 422
    assert problems(response)[0].startswith("Choose a day from ")
    assert 'class="sum group-error"' in response.content.decode()
    assert only().state == "draft"


def test_the_address_can_be_mended_while_nobody_has_read_the_request():
    client = Client()
    fill_in(client)
    send(client)
    old = verify_address(only())

    response = client.post("/visit/new/sent/", {"change": "address"})

    assert response.url == "/visit/new/who/"
    assert only().state == "draft"
    assert client.get(old).status_code == 410

    answer(client, "who", {**fill(client), "contact_email": "a.munro@tayford.example"})
    send(client)
    assert mails("verify") == ["a.munro@tayford.example", "aileen@tayford.example"]


def fill(client: Client) -> dict[str, object]:
    draft = only()
    names = ("organisation_name", "organisation_kind", "contact_name", "contact_role", "group_size", "professions")
    return {**{name: getattr(draft, name) for name in names}, "country": "GB", "language": "en"}


def test_the_mail_is_sent_again_at_most_once_a_minute():
    client = Client()
    fill_in(client)
    send(client)

    pages = [client.post("/visit/new/sent/").content.decode() for _press in range(2)]

    assert all("We have sent it again" in page for page in pages)
    assert len(mails("verify")) == 2


def test_opening_the_link_changes_nothing_and_the_button_sends():
    client = Client()
    fill_in(client)
    send(client)
    address = verify_address(only())
    scanner = Client()

    for response in (scanner.get(address), scanner.head(address), scanner.get(f"{address[:-1]}./")):
        assert response.status_code == 200
        assert "sessionid" not in response.cookies
    assert only().state == "unverified"

    response = scanner.post(address)
    assert (only().state, response.url) == ("submitted", f"/my/{only().reference}/")
    assert scanner.get(response.url).status_code == 200
    assert mails("received") == ["aileen@tayford.example"]


def test_a_double_press_of_the_button_in_the_mail_opens_one_request():
    client = Client()
    fill_in(client)
    send(client)
    address = verify_address(only())

    first, second = Client().post(address), Client().post(address)

    assert first.url == second.url == f"/my/{only().reference}/"
    assert (Visitor.objects.count(), mails("received")) == (1, ["aileen@tayford.example"])


def test_a_used_link_offers_a_new_one_by_mail_and_shows_nothing():
    client = Client()
    fill_in(client)
    send(client)
    address = verify_address(only())
    Client().post(address)

    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        finder = Client()
        page = finder.get(address)
        again = finder.post(address)

        assert (page.status_code, again.status_code) == (410, 200)
        assert "This link has been used" in page.content.decode()
        assert "aileen" not in page.content.decode() + again.content.decode()
        assert "sessionid" not in again.cookies
        assert mails("find") == ["aileen@tayford.example"]


@pytest.mark.parametrize("token", ["a" * 43, "short", "../x", "%3Cscript%3E"])
def test_a_wrong_link_says_so(token):
    for response in (Client().get(f"/verify/{token}/"), Client().post(f"/verify/{token}/")):
        assert response.status_code == 404


def test_guessing_links_is_slowed_down():
    client = Client()

    codes = [client.get(f"/verify/{'a' * 40}{n:03d}/").status_code for n in range(62)]

    assert (codes[0], codes[-1]) == (404, 429)


def test_a_link_of_last_week_can_be_renewed_and_then_begun_again():
    client = Client()
    fill_in(client)
    send(client)
    address = verify_address(only())
    request = only()

    with time_machine.travel(timezone.now() + timedelta(days=8)):
        page = Client().get(address)
        assert (page.status_code, "older than seven days" in page.content.decode()) == (410, True)
        Client().post(address)
        assert len(mails("verify")) == 2

        workflow.expire(request)
        other = Client()
        assert other.post(address).url == "/visit/new/check/"
        again = VisitRequest.objects.get(state="draft")
        assert (again.brings, drafts.wishes(again)) == (request.brings, drafts.wishes(request))
        assert "Tayford Health Board" in other.get("/visit/new/check/").content.decode()


def test_after_sending_every_page_of_the_draft_leads_to_the_mail():
    client = Client()
    fill_in(client)
    send(client)

    for page in ("", "who/", "when/", "check/", "save/"):
        assert client.get(f"/visit/new/{page}").url == "/visit/new/sent/"


def test_after_verifying_a_new_request_can_be_begun():
    client = Client()
    fill_in(client)
    send(client)
    client.post(verify_address(only()))

    assert client.get("/visit/new/").url == "/visit/new/who/"
    fill_in(client)
    assert sorted(VisitRequest.objects.values_list("state", flat=True)) == ["draft", "submitted"]


def test_going_back_after_the_mail_was_answered_elsewhere_says_that_it_is_sent():
    client = Client()
    fill_in(client)
    stale = {**hidden(client.get("/visit/new/check/")), "asked": "on"}
    send(client)
    Client().post(verify_address(only()))

    for response in (client.get("/visit/new/check/"), client.post("/visit/new/check/", stale)):
        assert response.url == "/visit/new/sent/"
    assert "Your request has been sent" in client.get("/visit/new/sent/").content.decode()
    assert client.get("/visit/new/check/", follow=True).status_code == 200
    assert Client().get("/visit/new/check/", follow=True).redirect_chain[-1][0] == "/visit/new/who/"


def test_too_many_sendings_are_slowed_down_and_nothing_is_lost():
    for _n in range(6):
        client = Client()
        fill_in(client)
        assert send(client).status_code == 302

    client = Client()
    fill_in(client)
    response = send(client)

    assert response.status_code == 429
    assert BRING["brings"] in response.content.decode()
    assert VisitRequest.objects.filter(state="draft").count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_many_presses_at_once_exactly_one_sends():
    draft = DraftFactory()
    copies = [VisitRequest.objects.get(pk=draft.pk) for _press in range(6)]
    deeds = [partial(drafts.send, copy, today=timezone.localdate()) for copy in copies]

    outcomes = at_once(deeds, (workflow.MoveRefused,))

    assert tally(outcomes) == {"done": 1, "MoveRefused": 5}
    assert len(mails("verify")) == 1
