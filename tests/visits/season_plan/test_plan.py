"""A plan for a season: drawn from what waits, worked out by the worker, taken whole or in part, or not at all."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import (
    AskFactory,
    CoordinatorFactory,
    FacilitatorFactory,
    OfferingFactory,
    RoomFactory,
    SessionFactory,
    VisitFactory,
    VisitRequestFactory,
    at,
    wished_day,
)
from visits import scheduling, season_plan
from visits.choices import AskState, CompetenceLevel, PlanState, RequestState
from visits.models import Ask, Booking, Closure, Competence, HistoryEntry, Message, SeasonPlan, Session, WeekPlan
from visits.season_plan.working import work_due

pytestmark = pytest.mark.django_db


def first_day():
    return wished_day()


def last_day():
    return first_day() + timedelta(days=60)


def asked(**more):
    return season_plan.ask(first_day(), last_day(), by=CoordinatorFactory(), **more)


def worked_out(plan):
    work_due(timezone.now())
    plan.refresh_from_db()
    return plan


def a_request(**more):
    """A request with one thing on its list."""
    offering = more.pop("offering", None) or OfferingFactory(minutes=60)
    request = VisitRequestFactory(**{"areas": [offering.area], **more})
    request.offerings.set([offering])
    return request


def leader_of(request, **more):
    return FacilitatorFactory(areas=[request.offerings.get().area], **more)


def test_what_has_no_agenda_gets_days_an_agenda_a_room_and_somebody_who_leads():
    request = a_request(state=RequestState.IN_REVIEW)
    leader, room = leader_of(request), RoomFactory()
    plan = worked_out(asked())

    season_plan.take(plan, [0], by=CoordinatorFactory())

    request.refresh_from_db()
    session = Session.objects.get(visit=request.visit)
    assert request.visit.first_day == first_day()
    assert (session.title, session.starts_at) == (request.offerings.get().name_en, at(first_day(), 9))
    assert session.room == room
    assert Ask.objects.get(session=session).facilitator == leader
    assert Ask.objects.get(session=session).state == AskState.PLANNED
    assert Message.objects.count() == 0


def test_nothing_is_booked_and_nobody_is_told_until_it_is_taken():
    request = a_request(state=RequestState.IN_REVIEW)
    leader_of(request), RoomFactory()

    plan = worked_out(asked())

    assert plan.state == PlanState.READY
    assert season_plan.found_of(plan).is_best
    assert (Booking.objects.count(), Ask.objects.count(), Message.objects.count()) == (0, 0, 0)


def test_two_who_want_one_leader_the_same_morning_come_on_different_days():
    offering = OfferingFactory(minutes=180)
    days = [first_day(), first_day() + timedelta(days=7)]
    requests = [
        a_request(state=RequestState.IN_REVIEW, offering=offering, wishes=days, length="half") for _ in range(2)
    ]
    FacilitatorFactory(areas=[offering.area])
    RoomFactory()

    plan = worked_out(asked())
    season_plan.take(plan, [0, 1], by=CoordinatorFactory())

    for request in requests:
        request.refresh_from_db()
    assert sorted(request.visit.first_day for request in requests) == days


def test_only_what_was_chosen_is_done():
    requests = [a_request(state=RequestState.IN_REVIEW) for _ in range(2)]
    for request in requests:
        leader_of(request)
    RoomFactory(), RoomFactory()
    plan = worked_out(asked())

    season_plan.take(plan, [1], by=CoordinatorFactory())

    assert [hasattr(type(one).objects.get(pk=one.pk), "visit") for one in requests] == [False, True]


def test_a_new_request_is_taken_up_by_whoever_takes_the_plan():
    request = a_request()
    leader_of(request), RoomFactory()
    coordinator = CoordinatorFactory()

    season_plan.take(worked_out(asked()), [0], by=coordinator)

    request.refresh_from_db()
    assert (request.state, request.coordinator) == (RequestState.IN_REVIEW, coordinator)


def test_a_session_of_a_visit_that_stands_gets_somebody_who_is_asked_at_once():
    visit = VisitFactory(request__state=RequestState.CONFIRMED)
    session = SessionFactory(visit=visit, offering=OfferingFactory())
    leader = FacilitatorFactory(areas=[session.offering.area])
    led = SessionFactory(visit=visit, hour=11)
    AskFactory(session=led, state=AskState.ACCEPTED)

    plan = worked_out(asked())
    season_plan.take(plan, [0], by=CoordinatorFactory())

    ask = Ask.objects.get(session=session)
    assert (ask.facilitator, ask.state) == (leader, AskState.ASKED)
    assert Ask.objects.filter(session=led).count() == 1


def test_who_is_taken_by_something_else_is_not_put_down():
    request = a_request(state=RequestState.IN_REVIEW)
    leader = leader_of(request)
    RoomFactory()
    scheduling.add_time_away(leader, starts_at=at(first_day(), 8), ends_at=at(first_day(), 17))

    plan = worked_out(asked())

    assert season_plan.found_of(plan).plan == {}
    assert season_plan.placeless(season_plan.drawn_of(plan), season_plan.found_of(plan)) == [0]


@pytest.mark.parametrize("closed", ["closure", "week"])
def test_days_on_which_we_are_closed_are_not_planned(closed):
    days = [first_day(), first_day() + timedelta(days=7)]
    request = a_request(state=RequestState.IN_REVIEW, wishes=days)
    leader_of(request), RoomFactory()
    if closed == "closure":
        Closure.objects.create(kind="closed", first_day=days[0], last_day=days[0], words_en="Closed", words_sv="Stängt")
    else:
        WeekPlan.objects.create(monday=days[0] - timedelta(days=1), capacity=0)

    drawn = season_plan.drawn_of(worked_out(asked()))

    assert drawn.cases[0].first_days == (days[1].isoformat(),)


def test_a_request_that_was_changed_meanwhile_is_named_and_nothing_is_done():
    requests = [a_request(state=RequestState.IN_REVIEW) for _ in range(2)]
    for request in requests:
        leader_of(request)
    RoomFactory(), RoomFactory()
    plan = worked_out(asked())
    type(requests[1]).objects.filter(pk=requests[1].pk).update(version=7)

    with pytest.raises(season_plan.PlanNotMade, match=requests[1].organisation_name):
        season_plan.take(plan, [0, 1], by=CoordinatorFactory())

    plan.refresh_from_db()
    assert plan.state == PlanState.READY
    assert (Session.objects.count(), Booking.objects.count(), HistoryEntry.objects.count()) == (0, 0, 0)


def test_a_room_that_is_gone_meanwhile_is_told_and_nothing_is_done():
    request = a_request(state=RequestState.IN_REVIEW)
    leader_of(request)
    room = RoomFactory()
    plan = worked_out(asked())
    other = SessionFactory(visit=VisitFactory(request__state=RequestState.CONFIRMED, first_day=first_day()), room=room)
    scheduling.book_room(other)

    with pytest.raises(season_plan.PlanNotMade, match=request.organisation_name):
        season_plan.take(plan, [0], by=CoordinatorFactory())

    assert not Session.objects.filter(visit__request=request).exists()


def test_a_plan_is_taken_once():
    request = a_request(state=RequestState.IN_REVIEW)
    leader_of(request), RoomFactory()
    plan = worked_out(asked())
    season_plan.take(plan, [0], by=CoordinatorFactory())

    with pytest.raises(season_plan.PlanNotMade):
        season_plan.take(plan, [0], by=CoordinatorFactory())

    assert Session.objects.count() == 1


def test_an_agenda_moves_as_it_is_and_keeps_its_rooms_and_people():
    days = [first_day(), first_day() + timedelta(days=7)]
    request = VisitRequestFactory(state=RequestState.IN_REVIEW, wishes=days)
    visit = VisitFactory(request=request, first_day=days[0])
    room = RoomFactory()
    session = SessionFactory(visit=visit, offering=OfferingFactory(), room=room)
    scheduling.book_room(session)
    leader = FacilitatorFactory(areas=[session.offering.area])
    scheduling.choose(session, leader, by=CoordinatorFactory())
    scheduling.add_time_away(leader, starts_at=at(days[0], 8), ends_at=at(days[0], 17))

    plan = worked_out(asked())
    season_plan.take(plan, [0], by=CoordinatorFactory())

    session.refresh_from_db()
    assert session.starts_at == at(days[1], 9)
    assert session.room == room
    assert Ask.objects.get(session=session, state=AskState.PLANNED).facilitator == leader
    assert Booking.objects.get(room=room).starts_at == at(days[1], 9)


def test_what_stands_and_can_stay_is_no_change():
    visit = VisitFactory()
    session = SessionFactory(visit=visit, offering=OfferingFactory(), room=RoomFactory())
    scheduling.book_room(session)
    scheduling.choose(session, FacilitatorFactory(areas=[session.offering.area]), by=CoordinatorFactory())

    plan = worked_out(asked())

    assert season_plan.changes_of(season_plan.drawn_of(plan), season_plan.found_of(plan)) == []


def test_somebody_leads_where_the_other_has_more_hours_already():
    offering = OfferingFactory(minutes=60)
    busy, free = (FacilitatorFactory(areas=[offering.area]) for _ in range(2))
    RoomFactory()
    led = SessionFactory(visit=VisitFactory(request__state=RequestState.CONFIRMED, first_day=first_day()), hour=14)
    AskFactory(session=led, facilitator=busy, state=AskState.ACCEPTED)
    a_request(state=RequestState.IN_REVIEW, offering=offering)

    plan = worked_out(asked())
    season_plan.take(plan, [0], by=CoordinatorFactory())

    assert Ask.objects.get(state=AskState.PLANNED).facilitator == free


@pytest.mark.parametrize(("level", "lasts", "able"), [(2, 0, True), (2, -1, False), (1, 0, False)])
def test_nobody_is_planned_for_what_they_cannot_do_that_day(level, lasts, able):
    request = a_request(state=RequestState.IN_REVIEW)
    person, area = leader_of(request), request.offerings.get().area
    RoomFactory()
    last_wish = max(wish.first_day for wish in request.wishes.all())
    Competence.objects.create(facilitator=person, area=area, level=level, until=last_wish + timedelta(days=lasts))

    plan = worked_out(asked())

    assert bool(season_plan.changes_of(season_plan.drawn_of(plan), season_plan.found_of(plan))) is able


def test_a_session_that_wants_a_teacher_is_planned_with_one():
    visit = VisitFactory()
    session = SessionFactory(visit=visit, offering=OfferingFactory(), room=RoomFactory(), level=CompetenceLevel.TEACHES)
    scheduling.book_room(session)
    _leads, teaches = (FacilitatorFactory(areas=[session.offering.area]) for _ in range(2))
    Competence.objects.create(facilitator=teaches, area=session.offering.area, level=CompetenceLevel.TEACHES)

    season_plan.take(worked_out(asked()), [0], by=CoordinatorFactory())

    assert Ask.objects.get().facilitator == teaches


def test_it_is_drawn_with_the_same_queries_however_much_there_is(django_assert_num_queries):
    def drawn():
        return season_plan.draw(first_day(), last_day())

    for _ in range(2):
        leader_of(a_request(state=RequestState.IN_REVIEW))
        session = SessionFactory(visit=VisitFactory(), room=RoomFactory(), offering=OfferingFactory())
        AskFactory(session=session, facilitator=FacilitatorFactory(), state=AskState.PLANNED)
    with django_assert_num_queries(21) as few:
        drawn()
    for _ in range(5):
        leader_of(a_request(state=RequestState.IN_REVIEW))
        session = SessionFactory(visit=VisitFactory(), room=RoomFactory(), offering=OfferingFactory())
        AskFactory(session=session, facilitator=FacilitatorFactory(), state=AskState.PLANNED)
    with django_assert_num_queries(len(few)):
        drawn()


def test_a_season_is_the_same_after_json():
    leader_of(a_request(state=RequestState.IN_REVIEW))
    RoomFactory()
    drawn = season_plan.draw(first_day(), last_day())

    again = season_plan.Drawn.from_json(json.loads(json.dumps(drawn.to_json())))

    assert again == drawn


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (0, -1, "first day before the last"),
        (0, 400, "at most a year"),
        (-400, -380, "have been"),
        (0, 60, "Nothing waits"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(first, last, words):
    begins = first_day() if first == 0 else timezone.localdate() + timedelta(days=first)
    ends = begins + timedelta(days=last - first)

    with pytest.raises(season_plan.PlanNotMade, match=words):
        season_plan.ask(begins, ends, by=CoordinatorFactory())

    assert SeasonPlan.objects.count() == 0


def test_asking_twice_is_one_plan():
    leader_of(a_request(state=RequestState.IN_REVIEW))
    assert asked() == asked()


def test_a_plan_that_is_put_aside_is_not_worked_out():
    leader_of(a_request(state=RequestState.IN_REVIEW))
    plan = asked()

    season_plan.put_aside(plan, by=CoordinatorFactory())

    assert work_due(timezone.now()) == 0
    assert worked_out(plan).state == PlanState.ASIDE


def test_a_plan_whose_worker_is_gone_is_worked_out_by_another_and_given_up_after_two():
    request = a_request(state=RequestState.IN_REVIEW)
    leader_of(request), RoomFactory()
    plan = asked()
    gone = {"state": PlanState.WORKING, "lease_until": timezone.now() - timedelta(minutes=1)}
    SeasonPlan.objects.update(attempts=1, **gone)

    assert work_due(timezone.now()) == 1
    assert worked_out(plan).state == PlanState.READY

    SeasonPlan.objects.update(attempts=2, **gone)
    assert work_due(timezone.now()) == 0
    assert worked_out(plan).state == PlanState.FAILED


def test_a_plan_that_cannot_be_read_fails_and_says_so():
    leader_of(a_request(state=RequestState.IN_REVIEW))
    plan = asked()
    SeasonPlan.objects.update(drawn={})

    assert worked_out(plan).state == PlanState.FAILED


def test_who_has_no_place_is_told_by_which_facts_and_what_would_help():
    request = a_request(state=RequestState.IN_REVIEW, length="one")
    leader = leader_of(request)
    RoomFactory()
    scheduling.add_time_away(leader, starts_at=at(first_day(), 8), ends_at=at(first_day(), 17))

    (reason,) = season_plan.found_of(worked_out(asked())).reasons

    assert [fact.kind for fact in reason.facts] == ["busy", "wish"]
    assert reason.ways[0].day == first_day() + timedelta(days=1)
    assert [fact.kind for fact in reason.ways[0].changed] == ["wish"]
