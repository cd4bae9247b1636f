"""Somebody who said yes asks a colleague to take over: the session is never without anybody, and never with two."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from programmes.models import Area
from tests.factories import (
    AreaFactory,
    AskFactory,
    CoordinatorFactory,
    FacilitatorFactory,
    SessionFactory,
    SiteFactory,
    VisitFactory,
    VisitRequestFactory,
)
from tests.races import at_once, tally
from visits import planning, reminders, rounds, scheduling
from visits.choices import AskState, BookingHold, MessageState, RequestState
from visits.deeds import sentences
from visits.models import Ask, Booking, Facilitator, Message, Session, Travel, User

pytestmark = pytest.mark.django_db

REFUSALS = (scheduling.AskRefused, scheduling.Clash)


def led(state: RequestState = RequestState.AGREED, *areas: Area, **fields: object) -> Ask:
    """A session that Fatima has said yes to."""
    request = VisitRequestFactory(state=state, coordinator=CoordinatorFactory(), areas=list(areas))
    session = SessionFactory(visit=VisitFactory(request=request), **fields)
    ask = AskFactory(session=session, facilitator=FacilitatorFactory(user__first_name="Fatima", areas=list(areas)))
    scheduling.accept(ask)
    Message.objects.all().delete()
    ask.refresh_from_db()
    return ask


def colleague(name: str = "Gunvor", **fields: object) -> Facilitator:
    return FacilitatorFactory(user__first_name=name, **fields)


def offered(ask: Ask, to: Facilitator | None = None) -> Ask:
    made = scheduling.offer(ask, to or colleague())
    Message.objects.all().delete()
    return made


def who_leads(session: Session) -> list[Facilitator]:
    """By the asks and by the bookings: they never say something else."""
    by_asks = [ask.facilitator for ask in Ask.objects.filter(session=session, state=AskState.ACCEPTED)]
    by_bookings = [one.facilitator for one in Booking.objects.filter(session=session, facilitator__isnull=False)]
    assert by_asks == by_bookings
    return by_asks


def mails() -> set[tuple[str, str]]:
    return set(Message.objects.values_list("kind", "to_email"))


def state(ask: Ask) -> str:
    return Ask.objects.get(pk=ask.pk).state


def told(session: Session) -> list[str]:
    return [sentences.line(entry).text for entry in session.visit.request.history.order_by("pk")]


# -- Asking a colleague ----------------------------------------------------------------------


def test_a_colleague_is_asked_and_nothing_is_moved_by_that():
    ask, gunvor = led(), colleague()

    made = scheduling.offer(ask, gunvor)

    assert (made.state, made.in_place_of, made.asked_by) == (AskState.ASKED, ask, ask.facilitator.user)
    assert made.answer_by == timezone.localdate() + timedelta(days=7)
    assert who_leads(ask.session) == [ask.facilitator]
    assert mails() == {("swap_offer", gunvor.user.email)}
    assert told(ask.session)[-1] == f"{ask.facilitator.name} asked {gunvor.name} to take over “Meet Esther”"


def test_a_second_press_for_the_same_colleague_is_one_offer():
    ask, gunvor = led(), colleague()

    assert scheduling.offer(ask, gunvor) == scheduling.offer(ask, gunvor)

    assert Ask.objects.filter(in_place_of=ask).count() == 1
    assert Message.objects.count() == 1


def test_one_colleague_is_asked_at_a_time():
    ask = led()
    made = offered(ask)

    with pytest.raises(scheduling.AskRefused, match=f"You have asked {made.facilitator.name} already"):
        scheduling.offer(ask, colleague("Olof"))

    with pytest.raises(IntegrityError), transaction.atomic():
        AskFactory(session=ask.session, facilitator=colleague("Olof"), in_place_of=ask)


def test_only_who_knows_the_area_speaks_the_language_is_free_and_comes_in_time_is_among_those_to_ask():
    care, here = AreaFactory(), SiteFactory()
    ask = led(RequestState.AGREED, care, site=here)
    fits, far, session = colleague(areas=[care]), colleague("Far", areas=[care]), ask.session
    colleague("Other area", areas=[AreaFactory()])
    colleague("Other language", areas=[care], languages=["da"])
    said_no = colleague("Said no", areas=[care])
    AskFactory(session=session, facilitator=said_no, state=AskState.DECLINED)
    away = colleague("Away", areas=[care])
    scheduling.add_time_away(away, starts_at=session.starts_at, ends_at=session.ends_at)
    lead_far_away(far, session, minutes=31)

    assert [one.facilitator for one in scheduling.could_take_over(ask)] == [fits]


def lead_far_away(person: Facilitator, session: Session, *, minutes: int) -> None:
    """They lead a session at another house that ends half an hour before this one begins."""
    there = SiteFactory(name="Ryhov")
    Travel.objects.get_or_create(one=session.site, other=there, minutes=minutes)
    start = session.starts_at - timedelta(minutes=90)
    other = SessionFactory(visit__request__state=RequestState.AGREED, site=there,
                           starts_at=start, ends_at=start + timedelta(hours=1))  # fmt: skip
    scheduling.accept(AskFactory(session=other, facilitator=person))


@pytest.mark.parametrize(("minutes", "comes"), [(30, True), (31, False)])
def test_the_way_from_another_house_counts(minutes, comes):
    ask, person = led(site=SiteFactory()), colleague()
    lead_far_away(person, ask.session, minutes=minutes)

    assert (person in [one.facilitator for one in scheduling.could_take_over(ask)]) == comes


def test_who_cannot_is_refused_whatever_the_page_showed():
    ask, busy = led(), colleague()
    scheduling.add_time_away(busy, starts_at=ask.session.starts_at, ends_at=ask.session.ends_at)

    with pytest.raises(scheduling.AskRefused, match="cannot take this over any more"):
        scheduling.offer(ask, busy)

    assert not Ask.objects.filter(in_place_of=ask).exists()


def test_what_one_does_not_lead_or_has_begun_is_not_handed_over():
    ask, gunvor = led(), colleague()

    with time_machine.travel(ask.session.starts_at), pytest.raises(scheduling.AskRefused, match="has begun"):
        scheduling.offer(ask, gunvor)
    scheduling.decline(ask)
    with pytest.raises(scheduling.AskRefused, match="This session is not yours any more"):
        scheduling.offer(ask, gunvor)

    assert not Ask.objects.filter(facilitator=gunvor).exists()


# -- The answer --------------------------------------------------------------------------------


def test_a_yes_hands_the_session_over_at_once_and_all_three_are_told():
    ask = led()
    made, coordinator = offered(ask), ask.session.visit.request.coordinator
    booking = Booking.objects.get()

    scheduling.accept(made)

    assert who_leads(ask.session) == [made.facilitator]
    assert Booking.objects.get().pk == booking.pk  # it changed hands, and was never given up
    assert (state(ask), state(made)) == (AskState.HANDED, AskState.ACCEPTED)
    assert mails() == {
        ("swap_done", ask.facilitator.user.email), ("swap_done", made.facilitator.user.email),
        ("swap_done_desk", coordinator.email),
    }  # fmt: skip
    assert told(ask.session)[-1] == f"{made.facilitator.name} took over “Meet Esther” from {ask.facilitator.name}"


def test_a_second_yes_changes_nothing():
    made = offered(led())

    scheduling.accept(made)
    scheduling.accept(made)

    assert Message.objects.count() == 3


def test_a_no_leaves_it_where_it_was_and_the_one_who_asked_is_told():
    ask = led()
    made = offered(ask)

    scheduling.decline(made)

    assert who_leads(ask.session) == [ask.facilitator]
    assert mails() == {("swap_not_taken", ask.facilitator.user.email)}
    scheduling.offer(ask, colleague("Olof"))


def test_an_offer_that_nobody_answers_ends_with_its_day():
    ask = led()
    made = offered(ask)
    Ask.objects.filter(pk=made.pk).update(answer_by=timezone.localdate() - timedelta(days=1))

    assert scheduling.expire_asks(timezone.localdate()) == 1

    assert (state(made), who_leads(ask.session)) == (AskState.EXPIRED, [ask.facilitator])
    assert mails() == {("swap_not_taken", ask.facilitator.user.email)}


def test_an_offer_falls_when_the_colleague_says_yes_to_something_else_at_that_time():
    ask = led()
    made = offered(ask)
    other = AskFactory(session=SessionFactory(), facilitator=made.facilitator)

    scheduling.accept(other)

    assert (state(made), who_leads(ask.session)) == (AskState.WITHDRAWN, [ask.facilitator])
    assert mails() == {("swap_not_taken", ask.facilitator.user.email)}


def test_who_takes_over_lets_go_of_what_else_they_were_asked_for_at_that_time():
    made = offered(led())
    other = AskFactory(session=SessionFactory(), facilitator=made.facilitator)

    scheduling.accept(made)

    assert state(other) == AskState.WITHDRAWN


def test_an_answer_about_taking_over_is_not_taken_back():
    ask = led()
    made = offered(ask)
    scheduling.accept(made)

    with pytest.raises(scheduling.AskRefused, match="too late to undo"):
        scheduling.take_back_answer(made)

    assert who_leads(ask.session) == [made.facilitator]


def test_a_no_to_taking_over_asks_nobody_on():
    ask = led()
    Session.objects.update(asks_on=True)
    made = offered(ask)
    colleague("Olof")

    scheduling.decline(made)
    scheduling.go_on_due(timezone.now() + timedelta(minutes=11))

    assert Ask.objects.waiting().count() == 0


@pytest.mark.parametrize("why", ["time", "area", "way"])
def test_a_yes_is_looked_at_again_and_refused_when_it_does_not_fit_any_more(why):
    care = AreaFactory()
    ask = led(RequestState.AGREED, care, site=SiteFactory())
    made = offered(ask, colleague(areas=[care]))
    if why == "time":
        scheduling.add_time_away(made.facilitator, starts_at=ask.session.starts_at, ends_at=ask.session.ends_at)
    elif why == "area":
        made.facilitator.areas.set([AreaFactory()])
    else:
        lead_far_away(made.facilitator, ask.session, minutes=45)

    with pytest.raises(REFUSALS) as refusal:
        scheduling.accept(made)

    area, way = "needs another area or language", "needs 45 minutes from Ryhov"
    said = {"time": "is away from 09.00", "area": area, "way": way}
    assert said[why] in str(refusal.value)
    assert (state(made), state(ask)) == (AskState.ASKED, AskState.ACCEPTED)


# -- The coordinator approves --------------------------------------------------------------------


def test_at_a_confirmed_visit_a_yes_waits_for_the_coordinator():
    ask = led(RequestState.CONFIRMED)
    made, coordinator = offered(ask), ask.session.visit.request.coordinator

    scheduling.accept(made)
    scheduling.accept(made)

    made.refresh_from_db()
    assert made.is_agreed
    assert who_leads(ask.session) == [ask.facilitator]
    assert mails() == {("swap_agreed", coordinator.email)}
    assert told(ask.session)[-1] == f"{made.facilitator.name} would take over “Meet Esther” from {ask.facilitator.name}"


def test_the_coordinator_approves_with_one_press_and_the_time_stays_firm(coordinator):
    ask = led(RequestState.CONFIRMED)
    made = offered(ask)
    scheduling.accept(made)
    scheduling_hold = Booking.objects.get().hold

    scheduling.approve_swap(made, by=coordinator)
    scheduling.approve_swap(made, by=coordinator)

    assert who_leads(ask.session) == [made.facilitator]
    assert Booking.objects.get().hold == scheduling_hold == BookingHold.FIRM
    assert Message.objects.filter(kind="swap_done").count() == 2
    assert ask.session.visit.request.history.filter(what="swap_done", by=coordinator).count() == 1


def test_the_host_who_approves_is_not_told_by_mail_what_they_have_done():
    ask = led(RequestState.CONFIRMED)
    made = offered(ask)
    scheduling.accept(made)

    scheduling.approve_swap(made, by=ask.session.visit.request.coordinator)

    assert not Message.objects.filter(kind="swap_done_desk").exists()


def test_where_colleagues_swap_by_themselves_nobody_waits(settings):
    settings.QULTURUM_SWAPS_BY_THEMSELVES = True
    ask = led(RequestState.CONFIRMED)
    made = offered(ask)

    scheduling.accept(made)

    assert who_leads(ask.session) == [made.facilitator]


def test_what_was_not_agreed_to_or_is_taken_back_is_not_approved(coordinator):
    ask = led(RequestState.CONFIRMED)
    made = offered(ask)
    with pytest.raises(scheduling.AskRefused, match="does not offer to take this over any more"):
        scheduling.approve_swap(made, by=coordinator)
    scheduling.accept(made)
    scheduling.take_back_offer(made)

    with pytest.raises(scheduling.AskRefused, match="does not offer to take this over any more"):
        scheduling.approve_swap(made, by=coordinator)

    assert who_leads(ask.session) == [ask.facilitator]


def test_a_colleague_who_is_taken_by_the_time_of_the_approval_is_named(coordinator):
    ask = led(RequestState.CONFIRMED)
    made = offered(ask)
    scheduling.accept(made)
    scheduling.add_time_away(made.facilitator, starts_at=ask.session.starts_at, ends_at=ask.session.ends_at)

    with pytest.raises(scheduling.Clash, match="is away from"):
        scheduling.approve_swap(made, by=coordinator)

    assert [row.state for row in Ask.objects.order_by("pk")] == [AskState.ACCEPTED, AskState.ASKED]


def test_a_yes_that_waits_neither_expires_nor_is_reminded_of_and_may_become_a_no():
    ask = led(RequestState.CONFIRMED)
    made = offered(ask)
    scheduling.accept(made)
    late = timezone.now() + timedelta(days=9)

    assert scheduling.expire_asks(late.date()) == 0
    reminders.queue_due(late)
    assert not Message.objects.filter(kind="ask_reminder").exists()

    scheduling.decline(made)
    assert state(made) == AskState.DECLINED


def test_the_mail_to_approve_is_not_sent_when_nothing_waits_any_more():
    made = offered(led(RequestState.CONFIRMED))
    scheduling.accept(made)
    scheduling.decline(made)

    rounds.deliver_due(timezone.now())

    assert Message.objects.get(kind="swap_agreed").state == MessageState.SKIPPED


def test_an_offer_is_no_answer_that_a_confirmation_lacks():
    ask = led()
    offered(ask)

    missing = scheduling.missing_for_confirmation(scheduling.sessions_of(ask.session.visit.request))

    assert missing == ["The agenda holds no part of the guests’ own."]


# -- What happens meanwhile ----------------------------------------------------------------------


def test_an_offer_is_taken_back_once_and_the_colleague_is_told():
    ask = led()
    made = scheduling.offer(ask, colleague())
    rounds.deliver_due(timezone.now())

    scheduling.take_back_offer(made)
    scheduling.take_back_offer(made)

    assert (state(made), who_leads(ask.session)) == (AskState.WITHDRAWN, [ask.facilitator])
    assert Message.objects.filter(kind="ask_withdrawn", to_email=made.facilitator.user.email).count() == 1
    with pytest.raises(scheduling.AskRefused, match="the ask was taken back"):
        scheduling.accept(made)


def test_an_offer_that_was_answered_is_not_taken_back():
    ask = led()
    made = offered(ask)
    scheduling.accept(made)

    with pytest.raises(scheduling.AskRefused, match="has answered already"):
        scheduling.take_back_offer(made)

    assert who_leads(ask.session) == [made.facilitator]


def test_who_asked_and_then_gives_the_session_back_leaves_the_colleague_an_ask_like_others():
    ask = led()
    made = offered(ask)
    scheduling.decline(ask)
    made.refresh_from_db()
    assert (made.in_place_of, made.may_be_named) == (None, True)

    scheduling.accept(made)

    assert who_leads(ask.session) == [made.facilitator]
    assert state(ask) == AskState.DECLINED


def test_a_yes_that_waits_stands_when_the_leader_gives_the_session_back(coordinator):
    ask = led(RequestState.CONFIRMED)
    made = offered(ask)
    scheduling.accept(made)
    scheduling.withdraw_ask(ask, by=coordinator)

    scheduling.approve_swap(made, by=coordinator)

    assert who_leads(ask.session) == [made.facilitator]
    assert not Message.objects.filter(kind="swap_done").exists()


def test_a_session_that_is_moved_takes_the_offer_back_and_asks_its_leader_again(coordinator: User):
    ask = led()
    made, visit_request = offered(ask), ask.session.visit.request
    session = Session.objects.get(pk=ask.session_id)
    session.starts_at += timedelta(hours=2)
    session.ends_at += timedelta(hours=2)

    said = planning.change_session(session, by=coordinator, seen=visit_request.version)

    assert state(made) == AskState.WITHDRAWN
    assert f"The ask to {made.facilitator.name} was taken back." in said
    assert [row.facilitator for row in Ask.objects.waiting()] == [ask.facilitator]
    with pytest.raises(scheduling.AskRefused, match="This session has changed"):
        scheduling.accept(made)


def test_guests_do_not_read_the_name_of_who_is_only_asked_to_take_over():
    ask = led()
    made = offered(ask)

    assert (ask.may_be_named, made.may_be_named) == (True, False)
    scheduling.accept(made)
    made.refresh_from_db()
    assert made.may_be_named


def test_the_one_who_takes_over_may_hand_it_on():
    ask = led()
    made = offered(ask)
    scheduling.accept(made)

    scheduling.accept(scheduling.offer(made, colleague("Olof")))

    assert [one.user.first_name for one in who_leads(ask.session)] == ["Olof"]


# -- At the same moment ----------------------------------------------------------------------------


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_yes_and_the_offer_taken_back_at_the_same_moment_leave_one_leader():
    for _round in range(6):
        ask = led()
        made = scheduling.offer(ask, colleague())

        outcomes = at_once([partial(scheduling.accept, made), partial(scheduling.take_back_offer, made)] * 3, REFUSALS)

        is_taken = state(made) == AskState.ACCEPTED
        assert who_leads(ask.session) == [made.facilitator if is_taken else ask.facilitator]
        assert state(ask) == (AskState.HANDED if is_taken else AskState.ACCEPTED)
        assert tally(outcomes) == {"done": 3, "AskRefused": 3}


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_yes_pressed_many_times_at_once_hands_over_once():
    ask = led()
    made = scheduling.offer(ask, colleague())

    outcomes = at_once([partial(scheduling.accept, made)] * 6, REFUSALS)

    assert tally(outcomes) == {"done": 6}
    assert who_leads(ask.session) == [made.facilitator]
    assert ask.session.visit.request.history.filter(what="swap_done").count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_yes_and_the_leader_giving_back_at_the_same_moment_never_lead_to_two():
    for _round in range(6):
        ask = led()
        made = scheduling.offer(ask, colleague())

        at_once([partial(scheduling.accept, made), partial(scheduling.decline, ask)], REFUSALS)

        assert who_leads(ask.session) == [made.facilitator]
        assert state(ask) in (AskState.HANDED, AskState.DECLINED)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_yes_and_time_away_at_the_same_moment_never_put_anybody_in_two_places():
    for _round in range(6):
        ask = led()
        made, session = scheduling.offer(ask, colleague()), ask.session
        away = partial(scheduling.add_time_away, made.facilitator, starts_at=session.starts_at, ends_at=session.ends_at)

        outcomes = at_once([partial(scheduling.accept, made), away], REFUSALS)

        assert tally(outcomes) == {"done": 1, "Clash": 1}
        assert Booking.objects.filter(facilitator=made.facilitator).count() == 1
        assert len(Ask.objects.filter(session=session, state=AskState.ACCEPTED)) == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_offers_to_two_colleagues_at_the_same_moment_are_one_offer():
    for _round in range(4):
        ask = led()
        pair = [colleague(), colleague("Olof")]

        outcomes = at_once([partial(scheduling.offer, ask, to) for to in pair] * 2, REFUSALS)

        assert Ask.objects.filter(in_place_of=ask, state=AskState.ASKED).count() == 1
        assert tally(outcomes) == {"done": 2, "AskRefused": 2}


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_an_approval_and_the_session_moved_at_the_same_moment_have_one_outcome():
    by = CoordinatorFactory()
    for _round in range(4):
        ask = led(RequestState.CONFIRMED)
        made = scheduling.offer(ask, colleague())
        scheduling.accept(made)
        session = Session.objects.get(pk=ask.session_id)
        session.starts_at += timedelta(hours=2)
        session.ends_at += timedelta(hours=2)
        move = scheduling.retry_deadlocks(
            partial(planning.change_session, session, by=by, seen=ask.session.visit.request.version)
        )

        at_once([partial(scheduling.approve_swap, made, by=by), move], REFUSALS)

        live = Ask.objects.live().filter(session=session)
        assert live.count() == 1
        assert not Booking.objects.filter(session=session, starts_at__lt=session.starts_at).exists()
        Facilitator.objects.update(is_active=False)
