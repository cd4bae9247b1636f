"""How it has gone: one word, changed while there is time, refused before and after."""

from datetime import date

import pytest

from tests.visits.ledger.scene import DUE, guests_share, noon, we_share
from visits import ledger, rules
from visits.choices import PointState, Side
from visits.ledger import follow_ups
from visits.models import LedgerEntry, LedgerPoint

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(visit, time_machine):
    """Both sides have looked back, and it is the day of the first follow-up."""
    guests_share(visit)
    we_share(visit)
    time_machine.move_to(noon(DUE), tick=False)
    return visit


def point(months: int = 3) -> LedgerPoint:
    return LedgerPoint.objects.get(months=months, entry__learner=Side.GUESTS)


def states() -> list[str]:
    of_guests = LedgerPoint.objects.filter(entry__learner=Side.GUESTS).order_by("months")
    return list(of_guests.values_list("state", flat=True))


def test_one_word_is_an_answer(visit):
    follow_ups.answer(point(), state=PointState.GOING_ON, by_name="Aileen Munro")

    found = point()
    assert (found.state, found.words, found.answered_by) == ("going_on", "", "Aileen Munro")
    assert found.answered_at == noon(DUE)
    assert states() == ["going_on", "later", "later"]
    assert visit.request.history.first().what == "guests_followed_up"


def test_what_has_stopped_is_not_asked_again(visit):
    follow_ups.answer(point(), state=PointState.STOPPED, said="Nobody had the time.", by_name="Aileen Munro")

    assert states() == ["stopped", "not_asked", "not_asked"]


def test_a_press_on_the_wrong_button_is_taken_back_and_the_later_questions_come_again(visit):
    follow_ups.answer(point(), state=PointState.STOPPED, by_name="Aileen Munro")

    follow_ups.answer(point(), state=PointState.SPREADS, said="A second ward.", by_name="Aileen Munro")

    assert states() == ["spreads", "later", "later"]
    assert point().words == "A second ward."


def test_the_same_answer_twice_is_one_line_of_history(visit):
    for _press in range(2):
        follow_ups.answer(point(), state=PointState.GOING_ON, by_name="Aileen Munro")

    assert visit.request.history.filter(what="guests_followed_up").count() == 1


def test_nothing_is_said_before_its_day(visit, time_machine):
    time_machine.move_to(noon(date(2027, 2, 23)), tick=False)

    with pytest.raises(ledger.FollowUpRefused, match="We ask this on 24 February 2027"):
        follow_ups.answer(point(), state=PointState.GOING_ON, by_name="Aileen Munro")

    assert states() == ["later"] * 3


def test_nothing_is_said_when_its_time_is_over(visit, time_machine):
    time_machine.move_to(noon(date(2027, 4, 25)), tick=False)

    with pytest.raises(ledger.FollowUpRefused, match="time to answer this is over"):
        follow_ups.answer(point(), state=PointState.GOING_ON, by_name="Aileen Munro")

    assert states() == ["later"] * 3


def test_on_the_last_day_it_can_be_said_and_that_night_it_lapses(visit, time_machine):
    last = rules.last_answer_day(DUE)
    time_machine.move_to(noon(last), tick=False)

    before = ledger.lapse(noon(last))
    follow_ups.answer(point(), state=PointState.GOING_ON, by_name="Aileen Munro")

    assert before == 0
    assert states() == ["going_on", "later", "later"]


def test_the_clock_lapses_what_nobody_answered_and_only_that(visit):
    over = rules.last_answer_day(DUE) + rules.DAY

    lapsed = ledger.lapse(noon(over))

    assert lapsed == 2  # theirs and ours
    assert states() == ["lapsed", "later", "later"]


@pytest.mark.parametrize("state", [PointState.LATER, PointState.DUE, PointState.LAPSED, PointState.NOT_ASKED])
def test_only_the_three_words_are_answers(visit, state):
    with pytest.raises(ValueError, match="no answer"):
        follow_ups.answer(point(), state=state, by_name="Aileen Munro")

    assert states() == ["later"] * 3


def test_the_ledger_counts_what_was_learned_tested_spread_and_stopped(visit):
    follow_ups.answer(point(), state=PointState.SPREADS, by_name="Aileen Munro")
    ours = LedgerPoint.objects.get(months=3, entry__learner=Side.OURS)
    follow_ups.answer(ours, state=PointState.STOPPED, by_name="Fatima", by=ours.entry.look_back.user)

    sums = ledger.ledger_of(visit, viewer=Side.GUESTS, today=DUE).sums

    assert (sums.learn, sums.tested, sums.spread, sums.stopped) == (3, 1, 1, 1)


def test_each_reader_is_told_whose_turn_it_is(visit):
    def told(viewer: Side) -> list[tuple[str, str, bool]]:
        shown = ledger.ledger_of(visit, viewer=viewer, today=DUE)
        firsts = [row.points[0] for row in (*shown.guests, *shown.ours) if row.points]
        return [(one.stands, one.mark, one.may_answer) for one in firsts]

    assert told(Side.GUESTS) == [("Your turn", "now", True), ("Our turn", "ours", False)]
    assert told(Side.OURS) == [("Their turn", "now", False), ("Our turn", "ours", True)]


def test_how_far_it_led_stands_beside_who_helped(visit):
    first, second = LedgerEntry.objects.filter(learner=Side.GUESTS)
    shown = ledger.ledger_of(visit, viewer=Side.GUESTS, today=DUE)

    assert [(row.helped, row.closer) for row in shown.guests] == [("", "Yes"), ("Somebody else, in part", "")]
    assert [first.closer, second.closer] == ["yes", "a_bit"]
