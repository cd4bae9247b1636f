"""Which facts of a request one of us may correct, over all that can be."""

import pytest

from visits import correcting, rules
from visits.choices import RequestState

S = RequestState
WISHED = {"wishes", "length"}
EVERY = {name for names in correcting.FACTS.values() for name in names}


def correctable(state: RequestState, *, begun: bool = False, taken_over: bool = True) -> set[str]:
    return set(correcting.correctable(state, planning_has_begun=begun, is_taken_over=taken_over))


@pytest.mark.parametrize("state", S)
def test_there_is_something_to_correct_while_a_request_is_open_and_after_the_visit(state):
    assert bool(correctable(state)) is (state in (*rules.OPEN, S.COMPLETED))


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("begun", [False, True])
def test_wished_days_are_corrected_while_the_guests_could_change_them_too(state, begun):
    may = bool(correctable(state, begun=begun) & WISHED)

    assert may is rules.may_be_changed(state, planning_has_begun=begun)


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("begun", [False, True])
def test_the_address_of_what_nobody_has_taken_over_is_all_that_is_missing(state, begun):
    mine, theirs = correctable(state, begun=begun), correctable(state, begun=begun, taken_over=False)

    assert theirs == mine - {"contact_email"}


def test_after_the_visit_only_who_they_are_is_corrected_and_not_how_many_came():
    assert correctable(S.COMPLETED) == set(correcting.FACTS["who"]) - {"group_size", "professions", "meeting_language"}


def test_while_it_is_read_everything_is_corrected():
    assert correctable(S.IN_REVIEW) == EVERY
