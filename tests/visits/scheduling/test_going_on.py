"""After a no the portal asks the next best by itself, where the coordinator chose so."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from tests.conftest import signed_in
from tests.factories import (
    AskFactory,
    CoordinatorFactory,
    FacilitatorFactory,
    RoomFactory,
    SessionFactory,
    SiteFactory,
    at,
)
from tests.races import at_once
from tests.visits.desk.test_deeds import press
from visits import rounds, scheduling
from visits.choices import AskState, MessageState, RequestState
from visits.deeds import sentences
from visits.models import Ask, Facilitator, Message, Session, Travel, VisitRequest

pytestmark = pytest.mark.django_db


def session_that_asks_on(**fields: object) -> Session:
    """Confirmed, so that a no stands at once; the tests that are about the ten minutes say otherwise."""
    return SessionFactory(
        asks_on=True, visit__request__state=RequestState.CONFIRMED,
        visit__request__coordinator=CoordinatorFactory(), **fields,
    )  # fmt: skip


def asked_for(session: Session, name: str = "First", **fields: object) -> Ask:
    return AskFactory(session=session, facilitator__user__first_name=name, **fields)


def live(session: Session) -> list[Facilitator]:
    return [ask.facilitator for ask in Ask.objects.live().filter(session=session)]


def kinds() -> list[str]:
    return sorted(Message.objects.values_list("kind", flat=True))


def told(session: Session) -> list[str]:
    return [entry.what for entry in session.visit.request.history.order_by("pk")]


# -- What makes it go on -------------------------------------------------------------------


def test_of_two_who_could_the_one_with_the_shorter_way_that_day_is_asked():
    home, far = SiteFactory(name="Qulturum"), SiteFactory(name="Eksjö")
    Travel.objects.create(one=home, other=far, minutes=55)
    session = session_that_asks_on(hour=13, room=RoomFactory(site=home))
    distant, near = (FacilitatorFactory(user__first_name=name) for name in ("Anna", "Bodil"))
    for person, site in ((distant, far), (near, home)):
        there = SessionFactory(starts_at=at(session.visit.first_day, 9), room=RoomFactory(site=site))
        scheduling.accept(AskFactory(session=there, facilitator=person))

    scheduling.decline(asked_for(session))

    assert live(session) == [near]


def test_after_a_no_the_next_best_is_asked_in_the_same_breath():
    session = session_that_asks_on()
    first, second = asked_for(session), FacilitatorFactory()

    scheduling.decline(first)

    asked = Ask.objects.get(session=session, state=AskState.ASKED)
    assert asked.facilitator == second
    assert asked.asked_by == session.visit.request.coordinator
    assert asked.answer_by == timezone.localdate() + timedelta(days=7)
    assert [(mail.kind, mail.ask) for mail in Message.objects.all()] == [("ask", asked)]
    assert told(session) == ["facilitator_declined", "asked_next"]


def test_the_history_says_that_the_clock_did_it_and_why():
    session = session_that_asks_on()
    first, second = asked_for(session), FacilitatorFactory()

    scheduling.decline(first)

    entry = session.visit.request.history.get(what="asked_next")
    name, who = first.facilitator.name, second.name
    assert (entry.by, entry.by_name) == (None, "")
    assert sentences.line(entry).text == f"The portal asked {who} to lead “Meet Esther”, because {name} cannot"


def test_nothing_goes_on_where_nobody_chose_so():
    session = session_that_asks_on()
    Session.objects.update(asks_on=False)
    FacilitatorFactory()

    scheduling.decline(asked_for(session))

    assert live(session) == []
    assert kinds() == []


def test_an_ask_that_nobody_answered_goes_on_and_the_history_says_so():
    session = session_that_asks_on()
    late = asked_for(session, answer_by=timezone.localdate() - timedelta(days=1))
    second = FacilitatorFactory()

    expired = scheduling.expire_asks(timezone.localdate())

    entry = session.visit.request.history.get(what="asked_next")
    assert (expired, live(session)) == (1, [second])
    assert sentences.line(entry).text.endswith(f"because {late.facilitator.name} did not answer in time")


def test_an_ask_that_falls_with_a_yes_to_another_hour_goes_on():
    session, other = session_that_asks_on(), SessionFactory()
    person, second = FacilitatorFactory(), FacilitatorFactory()
    fallen = asked_for(session, facilitator=person)
    said_yes = AskFactory(session=other, facilitator=person)

    scheduling.accept(said_yes)

    fallen.refresh_from_db()
    assert fallen.state == AskState.WITHDRAWN
    assert live(session) == [second]
    entry = session.visit.request.history.get(what="asked_next")
    assert sentences.line(entry).text.endswith(f"because {person.name} has said yes to something else at that time")


def test_what_a_colleague_takes_back_by_hand_does_not_go_on(coordinator):
    session = session_that_asks_on()
    FacilitatorFactory()

    scheduling.withdraw_ask(asked_for(session), by=coordinator)

    assert live(session) == []


def test_a_yes_that_is_given_back_goes_on_and_the_host_knows_both():
    session = session_that_asks_on()
    ask, second = asked_for(session), FacilitatorFactory()
    scheduling.accept(ask)

    scheduling.decline(ask)

    assert live(session) == [second]
    assert kinds() == ["ask", "facilitator_left", "session_confirmed"]


# -- Ten minutes to think again ------------------------------------------------------------


def test_a_no_that_can_be_taken_back_waits_for_ten_minutes_and_the_sweep_goes_on():
    session = SessionFactory(asks_on=True)
    first, second = asked_for(session), FacilitatorFactory()
    scheduling.decline(first)
    now = timezone.now()

    assert live(session) == []
    assert scheduling.go_on_due(now + timedelta(minutes=9)) == 0
    assert live(session) == []

    assert scheduling.go_on_due(now + timedelta(minutes=10)) == 1
    assert scheduling.go_on_due(now + timedelta(minutes=11)) == 0
    assert live(session) == [second]
    assert told(session) == ["facilitator_declined", "asked_next"]


def test_a_no_that_was_taken_back_makes_nobody_asked():
    session = SessionFactory(asks_on=True)
    first = asked_for(session)
    FacilitatorFactory()
    scheduling.decline(first)
    scheduling.take_back_answer(first)

    scheduling.go_on_due(timezone.now() + timedelta(minutes=11))

    assert live(session) == [first.facilitator]
    assert Session.objects.get().next_ask_at is None


def test_the_ten_minutes_begin_anew_with_a_second_no():
    session = SessionFactory(asks_on=True)
    first, start = asked_for(session), timezone.now()
    FacilitatorFactory()
    scheduling.decline(first)
    with time_machine.travel(start + timedelta(minutes=8)):
        scheduling.take_back_answer(first)
        scheduling.decline(first)

    assert scheduling.go_on_due(start + timedelta(minutes=12)) == 0
    assert scheduling.go_on_due(start + timedelta(minutes=19)) == 1


def test_an_ask_that_expires_waits_for_the_no_of_another_that_can_be_taken_back():
    session = SessionFactory(asks_on=True)
    asked_for(session, answer_by=timezone.localdate() - timedelta(days=1))
    scheduling.decline(asked_for(session))
    FacilitatorFactory()

    scheduling.expire_asks(timezone.localdate())

    assert live(session) == []
    assert scheduling.go_on_due(timezone.now() + timedelta(minutes=11)) == 1


def test_the_round_of_each_minute_goes_on_and_sends_the_ask():
    session = SessionFactory(asks_on=True)
    scheduling.decline(asked_for(session))
    second = FacilitatorFactory()

    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        rounds.sweep(timezone.now())

    assert live(session) == [second]
    assert Message.objects.get(kind="ask").state == MessageState.SENT


# -- Who is asked --------------------------------------------------------------------------


def test_the_order_is_that_of_the_suggestions_and_nobody_is_asked_twice():
    session = session_that_asks_on()
    for name in ("Anna", "Berit", "Cecilia"):
        FacilitatorFactory(user__first_name=name)
    scheduling.decline(asked_for(session))
    names = []

    while waiting := Ask.objects.waiting().filter(session=session).first():
        names.append(waiting.facilitator.user.first_name)
        scheduling.decline(waiting)

    assert names == ["Anna", "Berit", "Cecilia"]
    assert kinds() == ["ask", "ask", "ask", "nobody_left"]


@pytest.mark.parametrize("state", [AskState.EXPIRED, AskState.WITHDRAWN])
def test_who_let_the_day_pass_or_was_let_go_once_is_not_asked_again(state):
    session = session_that_asks_on()
    asked_for(session, state=state)

    scheduling.decline(asked_for(session))

    assert live(session) == []


def test_nobody_is_asked_for_more_than_they_chose_nor_who_is_away_or_speaks_otherwise():
    session = session_that_asks_on()
    FacilitatorFactory(weekdays=[5])
    FacilitatorFactory(languages=["sv"])
    away = FacilitatorFactory()
    scheduling.add_time_away(away, starts_at=session.starts_at, ends_at=session.ends_at)
    FacilitatorFactory(is_active=False)

    scheduling.decline(asked_for(session))

    assert live(session) == []
    assert kinds() == ["nobody_left"]


def test_while_somebody_else_is_asked_or_put_down_nobody_more_is():
    session = session_that_asks_on()
    waiting = asked_for(session)
    FacilitatorFactory()

    scheduling.decline(asked_for(session))

    assert live(session) == [waiting.facilitator]
    assert kinds() == []


# -- When there is nobody, or no time ------------------------------------------------------


def test_when_nobody_is_left_the_host_has_one_mail_and_the_desk_shows_it(coordinator_client):
    session = session_that_asks_on()
    last = asked_for(session)

    scheduling.decline(last)
    scheduling.decline(last)
    scheduling.go_on_due(timezone.now() + timedelta(minutes=11))

    mail = Message.objects.get()
    assert (mail.kind, mail.to_email) == ("nobody_left", session.visit.request.coordinator.email)
    assert told(session) == ["facilitator_declined", "nobody_left"]
    page = coordinator_client.get(f"/admin/visits/visitrequest/{session.visit.request.pk}/change/?session={session.pk}")
    assert "Nobody is left to ask" in page.content.decode()
    assert "the portal found nobody else to ask" in page.content.decode()


def test_the_mail_that_nobody_is_left_is_not_sent_when_somebody_has_been_asked_since(coordinator):
    session = session_that_asks_on()
    scheduling.decline(asked_for(session))
    scheduling.send_ask(scheduling.choose(session, FacilitatorFactory(), by=coordinator), by=coordinator)

    rounds.deliver_due(timezone.now())

    assert Message.objects.get(kind="nobody_left").state == MessageState.SKIPPED
    assert Session.objects.get().nobody_left_at is None


@pytest.mark.parametrize(("days_before", "asked"), [(3, 1), (2, 1), (1, 0), (0, 0)])
def test_nobody_is_asked_when_no_day_is_left_to_answer_and_the_host_is_told_why(days_before, asked):
    session = session_that_asks_on()
    ask = asked_for(session)
    FacilitatorFactory()

    with time_machine.travel(at(session.visit.first_day, 8) - timedelta(days=days_before), tick=False):
        scheduling.decline(ask)

    assert len(live(session)) == asked
    why = list(Message.objects.filter(kind="nobody_left").values_list("data__why", flat=True))
    assert why == ["too_late"] * (not asked)


@pytest.mark.parametrize("state", [RequestState.WAITLISTED, RequestState.CANCELLED, RequestState.WITHDRAWN])
def test_nothing_goes_on_for_a_visit_that_is_not_planned(state):
    session = session_that_asks_on()
    ask = asked_for(session)
    FacilitatorFactory()
    VisitRequest.objects.update(state=state)

    scheduling.decline(ask)

    assert (live(session), kinds()) == ([], [])


def test_nothing_goes_on_for_a_session_that_was_removed_or_is_over():
    session, over = session_that_asks_on(), session_that_asks_on()
    FacilitatorFactory()
    asks = [asked_for(session), asked_for(over)]
    Session.objects.filter(pk=session.pk).update(removed_at=timezone.now())
    Session.objects.filter(pk=over.pk).update(
        starts_at=timezone.now() - timedelta(hours=2), ends_at=timezone.now() - timedelta(hours=1)
    )

    for ask in asks:
        scheduling.decline(ask)

    assert (live(session), live(over), kinds()) == ([], [], [])


# -- The tick --------------------------------------------------------------------------------


def test_the_tick_is_kept_told_and_taken_away_again(coordinator_client: Client, coordinator):
    session = SessionFactory()
    case = session.visit.request

    press(coordinator_client, case, "ask_on", session=session.pk, on="on")
    assert Session.objects.get().asks_on
    page = coordinator_client.get(f"/admin/visits/visitrequest/{case.pk}/change/?session={session.pk}").content.decode()
    assert 'name="on" checked' in page

    press(coordinator_client, case, "ask_on", session=session.pk)
    press(coordinator_client, case, "ask_on", session=session.pk)

    assert not Session.objects.get().asks_on
    assert told(session) == ["asks_on", "asks_nobody_on"]


def test_a_tick_for_a_session_that_is_gone_says_so(coordinator_client: Client):
    session = SessionFactory()
    Session.objects.update(removed_at=timezone.now())

    answer = press(coordinator_client, session.visit.request, "ask_on", session=session.pk, on="on")

    assert answer.status_code == 422
    assert "This session is not in the agenda any more." in answer.content.decode()


@pytest.mark.parametrize("who", ["nobody", "facilitator"])
def test_only_the_desk_ticks(who):
    session = SessionFactory()
    client = signed_in(FacilitatorFactory().user) if who == "facilitator" else Client()

    press(client, session.visit.request, "ask_on", session=session.pk, on="on")

    assert not Session.objects.get().asks_on


# -- At the same moment ----------------------------------------------------------------------

REFUSALS = (scheduling.Clash, scheduling.AskRefused)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_who_say_no_at_the_same_moment_make_one_next_person_asked():
    for _round in range(6):
        session = session_that_asks_on()
        pair = [asked_for(session), asked_for(session)]
        FacilitatorFactory.create_batch(3)

        at_once([partial(scheduling.decline, ask) for ask in pair] * 3, REFUSALS)

        assert len(live(session)) == 1
        assert session.visit.request.history.filter(what="asked_next").count() == 1
        assert Message.objects.filter(kind="ask", request=session.visit.request).count() == 1
        Facilitator.objects.update(is_active=False)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_sweeps_the_night_and_a_no_at_the_same_moment_ask_one():
    for _round in range(6):
        session = session_that_asks_on()
        late = asked_for(session, answer_by=timezone.localdate() - timedelta(days=1))
        said_no = asked_for(session)
        FacilitatorFactory.create_batch(3)
        Session.objects.filter(pk=session.pk).update(next_ask_at=timezone.now())
        deeds = [
            partial(scheduling.expire_asks, timezone.localdate()),
            partial(scheduling.go_on_due, timezone.now()),
            partial(scheduling.decline, said_no),
        ]

        at_once(deeds * 2, REFUSALS)

        late.refresh_from_db()
        assert late.state == AskState.EXPIRED
        assert len(live(session)) == 1
        assert session.visit.request.history.filter(what="asked_next").count() == 1
        Facilitator.objects.update(is_active=False)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_an_answer_taken_back_while_the_sweep_goes_on_leaves_one_who_is_asked():
    for _round in range(6):
        session = SessionFactory(asks_on=True)
        first = asked_for(session)
        FacilitatorFactory()
        scheduling.decline(first)
        end = Ask.objects.get(pk=first.pk).answered_at + timedelta(minutes=10)

        with time_machine.travel(end, tick=False):
            sweeps = [partial(scheduling.go_on_due, end)] * 2
            at_once([*sweeps, partial(scheduling.take_back_answer, first)], REFUSALS)

        assert len(live(session)) == 1
        Facilitator.objects.update(is_active=False)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_colleague_who_asks_while_a_no_goes_on_never_meets_an_error():
    by = CoordinatorFactory()
    for _round in range(6):
        session = session_that_asks_on()
        first, chosen = asked_for(session), FacilitatorFactory()

        def ask_by_hand(session: Session = session, chosen: Facilitator = chosen) -> None:
            scheduling.send_ask(scheduling.choose(session, chosen, by=by), by=by)

        at_once([partial(scheduling.decline, first), ask_by_hand], REFUSALS)

        assert live(session) == [chosen]
        Facilitator.objects.update(is_active=False)
