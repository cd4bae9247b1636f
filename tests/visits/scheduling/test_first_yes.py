"""Of two who are asked to lead one session the first yes takes it, and the other need not answer."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.utils import timezone

from tests.conftest import signed_in
from tests.factories import AskFactory, CoordinatorFactory, FacilitatorFactory, SessionFactory
from tests.races import at_once, tally
from visits import letters, outbox, scheduling
from visits.choices import AskRole, AskState, MessageState, RequestState
from visits.deeds import sentences
from visits.models import Ask, Booking, Message, Session

pytestmark = pytest.mark.django_db


def session_of_two(**fields: object) -> tuple[Session, Ask, Ask]:
    fields = {
        "visit__request__state": RequestState.IN_REVIEW,
        "visit__request__coordinator": CoordinatorFactory(),
    } | fields
    session = SessionFactory(title="Meet Esther", **fields)
    fatima, jonas = (
        AskFactory(session=session, facilitator__user__first_name=name, facilitator__user__last_name="Nord")
        for name in ("Fatima", "Jonas")
    )
    for ask in (fatima, jonas):
        outbox.owe_facilitator("ask", ask)
    Message.objects.update(state=MessageState.SENT, sent_at=timezone.now())
    return session, fatima, jonas


def state(ask: Ask) -> str:
    return Ask.objects.get(pk=ask.pk).state


def told(session: Session) -> list[str]:
    return [sentences.line(entry).text for entry in session.visit.request.history.order_by("pk")]


def mails(ask: Ask) -> list[Message]:
    return list(Message.objects.filter(ask=ask, kind="ask_withdrawn").order_by("pk"))


def send_what_is_due() -> None:
    outbox.deliver_due(timezone.now(), write=letters.write)


# -- The yes ------------------------------------------------------------------------------


def test_the_first_yes_takes_the_session_and_the_history_says_so():
    session, fatima, jonas = session_of_two()

    scheduling.accept(fatima)

    assert [state(fatima), state(jonas)] == [AskState.ACCEPTED, AskState.WITHDRAWN]
    assert [booking.facilitator for booking in Booking.objects.filter(session=session)] == [fatima.facilitator]
    assert told(session) == [
        "Jonas Nord need not answer about “Meet Esther”: somebody said yes first",
        "Fatima Nord said yes to “Meet Esther”",
    ]


def test_the_other_is_told_when_the_yes_stands_and_not_before():
    _session, fatima, jonas = session_of_two()
    scheduling.accept(fatima)

    send_what_is_due()
    assert [mail.state for mail in mails(jonas)] == [MessageState.DUE]

    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        send_what_is_due()
        (mail,) = mails(jonas)
        letter = letters.write(mail, timezone.now())

    assert mail.state == MessageState.SENT
    assert "A colleague has said yes to this first, so you need not answer." in letter.body
    assert "programme has changed" not in letter.body


def test_the_other_reads_why_there_is_nothing_to_answer():
    _session, fatima, jonas = session_of_two()
    scheduling.accept(fatima)

    page = signed_in(jonas.facilitator.user).get(f"/schedule/asked/{jonas.pk}/").content.decode()

    assert "A colleague has said yes to this first" in page
    with pytest.raises(scheduling.AskRefused, match="said yes to this first"):
        scheduling.accept(Ask.objects.get(pk=jonas.pk))


def test_who_was_chosen_and_never_told_hears_nothing():
    session, fatima, _jonas = session_of_two()
    chosen = AskFactory(session=session, state=AskState.PLANNED, asked_at=None, answer_by=None)

    scheduling.accept(fatima)

    assert state(chosen) == AskState.WITHDRAWN
    assert mails(chosen) == []


@pytest.mark.parametrize("role", [AskRole.SECOND, AskRole.VOICE])
def test_who_learns_or_tells_beside_the_leader_is_asked_still(role):
    session, fatima, _jonas = session_of_two()
    beside = AskFactory(session=session, role=role)

    scheduling.accept(fatima)

    assert state(beside) == AskState.ASKED


def test_the_yes_of_a_second_takes_nothing_from_those_who_may_lead():
    session, fatima, jonas = session_of_two()

    scheduling.accept(AskFactory(session=session, role=AskRole.SECOND))

    assert [state(fatima), state(jonas)] == [AskState.ASKED] * 2


def test_a_colleague_who_is_asked_to_take_over_may_still_answer():
    session, fatima, jonas = session_of_two()
    leads = AskFactory(session=session)
    Ask.objects.filter(pk=leads.pk).update(state=AskState.ACCEPTED, answered_at=timezone.now())
    Ask.objects.filter(pk=jonas.pk).update(in_place_of=leads)

    scheduling.accept(fatima)

    assert state(jonas) == AskState.ASKED


def test_the_other_session_of_the_same_visit_is_not_touched():
    session, fatima, _jonas = session_of_two()
    elsewhere = AskFactory(session=SessionFactory(visit=session.visit, hour=14))

    scheduling.accept(fatima)

    assert state(elsewhere) == AskState.ASKED


# -- Thinking again -----------------------------------------------------------------------


def think_again(ask: Ask, press: str) -> None:
    {"undo": scheduling.take_back_answer, "no": scheduling.decline}[press](Ask.objects.get(pk=ask.pk))


@pytest.mark.parametrize("press", ["undo", "no"])
def test_a_yes_that_is_taken_back_in_time_asks_the_other_as_before_and_no_mail_leaves(press):
    session, fatima, jonas = session_of_two()
    scheduling.accept(fatima)

    think_again(fatima, press)

    assert state(jonas) == AskState.ASKED
    assert told(session)[-1] == "Jonas Nord is asked about “Meet Esther” as before" or press == "no"
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        send_what_is_due()
    assert [mail.state for mail in mails(jonas)] == [MessageState.SKIPPED]
    scheduling.accept(Ask.objects.get(pk=jonas.pk))
    assert state(jonas) == AskState.ACCEPTED


def test_whose_question_had_not_left_yet_is_asked_by_mail_all_the_same():
    _session, fatima, jonas = session_of_two()
    Message.objects.filter(ask=jonas).update(state=MessageState.DUE, sent_at=None)
    scheduling.accept(fatima)
    send_what_is_due()

    scheduling.take_back_answer(Ask.objects.get(pk=fatima.pk))
    send_what_is_due()

    asked = Message.objects.filter(ask=jonas, kind="ask").order_by("pk")
    assert [mail.state for mail in asked] == [MessageState.SKIPPED, MessageState.SENT]


def test_who_was_chosen_and_not_told_is_chosen_again():
    session, fatima, _jonas = session_of_two()
    chosen = AskFactory(session=session, state=AskState.PLANNED, asked_at=None, answer_by=None)
    scheduling.accept(fatima)

    scheduling.take_back_answer(Ask.objects.get(pk=fatima.pk))

    assert state(chosen) == AskState.PLANNED


def test_who_gave_way_twice_is_told_once():
    _session, fatima, jonas = session_of_two()
    scheduling.accept(fatima)
    scheduling.take_back_answer(Ask.objects.get(pk=fatima.pk))
    scheduling.accept(Ask.objects.get(pk=fatima.pk))

    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        send_what_is_due()

    assert [mail.state for mail in mails(jonas)] == [MessageState.SKIPPED, MessageState.SENT]


def test_who_has_been_asked_anew_meanwhile_is_not_asked_twice():
    session, fatima, jonas = session_of_two()
    scheduling.accept(fatima)
    anew = AskFactory(session=session, facilitator=jonas.facilitator)

    scheduling.take_back_answer(Ask.objects.get(pk=fatima.pk))

    assert [state(jonas), state(anew)] == [AskState.WITHDRAWN, AskState.ASKED]


def test_after_a_late_no_the_portal_may_ask_whoever_gave_way():
    session, fatima, jonas = session_of_two(asks_on=True)
    scheduling.accept(fatima)
    later = timezone.now() + timedelta(hours=2)

    with time_machine.travel(later):
        scheduling.decline(Ask.objects.get(pk=fatima.pk))
    with time_machine.travel(later + timedelta(minutes=11)):
        scheduling.go_on_due(timezone.now())

    (live,) = Ask.objects.live().filter(session=session)
    assert (live.facilitator, live.state) == (jonas.facilitator, AskState.ASKED)
    assert live.pk != jonas.pk


# -- At one moment ------------------------------------------------------------------------


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_four_who_say_yes_at_once_one_leads():
    for _round in range(6):
        session, *two = session_of_two()
        asks = [*two, *(AskFactory(session=session, facilitator=FacilitatorFactory()) for _n in range(2))]

        outcomes = at_once([partial(scheduling.accept, ask) for ask in asks], (scheduling.AskRefused,))

        assert tally(outcomes) == {"done": 1, "AskRefused": 3}
        assert sorted(map(state, asks)) == [AskState.ACCEPTED] + [AskState.WITHDRAWN] * 3
        assert Booking.objects.filter(session=session).count() == 1
