"""Rows of the table that no other test plays: each by its number there."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client, override_settings
from django.utils import timezone

from tests.conftest import visitor_of
from tests.effort import calls_of
from tests.visits.meeting import cases as meeting_cases
from tests.visits.request.story import WHO, answer, fill_in, hidden, when
from tests.visits.visitor import cases
from visits import enquiries, rules
from visits.choices import RequestState, Side
from visits.models import Enquiry, LedgerEntry, LookBack, Message, RoomFile, VisitRequest
from visits.rounds import deliver_due

pytestmark = pytest.mark.django_db
LINKS = [
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox",
    "file:///etc/passwd",
    "http://127.0.0.1/",
    "http://[::1]/",
    "http://169.254.169.254/",
    "ftp://files.test",
    "https://user:pw@x.se",
    "//evil.test",
    "https:evil.test",
    "https://portal.test@evil.test",
]


@pytest.mark.parametrize("link", LINKS)
def test_an_address_of_a_website_is_text_that_leads_nowhere(link):  # B057, B058, B059, B060
    visit_request = cases.submitted(organisation_name=f"Tayford {link}", aim=link)

    page = visitor_of(visit_request).get(visit_request.get_absolute_url()).text

    assert f'href="{link}' not in page
    assert VisitRequest.objects.get().aim == link


@pytest.mark.parametrize(
    "words", ["[Click](http://evil.test)", "http://evil.test", '<a href="http://evil.test">', "Your account: evil.test"]
)
def test_no_visitors_words_are_made_a_link_in_a_mail_to_others(coordinator, words):  # B066
    enquiries.receive(Enquiry(name="Aileen", email="aileen@tayford.example", text=words, language="en"))
    deliver_due(timezone.now())

    html = mail.outbox[0].alternatives[0][0]

    assert "evil" in html
    assert 'href="http://evil.test' not in html
    assert 'href="evil.test' not in html


def test_markup_that_nests_without_end_is_text_at_once():  # B068
    nested, plain = (
        cases.submitted(aim=aim, organisation_name="[x](javascript:alert(1))") for aim in (">[" * 500, "ab" * 500)
    )
    pages, calls = [], []
    for visit_request in (nested, plain):
        client = visitor_of(visit_request)
        pages.append(client.get(visit_request.get_absolute_url()).text)
        calls.append(calls_of(lambda c=client, v=visit_request: c.get(v.get_absolute_url())))

    assert calls[0] < 1.5 * calls[1]  # what nests is read once, as any text of its length
    assert "<p>" + "&gt;[" * 500 + "</p>" in pages[0]
    assert 'href="javascript' not in pages[0]


@pytest.mark.parametrize(
    "address",
    [
        "/initiatives/?method=abc",
        "/initiatives/?method=" + "9" * 400,
        "/initiatives/?method=1&method=2",
        "/programmes/?role=abc&time=9&where=%F0%9F%91%A9",
        "/visit/new/when/?month=9999-99&choice=" + "9" * 40,
        "/find/?sent=" + "x" * 5000,
        "/certificate/?number=" + "9" * 400,
        "/areas/" + "9" * 300 + "/",
    ],
)
def test_a_filter_that_makes_no_sense_never_breaks_a_page(address):  # B078
    assert Client().get(address, follow=True).status_code in {200, 404, 422}


@pytest.mark.parametrize("address", ["/initiatives/?method=%00", "/programmes/?role=%FF%FE"])
def test_a_filter_that_is_no_text_gets_a_sentence(address):  # B078
    response = Client().get(address)

    assert response.status_code == 400
    assert "There was a sign in it that is not text" in response.text


@pytest.mark.parametrize("address", ["/", "/visit/new/who/", "/healthz", f"/schedule/calendar/{'a' * 43}.ics"])
def test_no_other_site_may_read_what_we_answer(address):  # B108
    response = Client().get(address, HTTP_ORIGIN="https://evil.test")

    assert "Access-Control-Allow-Origin" not in response


@pytest.mark.parametrize("host", ["testserver:1337", "testserver"])
def test_links_in_mail_lead_to_the_site_that_is_configured(host):  # B109, B110
    client = Client(headers={"host": host})
    client.post("/visit/new/who/", {**hidden(client.get("/visit/new/who/")), **WHO, "save": "later"})
    deliver_due(timezone.now())

    assert Message.objects.get().kind == "draft_link"
    assert "http://testserver/d/" in mail.outbox[0].body
    assert "1337" not in mail.outbox[0].body


def test_a_forged_proxy_dodges_no_limit():  # B111
    codes = [
        Client(headers={"x-forwarded-for": f"10.0.0.{number}"})
        .post("/find/", {"email": f"one{number}@tayford.example"})
        .status_code
        for number in range(22)
    ]

    assert codes[:20] == [302] * 20
    assert codes[20:] == [429] * 2


def test_a_page_with_what_somebody_wrote_is_in_no_shared_cache():  # B112
    client = Client()
    answer(client, "who", WHO)

    for step in ("who", "check", "save"):
        kept = client.get(f"/visit/new/{step}/")["Cache-Control"]
        assert {"private", "no-store"} <= {part.strip() for part in kept.split(",")}


@pytest.mark.parametrize("address", ["who", "learn", "check", "sent", "save"])
def test_looking_at_a_page_of_a_request_changes_nothing(address):  # B131
    client = Client()
    fill_in(client)
    before = VisitRequest.objects.values().get()

    for method in (client.get, client.head):
        method(f"/visit/new/{address}/", {"asked": "on", "save": "later", "change": "address"})

    assert VisitRequest.objects.values().get() == before
    assert not Message.objects.exists()


@pytest.mark.parametrize("page", ["withdraw/", "cancel/", "yes/"])
def test_a_scanner_that_opens_a_page_that_ends_something_ends_nothing(page):  # B131
    visit_request = cases.proposed() if page == "yes/" else cases.agreed()
    client = visitor_of(visit_request)

    for method in (client.get, client.head):
        method(visit_request.get_absolute_url() + page)

    assert VisitRequest.objects.get().state == visit_request.state


def test_of_one_question_with_two_answers_the_last_one_counts():  # B153
    client = Client()
    body = {**hidden(client.get("/visit/new/who/")), **WHO, "group_size": ["5", "50"]}

    response = client.post("/visit/new/who/", body)

    assert response.status_code == 302
    assert VisitRequest.objects.get().group_size == 50


def test_a_stay_of_more_than_five_days_cannot_be_asked_for():  # B036, B037
    client = Client()

    response = answer(client, "when", {**when(), "length": "60"})

    assert response.status_code == 422
    assert VisitRequest.objects.get().length == ""


@pytest.mark.parametrize("name", ["null", "None", "undefined", "NaN", "true", "0"])
def test_a_name_that_a_program_might_take_for_nothing_is_a_name(name):  # B024
    client = Client()
    answer(client, "who", {**WHO, "organisation_name": name})

    assert f'value="{name}"' in client.get("/visit/new/who/").text
    assert name in client.get("/visit/new/check/").text


# -- Over midnight ---------------------------------------------------------------------


def _at_check(clock, moment: str) -> tuple[Client, dict[str, str]]:
    """Somebody at the last page, on the last evening on which their first day is in time."""
    clock.move_to(moment)
    client = Client()
    first = rules.earliest_first_day(timezone.localdate())
    fill_in(client, when=when(first))
    page = client.get("/visit/new/check/")
    opened = page.text.partition('name="opened" value="')[2].partition('"')[0]
    return client, {**hidden(page), "opened": opened, "asked": "on"}


def test_a_page_that_was_opened_before_midnight_is_judged_by_that_day(time_machine):  # B137
    client, form = _at_check(time_machine, "2026-11-09T22:50:00Z")

    time_machine.move_to("2026-11-09T23:10:00Z")
    client.post("/visit/new/check/", form)

    draft = VisitRequest.objects.get()
    assert draft.state == RequestState.UNVERIFIED
    assert draft.submitted_on.isoformat() == "2026-11-09"


@pytest.mark.parametrize(
    ("hours", "change"), [(13, {}), (1, {"opened": "2020-01-01T00:00:00+00:00:forged"}), (1, {"opened": ""})]
)
def test_a_page_of_long_ago_or_of_nobody_is_judged_by_today(time_machine, hours, change):  # B137
    client, form = _at_check(time_machine, "2026-11-09T22:50:00Z")

    time_machine.shift(timedelta(hours=hours))
    response = client.post("/visit/new/check/", {**form, **change})

    assert response.status_code == 422
    assert "Choose a day from" in response.text
    assert VisitRequest.objects.get().state == RequestState.DRAFT


@override_settings(ALLOWED_HOSTS=["testserver"])
def test_an_unknown_host_makes_no_mail():  # B109
    client = Client(headers={"host": "evil.test"})

    assert client.post("/find/", {"email": "aileen@tayford.example"}).status_code == 400
    assert not Message.objects.exists()


# -- Files of a room -------------------------------------------------------------------


@pytest.fixture
def room(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    visit_request = meeting_cases.opened()
    return visit_request, *meeting_cases.Doors(visit_request)["staff"]


@pytest.mark.parametrize("number", [6, 11, 101])
def test_one_file_is_taken_at_a_time_and_none_of_a_heap(room, number):  # B090, B093
    _visit_request, client, address = room
    heap = [meeting_cases.upload(f"{one}.exe") for one in range(number - 1)]

    response = client.post(address, {"do": "add_file", "file": [*heap, meeting_cases.upload("last.pdf")]})

    assert response.status_code in {302, 400, 422}
    assert [file.name for file in RoomFile.objects.all()] in ([], ["last.pdf"])


def test_a_thousand_parts_of_a_file_are_the_file_once(room):  # B095
    visit_request, _client, _address = room
    file = meeting_cases.stored(meeting_cases.desk(visit_request))
    visitor = visitor_of(visit_request)
    ranges = "bytes=" + ",".join(["0-0"] * 1000)

    response = visitor.get(f"{visit_request.get_absolute_url()}room/files/{file.pk}/", headers={"range": ranges})

    assert response.status_code in {200, 416}
    assert len(b"".join(response.streaming_content)) <= len(meeting_cases.PDF)


def test_a_picture_of_a_billion_points_is_never_unfolded(room):  # B084
    visit_request, client, address = room
    reader, calls = visitor_of(visit_request), []

    for number, side in enumerate((1, 1, 50_000)):  # the first one warms what is kept for the others
        header = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + side.to_bytes(4, "big") * 2 + b"\x08\x06\0\0\0"
        upload = meeting_cases.upload(f"{number}.png", header)
        calls.append(calls_of(lambda file=upload: client.post(address, {"do": "add_file", "file": file})))
        calls[-1] += calls_of(lambda: reader.get(f"{visit_request.get_absolute_url()}room/"))

    assert calls[2] < 1.5 * calls[1]  # read as a picture of one point is


# -- The table to take home ------------------------------------------------------------


def _cell_of(words: str) -> str:
    """What stands in the table for a lesson of these words, as a spreadsheet reads it."""
    visit_request = cases.completed()
    visit = visit_request.visit
    told = LookBack.objects.create(visit=visit, side=Side.GUESTS, author_name="Aileen", shared_at=timezone.now())
    LedgerEntry.objects.create(visit=visit, look_back=told, learner=Side.GUESTS, number=1, words=words)
    response = visitor_of(visit_request).get(f"{visit_request.get_absolute_url()}ledger.csv")
    assert response.content.startswith(b"\xef\xbb\xbf")
    _head, row = csv.reader(io.StringIO(response.content.decode("utf-8-sig"), newline=""))
    return row[1]


@pytest.mark.parametrize(
    "words", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("x")', "＝1+1", "＋1", "＠x"]
)
def test_a_cell_that_a_spreadsheet_would_reckon_is_read_as_text(words):  # B073
    assert _cell_of(words) == f"'{words}"


@pytest.mark.parametrize("words", ['say "yes", then; go', "two\nlines", "👩‍⚕️ ja; nej", "Jönköping", "a=b", "1-2"])
def test_a_cell_with_anything_in_it_comes_back_as_it_was(words):  # B074
    assert _cell_of(words) == words
