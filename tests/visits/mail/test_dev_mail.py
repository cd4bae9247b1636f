"""The mailbox of a development portal: what it shows, and that nobody else finds it."""

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from tests.factories import VisitRequestFactory
from tests.visits.mail.cases import OWE
from visits import outbox, rounds

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailbox(settings, tmp_path):
    settings.DEBUG = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    return tmp_path


def filed(count: int) -> None:
    for _ in range(count):
        outbox.owe_visitor("received", VisitRequestFactory())
    rounds.deliver_due(timezone.now())


def pages(client) -> list[str]:
    listed = client.get(reverse("visits:dev_mail"))
    return [reverse("visits:dev_mail_one", args=[found.name]) for found in listed.context["mails"]]


def test_an_empty_mailbox_says_so(client, mailbox):
    assert "Nothing has been sent yet." in client.get("/dev/mail/").content.decode()


def test_each_mail_of_one_run_is_listed_and_opens(client, mailbox):
    filed(3)

    opened = [client.get(page) for page in pages(client)]

    assert [answer.status_code for answer in opened] == [200, 200, 200]
    assert len({answer.context["mail"].subject for answer in opened}) == 3
    for answer in opened:
        (link,) = answer.context["mail"].links
        assert f'<a href="{link}">' in answer.content.decode()


def test_the_drawn_part_is_shown_in_a_frame_that_runs_nothing(client, mailbox):
    filed(1)
    (page,) = pages(client)

    around, inside = client.get(page), client.get(f"{page}html/")

    assert "<iframe" in around.content.decode()
    assert " sandbox " in around.content.decode()
    assert "frame-src 'self'" in around.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in around.headers["Content-Security-Policy"]
    policy = inside.headers["Content-Security-Policy"]
    assert "style-src 'unsafe-inline'" in policy
    assert "script-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert inside.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "<!DOCTYPE html>" in inside.content.decode()


def test_what_was_typed_is_text_on_the_page_too(client, mailbox):
    OWE["enquiry"]("enquiry", "en")
    rounds.deliver_due(timezone.now())
    (page,) = pages(client)

    assert "<script>alert" not in client.get(page).content.decode()
    assert "<script>" not in client.get(f"{page}html/").content.decode()


def test_an_unknown_mail_is_not_found(client, mailbox):
    assert client.get("/dev/mail/0000/").status_code == 404


def test_nobody_finds_the_mailbox_in_production(client, mailbox, settings):
    filed(1)
    (page,) = pages(client)
    settings.DEBUG = False

    assert [client.get(one).status_code for one in ("/dev/mail/", page, f"{page}html/")] == [404, 404, 404]
    assert mail.outbox == []
