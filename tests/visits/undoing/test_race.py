"""Taking back against the sender, against another who takes back, against the guests: on real threads."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import QuerySet

from tests.factories import CoordinatorFactory
from tests.races import at_once, tally
from tests.visits.proposal import cases as proposals
from tests.visits.undoing import cases
from visits import rounds, scheduling, undoing, workflow
from visits.choices import MessageState, RequestState
from visits.models import Decision, HistoryEntry, Message
from visits.models.decision import DecisionQuerySet
from visits.undoing import taking_back

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
S = RequestState
REFUSALS = (undoing.UndoRefused, workflow.MoveRefused, scheduling.Clash)
ROUNDS = 8


def declined_by(colleague):
    case = cases.taken()
    return case, cases.decide(case, "declined", colleague)


def sent_and_undone(case) -> tuple[bool, bool]:
    sent = Message.objects.filter(request=case, state=MessageState.SENT).exists()
    return sent, cases.fresh(case).state == S.IN_REVIEW


def test_of_the_sender_and_who_takes_back_exactly_one_wins():
    colleague = CoordinatorFactory()
    outcomes = []
    for _round in range(ROUNDS):
        case, decision = declined_by(colleague)

        at_once([lambda d=decision: rounds.deliver_due(d.until), lambda d=decision: undoing.undo(d, by=colleague)],
                REFUSALS)  # fmt: skip

        outcomes.append(sent_and_undone(case))
    assert set(outcomes) <= {(True, False), (False, True)}


def test_without_the_guard_a_mail_leaves_that_was_taken_back(monkeypatch):
    def whatever_their_state(mails: list[int]) -> QuerySet[Message]:
        return Message.objects.filter(pk__in=mails)

    monkeypatch.setattr(taking_back, "_unsent", whatever_their_state)
    colleague = CoordinatorFactory()
    case, decision = declined_by(colleague)
    write = rounds.letters.write

    def taken_back_while_it_is_written(message, at):
        mail = write(message, at)
        undoing.undo(decision, by=colleague)
        return mail

    monkeypatch.setattr(rounds.letters, "write", taken_back_while_it_is_written)
    done = rounds.deliver_due(decision.until)

    # The relay has the mail, and the case says that nothing was decided.
    assert (cases.fresh(case).state, Message.objects.filter(request=case).exists()) == (S.IN_REVIEW, False)
    assert done.failed == 0


def test_with_the_guard_the_claimed_mail_keeps_the_decision(monkeypatch):
    colleague = CoordinatorFactory()
    case, decision = declined_by(colleague)
    write, refused = rounds.letters.write, []

    def tried_while_it_is_written(message, at):
        mail = write(message, at)
        with pytest.raises(undoing.UndoRefused) as reason:
            undoing.undo(decision, by=colleague)
        refused.append(str(reason.value))
        return mail

    monkeypatch.setattr(rounds.letters, "write", tried_while_it_is_written)
    done = rounds.deliver_due(decision.until)

    assert (done.sent, sent_and_undone(case)) == (1, (True, False))
    assert refused == ["A mail has left already, so nothing was taken back."]


def test_of_several_who_take_back_at_once_one_does():
    colleagues = [CoordinatorFactory() for _ in range(4)]
    case, decision = declined_by(colleagues[0])
    copies = [Decision.objects.select_related("request").get(pk=decision.pk) for _ in colleagues]

    outcomes = at_once(
        [lambda d=copy, c=colleague: undoing.undo(d, by=c) for copy, colleague in zip(copies, colleagues, strict=True)],
        REFUSALS,
    )

    assert tally(outcomes) == {"done": 1, "UndoRefused": 3}
    assert HistoryEntry.objects.filter(request=case, what="took_back").count() == 1
    assert cases.fresh(case).state == S.IN_REVIEW


def test_of_the_guests_answer_and_who_takes_back_exactly_one_wins(settings):
    settings.QULTURUM_WEEK_CAPACITY = ROUNDS  # all of them want the same week
    for _round in range(ROUNDS):
        case = proposals.planned()
        decision = cases.decide(case, "proposed", case.coordinator)
        theirs = cases.fresh(case)

        outcomes = at_once([
            lambda c=theirs: workflow.accept_proposal(c, number=1),
            lambda d=decision: undoing.undo(d, by=d.by),
        ], REFUSALS)  # fmt: skip

        accepted, undone = (not isinstance(one, Exception) for one in outcomes)
        assert (accepted, undone) in {(True, False), (False, True)}
        assert cases.fresh(case).state == (S.AGREED if accepted else S.IN_REVIEW)
        assert case.proposals.count() == int(accepted)


def test_without_the_locked_look_a_guests_answer_is_lost(monkeypatch):
    case = proposals.planned()
    decision = cases.decide(case, "proposed", case.coordinator)
    monkeypatch.setattr(taking_back, "_overtaken", lambda *_rows: "")
    monkeypatch.setattr(DecisionQuerySet, "settle", lambda _rows, _case, _at: 0)
    workflow.accept_proposal(case, number=1)

    undoing.undo(Decision.objects.get(pk=decision.pk), by=case.coordinator)

    assert (cases.fresh(case).state, case.proposals.count()) == (S.IN_REVIEW, 0)
    assert case.history.filter(what="agreed").exists()


def test_a_decision_and_a_look_from_outside_do_not_disturb_each_other():
    case = proposals.planned()
    decision = cases.decide(case, "proposed", case.coordinator)

    def look() -> str:
        with undoing.as_it_was(undoing.pending(case.reference)):
            return cases.fresh(case).state

    outcomes = at_once([look, look, look, lambda: undoing.undo(decision, by=decision.by)], REFUSALS)

    assert outcomes[:3] == [S.IN_REVIEW] * 3
    assert outcomes[3] is None
    assert cases.fresh(case).state == S.IN_REVIEW
    assert decision.until - decision.at == timedelta(minutes=10)
