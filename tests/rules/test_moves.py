"""The table of states: every state has its moves, its turn and, when somebody must move, its due moment."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visits import almanac, rules
from visits.choices import RequestState, Turn

STATES = st.sampled_from(list(RequestState))
S = RequestState


def test_every_state_has_its_moves_and_its_turn_written_down():
    assert set(rules.MOVES) == set(rules.TURNS) == set(RequestState)


def test_every_state_can_be_reached_from_the_draft():
    reached, new = set(), {S.DRAFT}
    while new:
        reached |= new
        new = {after for state in new for after in rules.MOVES[state]} - reached

    assert reached == set(RequestState)


@pytest.mark.parametrize("state", rules.ENDED)
def test_what_has_ended_is_nobodys_turn(state):
    assert rules.turn(state) == Turn.NOBODY


def test_only_what_ended_before_agreement_can_be_opened_again():
    reopened = {state for state in rules.ENDED if rules.may_move(state, S.IN_REVIEW)}

    assert reopened == {S.DECLINED, S.WITHDRAWN, S.EXPIRED}


def test_we_say_no_before_agreement_and_cancel_after_it():
    declinable = {state for state in S if rules.may_move(state, S.DECLINED)}
    cancellable = {state for state in S if rules.may_move(state, S.CANCELLED)}

    assert declinable == {S.SUBMITTED, S.IN_REVIEW, S.INFO_REQUESTED, S.WAITLISTED, S.PROPOSED}
    assert cancellable == {S.AGREED, S.CONFIRMED}


def test_every_way_to_a_review_belongs_to_a_deed():
    ways = {old for states in rules.TO_REVIEW.values() for old in states}

    assert ways == {state for state in S if rules.may_move(state, S.IN_REVIEW)}


@given(STATES, STATES)
def test_no_state_moves_to_itself(old, new):
    assert not (old == new and rules.may_move(old, new))


def test_somebody_who_has_the_turn_has_a_day_to_move():
    since = datetime(2026, 11, 9, 14, 20, tzinfo=rules.STOCKHOLM)

    with_turn = {state for state in S if rules.turn(state) in (Turn.VISITOR, Turn.OURS)}

    assert {state for state in S if rules.due_moment(state, since)} == with_turn


@pytest.mark.parametrize(
    ("since", "due"),
    [
        (datetime(2026, 11, 9, 14, 20), datetime(2026, 11, 16, 17)),  # Monday to Monday
        (datetime(2026, 11, 13, 16, 0), datetime(2026, 11, 20, 17)),  # Friday to Friday
        (datetime(2026, 12, 22, 9, 0), datetime(2027, 1, 4, 17)),  # over Christmas and New Year
        (datetime(2027, 3, 24, 9, 0), datetime(2027, 4, 2, 17)),  # over Easter and summer time
    ],
)
def test_we_answer_a_new_request_within_five_working_days(since, due):
    since, due = since.replace(tzinfo=rules.STOCKHOLM), due.replace(tzinfo=rules.STOCKHOLM)

    assert rules.due_moment(S.SUBMITTED, since, closed=almanac.closed_from(since.date())) == due


@pytest.mark.parametrize(
    ("days_left", "kind"),
    [
        (43, None),
        (42, "names_wanted"),
        (28, "visit_in_four_weeks"),
        (12, "visit_in_four_weeks"),
        (7, "visit_in_one_week"),
        (2, "visit_in_one_week"),
        (1, "visit_tomorrow"),
        (0, None),
        (-3, None),
    ],
)
def test_one_reminder_fits_at_a_time(days_left, kind):
    ladder = {42: "names_wanted", 28: "visit_in_four_weeks", 7: "visit_in_one_week", 1: "visit_tomorrow"}

    assert ladder.get(rules.fitting_day(ladder, days_left=days_left)) == kind


def test_a_reference_is_read_out_easily():
    assert rules.reference(2026, 1) == "CL-26-001"
    assert rules.reference(2027, 1204) == "CL-27-1204"


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (datetime(2026, 12, 10, 17, tzinfo=rules.STOCKHOLM), datetime(2026, 12, 10, 17, tzinfo=rules.STOCKHOLM)),
        (datetime(2026, 12, 10, 18, tzinfo=rules.STOCKHOLM), datetime(2026, 12, 17, 17, tzinfo=rules.STOCKHOLM)),
        (datetime(2026, 12, 18, 9, tzinfo=rules.STOCKHOLM), datetime(2026, 12, 28, 17, tzinfo=rules.STOCKHOLM)),
    ],
)
def test_when_our_day_has_passed_the_next_one_lies_five_working_days_later(now, due):
    passed = datetime(2026, 12, 10, 17, tzinfo=rules.STOCKHOLM)

    assert rules.due_anew(passed, now, closed=almanac.closed_from(passed.date())) == due
