"""A second learns beside whoever leads a session, and is counted by nobody as the one who leads it."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from programmes.models import Area
from tests.conftest import signed_in
from tests.factories import (
    AskFactory,
    CoordinatorFactory,
    FacilitatorFactory,
    SessionFactory,
    VisitFactory,
    VisitRequestFactory,
)
from visits import letters, scheduling
from visits.choices import AskRole, AskState, CompetenceLevel, RequestState
from visits.models import Ask, Booking, Competence, Facilitator, Message, Session
from visits.planning import outlook
from visits.scheduling import AskRefused

pytestmark = pytest.mark.django_db
TUESDAY = date(2027, 3, 16)


@pytest.fixture
def session(area: Area) -> Session:
    host = CoordinatorFactory()
    request = VisitRequestFactory(state=RequestState.IN_REVIEW, areas=[area], coordinator=host)
    return SessionFactory(visit=VisitFactory(request=request, first_day=TUESDAY))


def beginner(area: Area, name: str = "Anders") -> Facilitator:
    person = FacilitatorFactory(user__first_name=name, user__last_name="Wiik")
    Competence.objects.create(facilitator=person, area=area, level=CompetenceLevel.ASSISTS)
    return person


def second_in(session: Session, **facts: object) -> Ask:
    return AskFactory(session=session, role=AskRole.SECOND, **facts)


def led(session: Session) -> Ask:
    return AskFactory(session=session, state=AskState.ACCEPTED)


# -- Being asked ---------------------------------------------------------------------------


def test_who_can_only_assist_could_be_the_second_and_who_knows_nothing_of_it_could_not(session, area):
    anders = beginner(area)
    FacilitatorFactory(areas=[area])
    FacilitatorFactory()
    away = beginner(area, "Away")
    scheduling.add_time_away(away, starts_at=session.starts_at, ends_at=session.ends_at)

    found = scheduling.candidates(session)

    assert [one.facilitator for one in found if one.can_be_second] == [anders]
    assert anders not in [one.facilitator for one in found if one.can]


def test_a_second_is_chosen_only_beside_somebody_who_leads_and_one_at_a_time(session, area):
    by, anders = session.visit.request.coordinator, beginner(area)
    with pytest.raises(AskRefused, match="Choose first who leads"):
        scheduling.choose(session, anders, by=by, role=AskRole.SECOND)
    led(session)

    scheduling.choose(session, anders, by=by, role=AskRole.SECOND)

    with pytest.raises(AskRefused, match="already asked to be the second"):
        scheduling.choose(session, beginner(area), by=by, role=AskRole.SECOND)
    assert Ask.objects.filter(role=AskRole.SECOND).count() == 1


def test_the_database_keeps_one_second_beside_any_number_of_leaders(session):
    second_in(session)
    for state in (AskState.DECLINED, AskState.WITHDRAWN):
        second_in(session, state=state)
    led(session)
    led(session)

    with pytest.raises(IntegrityError), transaction.atomic():
        second_in(session)


def test_their_yes_books_them_and_their_no_lets_them_go(session):
    led(session)
    ask = second_in(session)

    scheduling.accept(ask)
    assert Booking.objects.filter(facilitator=ask.facilitator, session=session).count() == 1

    scheduling.decline(ask)
    assert not Booking.objects.filter(facilitator=ask.facilitator).exists()


# -- Counted by nobody as the one who leads ------------------------------------------------


def test_a_visit_is_not_confirmed_with_a_second_alone(session):
    second_in(session, state=AskState.ACCEPTED)

    missing = scheduling.missing_for_confirmation(scheduling.sessions_of(session.visit.request))

    assert f"Nobody has said yes to “{session.title}”." in missing


def test_a_second_who_has_not_answered_keeps_nobody_waiting(session):
    led(session)
    second_in(session)

    missing = scheduling.missing_for_confirmation(scheduling.sessions_of(session.visit.request))

    assert not [sentence for sentence in missing if "answer" in sentence or session.title in sentence]


@pytest.mark.parametrize("state", [RequestState.AGREED, RequestState.CONFIRMED])
def test_somebody_steps_in_where_only_a_second_is_left(session, state):
    second_in(session, state=AskState.ACCEPTED)
    session.visit.request.state = state
    session.visit.request.save(update_fields=["state"])

    (gap,) = scheduling.gaps(TUESDAY)

    assert (gap.session, list(gap.gone), list(gap.waiting)) == (session, [], [])


def test_the_outlook_says_that_nobody_leads_it(session):
    second_in(session, state=AskState.ACCEPTED)

    found = outlook(session.visit, scheduling.sessions_of(session.visit.request), names_others=True)

    assert f"Nobody leads “{session.title}” yet." in [doubt.words for doubt in found.doubts]


def test_the_portal_asks_on_after_the_leaders_no_though_there_is_a_second_and_not_after_theirs(session, area):
    Session.objects.update(asks_on=True)
    session.visit.request.state = RequestState.CONFIRMED
    session.visit.request.save(update_fields=["state"])
    leader, second, other = AskFactory(session=session), second_in(session), FacilitatorFactory(areas=[area])

    scheduling.decline(second)
    assert not Ask.objects.filter(facilitator=other).exists()

    scheduling.decline(leader)
    assert Ask.objects.get(facilitator=other).role == AskRole.LEADER


def test_guests_read_who_leads_and_not_who_learns_beside_them(session):
    assert led(session).may_be_named
    assert not second_in(session, state=AskState.ACCEPTED).may_be_named


def test_a_second_hands_nothing_over(session, area):
    led(session)
    ask = second_in(session, state=AskState.ACCEPTED)

    with pytest.raises(AskRefused, match="You are the second"):
        scheduling.offer(ask, FacilitatorFactory(areas=[area]))
    page = signed_in(ask.facilitator.user).get(reverse("visits:briefing", args=[ask.pk]))
    assert page.status_code == 200
    assert "?swap" not in page.content.decode()


# -- Said to them, and at the desk ---------------------------------------------------------


def test_they_read_in_the_mail_and_on_the_page_that_they_are_the_second(session, area):
    led(session)
    ask = scheduling.choose(session, beginner(area), by=session.visit.request.coordinator, role=AskRole.SECOND)
    scheduling.send_ask(ask, by=session.visit.request.coordinator)

    letter = letters.write(Message.objects.get(kind="ask"), timezone.now())
    page = signed_in(ask.facilitator.user).get(reverse("visits:asked_one", args=[ask.pk])).content.decode()

    assert "We ask you to be the second in a session" in letter.body.replace("\n", " ")
    assert "As the second" in page
    assert session.visit.request.history.get(what="asked_second")


def panel(client: Client, session: Session) -> str:
    plan = reverse("admin:visits_visitrequest_change", args=[session.visit.request_id])
    return client.get(f"{plan}?session={session.pk}").content.decode()


def test_the_desk_asks_a_second_with_one_press_once_somebody_leads(coordinator_client, session, area):
    anders = beginner(area)
    assert "Could be the second, and learn" not in panel(coordinator_client, session)
    led(session)
    assert "Could be the second, and learn" in panel(coordinator_client, session)

    coordinator_client.post(
        reverse("admin:visits_visitrequest_deed", args=[session.visit.request_id, "put_down"]),
        {"seen": session.visit.request.version, "session": session.pk, "facilitator": anders.pk, "when": "now",
         "role": "second"},
    )  # fmt: skip

    ask = Ask.objects.get(facilitator=anders)
    assert (ask.role, ask.state) == (AskRole.SECOND, AskState.ASKED)
    assert "Could be the second, and learn" not in panel(coordinator_client, session)


def test_a_role_that_there_is_not_changes_nothing(coordinator_client, session, area):
    led(session)

    answer = coordinator_client.post(
        reverse("admin:visits_visitrequest_deed", args=[session.visit.request_id, "put_down"]),
        {"seen": session.visit.request.version, "session": session.pk, "facilitator": beginner(area).pk,
         "when": "now", "role": "\x00third"},
    )  # fmt: skip

    assert answer.status_code == 422
    assert Ask.objects.count() == 1
