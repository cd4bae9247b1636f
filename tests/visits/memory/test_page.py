"""An organisation's page: what it tells in each state, to whom, and at what cost."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.conftest import signed_in
from tests.factories import LogisticsFactory, VisitFactory
from tests.visits.ledger.scene import person
from tests.visits.memory.scene import asking, followed_up, organisation, promised, visited
from visits import agreement, memory
from visits.choices import PointState, RequestState, Turn
from visits.models import Agreement

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 29)


def page(client, one):
    return client.get(reverse("admin:organisation", args=[one.pk]))


def test_the_page_begins_with_the_first_visit(coordinator_client):
    one = organisation()
    asking(one)

    html = page(coordinator_client, one).content.decode()

    assert "Nothing yet. This page begins with their first visit." in html
    assert "They ask for the first time" in html


def test_a_year_tells_what_each_side_gave_and_what_became_of_it():
    one = organisation()
    visit = visited(one, date(2024, 5, 14))
    followed_up(visit, state=PointState.GOING_ON, words="We kept it.")

    told = memory.memory_of(one, TODAY)

    year = told.been[0]
    assert (year.year, year.took_home, year.taught_us) == (2024, ["One patient learns"], ["Their first night call"])
    assert (year.became, year.went_well) == ("Going on: We kept it.", True)


def test_what_nobody_tried_is_told_as_such():
    one = organisation()
    visit = visited(one, date(2022, 2, 3))
    visit.ledger.update(tries="")
    followed_up(visit, state=PointState.NOT_ASKED)

    told = memory.memory_of(one, TODAY)

    assert (told.been[0].became, told.been[0].went_well) == ("Nobody tried it. Worth another look?", False)


def test_the_figures_count_visits_people_and_the_time_that_was_theirs():
    one = organisation()
    visited(one, date(2024, 5, 14), group_size=9)
    visited(one, date(2022, 2, 3), group_size=10)

    told = memory.memory_of(one, TODAY)

    assert (len(told.been), told.people_here, told.since) == (2, 19, 2022)
    assert (told.shares.whole, told.shares.theirs, told.shares.percent) == (180, 60, 33)


def figure_of_promises(client, one) -> list[str]:
    figures = re.findall(r"<div><dt>([^<]*)</dt><dd>([^<]*)</dd></div>", page(client, one).content.decode())
    return [f"{figure} {told}" for told, figure in figures if "promise" in told]


def test_the_figure_and_the_list_of_promises_tell_the_same(coordinator_client, coordinator):
    one = organisation()
    visit = visited(one, timezone.localdate() - timedelta(days=95))
    told = [figure_of_promises(coordinator_client, one)]

    followed_up(visit, state=PointState.LATER, due_on=timezone.localdate() - timedelta(days=3))
    told.append(figure_of_promises(coordinator_client, one))
    given = promised(one)
    told.append(figure_of_promises(coordinator_client, one))
    memory.keep(given, by=coordinator)
    told.append(figure_of_promises(coordinator_client, one))
    assert len(memory.memory_of(one, timezone.localdate()).open) == 1

    visit.ledger.get(learner="ours").points.update(state=PointState.SPREADS)
    told.append(figure_of_promises(coordinator_client, one))
    memory.keep(promised(one), by=coordinator)
    told.append(figure_of_promises(coordinator_client, one))

    assert told == [
        [],
        ["1 of 1 promise is still open"],
        ["2 of 2 promises are still open"],
        ["1 of 2 promises are still open"],
        ["1 promise, and it is kept"],
        ["2 promises, and all are kept"],
    ]


def test_an_open_request_stands_on_top_with_the_day_by_which_we_answer(coordinator_client):
    one = organisation()
    visited(one, date(2024, 5, 14))
    case = asking(one)

    html = page(coordinator_client, one).content.decode()

    assert "They ask again" in html
    assert "We are to answer by" in html
    assert html.index("They ask again") < html.index("They taught us")
    assert f'href="{reverse("admin:visits_visitrequest_change", args=[case.pk])}"' in html


@pytest.mark.parametrize(("ours", "theirs", "told", "turn"), [
    (False, False, "We are to write the agreement by ", Turn.OURS),
    (True, False, "They are to read the agreement by ", Turn.VISITOR),
    (False, True, "We are to read the agreement by ", Turn.OURS),
    (True, True, "We are to confirm the visit by ", Turn.OURS),
])  # fmt: skip
def test_whose_turn_an_agreed_visit_is_stands_in_its_agreement(
    coordinator_client, coordinator, ours: bool, theirs: bool, told: str, turn: Turn
):
    one = organisation()
    case = VisitFactory(request=asking(one, state=RequestState.AGREED, coordinator=coordinator)).request
    text = agreement.write(case)
    now = timezone.now()
    agreed: dict[str, object] = {"ours_at": now, "ours_by": coordinator} if ours else {}
    agreed |= {"guests_at": now, "guests_by": "Aileen Munro"} if theirs else {}
    if agreed:
        Agreement.objects.filter(pk=text.pk).update(**agreed)

    year = memory.memory_of(one, TODAY).now

    assert year is not None
    assert year.due.startswith(told)
    assert year.turn == turn
    assert f"{turn.label}: {case.reference}" in page(coordinator_client, one).content.decode()


def test_a_visit_that_is_still_to_come_is_no_visit_of_who_knows_them_best(coordinator):
    one = organisation()
    visited(one, date(2026, 5, 14), coordinator=coordinator)
    VisitFactory(request=asking(one, state=RequestState.CONFIRMED, coordinator=coordinator))

    told = memory.memory_of(one, TODAY)

    assert len(told.been) == 1
    assert told.best is not None
    assert told.best.told == "Knows them best: 1 visit"


def test_names_are_not_shown_two_years_after_a_visit():
    one = organisation()
    old = visited(one, TODAY - timedelta(days=800), contact_name="Thomas Brandt")
    recent = visited(one, TODAY - timedelta(days=100), contact_name="Lies Vermeer")
    person(old, "Gone Already")
    person(recent, "Patient Partner")

    told = memory.memory_of(one, TODAY)

    assert [guest.name for guest in told.guests] == ["Lies Vermeer", "Patient Partner"]
    assert told.nameless == [old.last_day.year]
    assert told.been[1].taught_us == ["Their first night call"]


def test_who_of_us_has_hosted_most_knows_them_best(coordinator):
    one = organisation()
    visited(one, date(2025, 5, 14), coordinator=coordinator)
    visited(one, date(2026, 5, 14), coordinator=coordinator)
    visited(one, date(2026, 6, 14))

    best = memory.memory_of(one, TODAY).best

    assert best is not None
    assert (best.name, best.told) == ("Maja Lindqvist", "Knows them best: 2 visits")


def test_a_note_is_kept_with_its_writer(coordinator_client, coordinator):
    one = organisation()

    response = coordinator_client.post(
        reverse("admin:organisation_note", args=[one.pk]), {"text": "Bus from the station."}
    )

    assert response.status_code == 302
    assert [(note.text, note.author) for note in one.notes.all()] == [("Bus from the station.", coordinator)]


def test_a_note_is_changed_by_its_writer_alone(coordinator_client, manager_client, coordinator):
    one = organisation()
    note = memory.append(one, "Bus.", by=coordinator)
    address = reverse("admin:organisation_note_change", args=[one.pk, note.pk])

    refused = manager_client.post(address, {"text": "Taxi.", "was": "Bus."})
    note.refresh_from_db()
    assert (refused.status_code, note.text) == (409, "Bus.")

    coordinator_client.post(address, {"text": "Bus 1.", "was": "Bus."})
    note.refresh_from_db()
    assert (note.text, note.changed_at is not None) == ("Bus 1.", True)


def test_a_note_changed_in_another_window_is_not_overwritten(coordinator_client, coordinator):
    one = organisation()
    note = memory.append(one, "As it is now.", by=coordinator)

    response = coordinator_client.post(
        reverse("admin:organisation_note_change", args=[one.pk, note.pk]), {"text": "Mine.", "was": "As it was."}
    )

    note.refresh_from_db()
    assert (response.status_code, note.text) == (409, "As it is now.")
    assert "Mine." in response.content.decode()


@pytest.mark.parametrize("name", ["organisations", "promises"])
def test_the_lists_are_for_the_desk(client, facilitator_client, coordinator_client, name):
    address = reverse(f"admin:{name}")

    answers = [one.get(address).status_code for one in (client, facilitator_client, coordinator_client)]

    assert answers == [302, 403, 200]


def test_who_plans_food_does_not_read_an_organisations_page(db):
    one = organisation()

    response = page(signed_in(LogisticsFactory()), one)

    assert response.status_code == 403


@pytest.mark.parametrize("visits", [1, 3])
def test_the_page_costs_the_same_whatever_its_history(coordinator_client, visits):
    one = organisation()
    for number in range(visits):
        visit = visited(one, TODAY - timedelta(days=30 + number))
        followed_up(visit, state=PointState.SPREADS, words="It spreads.")
        promised(one)
        person(visit, f"Guest {number}")
    asking(one, state=RequestState.IN_REVIEW)

    with CaptureQueriesContext(
        connection,
    ) as asked:
        response = page(coordinator_client, one)

    statements = [query["sql"] for query in asked]
    assert response.status_code == 200
    assert len(statements) == len(set(statements))
    assert len(statements) <= 20


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_however_many_there_are(coordinator_client, count, django_assert_max_num_queries):
    for number in range(count):
        visited(organisation(f"Hospital {number}"), TODAY - timedelta(days=40))

    with django_assert_max_num_queries(8):
        html = coordinator_client.get(reverse("admin:organisations")).content.decode()

    assert html.count("Hospital") >= count


@pytest.mark.parametrize("typed", ["østerby", "ØSTERBY", "århus", "ster"])
def test_an_organisation_is_found_by_name_and_town_whatever_the_case(typed):
    one = organisation("Østerby Psychiatry", town="Århus", country="DK")
    organisation("Tayford Health Board", country="GB")

    rows, more = memory.found(typed, page=1)

    assert ([row.organisation for row in rows], more) == ([one], False)


@pytest.mark.parametrize(
    "query", ["q=%00", "q=" + "x" * 500, "page=99999999999999", "page=-1", "page=²", "q=%F0%9F%98%80%"]
)
def test_hostile_searches_get_a_page(coordinator_client, query):
    organisation()

    response = coordinator_client.get(f"{reverse('admin:organisations')}?{query}")

    assert response.status_code in {200, 400}


def test_today_is_read_from_the_clock(coordinator_client):
    one = organisation()
    promised(one, days=0, given_on=timezone.localdate())

    assert "Today" in page(coordinator_client, one).content.decode()


def test_of_a_very_long_history_the_latest_is_told(coordinator_client, monkeypatch):
    monkeypatch.setattr("visits.memory.reading.MOST_TOLD", 2)
    one = organisation()
    cases = [asking(one) for _number in range(3)]

    told = memory.memory_of(one, TODAY)

    assert ({year.case for year in told.years}, told.is_cut) == (set(cases[1:]), True)
    assert "Only the latest requests are told here." in page(coordinator_client, one).content.decode()
