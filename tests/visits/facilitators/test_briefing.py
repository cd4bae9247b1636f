"""What the briefing tells beside the day: the last time, what is promised, whose the questions are, the way."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.conftest import signed_in
from tests.factories import (
    AskFactory,
    CoordinatorFactory,
    FacilitatorFactory,
    RoomFactory,
    SessionFactory,
    SiteFactory,
    VisitFactory,
    VisitRequestFactory,
)
from visits import words
from visits.choices import AskState, PointState, RequestState, Side
from visits.models import Ask, LedgerEntry, LedgerPoint, LookBack, Organisation, Promise, Site, Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask() -> Ask:
    """A session that somebody leads, of a visit that is confirmed."""
    request = VisitRequestFactory(
        state=RequestState.CONFIRMED, coordinator=CoordinatorFactory(phone="+46 10 000 00 00"),
        big_questions=["Who holds the pen?", "How did Esther get a vote?", "What hurts?"],
    )  # fmt: skip
    return AskFactory(session=SessionFactory(visit=VisitFactory(request=request)), state=AskState.ACCEPTED)


def page(ask: Ask) -> str:
    answer = signed_in(ask.facilitator.user).get(reverse("visits:briefing", args=[ask.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def been(ask: Ask, months: int, title: str, **more: object) -> Visit:
    """A visit of the same organisation, so many months before."""
    organisation: Organisation = ask.session.visit.request.organisation
    request = VisitRequestFactory(state=RequestState.COMPLETED, organisation=organisation)
    day = timezone.localdate() - timedelta(days=30 * months)
    return VisitFactory(request=request, first_day=day, last_day=day, title=title, **more)


def learned(visit: Visit, text: str, learner: Side = Side.OURS) -> LedgerEntry:
    back = LookBack.objects.filter(visit=visit, side=learner).first()
    back = back or LookBack.objects.create(
        visit=visit, side=learner, user=CoordinatorFactory() if learner == Side.OURS else None, author_name="Karin",
        shared_at=timezone.now(),
    )  # fmt: skip
    number = back.entries.count() + 1
    return LedgerEntry.objects.create(visit=visit, look_back=back, learner=learner, number=number, words=text)


def promised(ask: Ask, text: str) -> Promise:
    return Promise.objects.create(
        organisation=ask.session.visit.request.organisation, words=text, promised_by=CoordinatorFactory(),
        promised_on=timezone.localdate(), due_on=timezone.localdate() + timedelta(days=30),
    )  # fmt: skip


def test_the_last_visit_is_told_with_who_met_them_and_what_was_learned(ask: Ask):
    been(ask, 20, "An hour on screen")
    last = been(ask, 8, "Esther again")
    karin = FacilitatorFactory(user__first_name="Karin", user__last_name="Ahlgren")
    AskFactory(session=SessionFactory(visit=last), facilitator=karin, state=AskState.ACCEPTED)
    entry = learned(last, "Ring the day after, not the week after.")
    LedgerPoint.objects.create(
        entry=entry, months=3, due_on=timezone.localdate(), state=PointState.GOING_ON, words="Ward 4 kept it."
    )
    learned(last, "A map on the wall", Side.GUESTS)

    shown = page(ask)

    days = words.day_range(last.first_day, last.last_day)
    assert f'<b class="dk-b">Esther again,</b> {days}, with Karin Ahlgren.' in shown
    for told in ("Last time we met", "Ring the day after, not the week after.", "Ward 4 kept it.", "A map on the wall"):
        assert told in shown
    assert "An hour on screen" not in shown


def test_of_whoever_comes_for_the_first_time_nothing_is_told(ask: Ask):
    VisitFactory(request__state=RequestState.COMPLETED, title="Somebody else")
    shown = page(ask)

    assert "Last time we met" not in shown
    assert "promised" not in shown


def test_a_visit_that_comes_after_is_not_the_last_one(ask: Ask):
    been(ask, -24, "In two years")

    assert "In two years" not in page(ask)


def test_what_they_are_promised_is_told_until_it_is_kept(ask: Ask):
    promised(ask, "The map from ward 4")
    kept = promised(ask, "A book")
    Promise.objects.filter(pk=kept.pk).update(kept_at=timezone.now(), kept_by=kept.promised_by)

    shown = page(ask)

    assert "What they are promised" in shown
    assert "The map from ward 4," in shown
    assert "A book" not in shown


def test_each_of_their_questions_says_whose_it_is(ask: Ask):
    visit, erik = ask.session.visit, FacilitatorFactory(user__first_name="Erik", user__last_name="Sandell")
    for number, taker in ((1, ask.facilitator.user), (2, erik.user), (3, None)):
        visit.questions.create(side=Side.GUESTS, big=number, text="…", author_name="Aileen", taken_by=taker)

    shown = page(ask).partition('<ol class="dk-qs">')[2].partition("</ol>")[0].split("<li>")[1:]

    assert 'Who holds the pen?</span><span class="tag host">Yours</span>' in shown[0]
    assert 'How did Esther get a vote?</span><span class="tag">Erik Sandell takes it</span>' in shown[1]
    assert shown[2] == "<span>What hurts?</span></li>"


def test_the_way_there_and_the_coordinators_number_are_at_hand(ask: Ask):
    site = SiteFactory(name="Ryhov")
    Site.objects.filter(pk=site.pk).update(address="Sjukhusgatan 1", way_en="Bus 3 to the main door.")
    ask.session.room = RoomFactory(site=site)
    ask.session.save(update_fields=["room"])

    shown = page(ask)

    assert 'href="tel:+46100000000"' in shown
    for told in ("Call Maja", 'href="#way"', "Sjukhusgatan 1", "Bus 3 to the main door."):
        assert told in shown


def test_without_a_number_and_a_way_neither_is_offered(ask: Ask):
    ask.session.visit.request.coordinator.phone = ""
    ask.session.visit.request.coordinator.save(update_fields=["phone"])

    shown = page(ask)

    assert "tel:" not in shown
    assert 'id="way"' not in shown


def test_a_guest_who_tells_is_named_at_the_session(ask: Ask):
    SessionFactory(visit=ask.session.visit, hour=11, kind="guest", title="Your story", teller="Moira Reid")

    assert "Moira Reid tells" in page(ask)


def test_the_memory_costs_the_same_however_much_there_is(ask: Ask):
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            page(ask)
        assert len({one["sql"] for one in found}) == len(found)
        return len(found)

    last = been(ask, 8, "Esther again")
    LedgerPoint.objects.create(entry=learned(last, "One"), months=3, due_on=timezone.localdate())
    AskFactory(session=SessionFactory(visit=last), state=AskState.ACCEPTED)
    alone = asked()
    for number in (2, 3):
        earlier = been(ask, 8 * number, "Earlier")
        LedgerPoint.objects.create(entry=learned(last, str(number)), months=3, due_on=timezone.localdate())
        AskFactory(session=SessionFactory(visit=last, hour=10 + number), state=AskState.ACCEPTED)
        AskFactory(session=SessionFactory(visit=earlier), state=AskState.ACCEPTED)
        promised(ask, str(number))

    assert asked() == alone
