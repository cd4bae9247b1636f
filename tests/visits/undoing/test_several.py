"""Several requests decided in one press: each by itself, what failed is named, one or all are taken back."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.conftest import signed_in
from tests.factories import CoordinatorFactory, FacilitatorFactory, VisitRequestFactory, wished_day
from tests.visits.undoing import cases
from visits.choices import RequestState
from visits.models import Alternative, DecidedTogether, Decision, Message, VisitRequest

pytestmark = pytest.mark.django_db
S = RequestState
SEVERAL = reverse("admin:visits_visitrequest_several")


def row(case: VisitRequest, deed: str, **typed: Any) -> dict[str, Any]:
    told = {"tick": "on", "seen": case.version, "deed": deed} | typed
    return {f"c{case.pk}-{name}": value for name, value in told.items() if value is not None}


def press(client: Client, rows: dict[VisitRequest, dict[str, Any]], button: str = "do", **more: Any):
    sent: dict[str, Any] = {"case": [case.pk for case in rows], button: "1", **more}
    for typed in rows.values():
        sent |= typed
    return client.post(SEVERAL, sent)


def words_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def done_page(client: Client):
    return client.get(reverse("admin:visits_visitrequest_several_done", args=[DecidedTogether.objects.get().pk]))


def undo(client: Client, **typed: Any):
    key = DecidedTogether.objects.get().pk
    return client.post(reverse("admin:visits_visitrequest_several_undo", args=[key]), typed, follow=True)


def a_day() -> str:
    return (wished_day() + timedelta(days=7)).isoformat()


def test_the_queue_shows_boxes_when_several_are_to_be_decided(coordinator_client):
    VisitRequestFactory(organisation_name="Fjordheim Municipality")

    without = coordinator_client.get(reverse("admin:index")).content.decode()
    with_boxes = coordinator_client.get(reverse("admin:index"), {"bulk": "1"}).content.decode()

    assert ("Decide several" in without, 'form="several"' in without) == (True, False)
    assert with_boxes.count('form="several"') == 1
    assert 'aria-label="Fjordheim Municipality"' in with_boxes


def test_those_that_were_ticked_stand_together_and_are_left_alone_at_first(coordinator_client):
    first, second = VisitRequestFactory(), VisitRequestFactory(state=S.PROPOSED)
    VisitRequestFactory()

    response = coordinator_client.get(SEVERAL, {"case": [second.pk, first.pk]})

    assert [(form.case, form.chosen, form.is_ticked) for form, _effect, _errors in response.context["rows"]] == [
        (second, "leave", True), (first, "leave", True),
    ]  # fmt: skip
    assert [effect for _form, effect, _errors in response.context["rows"]] == ["Nothing", "Nothing"]


@pytest.mark.parametrize("query", ["", "?case=", "?case=abc", "?case=999999", "?case=-1", "?case=99999999999999999999"])
def test_what_cannot_be_found_is_told_in_a_page(coordinator_client, query):
    response = coordinator_client.get(SEVERAL + query)

    assert response.status_code == 200
    assert "Nothing is ticked" in words_of(response)


def test_each_is_done_by_itself_in_one_press(coordinator_client, coordinator):
    FacilitatorFactory()
    karin = CoordinatorFactory(first_name="Karin", last_name="Ahlgren")
    taken, asked, brings, declined, left = (VisitRequestFactory() for _ in range(5))

    response = press(coordinator_client, {
        taken: row(taken, "take", host=karin.pk),
        asked: row(asked, "other_day", day=a_day()),
        brings: row(brings, "what_they_bring"),
        declined: row(declined, "say_no", reason="no_room", instead=["digital"], own_words="A good question."),
        left: row(left, "leave"),
    })  # fmt: skip

    states = [cases.fresh(case).state for case in (taken, asked, brings, declined, left)]
    assert response.status_code == 302
    assert states == [S.IN_REVIEW, S.INFO_REQUESTED, S.INFO_REQUESTED, S.DECLINED, S.SUBMITTED]
    assert cases.fresh(taken).coordinator == karin
    assert sorted(Message.objects.values_list("kind", flat=True)) == ["declined", "question", "question"]
    page = words_of(done_page(coordinator_client))
    assert [told for told in ("4 done", "Taken. Karin Ahlgren is the host", "Asked for another day:",
                              "Asked what they bring", "Said no, offered something else", "3 mails leave at")
            if told not in page] == []  # fmt: skip


def in_days(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def test_several_are_put_aside_each_until_its_day_and_taken_back_together(coordinator_client):
    new, waits, theirs = VisitRequestFactory(), VisitRequestFactory(state=S.AGREED), VisitRequestFactory()
    rows = {
        new: row(new, "put_aside", until=in_days(3)), waits: row(waits, "put_aside", until=in_days(60)),
        theirs: row(theirs, "put_aside", until=in_days(4)),
    }  # fmt: skip
    VisitRequest.objects.filter(pk=theirs.pk).update(state=S.PROPOSED)  # the guests' turn meanwhile

    press(coordinator_client, rows)

    until = [cases.fresh(case).aside_until for case in (new, waits, theirs)]
    page = words_of(done_page(coordinator_client))
    assert [day and day.isoformat() for day in until] == [in_days(3), in_days(60), None]
    assert "It is not our turn here, so there is nothing to put aside." in page
    assert ("2 done, 1 not" in page, "Put aside until" in page, "leaves at" in page) == (True, True, False)
    assert not Message.objects.exists()

    response = undo(coordinator_client)

    assert [cases.fresh(case).aside_until for case in (new, waits)] == [None, None]
    assert "Taken back by Maja Lindqvist" in words_of(response)
    took_back = [entry.what for entry in new.history.all()]
    assert took_back == ["took_back", "put_aside"]


def test_what_is_put_aside_is_told_before_and_mails_nobody(coordinator_client):
    case, theirs = VisitRequestFactory(), VisitRequestFactory(state=S.PROPOSED)

    response = press(coordinator_client, {case: row(case, "leave"), theirs: row(theirs, "leave")}, "set",
                     all="put_aside")  # fmt: skip

    found = {form.case: (form.chosen, effect) for form, effect, _errors in response.context["rows"]}
    assert found == {
        case: ("put_aside", "It leaves the list until its day. No mail"), theirs: ("leave", "Nothing"),
    }  # fmt: skip
    assert "1 deed, 0 mails." in words_of(response)
    assert f'type="date" name="c{case.pk}-until"' in response.content.decode()


def test_a_question_is_asked_in_the_language_of_the_guests(coordinator_client):
    case = VisitRequestFactory(language="sv")

    press(coordinator_client, {case: row(case, "what_they_bring")})

    assert "Vi vill gärna lära oss av er också." in case.comments.get().text


def test_what_could_not_be_done_is_named_first_and_the_others_are_done(coordinator_client, manager):
    good, stale = VisitRequestFactory(), VisitRequestFactory(organisation_name="Almadura Clinic")
    rows = {stale: row(stale, "take", host=manager.pk), good: row(good, "what_they_bring")}
    cases.workflow.claim(cases.fresh(stale), by=manager, seen=stale.version)
    before = cases.everything(stale)

    press(coordinator_client, rows)

    body = done_page(coordinator_client).content.decode()
    page = words_of(done_page(coordinator_client))
    assert "1 done, 1 not" in page
    assert "Almadura Clinic: “Take it” was not done Gun Berg was faster" in page
    assert body.index("Almadura Clinic") < body.index(good.organisation_name)
    assert cases.everything(stale) == before
    assert cases.fresh(good).state == S.INFO_REQUESTED


def test_bad_input_in_one_row_does_nothing_and_keeps_all_that_was_typed(coordinator_client):
    first, second = VisitRequestFactory(organisation_name="Fjordheim"), VisitRequestFactory()

    response = press(coordinator_client, {
        first: row(first, "other_day", day="the twelfth"),
        second: row(second, "say_no", reason="no_room", own_words="A good question.", instead=[]),
    })  # fmt: skip

    page = response.content.decode()
    assert response.status_code == 422
    assert "Fjordheim: Write the day" in page
    assert f"{second.organisation_name}: Offer at least one thing instead." in page
    assert 'value="the twelfth"' in page
    assert "A good question." in page
    assert not DecidedTogether.objects.exists()
    assert {cases.fresh(case).state for case in (first, second)} == {S.SUBMITTED}


@pytest.mark.parametrize(("typed", "told"), [
    ({"deed": "other_day", "day": None}, "Write the day that you want to ask for."),
    ({"deed": "other_day", "day": "2020-01-01"}, "Choose a day that lies ahead."),
    ({"deed": "put_aside", "until": None}, "Choose the day on which it comes back."),
    ({"deed": "put_aside", "until": "2020-01-01"}, "Choose a day from tomorrow on, at most 60 days from now."),
    ({"deed": "put_aside", "until": "9999-12-31"}, "Choose a day from tomorrow on, at most 60 days from now."),
    ({"deed": "put_aside", "until": "31/02/2027"}, "Write the day as 16 3 2027."),
    ({"deed": "take", "host": "999"}, "Choose a colleague."),
    ({"deed": "take", "host": "\x00"}, "Choose a colleague."),
    ({"deed": "what_they_bring", "seen": "x"}, "This page is old."),
    ({"deed": "what_they_bring", "seen": None}, "This page is old."),
    ({"deed": "say_no", "reason": "because", "instead": ["digital"], "own_words": "x"}, "Say why we cannot."),
    ({"deed": "say_no", "reason": "no_room", "instead": ["other_week:2001-01-01"], "own_words": "x"},
     "Choose among the answers."),
    ({"deed": "say_no", "reason": "no_room", "instead": ["digital"], "own_words": " "}, "Write a few words"),
])  # fmt: skip
def test_every_kind_of_bad_input_is_answered_in_a_sentence(coordinator_client, typed, told):
    case = VisitRequestFactory()

    response = press(coordinator_client, {case: row(case, **typed)})

    assert response.status_code == 422
    assert told in response.content.decode()
    assert cases.fresh(case).state == S.SUBMITTED


def test_a_reason_that_is_not_true_is_named_before_several_are_declined(coordinator_client):
    case, other = VisitRequestFactory(organisation_name="Fjordheim Municipality"), VisitRequestFactory()
    typed = {"reason": "lead_time", "instead": ["digital"], "own_words": "A good question."}
    rows = {case: row(case, "say_no", **typed), other: row(other, "take")}

    first = press(coordinator_client, rows)

    assert first.status_code == 422
    assert "Fjordheim Municipality: This request keeps the three months (" in words_of(first)
    assert (cases.fresh(case).state, cases.fresh(other).state) == (S.SUBMITTED, S.SUBMITTED)
    assert f'name="c{case.pk}-doubted" value="lead_time"' in first.content.decode()
    press(coordinator_client, {**rows, case: row(case, "say_no", **typed, doubted="lead_time")})
    assert (cases.fresh(case).state, cases.fresh(other).state) == (S.DECLINED, S.IN_REVIEW)


def test_a_look_at_what_several_do_tells_a_reason_that_is_not_true(coordinator_client):
    case = VisitRequestFactory()

    page = press(coordinator_client, {case: row(case, "say_no", reason="lead_time")}, "look")

    assert page.status_code == 200
    assert words_of(page).count("This request keeps the three months (") == 1


@pytest.mark.parametrize("typed", [{"deed": "leave"}, {"deed": "take", "tick": None}, {"deed": "burn"}])
def test_nothing_to_do_is_told(coordinator_client, typed):
    case = VisitRequestFactory()

    response = press(coordinator_client, {case: row(case, **typed)})

    assert response.status_code == 422
    assert "Tick at least one request, and choose what to do with it." in words_of(response)
    assert not Decision.objects.exists()


def test_nothing_is_pressed_when_nothing_would_be_done(coordinator_client):
    case = VisitRequestFactory()

    left = coordinator_client.get(SEVERAL, {"case": [case.pk]})
    chosen = press(coordinator_client, {case: row(case, "take")}, "look")

    assert 'name="do"' not in left.content.decode()
    assert "Nothing to do yet. Tick a request and choose a deed for it" in words_of(left)
    assert 'name="do"' in chosen.content.decode()
    assert "Nothing to do yet." not in words_of(chosen)


def test_a_deed_is_set_for_those_that_are_ticked_and_can_take_it(coordinator_client):
    FacilitatorFactory()
    ticked, not_ticked, proposed = VisitRequestFactory(), VisitRequestFactory(), VisitRequestFactory(state=S.AGREED)

    response = press(coordinator_client, {
        ticked: row(ticked, "leave"), not_ticked: row(not_ticked, "leave", tick=None), proposed: row(proposed, "leave"),
    }, "set", all="say_no")  # fmt: skip

    found = {form.case: (form.chosen, effect) for form, effect, _errors in response.context["rows"]}
    assert found == {
        ticked: ("say_no", "Mail to Aileen. 2 weeks are kept for ten days"),
        not_ticked: ("leave", "Nothing"),
        proposed: ("leave", "Nothing"),
    }
    assert "1 deed, 1 mail." in words_of(response)
    assert not Decision.objects.exists()


def test_who_cannot_take_a_deed_that_is_set_for_all_is_named(coordinator_client):
    new = VisitRequestFactory(organisation_name="New one")
    agreed = VisitRequestFactory(organisation_name="Agreed one", state=S.AGREED)
    not_ticked = VisitRequestFactory(organisation_name="Not ticked", state=S.AGREED)
    rows = {new: row(new, "leave"), agreed: row(agreed, "put_aside"), not_ticked: row(not_ticked, "leave", tick=None)}

    taken = press(coordinator_client, rows, "set", all="take")
    aside = press(coordinator_client, rows, "set", all="put_aside")
    strange = press(coordinator_client, rows, "set", all="sell")

    assert "“Take it” cannot be done now with Agreed one: what was chosen there stays." in words_of(taken)
    assert [form.chosen for form, _effect, _errors in taken.context["rows"]] == ["take", "put_aside", "leave"]
    assert "cannot be done now" not in words_of(aside) + words_of(strange)


def test_what_it_does_is_told_before_it_is_done(coordinator_client, coordinator):
    case = VisitRequestFactory()

    response = press(coordinator_client, {case: row(case, "take", host=coordinator.pk)}, "look")

    assert "Maja Lindqvist is the host. No mail" in words_of(response)
    assert cases.fresh(case).state == S.SUBMITTED


def test_one_is_taken_back_and_the_others_stand(coordinator_client):
    first, second = VisitRequestFactory(), VisitRequestFactory()
    before = cases.everything(first)
    press(coordinator_client, {one: row(one, "what_they_bring") for one in (first, second)})

    response = undo(coordinator_client, decision=Decision.objects.get(request=first).pk)

    assert cases.everything(first) == before
    assert cases.fresh(second).state == S.INFO_REQUESTED
    assert f"{first.organisation_name} is as it was before. No mail has left." in words_of(response)
    assert "Taken back by Maja Lindqvist" in words_of(response)


def test_all_are_taken_back_with_weeks_that_were_kept(coordinator_client):
    FacilitatorFactory()
    several = [VisitRequestFactory() for _ in range(3)]
    before = [cases.everything(case) for case in several]
    rows = {case: row(case, "say_no", reason="no_room", instead=["digital"], own_words="x") for case in several}
    press(coordinator_client, rows)
    assert Alternative.objects.count() == 3

    undo(coordinator_client)

    assert [cases.everything(case) for case in several] == before
    assert not Message.objects.exists()


def test_what_cannot_be_taken_back_any_more_is_named_and_the_others_are(coordinator_client, manager):
    gone, back = VisitRequestFactory(organisation_name="Almadura Clinic"), VisitRequestFactory()
    press(coordinator_client, {one: row(one, "what_they_bring") for one in (gone, back)})
    cases.workflow.resume(cases.fresh(gone), by=manager, seen=cases.fresh(gone).version)

    response = undo(coordinator_client)

    assert "Almadura Clinic: Gun Berg has gone on from here" in words_of(response)
    assert (cases.fresh(gone).state, cases.fresh(back).state) == (S.IN_REVIEW, S.SUBMITTED)


@pytest.mark.parametrize("picked", ["x", "999999", "0"])
def test_what_is_not_of_this_press_is_not_taken_back(coordinator_client, picked):
    case = VisitRequestFactory()
    press(coordinator_client, {case: row(case, "what_they_bring")})

    response = undo(coordinator_client, decision=picked)

    assert "Nothing could be taken back" in words_of(response)
    assert cases.fresh(case).state == S.INFO_REQUESTED


def test_who_may_not_change_requests_decides_nothing(facilitator_client):
    case = VisitRequestFactory()

    assert facilitator_client.get(SEVERAL).status_code == 403
    assert press(facilitator_client, {case: row(case, "what_they_bring")}).status_code == 403
    assert Client().get(SEVERAL).status_code == 302
    assert cases.fresh(case).state == S.SUBMITTED


def queries_of(client: Client, deed: str, count: int, **typed: Any) -> int:
    found = [VisitRequestFactory() for _ in range(count)]
    rows = {case: row(case, deed, **typed) for case in found}
    with CaptureQueriesContext(connection) as counted:
        response = press(client, rows)
    assert response.status_code == 302
    return len(counted)


@pytest.mark.parametrize(("deed", "typed"), [
    ("what_they_bring", {}), ("say_no", {"reason": "no_room", "instead": ["digital"], "own_words": "x"}),
])  # fmt: skip
def test_each_further_request_costs_the_same(coordinator_client, deed, typed):
    FacilitatorFactory()
    queries_of(coordinator_client, deed, 1, **typed)

    one, three, five = (queries_of(coordinator_client, deed, count, **typed) for count in (1, 3, 5))

    assert (five - three, three - one) == (three - one, five - three)
    assert (three - one) // 2 <= 46


def test_the_page_of_choosing_asks_as_much_for_three_as_for_one(coordinator_client):
    def asked(count: int) -> int:
        picked = [VisitRequestFactory().pk for _ in range(count)]
        with CaptureQueriesContext(connection) as counted:
            coordinator_client.get(SEVERAL, {"case": picked})
        return len(counted)

    asked(1)

    assert asked(1) == asked(3)


def test_thirty_are_decided_in_one_press(coordinator):
    client, found = signed_in(coordinator), [VisitRequestFactory() for _ in range(30)]

    press(client, {case: row(case, "what_they_bring") for case in found})

    assert Decision.objects.filter(together=DecidedTogether.objects.get()).count() == 30
    assert Message.objects.filter(kind="question", due_at__gt=timezone.now()).count() == 30
