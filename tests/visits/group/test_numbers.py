"""Food and access: numbers that are counted without a name, small ones shown to nobody, erased after the visit."""

import logging
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.conftest import visitor_of
from tests.visits.group.people import member, writes
from tests.visits.visitor import cases
from visits import group, limits
from visits.models import HistoryEntry, SpecialNeeds, Visit, VisitRequest

pytestmark = pytest.mark.django_db


def count(visit_request: VisitRequest, *kinds: str, way: str = "more", once: str = "a"):
    client = member(writes(visit_request, f"Person {visit_request.visit.participants.count()}"))
    typed = {"kinds": kinds, "way": way, "once": once}
    return client.post(f"/my/{visit_request.reference}/me/needs/", typed)


def numbers(visit_request: VisitRequest) -> dict[str, int]:
    row = SpecialNeeds.objects.filter(request=visit_request).values(*group.KINDS).first() or {}
    return {kind: count for kind, count in row.items() if count}


def test_somebody_adds_one_and_nothing_says_who():
    visit_request = cases.agreed()
    before = HistoryEntry.objects.count()

    answer = count(visit_request, "halal", "hearing_loop")

    assert answer.url == f"/my/{visit_request.reference}/me/"
    assert numbers(visit_request) == {"halal": 1, "hearing_loop": 1}
    added = HistoryEntry.objects.count() - before
    assert added == 1  # the name alone
    assert not HistoryEntry.objects.filter(what="needs_changed").exists()


def test_one_form_counts_once_however_often_it_is_sent():
    visit_request = cases.agreed()

    for once in ("a", "a", "b"):
        count(visit_request, "halal", once=once)

    assert numbers(visit_request) == {"halal": 2}


def test_a_number_grows_no_larger_than_the_group_and_no_smaller_than_nobody():
    visit_request = cases.agreed(group_size=3)
    SpecialNeeds.objects.create(request=visit_request, vegan=3)

    group.count_one(visit_request, ["vegan", "halal"])
    group.count_one(visit_request, ["halal", "kosher"], less=True)

    assert numbers(visit_request) == {"vegan": 3}


def test_who_has_added_one_by_mistake_takes_it_away():
    visit_request = cases.agreed()

    count(visit_request, "halal", once="a")
    answer = count(visit_request, "halal", way="less", once="b")

    assert answer.status_code == 302
    assert numbers(visit_request) == {}


@pytest.mark.parametrize("kinds", [[], ["pizza"], ["halal", "request_id"], ["pk"]])
def test_what_is_no_number_is_refused_with_a_sentence(kinds):
    visit_request = cases.agreed()

    answer = count(visit_request, *kinds)

    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert numbers(visit_request) == {}


def test_counting_has_its_limit(monkeypatch):
    visit_request = cases.agreed()
    monkeypatch.setitem(limits.LIMITS, "count_me", limits.Limit(1, 1))

    answers = [count(visit_request, "halal", once=once) for once in ("a", "b")]

    assert [answer.status_code for answer in answers] == [302, 429]
    assert numbers(visit_request) == {"halal": 1}


@pytest.mark.parametrize("days_left", [0, -1])
def test_on_the_day_the_numbers_stand(days_left):
    visit_request = cases.agreed()
    client = member(writes(visit_request))
    day = timezone.localdate() + timedelta(days=days_left)
    Visit.objects.update(first_day=day, last_day=day + timedelta(days=2))

    client.post(f"/my/{visit_request.reference}/me/needs/", {"kinds": ["halal"], "way": "more", "once": "a"})
    answer = visitor_of(visit_request).post(f"/my/{visit_request.reference}/group/needs/", {"need_halal": "3"})

    assert "Add one to these numbers" not in client.get(f"/my/{visit_request.reference}/me/").text
    assert answer.status_code == 409
    assert numbers(visit_request) == {}


# -- The contact person ----------------------------------------------------------------


@pytest.mark.parametrize(("people", "is_shown"), [(0, False), (1, False), (2, False), (3, True), (5, True)])
def test_a_sum_under_three_is_not_shown_to_the_contact_person(people, is_shown):
    visit_request = cases.agreed()
    SpecialNeeds.objects.create(request=visit_request, halal=people)
    client = visitor_of(visit_request)

    own, names, form = (
        client.get(f"/my/{visit_request.reference}/{door}").text for door in ("", "group/", "group/needs/")
    )

    assert (f"{people} halal" in own) == is_shown
    assert (f"<b>{people}</b>Halal" in names) == is_shown
    assert (f'name="halal" value="{people}"' in form) == is_shown


def test_pages_are_the_same_whether_a_small_number_is_there_or_not():
    visit_request = cases.agreed()
    SpecialNeeds.objects.create(request=visit_request)
    client = visitor_of(visit_request)

    def pages() -> list[str]:
        found = [client.get(f"/my/{visit_request.reference}/{door}") for door in ("", "group/", "group/needs/")]
        return [answer.text.replace(str(answer.context["csrf_token"]), "") for answer in found]

    without = pages()
    SpecialNeeds.objects.update(kosher=2, quiet_room=1)

    assert pages() == without


def test_the_contact_person_changes_some_numbers_and_leaves_the_others():
    visit_request = cases.agreed()
    SpecialNeeds.objects.create(request=visit_request, vegetarian=4, halal=1, step_free=2)

    answer = visitor_of(visit_request).post(
        f"/my/{visit_request.reference}/group/needs/", {"vegetarian": "two", "halal": "", "step_free": "0"}
    )

    assert answer.url == f"/my/{visit_request.reference}/group/"
    assert numbers(visit_request) == {"vegetarian": 2, "halal": 1}
    assert visit_request.history.get(what="needs_changed").detail == {}


def test_numbers_that_are_sent_back_as_they_stood_change_nothing():
    visit_request = cases.agreed()
    SpecialNeeds.objects.create(request=visit_request, vegetarian=4)

    visitor_of(visit_request).post(f"/my/{visit_request.reference}/group/needs/", {"vegetarian": "4"})

    assert numbers(visit_request) == {"vegetarian": 4}
    assert not visit_request.history.filter(what="needs_changed").exists()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("7", "Your group is 6 people. Write at most that many."),
        ("-1", "Write how many people, as a number."),
        ("many", "Write how many people, as a number."),
    ],
)
def test_a_number_that_cannot_be_is_told_by_its_box(typed, sentence):
    visit_request = cases.agreed()

    answer = visitor_of(visit_request).post(f"/my/{visit_request.reference}/group/needs/", {"halal": typed, "vegan": 2})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'value="{typed}"' in answer.text
    assert numbers(visit_request) == {}


def test_numbers_stand_in_no_history_and_no_log(caplog):
    visit_request = cases.agreed(group_size=60)
    caplog.set_level(logging.DEBUG)

    visitor_of(visit_request).post(f"/my/{visit_request.reference}/group/needs/", {"kosher": "47"})
    count(visit_request, "kosher")

    assert numbers(visit_request) == {"kosher": 48}
    told = " ".join(f"{entry.what} {entry.detail}" for entry in HistoryEntry.objects.all())
    logged = " ".join(record.getMessage() for record in caplog.records if record.name != "django.db.backends")
    assert not [word for word in ("47", "48", "kosher") if word in told + logged]
