"""Whoever helps at a gathering of ours is asked, and says yes or no; nobody is set down."""

from __future__ import annotations

from datetime import time, timedelta
from importlib import import_module

import pytest
import time_machine
from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.factories import (
    AskFactory,
    CoordinatorFactory,
    FacilitatorFactory,
    GatheringAskFactory,
    GatheringFactory,
    ManagerFactory,
    RoomFactory,
    SessionFactory,
    SiteFactory,
    UserFactory,
    VisitFactory,
    VisitRequestFactory,
    at,
    wished_day,
)
from visits import reminders, retention, scheduling
from visits.choices import AskState, BookingKind, MessageState, RequestState
from visits.letters import truth
from visits.models import Ask, Booking, Gathering, GatheringAsk, Message, Travel

pytestmark = pytest.mark.django_db


def gathering(**more) -> Gathering:
    return Gathering.objects.get(pk=GatheringFactory(**more).pk)


def asked(**more) -> GatheringAsk:
    """One who is asked, with the mail that asks."""
    there, person = gathering(), FacilitatorFactory()
    scheduling.ask_people(there, [person], by=UserFactory(), **more)
    return there.asks.get()


def state(ask: GatheringAsk | Ask) -> str:
    return type(ask).objects.get(pk=ask.pk).state


def session(hour: int, **more):
    day = wished_day()
    request = VisitRequestFactory(state=RequestState.IN_REVIEW)
    return SessionFactory(visit=VisitFactory(request=request, first_day=day, last_day=day), hour=hour, **more)


def kinds() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("kind", flat=True))


def move(there: Gathering, **to) -> Gathering:
    Gathering.objects.filter(pk=there.pk).update(**to)
    return Gathering.objects.get(pk=there.pk)


# -- Asking ----------------------------------------------------------------------------------


def test_asking_owes_one_mail_and_holds_no_time_however_often_it_is_saved():
    ask = asked(with_it="As last time?")
    scheduling.ask_people(ask.gathering, [ask.facilitator], by=UserFactory(), with_it="Again")

    assert ask.gathering.asks.get().words == "As last time?"
    assert kinds() == ["gathering_ask"]
    assert not Booking.objects.exists()


def test_they_have_seven_days_but_never_past_the_day_before():
    far, soon = asked(), gathering()
    with time_machine.travel(soon.starts_at - timedelta(days=3)):
        scheduling.ask_people(soon, [FacilitatorFactory()], by=UserFactory())

    assert far.answer_by == timezone.localdate() + timedelta(days=7)
    assert soon.asks.get().answer_by == soon.day - timedelta(days=1)


def test_who_is_not_ticked_any_more_is_let_off_and_told():
    ask = asked()

    scheduling.ask_people(ask.gathering, [], by=UserFactory())

    assert state(ask) == AskState.WITHDRAWN
    assert kinds() == ["gathering_ask", "gathering_withdrawn"]


def test_who_has_said_no_may_be_asked_again():
    ask = asked()
    scheduling.decline_helping(ask)

    scheduling.ask_people(ask.gathering, [ask.facilitator], by=UserFactory())

    assert list(ask.gathering.asks.values_list("state", flat=True)) == [AskState.DECLINED, AskState.ASKED]


def test_nobody_is_asked_who_would_not_get_there_in_time():
    ryhov, eksjo, person = SiteFactory(name="Ryhov"), SiteFactory(name="Eksjö"), FacilitatorFactory()
    Travel.objects.create(one=ryhov, other=eksjo, minutes=55)
    scheduling.accept(AskFactory(session=session(12, room=RoomFactory(site=ryhov)), facilitator=person))

    with pytest.raises(scheduling.Clash, match="needs 55 minutes from Ryhov, and there are 0"):
        scheduling.ask_people(gathering(site=eksjo), [person], by=UserFactory())

    assert not GatheringAsk.objects.exists()


def test_the_database_refuses_a_yes_that_leaves_no_time_for_the_way():
    ryhov, eksjo, person = SiteFactory(name="Ryhov"), SiteFactory(name="Eksjö"), FacilitatorFactory()
    ask = GatheringAskFactory(gathering=gathering(site=eksjo), facilitator=person)
    Travel.objects.create(one=ryhov, other=eksjo, minutes=55)
    scheduling.accept(AskFactory(session=session(12, room=RoomFactory(site=ryhov)), facilitator=person))

    with pytest.raises(scheduling.Clash, match="needs 55 minutes from Ryhov"):
        scheduling.accept_helping(ask)

    assert state(ask) == AskState.ASKED


