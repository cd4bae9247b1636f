"""The pages by which a session goes from one colleague to another."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.conftest import signed_in
from tests.factories import FacilitatorFactory
from tests.visits.desk.test_deeds import press
from tests.visits.scheduling.test_swaps import colleague, led, offered, state, who_leads
from visits import access, scheduling
from visits.choices import AskState, RequestState
from visits.models import Ask

pytestmark = pytest.mark.django_db


def briefing(ask: Ask) -> str:
    return reverse("visits:briefing", args=[ask.pk])


def swap(ask: Ask) -> str:
    return reverse("visits:swap", args=[ask.pk])


def mine(ask: Ask) -> Client:
    return signed_in(ask.facilitator.user)


def link(ask: Ask) -> str:
    return reverse("visits:ask_answer", args=[access.token(access.ask_link(ask))])


def plan(client: Client, ask: Ask) -> str:
    case = ask.session.visit.request
    return client.get(f"/admin/visits/visitrequest/{case.pk}/change/?session={ask.session_id}").content.decode()


def test_the_briefing_offers_those_who_could_and_one_press_asks(client: Client):
    ask, gunvor = led(), colleague()
    me = mine(ask)

    assert gunvor.name not in me.get(briefing(ask)).content.decode()
    shown = me.get(f"{briefing(ask)}?swap=1").content.decode()
    answer = me.post(swap(ask), {"swap": "offer", "colleague": gunvor.pk}, follow=True)

    assert "Ask a colleague to take it over" in shown
    assert gunvor.name in shown
    assert f"You have asked {gunvor.name} to take it over" in answer.content.decode()
    assert Ask.objects.get(in_place_of=ask).facilitator == gunvor


def test_with_nobody_who_could_the_briefing_says_what_to_do():
    ask = led()

    assert "Nobody else who fits is free at that time." in mine(ask).get(f"{briefing(ask)}?swap=1").content.decode()


@pytest.mark.parametrize("typed", [{}, {"colleague": ""}, {"colleague": "x"}, {"colleague": "99999999999999999999"}])
def test_without_a_colleague_the_briefing_says_so_and_asks_nobody(typed):
    ask = led()

    answer = mine(ask).post(swap(ask), {"swap": "offer", **typed})

    assert answer.status_code == 422
    assert "Choose a colleague." in answer.content.decode()
    assert not Ask.objects.exclude(pk=ask.pk).exists()


def test_a_colleague_who_is_taken_meanwhile_is_told_of_on_the_briefing():
    ask, busy = led(), colleague()
    scheduling.add_time_away(busy, starts_at=ask.session.starts_at, ends_at=ask.session.ends_at)

    answer = mine(ask).post(swap(ask), {"swap": "offer", "colleague": busy.pk})

    assert answer.status_code == 409
    assert "cannot take this over any more. Choose somebody else." in answer.content.decode()


def test_an_offer_is_taken_back_from_the_briefing():
    ask = led()
    made = offered(ask)

    answer = mine(ask).post(swap(ask), {"swap": "back"}, follow=True)

    assert state(made) == AskState.WITHDRAWN
    assert "Ask a colleague to take it over" in answer.content.decode()


def test_taking_back_what_was_never_offered_changes_nothing():
    ask = led()

    assert mine(ask).post(swap(ask), {"swap": "back"}).status_code == 302
    assert who_leads(ask.session) == [ask.facilitator]


def test_whoever_takes_it_back_too_late_reads_that_it_is_handed_over():
    ask = led()
    scheduling.accept(offered(ask))

    answer = mine(ask).post(swap(ask), {"swap": "back"}, follow=True)

    assert "A colleague has taken this session over from you. Thank you." in answer.content.decode()
    assert mine(ask).get(briefing(ask), follow=True).status_code == 200


def test_the_page_behind_the_link_says_who_asks_and_opening_it_does_nothing(client):
    ask = led()
    made = offered(ask)

    shown = client.get(link(made)).content.decode()

    assert f"{ask.facilitator.name} asks: can you take this over?" in shown
    assert state(made) == AskState.ASKED


def test_a_yes_from_the_link_takes_it_over(client):
    ask = led()
    made = offered(ask)

    client.post(link(made), {"answer": "yes"})

    assert who_leads(ask.session) == [made.facilitator]


def test_a_yes_that_waits_for_the_coordinator_says_so_and_offers_no_second_answer(client):
    made = offered(led(RequestState.CONFIRMED))

    shown = client.post(link(made), {"answer": "yes"}, follow=True).content.decode()

    assert "You have said yes. The coordinator looks at it" in shown
    assert 'value="yes"' not in shown
    asked = signed_in(made.facilitator.user).get(reverse("visits:asked")).content.decode()
    assert "Nobody has asked you anything today." in asked


def test_a_yes_that_waits_may_become_a_no_with_one_press(client):
    ask = led(RequestState.CONFIRMED)
    made = offered(ask)
    page = client.post(link(made), {"answer": "yes"}, follow=True).content.decode()
    assert "I cannot after all" in page

    client.post(link(made), {"answer": "no"})

    assert (state(made), who_leads(ask.session)) == (AskState.DECLINED, [ask.facilitator])


@pytest.mark.parametrize("meanwhile", ["take_back", "expire", "no"])
def test_an_answer_that_comes_too_late_is_told_why(client, meanwhile):
    ask = led()
    made = offered(ask)
    if meanwhile == "take_back":
        scheduling.take_back_offer(made)
    elif meanwhile == "expire":
        Ask.objects.filter(pk=made.pk).update(answer_by=timezone.localdate() - timedelta(days=1))
        scheduling.expire_asks(timezone.localdate())
    else:
        scheduling.decline(made)

    answer = client.post(link(made), {"answer": "yes"})

    assert answer.status_code == 409
    assert "Nothing was changed" in answer.content.decode()
    assert who_leads(ask.session) == [ask.facilitator]


def test_the_coordinator_reads_of_it_on_the_plan_and_approves_with_one_press(coordinator_client):
    ask = led(RequestState.CONFIRMED)
    made = offered(ask)
    assert "Asked to take over" in plan(coordinator_client, made)
    scheduling.accept(made)
    assert "who leads it until you approve" in plan(coordinator_client, made)

    answer = press(coordinator_client, ask.session.visit.request, "approve_swap", ask=made.pk)

    assert answer.status_code == 302
    assert who_leads(ask.session) == [made.facilitator]


def test_an_approval_that_comes_too_late_says_so(coordinator_client):
    ask = led(RequestState.CONFIRMED)
    made = offered(ask)

    answer = press(coordinator_client, ask.session.visit.request, "approve_swap", ask=made.pk)

    assert answer.status_code == 409
    assert "does not offer to take this over any more" in answer.content.decode()


@pytest.mark.parametrize("who", ["nobody", "another", "colleague"])
def test_only_who_leads_the_session_hands_it_over(who):
    ask, gunvor = led(), colleague()
    client = {"nobody": Client(), "another": signed_in(FacilitatorFactory().user), "colleague": signed_in(gunvor.user)}

    answer = client[who].post(swap(ask), {"swap": "offer", "colleague": gunvor.pk})

    assert answer.status_code in (302, 404)
    assert not Ask.objects.filter(in_place_of=ask).exists()


def test_only_the_one_who_is_asked_answers():
    ask = led()
    made = offered(ask)

    answer = mine(ask).post(reverse("visits:asked_one", args=[made.pk]), {"answer": "yes"})

    assert answer.status_code == 404
    assert who_leads(ask.session) == [ask.facilitator]


def test_the_facilitator_does_not_approve_it_themselves():
    ask = led(RequestState.CONFIRMED)
    made = offered(ask)
    scheduling.accept(made)

    press(mine(ask), ask.session.visit.request, "approve_swap", ask=made.pk)

    assert who_leads(ask.session) == [ask.facilitator]


def test_what_is_over_is_not_handed_over_from_the_briefing():
    ask = led()
    client = mine(ask)

    with time_machine.travel(ask.session.ends_at + timedelta(minutes=1)):
        client = mine(ask)
        shown = client.get(briefing(ask)).content.decode()

    assert "Ask a colleague to take it over" not in shown


def test_the_briefing_costs_as_many_queries_for_three_colleagues_as_for_one():
    ask = led()
    colleague()
    me = mine(ask)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            me.get(f"{briefing(ask)}?swap=1")
        return len(found)

    alone = queries()
    colleague("Olof")
    colleague("Ingrid")

    assert queries() == alone
