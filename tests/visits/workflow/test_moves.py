"""Every deed asks the one table, guards the version, writes history and owes its mails."""

import pytest

from tests.factories import (
    AskFactory,
    FacilitatorFactory,
    ProposalFactory,
    SessionFactory,
    VisitFactory,
    VisitRequestFactory,
    settle_agreement,
)
from visits import rules, scheduling, workflow
from visits.choices import AlternativeKind, AskState, DeclineReason, ProposalAnswer, RequestState, SessionKind
from visits.models import Alternative, Booking, HistoryEntry, Message, VisitRequest

pytestmark = pytest.mark.django_db
S = RequestState
REASON = "They are in Jönköping for a conference that week."


def kinds():
    return sorted(Message.objects.values_list("kind", flat=True))


def unchanged(visit_request):
    stored = VisitRequest.objects.get(pk=visit_request.pk)
    return stored.version == 1 and not HistoryEntry.objects.exists() and not Message.objects.exists()


DEEDS = {
    "claim": (lambda r, by: workflow.claim(r, by=by, seen=r.version), {S.SUBMITTED}),
    "ask": (lambda r, by: workflow.ask_question(r, text="Who?", by=by, seen=r.version), {S.SUBMITTED, S.IN_REVIEW}),
    "waitlist": (lambda r, by: workflow.waitlist(r, what_for="Room", by=by, seen=r.version), {S.IN_REVIEW}),
    "decline": (
        lambda r, by: workflow.decline(
            r, reason=DeclineReason.NO_ROOM, explanation="Full.", by=by, seen=r.version,
            alternatives=[Alternative(kind=AlternativeKind.DIGITAL)],
        ),
        {S.SUBMITTED, S.IN_REVIEW, S.INFO_REQUESTED, S.WAITLISTED, S.PROPOSED},
    ),
    "reopen": (lambda r, by: workflow.reopen(r, by=by, seen=r.version), {S.DECLINED, S.WITHDRAWN, S.EXPIRED}),
    "resume": (lambda r, by: workflow.resume(r, by=by, seen=r.version), {S.INFO_REQUESTED, S.WAITLISTED, S.PROPOSED}),
    "plan again": (
        lambda r, by: workflow.move_back_to_planning(r, by=by, seen=r.version),
        {S.AGREED, S.CONFIRMED},
    ),
    "withdraw": (
        lambda r, by: workflow.withdraw(r),
        {S.SUBMITTED, S.IN_REVIEW, S.INFO_REQUESTED, S.WAITLISTED, S.PROPOSED},
    ),
    "cancel": (lambda r, by: workflow.cancel(r, why="Ill", by=by, seen=r.version), {S.AGREED, S.CONFIRMED}),
    "complete": (lambda r, by: workflow.complete(r), {S.CONFIRMED}),
    "expire": (lambda r, by: workflow.expire(r), {S.INFO_REQUESTED}),
}  # fmt: skip
SENT = [state for state in S if state not in rules.UNSENT]


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("state", SENT)
def test_a_deed_is_done_in_its_states_and_refused_in_the_others(deed, state, coordinator):
    do, allowed = DEEDS[deed]
    visit_request = VisitRequestFactory(
        state=state, decline_reason=DeclineReason.NO_ROOM if state == S.DECLINED else ""
    )

    if state in allowed:
        do(visit_request, coordinator)
        assert HistoryEntry.objects.filter(request=visit_request).exists()
        assert VisitRequest.objects.get(pk=visit_request.pk).version > 1
    else:
        with pytest.raises(workflow.MoveRefused):
            do(visit_request, coordinator)
        assert unchanged(visit_request)


def test_the_second_of_two_colleagues_is_told_who_was_faster(coordinator, manager):
    visit_request = VisitRequestFactory()
    stale = VisitRequest.objects.get(pk=visit_request.pk)
    workflow.claim(visit_request, by=coordinator, seen=1)

    with pytest.raises(workflow.MoveRefused, match="Maja Lindqvist was faster"):
        workflow.claim(stale, by=manager, seen=1)

    assert VisitRequest.objects.get(pk=visit_request.pk).coordinator == coordinator
    assert visit_request.history.count() == 1


def test_an_old_page_says_who_was_faster_also_when_the_state_forbids_the_deed(coordinator, manager):
    visit_request = VisitRequestFactory()
    workflow.claim(VisitRequest.objects.get(pk=visit_request.pk), by=coordinator, seen=1)

    with pytest.raises(workflow.MoveRefused, match="Maja Lindqvist was faster"):
        workflow.claim(VisitRequest.objects.get(pk=visit_request.pk), by=manager, seen=1)

    assert VisitRequest.objects.get(pk=visit_request.pk).coordinator == coordinator


