"""Who comes before whom among those who could lead a session, and the three things that are said of each."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from programmes.models import Area
from tests.factories import (
    AreaFactory,
    AskFactory,
    OfferingFactory,
    RoomFactory,
    SessionFactory,
    SiteFactory,
    VisitFactory,
    VisitRequestFactory,
    at,
    person,
)
from visits import scheduling
from visits.choices import AskState, RequestState
from visits.models import Facilitator, Organisation, Session, Travel, Visit

pytestmark = pytest.mark.django_db
TUESDAY = date(2027, 3, 16)


@pytest.fixture
def area() -> Area:
    return AreaFactory(name_en="Care", name_sv="Vård")


def visit_about(*areas: Area, day: date = TUESDAY, organisation: Organisation | None = None) -> Visit:
    about = {"organisation": organisation} if organisation else {}
    request = VisitRequestFactory(state=RequestState.IN_REVIEW, areas=list(areas), **about)
    return VisitFactory(request=request, first_day=day)


def leads(somebody: Facilitator, visit: Visit, *, hour: int = 9, minutes: int = 60, **facts: object) -> Session:
    """Somebody has said yes, by the deed that books them; what has been stands as it was left."""
    session = SessionFactory(visit=visit, hour=hour, minutes=minutes, **facts)
    is_over = session.ends_at <= timezone.now()
    ask = AskFactory(session=session, facilitator=somebody, state=AskState.ACCEPTED if is_over else AskState.ASKED)
    if not is_over:
        scheduling.accept(ask)
    return session


def order(session: Session) -> list[str]:
    return [one.facilitator.user.first_name for one in scheduling.candidates(session) if one.can]


def said(session: Session, somebody: Facilitator) -> list[str]:
    found = next(one for one in scheduling.candidates(session) if one.facilitator == somebody)
    return [reason.words.replace("\N{NO-BREAK SPACE}", " ") for reason in found.reasons]


# -- The order -----------------------------------------------------------------------------


def test_with_all_else_alike_the_names_decide(area):
    for name in ("Cecilia", "anders", "Bodil"):
        person(name, area)

    assert order(SessionFactory(visit=visit_about(area))) == ["anders", "Bodil", "Cecilia"]


def test_who_knows_more_of_what_is_wanted_comes_first(area):
    other = AreaFactory()
    person("One", area)
    person("Two", area, other)

    assert order(SessionFactory(visit=visit_about(area, other))) == ["Two", "One"]


def test_then_who_has_given_less_of_their_own_hours_in_tenths(area):
    little, much, most = (person(name, area, hours_a_year=20) for name in ("Zoe", "Bodil", "Anna"))
    leads(little, visit_about(day=date(2027, 1, 19)), minutes=60)
    leads(much, visit_about(day=date(2027, 1, 20)), minutes=9 * 60)
    leads(most, visit_about(day=date(2027, 1, 21)), minutes=11 * 60)

    assert order(SessionFactory(visit=visit_about(area))) == ["Zoe", "Bodil", "Anna"]


def test_hours_count_against_ones_own_and_in_the_year_of_the_session(area):
    full_time, some_hours = person("Anna", area, hours_a_year=100), person("Bodil", area, hours_a_year=10)
    leads(full_time, visit_about(day=date(2027, 1, 19)), minutes=240)
    leads(some_hours, visit_about(day=date(2027, 1, 20)), minutes=120)
    leads(full_time, visit_about(day=date(2026, 12, 15)), minutes=600)

    assert order(SessionFactory(visit=visit_about(area))) == ["Anna", "Bodil"]


def test_a_yes_that_was_taken_back_or_to_a_session_that_was_removed_is_no_load(area):
    anna = person("Anna", area, hours_a_year=1)
    gone, removed = leads(anna, visit_about(day=date(2027, 1, 19))), leads(anna, visit_about(day=date(2027, 1, 20)))
    scheduling.withdraw_ask(gone.asks.get(), by=None)
    Session.objects.filter(pk=removed.pk).update(removed_at=at(TUESDAY, 1))

    assert "Has 0 min of their 1 hour in 2027" in said(SessionFactory(visit=visit_about(area)), anna)


def test_then_who_has_met_the_guests_before(area):
    visit = visit_about(area)
    person("Anna", area)
    met = person("Bodil", area)
    leads(met, visit_about(day=date(2025, 3, 18), organisation=visit.request.organisation))
    session = SessionFactory(visit=visit)

    assert order(session) == ["Bodil", "Anna"]
    assert f"Has led one session for {visit.request.organisation_name} before" in said(session, met)


def test_then_who_has_the_shorter_way_that_day(area):
    home, near, far = (SiteFactory(name=name) for name in ("Qulturum", "Ryhov", "Eksjö"))
    Travel.objects.create(one=home, other=near, minutes=20)
    Travel.objects.create(one=home, other=far, minutes=55)
    anna, bodil, cecilia = (person(name, area) for name in ("Anna", "Bodil", "Cecilia"))
    leads(anna, visit_about(), hour=9, room=RoomFactory(site=far))
    leads(bodil, visit_about(), hour=9, room=RoomFactory(site=near))
    leads(cecilia, visit_about(), hour=9, room=RoomFactory(site=home))
    session = SessionFactory(visit=visit_about(area), hour=13, room=RoomFactory(site=home))

    assert order(session) == ["Cecilia", "Bodil", "Anna"]
    assert "Is at Qulturum that day already" in said(session, cecilia)
    assert "20 minutes from Ryhov, where they are until 10.00" in said(session, bodil)


def test_the_way_on_afterwards_counts_too_and_the_longer_one_is_said(area):
    home, far = SiteFactory(), SiteFactory(name="Eksjö")
    Travel.objects.create(one=home, other=far, minutes=55)
    anna, bodil = person("Anna", area), person("Bodil", area)
    leads(anna, visit_about(), hour=14, room=RoomFactory(site=far))
    leads(bodil, visit_about(), hour=14)
    session = SessionFactory(visit=visit_about(area), hour=9, room=RoomFactory(site=home))

    assert order(session) == ["Bodil", "Anna"]
    assert "55 minutes to Eksjö, where they go on at 14.00" in said(session, anna)


def test_then_who_led_longest_ago(area):
    lately, long_ago = person("Anna", area), person("Bodil", area)
    leads(lately, visit_about(day=TUESDAY - timedelta(weeks=1)))
    leads(long_ago, visit_about(day=TUESDAY - timedelta(weeks=7)))
    person("Never", area)
    session = SessionFactory(visit=visit_about(area))

    assert order(session) == ["Never", "Bodil", "Anna"]
    assert "1 week after their last session" in said(session, lately)
    assert "Seven weeks after their last session" in said(session, long_ago)


def test_who_would_rather_not_comes_after_all_who_would_however_good(area):
    other = AreaFactory()
    person("Anna", area, other, weekdays=[1])
    person("Bodil", area)

    assert order(SessionFactory(visit=visit_about(area, other))) == ["Bodil", "Anna"]


def test_the_order_does_not_depend_on_the_order_in_which_anything_was_written(area):
    names, session = [f"Anna{n}" for n in range(12)], None
    found = []
    for seed in range(3):
        chance = Random(seed)
        chance.shuffle(names)
        Facilitator.objects.update(is_active=False)
        people = [person(name, area, hours_a_year=20) for name in names]
        people.sort(key=lambda one: one.user.first_name)
        Travel.objects.all().delete()
        day = date(2027, 1, 4) + timedelta(days=7 * seed)
        for n in chance.sample(range(12), 12):
            leads(people[n], visit_about(day=day), minutes=60 * (n % 3 + 1))
        session = SessionFactory(visit=visit_about(area))
        found.append([(one.facilitator.user.first_name, one.can) for one in scheduling.candidates(session)])

    assert found[0] == found[1] == found[2]
    assert len(found[0]) == 12


# -- The reasons ---------------------------------------------------------------------------


def test_at_most_three_things_are_said_the_ones_that_tell_most(area):
    other = AreaFactory(name_en="Leadership")
    visit = visit_about(area, other)
    anna = person("Anna", area, other, hours_a_year=2)
    leads(anna, visit, hour=13)
    session = SessionFactory(visit=visit, hour=9, minutes=90)

    assert said(session, anna) == [
        "Leads Care, Leadership",
        "Only 1 hour of their 2 hours is left, and this takes 1 h 30 min",
        "Leads one other session of this visit, so the guests know them",
    ]


def test_one_of_several_areas_is_said_to_be_one_of_them(area):
    session = SessionFactory(visit=visit_about(area, AreaFactory()))

    assert said(session, person("Anna", area))[0] == "Leads 1 of 2 that they ask for: Care"


def test_hours_that_are_used_up_are_a_doubt(area):
    anna = person("Anna", area, hours_a_year=1)
    leads(anna, visit_about(day=date(2027, 1, 19)))
    session = SessionFactory(visit=visit_about(area))

    doubts = [reason.words for reason in scheduling.candidates(session)[0].reasons if reason.is_doubt]

    assert doubts == ["Their 1 hour of the year is given already"]


def test_the_areas_are_named_in_the_readers_language(area):
    anna = person("Anna", area)
    session = SessionFactory(visit=visit_about(area))
    of_offering = SessionFactory(visit=session.visit, hour=11, offering=OfferingFactory(area=area))

    with translation.override("sv"):
        assert "Vård" in said(session, anna)[0]
        assert "Vård" in said(of_offering, anna)[0]


def test_a_request_without_an_organisation_of_ours_has_met_nobody(area):
    visit = visit_about(area)
    visit.request.organisation = None
    visit.request.save(update_fields=["organisation"])
    other = visit_about(area)
    other.request.organisation = None
    other.request.save(update_fields=["organisation"])
    anna = person("Anna", area)
    leads(anna, other, hour=13)

    assert not any("before" in words for words in said(SessionFactory(visit=visit), anna))


# -- A whole visit -------------------------------------------------------------------------


def test_a_whole_visit_costs_as_many_queries_as_one_session_and_says_the_same(area):
    visit = visit_about(area)
    people = [person(f"Anna{n}", area, hours_a_year=20) for n in range(10)]
    for n, one in enumerate(people):
        leads(one, visit_about(day=date(2027, 1, 4) + timedelta(days=n)), minutes=30 * n + 30)
    sessions = [
        SessionFactory(visit=visit, hour=9 + 2 * n, room=RoomFactory(site=SiteFactory(name=name)))
        for n, name in enumerate(("Qulturum", "Ryhov", "Eksjö"))
    ]

    with CaptureQueriesContext(connection) as one_session:
        scheduling.candidates(sessions[0])
    with CaptureQueriesContext(connection) as whole:
        found = scheduling.candidates_of(sessions)
        told = {pk: [(c.facilitator, c.can, c.why_not, c.reasons) for c in some] for pk, some in found.items()}

    assert len(whole) == len(one_session) <= 6
    for session in sessions:
        alone = [(c.facilitator, c.can, c.why_not, c.reasons) for c in scheduling.candidates(session)]
        assert told[session.pk] == alone


def test_another_session_of_the_visit_is_told_of_whoever_has_said_yes_to_it(area):
    visit = visit_about(area)
    anna = person("Anna", area)
    led, asked = leads(anna, visit, hour=13), SessionFactory(visit=visit, hour=9)
    AskFactory(session=asked, facilitator=anna, state=AskState.ASKED)

    first, second = (scheduling.candidates_of([led, asked])[one.pk][0] for one in (led, asked))

    assert first.why_not == "Has said yes to this"
    assert second.why_not == "Has been asked, and has not answered yet"
    assert second.facts.load.in_this_visit == 1
    assert first.facts.load.minutes == 0
