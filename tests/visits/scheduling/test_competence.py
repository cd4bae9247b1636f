"""What somebody can do in an area: said by themselves, approved by staff, and until its day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programmes.models import Area
from tests.conftest import signed_in
from tests.factories import (
    AreaFactory,
    CoordinatorFactory,
    FacilitatorFactory,
    LogisticsFactory,
    OfferingFactory,
    SessionFactory,
    VisitFactory,
    VisitRequestFactory,
)
from tests.visits.scheduling.living_people import speaker
from visits import letters, rounds, scheduling
from visits.choices import CompetenceLevel, RequestState
from visits.models import Competence, CompetenceClaim, Facilitator, Message, Session
from visits.scheduling import competence

pytestmark = pytest.mark.django_db
ASSISTS, LEADS, TEACHES = CompetenceLevel
TUESDAY = date(2027, 3, 16)
PAGE = "/schedule/can/"


@pytest.fixture
def anna() -> Facilitator:
    return FacilitatorFactory(user__first_name="Anna", user__last_name="Ek")


def session(area: Area, day: date = TUESDAY, **facts: object) -> Session:
    request = VisitRequestFactory(state=RequestState.IN_REVIEW, areas=[area])
    return SessionFactory(visit=VisitFactory(request=request, first_day=day), **facts)


def approved(person: Facilitator, area: Area, level: CompetenceLevel | None, until: date | None = None) -> None:
    competence.claim(person, area, level=level, until=until)
    assert competence.approve(CompetenceClaim.objects.get(facilitator=person, area=area))


def why_not(found: Session, person: Facilitator) -> str:
    return next(one.why_not for one in scheduling.candidates(found) if one.facilitator == person)


# -- What it means for a session -----------------------------------------------------------


def test_what_is_said_counts_only_when_it_is_approved(area, anna):
    competence.claim(anna, area, level=LEADS, until=None)
    assert why_not(session(area), anna) == "Does not lead this area"

    competence.approve(CompetenceClaim.objects.get())

    assert why_not(session(area), anna) == ""
    assert list(anna.areas.all()) == [area]
    assert not CompetenceClaim.objects.exists()


@pytest.mark.parametrize(
    ("level", "wanted", "said"),
    [
        (ASSISTS, LEADS, "Can assist in Care, and does not lead it"),
        (LEADS, LEADS, ""),
        (TEACHES, LEADS, ""),
        (ASSISTS, TEACHES, "Can assist in Care, and does not lead it"),
        (LEADS, TEACHES, "Leads Care, and this needs somebody who can teach it"),
        (TEACHES, TEACHES, ""),
    ],
)
def test_a_session_is_led_by_whoever_can_do_as_much_as_it_wants(area, anna, level, wanted, said):
    approved(anna, area, level)

    assert why_not(session(area, level=wanted), anna) == said
    of_offering = session(AreaFactory(), level=wanted, offering=OfferingFactory(area=area))
    assert why_not(of_offering, anna) == said


def test_whoever_leads_an_area_without_any_more_said_can_lead_and_not_teach_it(area, anna):
    anna.areas.set([area])

    assert why_not(session(area), anna) == ""
    assert why_not(session(area, level=TEACHES), anna) == "Leads Care, and this needs somebody who can teach it"


def test_it_holds_on_its_last_day_and_not_the_day_after(area, anna):
    approved(anna, area, LEADS, until=TUESDAY)

    assert why_not(session(area, TUESDAY), anna) == ""
    after = TUESDAY + timedelta(days=1)
    assert why_not(session(area, after), anna) == "What they can do in Care holds until 16 March 2027"


def test_the_clock_ends_it_and_the_row_stays_to_be_said_again(area, anna):
    approved(anna, area, TEACHES, until=TUESDAY)
    other = AreaFactory()
    approved(anna, other, LEADS)

    with time_machine.travel(f"{TUESDAY}T12:00:00+00:00"):
        assert competence.lapse(timezone.now()) == 0
    with time_machine.travel(f"{TUESDAY + timedelta(days=1)}T02:00:00+00:00"):
        assert rounds.nightly(timezone.now())
        (over, holds) = competence.standing_of(anna)

    assert list(anna.areas.all()) == [other]
    assert (over.area, over.level, over.until) == (area, TEACHES, TUESDAY)
    assert (holds.area, holds.level) == (other, LEADS)


def test_who_gives_it_up_leads_it_no_more_once_staff_have_seen_it(area, anna):
    approved(anna, area, TEACHES)

    approved(anna, area, None)

    assert not anna.areas.exists()
    assert not Competence.objects.exists()


def test_saying_what_holds_already_takes_back_what_waits(area, anna):
    approved(anna, area, LEADS)
    competence.claim(anna, area, level=TEACHES, until=None)

    competence.claim(anna, area, level=LEADS, until=None)

    assert not CompetenceClaim.objects.exists()


def test_the_last_word_of_the_same_area_is_the_one_that_waits(area, anna):
    competence.claim(anna, area, level=TEACHES, until=None)
    competence.claim(anna, area, level=ASSISTS, until=TUESDAY)

    assert [(one.level, one.until) for one in CompetenceClaim.objects.all()] == [(ASSISTS, TUESDAY)]


def test_who_is_approved_or_refused_a_second_time_stays_as_they_are(area, anna):
    competence.claim(anna, area, level=LEADS, until=None)
    claim = CompetenceClaim.objects.get()

    assert competence.refuse(claim)

    assert not competence.approve(claim)
    assert not competence.refuse(claim)
    assert not anna.areas.exists()


def test_the_database_keeps_one_row_for_an_area_and_knows_the_levels(area, anna):
    for model in (Competence, CompetenceClaim):
        model.objects.create(facilitator=anna, area=area, level=LEADS)
        for level in (LEADS, 4):
            with pytest.raises(IntegrityError), transaction.atomic():
                model.objects.create(facilitator=anna, area=area if level == LEADS else AreaFactory(), level=level)


# -- The facilitator's own page ------------------------------------------------------------


def say(person: Facilitator, **typed: object) -> tuple[int, str]:
    answer = signed_in(person.user).post(PAGE, typed, follow=True)
    return answer.status_code, answer.content.decode()


def test_the_page_keeps_what_one_says_and_shows_that_it_waits(area, anna):
    until = timezone.localdate() + timedelta(days=400)

    status, page = say(anna, area=area.pk, level=TEACHES.value, until=until.isoformat())

    claim = CompetenceClaim.objects.get()
    assert (claim.facilitator, claim.area, claim.level, claim.until) == (anna, area, TEACHES, until)
    assert status == 200
    assert "It counts when a colleague at the desk has approved it." in page
    assert "Can teach it, until" in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Choose an area."),
        ({"area": "0"}, "Choose an area."),
        ({"area": "\x00"}, "Choose an area."),
        ({"level": ""}, "Choose what you can do."),
        ({"level": "9"}, "Choose what you can do."),
        ({"level": "²"}, "Choose what you can do."),
        ({"until": "2020-01-01"}, "Choose a day that is still to come, or leave it empty."),
        ({"until": "soon"}, "Write the day"),
    ],
)
def test_what_cannot_be_read_is_said_and_nothing_is_kept(area, anna, typed, said):
    whole = {"area": area.pk, "level": LEADS.value} if typed else {}

    status, page = say(anna, **(whole | typed))

    assert status == 422
    assert said in page
    assert not CompetenceClaim.objects.exists()


def test_what_is_given_up_has_no_last_day(area, anna):
    approved(anna, area, LEADS)

    _status, page = say(anna, area=area.pk, level="none", until=(timezone.localdate() + timedelta(days=9)).isoformat())

    claim = CompetenceClaim.objects.get()
    assert (claim.level, claim.until) == (None, None)
    assert "not any more" in page


def test_those_of_the_living_library_agree_to_themes_instead(area):
    person = speaker("Gunvor", [area])

    assert signed_in(person.user).get(PAGE).status_code == 404


def test_others_do_not_come_to_the_page(client: Client, coordinator_client: Client):
    assert client.get(PAGE).status_code == 302
    assert coordinator_client.get(PAGE).status_code in (302, 403, 404)


# -- The desk ------------------------------------------------------------------------------


def press(client: Client, action: str, claim: CompetenceClaim) -> str:
    page = reverse("admin:visits_competenceclaim_changelist")
    return client.post(page, {"action": action, "_selected_action": [claim.pk]}, follow=True).content.decode()


def test_staff_approve_what_is_ticked_and_the_persons_history_says_so(coordinator_client, area, anna):
    competence.claim(anna, area, level=LEADS, until=None)

    page = press(coordinator_client, "approve", CompetenceClaim.objects.get())

    assert "1 is approved, and holds now." in page
    assert list(anna.areas.all()) == [area]
    history = coordinator_client.get(reverse("admin:visits_facilitator_history", args=[anna.pk])).content.decode()
    assert "Care (can lead): approved" in history


def test_staff_may_say_no_and_what_holds_stays(coordinator_client, area, anna):
    approved(anna, area, LEADS)
    competence.claim(anna, area, level=TEACHES, until=None)

    page = press(coordinator_client, "refuse", CompetenceClaim.objects.get())

    assert "What holds stays as it is." in page
    assert Competence.objects.get().level == LEADS


def test_who_plans_food_approves_nothing(area, anna):
    competence.claim(anna, area, level=LEADS, until=None)

    press(signed_in(LogisticsFactory()), "approve", CompetenceClaim.objects.get())

    assert not anna.areas.exists()


def test_an_area_that_staff_tick_themselves_is_led_again_and_one_they_untick_is_not(area, anna):
    ended, taught = AreaFactory(), AreaFactory()
    Competence.objects.create(facilitator=anna, area=ended, level=LEADS, until=date(2020, 1, 1))
    Competence.objects.create(facilitator=anna, area=area, level=ASSISTS)
    approved(anna, taught, TEACHES)
    anna.areas.set([area, ended])

    competence.follow_areas(anna)

    rows = {row.area: (row.level, row.until) for row in Competence.objects.all()}
    assert rows == {area: (LEADS, None), ended: (LEADS, None)}


# -- What waits, and what becomes of it ----------------------------------------------------

FACILITATORS = "admin:visits_facilitator_changelist"


def settle(client: Client, claim: CompetenceClaim, press: str, seen: str = "") -> str:
    typed = {"press": press, "seen": seen or claim.said_at.isoformat()}
    return client.post(reverse("admin:claim", args=[claim.pk]), typed, follow=True).content.decode()


def mails() -> list[tuple[str, str]]:
    return list(Message.objects.order_by("pk").values_list("kind", "to_email"))


def waits_in_the_menu(client: Client) -> bool:
    page = client.get(reverse("admin:to_do")).content.decode()
    entry = page.partition(f'href="{reverse(FACILITATORS)}"')[2].partition("</a>")[0]  # whom it leads nowhere has none
    return 'class="ct">2<' in entry


def test_whoever_may_approve_sees_at_facilitators_that_claims_wait_and_what_they_are(coordinator_client, area, anna):
    approved(anna, area, LEADS)
    competence.claim(anna, area, level=TEACHES, until=TUESDAY)
    competence.claim(anna, AreaFactory(name_en="Safety"), level=ASSISTS, until=None)
    food = signed_in(LogisticsFactory())

    page = coordinator_client.get(reverse(FACILITATORS)).content.decode()

    assert waits_in_the_menu(coordinator_client)
    assert not waits_in_the_menu(food)
    assert "2 wait to be approved" in page
    assert "can teach it, until 16 March 2027" in page
    assert "wait to be approved" not in food.get(reverse(FACILITATORS)).content.decode()


def test_a_press_approves_it_and_the_person_is_told(coordinator_client, area, anna):
    competence.claim(anna, area, level=LEADS, until=None)

    page = settle(coordinator_client, CompetenceClaim.objects.get(), "approve")

    assert "They are told." in page
    assert list(anna.areas.all()) == [area]
    assert mails() == [("competence_approved", anna.user.email)]
    history = coordinator_client.get(reverse("admin:visits_facilitator_history", args=[anna.pk])).content.decode()
    assert "Care (can lead): approved" in history


def test_a_press_declines_it_and_the_person_is_told(coordinator_client, area, anna):
    competence.claim(anna, area, level=LEADS, until=None)

    settle(coordinator_client, CompetenceClaim.objects.get(), "decline")

    assert not anna.areas.exists()
    assert not CompetenceClaim.objects.exists()
    assert mails() == [("competence_refused", anna.user.email)]


@pytest.mark.parametrize("press", ["", "yes", "approve\x00"])
def test_a_press_that_says_neither_changes_nothing_and_says_what_to_press(coordinator_client, area, anna, press):
    competence.claim(anna, area, level=LEADS, until=None)

    page = settle(coordinator_client, CompetenceClaim.objects.get(), press)

    assert "Nothing was done. Press “Approve” or “Do not approve”." in page
    assert CompetenceClaim.objects.exists()
    assert mails() == []


def test_what_they_have_said_otherwise_since_is_not_approved_unseen(coordinator_client, area, anna):
    competence.claim(anna, area, level=ASSISTS, until=None)
    seen = CompetenceClaim.objects.get().said_at.isoformat()
    competence.claim(anna, area, level=TEACHES, until=None)
    claim = CompetenceClaim.objects.get()

    page = settle(coordinator_client, claim, "approve", seen)

    assert "Nothing was done" in page
    assert CompetenceClaim.objects.exists()
    assert not anna.areas.exists()
    assert mails() == []


def test_of_two_colleagues_the_second_is_told_and_the_person_has_one_mail(coordinator_client, area, anna):
    competence.claim(anna, area, level=LEADS, until=None)
    claim = CompetenceClaim.objects.get()
    settle(coordinator_client, claim, "approve")

    page = settle(coordinator_client, claim, "decline")

    assert "Nothing was done" in page
    assert mails() == [("competence_approved", anna.user.email)]


def test_who_plans_food_settles_nothing(area, anna):
    competence.claim(anna, area, level=LEADS, until=None)
    claim = CompetenceClaim.objects.get()

    answer = signed_in(LogisticsFactory()).post(reverse("admin:claim", args=[claim.pk]), {"press": "approve"})

    assert answer.status_code == 403
    assert CompetenceClaim.objects.exists()
    assert mails() == []


def test_an_answer_to_the_mail_goes_to_whoever_pressed(area, anna):
    host = CoordinatorFactory()
    competence.claim(anna, area, level=LEADS, until=TUESDAY)
    competence.refuse(CompetenceClaim.objects.get(), by=host)

    mail = letters.write(Message.objects.get(), timezone.now())

    assert mail.reply_to == [host.email]
    assert "What you said has not been approved, so what held before holds as it is." in mail.body
    assert "16 March 2027" in mail.body


@pytest.mark.parametrize(
    ("level", "told"),
    [
        (ASSISTS, "beside somebody who leads it"),
        (LEADS, "You are asked when a session about it needs somebody"),
        (TEACHES, "You are asked when a session about it needs somebody"),
        (None, "You are not asked about it any more."),
    ],
)
def test_the_mail_says_what_an_approval_means(area, anna, level, told):
    anna.areas.set([AreaFactory() if level else area])
    competence.claim(anna, area, level=level, until=None)
    competence.approve(CompetenceClaim.objects.get())

    mail = letters.write(Message.objects.get(), timezone.now())

    assert mail.subject == "Approved: Care"
    assert told in " ".join(str(mail.body).split())


def test_three_claims_cost_the_page_of_the_facilitators_no_more_queries_than_one(area, anna):
    def cost() -> int:
        client = signed_in(CoordinatorFactory())
        client.get(reverse(FACILITATORS))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse(FACILITATORS)).status_code == 200
        return len(captured)

    competence.claim(anna, area, level=LEADS, until=None)
    one = cost()
    for name in ("Bodil", "Cecilia"):
        other = FacilitatorFactory(user__first_name=name)
        competence.claim(other, AreaFactory(), level=TEACHES, until=None)

    assert cost() == one
