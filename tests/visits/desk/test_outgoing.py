"""The mails of the next days, why they leave, and what staff decide about one of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail as mailbox
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.conftest import signed_in
from tests.factories import (
    AskFactory,
    GatheringAskFactory,
    LogisticsFactory,
    ProposalFactory,
    SessionFactory,
    UserFactory,
    VisitFactory,
    VisitRequestFactory,
)
from visits import ladder, outbox, reminders, rounds, rules, undoing, workflow
from visits.admin import outgoing
from visits.choices import AskState, MessageState, RequestState
from visits.models import Decision, Message, ReminderRung, Visit

pytestmark = pytest.mark.django_db
S = MessageState
TODAY = date(2026, 11, 25)  # a Wednesday
NINE = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)  # 09.00 in Stockholm
PRESS = "/admin/visits/message/press/"


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to(NINE, tick=False)


def visit(days: int, **fields: Any) -> Visit:
    """A confirmed visit so many days from today."""
    first = TODAY + timedelta(days=days)
    case = VisitRequestFactory(
        state=RequestState.CONFIRMED, submitted_on=TODAY - timedelta(days=200), first_wished_day=first,
        coordinator=UserFactory(), **fields,
    )  # fmt: skip
    return VisitFactory(request=case, first_day=first, last_day=first, agreed_at=None)


def owed_mail(**fields: Any) -> Message:
    case = fields.pop("request", None) or VisitRequestFactory(contact_phone="+46 36 32 10 00")
    given = {"kind": "received", "to_email": case.contact_email, "to_name": case.contact_name, "language": "en"}
    key = f"mail-{Message.objects.count()}"
    return Message.objects.create(request=case, key=key, **given | {"due_at": NINE} | fields)


def page(client: Client, **query: Any) -> str:
    response = client.get(reverse("admin:visits_message_changelist"), query)
    assert response.status_code == 200
    return response.content.decode()


def press(client: Client, do: str, key: str, **typed: str) -> Any:
    return client.post(PRESS, {"do": do, "key": key, "show": "waiting"} | typed)


# -- What will be sent -----------------------------------------------------------------


def test_what_is_foreseen_is_what_the_sweeps_then_owe():
    for days in (8, 9, 15, 21, 29, 35, 43, 56, 1, 2):
        visit(days)
    sent = VisitRequestFactory(state=RequestState.PROPOSED, coordinator=UserFactory())
    ProposalFactory(request=sent, answer_by=TODAY + timedelta(days=9), sent_at=NINE - timedelta(days=9))
    for state in (AskState.ACCEPTED, AskState.ASKED):
        AskFactory(session=SessionFactory(visit=visit(12)), state=state, asked_at=NINE, answered_at=None)
    reminders.queue_due(NINE)
    now = set(Message.objects.values_list("key", flat=True))

    foreseen = {(owed.key, owed.due_at) for owed in reminders.foreseen(NINE, 14)}

    for days in range(1, 15):
        reminders.queue_due(rules.morning_of(TODAY + timedelta(days=days)))
    later = Message.objects.exclude(key__in=now).exclude(kind="morning_digest")
    assert foreseen == set(later.values_list("key", "due_at"))
    assert len(foreseen) > 10


def test_two_weeks_cost_as_many_questions_as_a_day_and_many_visits_as_few():
    visit(10)
    counts = []
    for days, more in ((1, 0), (14, 0), (14, 5)):
        for _each in range(more):
            visit(9)
        with CaptureQueriesContext(connection) as asked:
            reminders.foreseen(NINE, days)
        counts.append(len(asked))

    assert counts[0] == counts[1] == counts[2] <= 13


def test_the_page_says_what_leaves_when_to_whom_and_why(coordinator_client: Client):
    visit(10, organisation_name="Oakwell Trust", contact_name="Ada Byron")

    told = page(coordinator_client)

    assert "Saturday 28 November" in told
    assert "To Ada Byron, Oakwell Trust" in told
    assert "7 days before the visit, Saturday 5 December. Not sent if it is moved or called off." in told
    assert "mails in 14 days" in told


def test_a_reminder_that_is_put_out_is_not_foreseen(coordinator_client: Client):
    visit(10, organisation_name="Oakwell Trust")
    ladder.load()
    ReminderRung.objects.filter(slug="visit-week").update(is_on=False)

    assert "Saturday 28 November" not in page(coordinator_client)


def test_the_page_costs_the_same_for_many_that_are_foreseen(coordinator_client: Client):
    address = reverse("admin:visits_message_changelist")
    visit(10)
    coordinator_client.get(address)
    with CaptureQueriesContext(connection) as one:
        coordinator_client.get(address)
    for _each in range(4):
        visit(11)
    with CaptureQueriesContext(connection) as many:
        coordinator_client.get(address)

    assert len(many) == len(one)


@pytest.mark.parametrize(
    ("kind", "whom"),
    [
        ("gathering_ask", "facilitators"), ("gathering_off", "facilitators"), ("stood_down", "facilitators"),
        ("calendar_unread", "facilitators"), ("competence_approved", "facilitators"),
        ("competence_refused", "facilitators"), ("gathering_left", "staff"), ("morning_digest", "staff"),
        ("ask", "facilitators"), ("facilitator_left", "staff"), ("received", "guests"),
    ],
)  # fmt: skip
def test_each_mail_is_listed_and_counted_as_theirs_to_whom_it_goes(kind: str, whom: str):
    case = VisitRequestFactory()
    about = {
        "ask": {"request": case, "ask": AskFactory()}, "received": {"request": case},
        "facilitator_left": {"request": case}, "gathering_ask": {"gathering_ask": GatheringAskFactory()},
    }  # fmt: skip
    mail = Message.objects.create(
        key="one", kind=kind, to_email="ada@example.org", language="en", due_at=NINE, **about.get(kind, {})
    )
    in_short = outgoing.InShort()
    in_short.count_waiting(Message.objects.all(), TODAY)

    assert outgoing.Row(mail).whom == whom
    assert {name: count for name, count in in_short.to.items() if count} == {whom: 1}


def test_what_was_skipped_says_why(coordinator_client: Client):
    coming = visit(7)
    reminders.queue_due(NINE)
    Visit.objects.filter(pk=coming.pk).update(first_day=TODAY + timedelta(days=40), last_day=TODAY + timedelta(days=40))
    rounds.deliver_due(NINE)

    assert "The reminder does not fit any more." in page(coordinator_client, show="skipped")


# -- Holding one back ------------------------------------------------------------------


def test_a_mail_that_is_only_foreseen_is_held_and_its_day_passes_without_it(coordinator_client: Client, coordinator):
    coming = visit(10)
    key = next(owed.key for owed in reminders.foreseen(NINE, 14) if owed.kind == "visit_in_one_week")

    press(coordinator_client, "hold", key, why="they are moving the date, wait")
    rounds.sweep(rules.morning_of(TODAY + timedelta(days=3)))

    held = Message.objects.get(key=key)
    assert (held.state, held.held_by, held.held_why) == (S.HELD, coordinator, "they are moving the date, wait")
    assert not [one for one in mailbox.outbox if "1 week" in one.subject]
    shown = page(coordinator_client, show="held")
    assert "Held by Maja Lindqvist on Wednesday 25 November" in shown
    assert "they are moving the date, wait" in shown
    line = coming.request.history.get()
    assert (line.what, line.by, line.detail["why"]) == ("mail_held", coordinator, "they are moving the date, wait")


def test_a_held_mail_stands_under_on_hold_and_not_under_what_leaves(coordinator_client: Client):
    visit(10)
    key = next(owed.key for owed in reminders.foreseen(NINE, 14) if owed.kind == "visit_in_one_week")
    address = reverse("admin:visits_message_changelist")
    before = coordinator_client.get(address).context

    said = coordinator_client.post(PRESS, {"do": "hold", "key": key, "show": "waiting"}, follow=True)

    after = coordinator_client.get(address).context
    assert "It stands under “On hold” until somebody lets it go." in said.content.decode()
    assert key in [row.message.key for row in before["rows"]]
    assert key not in [row.message.key for row in after["rows"]]
    assert after["in_short"].total == before["in_short"].total - 1 == sum(bar.count for bar in after["bars"])
    assert (after["counted"]["waiting"], after["counted"]["held"]) == (before["counted"]["waiting"] - 1, 1)
    assert 'value="let_go"' in page(coordinator_client, show="held")


def test_what_is_let_go_before_its_day_is_found_anew_by_its_day(coordinator_client: Client):
    visit(10)
    key = next(owed.key for owed in reminders.foreseen(NINE, 14) if owed.kind == "visit_in_one_week")
    press(coordinator_client, "hold", key)

    press(coordinator_client, "let_go", key)

    assert not Message.objects.filter(key=key).exists()
    assert key in {owed.key for owed in reminders.foreseen(NINE, 14)}


def test_what_is_let_go_after_its_day_leaves_if_it_is_still_true(coordinator_client: Client, time_machine):
    stands, moved = visit(7), visit(7)
    reminders.queue_due(NINE)
    for one in (stands, moved):
        press(coordinator_client, "hold", Message.objects.get(request=one.request).key)
    rounds.sweep(NINE)
    Visit.objects.filter(pk=moved.pk).update(first_day=TODAY + timedelta(days=40), last_day=TODAY + timedelta(days=40))
    assert not mailbox.outbox

    for one in (stands, moved):
        press(coordinator_client, "let_go", Message.objects.get(request=one.request, kind="visit_in_one_week").key)
    rounds.sweep(NINE + timedelta(minutes=1))

    states = dict(Message.objects.filter(kind="visit_in_one_week").values_list("request", "state"))
    assert states == {stands.request_id: S.SENT, moved.request_id: S.SKIPPED}


def test_what_can_still_be_undone_is_undone_and_not_held(coordinator_client: Client, settings, coordinator):
    settings.QULTURUM_UNDO_MINUTES = 10
    case = VisitRequestFactory()
    undoing.decide(case, "claimed", lambda: workflow.claim(case, by=coordinator, seen=case.version), by=coordinator)
    waits = owed_mail(request=case)

    answer = coordinator_client.post(PRESS, {"do": "hold", "key": waits.key}, follow=True)

    waits.refresh_from_db()
    assert Decision.objects.exists()
    assert waits.state == S.DUE
    assert "Take the decision back instead." in answer.content.decode()


def test_a_reason_that_is_too_long_is_told_and_what_was_typed_is_kept(coordinator_client: Client):
    waits, why = owed_mail(), "wait " * 60

    answer = press(coordinator_client, "hold", waits.key, why=why)

    waits.refresh_from_db()
    assert answer.status_code == 422
    assert why.strip() in answer.content.decode()
    assert waits.state == S.DUE


@pytest.mark.parametrize(
    ("do", "state"),
    [("hold", S.SENDING), ("hold", S.SENT), ("let_go", S.DUE), ("arrived", S.FAILED), ("again", S.SENT)],
)
def test_a_mail_that_has_moved_on_is_left_as_it_is_and_the_page_says_so(coordinator_client: Client, do, state):
    one = owed_mail(state=state)

    answer = coordinator_client.post(PRESS, {"do": do, "key": one.key}, follow=True)

    one.refresh_from_db()
    assert one.state == state
    assert "This mail has moved on meanwhile" in answer.content.decode()
    assert not one.request.history.exists()


def test_a_press_on_a_mail_that_is_gone_is_told(coordinator_client: Client):
    answer = coordinator_client.post(PRESS, {"do": "hold", "key": "nothing:like:this"}, follow=True)

    assert "This mail is not needed any more." in answer.content.decode()


@pytest.mark.parametrize("typed", [{}, {"do": "burn", "key": "k"}, {"do": "hold"}, {"do": "hold", "key": "k" * 500}])
def test_a_press_that_makes_no_sense_changes_nothing(coordinator_client: Client, typed):
    waits = owed_mail()

    answer = coordinator_client.post(PRESS, typed)

    waits.refresh_from_db()
    assert answer.status_code == 422
    assert waits.state == S.DUE


# -- What nobody knows, and what came back ---------------------------------------------


def test_it_arrived(coordinator_client: Client, coordinator):
    one = owed_mail(state=S.UNCERTAIN, attempt=1, problem="Nobody knows")

    press(coordinator_client, "arrived", one.key)
    rounds.sweep(NINE)

    one.refresh_from_db()
    assert (one.state, one.problem) == (S.SENT, "")
    assert not [sent for sent in mailbox.outbox if one.to_email in sent.to]
    assert [(line.what, line.by) for line in one.request.history.all()] == [("mail_arrived", coordinator)]


def test_send_it_again(coordinator_client: Client, coordinator):
    one = owed_mail(state=S.UNCERTAIN, attempt=1)

    press(coordinator_client, "again", one.key)
    rounds.deliver_due(NINE)

    one.refresh_from_db()
    assert (one.state, one.attempt) == (S.SENT, 2)
    assert [sent.to for sent in mailbox.outbox] == [[one.to_email]]
    assert [(line.what, line.by) for line in one.request.history.all()] == [("mail_again", coordinator)]


@pytest.mark.parametrize(("state", "title"), [(S.FAILED, "This one did not leave"), (S.RETURNED, "This one came back")])
def test_a_mail_that_did_not_reach_them_shows_the_phone_and_goes_again_to_the_address_as_it_is_now(
    coordinator_client: Client, state, title
):
    one = owed_mail(state=state, problem="550 no such mailbox")
    shown = page(coordinator_client, show="needs_us")
    type(one.request).objects.filter(pk=one.request_id).update(contact_email="thomas.brandt@rotterhaven.example")

    press(coordinator_client, "again", one.key)
    rounds.deliver_due(NINE)

    assert "+46 36 32 10 00" in shown
    assert title in shown
    assert [sent.to for sent in mailbox.outbox] == [["thomas.brandt@rotterhaven.example"]]


def test_the_phone_of_a_guest_stands_beside_no_mail_to_a_colleague(coordinator_client: Client):
    asked = AskFactory(state=AskState.ASKED)
    case = asked.session.visit.request
    type(case).objects.filter(pk=case.pk).update(contact_phone="+46 36 32 10 01")
    owed_mail(state=S.FAILED, request=case, ask=asked, kind="ask")

    assert "+46 36 32 10 01" not in page(coordinator_client, show="needs_us")


def test_every_line_of_the_history_about_a_mail_is_a_sentence(coordinator_client: Client):
    one = owed_mail()
    press(coordinator_client, "hold", one.key)
    press(coordinator_client, "let_go", one.key)
    history = coordinator_client.get(reverse("admin:visits_visitrequest_history", args=[one.request_id]))

    told = history.content.decode()

    assert "holds back the mail “We have your request”" in told
    assert "let the mail “We have your request” go" in told


# -- Who may -----------------------------------------------------------------------------


@pytest.mark.parametrize("do", ["hold", "let_go", "arrived", "again"])
def test_only_who_answers_for_the_mail_may_press(client: Client, facilitator_client: Client, do):
    one = owed_mail(state={"let_go": S.DUE}.get(do, S.UNCERTAIN))

    answers = [
        press(who, do, one.key).status_code for who in (client, facilitator_client, signed_in(LogisticsFactory()))
    ]

    before = one.state
    one.refresh_from_db()
    assert answers == [302, 403, 403]
    assert one.state == before


def test_a_press_is_a_post(coordinator_client: Client):
    assert coordinator_client.get(PRESS).status_code == 405


def test_a_colleague_and_the_sender_at_once_never_both_win():
    one = owed_mail()
    Message.objects.filter(pk=one.pk).update(state=S.SENDING)

    with pytest.raises(outbox.MailRefused):
        outbox.hold(one, by=UserFactory(), why="")

    assert Message.objects.get().state == S.SENDING
