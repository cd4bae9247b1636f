"""Mail that comes back: the report is read, the row says so, and so does the history of the visit."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest
from django.core import mail as django_mail
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from tests.factories import VisitRequestFactory
from tests.visits.mail.imap import Imap, serving
from visits import outbox, rounds
from visits.choices import MessageState
from visits.deeds import sentences
from visits.letters.envelope import enveloped
from visits.letters.writing import letter_of
from visits.models import HistoryEntry, Message, User
from visits.outbox import by_hand
from visits.outbox.keys import seal_of
from visits.outbox.mailboxes import LONGEST_MAIL
from visits.outbox.reports import report_in
from visits.outbox.returns import mark_returned

pytestmark = pytest.mark.django_db
KEY = "received:request-1::visitor"
STATUS = """Reporting-MTA: dns; mx.example.org
Arrival-Date: Mon, 30 Nov 2026 08:00:00 +0100

{receivers}"""
FAILED = """Original-Recipient: rfc822;ada@example.org
Final-Recipient: RFC822; ada@other.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <ada@other.example>: no such mailbox
"""


def returned(
    key: str = KEY, seal: str | None = None, receivers: str = FAILED, sent: str = "message/rfc822", more: str = ""
) -> bytes:
    """A report as mail servers write it, with the whole mail or its headers alone."""
    headers = f"Subject: A\nX-Qulturum-Key:\n {key}\nX-Qulturum-Seal: {seal_of(key) if seal is None else seal}\n"
    parts = ["Content-Type: text/plain\n\nIt did not go.\n",
             f"Content-Type: message/delivery-status\n\n{STATUS.format(receivers=receivers)}",
             f"Content-Type: {sent}\n\n{headers}\nthe text\n"]  # fmt: skip
    body = "".join(f"--b\n{part}\n" for part in parts)
    kind = 'multipart/report; report-type=delivery-status; boundary="b"'
    return f"From: <>\nSubject: Returned\n{more}MIME-Version: 1.0\nContent-Type: {kind}\n\n{body}--b--\n".encode()


@pytest.fixture
def box(settings: Any, tmp_path: Path) -> Path:
    for part in ("new", "cur", "tmp"):
        (tmp_path / part).mkdir()
    settings.QULTURUM_BOUNCES = f"maildir://{tmp_path}"
    return tmp_path


def arrives(box: Path, *mails: bytes) -> None:
    for number, mail in enumerate(mails):
        (box / "new" / f"{number}.mail").write_bytes(mail)


def sent_mail(state: MessageState = MessageState.SENT) -> Message:
    case = VisitRequestFactory()
    return Message.objects.create(
        key=KEY, kind="received", to_email="ada@example.org", language="en", request=case, state=state,
        due_at=timezone.now(), sent_at=timezone.now(),
    )  # fmt: skip


def take_in() -> int:
    return outbox.take_in_returns(timezone.now())


@pytest.mark.parametrize("sent", ["message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers"])
def test_a_mail_that_came_back_is_marked_with_the_reason_and_stands_in_the_history(box: Path, sent: str) -> None:
    row = sent_mail()
    arrives(box, returned(sent=sent))

    assert take_in() == 1

    row.refresh_from_db()
    assert (row.state, row.returned_at is not None) == (MessageState.RETURNED, True)
    assert row.problem.partition("\n")[2] == "5.1.1 550 5.1.1 <ada@other.example>: no such mailbox"
    (entry,) = HistoryEntry.objects.filter(request=row.request, what="mail_returned")
    assert sentences.line(entry).text == "A mail came back, because it could not be delivered: “We have your request”"
    assert "ada" not in str(entry.detail)


def test_a_report_that_comes_twice_is_told_once(box: Path) -> None:
    sent_mail()
    arrives(box, returned(), returned())

    assert take_in() == 1
    assert take_in() == 0
    assert HistoryEntry.objects.filter(what="mail_returned").count() == 1
    assert [path.name for path in (box / "cur").iterdir() if not path.name.endswith(":2,S")] == []
    assert list((box / "new").iterdir()) == []


@pytest.mark.parametrize("state", [MessageState.UNCERTAIN, MessageState.SENDING])
def test_what_came_back_had_gone(box: Path, state: MessageState) -> None:
    sent_mail(state)
    arrives(box, returned())

    assert take_in() == 1
    assert Message.objects.get().state == MessageState.RETURNED


def test_what_came_back_and_is_sent_again_is_another_mail_to_the_relay(box: Path, coordinator: User) -> None:
    """The relay has taken the first one: did the sender die over the second, its journal would answer for that."""
    row = sent_mail()
    arrives(box, returned())
    assert take_in() == 1
    row.refresh_from_db()

    by_hand.send_again(row, to_email="ada@right.example", by=coordinator)
    outbox.deliver_due(timezone.now(), write=lambda message, _at: enveloped(letter_of(message), message))

    (again,) = django_mail.outbox
    assert again.extra_headers["X-Qulturum-Key"] == f"{KEY}~1"
    (box / "new" / "late.mail").write_bytes(returned())  # about the first one, once more
    assert take_in() == 0
    row.refresh_from_db()
    assert (row.state, row.to_email) == (MessageState.SENT, "ada@right.example")
    (box / "new" / "other.mail").write_bytes(returned(key=f"{KEY}~1"))
    assert take_in() == 1
    row.refresh_from_db()
    assert row.state == MessageState.RETURNED


@pytest.mark.parametrize("state", [MessageState.UNCERTAIN, MessageState.FAILED])
def test_what_may_have_gone_is_sent_again_as_the_same_mail(coordinator: User, state: MessageState) -> None:
    row = sent_mail(state)

    by_hand.send_again(row, to_email=row.to_email, by=coordinator)

    row.refresh_from_db()
    assert (row.state, row.known_as) == (MessageState.DUE, KEY)


@pytest.mark.parametrize("state", [MessageState.DUE, MessageState.SKIPPED])
def test_what_never_went_cannot_come_back(box: Path, state: MessageState) -> None:
    sent_mail(state)
    arrives(box, returned())

    assert take_in() == 0
    assert Message.objects.get().state == state


DELAYED = FAILED.replace("Action: failed", "Action: delayed")
NESTED = b"Content-Type: multipart/report; boundary=b%d\n\n--b%d\n"
HOSTILE = {
    "a guessed key": returned(seal="0" * 32),
    "no seal": returned(seal=""),
    "another mail's seal": returned(seal=seal_of("received:request-2::visitor")),
    "only late": returned(receivers=DELAYED),
    "no receiver": returned(receivers="Action: failed\n"),
    "nothing": b"",
    "no mail": b"\x00\xff" * 500,
    "an answer of a person": b"From: ada@example.org\nSubject: Re: A\n\nI am away.\n",
    "a report without its parts": b"Content-Type: multipart/report; boundary=b\n\n--b--\n",
    "a report that ends early": returned()[:300],
    "a key as long as a book": returned(key="k" * 5000),
    "a key in no language": returned(key="\ud800".encode("utf-8", "surrogatepass").decode("latin-1")),
    "parts in parts in parts": b"".join(NESTED % (n, n) for n in range(4000)),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_report_of_ours_is_passed_over_with_a_line_in_the_log(
    box: Path, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    row = sent_mail()
    arrives(box, HOSTILE[name], returned())

    with caplog.at_level(logging.WARNING):
        came_back = take_in()

    assert came_back == 1  # the one behind it
    assert "0.mail" in caplog.text
    assert Message.objects.get().pk == row.pk
    assert list((box / "new").iterdir()) == []


def test_a_huge_report_is_read_up_to_a_size(box: Path) -> None:
    row = sent_mail()
    arrives(box, returned() + b"x" * LONGEST_MAIL * 2, returned(more="X: " + "y" * LONGEST_MAIL * 2 + "\n"))

    assert take_in() == 1

    row.refresh_from_db()
    assert row.state == MessageState.RETURNED


def test_what_a_server_says_is_cut_and_stands_on_one_line() -> None:
    said = "Diagnostic-Code: smtp; 550 " + "<b>no\u202e</b>" * 200
    report = report_in(returned(receivers=FAILED.partition("Diagnostic")[0] + said))

    assert report is not None
    assert len(report.reason) == 300
    assert "\n" not in report.reason
    assert "\u202e" not in report.reason


def test_a_mailbox_on_a_server_keeps_the_mark(settings: Any) -> None:
    settings.EMAIL_TIMEOUT = 5
    sent_mail()
    server = Imap([b"Subject: Re\r\n\r\nno\r\n", returned().replace(b"\n", b"\r\n")])
    with serving(server) as port:
        settings.QULTURUM_BOUNCES = f"imap://b:p@127.0.0.1:{port}/INBOX"
        assert take_in() == 1
        assert take_in() == 0

    assert server.seen == {1, 2}
    assert server.fetched == ["1", "2"]


def test_without_a_mailbox_nothing_is_read(settings: Any) -> None:
    settings.QULTURUM_BOUNCES = ""

    assert take_in() == 0


def test_a_mailbox_that_is_gone_fails_the_round_and_not_the_calendars(settings: Any, tmp_path: Path) -> None:
    settings.QULTURUM_BOUNCES = f"maildir://{tmp_path}/nowhere"

    assert rounds.calendars(timezone.now()) is False


def test_a_mail_tells_servers_where_it_returns_and_people_whom_it_is_from(settings: Any) -> None:
    settings.QULTURUM_BOUNCE_EMAIL = "returns@qulturum.example"
    row = sent_mail()

    written: EmailMultiAlternatives = enveloped(letter_of(row), row)
    written.send()

    assert written.from_email == "returns@qulturum.example"
    assert django_mail.outbox[0].message()["From"] == settings.DEFAULT_FROM_EMAIL
    assert django_mail.outbox[0].message()["X-Qulturum-Seal"] == seal_of(KEY)


def test_a_seal_of_a_former_secret_is_known(settings: Any) -> None:
    row = sent_mail()
    old = returned()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another-secret", [settings.SECRET_KEY]
    report = report_in(old)
    assert report is not None

    assert mark_returned(report, timezone.now()) is True
    assert Message.objects.get(pk=row.pk).state == MessageState.RETURNED
