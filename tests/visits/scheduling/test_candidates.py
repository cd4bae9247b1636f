from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from programmes.models import Area, Offering
from tests.factories import (
    AskFactory,
    FacilitatorFactory,
    RoomFactory,
    SessionFactory,
    SiteFactory,
    VisitFactory,
    VisitRequestFactory,
    at,
)
from visits import scheduling
from visits.choices import AskState, FacilitatorKind, MeetingLanguage, RequestState
from visits.models import Session, Travel

pytestmark = pytest.mark.django_db


def area(name: str = "Person-centred care") -> Area:
    return Area.objects.create(slug=name.casefold().replace(" ", "-"), name=name, summary=name, lead=name)


def session_about(*areas: Area, language: str = MeetingLanguage.ENGLISH, **kwargs: object) -> Session:
    request = VisitRequestFactory(state=RequestState.IN_REVIEW, areas=list(areas), meeting_language=language)
    return SessionFactory(visit=VisitFactory(request=request), **kwargs)


def said(candidate: scheduling.Candidate) -> list[str]:
    return [reason.words for reason in candidate.reasons]


def test_who_knows_the_area_speaks_the_language_and_is_free_comes_first():
    care, leading = area(), area("Leadership")
    session = session_about(care)
    FacilitatorFactory(user__first_name="Wrong area", areas=[leading])
    FacilitatorFactory(user__first_name="Right", areas=[care])

    first, second = scheduling.candidates(session)

    assert (first.facilitator.user.first_name, first.fits, first.free, first.why_not) == ("Right", True, True, "")
    assert said(first) == ["Leads Person-centred care", "Has not led anything for a year", "Speaks English"]
    assert (second.fits, second.free, second.why_not) == (False, True, "Does not lead this area")


def test_the_area_of_the_sessions_own_offering_goes_before_those_of_the_request():
    care, leading = area(), area("Leadership")
    offering = Offering.objects.create(slug="green", name="Green", summary="Green", area=leading)
    session = session_about(care, offering=offering)
    leader = FacilitatorFactory(areas=[leading])
    FacilitatorFactory(areas=[care])

    assert [c.facilitator for c in scheduling.candidates(session) if c.can] == [leader]


def test_whoever_works_here_leads_alike_and_is_called_what_they_are(area: Area):
    session = session_about(area)
    for kind in (FacilitatorKind.STAFF, FacilitatorKind.CLINICIAN, FacilitatorKind.COACH, FacilitatorKind.NETWORK):
        FacilitatorFactory(kind=kind, areas=[area])

    found = [one.facilitator.get_kind_display() for one in scheduling.candidates(session) if one.can]

    assert sorted(found) == ["Clinician", "Improvement coach", "Learning Network facilitator", "Qulturum staff"]


def test_a_language_that_is_missing_is_said():
    session = session_about(language=MeetingLanguage.ENGLISH)
    FacilitatorFactory(languages=["sv"])
    FacilitatorFactory(languages=["sv", "da"])

    said = {candidate.why_not for candidate in scheduling.candidates(session)}

    assert said == {"Speaks Swedish only", "Speaks Danish and Swedish only"}


def test_of_two_facts_the_one_is_said_that_an_interpreter_would_not_open(area: Area):
    session = session_about(area, language=MeetingLanguage.ENGLISH)
    FacilitatorFactory(languages=["sv"])
    FacilitatorFactory(languages=["sv"], areas=[area])

    said = [candidate.why_not for candidate in scheduling.candidates(session)]

    assert sorted(said) == ["Does not lead this area", "Speaks Swedish only"]


def test_an_interpreter_of_the_guests_works_from_either_language():
    session = session_about(language=MeetingLanguage.INTERPRETER)
    FacilitatorFactory(languages=["sv"])

    assert scheduling.candidates(session)[0].can


def test_who_takes_part_elsewhere_comes_with_what_and_from_when():
    session = session_about(hour=9)
    other = session_about(hour=9)
    busy = AskFactory(session=other)
    scheduling.accept(busy)

    candidate = scheduling.candidates(session)[0]

    assert (candidate.fits, candidate.free) == (True, False)
    assert candidate.why_not == f"Takes part in “Meet Esther” ({other.visit.request.reference}) from 09.00"