def test_who_chose_no_more_is_told_to_whoever_asks():
    day, ask = wished_day(), asked()
    person = ask.facilitator
    scheduling.prefer(person, weekdays=[1, 2, 3, 4, 5], visits_a_week=None, sessions_a_week=1)
    free = scheduling.beyond_with([person], at(day, 9), at(day, 11))
    scheduling.accept_helping(ask)

    found = scheduling.beyond_with([person], at(day, 9), at(day, 11))

    assert free == {}
    assert found[person.pk].words == "Leads one session that week, and chose no more"
    assert scheduling.beyond_with([person], ask.starts_at, ask.ends_at) == {}  # this itself is not counted


# -- Answering -------------------------------------------------------------------------------


def test_a_yes_books_the_time_once():
    ask = asked()

    scheduling.accept_helping(ask)
    scheduling.accept_helping(ask)

    held = Booking.objects.get()
    assert (held.kind, held.facilitator, held.starts_at) == (BookingKind.NETWORK, ask.facilitator, ask.starts_at)
    assert state(ask) == AskState.ACCEPTED


def test_a_yes_lets_other_asks_for_that_hour_fall_of_sessions_and_of_gatherings():
    ask = asked()
    person = ask.facilitator
    rival = AskFactory(session=session(14), facilitator=person)
    other = GatheringAskFactory(facilitator=person)
    apart = GatheringAskFactory(gathering=gathering(starts=time(15), ends=time(17)), facilitator=person)

    scheduling.accept_helping(ask)

    assert [state(one) for one in (rival, other, apart)] == [AskState.WITHDRAWN, AskState.WITHDRAWN, AskState.ASKED]


def test_a_yes_to_a_session_lets_the_ask_about_a_gathering_then_fall():
    ask = asked()
    scheduling.accept(AskFactory(session=session(14), facilitator=ask.facilitator))

    assert state(ask) == AskState.WITHDRAWN


def test_a_yes_to_one_who_is_taken_changes_nothing():
    ask = asked()
    scheduling.add_time_away(ask.facilitator, starts_at=ask.starts_at, ends_at=ask.ends_at)

    with pytest.raises(scheduling.Clash, match=r"is away from 13\.00 to 15\.00"):
        scheduling.accept_helping(ask)

    assert state(ask) == AskState.ASKED


def test_a_no_needs_no_reason_and_tells_nobody_by_mail():
    ask = asked()

    scheduling.decline_helping(ask)
    scheduling.decline_helping(ask)

    assert state(ask) == AskState.DECLINED
    assert kinds() == ["gathering_ask"]


def test_a_yes_that_is_given_back_frees_the_time_and_tells_whoever_asked():
    ask = asked()
    scheduling.accept_helping(ask)

    scheduling.decline_helping(ask)

    assert not Booking.objects.exists()
    assert Message.objects.get(kind="gathering_left").to_email == ask.asked_by.email


def test_a_no_that_is_taken_back_tells_nobody_and_the_next_does():
    ask = asked()
    for deed in (
        scheduling.accept_helping, scheduling.decline_helping, scheduling.take_back_helping, scheduling.accept_helping,
    ):  # fmt: skip
        deed(ask)
    first = Message.objects.get(kind="gathering_left")
    undone = truth.why_not(first, timezone.now())
    Message.objects.filter(pk=first.pk).update(state=MessageState.SKIPPED)

    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        scheduling.decline_helping(ask)

    second = Message.objects.exclude(pk=first.pk).get(kind="gathering_left")
    assert undone == truth.ANSWERED
    assert (second.state, truth.why_not(second, timezone.now())) == (MessageState.DUE, "")


@pytest.mark.parametrize("asked_by", ["nobody", "one who has left"])
def test_a_yes_that_nobody_of_the_desk_asked_for_is_given_back_to_all_of_the_desk(asked_by):
    linda, karin = CoordinatorFactory(), ManagerFactory()
    by = None if asked_by == "nobody" else UserFactory(is_active=False)
    ask = GatheringAskFactory(state=AskState.ACCEPTED, asked_by=by)

    scheduling.decline_helping(ask)

    told = Message.objects.filter(kind="gathering_left")
    assert {mail.to_email for mail in told} == {linda.email, karin.email}


