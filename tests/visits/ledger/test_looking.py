"""Looking back: kept by anybody of a side, shared once, and then rows of the ledger."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.factories import FacilitatorFactory
from tests.visits.ledger.scene import (
    QUESTIONS,
    guests_say,
    guests_share,
    host_of,
    person,
    visit_over,
    we_say,
    we_share,
)
from visits import ledger
from visits.choices import FacilitatorKind, PointState, RequestState, Side
from visits.ledger import looking
from visits.models import LedgerEntry, LedgerPoint, LookBack

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit():
    return visit_over(timezone.localdate() - timedelta(days=1))


def test_what_the_guests_share_becomes_a_row_for_each_question_with_what_they_try_beside_its_own(visit):
    helper = host_of(visit)

    guests_share(visit, helped_1=[str(helper.user.pk)])

    first, second = LedgerEntry.objects.filter(learner=Side.GUESTS)
    assert [first.words, second.words] == QUESTIONS
    assert (first.closer, first.helped_how) == ("yes", "They followed one person home.")
    assert first.helped_by == [{"who": str(helper.user.pk), "name": "Fatima Hosseini"}]
    assert (first.tries, first.begins, first.begins_when) == ("One meeting about one person", "Iona", "Week 17")
    assert (second.tries, second.helped_by) == ("", [{"who": "other", "name": ""}])
    assert [entry["what"] for entry in visit.request.history.values("what")] == ["guests_looked_back"]


def test_what_they_try_without_a_question_is_a_row_of_its_own(visit):
    guests_share(visit, about="")

    last = LedgerEntry.objects.filter(learner=Side.GUESTS).last()
    assert (last.number, last.big, last.words) == (3, None, "One meeting about one person")


def test_a_group_without_big_questions_answers_what_they_wanted_to_learn():
    visit = visit_over(timezone.localdate() - timedelta(days=1), big_questions=[], aim="How Esther changed the flow.")

    guests_share(visit)

    assert LedgerEntry.objects.get().words == "How Esther changed the flow."


def test_only_what_is_tried_is_asked_after_on_the_months_that_they_allow(visit):
    guests_share(visit, after=["3", "12"])

    entries = {point.entry.number for point in LedgerPoint.objects.select_related("entry")}
    assert entries == {1}
    assert list(LedgerPoint.objects.values_list("months", "state")) == [(3, "later"), (12, "later")]


def test_a_group_that_wants_no_questions_is_asked_none(visit):
    guests_share(visit, after=[])

    assert LedgerEntry.objects.filter(learner=Side.GUESTS).count() == 2
    assert not LedgerPoint.objects.exists()


def test_ours_is_asked_after_whatever_the_guests_allow(visit):
    teller = person(visit, "Moira Reid")

    we_share(visit, told_by=[str(teller.pk)])

    entry = LedgerEntry.objects.get(learner=Side.OURS)
    assert entry.words == "A phone call need not be made by a professional."
    assert entry.helped_by == [{"who": str(teller.pk), "name": "Moira Reid"}]
    assert list(entry.points.values_list("months", flat=True)) == [3, 6, 12]


def test_two_of_ours_have_a_row_each(visit):
    maja = ledger.host(visit, visit.request.coordinator)

    we_share(visit)
    looking.share_ours(visit.request, maja, we_say(takes_home="Who owns it today?"), seen="")

    assert list(LedgerEntry.objects.values_list("number", "words")) == [
        (1, "A phone call need not be made by a professional."),
        (2, "Who owns it today?"),
    ]


def test_what_is_shared_late_is_not_asked_after_on_days_that_have_passed():
    visit = visit_over(timezone.localdate() - timedelta(days=150))

    guests_share(visit)

    assert list(LedgerPoint.objects.values_list("months", flat=True)) == [6, 12]


def test_sharing_twice_changes_nothing(visit):
    guests_share(visit)

    guests_share(visit)

    assert LedgerEntry.objects.count() == 2
    assert visit.request.history.count() == 1


def test_what_is_shared_stays_as_it_is(visit):
    guests_share(visit)

    with pytest.raises(ledger.LookBackRefused, match="has shared the look-back already"):
        guests_share(visit, seen="Something else")

    assert LookBack.objects.get().seen == "You thank one another."
    assert LedgerEntry.objects.count() == 2


def test_what_one_of_the_group_kept_is_not_written_over_by_another_unseen(visit):
    kept = looking.keep_for_guests(visit.request, {"tries": "Moira's"}, by_name="Moira Reid", seen="")

    with pytest.raises(ledger.Overtaken, match="Moira Reid has saved an answer") as overtaken:
        looking.keep_for_guests(visit.request, {"tries": "Mine"}, by_name="Aileen Munro", seen="")

    assert overtaken.value.theirs == kept
    assert LookBack.objects.get().answers == {"tries": "Moira's"}


def test_who_has_seen_what_stands_there_may_write_over_it(visit):
    kept = looking.keep_for_guests(visit.request, {"tries": "Moira's"}, by_name="Moira Reid", seen="")

    looking.keep_for_guests(visit.request, {"tries": "Both"}, by_name="Aileen Munro", seen=looking.seen(kept))

    found = LookBack.objects.get()
    assert (found.answers, found.author_name, found.shared_at) == ({"tries": "Both"}, "Aileen Munro", None)


@pytest.mark.parametrize("state", [RequestState.CONFIRMED, RequestState.CANCELLED])
def test_nobody_looks_back_before_the_visit_is_over(state):
    visit = visit_over(timezone.localdate() + timedelta(days=1), state=state)

    with pytest.raises(ledger.LookBackRefused, match="when the visit is over"):
        guests_share(visit)
    with pytest.raises(ledger.LookBackRefused, match="when the visit is over"):
        looking.keep_ours(visit.request, host_of(visit), we_say(), seen="")

    assert not LookBack.objects.exists()


def test_the_hosts_are_those_who_led_and_the_coordinator_and_a_living_library_person_by_first_name(visit):
    session = visit.sessions.first()
    library = FacilitatorFactory(user__first_name="Birgit", user__last_name="Sjö", kind=FacilitatorKind.LIVING_LIBRARY)
    session.asks.create(facilitator=library, state="accepted", asked_by=library.user, asked_at=timezone.now(),
                        answer_by=date(2026, 1, 1))  # fmt: skip
    session.asks.create(facilitator=FacilitatorFactory(), state="declined", asked_by=library.user,
                        asked_at=timezone.now(), answer_by=date(2026, 1, 1))  # fmt: skip

    names = [(host.name, host.led) for host in ledger.hosts_of(visit)]

    assert names == [("Fatima Hosseini", True), ("Birgit", True), ("Maja Lindqvist", False)]


def test_nobody_can_be_named_who_is_not_in_the_list(visit):
    guests_share(visit, helped_1=["999999"])

    assert LedgerEntry.objects.get(number=1).helped_by == []


def test_whole_answers_say_what_they_say(visit):
    kept = guests_share(visit, worth="mostly", better="More coffee")

    assert kept.answers == guests_say(worth="mostly", better="More coffee")
    assert (kept.worth, kept.better, kept.may_ask_after) == ("mostly", "More coffee", [3, 6, 12])
    assert {point.state for point in LedgerPoint.objects.all()} == {PointState.LATER}
