"""Which mail goes when a visit is over: derived at each sweep, sent once, and only while it is true."""

from datetime import date, datetime, time, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.visits.ledger.scene import LAST_DAY, guests_share, host_of, visit_over, we_share
from visits import ledger, rounds, rules, workflow
from visits.choices import MessageState, PointState, RequestState
from visits.ledger import follow_ups
from visits.models import LedgerPoint, Message

pytestmark = pytest.mark.django_db


def at(day: date, hour: int = 8, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), rules.STOCKHOLM)


def after(days: int, hour: int = 8) -> datetime:
    return at(LAST_DAY + timedelta(days=days), hour)


def step(message: Message) -> int:
    """Which of the mails of its kind it is: the number in the name of its rung."""
    return int(message.data["rung"].removeprefix(f"{message.kind}-"))


def kinds() -> list[str]:
    return sorted(f"{m.kind} {step(m)} {m.to_name.split()[0]}" for m in Message.objects.all())


def sweep_every_day(first: date, last: date, time_machine) -> None:
    """At eight and again in the evening: what is asked for by the rows, and sent."""
    day = first
    while day <= last:
        for hour in (8, 20):
            time_machine.move_to(at(day, hour), tick=False)
            ledger.queue_due(at(day, hour))
            rounds.deliver_due(at(day, hour))
        day += timedelta(days=1)


@pytest.fixture(autouse=True)
def _the_day_after(time_machine):
    time_machine.move_to(after(1), tick=False)


def test_at_eight_the_day_after_both_sides_are_asked_and_not_a_minute_before():
    visit_over(LAST_DAY)

    early = ledger.queue_due(at(LAST_DAY + timedelta(days=1), 7, 59))
    asked = ledger.queue_due(after(1))

    assert early == 0
    assert asked == 3
    assert kinds() == ["look_back 1 Aileen", "look_back_ours 1 Fatima", "look_back_ours 1 Maja"]
    assert {message.due_at for message in Message.objects.all()} == {after(1)}


def test_who_does_not_write_is_asked_three_times_in_all_and_then_never_again(time_machine):
    visit_over(LAST_DAY)

    sweep_every_day(LAST_DAY, LAST_DAY + timedelta(days=33), time_machine)

    sent = [(step(m), m.sent_at.date()) for m in Message.objects.filter(kind="look_back").order_by("pk")]
    assert sent == [(days, LAST_DAY + timedelta(days=days)) for days in (1, 7, 14)]
    assert Message.objects.filter(kind="look_back_ours").count() == 2 * 3
    assert not Message.objects.exclude(state=MessageState.SENT).exists()


def test_the_side_that_has_written_is_asked_no_more():
    visit = visit_over(LAST_DAY)
    ledger.queue_due(after(1))
    Message.objects.all().delete()

    guests_share(visit)
    we_share(visit)
    ledger.queue_due(after(7))

    assert kinds() == ["look_back_ours 7 Maja"]


def test_a_mail_that_was_owed_is_not_sent_when_they_have_written_meanwhile():
    visit = visit_over(LAST_DAY)
    ledger.queue_due(after(1))

    guests_share(visit)
    rounds.deliver_due(after(1))

    states = dict(Message.objects.filter(kind="look_back").values_list("kind", "state"))
    assert states == {"look_back": MessageState.SKIPPED}
    assert not [one for one in mail.outbox if "aileen" in one.to[0]]


@pytest.mark.parametrize("state", [RequestState.CONFIRMED, RequestState.CANCELLED, RequestState.IN_REVIEW])
def test_a_visit_that_did_not_take_place_asks_nothing(state):
    visit_over(LAST_DAY, state=state)

    assert ledger.queue_due(after(1)) == 0
    assert ledger.queue_due(after(95)) == 0


def test_the_clock_completes_the_visit_at_night_and_asks_in_the_morning(time_machine):
    visit_over(LAST_DAY, state=RequestState.CONFIRMED)
    time_machine.move_to(after(1, 2), tick=False)

    rounds.nightly(after(1, 2))
    before = ledger.queue_due(after(1, 2))

    assert before == 0
    assert ledger.queue_due(after(1)) == 3


def test_a_visit_long_over_is_not_asked_to_look_back():
    visit_over(LAST_DAY)

    assert ledger.queue_due(after(30)) == 0


def test_somebody_of_ours_who_has_left_is_not_asked():
    visit = visit_over(LAST_DAY)
    user = host_of(visit).user
    user.is_active = False
    user.save(update_fields=["is_active"])

    ledger.queue_due(after(1))

    assert kinds() == ["look_back 1 Aileen", "look_back_ours 1 Maja"]


