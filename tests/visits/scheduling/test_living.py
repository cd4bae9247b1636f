"""The Living Library: nobody is asked for more than they agreed to, and the same one or two are not used for all."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from programmes.models import Area
from tests.factories import (
    AreaFactory,
    AskFactory,
    FacilitatorFactory,
    SessionFactory,
    VisitFactory,
    VisitRequestFactory,
)
from tests.visits.scheduling.living_people import speaker
from visits import planning, scheduling
from visits.choices import AskState, BookingKind, FacilitatorKind, RequestState
from visits.models import Ask, Booking, Facilitator, Session
from visits.scheduling.living import Bar, Terms, Turns, barred

pytestmark = pytest.mark.django_db
THURSDAY, FRIDAY = date(2027, 3, 18), date(2027, 3, 19)
AGREED = Terms(has_agreed=True, themes=frozenset({1, 2}), rest_days=2, sessions_a_month=2)


@pytest.fixture
def area() -> Area:
    return AreaFactory()


def session(area: Area, day: date = THURSDAY, **kwargs: object) -> Session:
    request = VisitRequestFactory(state=RequestState.AGREED, areas=[area])
    return SessionFactory(visit=VisitFactory(request=request, first_day=day, last_day=day), **kwargs)


def said(found: Session) -> dict[str, str]:
    return {one.facilitator.user.first_name: one.why_not for one in scheduling.candidates(found)}


def say_yes(person: Facilitator, to: Session) -> Ask:
    return scheduling.accept(AskFactory(session=to, facilitator=person))


# -- The rule ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("terms", "themes", "led", "bar"),
    [
        (Terms(has_agreed=False), {1}, [], Bar.CONSENT),
        (Terms(has_agreed=False), set(), [], Bar.CONSENT),
        (AGREED, {3}, [], Bar.THEME),
        (AGREED, {3, 2}, [], None),
        (AGREED, set(), [], None),
        (AGREED, {1}, [THURSDAY + timedelta(days=2)], Bar.REST),
        (AGREED, {1}, [THURSDAY - timedelta(days=2)], Bar.REST),
        (AGREED, {1}, [THURSDAY + timedelta(days=3)], None),
        (AGREED, {1}, [THURSDAY], None),
        (AGREED, {1}, [date(2027, 3, 1), date(2027, 3, 31)], Bar.MONTH),
        (AGREED, {1}, [date(2027, 2, 28), date(2027, 4, 1)], None),
        (AGREED, {1}, [date(2026, 3, 18), date(2026, 3, 1)], None),
        (Terms(True, frozenset({1})), {1}, [date(2027, 3, day) for day in range(1, 18)], None),
    ],
)
def test_what_somebody_agreed_to_is_kept(terms, themes, led, bar):
    found = barred(terms, themes=themes, day=THURSDAY, days_led=led)

    assert (found.bar if found else None) == bar


@pytest.mark.parametrize(
    ("own", "every", "is_most"), [(0, 0, False), (1, 1, False), (2, 2, True), (2, 4, False), (3, 5, True)]
)
def test_who_is_used_more_than_all_the_others_together_is_used_most(own, every, is_most):
    assert Turns(own, every).is_most is is_most


# -- Suggestions ---------------------------------------------------------------------------


def test_whoever_has_not_agreed_is_not_suggested_and_it_is_said_why(area):
    FacilitatorFactory(user__first_name="Silent", kind=FacilitatorKind.LIVING_LIBRARY, areas=[area])
    speaker("Other", [AreaFactory()])
    speaker("Willing", [area])

    assert said(session(area)) == {
        "Willing": "",
        "Silent": "Has not said yet what they would speak about",
        "Other": "Has not agreed to speak about this",
    }


def test_rest_and_measure_are_said_with_their_day(area):
    resting, often = speaker("Resting", [area], rest_days=2), speaker("Often", [area], rest_days=0, sessions_a_month=1)
    say_yes(resting, session(area, FRIDAY))
    say_yes(often, session(area, date(2027, 3, 1)))

    assert said(session(area)) == {
        "Resting": "Meets guests on 19 Mar, and rests for 2 days between",
        "Often": "Meets guests once in March, and chose no more",
    }


def test_no_time_to_prepare_is_no_time(area):
    person = speaker("Anna", [area], preparation_minutes=30)
    elsewhere = session(area, hour=9)  # ends at ten
    say_yes(person, elsewhere)
    late, close = session(area, hour=11), session(area, hour=10)
    Booking.objects.around_sessions().delete()  # only what the next one takes

    assert said(late)["Anna"] == ""
    assert said(close)["Anna"].startswith(f"Takes part in “{elsewhere.title}”")


def test_the_same_one_is_not_used_for_everything(area):
    anna, berit = speaker("Anna", [area], rest_days=0), speaker("Berit", [area], rest_days=0)
    for day in (1, 2):
        say_yes(anna, session(area, date(2027, 3, day)))
    staff = FacilitatorFactory(user__first_name="Cecilia", areas=[area])
    for day in (3, 4, 5):
        say_yes(staff, session(area, date(2027, 3, day)))

    found = scheduling.candidates(session(area))

    assert [(one.facilitator, one.turns.words if one.turns else "") for one in found] == [
        (berit, "Has met no guests around then"),
        (staff, ""),
        (anna, "Has met guests 2 of the Living Library’s 2 times around then"),
    ]
    assert "Has met guests 2 of the Living Library’s 2 times around then" in [why.words for why in found[2].reasons]


def test_it_costs_no_query_more(area):
    speaker("Anna", [area])
    asked_about = session(area)
    with CaptureQueriesContext(connection) as one:
        scheduling.candidates(asked_about)
    for name in ("Berit", "Cecilia", "Disa"):
        say_yes(speaker(name, [area]), session(area, FRIDAY))

    with CaptureQueriesContext(connection) as many:
        scheduling.candidates(asked_about)

    assert len(one) == len(many) == 6


# -- Deeds -----------------------------------------------------------------------------------


def test_staff_cannot_go_beyond_it(area, admin_user):
    person = speaker("Anna", [area], rest_days=1)
    say_yes(person, session(area, FRIDAY))
    near = session(area)

    with pytest.raises(scheduling.AskRefused, match="Meets guests on 19 Mar, and rests for a day between"):
        planning.put_down(near, person, by=admin_user, ask_now=True)

    assert not near.asks.exists()


def test_who_is_put_down_and_takes_consent_back_is_never_asked(area, admin_user):
    person, other = speaker("Anna", [area]), speaker("Berit", [area])
    asked_about = session(area)
    gone = planning.put_down(asked_about, person, by=admin_user, ask_now=False)
    stays = planning.put_down(asked_about, other, by=admin_user, ask_now=False)
    agree_to_nothing(person)

    with pytest.raises(scheduling.AskRefused, match="Has not said yet what they would speak about"):
        scheduling.send_ask(Ask.objects.get(pk=gone.pk), by=admin_user)
    asked = scheduling.ask_planned(asked_about.visit.request)

    assert asked == 1
    assert dict(Ask.objects.values_list("pk", "state")) == {gone.pk: AskState.WITHDRAWN, stays.pk: AskState.ASKED}


def agree_to_nothing(person: Facilitator) -> None:
    scheduling.agree(person, themes=[], rest_days=2, sessions_a_month=None, preparation_minutes=0, debrief_minutes=0)


def test_a_yes_books_preparation_and_debriefing_and_a_no_lets_them_go(area):
    person = speaker("Anna", [area], preparation_minutes=30, debrief_minutes=45)
    led = session(area, hour=13)

    ask = say_yes(person, led)

    booked = Booking.objects.filter(facilitator=person).order_by("starts_at")
    assert [(one.kind, one.starts_at, one.ends_at) for one in booked] == [
        (BookingKind.PREPARE, led.starts_at - timedelta(minutes=30), led.starts_at),
        (BookingKind.SESSION, led.starts_at, led.ends_at),
        (BookingKind.DEBRIEF, led.ends_at, led.ends_at + timedelta(minutes=45)),
    ]
    scheduling.decline(ask)
    assert not Booking.objects.exists()


def test_a_yes_with_no_time_to_prepare_is_refused_by_name_and_nothing_is_booked(area):
    person = speaker("Anna", [area], preparation_minutes=30)
    led = session(area, hour=9)  # ends at ten
    scheduling.add_time_away(
        person, starts_at=led.starts_at - timedelta(minutes=20), ends_at=led.starts_at - timedelta(minutes=10)
    )
    ask = AskFactory(session=led, facilitator=person)

    with pytest.raises(scheduling.Clash, match=r"is away from 08\.40 to 08\.50"):
        scheduling.accept(ask)

    ask.refresh_from_db()
    assert ask.state == AskState.ASKED
    assert [one.kind for one in Booking.objects.all()] == [BookingKind.AWAY]


def test_of_two_asks_within_the_rest_only_one_gets_a_yes(area):
    person = speaker("Anna", [area], rest_days=2)
    first, second = session(area), session(area, FRIDAY)
    asks = [AskFactory(session=one, facilitator=person) for one in (first, second)]
    scheduling.accept(asks[0])

    with pytest.raises(scheduling.AskRefused, match="You meet guests on 18 Mar, and wished for rest between"):
        scheduling.accept(asks[1])

    assert set(Booking.objects.values_list("session", flat=True)) == {first.pk}


def test_a_colleague_of_the_library_takes_over_with_their_own_preparation(area, admin_user):
    leads = speaker("Anna", [area], preparation_minutes=60, debrief_minutes=0)
    takes = speaker("Berit", [area], preparation_minutes=15, debrief_minutes=0)
    led = session(area, hour=13)
    made = scheduling.offer(say_yes(leads, led), takes)

    scheduling.accept(made)

    booked = Booking.objects.order_by("starts_at").values_list("facilitator", "kind", "starts_at")
    assert list(booked) == [
        (takes.pk, BookingKind.PREPARE, led.starts_at - timedelta(minutes=15)),
        (takes.pk, BookingKind.SESSION, led.starts_at),
    ]


def test_a_moved_session_that_breaks_the_rest_takes_the_ask_back_and_says_so(area, admin_user):
    person = speaker("Anna", [area], rest_days=1)
    say_yes(person, session(area, FRIDAY))
    request = VisitRequestFactory(state=RequestState.AGREED, areas=[area])
    visit = VisitFactory(request=request, first_day=date(2027, 3, 15), last_day=THURSDAY)
    led = SessionFactory(visit=visit)
    ask = say_yes(person, led)
    led.starts_at, led.ends_at = (moment.replace(day=18) for moment in (led.starts_at, led.ends_at))
    led.save(update_fields=["starts_at", "ends_at"])

    told = planning.timing.ask_again(led, by=admin_user)

    assert told == [f"The new time of “{led.title}” is more than {person.name} agreed to, so the ask was taken back."]
    ask.refresh_from_db()
    assert ask.state == AskState.WITHDRAWN
    assert not Booking.objects.filter(session=led).exists()


def test_who_cannot_come_when_they_were_to_prepare_is_let_go(area, admin_user):
    person = speaker("Anna", [area], preparation_minutes=60)
    led = session(area, hour=13)
    ask = say_yes(person, led)

    gone = scheduling.stand_down(
        person, [(led.starts_at - timedelta(minutes=50), led.starts_at - timedelta(minutes=30))], by=admin_user
    )

    assert (gone.sessions, gone.gatherings) == ([ask], [])
    assert [one.kind for one in Booking.objects.all()] == [BookingKind.AWAY]


def test_only_a_person_is_booked_around_a_session(area):
    led = session(area)
    with pytest.raises(IntegrityError), transaction.atomic():
        Booking.objects.create(
            kind=BookingKind.PREPARE, session=None, facilitator=speaker("Anna", [area]),
            starts_at=led.starts_at, ends_at=led.ends_at,
        )  # fmt: skip