def test_who_stands_somebody_down_is_not_told_what_they_did():
    linda, karin = CoordinatorFactory(), CoordinatorFactory()
    ask = GatheringAskFactory(state=AskState.ACCEPTED, asked_by=None)

    scheduling.stand_down(ask.facilitator, [(ask.starts_at, ask.ends_at)], by=linda)

    assert Message.objects.get(kind="gathering_left").to_email == karin.email


@pytest.mark.parametrize("answer", [scheduling.accept_helping, scheduling.decline_helping])
def test_an_answer_may_be_taken_back_for_ten_minutes(answer):
    ask = asked()
    answer(ask)

    later = timezone.now() + timedelta(minutes=10, seconds=1)
    with time_machine.travel(later), pytest.raises(scheduling.AskRefused, match="too late to undo"):
        scheduling.take_back_helping(ask)
    scheduling.take_back_helping(ask)
    scheduling.take_back_helping(ask)

    assert state(ask) == AskState.ASKED
    assert not Booking.objects.exists()


def test_a_no_is_not_taken_back_once_they_are_asked_anew():
    ask = asked()
    scheduling.decline_helping(ask)
    scheduling.ask_people(ask.gathering, [ask.facilitator], by=UserFactory())

    with pytest.raises(scheduling.AskRefused, match="too late to undo"):
        scheduling.take_back_helping(ask)

    assert state(ask) == AskState.DECLINED


@pytest.mark.parametrize(
    ("closed", "said"),
    [
        (AskState.EXPIRED, "The day to answer has passed"), (AskState.WITHDRAWN, "the ask was taken back"),
        (AskState.DECLINED, "said no to this already"),
    ],
)  # fmt: skip
def test_an_ask_that_is_closed_says_why(closed, said):
    ask = GatheringAskFactory(state=closed)

    with pytest.raises(scheduling.AskRefused, match=said):
        scheduling.accept_helping(ask)

    assert state(ask) == closed


def test_a_gathering_that_is_over_takes_no_answer():
    ask = asked()
    yes = GatheringAskFactory(state=AskState.ACCEPTED)
    with time_machine.travel(ask.ends_at + timedelta(minutes=1)):
        for deed, one in ((scheduling.accept_helping, ask), (scheduling.decline_helping, yes)):
            with pytest.raises(scheduling.AskRefused, match="This gathering is over"):
                deed(one)

    assert (state(ask), state(yes)) == (AskState.ASKED, AskState.ACCEPTED)


def test_a_gathering_that_was_called_off_meanwhile_takes_no_answer():
    ask = asked()
    scheduling.call_off(ask.gathering)

    with pytest.raises(scheduling.AskRefused, match="called off"):
        scheduling.accept_helping(ask)


# -- The clock -------------------------------------------------------------------------------


def test_asks_expire_once_and_only_those_whose_day_has_passed():
    late = GatheringAskFactory(answer_by=timezone.localdate() - timedelta(days=1))
    others = [GatheringAskFactory(), GatheringAskFactory(state=AskState.ACCEPTED, answer_by=late.answer_by)]

    assert [retention.expire_asks(timezone.now()) for _night in range(2)] == [1, 0]

    assert [state(one) for one in (late, *others)] == [AskState.EXPIRED, AskState.ASKED, AskState.ACCEPTED]


def test_who_has_not_answered_is_reminded_on_the_days_of_the_ladder_and_nobody_else():
    ask = asked()
    scheduling.accept_helping(GatheringAskFactory())
    now = timezone.now()
    found = []
    for days in range(8):
        with time_machine.travel(now + timedelta(days=days)):
            found.append(reminders.queue_due(timezone.now()))
            found.append(reminders.queue_due(timezone.now()))

    told = Message.objects.filter(kind="ask_reminder")
    assert {mail.gathering_ask for mail in told} == {ask}
    assert sum(found) == told.count() == 2


def test_a_reminder_that_was_answered_meanwhile_does_not_fit_any_more():
    ask = asked()
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        reminders.queue_due(timezone.now())
        reminder = Message.objects.get(kind="ask_reminder")
        before = reminders.is_wanted(reminder, timezone.now())
        scheduling.decline_helping(ask)

        assert (before, reminders.is_wanted(reminder, timezone.now())) == (True, False)


# -- A gathering that moves, or is called off ------------------------------------------------


