"""Other days that go with a proposal: held until the guests answer, chosen by them, let go by everything else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.conftest import visitor_of
from tests.factories import (
    AskFactory,
    FacilitatorFactory,
    ManagerFactory,
    RoomFactory,
    SessionFactory,
    VisitFactory,
    at,
)
from tests.visits.proposal import cases
from visits import planning, scheduling, words, workflow
from visits.choices import AskState, BookingKind, DeclineReason, RequestState
from visits.models import Alternative, Ask, Booking, Closure, Message, Proposal, ProposalOption, VisitRequest

pytestmark = pytest.mark.django_db


def held(kind: str = BookingKind.OPTION) -> list[Booking]:
    return list(Booking.objects.filter(kind=kind).order_by("starts_at", "pk"))


def taken(case: VisitRequest, day: date, **resource: object) -> None:
    """Somebody else has the room, or the person, at nine on that day."""
    other = SessionFactory(visit=VisitFactory(first_day=day), title="Another meeting")
    Booking.objects.create(session=other, starts_at=at(day, 9), ends_at=at(day, 10), **resource)


def test_rooms_and_people_are_held_on_every_day_that_is_offered():
    room, person = RoomFactory(), FacilitatorFactory()
    case = cases.planned(room=room, people=[person])
    days = [cases.weeks_later(case, 2), cases.weeks_later(case, 4)]

    proposal = cases.propose(case, *days)

    assert [(o.rank, o.first_day, o.last_day) for o in proposal.options.all()] == [
        (2, days[0], days[0]),
        (3, days[1], days[1]),
    ]
    assert [(b.room, b.facilitator, b.starts_at, b.ends_at) for b in held()] == [
        (who.get("room"), who.get("facilitator"), at(day, 9), at(day, 10))
        for day in days for who in ({"room": room}, {"facilitator": person})
    ]  # fmt: skip


@pytest.mark.parametrize("what", ["room", "facilitator"])
def test_days_whose_room_or_only_person_is_taken_are_refused_with_what_stands_there(what: str):
    room, person = RoomFactory(name="Attic"), FacilitatorFactory()
    case = cases.planned(room=room, people=[person])
    day = cases.weeks_later(case, 2)
    taken(case, day, **{what: {"room": room, "facilitator": person}[what]})

    with pytest.raises(scheduling.Clash) as clash:
        cases.propose(case, day)

    who = "Attic" if what == "room" else person.name
    assert str(clash.value).startswith(f"{who} is taken from 09.00 to 10.00 on {words.day(day)}: “Another meeting”")
    assert not Proposal.objects.exists()
    assert not held()
    assert VisitRequest.objects.get(pk=case.pk).state == RequestState.IN_REVIEW


def test_of_two_people_who_are_put_down_the_one_who_is_free_is_held():
    busy, free = FacilitatorFactory(), FacilitatorFactory()
    case = cases.planned(people=[busy, free])
    day = cases.weeks_later(case, 2)
    taken(case, day, facilitator=busy)

    cases.propose(case, day)

    assert [b.facilitator for b in held() if b.facilitator] == [free]


def test_what_is_held_for_one_group_is_not_given_to_another():
    room = RoomFactory()
    first, second = cases.planned(room=room), cases.planned(room=room)
    VisitFactory._meta.model.objects.filter(request=second).update(first_day=first.visit.first_day)
    day = cases.weeks_later(first, 2)
    cases.propose(first, day)

    with pytest.raises(scheduling.Clash, match=f"({first.reference})"):
        scheduling.book_room(SessionFactory(visit=second.visit, room=room, starts_at=at(day, 9), ends_at=at(day, 10)))

    assert len(held()) == 2


def offered_days(case: VisitRequest) -> dict[str, date]:
    own = case.visit.first_day
    return {
        "overlap": own,
        "Choose a day from": timezone.localdate() + timedelta(days=40),
        "Choose a day that lies ahead": timezone.localdate() - timedelta(days=1),
        "closed on": own + timedelta(days=4),  # a Saturday
    }


@pytest.mark.parametrize("why", ["overlap", "Choose a day from", "Choose a day that lies ahead", "closed on"])
def test_days_that_cannot_be_offered_are_refused_with_a_sentence(why: str):
    case = cases.planned()

    with pytest.raises(planning.PlanRefused, match=why):
        cases.propose(case, offered_days(case)[why])

    assert not Proposal.objects.exists()
    assert not ProposalOption.objects.exists()


def test_a_week_in_which_we_are_closed_is_not_offered():
    case = cases.planned()
    day = cases.weeks_later(case, 2)
    Closure.objects.create(first_day=day, last_day=day, kind="closed", words_en="Moving", words_sv="Flytt")

    with pytest.raises(planning.PlanRefused, match=f"We are closed on {words.day(day)}"):
        cases.propose(case, day)

    assert not held()


# -- Yes


def test_choosing_other_days_moves_the_agenda_there_and_lets_the_rest_go():
    room = RoomFactory()
    case = cases.planned(room=room)
    day = cases.weeks_later(case, 2)
    cases.propose(case, day, cases.weeks_later(case, 4))

    workflow.accept_proposal(case, number=1, choice=2)

    case = VisitRequest.objects.get(pk=case.pk)
    assert (case.state, case.visit.first_day, case.visit.last_day) == (RequestState.AGREED, day, day)
    assert [(s.title, s.starts_at) for s in case.visit.sessions.all()] == [
        ("Meet Esther", at(day, 9)), ("Your story", at(day, 11)),
    ]  # fmt: skip
    assert [(b.kind, b.room, b.starts_at) for b in Booking.objects.all()] == [(BookingKind.SESSION, room, at(day, 9))]
    assert [(o.rank, o.chosen_at is not None) for o in ProposalOption.objects.all()] == [(2, True), (3, False)]
    assert case.history.get(what="agreed").detail["chosen"] == [day.isoformat(), day.isoformat()]
    assert [ask.state for ask in Ask.objects.all()] == [AskState.ASKED]


def test_the_proposals_own_days_are_the_first_choice_and_let_the_others_go():
    case = cases.planned()
    own = case.visit.first_day
    cases.propose(case, cases.weeks_later(case, 2))

    workflow.accept_proposal(case, number=1)

    assert VisitRequest.objects.get(pk=case.pk).visit.first_day == own
    assert [b.starts_at for b in Booking.objects.all()] == [at(own, 9)]


def test_whoever_had_said_yes_to_the_old_time_is_asked_for_the_new_one():
    person = FacilitatorFactory()
    case = cases.planned(people=[person], state=AskState.ASKED)
    Ask.objects.update(words="Please bring the poster.")
    scheduling.accept(Ask.objects.get())
    cases.propose(case, cases.weeks_later(case, 2))
    Message.objects.all().delete()

    workflow.accept_proposal(case, number=1, choice=2)

    assert [(ask.facilitator, ask.state) for ask in Ask.objects.order_by("pk")] == [
        (person, AskState.WITHDRAWN), (person, AskState.ASKED),
    ]  # fmt: skip
    assert {ask.words for ask in Ask.objects.all()} == {"Please bring the poster."}
    assert list(Message.objects.filter(to_email=person.user.email).values_list("kind", flat=True)) == ["ask"]
    assert not Booking.objects.filter(facilitator=person).exists()


def test_whoever_is_taken_on_the_chosen_days_is_let_go_and_told():
    busy, free = FacilitatorFactory(), FacilitatorFactory()
    case = cases.planned(people=[busy, free], state=AskState.ASKED)
    day = cases.weeks_later(case, 2)
    taken(case, day, facilitator=busy)
    cases.propose(case, day)

    workflow.accept_proposal(case, number=1, choice=2)

    assert list(Ask.objects.live().values_list("facilitator", flat=True)) == [free.pk]
    assert Message.objects.filter(to_email=busy.user.email, kind="ask_withdrawn").exists()


@pytest.mark.parametrize("choice", [0, 3, 99])
def test_days_that_are_not_offered_are_not_chosen(choice: int):
    case = cases.planned()
    cases.propose(case, cases.weeks_later(case, 2))

    with pytest.raises(workflow.MoveRefused, match="not offered"):
        workflow.accept_proposal(case, number=1, choice=choice)

    assert VisitRequest.objects.get(pk=case.pk).state == RequestState.PROPOSED
    assert len(held()) == 2


# -- Everything else lets them go


def lapse(case: VisitRequest) -> None:
    workflow.lapse_proposal(case)


def take_back(case: VisitRequest) -> None:
    workflow.resume(case, by=case.coordinator, seen=case.version)


def change(case: VisitRequest) -> None:
    workflow.want_change(case, number=1, text="Later, please.")


def withdraw(case: VisitRequest) -> None:
    workflow.withdraw(case)


def decline(case: VisitRequest) -> None:
    workflow.decline(
        case, reason=DeclineReason.NO_ROOM, explanation="No room.", alternatives=[Alternative(kind="digital")],
        by=case.coordinator, seen=case.version,
    )  # fmt: skip


@pytest.mark.parametrize("deed", [lapse, take_back, change, withdraw, decline])
def test_what_was_held_is_let_go_when_nobody_waits_for_an_answer(deed):
    case = cases.planned()
    cases.propose(case, cases.weeks_later(case, 2), cases.weeks_later(case, 4))
    assert len(held()) == 4

    deed(case)

    assert held() == []


def test_time_away_comes_before_days_that_are_only_offered():
    person = FacilitatorFactory()
    case = cases.planned(people=[person])
    day = cases.weeks_later(case, 2)
    cases.propose(case, day)
    span = [(at(day, 8), at(day, 17))]

    with pytest.raises(scheduling.Clash):
        scheduling.be_away(person, span, letting_go=False)
    scheduling.be_away(person, span, letting_go=True)

    assert [b.kind for b in Booking.objects.filter(facilitator=person)] == [BookingKind.AWAY]


# -- The pages


def test_the_guests_choose_on_the_page_of_their_yes():
    case = cases.planned()
    day = cases.weeks_later(case, 2)
    cases.propose(case, day)
    client, address = visitor_of(case), reverse("visits:proposal_yes", args=[case.reference])

    page = client.get(address)
    answer = client.post(address, {"number": 1, "choice": "2"})

    assert [str(words) for _value, words in page.context["form"].fields["choice"].choices] == [
        words.day(case.visit.first_day), words.day(day),
    ]  # fmt: skip
    assert page.context["form"]["choice"].value() == "1"
    assert answer.status_code == 302
    assert VisitRequest.objects.get(pk=case.pk).visit.first_day == day


@pytest.mark.parametrize("choice", ["", "4", "two"])
def test_a_yes_without_days_that_are_offered_gets_a_sentence(choice: str):
    case = cases.planned()
    cases.propose(case, cases.weeks_later(case, 2))

    answer = visitor_of(case).post(
        reverse("visits:proposal_yes", args=[case.reference]), {"number": 1, "choice": choice, "text": "So glad!"}
    )

    assert answer.status_code == 422
    assert "So glad!" in answer.content.decode()
    assert VisitRequest.objects.get(pk=case.pk).state == RequestState.PROPOSED


def test_yes_to_other_days_pressed_twice_is_one_yes():
    case = cases.planned()
    day = cases.weeks_later(case, 2)
    cases.propose(case, day)
    address = reverse("visits:proposal_yes", args=[case.reference])

    answers = [visitor_of(case).post(address, {"number": 1, "choice": "2"}) for _press in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert case.history.filter(what="agreed").count() == 1
    assert VisitRequest.objects.get(pk=case.pk).visit.first_day == day


def test_the_page_of_an_agreed_visit_shows_the_programme_on_the_days_that_were_chosen():
    case = cases.planned()
    day = cases.weeks_later(case, 2)
    cases.propose(case, day)
    workflow.accept_proposal(case, number=1, choice=2)

    page = visitor_of(case).get(case.get_absolute_url())

    assert [one.day for one in page.context["days"]] == [day]


def test_a_version_with_a_yes_is_read_on_the_days_that_were_chosen():
    case = cases.two_versions()
    workflow.resume(case, by=case.coordinator, seen=case.version)
    day = cases.weeks_later(case, 2)
    cases.propose(case, day)
    workflow.accept_proposal(case, number=3, choice=2)

    page = visitor_of(case).get(reverse("visits:programme", args=[case.reference]), {"against": "1"})

    assert [one.day for one in page.context["days"]] == [day]
    assert [(line.state, line.time.was, line.time.now) for one in page.context["days"] for line in one.lines] == [
        ("same", "09.00", "09.00"), ("changed", "11.00", "10.45"),
    ]  # fmt: skip
    assert "The days that you chose" in page.content.decode()


def offer(client: Client, case: VisitRequest, day: date, **more: str):
    address = reverse("admin:visits_visitrequest_propose", args=[case.pk])
    parts = {"second_0": str(day.day), "second_1": str(day.month), "second_2": str(day.year)}
    return client.post(address, {"seen": str(case.version), **parts, **more})


def test_staff_offer_other_days_on_the_page_of_the_proposal(coordinator_client: Client):
    case = cases.planned()
    day = cases.weeks_later(case, 2)

    answer = offer(coordinator_client, case, day)

    assert answer.status_code == 302
    assert [option.first_day for option in ProposalOption.objects.all()] == [day]


def test_staff_read_what_stands_in_the_way_and_keep_what_they_wrote(coordinator_client: Client):
    room = RoomFactory(name="Attic")
    case = cases.planned(room=room)
    day = cases.weeks_later(case, 2)
    taken(case, day, room=room)

    answer = offer(coordinator_client, case, day, letter="Dear friends,")

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Attic is taken from 09.00 to 10.00" in page
    assert "Dear friends," in page
    assert f'value="{day.year}"' in page
    assert not Proposal.objects.exists()


def test_a_day_that_is_no_day_is_told_at_its_boxes(coordinator_client: Client):
    case = cases.planned()

    answer = coordinator_client.post(
        reverse("admin:visits_visitrequest_propose", args=[case.pk]),
        {"seen": str(case.version), "second_0": "32", "second_1": "13", "second_2": "2027"},
    )

    assert answer.status_code == 422
    assert "Write the day as 16 3 2027." in answer.content.decode()
    assert not Proposal.objects.exists()


def test_a_manager_who_waives_the_three_months_may_offer_sooner_days():
    case = cases.planned()
    workflow.waive_lead_time(case, reason="They come from a town in need.", by=ManagerFactory(), seen=case.version)
    soon = timezone.localdate() + timedelta(days=30)
    soon += timedelta(days=(1 - soon.weekday()) % 7)

    proposal = cases.propose(case, soon)

    assert [option.first_day for option in proposal.options.all()] == [soon]


def test_a_session_without_anybody_put_down_holds_its_room_alone():
    case = cases.planned(people=[])

    cases.propose(case, cases.weeks_later(case, 2))

    assert [b.facilitator for b in held()] == [None]
    assert not AskFactory._meta.model.objects.exists()