def test_each_follow_up_goes_on_its_day_at_eight_by_the_clock_on_the_wall(time_machine):
    visit = visit_over(LAST_DAY)
    guests_share(visit)

    for due in (date(2027, 2, 24), date(2027, 5, 24), date(2027, 11, 24)):
        sweep_every_day(due - timedelta(days=2), due + timedelta(days=1), time_machine)

    rows = Message.objects.filter(kind="follow_up", data__rung="follow_up-0").order_by("pk")
    assert [row.due_at for row in rows] == [at(date(2027, 2, 24)), at(date(2027, 5, 24)), at(date(2027, 11, 24))]
    assert [row.due_at.utcoffset() for row in rows] == [timedelta(0)] * 3
    assert [row.due_at.hour for row in rows] == [7, 6, 7]  # in UTC: winter, summer, winter


def test_who_does_not_answer_is_asked_three_times_about_each_and_nothing_is_sent_twice(time_machine):
    visit = visit_over(LAST_DAY)
    guests_share(visit, after=["3"])

    sweep_every_day(date(2027, 2, 22), date(2027, 4, 27), time_machine)

    sent = [(step(m), m.sent_at.date()) for m in Message.objects.filter(kind="follow_up").order_by("pk")]
    assert sent == [(days, date(2027, 2, 24) + timedelta(days=days)) for days in (0, 7, 21)]


def test_one_mail_asks_about_all_that_a_side_tries_and_ours_goes_to_who_wrote_it():
    visit = visit_over(LAST_DAY)
    guests_share(visit)
    we_share(visit)

    ledger.queue_due(at(date(2027, 2, 24)))

    assert kinds() == ["follow_up 0 Aileen", "follow_up_ours 0 Fatima"]


def test_an_answer_that_comes_before_the_mail_leaves_keeps_it_at_home(time_machine):
    visit = visit_over(LAST_DAY)
    guests_share(visit)
    due = at(date(2027, 2, 24))
    ledger.queue_due(due)
    time_machine.move_to(due, tick=False)

    follow_ups.answer(LedgerPoint.objects.get(months=3), state=PointState.SPREADS, by_name="Aileen Munro")
    rounds.deliver_due(due)

    assert Message.objects.get(kind="follow_up").state == MessageState.SKIPPED
    assert mail.outbox == []


def test_what_has_stopped_is_not_asked_after_again(time_machine):
    visit = visit_over(LAST_DAY)
    guests_share(visit)
    time_machine.move_to(at(date(2027, 2, 25)), tick=False)

    follow_ups.answer(LedgerPoint.objects.get(months=3), state=PointState.STOPPED, by_name="Aileen Munro")
    sweep_every_day(date(2027, 5, 20), date(2027, 5, 30), time_machine)

    assert not Message.objects.filter(kind="follow_up").exists()


def test_after_a_year_nothing_more_is_asked(time_machine):
    visit = visit_over(LAST_DAY)
    guests_share(visit)
    we_share(visit)
    over = LAST_DAY + timedelta(days=365 + rules.FOLLOW_UP_LAPSES)

    ledger.lapse(at(over + timedelta(days=2), 2))
    for days in (0, 30, 200, 400):
        assert ledger.queue_due(at(over + timedelta(days=days))) == 0

    assert set(LedgerPoint.objects.values_list("state", flat=True)) == {PointState.LAPSED}
    visit.request.refresh_from_db()
    assert visit.request.state == RequestState.COMPLETED


def test_a_follow_up_mail_leads_to_a_page_that_needs_no_sign_in(time_machine, client):
    visit = visit_over(LAST_DAY)
    guests_share(visit)
    due = at(date(2027, 2, 24))
    time_machine.move_to(due, tick=False)

    rounds.sweep(due)

    (sent,) = [one for one in mail.outbox if "follow_up" in one.extra_headers["X-Qulturum-Key"]]
    (address,) = [line for line in sent.body.splitlines() if "/follow-up/" in line]
    assert client.get(address.removeprefix("http://testserver")).status_code == 200


def test_the_number_of_queries_does_not_grow_with_the_visits():
    def queries() -> int:
        Message.objects.all().delete()
        with CaptureQueriesContext(connection) as captured:
            ledger.queue_due(after(1))
        return len(captured)

    guests_share(visit_over(LAST_DAY))
    one = queries()
    for _visit in range(2):
        guests_share(visit_over(LAST_DAY))

    assert queries() == one


def test_completing_twice_asks_once(time_machine):
    visit = visit_over(LAST_DAY, state=RequestState.CONFIRMED)
    workflow.complete(visit.request)

    with pytest.raises(workflow.MoveRefused):
        workflow.complete(visit.request)

    assert ledger.queue_due(after(1)) == 3
    assert ledger.queue_due(after(1)) == 0
