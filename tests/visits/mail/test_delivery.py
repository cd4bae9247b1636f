"""Each row is sent once, whatever the mail server does."""

import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import OperationalError
from django.utils import timezone

from tests.factories import AskFactory, VisitRequestFactory
from tests.races import at_once
from tests.visits.mail import sink as sinks
from tests.visits.mail.sink import Sink, owed, plain
from visits import outbox
from visits.choices import MessageState
from visits.deeds import sentences
from visits.models import HistoryEntry, Message
from visits.models.kept import KeptUpdate
from visits.outbox import delivery
from visits.outbox.delivery import CHUNK

pytestmark = pytest.mark.django_db
SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture
def sink(settings) -> Iterator[Sink]:
    sink = Sink()
    with sinks.running(sink) as port:
        use(settings, port)
        yield sink


def use(settings, port: int, timeout: float = 5) -> None:
    settings.EMAIL_BACKEND = SMTP
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, timeout
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""


def deliver():
    return outbox.deliver_due(timezone.now(), write=plain)


def states() -> list[str]:
    return list(Message.objects.order_by("key").values_list("state", flat=True))


def make_due_again() -> None:
    Message.objects.filter(state=MessageState.DUE).update(due_at=timezone.now())


def let_the_lease_run_out() -> None:
    Message.objects.filter(state=MessageState.SENDING).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_many_mails_go_over_one_connection_and_are_marked_sent(sink):
    owed(5)

    done = deliver()

    assert (done.sent, sink.connections) == (5, 1)
    assert sink.keys == {f"test:{n}": 1 for n in range(5)}
    assert {row.subject for row in Message.objects.all()} == {"A"}
    assert all(row.sent_at and row.attempt == 1 and row.lease_until is None for row in Message.objects.all())


def test_a_second_run_sends_nothing_again(sink):
    owed(2)

    deliver()
    deliver()

    assert sink.keys == {"test:0": 1, "test:1": 1}


def test_what_is_not_due_yet_waits(sink):
    Message.objects.filter(pk=owed(1)[0].pk).update(due_at=timezone.now() + timedelta(minutes=1))

    assert deliver().sent == 0
    assert states() == [MessageState.DUE]


def test_lines_that_begin_with_a_dot_arrive_whole(sink):
    owed(1)
    body = ".first\r\n..second\r\nlast without an end"

    def write(message, at):
        mail = plain(message, at)
        mail.body = body
        return mail

    outbox.deliver_due(timezone.now(), write=write)

    assert sink.accepted[0].get_payload().splitlines() == [".first", "..second", "last without an end"]


def test_a_busy_server_is_asked_again_after_one_five_fifteen_sixty_and_240_minutes(sink):
    owed(1)
    waits = []

    for _attempt in range(5):
        sink.answers = ["451 busy"]
        before = timezone.now()
        deliver()
        waits.append(round((Message.objects.get().due_at - before).total_seconds() / 60))
        make_due_again()
    deliver()

    assert waits == [1, 5, 15, 60, 240]
    assert states() == [MessageState.SENT]
    assert sink.keys == {"test:0": 1}


def test_a_server_that_is_busy_six_times_is_given_up(sink):
    owed(1)

    for _attempt in range(6):
        sink.answers = ["451 busy"]
        deliver()
        make_due_again()

    row = Message.objects.get()
    assert (row.state, row.attempt) == (MessageState.FAILED, 6)
    assert row.problem == "The mail server did not take it, six times.\n451 busy"
    assert not sink.accepted


def test_a_mailbox_that_does_not_exist_fails_at_once_and_the_others_go(sink):
    owed(3)
    sink.refused_receivers["ada1@example.org"] = "550 no such mailbox"

    done = deliver()

    assert (done.sent, done.failed) == (2, 1)
    assert states() == [MessageState.SENT, MessageState.FAILED, MessageState.SENT]
    assert Message.objects.get(key="test:1").problem == "550 no such mailbox"


def test_a_receiver_who_is_greylisted_is_tried_later(sink):
    owed(1)
    sink.refused_receivers["ada0@example.org"] = "450 try again"
    deliver()
    assert states() == [MessageState.DUE]
    sink.refused_receivers.clear()
    make_due_again()

    deliver()

    assert sink.keys == {"test:0": 1}


def test_a_server_that_is_gone_keeps_the_rows_and_is_not_asked_for_each(settings):
    use(settings, sinks.free_port())
    owed(4)

    done = deliver()

    assert done.later == 2
    assert sorted(Message.objects.values_list("attempt", flat=True)) == [0, 0, 1, 1]
    assert states() == [MessageState.DUE] * 4


def test_a_server_that_says_nothing_frees_us_after_the_timeout(settings):
    with sinks.deaf() as port:
        use(settings, port, timeout=0.2)
        owed(1)

        done = deliver()

    assert done.later == 1
    assert "timed out" in Message.objects.get().problem


