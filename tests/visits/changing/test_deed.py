"""One part of a sent request is changed: one transaction, one line of history, one mail to the host."""

import pytest

from tests.factories import AreaFactory
from tests.visits.changing.people import asked_long_ago, days_of, fresh, lines, told_the_host, wednesday
from tests.visits.visitor import cases
from visits import changing, drafts, waiting, workflow
from visits.drafts import Answers, Chosen, Wish
from visits.models import Message, SpecialNeeds, Visitor, VisitRequest
from visits.workflow import MoveRefused

pytestmark = pytest.mark.django_db

CHANGEABLE = [cases.submitted, cases.in_review, cases.asked, cases.answered, cases.waitlisted]
PLANNED = [cases.proposed, cases.changing, cases.agreed, cases.confirmed, cases.completed]
ENDED = [cases.declined, cases.withdrawn, cases.cancelled, cases.expired]


def change(visit_request: VisitRequest, *, seen: int | None = None, **answers: object) -> list[str]:
    return changing.change_request(
        visit_request, Answers(**answers), seen=visit_request.version if seen is None else seen
    )


def everything(visit_request: VisitRequest) -> tuple[object, ...]:
    row = VisitRequest.objects.filter(pk=visit_request.pk).values().get()
    return row, days_of(visit_request), drafts.needs(visit_request), lines(visit_request), told_the_host()


@pytest.mark.parametrize("make", CHANGEABLE)
def test_an_answer_is_changed_and_the_state_and_the_day_of_our_answer_stay(make):
    visit_request = make()
    before = fresh(visit_request)

    changed = change(visit_request, fields={"group_size": 8})

    after = fresh(visit_request)
    assert changed == ["group_size"]
    assert (after.group_size, after.version) == (8, before.version + 1)
    assert (after.state, after.due_at, after.reference) == (before.state, before.due_at, before.reference)


@pytest.mark.parametrize("make", [*PLANNED, *ENDED])
def test_nothing_is_changed_once_planning_has_begun_or_the_request_has_ended(make):
    visit_request = make()
    before = everything(visit_request)

    with pytest.raises(MoveRefused, match="begun to plan"):
        change(visit_request, fields={"group_size": 8})

    assert everything(visit_request) == before


def test_days_that_we_have_chosen_close_a_request_that_is_only_read():
    visit_request = cases.in_review()
    cases.VisitFactory(request=visit_request)
    before = everything(visit_request)

    with pytest.raises(MoveRefused, match="begun to plan"):
        change(visit_request, fields={"group_size": 8})

    assert everything(visit_request) == before


def test_a_place_that_is_kept_closes_a_request_that_waits():
    visit_request = cases.waitlisted()
    waiting.offer_place(visit_request, first_day=visit_request.first_wished_day)
    before = everything(visit_request)

    with pytest.raises(MoveRefused, match="begun to plan"):
        change(visit_request, fields={"group_size": 8})

    assert everything(visit_request) == before


def test_history_names_what_changed_and_how_it_was():
    visit_request = cases.submitted()
    wished = days_of(visit_request)
    day = wednesday(9)

    change(visit_request, fields={"group_size": 8, "length": "two"}, wishes=[Wish(day, flexible=True)])

    entry = visit_request.history.get(what="request_changed")
    assert (entry.by, entry.by_name) == (None, "Aileen Munro")
    assert entry.detail["changes"] == [
        {"name": "group_size", "was": 6, "now": 8},
        {"name": "wishes", "was": [[one.isoformat(), False] for one in wished], "now": [[day.isoformat(), True]]},
    ]


def test_the_host_is_told_once_and_nobody_is_while_there_is_no_host():
    alone, with_host = cases.submitted(), cases.in_review()

    change(alone, fields={"group_size": 8})
    change(with_host, fields={"group_size": 8})

    mail = Message.objects.get(kind="request_changed")
    assert mail.to_email == with_host.coordinator.email
    assert mail.data["changes"] == [{"name": "group_size", "was": 6, "now": 8}]


def test_the_same_answers_again_change_nothing_and_tell_nobody():
    visit_request = cases.in_review()
    before = everything(visit_request)

    changed = change(visit_request, fields={"group_size": 6, "aim": visit_request.aim}, needs={"vegetarian": 0})

    assert changed == []
    assert everything(visit_request) == before


