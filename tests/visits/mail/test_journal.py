"""The relay's journal: a mailbox in which a copy of each accepted mail arrives, read once and remembered."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from tests.visits.mail.imap import Imap, serving
from tests.visits.mail.sink import owed, plain
from visits import outbox
from visits.choices import MessageState
from visits.models import Message
from visits.outbox import journal as journals
from visits.outbox import mailboxes
from visits.outbox.journal import MailboxJournal, NoJournal, relay_journal
from visits.outbox.mailboxes import Mailbox, MailboxDown, mailbox_at


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    for part in ("new", "cur", "tmp"):
        (tmp_path / part).mkdir()
    return tmp_path


@pytest.fixture(autouse=True)
def every_question_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journals, "FRESH", -1.0)


def copy_of(key: str) -> bytes:
    return f"Subject: A\r\nX-Qulturum-Key:\r\n {key}\r\n\r\nX-Qulturum-Key: not-a-header\r\n".encode()


def delivered(maildir: Path, name: str, key: str, part: str = "new") -> Path:
    path = maildir / part / name
    path.write_bytes(copy_of(key))
    return path


def journal_of(box: Mailbox, minutes: int = 0) -> MailboxJournal:
    return MailboxJournal(box, timedelta(minutes=minutes))


def test_a_copy_in_the_maildir_says_that_the_mail_went(maildir: Path) -> None:
    delivered(maildir, "1.a.host", "received:request-1::visitor")
    delivered(maildir, "2.b.host:2,S", "received:request-2::visitor", part="cur")
    journal = journal_of(mailbox_at(f"maildir://{maildir}"))

    asked = [f"received:request-{n}::visitor" for n in (1, 2, 3)]

    assert [journal.was_accepted(key) for key in [*asked, "not-a-header"]] == [True, True, False, False]


def test_what_arrives_later_is_found_and_what_was_read_is_not_read_again(
    maildir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    head_of = mailboxes._head_of
    monkeypatch.setattr(mailboxes, "_head_of", lambda path, oldest: (read.append(path.name), head_of(path, oldest))[1])
    first = delivered(maildir, "1.a", "one")
    journal = journal_of(mailbox_at(f"maildir://{maildir}"))
    assert journal.was_accepted("two") is False

    first.rename(maildir / "cur" / "1.a:2,S")  # somebody has read it: it is the same mail
    delivered(maildir, "2.b", "two")

    assert journal.was_accepted("two") is True
    assert read == ["1.a", "2.b"]


def test_what_is_older_than_a_week_is_not_opened(maildir: Path) -> None:
    old = time.time() - 8 * 24 * 3600
    os.utime(delivered(maildir, "1.a", "one"), (old, old))

    assert journal_of(mailbox_at(f"maildir://{maildir}")).was_accepted("one") is False


def test_a_mailbox_that_is_gone_is_no_answer(tmp_path: Path) -> None:
    assert journal_of(mailbox_at(f"maildir://{tmp_path}/nowhere")).was_accepted("one") is None


def test_a_folder_on_a_server_is_read_from_where_the_last_look_ended(settings: Any) -> None:
    settings.EMAIL_TIMEOUT = 5
    server = Imap([copy_of("one"), copy_of("two")])
    with serving(server) as port:
        journal = journal_of(mailbox_at(f"imap://journal:p%40ss@127.0.0.1:{port}/Copies"))
        assert [journal.was_accepted(key) for key in ("one", "two", "three")] == [True, True, False]
        server.mails.append(copy_of("three"))

        assert journal.was_accepted("three") is True
        assert journal.was_accepted("four") is False

    assert server.signed_in == {("journal", '"p@ss"')}
    assert server.opened == {'"Copies"'}
    assert server.fetched == ["1,2", "3"]


def test_a_folder_that_was_made_anew_is_read_from_its_beginning(settings: Any) -> None:
    settings.EMAIL_TIMEOUT = 5
    server = Imap([copy_of("one"), copy_of("two")])
    with serving(server) as port:
        journal = journal_of(mailbox_at(f"imap://j:p@127.0.0.1:{port}/INBOX"))
        assert journal.was_accepted("three") is False
        server.valid, server.mails = 2, [copy_of("three")]

        assert journal.was_accepted("three") is True


def test_a_server_that_refuses_us_or_is_gone_is_no_answer(settings: Any) -> None:
    settings.EMAIL_TIMEOUT = 5
    server = Imap([], refuses=True)
    with serving(server) as port:
        box = mailbox_at(f"imap://j:p@127.0.0.1:{port}/INBOX")
        assert journal_of(box).was_accepted("one") is None
    assert journal_of(box).was_accepted("one") is None


@pytest.mark.parametrize("address", ["maildir:", "imap://", "https://example.org/inbox", "mbox:///var/mail"])
def test_an_address_that_is_no_mailbox_is_refused_with_a_word(address: str) -> None:
    with pytest.raises(ValueError, match="maildir:///folder"):
        mailbox_at(address)


def test_the_settings_name_the_journal_and_one_serves_the_process(settings: Any, maildir: Path) -> None:
    settings.QULTURUM_RELAY_JOURNAL = ""
    assert isinstance(relay_journal(), NoJournal)

    settings.QULTURUM_RELAY_JOURNAL, settings.QULTURUM_RELAY_JOURNAL_MINUTES = f"maildir://{maildir}", 7
    assert relay_journal() is relay_journal()
    assert relay_journal().patience == timedelta(minutes=7)


# -- What the sender makes of it -------------------------------------------------------


def abandoned(minutes: float) -> Message:
    (row,) = owed(1)
    ended = timezone.now() - timedelta(minutes=minutes)
    Message.objects.update(state=MessageState.SENDING, attempt=1, lease_until=ended)
    return row


def settle(settings: Any, maildir: Path) -> Message:
    settings.QULTURUM_RELAY_JOURNAL, settings.QULTURUM_RELAY_JOURNAL_MINUTES = f"maildir://{maildir}", 5
    outbox.deliver_due(timezone.now(), write=plain, seconds=-1)
    return Message.objects.get()


@pytest.mark.django_db
def test_a_yes_counts_at_once(settings: Any, maildir: Path) -> None:
    delivered(maildir, "1.a", abandoned(1).key)

    assert settle(settings, maildir).state == MessageState.SENT


@pytest.mark.django_db
def test_a_no_counts_when_a_copy_would_have_arrived(settings: Any, maildir: Path) -> None:
    abandoned(4)
    assert settle(settings, maildir).state == MessageState.SENDING
    Message.objects.update(lease_until=timezone.now() - timedelta(minutes=6))

    row = settle(settings, maildir)

    assert (row.state, row.deaths) == (MessageState.DUE, 1)


@pytest.mark.django_db
def test_a_journal_that_stays_away_leaves_it_to_staff(settings: Any, maildir: Path) -> None:
    abandoned(6)

    row = settle(settings, maildir / "nowhere")

    assert row.state == MessageState.UNCERTAIN


def test_mailbox_down_says_what_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(MailboxDown, match="No such file"):
        list(mailbox_at(f"maildir://{tmp_path}/nowhere").new_heads())