def test_a_server_that_falls_silent_after_the_dot_leaves_a_doubt_and_nothing_goes_twice(sink, settings):
    settings.EMAIL_TIMEOUT = 0.2
    sink.hang_after_dot = 0.6
    owed(1)
    deliver()
    assert states() == [MessageState.SENDING]
    let_the_lease_run_out()
    sink.hang_after_dot = 0

    done = deliver()

    row = Message.objects.get()
    assert (done.uncertain, row.state) == (1, MessageState.UNCERTAIN)
    assert "nobody can say" in row.problem
    assert sink.keys == {"test:0": 1}


def test_a_sender_that_dies_after_the_server_accepted_leaves_a_doubt_and_nothing_goes_twice(sink, settings):
    settings.EMAIL_BACKEND = "tests.visits.mail.sink.DyingBackend"
    owed(1)
    with pytest.raises(SystemExit):
        deliver()
    settings.EMAIL_BACKEND = SMTP

    deliver()
    assert states() == [MessageState.SENDING]
    let_the_lease_run_out()
    deliver()
    deliver()

    assert states() == [MessageState.UNCERTAIN]
    assert sink.keys == {"test:0": 1}


TAKEN: set[str] = set()


class Relay:
    """A relay that answers at once."""

    patience = timedelta(0)

    def was_accepted(self, key: str) -> bool:
        return key in TAKEN


@pytest.mark.parametrize(("taken", "copies"), [(True, 0), (False, 1)])
def test_a_relay_that_can_be_asked_settles_the_doubt(sink, settings, taken, copies):
    settings.QULTURUM_RELAY_JOURNAL = "tests.visits.mail.test_delivery.Relay"
    TAKEN.clear()
    TAKEN.update({"test:0"} if taken else set())
    owed(1)
    Message.objects.update(state=MessageState.SENDING, attempt=1, lease_until=timezone.now() - timedelta(seconds=1))

    deliver()

    assert states() == [MessageState.SENT]
    assert sum(sink.keys.values()) == copies


def test_a_sender_that_comes_too_late_changes_nothing(sink):
    (row,) = owed(1)

    def write(message, at):
        later = timezone.now() + timedelta(hours=1)
        Message.objects.filter(pk=row.pk).update(attempt=7, state=MessageState.DUE, due_at=later)
        return plain(message, at)

    done = outbox.deliver_due(timezone.now(), write=write)

    assert done.sent == 0
    assert (Message.objects.get().state, Message.objects.get().attempt) == (MessageState.DUE, 7)


def test_a_slow_sender_whose_row_was_taken_for_lost_still_tells_that_it_went(sink):
    (row,) = owed(1)

    def write(message, at):
        Message.objects.filter(pk=row.pk).update(state=MessageState.UNCERTAIN)
        return plain(message, at)

    outbox.deliver_due(timezone.now(), write=write)

    assert states() == [MessageState.SENT]


def test_a_mail_that_cannot_be_written_is_held_and_the_others_go(sink):
    owed(3)

    def write(message, at):
        if message.key == "test:1":
            raise KeyError("no such word")
        return plain(message, at)

    done = outbox.deliver_due(timezone.now(), write=write)

    assert (done.sent, done.failed) == (2, 1)
    row = Message.objects.get(key="test:1")
    assert re.match("The text of this mail could not be made", row.problem)
    assert "no such word" in row.problem


def test_a_header_that_breaks_the_line_is_held_and_has_no_second_receiver(sink):
    owed(2)

    def write(message, at):
        mail = plain(message, at)
        if message.key == "test:0":
            mail.subject = "Hello\r\nBcc: all@example.org"
        return mail

    outbox.deliver_due(timezone.now(), write=write)

    assert states() == [MessageState.FAILED, MessageState.SENT]
    assert sink.keys == {"test:1": 1}


def test_what_is_not_true_any_more_is_skipped_with_its_reason(sink):
    owed(1)

    def write(message, at):
        raise outbox.NotNeeded("It has been answered.")

    assert outbox.deliver_due(timezone.now(), write=write).skipped == 1
    assert (Message.objects.get().state, Message.objects.get().problem) == ("skipped", "It has been answered.")


def test_a_run_stops_in_time_and_leaves_the_rest_untouched(sink):
    owed(3)

    assert outbox.deliver_due(timezone.now(), write=plain, seconds=-1).sent == 0
    assert list(Message.objects.values_list("attempt", flat=True)) == [0, 0, 0]


def test_owing_twice_is_one_row_and_keys_are_unique():
    once = [outbox.owe_address("find", "Ada@example.org", language="en", once_per=1, requests=[1]) for _ in range(2)]

    assert once == [True, False]
    assert Message.objects.count() == 1