def test_when_it_moves_everybody_is_asked_anew_and_a_yes_holds_no_time():
    ask = asked()
    there, open_one = ask.gathering, FacilitatorFactory()
    scheduling.accept_helping(ask)
    scheduling.ask_people(there, [ask.facilitator, open_one], by=UserFactory())

    there = move(there, starts=time(9), ends=time(11))
    scheduling.ask_people(there, [ask.facilitator, open_one], by=UserFactory())

    assert not Booking.objects.exists()
    anew = there.asks.waiting()
    assert {(one.facilitator, one.starts_at) for one in anew} == {
        (ask.facilitator, at(there.day, 9)), (open_one, at(there.day, 9)),
    }  # fmt: skip
    assert list(there.asks.exclude(pk__in=anew).values_list("state", flat=True)) == [AskState.WITHDRAWN] * 2
    told = Message.objects.get(gathering_ask__in=anew, gathering_ask__facilitator=ask.facilitator)
    assert (told.kind, told.data["was_yes"]) == ("gathering_ask", True)


def test_when_it_goes_to_another_place_a_yes_is_asked_for_anew():
    ask = asked()
    move(ask.gathering, site=SiteFactory(name="Ryhov"))
    scheduling.accept_helping(ask)

    there = move(ask.gathering, site=SiteFactory(name="Eksjö"))
    scheduling.ask_people(there, [ask.facilitator], by=UserFactory())

    assert [one.state for one in there.asks.order_by("pk")] == [AskState.WITHDRAWN, AskState.ASKED]
    assert not Booking.objects.exists()


def test_an_old_ask_is_not_answered_for_a_time_that_nobody_asked_about():
    ask = asked()
    move(ask.gathering, starts=time(9), ends=time(11))

    with pytest.raises(scheduling.AskRefused, match="has been moved"):
        scheduling.accept_helping(ask)

    assert not Booking.objects.exists()


def test_when_it_is_called_off_everybody_is_told_and_their_time_is_free():
    ask = asked()
    scheduling.accept_helping(ask)

    scheduling.call_off(ask.gathering)

    assert not Gathering.objects.exists()
    assert not Booking.objects.exists()
    assert state(ask) == AskState.WITHDRAWN
    off = Message.objects.get(kind="gathering_off")
    assert (off.to_email, off.data["en"]) == (ask.facilitator.user.email, "Network, group 7")


def test_called_off_twice_it_is_called_off_once():
    ask = asked()
    scheduling.call_off(ask.gathering)
    scheduling.call_off(ask.gathering)

    assert Message.objects.filter(kind="gathering_off").count() == 1
    assert not Gathering.objects.touching(ask.gathering.day, ask.gathering.day).exists()


def test_it_is_forgotten_when_no_calendar_tells_of_it_any_more():
    ask, standing = asked(), gathering()
    scheduling.call_off(ask.gathering)
    over = timezone.now() + scheduling.TOLD_FOR

    assert retention.forget_gatherings(over - timedelta(minutes=1)) == 0
    assert retention.forget_gatherings(over + timedelta(minutes=1)) == 1
    assert list(Gathering.ever.all()) == [standing]
    assert Message.objects.get(kind="gathering_ask").gathering_ask is None


# -- What the database keeps -----------------------------------------------------------------


def test_the_database_keeps_one_live_ask_for_each_and_its_dates_and_states():
    ask = asked()
    same = {"gathering": ask.gathering, "facilitator": ask.facilitator}
    GatheringAskFactory(**same, state=AskState.DECLINED)
    wrong = (
        same | {"state": AskState.ASKED}, same | {"state": AskState.ACCEPTED}, {"state": AskState.PLANNED},
        {"state": AskState.HANDED}, {"asked_at": None}, {"answer_by": None, "state": AskState.EXPIRED},
        {"starts_at": at(wished_day(), 10), "ends_at": at(wished_day(), 10)},
    )  # fmt: skip

    for values in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            GatheringAskFactory(**values)


def test_who_was_set_down_before_anybody_was_asked_counts_as_a_yes():
    there, person = gathering(), FacilitatorFactory()
    Booking.objects.create(
        facilitator=person, kind=BookingKind.NETWORK, gathering=there, starts_at=there.starts_at, ends_at=there.ends_at
    )
    migration = import_module("visits.migrations.0039_who_helps_already_has_said_yes")

    migration.said_yes(apps, None)

    ask = there.asks.get()
    assert (ask.facilitator, ask.state, ask.starts_at, ask.asked_at) == (
        person, AskState.ACCEPTED, there.starts_at, None,
    )  # fmt: skip
    scheduling.decline_helping(ask)
    assert state(ask) == AskState.DECLINED
    assert not Booking.objects.exists()
