"""Somebody cannot come after all: what is let go, who is told, and what then stands without anybody."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import AskFactory, CoordinatorFactory, FacilitatorFactory, SessionFactory, at
from tests.visits.visitor import cases
from visits import scheduling
from visits.choices import AskState, BookingHold, RequestState, SessionKind
from visits.models import Ask, Booking, Facilitator, Message, Session, User, VisitRequest

pytestmark = pytest.mark.django_db


@pytest.fixture
def confirmed() -> VisitRequest:
    case = cases.confirmed()
    Message.objects.all().delete()
    return case


def leader_of(case: VisitRequest) -> Facilitator:
    return Ask.objects.get(session__visit__request=case, state=AskState.ACCEPTED).facilitator


def all_day(case: VisitRequest) -> list[tuple[datetime, datetime]]:
    midnight = at(case.visit.first_day, 0)
    return [(midnight, midnight + timedelta(days=1))]


def mails() -> set[tuple[str, str]]:
    return set(Message.objects.values_list("kind", "to_email"))


def test_what_they_lead_that_day_is_let_go_and_nothing_else_of_the_visit_moves(confirmed, coordinator):
    person, visit = leader_of(confirmed), confirmed.visit
    visit.refresh_from_db()
    agenda = list(visit.sessions.values("pk", "title", "starts_at", "ends_at", "room"))
    before = (confirmed.version, visit.sequence)

    let_go = scheduling.stand_down(person, all_day(confirmed), by=coordinator).sessions

    confirmed.refresh_from_db()
    visit.refresh_from_db()
    assert [(ask.session.visit, ask.facilitator) for ask in let_go] == [(visit, person)]
    assert Ask.objects.get(pk=let_go[0].pk).state == AskState.WITHDRAWN
    assert list(Booking.objects.filter(facilitator=person).values_list("kind", "starts_at", "ends_at")) == [
        ("away", *all_day(confirmed)[0])
    ]
    assert list(visit.sessions.values("pk", "title", "starts_at", "ends_at", "room")) == agenda
    assert (confirmed.version, visit.sequence, confirmed.request_state) == (*before, RequestState.CONFIRMED)
    entry = confirmed.history.first()
    assert (entry.what, entry.by, entry.detail["who"]) == ("stood_down", coordinator, person.name)


def test_only_the_facilitator_and_the_host_are_told(confirmed, coordinator):
    person = leader_of(confirmed)

    scheduling.stand_down(person, all_day(confirmed), by=coordinator)

    assert mails() == {("stood_down", person.user.email), ("facilitator_left", confirmed.coordinator.email)}


def test_a_host_who_writes_it_down_herself_gets_no_mail_about_it(confirmed):
    person = leader_of(confirmed)

    scheduling.stand_down(person, all_day(confirmed), by=confirmed.coordinator)

    assert mails() == {("stood_down", person.user.email)}


def test_an_ask_that_waits_and_a_name_that_was_only_put_down_are_let_go_too_and_other_days_stay(coordinator):
    person, case = FacilitatorFactory(), cases.agreed()
    asked, chosen = SessionFactory(visit=case.visit, hour=13), SessionFactory(visit=case.visit, hour=15)
    later = SessionFactory(visit=case.visit, starts_at=at(case.visit.first_day + timedelta(days=1), 9))
    AskFactory(session=asked, facilitator=person)
    AskFactory(session=chosen, facilitator=person, state=AskState.PLANNED, asked_at=None, answer_by=None)
    stays = AskFactory(session=later, facilitator=person)
    Message.objects.all().delete()

    scheduling.stand_down(person, all_day(case), by=coordinator)

    assert [ask.pk for ask in scheduling.live_asks(case)] == [stays.pk]
    told = Message.objects.get()
    assert (told.kind, [title for _at, title, _who in told.data["sessions"]]) == ("stood_down", [asked.title])


def test_whoever_is_away_then_already_keeps_everything(confirmed, coordinator):
    person = leader_of(confirmed)
    evening = at(confirmed.visit.first_day, 20)
    scheduling.add_time_away(person, starts_at=evening, ends_at=evening + timedelta(hours=1))

    with pytest.raises(scheduling.Clash, match="away"):
        scheduling.stand_down(person, all_day(confirmed), by=coordinator)

    assert leader_of(confirmed) == person
    assert Booking.objects.filter(facilitator=person).count() == 2
    assert mails() == set()


def test_what_a_time_away_would_touch_is_told_with_who_could_step_in(confirmed):
    free, busy = FacilitatorFactory(), FacilitatorFactory()
    start = at(confirmed.visit.first_day, 8)
    scheduling.add_time_away(busy, starts_at=start, ends_at=start + timedelta(hours=4))

    (touched,) = scheduling.touched_by(leader_of(confirmed), all_day(confirmed))

    assert touched.had_said_yes
    assert [one.facilitator for one in touched.could] == [free]
    assert leader_of(confirmed) is not None


def today() -> object:
    return timezone.localdate()


def test_a_session_of_a_confirmed_visit_is_told_until_somebody_says_yes(confirmed, coordinator):
    person, other = leader_of(confirmed), FacilitatorFactory()
    assert scheduling.gaps(today()) == []

    scheduling.stand_down(person, all_day(confirmed), by=coordinator)
    (gap,) = scheduling.gaps(today())
    assert ([ask.facilitator for ask in gap.gone], gap.waiting) == ([person], [])
    assert [one.facilitator for one in gap.could] == [other]

    ask = scheduling.choose(gap.session, other, by=coordinator)
    scheduling.send_ask(ask, by=coordinator)
    (gap,) = scheduling.gaps(today())
    assert ([one.facilitator for one in gap.waiting], gap.could) == ([other], [])

    scheduling.accept(ask)
    assert scheduling.gaps(today()) == []


def test_a_session_of_an_agreed_visit_is_told_when_nobody_is_even_asked():
    case = cases.agreed()
    session = case.visit.sessions.get(kind=SessionKind.HOST)

    assert [gap.session for gap in scheduling.gaps(today())] == [session]

    AskFactory(session=session)
    assert scheduling.gaps(today()) == []


def test_what_is_only_planned_or_over_is_no_gap(confirmed):
    planned = SessionFactory(visit__request=cases.in_review())
    Ask.objects.update(state=AskState.WITHDRAWN)
    Session.objects.exclude(pk=planned.pk).update(starts_at="2026-01-12T08Z", ends_at="2026-01-12T09Z")

    assert scheduling.gaps(today()) == []


def test_many_gaps_cost_as_many_queries_as_one(confirmed):
    def cost() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as found:
            gaps = scheduling.gaps(today())
        return len(gaps), len(found)

    Ask.objects.update(state=AskState.WITHDRAWN)
    FacilitatorFactory()
    one = cost()
    for hour in (13, 14, 15):
        AskFactory(session=SessionFactory(visit=confirmed.visit, hour=hour), state=AskState.DECLINED)

    assert cost() == (4, one[1])
    assert one == (1, 8)


def test_whoever_steps_in_at_a_confirmed_visit_is_firm_and_gets_the_mail_that_the_others_have_had(
    confirmed: VisitRequest, coordinator: User
):
    scheduling.stand_down(leader_of(confirmed), all_day(confirmed), by=coordinator)
    session = confirmed.visit.sessions.get(kind=SessionKind.HOST)
    ask = AskFactory(session=session, asked_by=coordinator)
    Message.objects.all().delete()

    scheduling.accept(ask)
    scheduling.accept(ask)

    assert Booking.objects.get(session=session, facilitator=ask.facilitator).hold == BookingHold.FIRM
    assert mails() == {("session_confirmed", ask.facilitator.user.email)}
    assert Message.objects.count() == 1


def test_a_yes_before_the_visit_is_confirmed_is_held_and_mails_nobody():
    case = cases.agreed()
    ask = AskFactory(session=case.visit.sessions.get(kind=SessionKind.HOST), asked_by=CoordinatorFactory())
    Message.objects.all().delete()

    scheduling.accept(ask)

    assert Booking.objects.get(session=ask.session, facilitator=ask.facilitator).hold == BookingHold.HELD
    assert mails() == set()
