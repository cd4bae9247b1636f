"""What somebody reads who is asked to tell their own story beside whoever leads: mail, pages, calendar and year."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from icalendar import Calendar

from programmes.models import Area
from tests.conftest import signed_in, visitor_of
from tests.factories import (
    AskFactory,
    CoordinatorFactory,
    FacilitatorFactory,
    SessionFactory,
    VisitFactory,
    VisitRequestFactory,
)
from tests.visits.at_hand.calendars import own_calendar
from tests.visits.scheduling.living_people import speaker
from tests.visits.visitor import cases
from visits import access, contribution, letters, scheduling
from visits.choices import AskRole, AskState, RequestState
from visits.models import Ask, LivingTerms, Message, Session

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(area: Area) -> Session:
    request = VisitRequestFactory(state=RequestState.AGREED, areas=[area], coordinator=CoordinatorFactory())
    return SessionFactory(visit=VisitFactory(request=request))


@pytest.fixture
def ask(session: Session, area: Area) -> Ask:
    return AskFactory(
        session=session, facilitator=speaker("Gunvor", [area], preparation_minutes=30), role=AskRole.VOICE
    )


def led_by(session: Session, name: str, state: AskState = AskState.ACCEPTED) -> Ask:
    person = FacilitatorFactory(user__first_name=name, user__last_name="Ek")
    return AskFactory(session=session, facilitator=person, state=state)


def mail(ask: Ask, kind: str) -> str:
    return re.sub(r"\s+", " ", letters.write(Message.objects.get(kind=kind, ask=ask), timezone.now()).body)


def sent_to(session: Session, area: Area, role: AskRole = AskRole.VOICE) -> Ask:
    by = session.visit.request.coordinator
    person = speaker("Gunvor", [area], preparation_minutes=30)
    ask = scheduling.choose(session, person, by=by, role=role)
    scheduling.send_ask(ask, by=by)
    return ask


# -- The mail ----------------------------------------------------------------------------------


def test_the_mail_says_as_what_who_leads_and_what_is_booked_with_it(session, area):
    led_by(session, "Fatima")

    ask = sent_to(session, area)

    told = mail(ask, "ask")
    assert "We ask you to be the voice beside the leader: to tell guests your own story" in told
    assert "Fatima Ek leads the session, so you are not alone with the guests." in told
    assert "Preparation of 30 min is booked with it." in told


def test_whoever_of_the_library_is_to_lead_reads_what_is_booked_with_it(session, area):
    told = mail(sent_to(session, area, AskRole.LEADER), "ask")

    assert "We ask you to lead a session" in told
    assert "Preparation of 30 min is booked with it." in told


def test_who_has_not_said_yes_to_leading_it_is_not_named(session, area):
    led_by(session, "Fatima", AskState.ASKED)

    told = mail(sent_to(session, area), "ask")

    assert "A colleague leads the session" in told
    assert "Fatima" not in told


def test_the_mail_comes_in_swedish_too_with_who_leads(session, area):
    led_by(session, "Fatima")
    ask = sent_to(session, area)
    Message.objects.update(language="sv")

    with translation.override("sv"):
        told = mail(ask, "ask")

    assert "Fatima Ek" in told
    assert "Det är din tur" in told or "DET ÄR DIN TUR" in told


def test_a_leader_reads_what_a_leader_reads(session, area):
    ask = AskFactory(session=session, state=AskState.PLANNED, asked_at=None, answer_by=None)
    scheduling.send_ask(ask, by=session.visit.request.coordinator)

    told = mail(ask, "ask")

    assert "We ask you to lead a session" in told
    assert "voice" not in told


# -- The pages ---------------------------------------------------------------------------------


def test_the_asked_page_says_as_what_beside_whom_and_what_is_booked(ask):
    client = signed_in(ask.facilitator.user)
    address = reverse("visits:asked_one", args=[ask.pk])
    assert "You tell your own story, and a colleague leads the session." in client.get(address).content.decode()
    led_by(ask.session, "Fatima")

    page = client.get(address).content.decode()

    assert "As the voice beside the leader" in page
    assert "You tell your own story, and Fatima Ek leads the session." in page
    assert "Preparation of 30\xa0min is booked with it." in page
    assert "Tell your own story" in page
    assert "You speak about Care" in page
    assert "You lead" not in page


def test_the_page_behind_the_link_says_it_too(client, ask):
    led_by(ask.session, "Fatima")

    page = client.get(reverse("visits:ask_answer", args=[access.token(access.ask_link(ask))])).content.decode()

    assert "You tell your own story, and Fatima Ek leads the session." in page


def test_the_list_of_questions_costs_as_many_queries_for_three_as_for_one(ask, area):
    client = signed_in(ask.facilitator.user)
    client.get(reverse("visits:asked"))

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("visits:asked")).status_code == 200
        return len(captured)

    one = cost()
    for hour in (11, 14):
        other = SessionFactory(visit=ask.session.visit, hour=hour)
        led_by(other, f"Fatima{hour}")
        AskFactory(session=other, facilitator=ask.facilitator, role=AskRole.VOICE)

    assert cost() == one


def test_briefing_and_week_say_that_they_tell_their_story_and_who_leads(ask):
    led_by(ask.session, "Fatima")
    scheduling.accept(ask)
    client = signed_in(ask.facilitator.user)

    briefing = client.get(reverse("visits:briefing", args=[ask.pk])).content.decode()
    day = ask.session.starts_at.date()
    week = client.get(reverse("visits:schedule_week", args=[day.isocalendar().year, day.isocalendar().week]))

    assert "You tell your own story" in briefing
    assert "Fatima Ek leads" in briefing
    assert "Fatima Ek helps" not in briefing
    assert "You lead" not in briefing
    assert "You tell your own story" in week.content.decode()
    assert "You lead" not in week.content.decode()


def test_whoever_leads_it_reads_in_the_briefing_who_tells_their_story(ask):
    leader = led_by(ask.session, "Fatima")
    assert "from the Living Library" not in briefing_of(leader)
    scheduling.accept(ask)

    page = briefing_of(leader)

    assert f"{ask.facilitator.name} from the Living Library tells their story" in page
    assert f"{ask.facilitator.name} helps" not in page


def briefing_of(ask: Ask) -> str:
    return signed_in(ask.facilitator.user).get(reverse("visits:briefing", args=[ask.pk])).content.decode()


def test_what_their_story_is_about_is_theirs_to_write(ask, area):
    client = signed_in(ask.facilitator.user)
    terms = {"themes": [area.pk], "rest_days": 2, "sessions_a_month": "", "preparation_minutes": 30,
             "debrief_minutes": 30, "story": " Coming home\x00 "}  # fmt: skip
    refused = client.post(reverse("visits:speak"), terms)
    assert refused.status_code == 422

    client.post(reverse("visits:speak"), terms | {"story": "Coming home with no plan."})

    assert LivingTerms.objects.get(facilitator=ask.facilitator).story == "Coming home with no plan."
    assert "Coming home with no plan." in client.get(reverse("visits:away")).content.decode()
    assert client.post(reverse("visits:speak"), terms | {"story": "x" * 301}).status_code == 422


# -- The calendar and the year -----------------------------------------------------------------


def test_their_own_calendar_names_the_role(ask):
    def said() -> list[str]:
        calendar = Calendar.from_ical(own_calendar(ask.facilitator))
        return [str(event.get("description", "")) for event in calendar.walk("VEVENT")]

    assert any("You are asked to tell your own story beside whoever leads this." in one for one in said())
    scheduling.accept(ask)
    assert any("You tell your own story beside whoever leads this." in one for one in said())
    assert not any("You lead." in one for one in said())


def test_the_statement_tells_what_was_told_apart_from_what_was_led(ask, session, area):
    now = timezone.now()
    day = date(now.year, 1, 5)
    for role in (AskRole.LEADER, AskRole.VOICE, AskRole.VOICE):
        visit = VisitFactory(
            request=VisitRequestFactory(state=RequestState.COMPLETED), first_day=day, last_day=day
        )  # fmt: skip
        AskFactory(
            session=SessionFactory(visit=visit, title="The way home"), facilitator=ask.facilitator,
            state=AskState.ACCEPTED, role=role,
        )  # fmt: skip

    year = contribution.year_of(ask.facilitator, now.year, now)
    page = signed_in(ask.facilitator.user).get(reverse("visits:my_year")).content.decode()

    assert [(one.title, one.is_told, one.times) for one in year.given] == [
        ("The way home", True, 2), ("The way home", False, 1),
    ]  # fmt: skip
    assert (year.sessions, year.told, year.minutes) == (1, 2, 180)
    assert "The way home, as the voice beside the leader" in page
    assert re.search(
        r"led <b class=\"dk-b\">1 session</b> and told their own story in <b class=\"dk-b\">2 sessions", page
    )


# -- The guests ---------------------------------------------------------------------------------


def test_the_guests_read_the_first_name_beside_the_leaders_after_the_yes_and_not_before(area):
    visit_request = cases.confirmed()
    leader = Ask.objects.leading().filter(session__visit=visit_request.visit, state=AskState.ACCEPTED).first()
    ask = AskFactory(session=leader.session, facilitator=speaker("Gunvor", [area]), role=AskRole.VOICE)

    def page() -> str:
        return visitor_of(visit_request).get(visit_request.get_absolute_url()).content.decode()

    assert "Gunvor" not in page()
    Ask.objects.filter(pk=ask.pk).update(state=AskState.ACCEPTED)
    assert f"{leader.facilitator.name}. Gunvor tells their own story" in page()
    assert ask.facilitator.user.last_name not in page()