def test_who_presses_twice_is_not_told_of_somebody_faster(coordinator):
    visit_request = VisitRequestFactory()
    workflow.claim(visit_request, by=coordinator, seen=1)

    with pytest.raises(workflow.MoveRefused, match=r"You have changed .* since you opened that page"):
        workflow.claim(VisitRequest.objects.get(pk=visit_request.pk), by=coordinator, seen=1)

    assert visit_request.history.count() == 1


def test_a_version_seen_before_a_colleagues_change_is_refused(coordinator, manager):
    visit_request = VisitRequestFactory()
    workflow.claim(visit_request, by=coordinator, seen=1)
    workflow.hand_over(visit_request, to=manager, by=manager, seen=2)

    with pytest.raises(workflow.MoveRefused, match="was faster"):
        workflow.ask_question(visit_request, text="Who?", by=coordinator, seen=2)

    assert kinds() == []
    assert not visit_request.comments.exists()


def test_whoever_asks_about_a_new_request_takes_it(coordinator):
    visit_request = VisitRequestFactory(state=S.SUBMITTED, coordinator=None)

    workflow.ask_question(visit_request, text="Who?", by=coordinator, seen=1)

    stored = VisitRequest.objects.get(pk=visit_request.pk)
    assert (stored.state, stored.coordinator) == (S.INFO_REQUESTED, coordinator)
    assert sorted(visit_request.history.values_list("what", flat=True)) == ["asked_question", "claimed"]
    assert kinds() == ["question"]


def test_a_question_about_a_new_request_that_a_colleague_has_taken_is_refused(coordinator, manager):
    visit_request = VisitRequestFactory(state=S.SUBMITTED, coordinator=None)
    stale = VisitRequest.objects.get(pk=visit_request.pk)
    workflow.claim(visit_request, by=manager, seen=1)

    with pytest.raises(workflow.MoveRefused, match="was faster"):
        workflow.ask_question(stale, text="Who?", by=coordinator, seen=1)

    assert VisitRequest.objects.get(pk=visit_request.pk).coordinator == manager
    assert kinds() == []


def test_declining_needs_an_alternative(coordinator):
    visit_request = VisitRequestFactory()

    with pytest.raises(workflow.MoveRefused, match="at least one thing"):
        workflow.decline(
            visit_request, reason=DeclineReason.NO_ROOM, explanation="", alternatives=[], by=coordinator, seen=1
        )

    assert unchanged(visit_request)


def test_declining_a_proposed_visit_lets_everything_go(coordinator):
    visit_request = VisitRequestFactory(state=S.PROPOSED)
    proposal = ProposalFactory(request=visit_request)
    session = SessionFactory(visit=VisitFactory(request=visit_request))
    scheduling.accept(AskFactory(session=session))

    workflow.decline(
        visit_request, reason=DeclineReason.NO_ROOM, explanation="Full.", by=coordinator, seen=1,
        alternatives=[Alternative(kind=AlternativeKind.DIGITAL)],
    )  # fmt: skip

    proposal.refresh_from_db()
    assert proposal.answer == ProposalAnswer.REPLACED
    assert not Booking.objects.exists()
    assert kinds() == ["ask_withdrawn", "declined"]


@pytest.mark.parametrize(("role", "allowed"), [("coordinator", False), ("manager", True)])
def test_only_a_manager_waives_the_three_months(role, allowed, request):
    by = request.getfixturevalue(role)
    visit_request = VisitRequestFactory(state=S.IN_REVIEW)

    if allowed:
        workflow.waive_lead_time(visit_request, reason=REASON, by=by, seen=1)
        assert VisitRequest.objects.get(pk=visit_request.pk).waiver_reason == REASON
    else:
        with pytest.raises(workflow.MoveRefused, match="Only a manager"):
            workflow.waive_lead_time(visit_request, reason=REASON, by=by, seen=1)
        assert unchanged(visit_request)


def test_waiving_needs_a_reason_that_says_something(manager):
    visit_request = VisitRequestFactory(state=S.IN_REVIEW)

    with pytest.raises(workflow.MoveRefused, match="twenty characters"):
        workflow.waive_lead_time(visit_request, reason="Because.", by=manager, seen=1)

    assert unchanged(visit_request)


def test_the_visitors_answer_brings_the_turn_back_to_us():
    visit_request = VisitRequestFactory(state=S.INFO_REQUESTED)

    workflow.answer(visit_request, text="Moira tells it herself.")

    visit_request.refresh_from_db()
    assert visit_request.state == S.IN_REVIEW
    assert [comment.text for comment in visit_request.comments.all()] == ["Moira tells it herself."]


def test_what_a_visitor_writes_otherwise_moves_nothing():
    visit_request = VisitRequestFactory(state=S.WAITLISTED)

    workflow.answer(visit_request, text="We can come later.")

    visit_request.refresh_from_db()
    assert visit_request.state == S.WAITLISTED