def test_who_looks_at_an_old_page_changes_nothing():
    visit_request = cases.submitted()
    seen = visit_request.version
    workflow.claim(fresh(visit_request), by=cases.host(), seen=seen)
    before = everything(visit_request)

    with pytest.raises(MoveRefused, match="has changed since you opened this page"):
        change(visit_request, seen=seen, fields={"group_size": 8})

    assert everything(visit_request) == before


def test_another_address_is_refused():
    visit_request = cases.submitted()
    before = everything(visit_request)

    with pytest.raises(MoveRefused, match="address is confirmed"):
        change(visit_request, fields={"contact_email": "eve@evil.example"})

    assert everything(visit_request) == before


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"fields": {"aim": ""}}, "Write what you want"),
        ({"fields": {"brings": ""}}, "Tell us one thing"),
        ({"fields": {"big_questions": []}}, "Write one big question"),
        ({"fields": {"organisation_name": ""}}, "name of your organisation"),
        ({"wishes": []}, "Choose the first day"),
        ({"needs": {"vegetarian": 7}}, "You have said that you are 6"),
    ],
)
def test_what_a_request_cannot_be_without_is_not_taken_away(answers, sentence):
    visit_request = cases.in_review()
    before = everything(visit_request)

    with pytest.raises(MoveRefused, match=sentence):
        change(visit_request, **answers)

    assert everything(visit_request) == before


def test_a_day_earlier_than_any_before_needs_three_months_from_today():
    visit_request = cases.in_review()
    day = wednesday(-3)
    before = everything(visit_request)

    with pytest.raises(MoveRefused, match="We need three months to prepare"):
        change(visit_request, wishes=[Wish(day)])

    assert everything(visit_request) == before


def test_days_that_were_in_time_when_they_were_asked_for_stay_in_time():
    visit_request = asked_long_ago()
    [day] = days_of(visit_request)
    later = wednesday(-3)

    change(visit_request, wishes=[Wish(later), Wish(day)])

    assert days_of(visit_request) == [later, day]
    assert fresh(visit_request).first_wished_day == day


def test_a_day_before_those_that_were_in_time_is_refused_with_the_day_from_which_one_can_choose():
    visit_request = asked_long_ago()
    before = everything(visit_request)

    with pytest.raises(MoveRefused, match="An earlier one than you have asked for needs three months anew"):
        change(visit_request, wishes=[Wish(wednesday(-6))])

    assert everything(visit_request) == before


def test_numbers_of_food_and_access_are_changed_and_told_nowhere():
    visit_request = cases.in_review()

    change(visit_request, fields={"other_needs": "Moira rests at noon."}, needs={"vegetarian": 2, "step_free": 1})

    entry, mail = visit_request.history.get(what="request_changed"), Message.objects.get(kind="request_changed")
    assert drafts.needs(visit_request) == {"vegetarian": 2, "step_free": 1}
    assert entry.detail["changes"] == [{"name": "other_needs"}, {"name": "needs"}]
    assert mail.data["changes"] == [{"name": "other_needs"}, {"name": "needs"}]


def test_what_is_chosen_is_changed():
    visit_request, area = cases.submitted(), AreaFactory()

    changed = change(visit_request, chosen=Chosen(areas=frozenset({area.pk})))

    assert changed == ["areas"]
    assert list(visit_request.areas.all()) == [area]


def test_the_person_and_the_organisation_are_known_by_what_they_say_now():
    visit_request = cases.submitted()

    change(visit_request, fields={"contact_name": "Aileen Munro-Reid", "organisation_name": "Tayford Trust"})

    after = fresh(visit_request)
    assert Visitor.objects.get(pk=after.visitor_id).name == "Aileen Munro-Reid"
    assert after.organisation.name == "Tayford Trust"


def test_numbers_have_a_row_only_where_somebody_needs_something():
    visit_request = cases.submitted()
    change(visit_request, needs={"vegetarian": 2})

    change(visit_request, needs={"vegetarian": 0})

    assert not SpecialNeeds.objects.filter(request=visit_request).exists()
