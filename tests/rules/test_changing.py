"""When a sent request may be changed, and to which days."""

from datetime import date

import pytest

from visits import rules
from visits.choices import RequestState

S = RequestState
TODAY = date(2026, 11, 9)  # three months later is 9 February
CHANGEABLE = {S.SUBMITTED, S.IN_REVIEW, S.INFO_REQUESTED, S.WAITLISTED}


@pytest.mark.parametrize("state", S)
def test_a_request_may_be_changed_while_it_is_read_asked_about_or_waits(state):
    assert rules.may_be_changed(state, planning_has_begun=False) is (state in CHANGEABLE)


@pytest.mark.parametrize("state", S)
def test_nothing_may_be_changed_once_planning_has_begun(state):
    assert rules.may_be_changed(state, planning_has_begun=True) is False


@pytest.mark.parametrize(
    ("wished", "earliest"),
    [
        ([], date(2027, 2, 9)),
        ([date(2027, 3, 16)], date(2027, 2, 9)),  # all wished days lie later than three months from today
        ([date(2027, 1, 12), date(2027, 3, 16)], date(2027, 1, 12)),  # asked for in time, some while ago
        ([date(2026, 11, 9)], date(2026, 11, 10)),  # waited so long that the wished day has come
        ([date(2026, 10, 6), date(2027, 3, 16)], date(2026, 11, 10)),
    ],
)
def test_three_months_are_counted_anew_only_for_a_day_earlier_than_any_before(wished, earliest):
    assert rules.earliest_changed_day(wished, today=TODAY) == earliest


@pytest.mark.parametrize(
    ("days", "is_in_time"),
    [
        ([date(2027, 1, 12)], True),  # as it was
        ([date(2027, 1, 13)], True),  # a day later
        ([date(2027, 1, 11)], False),  # a day earlier than any, closer than three months
        ([date(2027, 1, 12), date(2027, 1, 11)], False),
        ([date(2027, 2, 9)], True),
    ],
)
def test_days_of_a_changed_request_are_in_time(days, is_in_time):
    assert rules.changed_in_time(days, wished=[date(2027, 1, 12)], today=TODAY) is is_in_time


def test_a_day_that_was_wished_for_stays_in_time_also_when_it_has_come():
    assert rules.changed_in_time([date(2026, 11, 3)], wished=[date(2026, 11, 3)], today=TODAY) is True


@pytest.mark.parametrize("day", [date(2027, 1, 12), date(2027, 2, 28), date(2027, 5, 31), date(2028, 2, 29)])
def test_the_last_day_to_ask_for_a_day_is_in_time_for_it(day):
    assert rules.earliest_first_day(rules.last_day_to_ask_for(day)) <= day