# -- Several senders at once -----------------------------------------------------------

SENDERS = 4


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_several_senders_at_once_send_each_mail_once(sink):
    owed(40)

    at_once([deliver] * SENDERS)

    assert sink.keys == {f"test:{n}": 1 for n in range(40)}
    assert set(states()) == {MessageState.SENT}


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_without_the_claim_several_senders_send_twice(sink):
    """The control: look what is due, send it, mark it. It shows that the race is there."""
    owed(10)
    looked = Barrier(SENDERS)
    lock = threading.Lock()

    def careless():
        rows = list(Message.objects.due(timezone.now()))
        looked.wait()
        for row in rows:
            plain(row, timezone.now()).send()
            with lock:
                Message.objects.filter(pk=row.pk).update(state=MessageState.SENT)

    at_once([careless] * SENDERS)

    assert sum(sink.keys.values()) > 10


# -- Mails that cost a sender ----------------------------------------------------------


def test_a_mail_at_which_senders_stop_is_put_aside_and_the_others_go(sink, settings):
    settings.QULTURUM_RELAY_JOURNAL = "tests.visits.mail.test_delivery.Relay"
    TAKEN.clear()
    owed(2)

    def write(message, at):
        if message.key == "test:0":
            raise SystemExit  # as a process that is killed: nothing is written down
        return plain(message, at)

    for _death in range(3):
        with pytest.raises(SystemExit):
            outbox.deliver_due(timezone.now(), write=write)
        let_the_lease_run_out()
    outbox.deliver_due(timezone.now(), write=write)

    poison = Message.objects.get(key="test:0")
    assert (poison.state, poison.deaths) == (MessageState.FAILED, 3)
    assert re.match("The sender stopped at this mail three times", poison.problem)
    assert sink.keys == {"test:1": 1}


def test_a_mail_that_would_be_answered_after_its_lease_is_not_handed_over(sink, settings):
    settings.QULTURUM_LEASE_SECONDS, settings.EMAIL_TIMEOUT = 5, 15
    owed(1)

    done = deliver()

    row = Message.objects.get()
    assert (done.later, row.state, row.lease_until) == (1, MessageState.DUE, None)
    assert "was not handed over" in row.problem
    assert not sink.accepted


def test_a_refusal_for_good_stands_in_the_history_and_the_row_knows_the_number(sink):
    case = VisitRequestFactory(contact_email="ada0@example.org", contact_phone="+46 70 123 45 67")
    owed(1)
    Message.objects.update(request=case, kind="received")
    sink.refused_receivers["ada0@example.org"] = "550 no such mailbox"

    deliver()

    row = Message.objects.with_phone().get()
    assert (row.state, row.phone) == (MessageState.FAILED, "+46 70 123 45 67")
    (entry,) = HistoryEntry.objects.filter(request=case, what="mail_refused")
    assert sentences.line(entry).text.endswith("did not leave: “We have your request”")


def test_a_member_of_the_group_is_not_rung_at_the_number_of_the_contact_person():
    owed(1)
    Message.objects.update(request=VisitRequestFactory(contact_phone="+46 70 123 45 67"))

    assert Message.objects.with_phone().get().phone == ""


def test_a_facilitator_is_rung_at_their_own_number():
    ask = AskFactory(facilitator__phone="+46 36 32 10 00")
    owed(1)
    Message.objects.update(ask=ask, request=ask.session.visit.request)

    assert Message.objects.with_phone().get().phone == "+46 36 32 10 00"


def test_more_than_a_stretch_goes_in_one_run(sink):
    owed(CHUNK + 5)

    assert deliver().sent == CHUNK + 5
    assert len(sink.keys) == CHUNK + 5
    assert sink.connections == 1


def test_a_process_that_is_to_end_stops_after_the_mail_in_hand(sink, monkeypatch):
    monkeypatch.setattr(delivery, "_leaving", threading.Event())
    owed(3)

    def write(message, at):
        outbox.leave_off()
        return plain(message, at)

    assert outbox.deliver_due(timezone.now(), write=write).sent == 1
    assert deliver().sent == 0
    assert sorted(states()) == [MessageState.DUE, MessageState.DUE, MessageState.SENT]


def test_a_row_that_others_wait_for_too_is_claimed_and_marked_one_after_the_other(sink, monkeypatch):
    owed(3)
    run, times = KeptUpdate.run, iter(range(100))

    def deadlock_at_the_third(self, **values):
        if next(times) == 3:
            raise OperationalError("deadlock detected")
        return run(self, **values)

    monkeypatch.setattr(KeptUpdate, "run", deadlock_at_the_third)

    assert deliver().sent == 3
    assert set(states()) == {MessageState.SENT}
    assert sink.keys == {f"test:{n}": 1 for n in range(3)}
