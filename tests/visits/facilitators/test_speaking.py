"""What somebody of the Living Library agrees to: on their own page, in their calendar, and what the desk sees of it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from icalendar import Calendar

from tests.conftest import drawn_from, signed_in
from tests.factories import (
    AreaFactory,
    AskFactory,
    FacilitatorFactory,
    SessionFactory,
    VisitFactory,
    VisitRequestFactory,
)
from tests.visits.at_hand.calendars import own_calendar
from tests.visits.scheduling.living_people import speaker
from visits import scheduling
from visits.choices import FacilitatorKind, RequestState
from visits.feeds.parts import DOMAIN
from visits.models import Facilitator, LivingTerms, Session

pytestmark = pytest.mark.django_db
THURSDAY = date(2027, 3, 18)
TYPED: dict[str, Any] = {
    "rest_days": "3", "sessions_a_month": "2", "preparation_minutes": "45", "debrief_minutes": "15",
}  # fmt: skip


def newcomer() -> Facilitator:
    return FacilitatorFactory(user__first_name="Birgit", user__last_name="Sjö", kind=FacilitatorKind.LIVING_LIBRARY)


def session(**kwargs: object) -> Session:
    request = VisitRequestFactory(state=RequestState.AGREED)
    return SessionFactory(visit=VisitFactory(request=request, first_day=THURSDAY, last_day=THURSDAY), **kwargs)


# -- Their page ----------------------------------------------------------------------------


def test_they_choose_themselves_and_read_it_again():
    care, _leading = AreaFactory(name="Person-centred care"), AreaFactory(name="Leadership")
    person = newcomer()
    client = signed_in(person.user)

    answer = client.post(reverse("visits:speak"), TYPED | {"themes": [care.pk]}, follow=True)

    terms = LivingTerms.objects.get(facilitator=person)
    assert (terms.rest_days, terms.sessions_a_month) == (3, 2)
    assert (terms.preparation_minutes, terms.debrief_minutes) == (45, 15)
    assert terms.agreed_at is not None
    assert list(person.areas.all()) == [care]
    page = answer.content.decode()
    assert "Saved. You are asked for what you ticked, and for nothing else." in page
    assert '<option value="3" selected>3 days</option>' in page
    ticked = re.findall(r'name="themes" value="(\d+)"[^>]* checked', page)
    assert ticked == [str(care.pk)]


def test_with_nothing_ticked_nobody_asks_them_and_what_they_lead_stands():
    person = speaker("Birgit", [AreaFactory()])
    ask = scheduling.accept(AskFactory(session=session(), facilitator=person))

    answer = signed_in(person.user).post(reverse("visits:speak"), TYPED, follow=True)

    assert "Saved. You are not asked for anything until you tick something." in answer.content.decode()
    assert LivingTerms.objects.get().agreed_at is None
    assert not person.areas.exists()
    assert ask.session.bookings.count() == 1


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"rest_days": "99"}, "Choose one from the list."),
        ({"rest_days": ""}, "Choose one from the list."),
        ({"sessions_a_month": "0"}, "Choose one from the list."),
        ({"preparation_minutes": "7"}, "Choose one from the list."),
        ({"themes": ["12345"]}, "Tick what is on the list."),
        ({"themes": ["x"]}, "Tick what is on the list."),
    ],
)
def test_what_is_not_on_the_list_is_said_and_nothing_is_kept(typed, told):
    person = newcomer()

    answer = signed_in(person.user).post(reverse("visits:speak"), TYPED | typed)

    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not LivingTerms.objects.exists()


def test_others_have_no_such_page():
    person = FacilitatorFactory()
    client = signed_in(person.user)

    answer = client.post(reverse("visits:speak"), TYPED)

    assert answer.status_code == 404
    assert "What you agree to speak about" not in client.get(reverse("visits:away")).content.decode()


def test_their_compensation_is_not_on_their_page():
    person = speaker("Birgit", [AreaFactory()])
    LivingTerms.objects.update(compensation="Four hundred an hour")

    page = signed_in(person.user).get(reverse("visits:away")).content.decode()

    assert "What you agree to speak about" in page
    assert "Four hundred" not in page


# -- Their calendar ------------------------------------------------------------------------


def test_preparation_and_debriefing_stand_in_the_week_and_lead_to_the_briefing():
    person = speaker("Birgit", [AreaFactory()], preparation_minutes=30, debrief_minutes=30)
    ask = scheduling.accept(AskFactory(session=session(hour=13), facilitator=person))

    page = signed_in(person.user).get(reverse("visits:schedule_week", args=[2027, 11])).content.decode()

    assert "<b>Preparation</b>12.30–13.00, Meet Esther" in page
    assert "<b>Debriefing</b>14.00–14.30, Meet Esther" in page
    assert page.count(reverse("visits:briefing", args=[ask.pk])) == 6  # three entries, in the grid and in the list


def test_the_feed_has_them_each_with_its_own_uid_and_lets_them_go():
    person = speaker("Birgit", [AreaFactory()], preparation_minutes=30, debrief_minutes=30)
    led = session(hour=13)
    ask = scheduling.accept(AskFactory(session=led, facilitator=person))

    events = {event["uid"]: event for event in Calendar.from_ical(own_calendar(person)).walk("vevent")}

    before = events[f"prepare-{led.pk}-{person.pk}@{DOMAIN}"]
    assert str(before["summary"]) == "Preparation: Meet Esther"
    assert before["dtend"].dt - before["dtstart"].dt == timedelta(minutes=30)
    assert str(events[f"debrief-{led.pk}-{person.pk}@{DOMAIN}"]["summary"]) == "Debriefing: Meet Esther"
    assert len(events) == 3

    scheduling.decline(ask)

    assert not list(Calendar.from_ical(own_calendar(person)).walk("vevent"))


def test_a_yes_beyond_what_they_agreed_to_is_told_on_their_page():
    person = speaker("Birgit", [AreaFactory()], sessions_a_month=1)
    scheduling.accept(AskFactory(session=session(), facilitator=person))
    ask = AskFactory(session=session(hour=13), facilitator=person)

    answer = signed_in(person.user).post(reverse("visits:asked_one", args=[ask.pk]), {"answer": "yes"}, follow=True)

    assert "You meet guests in March already as often as you wished." in answer.content.decode()
    ask.refresh_from_db()
    assert ask.is_waiting


# -- The desk ------------------------------------------------------------------------------


def test_the_desk_is_told_why_not_and_nothing_of_pay(coordinator_client):
    person = speaker("Birgit", [AreaFactory()])
    LivingTerms.objects.update(compensation="Four hundred an hour")
    request = VisitRequestFactory(state=RequestState.IN_REVIEW, areas=[AreaFactory()])
    led = SessionFactory(visit=VisitFactory(request=request))

    page = coordinator_client.get(
        reverse("admin:visits_visitrequest_change", args=[request.pk]) + f"?session={led.pk}"
    ).content.decode()

    assert f"{person.name}" in page
    assert "Has not agreed to speak about this" in page
    assert "Four hundred" not in page


def test_pay_is_written_in_the_admin_and_consent_is_not(coordinator_client):
    area = AreaFactory(name_en="Person-centred care")
    person = speaker("Birgit", [area], rest_days=3)
    terms = LivingTerms.objects.get()
    page = reverse("admin:visits_livingterms_change", args=[terms.pk])

    shown = coordinator_client.get(page).content.decode()
    typed = {"compensation": "By invoice", "preparation_minutes": 20, "debrief_minutes": 0}
    beyond = {"rest_days": 0, "sessions_a_month": 9, "themes": [AreaFactory().pk]}
    answer = coordinator_client.post(page, typed | beyond | drawn_from(coordinator_client, page))

    assert answer.status_code == 302
    terms.refresh_from_db()
    assert f'<div class="readonly">{area.name_en}</div>' in shown
    assert (terms.compensation, terms.preparation_minutes, terms.debrief_minutes) == ("By invoice", 20, 0)
    assert (terms.rest_days, terms.sessions_a_month) == (3, None)
    assert list(person.areas.all()) == [area]
    assert coordinator_client.get(reverse("admin:visits_livingterms_delete", args=[terms.pk])).status_code == 403


def test_the_desk_does_not_choose_what_somebody_speaks_about(coordinator_client):
    area = AreaFactory()
    person, staff = speaker("Birgit", []), FacilitatorFactory(areas=[area])

    theirs = coordinator_client.get(reverse("admin:visits_facilitator_change", args=[person.pk])).content.decode()
    ours = coordinator_client.get(reverse("admin:visits_facilitator_change", args=[staff.pk])).content.decode()

    assert 'name="areas"' not in theirs
    assert 'name="areas"' in ours