@pytest.mark.parametrize(
    "second",
    [
        lambda stale: workflow.accept_proposal(stale, number=1),
        lambda stale: workflow.want_change(stale, number=1, text="And end at three?"),
    ],
)
def test_the_first_answer_to_a_proposal_stands(second):
    visit_request = VisitRequestFactory(state=S.PROPOSED)
    proposal = ProposalFactory(request=visit_request)
    stale = VisitRequest.objects.get(pk=visit_request.pk)
    workflow.want_change(visit_request, number=1, text="Could we begin at ten?")

    with pytest.raises(workflow.MoveRefused, match="answered already"):
        second(stale)

    proposal.refresh_from_db()
    assert (proposal.answer, proposal.change_wish) == (ProposalAnswer.CHANGE, "Could we begin at ten?")


def test_a_yes_to_an_older_version_is_refused():
    visit_request = VisitRequestFactory(state=S.PROPOSED)
    ProposalFactory(request=visit_request, number=1, answer=ProposalAnswer.REPLACED)
    ProposalFactory(request=visit_request, number=2)

    with pytest.raises(workflow.MoveRefused, match="newer version"):
        workflow.accept_proposal(visit_request, number=1)

    visit_request.refresh_from_db()
    assert visit_request.state == S.PROPOSED


def test_a_yes_asks_those_who_were_not_asked_yet(coordinator):
    visit_request = VisitRequestFactory(state=S.PROPOSED)
    ProposalFactory(request=visit_request)
    session = SessionFactory(visit=VisitFactory(request=visit_request))
    ask = scheduling.choose(session, FacilitatorFactory(), by=coordinator)

    workflow.accept_proposal(visit_request, number=1)

    ask.refresh_from_db()
    assert ask.state == AskState.ASKED
    assert kinds() == ["ask"]


@pytest.mark.parametrize(
    ("with_yes", "with_own", "with_agreement", "said"),
    [
        (False, True, True, "Nobody has said yes"),
        (True, False, False, "guests’ own"),
        (True, True, False, "The agreement is not written yet"),
        (True, True, True, ""),
    ],
)
def test_a_visit_is_confirmed_when_all_said_yes_the_guests_have_their_part_and_both_have_agreed(
    with_yes, with_own, with_agreement, said, coordinator
):
    visit_request = VisitRequestFactory(state=S.AGREED)
    visit = VisitFactory(request=visit_request)
    ask = AskFactory(session=SessionFactory(visit=visit))
    if with_yes:
        scheduling.accept(ask)
    if with_own:
        SessionFactory(visit=visit, hour=11, kind=SessionKind.GUEST)
    if with_agreement:
        settle_agreement(visit_request)
        Message.objects.all().delete()

    if said:
        with pytest.raises(workflow.MoveRefused, match=said):
            workflow.confirm(visit_request, by=coordinator, seen=visit_request.version)
        assert VisitRequest.objects.get(pk=visit_request.pk).state == S.AGREED
        assert kinds() == []
    else:
        workflow.confirm(visit_request, by=coordinator, seen=visit_request.version)
        assert kinds() == ["confirmed", "session_confirmed"]
        assert {booking.hold for booking in Booking.objects.all()} == {"firm"}


@pytest.mark.parametrize("state", [S.EXPIRED, S.WITHDRAWN, S.IN_REVIEW, S.CONFIRMED])
def test_what_cannot_be_confirmed_in_its_state_is_not_told_of_its_agenda(state, coordinator):
    visit_request = VisitRequestFactory(state=state)

    with pytest.raises(workflow.MoveRefused, match="is in the state") as refusal:
        workflow.confirm(visit_request, by=coordinator, seen=visit_request.version)

    assert "agenda" not in str(refusal.value)
    assert VisitRequest.objects.get(pk=visit_request.pk).state == state


def test_a_cancelled_visit_frees_everybody_and_tells_them(coordinator):
    visit_request = VisitRequestFactory(state=S.CONFIRMED)
    scheduling.accept(AskFactory(session=SessionFactory(visit=VisitFactory(request=visit_request))))
    Message.objects.all().delete()

    workflow.cancel(visit_request, why="Illness in the group", by=coordinator, seen=1)

    assert not Booking.objects.exists()
    assert kinds() == ["cancelled", "session_cancelled"]


def test_a_proposal_that_nobody_answers_comes_back_to_us():
    visit_request = VisitRequestFactory(state=S.PROPOSED)
    proposal = ProposalFactory(request=visit_request)

    workflow.lapse_proposal(visit_request)

    proposal.refresh_from_db()
    visit_request.refresh_from_db()
    assert (visit_request.state, proposal.answer) == (S.IN_REVIEW, ProposalAnswer.LAPSED)