def test_who_would_come_late_from_another_site_or_leave_late_for_one_comes_with_how_many_minutes():
    ryhov, home = SiteFactory(name="Ryhov"), SiteFactory()
    Travel.objects.create(one=ryhov, other=home, minutes=20)
    session = session_about(hour=10, room=RoomFactory(site=home))
    day = session.visit.first_day
    people = {
        "comes late": at(day, 8, 50), "leaves late": at(day, 11, 5), "comes in time": at(day, 8, 40),
        "leaves in time": at(day, 11, 20),
    }  # fmt: skip
    for name, start in people.items():
        there = SessionFactory(room=RoomFactory(site=ryhov), starts_at=start)
        scheduling.accept(AskFactory(session=there, facilitator=FacilitatorFactory(user__first_name=name)))

    said = {c.facilitator.user.first_name: (c.free, c.why_not) for c in scheduling.candidates(session)}

    assert said == {
        "comes late": (False, "Needs 20 minutes from Ryhov, and there are 10"),
        "leaves late": (False, "Needs 20 minutes to Ryhov, and there are 5"),
        "comes in time": (True, ""),
        "leaves in time": (True, ""),
    }


def test_ways_to_several_sites_cost_as_many_queries_as_none():
    def queries(sessions: list[Session]) -> int:
        with CaptureQueriesContext(connection) as captured:
            scheduling.candidates_of(sessions)
        return len(captured)

    FacilitatorFactory()
    none = queries([session_about(area())])
    places = [SiteFactory(name=name) for name in ("Qulturum", "Ryhov", "Rosenlund")]
    for one in places[1:]:
        Travel.objects.create(one=places[0], other=one, minutes=20)
    several = [session_about(area(f"Area {n}"), room=RoomFactory(site=site)) for n, site in enumerate(places)]
    for n, site in enumerate(places):
        scheduling.accept(AskFactory(session=SessionFactory(room=RoomFactory(site=site), hour=11 + n)))

    assert queries(several) == none <= 6


def test_who_is_away_is_away_and_nothing_more_is_said():
    session = session_about()
    person = FacilitatorFactory()
    scheduling.add_time_away(person, starts_at=session.starts_at, ends_at=session.ends_at)

    assert [(c.free, c.why_not) for c in scheduling.candidates(session)] == [(False, "Away")]


def test_a_session_that_ends_when_this_one_begins_is_not_in_the_way():
    session = session_about(hour=10)
    ask = AskFactory(session=SessionFactory(visit=session.visit, hour=9))
    scheduling.accept(ask)

    assert scheduling.candidates(session)[0].free


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (AskState.PLANNED, "Is chosen for this already"),
        (AskState.ASKED, "Has been asked, and has not answered yet"),
        (AskState.DECLINED, "Has said no to this"),
        (AskState.WITHDRAWN, ""),
        (AskState.EXPIRED, ""),
    ],
)
def test_who_was_asked_for_this_very_session_comes_with_what_came_of_it(state, said):
    session = session_about()
    AskFactory(session=session, state=state)

    assert [c.why_not for c in scheduling.candidates(session)] == [said]


def test_who_cannot_be_asked_any_more_is_not_suggested():
    session = session_about()
    FacilitatorFactory(is_active=False)
    FacilitatorFactory(user__is_active=False)

    assert scheduling.candidates(session) == []


def test_a_hundred_facilitators_cost_as_many_queries_as_one():
    care = area()
    session = session_about(care)
    FacilitatorFactory(areas=[care])
    with CaptureQueriesContext(
        connection,
    ) as one:
        scheduling.candidates(session)
    FacilitatorFactory.create_batch(99, areas=[care])

    with CaptureQueriesContext(connection) as hundred:
        found = scheduling.candidates(session)

    assert len(found) == 100
    assert len(hundred) == len(one) <= 6


def test_without_an_offering_of_its_own_a_session_asks_for_all_that_the_guests_chose():
    care, leading = area(), area("Leadership")
    session = session_about(leading)
    session.visit.request.offerings.add(
        Offering.objects.create(slug="esther", name="Esther", summary="Esther", area=care)
    )
    people = {FacilitatorFactory(areas=[care]), FacilitatorFactory(areas=[leading])}

    assert {c.facilitator for c in scheduling.candidates(session) if c.can} == people
