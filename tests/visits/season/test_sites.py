"""A site of ours receives so many visits a week: counted, refused with a way on, shown, and kept from guests."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import drawn_from
from tests.factories import (
    CoordinatorFactory,
    FacilitatorFactory,
    RoomFactory,
    SessionFactory,
    SiteFactory,
    VisitFactory,
    VisitRequestFactory,
)
from tests.races import at_once, tally
from visits import planning, scheduling, season, weeks
from visits.choices import RequestState
from visits.feasibility.reading import read_house
from visits.models import Session, Site, User, VisitRequest

pytestmark = pytest.mark.django_db
S = RequestState


@pytest.fixture
def ryhov() -> Site:
    return SiteFactory(name="Ryhov", weekly_visits=1)


def at_site(site: Site, state: S = S.IN_REVIEW, **fields: Any) -> Session:
    """A visit with one session at the site, each in a room of its own."""
    visit = VisitFactory(request=VisitRequestFactory(state=state), **fields)
    return SessionFactory(visit=visit, room=RoomFactory(site=site))


def propose(case: VisitRequest, **more: Any) -> Any:
    return planning.propose(case, letter="", by=CoordinatorFactory(), seen=case.version, **more)


def doubts(case: VisitRequest) -> list[str]:
    found = planning.outlook(case.visit, scheduling.sessions_of(case), names_others=True)
    return [doubt.words for doubt in found.hard]


def test_the_one_who_would_be_more_than_a_site_receives_is_refused_with_a_way_on(ryhov: Site) -> None:
    first, second = at_site(ryhov).visit.request, at_site(ryhov).visit.request
    week = season.week_of(first.visit.first_day).number
    assert doubts(second) == []

    propose(first)

    told = f"Ryhov is full in week {week}: it receives 1 a week and has 1. Choose a room elsewhere or other days"
    assert doubts(second)[0].startswith(told)
    with pytest.raises(planning.PlanRefused, match=told):
        propose(second)
    second.refresh_from_db()
    assert (second.state, second.proposals.count()) == (S.IN_REVIEW, 0)


@pytest.mark.parametrize("elsewhere", ["another site", "another week", "a larger number", "no limit"])
def test_there_is_room_elsewhere(ryhov: Site, elsewhere: str) -> None:
    propose(at_site(ryhov).visit.request)
    case = at_site(ryhov).visit.request
    if elsewhere == "another site":
        Session.objects.filter(visit=case.visit).update(room=RoomFactory(site=SiteFactory(name="Rosenlund")))
    elif elsewhere == "another week":
        later = case.visit.first_day + timedelta(weeks=1)
        case = at_site(ryhov, first_day=later).visit.request
    else:
        Site.objects.filter(pk=ryhov.pk).update(weekly_visits=2 if elsewhere == "a larger number" else None)

    propose(case)

    assert case.proposals.count() == 1


def test_a_site_that_receives_nobody_says_so(ryhov: Site) -> None:
    Site.objects.update(weekly_visits=0)

    with pytest.raises(planning.PlanRefused, match="Ryhov receives no visits"):
        propose(at_site(ryhov).visit.request)


def test_several_sessions_of_a_visit_are_one_visit_and_a_place_without_a_room_counts(ryhov: Site) -> None:
    session = at_site(ryhov)
    SessionFactory(visit=session.visit, hour=11, site=ryhov, place="The ward")

    propose(session.visit.request)

    week = season.week_of(session.visit.first_day)
    assert [(one.site.name, one.load) for one in weeks.sites.of_week(week)] == [("Ryhov", 1)]


def test_other_days_that_are_offered_take_a_place_there_too(ryhov: Site) -> None:
    case = at_site(ryhov).visit.request
    later = case.visit.first_day + timedelta(weeks=2)
    propose(case, other_days=[later])
    second = at_site(ryhov, first_day=later).visit.request

    with pytest.raises(planning.PlanRefused, match="Ryhov is full in week"):
        propose(second)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_held", [True, False])
def test_of_colleagues_who_propose_at_once_one_gets_the_last_place_at_a_site(
    settings: Any, monkeypatch: pytest.MonkeyPatch, *, is_held: bool
) -> None:
    """The control counts nothing at the site: there, all of them come."""
    settings.QULTURUM_WEEK_CAPACITY = 9
    ryhov, by = SiteFactory(name="Ryhov", weekly_visits=1), CoordinatorFactory()
    cases = [at_site(ryhov).visit.request for _case in range(3)]
    if not is_held:
        monkeypatch.setattr(weeks.sites, "refuse_beyond", lambda *_args, **_more: None)

    deeds = [partial(planning.propose, case, letter="", by=by, seen=case.version) for case in cases]
    outcomes = tally(at_once(deeds, (planning.PlanRefused,)))

    assert outcomes == ({"done": 1, "PlanRefused": 2} if is_held else {"done": 3})


# -- Guests ----------------------------------------------------------------------------


def free_rooms(day: date, without: int | None = None) -> set[str]:
    house = read_house([], day, day, without=without)
    names = dict(Site.objects.values_list("rooms", "name"))
    return {names[pk] for pk in house.rooms if not house.rooms_taken.get(day, {}).get(pk)}


def test_a_room_at_a_full_site_is_not_offered_to_guests_in_that_week(ryhov: Site) -> None:
    case = at_site(ryhov).visit.request
    RoomFactory(site=ryhov)
    RoomFactory(site=SiteFactory(name="Rosenlund"))
    propose(case)
    day = case.visit.first_day

    assert free_rooms(day) == {"Rosenlund"}
    assert free_rooms(day, without=case.pk) == {"Ryhov", "Rosenlund"}
    assert free_rooms(day + timedelta(weeks=1)) == {"Ryhov", "Rosenlund"}


def test_the_house_is_read_with_the_same_queries_for_one_limit_and_for_three(
    ryhov: Site, django_assert_num_queries: Any
) -> None:
    FacilitatorFactory()
    day = at_site(ryhov, S.PROPOSED).visit.first_day

    for more in (0, 2):
        for _site in range(more):
            at_site(SiteFactory(weekly_visits=1), S.PROPOSED)
        with django_assert_num_queries(4):
            read_house([], day, day + timedelta(days=60))


# -- The desk --------------------------------------------------------------------------


def test_the_week_of_the_season_shows_what_sites_receive(coordinator_client: Client, ryhov: Site) -> None:
    day = at_site(ryhov, S.CONFIRMED).visit.first_day
    week = season.week_of(day)

    page = coordinator_client.get(f"{reverse('admin:season')}?week={week.year}-{week.number}").text

    assert "1 of 1 visits a week, full" in " ".join(page.replace("</small>", "").split())


def sent(client: Client, site: Site, **changes: Any) -> Any:
    address = reverse("admin:visits_site_change", args=[site.pk])
    typed = {"name": site.name, "address": site.address, "way_en": site.way_en, "way_sv": site.way_sv}
    typed |= {"quiet_times-TOTAL_FORMS": "0", "quiet_times-INITIAL_FORMS": "0"}
    typed |= {"weekly_visits": site.weekly_visits} | changes
    return client.post(address, typed | drawn_from(client, address))


def test_a_limit_below_what_is_settled_is_told_before_it_is_saved(manager_client: Client, manager: User) -> None:
    site = SiteFactory(name="Ryhov", weekly_visits=3)
    weeks_there = {season.week_of(at_site(site, S.CONFIRMED).visit.first_day).number for _visit in range(2)}

    told = sent(manager_client, site, weekly_visits=1)
    site.refresh_from_db()
    assert (told.status_code, site.weekly_visits) == (200, 3)
    assert f"week {weeks_there.pop()}: 2 visits" in told.text

    saved = sent(manager_client, site, weekly_visits=1, all_the_same="on")

    site.refresh_from_db()
    assert (saved.status_code, site.weekly_visits) == (302, 1)


@pytest.mark.parametrize("typed", ["101", "-1", "x", "9" * 40])
def test_a_number_that_is_none_is_refused_with_a_sentence(manager_client: Client, ryhov: Site, typed: str) -> None:
    answer = sent(manager_client, ryhov, weekly_visits=typed)

    ryhov.refresh_from_db()
    assert (answer.status_code, ryhov.weekly_visits) == (200, 1)
    assert "errorlist" in answer.text
