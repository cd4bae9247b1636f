"""Reminders follow the rows as they stand: what moved, ended or was answered sends nothing stale."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import (
    AskFactory,
    CoordinatorFactory,
    DraftFactory,
    FacilitatorFactory,
    ManagerFactory,
    ProposalFactory,
    SessionFactory,
    UserFactory,
    VisitFactory,
    VisitRequestFactory,
)
from visits import letters, outbox, reminders, rounds, rules, scheduling, workflow
from visits.choices import AskState, CommentSide, MessageState, RequestState
from visits.models import Agreement, Comment, Message, Participant, Proposal, Session, Visit, VisitRequest

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 25)  # a Wednesday
NINE = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)  # 09.00 in Stockholm
YESTERDAY = NINE - timedelta(days=1)


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to(NINE, tick=False)


def visit(days: int, *, agreed: datetime | None = None, **fields) -> Visit:
    """A confirmed visit so many days from today."""
    visit_request = VisitRequestFactory(
        state=RequestState.CONFIRMED, submitted_on=TODAY - timedelta(days=200),
        first_wished_day=TODAY + timedelta(days=days), coordinator=UserFactory(), **fields,
    )  # fmt: skip
    first = TODAY + timedelta(days=days)
    return VisitFactory(request=visit_request, first_day=first, last_day=first, agreed_at=agreed)


def kinds(**where) -> list[str]:
    return sorted(Message.objects.filter(**where).values_list("kind", flat=True))


# -- The visitor -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "kind"),
    [(42, "names_wanted"), (28, "visit_in_four_weeks"), (20, "visit_in_four_weeks"), (7, "visit_in_one_week"),
     (2, "visit_in_one_week"), (1, "visit_tomorrow")],
)  # fmt: skip
def test_one_reminder_fits(days, kind):
    visit(days)

    reminders.queue_due(NINE)
    reminders.queue_due(NINE)

    assert kinds() == [kind]


@pytest.mark.parametrize("days", [43, 0, -1])
def test_too_early_and_too_late_nothing_is_said(days):
    visit(days)

    assert reminders.queue_due(NINE) == 0


def test_what_was_agreed_this_morning_is_reminded_of_tomorrow_and_once():
    visit(10, agreed=NINE - timedelta(minutes=10))

    today = reminders.queue_due(NINE)
    for day in range(1, 11):
        reminders.queue_due(NINE + timedelta(days=day))

    assert today == 0
    assert kinds() == ["visit_in_four_weeks", "visit_in_one_week", "visit_tomorrow"]


def test_a_visit_agreed_the_day_before_gets_no_reminder():
    visit(1, agreed=NINE)

    for hour in range(30):
        reminders.queue_due(NINE + timedelta(hours=hour))

    assert kinds() == []


def test_names_are_not_wanted_when_everybody_is_written_down():
    coming = visit(40, group_size=2)
    for name in ("Ada", "Bea"):
        Participant.objects.create(visit=coming, name=name)

    assert reminders.queue_due(NINE) == 0


def test_after_an_outage_only_what_is_still_true_is_sent():
    visit(50)

    reminders.queue_due(NINE + timedelta(days=44))
    rounds.deliver_due(NINE + timedelta(days=44))

    assert kinds(state=MessageState.SENT) == ["visit_in_one_week"]
    assert kinds() == ["visit_in_one_week"]


def test_a_reminder_that_lay_over_the_visit_is_skipped(time_machine):
    visit(1)
    reminders.queue_due(NINE)
    time_machine.move_to(NINE + timedelta(days=1), tick=False)

    rounds.deliver_due(NINE + timedelta(days=1))

    assert Message.objects.get().problem == "The reminder does not fit any more."
    assert mail.outbox == []


def test_a_visit_that_moves_gets_reminders_of_its_new_days_and_none_of_the_old():
    visit(7)
    reminders.queue_due(NINE)
    Visit.objects.update(first_day=TODAY + timedelta(days=28), last_day=TODAY + timedelta(days=28))

    reminders.queue_due(NINE)
    rounds.deliver_due(NINE)

    assert kinds(state=MessageState.SKIPPED) == ["visit_in_one_week"]
    assert kinds(state=MessageState.SENT) == ["visit_in_four_weeks"]
    assert [one.subject for one in mail.outbox] == ["We meet in 4 weeks, on 23 December 2026"]


@pytest.mark.parametrize("days", [1, 7, 28])
def test_a_cancelled_visit_sends_nothing_stale(days):
    coming = visit(days)
    reminders.queue_due(NINE)
    workflow.cancel(coming.request, why="The guests are ill.", by=coming.request.coordinator)

    reminders.queue_due(NINE)
    rounds.deliver_due(NINE)

    assert kinds(state=MessageState.SENT) == ["cancelled"]


def test_a_visit_that_is_planned_again_sends_nothing_stale():
    coming = visit(7)
    reminders.queue_due(NINE)
    workflow.move_back_to_planning(coming.request, by=coming.request.coordinator, seen=coming.request.version)

    rounds.deliver_due(NINE)

    assert kinds(state=MessageState.SENT) == ["to_be_moved"]


@pytest.mark.parametrize(("days", "count"), [(4, 0), (3, 1), (0, 1), (-1, 0)])
def test_a_question_is_reminded_of_three_days_before_its_date(days, count):
    visit_request = VisitRequestFactory(
        state=RequestState.INFO_REQUESTED, state_since=NINE - timedelta(days=11), coordinator=UserFactory(),
        due_at=rules.end_of(TODAY + timedelta(days=days)) - timedelta(hours=7),
    )  # fmt: skip
    Comment.objects.create(request=visit_request, side=CommentSide.OURS, author=visit_request.coordinator, text="How?")

    for _sweep in range(2):
        reminders.queue_due(NINE)
    rounds.deliver_due(NINE)

    assert kinds(state=MessageState.SENT) == ["answer_reminder"] * count


@pytest.mark.parametrize(("days", "count"), [(4, 0), (3, 1), (0, 1), (-1, 0)])
def test_a_proposal_is_reminded_of_three_days_before_its_date(days, count):
    ProposalFactory(answer_by=TODAY + timedelta(days=days))
    Proposal.objects.update(sent_at=NINE - timedelta(days=11))

    for _sweep in range(2):
        reminders.queue_due(NINE)
    rounds.deliver_due(NINE)

    assert kinds(state=MessageState.SENT) == ["answer_reminder"] * count


def test_an_answer_is_not_wanted_on_the_day_it_was_asked_for():
    ProposalFactory(answer_by=TODAY + timedelta(days=2))
    Proposal.objects.update(sent_at=NINE - timedelta(hours=2))

    for day in range(3):
        reminders.queue_due(NINE + timedelta(days=day))

    assert kinds() == []


def test_an_answered_question_is_not_reminded_of():
    visit_request = VisitRequestFactory(
        state=RequestState.INFO_REQUESTED, state_since=NINE - timedelta(days=11), due_at=NINE + timedelta(days=2)
    )
    reminders.queue_due(NINE)
    workflow.answer(visit_request, text="Five.")

    rounds.deliver_due(NINE)

    assert kinds(state=MessageState.SKIPPED) == ["answer_reminder"]


def test_only_who_asked_for_the_link_is_warned_that_a_draft_ends():
    asked, silent = (DraftFactory(due_at=NINE + timedelta(days=5)) for _ in range(2))
    outbox.owe_visitor("draft_link", asked)
    rounds.deliver_due(NINE)

    reminders.queue_due(NINE)
    rounds.deliver_due(NINE)

    assert list(Message.objects.filter(kind="draft_warning").values_list("to_email", "state")) == [
        (asked.contact_email, MessageState.SENT)
    ]
    assert silent.contact_email


# -- Facilitators ----------------------------------------------------------------------


def test_an_unanswered_ask_is_reminded_of_after_two_and_five_days():
    AskFactory(asked_at=NINE, answer_by=TODAY + timedelta(days=7))

    went = {day: reminders.queue_due(NINE + timedelta(days=day)) for day in range(9)}

    assert [day for day, count in went.items() if count] == [2, 5]
    assert kinds() == ["ask_reminder", "ask_reminder"]


@pytest.mark.parametrize(("days_given", "reminded"), [(0, []), (1, [1]), (2, [2]), (4, [2]), (5, [2, 5]), (7, [2, 5])])
def test_who_has_fewer_days_to_answer_is_reminded_on_the_last_of_them(days_given, reminded):
    AskFactory(asked_at=NINE, answer_by=TODAY + timedelta(days=days_given))

    went = {day: reminders.queue_due(NINE + timedelta(days=day)) for day in range(9)}

    assert [day for day, count in went.items() if count] == reminded


def test_the_last_reminder_of_an_ask_says_that_it_is_the_last():
    AskFactory(asked_at=NINE, answer_by=TODAY + timedelta(days=7))
    said = []

    for day in (2, 5):
        at = NINE + timedelta(days=day)
        reminders.queue_due(at)
        reminder = Message.objects.filter(kind="ask_reminder").latest("pk")
        said.append("This is the last time we ask." in letters.write(reminder, at).body)

    assert said == [False, True]


def test_nobody_is_reminded_of_an_ask_whose_session_has_begun_or_was_removed():
    asks = AskFactory.create_batch(2, asked_at=NINE - timedelta(days=2), answer_by=TODAY + timedelta(days=5))
    Session.objects.filter(pk=asks[0].session_id).update(starts_at=NINE - timedelta(hours=1))
    Session.objects.filter(pk=asks[1].session_id).update(removed_at=NINE)

    reminders.queue_due(NINE)

    assert kinds() == []


def test_an_ask_that_was_taken_back_after_it_was_to_be_reminded_of_is_not(coordinator):
    ask = AskFactory(asked_at=NINE - timedelta(days=2), answer_by=TODAY + timedelta(days=5))
    reminders.queue_due(NINE)
    scheduling.withdraw_ask(ask, by=coordinator)

    rounds.deliver_due(NINE)

    assert "ask_reminder" in kinds(state=MessageState.SKIPPED)


def test_after_an_outage_an_ask_is_reminded_of_once(time_machine):
    AskFactory(asked_at=NINE, answer_by=TODAY + timedelta(days=7))
    late = NINE + timedelta(days=6)
    time_machine.move_to(late, tick=False)

    reminders.queue_due(late)
    rounds.deliver_due(late)

    assert kinds() == ["ask_reminder"]


def test_an_ask_that_was_answered_is_not_reminded_of():
    ask = AskFactory(asked_at=NINE - timedelta(days=2), answer_by=TODAY + timedelta(days=5))
    reminders.queue_due(NINE)
    scheduling.decline(ask)

    rounds.deliver_due(NINE)

    assert kinds(state=MessageState.SKIPPED) == ["ask_reminder"]


def accepted(coming: Visit, *, days: int = 0, hour: int = 9, facilitator=None, answered=None):
    session = SessionFactory(visit=coming, hour=hour)
    moved = {name: getattr(session, name) + timedelta(days=days) for name in ("starts_at", "ends_at")}
    type(session).objects.filter(pk=session.pk).update(**moved)
    return AskFactory(
        session=session, facilitator=facilitator or FacilitatorFactory(), state=AskState.ACCEPTED, answered_at=answered
    )


def test_a_facilitator_is_briefed_a_week_before_and_reminded_the_day_before():
    accepted(visit(7))

    went = {day: reminders.queue_due(NINE + timedelta(days=day)) for day in range(9)}

    assert kinds(ask__isnull=False) == ["briefing", "session_tomorrow"]
    assert went[0] == 2  # the visitor's own, one week before, goes the same morning


def test_somebody_with_several_sessions_of_a_visit_gets_one_mail_a_morning():
    coming, facilitator = visit(7), FacilitatorFactory()
    Visit.objects.update(last_day=coming.first_day + timedelta(days=1))
    for days, hour in ((0, 9), (0, 11), (1, 9)):
        accepted(coming, days=days, hour=hour, facilitator=facilitator)

    for day in range(10):
        reminders.queue_due(NINE + timedelta(days=day))

    assert kinds(ask__isnull=False) == ["briefing", "session_tomorrow", "session_tomorrow"]


def test_who_said_yes_this_morning_is_not_briefed_before_tomorrow():
    accepted(visit(5), answered=NINE - timedelta(minutes=5))

    reminders.queue_due(NINE)
    assert kinds(ask__isnull=False) == []
    reminders.queue_due(NINE + timedelta(days=1))

    assert kinds(ask__isnull=False) == ["briefing"]


def test_who_has_said_no_since_is_not_briefed():
    ask = accepted(visit(7))
    reminders.queue_due(NINE)
    scheduling.decline(ask)

    rounds.deliver_due(NINE)

    assert kinds(ask__isnull=False, state=MessageState.SENT) == []


# -- Staff -----------------------------------------------------------------------------


def test_the_digest_goes_to_those_for_whom_something_waits():
    one, other = CoordinatorFactory(), ManagerFactory()
    CoordinatorFactory(is_active=False)
    VisitRequestFactory(state=RequestState.IN_REVIEW, state_since=YESTERDAY, coordinator=one)

    reminders.queue_due(NINE)
    rounds.deliver_due(NINE)

    assert [found.to for found in mail.outbox] == [[f"{one} <{one.email}>"]]
    assert "1 request waits for you" in mail.outbox[0].subject
    assert other.email not in str(mail.outbox[0].message())


def test_what_nobody_has_taken_waits_for_everybody():
    desk = [CoordinatorFactory(), ManagerFactory()]
    VisitRequestFactory(state_since=YESTERDAY)

    for _sweep in range(2):
        reminders.queue_due(NINE)

    assert sorted(Message.objects.values_list("to_email", flat=True)) == sorted(user.email for user in desk)


def test_what_comes_after_eight_waits_for_the_next_morning():
    VisitRequestFactory(coordinator=CoordinatorFactory(), state=RequestState.IN_REVIEW, state_since=NINE)

    assert reminders.queue_due(NINE + timedelta(hours=2)) == 0
    assert reminders.queue_due(NINE + timedelta(days=1)) == 1


@pytest.mark.parametrize(
    "state", [RequestState.INFO_REQUESTED, RequestState.PROPOSED, RequestState.CONFIRMED, RequestState.WITHDRAWN]
)
def test_nothing_waits_and_nobody_is_written_to(state):
    VisitRequestFactory(state=state, state_since=YESTERDAY, coordinator=CoordinatorFactory())

    assert reminders.queue_due(NINE) == 0


def test_a_digest_is_not_sent_when_the_work_was_done_meanwhile():
    coordinator = CoordinatorFactory()
    visit_request = VisitRequestFactory(state=RequestState.IN_REVIEW, state_since=YESTERDAY, coordinator=coordinator)
    reminders.queue_due(NINE)
    VisitRequest.objects.filter(pk=visit_request.pk).update(state=RequestState.WITHDRAWN)

    rounds.deliver_due(NINE)

    assert kinds(state=MessageState.SENT) == []


def test_yesterdays_digest_is_not_sent_today():
    VisitRequestFactory(coordinator=CoordinatorFactory(), state=RequestState.IN_REVIEW, state_since=YESTERDAY)
    reminders.queue_due(NINE)

    rounds.deliver_due(NINE + timedelta(days=1))

    assert kinds(state=MessageState.SKIPPED) == ["morning_digest"]


@pytest.mark.parametrize(
    ("state", "written", "guests_agreed", "is_told"),
    [
        (RequestState.AGREED, YESTERDAY, NINE - timedelta(hours=2), True),  # it was ours at eight
        (RequestState.AGREED, YESTERDAY, NINE, False),
        (RequestState.AGREED, YESTERDAY, None, False),  # it is theirs
        (RequestState.CONFIRMED, YESTERDAY, None, True),
        (RequestState.CONFIRMED, NINE, None, False),
    ],
)
def test_what_becomes_ours_by_an_agreement_in_the_day_is_in_no_digest_of_its_morning(
    state, written, guests_agreed, is_told
):
    host, long_ago = CoordinatorFactory(), YESTERDAY - timedelta(days=20)
    found = VisitRequestFactory(coordinator=host, state=state, state_since=long_ago)
    agreement = Agreement.objects.create(
        request=found, number=1, content={}, digest="x", guests_at=guests_agreed,
        guests_by="Ada" if guests_agreed else "",
        ours_at=None if state == RequestState.CONFIRMED else YESTERDAY, ours_by=host,
    )  # fmt: skip
    Agreement.objects.filter(pk=agreement.pk).update(written_at=written)

    reminders.queue_due(NINE + timedelta(hours=6))

    assert ("morning_digest" in kinds()) is is_told


# -- The sweep -------------------------------------------------------------------------


def everything(count: int) -> None:
    """So many of each kind of row that a reminder can come from."""
    for _ in range(count):
        accepted(visit(7))
        AskFactory(asked_at=NINE - timedelta(days=3))
        ProposalFactory(answer_by=TODAY + timedelta(days=2))
        VisitRequestFactory(state=RequestState.INFO_REQUESTED, due_at=NINE + timedelta(days=2))
        DraftFactory(due_at=NINE + timedelta(days=5))
        VisitRequestFactory(state=RequestState.IN_REVIEW, coordinator=CoordinatorFactory())


def queries_of_a_sweep() -> int:
    with CaptureQueriesContext(connection) as found:
        reminders.queue_due(NINE)
    return len(found)


def test_a_sweep_asks_as_many_questions_for_one_visit_as_for_many():
    everything(1)
    first, again = queries_of_a_sweep(), queries_of_a_sweep()
    everything(6)
    many, many_again = queries_of_a_sweep(), queries_of_a_sweep()

    assert (first, again) == (many, many_again)
    assert again <= 16


def test_a_sweep_that_finds_nothing_writes_nothing():
    everything(1)
    reminders.queue_due(NINE)

    with CaptureQueriesContext(connection) as found:
        reminders.queue_due(NINE)

    # PostgreSQL has its unions in brackets.
    assert not [one for one in found if not one["sql"].lstrip("(").startswith("SELECT")]


@pytest.mark.parametrize("rows", [lambda: Message.objects.due(NINE), lambda: Message.objects.abandoned(NINE)])
def test_the_sender_finds_its_rows_by_an_index_however_many_were_sent(rows):
    if connection.vendor == "postgresql":
        connection.cursor().execute("SET LOCAL enable_seqscan = off")

    assert re.search("message_(due|leased|state)", rows().explain())


def test_nobody_is_reminded_twice_by_two_sweeps_of_the_same_morning():
    visit(7)

    for minute in range(0, 120, 7):
        reminders.queue_due(NINE + timedelta(minutes=minute))
        rounds.deliver_due(NINE + timedelta(minutes=minute))

    assert len(mail.outbox) == 1
    assert timezone.localdate(Message.objects.get().sent_at) == TODAY
