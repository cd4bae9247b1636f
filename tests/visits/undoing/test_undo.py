"""A decision is taken back until its mails have left, and the case is then what it was."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from tests.factories import ManagerFactory, RoomFactory, SessionFactory, VisitFactory
from tests.visits.proposal import cases as proposals
from tests.visits.undoing import cases
from visits import rounds, scheduling, undoing, workflow
from visits.choices import MessageState, RequestState
from visits.deeds import sentences
from visits.models import Booking, Decision, Message, VisitRequest

pytestmark = pytest.mark.django_db
S = RequestState


@pytest.mark.parametrize(("what", "made"), cases.STORIES, ids=lambda one: getattr(one, "__name__", one))
def test_what_is_taken_back_leaves_every_row_as_it_was(what, made):
    case, manager = made(), ManagerFactory()
    before = cases.everything(case)
    decision = cases.decide(case, what, manager)
    assert cases.everything(case) != before

    undoing.undo(decision, by=manager)

    assert cases.everything(case) == before
    line = sentences.line(case.history.first())
    assert line.text.startswith(f"{manager} took back: ")
    assert "%(" not in line.text


def test_every_kind_has_a_story():
    assert {what for what, _made in cases.STORIES} == undoing.KINDS.keys()


def test_the_history_is_only_added_to_by_taking_back(coordinator):
    case = proposals.planned()
    decision = cases.decide(case, "proposed", coordinator, version=1)

    undoing.undo(decision, by=coordinator)

    told = [sentences.line(entry).text for entry in case.history.all()[:2]]
    assert told == [
        "Maja Lindqvist took back: version 1 of the programme",
        "Maja Lindqvist sent version 1 of the programme",
    ]


def test_mails_wait_for_ten_minutes_and_then_leave(coordinator):
    case = cases.taken()
    before = timezone.now()

    decision = cases.decide(case, "declined", coordinator)

    mail = Message.objects.get(request=case)
    assert mail.due_at == decision.until >= before + timedelta(minutes=10)
    assert rounds.deliver_due(decision.until - timedelta(seconds=1)).sent == 0
    assert rounds.deliver_due(decision.until).sent == 1


def test_no_other_mail_about_a_case_leaves_while_a_decision_can_be_taken_back(coordinator):
    case = cases.taken()
    workflow.write_to_visitor(case, text="Welcome.", by=coordinator)

    decision = cases.decide(case, "declined", coordinator)

    assert rounds.deliver_due(timezone.now()).sent == 0
    assert rounds.deliver_due(decision.until).sent == 2


def test_a_case_without_a_decision_waits_for_nobody_elses(coordinator):
    workflow.write_to_visitor(cases.taken(), text="Welcome.", by=coordinator)
    cases.decide(cases.taken(), "declined", coordinator)

    assert rounds.deliver_due(timezone.now()).sent == 1


def test_what_is_sent_now_leaves_with_the_next_run_and_is_not_taken_back(coordinator):
    case = cases.taken()
    decision = cases.decide(case, "declined", coordinator)

    undoing.send_now(decision)

    assert rounds.deliver_due(timezone.now()).sent == 1
    with pytest.raises(undoing.UndoRefused, match="cannot be taken back any more"):
        undoing.undo(decision, by=coordinator)
    assert cases.fresh(case).state == S.DECLINED


def test_when_the_time_has_passed_nothing_is_taken_back(coordinator):
    case = cases.taken()
    decision = cases.decide(case, "declined", coordinator)
    after = cases.everything(case)

    with (
        time_machine.travel(decision.until + timedelta(seconds=1)),
        pytest.raises(undoing.UndoRefused, match="The mails left at"),
    ):
        undoing.undo(decision, by=coordinator)

    assert cases.everything(case) == after
    assert not case.history.filter(what="took_back").exists()


def test_twice_is_refused_with_the_name_of_who_was_first(coordinator):
    decision = cases.decide(cases.taken(), "declined", coordinator)
    undoing.undo(decision, by=coordinator)

    with pytest.raises(undoing.UndoRefused, match="Maja Lindqvist has taken this back already"):
        undoing.undo(decision, by=ManagerFactory())

    assert decision.request.history.filter(what="took_back").count() == 1


def test_a_mail_that_has_left_keeps_the_decision(coordinator):
    case = cases.taken()
    decision = cases.decide(case, "declined", coordinator)
    Message.objects.update(state=MessageState.SENDING, attempt=1)
    after = cases.everything(case)

    with pytest.raises(undoing.UndoRefused, match="A mail has left already"):
        undoing.undo(decision, by=coordinator)

    assert cases.everything(case) == after
    assert Decision.objects.get().undone_at is None


def test_when_the_guests_have_acted_the_decision_stands(coordinator):
    case = cases.proposed()
    decision = cases.decide(case, "wrote_to_visitor", coordinator)
    workflow.withdraw(case, why="We cannot come.", seen=case.version)

    with pytest.raises(undoing.UndoRefused):
        undoing.undo(decision, by=coordinator)

    assert cases.fresh(case).state == S.WITHDRAWN
    assert case.comments.filter(text="Welcome.").exists()


def test_when_a_colleague_has_gone_on_the_decision_stands_and_they_are_named(coordinator):
    case = cases.new()
    decision = cases.decide(case, "claimed", coordinator)
    workflow.hand_over(case, to=ManagerFactory(), by=ManagerFactory(first_name="Gun", last_name="Berg"),
                       seen=case.version)  # fmt: skip

    with pytest.raises(undoing.UndoRefused, match="Gun Berg has gone on from here"):
        undoing.undo(decision, by=coordinator)

    assert cases.fresh(case).state == S.IN_REVIEW
    assert undoing.why_not(decision).startswith("Gun Berg has gone on from here")


def test_a_note_between_colleagues_keeps_nothing_from_being_taken_back(coordinator):
    case = cases.taken()
    decision = cases.decide(case, "declined", coordinator)
    workflow.note(case, text="Was that right?", by=coordinator)

    undoing.undo(decision, by=coordinator)

    assert cases.fresh(case).state == S.IN_REVIEW


def test_the_later_of_two_decisions_is_taken_back_first(coordinator):
    case = cases.new()
    before = cases.everything(case)
    first = cases.decide(case, "claimed", coordinator)
    second = cases.decide(case, "declined", coordinator)

    with pytest.raises(undoing.UndoRefused, match="Take that back first"):
        undoing.undo(first, by=coordinator)
    undoing.undo(second, by=coordinator)
    undoing.undo(Decision.objects.get(pk=first.pk), by=coordinator)

    assert cases.everything(case) == before


def test_a_room_that_was_let_go_and_taken_since_is_named_and_nothing_changes(coordinator):
    room = RoomFactory(name="Attic")
    case = proposals.planned(room=room)
    proposals.propose(case)
    workflow.accept_proposal(case, number=1)
    decision = cases.decide(cases.fresh(case), "cancelled", coordinator)
    other = SessionFactory(visit=VisitFactory(first_day=case.visit.first_day), room=room)
    scheduling.book_room(other)

    with pytest.raises(scheduling.Clash, match=r"Attic is taken from 09\.00 to 10\.00"):
        undoing.undo(decision, by=coordinator)

    assert cases.fresh(case).state == S.CANCELLED
    assert [booking.session for booking in Booking.objects.filter(room=room)] == [other]


def test_a_proposal_that_was_taken_back_can_be_sent_again_under_its_number(coordinator):
    case = proposals.planned()
    undoing.undo(cases.decide(case, "proposed", coordinator), by=coordinator)
    case = cases.fresh(case)

    cases.decide(case, "proposed", coordinator)

    assert cases.fresh(case).proposals.get().number == 1
    assert cases.waiting_mails(case) == ["proposal"]


def test_without_minutes_mails_are_due_at_once_and_nothing_can_be_taken_back(coordinator, settings):
    settings.QULTURUM_UNDO_MINUTES = 0
    case = cases.taken()

    decision = cases.decide(case, "declined", coordinator)

    assert rounds.deliver_due(timezone.now()).sent == 1
    with pytest.raises(undoing.UndoRefused):
        undoing.undo(decision, by=coordinator)
    assert cases.fresh(case).state == S.DECLINED


def test_what_was_changed_is_forgotten_when_it_cannot_be_taken_back(coordinator):
    decision = cases.decide(cases.taken(), "declined", coordinator)

    rounds.nightly(decision.until + timedelta(days=2))

    decision.refresh_from_db()
    assert decision.changes == []
    assert decision.mails == 1


def test_a_refused_deed_is_no_decision(coordinator):
    case = cases.taken()
    VisitRequest.objects.update(version=7)

    with pytest.raises(workflow.MoveRefused):
        undoing.decide(case, "declined", lambda: workflow.claim(case, by=coordinator, seen=1), by=coordinator)

    assert not Decision.objects.exists()
