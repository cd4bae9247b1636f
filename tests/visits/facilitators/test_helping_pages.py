"""The pages of whoever is asked to help at a gathering of ours, and of whoever helps there."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from tests.conftest import drawn_from, signed_in
from tests.factories import (
    AskFactory,
    CoordinatorFactory,
    FacilitatorFactory,
    GatheringAskFactory,
    GatheringFactory,
    SessionFactory,
    SiteFactory,
    UserFactory,
    at,
)
from visits import access, retention, scheduling, words
from visits.choices import AskState
from visits.models import Booking, Gathering, GatheringAsk, Message, Site, Travel
from visits.views import helping

pytestmark = pytest.mark.django_db
ASKED = "/schedule/asked/"


@pytest.fixture
def ask() -> GatheringAsk:
    eksjo = SiteFactory(name="Eksjö", address="Österlånggatan 1", way_en="The train stops outside.")
    found = GatheringAskFactory(
        gathering__site=eksjo, facilitator__user__first_name="Fatima", words="As last time?",
        asked_by=UserFactory(first_name="Linda", last_name="Berg"),
    )  # fmt: skip
    return GatheringAsk.objects.get(pk=found.pk)


def mine(ask: GatheringAsk) -> Client:
    return signed_in(ask.facilitator.user)


def one(ask: GatheringAsk) -> str:
    return reverse("visits:gathering_asked", args=[ask.pk])


def own_page(ask: GatheringAsk) -> str:
    return reverse("visits:gathering", args=[ask.gathering_id])


def link(ask: GatheringAsk) -> str:
    return reverse("visits:ask_answer", args=[access.token(access.helping_link(ask))])


def state(ask: GatheringAsk) -> str:
    return GatheringAsk.objects.get(pk=ask.pk).state


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


# -- Asked -----------------------------------------------------------------------------------


def test_it_stands_among_what_is_asked_and_is_counted(ask):
    AskFactory(facilitator=ask.facilitator)

    shown = mine(ask).get(ASKED).content.decode()

    for said in (
        "2 questions for you", "Asked (2)", "Network, group 7", "13.00 to 15.00", "You are free from 08.00 to 17.00",
        "Eksjö", "As last time?", f"Help at a gathering of {ask.gathering.programme}",
    ):  # fmt: skip
        assert said in shown


def test_the_most_urgent_of_both_kinds_is_shown_beside_the_calendar_with_its_buttons(ask):
    GatheringAsk.objects.update(answer_by=timezone.localdate())
    AskFactory(facilitator=ask.facilitator)

    shown = mine(ask).get(reverse("visits:schedule")).content.decode()

    assert f'action="{one(ask)}"' in shown
    assert "You would help at the gathering." in shown
    assert "All 2 questions for you" in shown
    assert shown.count('name="answer" value="yes"') == 1


def test_it_stands_in_the_calendar_until_it_is_answered(ask):
    day = ask.gathering.day
    week = reverse("visits:schedule_week", args=day.isocalendar()[:2])

    waiting = mine(ask).get(week).content.decode()
    scheduling.accept_helping(ask)
    helping = mine(ask).get(week).content.decode()

    assert f'href="{one(ask)}"' in waiting
    assert f'href="{own_page(ask)}"' in helping
    assert "13.00–15.00, you help" in helping


@pytest.mark.parametrize(("answer", "becomes"), [("yes", AskState.ACCEPTED), ("no", AskState.DECLINED)])
def test_a_press_answers_and_may_be_undone(ask, answer, becomes):
    me = mine(ask)

    shown = me.post(one(ask), {"answer": answer}, follow=True).content.decode()

    assert state(ask) == becomes
    assert Booking.objects.count() == (answer == "yes")
    assert f"You said {answer} to Network, group 7" in shown
    assert "Undo, until" in shown
    me.post(one(ask), {"answer": "undo"})
    assert state(ask) == AskState.ASKED
    assert not Booking.objects.exists()


def test_after_ten_minutes_an_answer_stands_and_is_listed(ask):
    scheduling.decline_helping(ask)

    with time_machine.travel(timezone.now() + timedelta(minutes=10, seconds=1)):
        answer = mine(ask).post(one(ask), {"answer": "undo"})
        listed = mine(ask).get(ASKED).content.decode()

    assert answer.status_code == 409
    assert "It is too late to undo this answer." in answer.content.decode()
    assert "Undo, until" not in listed
    assert f'<a href="{one(ask)}">Network, group 7' in listed


@pytest.mark.parametrize("typed", [{}, {"answer": ""}, {"answer": "perhaps"}, {"answer": "yes\x00"}])
def test_a_press_that_says_nothing_changes_nothing_and_says_what_to_press(ask, typed):
    for client, address in ((mine(ask), one(ask)), (Client(), link(ask))):
        answer = client.post(address, typed)

        assert answer.status_code == 409
        assert "Press “I can” or “I cannot”. Nothing was changed." in answer.content.decode()
    assert state(ask) == AskState.ASKED


@pytest.mark.parametrize(
    ("closed", "said"),
    [
        (AskState.EXPIRED, "The day to answer has passed, so we look for a colleague."),
        (AskState.WITHDRAWN, "You are not needed for this any more, so the ask was taken back."),
    ],
)
def test_an_ask_that_is_closed_says_why_and_takes_no_answer(ask, closed, said):
    GatheringAsk.objects.update(state=closed)
    for client, address in ((mine(ask), one(ask)), (Client(), link(ask))):
        shown, answer = client.get(address), client.post(address, {"answer": "yes"})

        assert said in shown.content.decode()
        assert 'value="yes"' not in shown.content.decode()
        assert "You are free" not in shown.content.decode()
        assert (answer.status_code, said in answer.content.decode()) == (409, True)
    assert not Booking.objects.exists()


def test_who_is_taken_is_told_by_what_and_the_ask_still_waits(ask):
    scheduling.add_time_away(ask.facilitator, starts_at=ask.starts_at, ends_at=ask.ends_at)

    shown = mine(ask).get(one(ask)).content.decode()
    answer = mine(ask).post(one(ask), {"answer": "yes"})

    assert answer.status_code == 409
    for page in (shown, answer.content.decode()):
        when = f"from 13.00 to 15.00 on {words.weekday(ask.starts_at)}"
        assert f"You have written that you are away {when}. Change that, or say no." in page
        assert f'<a href="{reverse("visits:away")}">Your time away</a>' in page
    assert state(ask) == AskState.ASKED


def test_anybody_elses_ask_and_gathering_are_not_found(ask, facilitator_client):
    for address in (one(ask), own_page(ask), f"{own_page(ask)}calendar.ics", "/schedule/gathering/99999999999999999/"):
        assert facilitator_client.get(address).status_code == 404
    assert facilitator_client.post(one(ask), {"answer": "yes"}).status_code == 404
    assert state(ask) == AskState.ASKED


def test_nobody_enters_who_is_no_facilitator(ask, client, coordinator_client):
    for address in (one(ask), own_page(ask)):
        assert client.get(address)["Location"] == f"/account/login/?next={address}"
        assert coordinator_client.get(address).status_code == 403


# -- The page behind the link in the mail ----------------------------------------------------


def test_opening_the_link_changes_nothing_and_tells_nothing_of_the_calendar(client, ask):
    shown = [client.get(link(ask)).content.decode() for _time in range(3)][-1]

    assert "A question for you, Fatima" in shown
    assert "You are free" not in shown
    assert state(ask) == AskState.ASKED


@pytest.mark.parametrize(("answer", "becomes"), [("yes", AskState.ACCEPTED), ("no", AskState.DECLINED)])
def test_a_button_behind_the_link_answers_without_signing_in(client, ask, answer, becomes):
    shown = client.post(link(ask), {"answer": answer}, follow=True).content.decode()

    assert state(ask) == becomes
    assert f"You said {answer} to Network, group 7" in shown
    client.post(link(ask), {"answer": "undo"})
    assert state(ask) == AskState.ASKED


def test_the_link_of_a_gathering_that_was_called_off_says_so_and_later_opens_nothing(client, ask):
    address = link(ask)
    scheduling.call_off(ask.gathering)

    shown, refused = client.get(address), client.post(address, {"answer": "yes"})
    assert (shown.status_code, refused.status_code) == (200, 409)
    assert all("This gathering has been called off." in answer.content.decode() for answer in (shown, refused))
    assert not Booking.objects.exists()
    retention.forget_gatherings(timezone.now() + scheduling.TOLD_FOR)
    assert client.get(address).status_code == client.post(address, {"answer": "yes"}).status_code == 404


@pytest.mark.parametrize("signs_in", [True, False])
def test_what_is_gone_or_called_off_at_the_moment_of_the_press_is_told_and_never_an_error(ask, monkeypatch, signs_in):
    me, address = (mine(ask), one(ask)) if signs_in else (Client(), link(ask))

    def meanwhile(deed):
        """A colleague, or the clock, is faster than the yes."""

        def slower(read: GatheringAsk) -> GatheringAsk:
            deed(read.gathering)
            return scheduling.accept_helping(read)

        monkeypatch.setitem(helping.DEEDS, "yes", slower)

    meanwhile(scheduling.call_off)
    off = me.post(address, {"answer": "yes"})
    Gathering.ever.update(called_off_at=None)
    meanwhile(lambda there: Gathering.ever.filter(pk=there.pk).delete())
    gone = me.post(address, {"answer": "yes"})

    assert off.status_code == 409
    assert off.text.count("This gathering has been called off.") == 2
    assert gone.status_code == 404
    assert not Booking.objects.exists()


# -- The gathering's own page ----------------------------------------------------------------


def test_who_helps_reads_when_where_how_to_get_there_with_whom_and_in_which_words(ask):
    other = scheduling.accept_helping(GatheringAskFactory(gathering=ask.gathering))
    GatheringAskFactory(gathering=ask.gathering)
    scheduling.accept_helping(ask)

    shown = mine(ask).get(own_page(ask)).content.decode()

    for said in (
        "Network, group 7", "13.00–15.00", "Eksjö", "Österlånggatan 1", "The train stops outside.", "As last time?",
        f"{other.facilitator.name} helps", "Linda Berg", "Into my calendar", "I cannot come after all",
    ):  # fmt: skip
        assert said in shown


def test_without_a_place_or_company_it_says_so():
    ask = GatheringAskFactory()
    scheduling.accept_helping(ask)

    shown = mine(ask).get(own_page(ask)).content.decode()

    assert "The place is not settled yet" in shown
    assert "Nobody else has said yes yet" in shown
    assert "The way there" not in shown


def test_who_has_not_said_yes_is_led_to_the_question_and_who_has_to_the_gathering(ask):
    me = mine(ask)

    asked = me.get(own_page(ask))
    scheduling.accept_helping(ask)
    answered = me.get(one(ask))

    assert asked["Location"] == one(ask)
    assert answered["Location"] == own_page(ask)


def test_what_is_over_takes_no_word_back(ask):
    scheduling.accept_helping(ask)
    with time_machine.travel(ask.ends_at + timedelta(hours=1)):
        shown = mine(ask).get(own_page(ask)).content.decode()

    assert "You helped" in shown
    assert "I cannot come after all" not in shown


def test_a_yes_is_given_back_from_the_page_and_whoever_asked_is_told(ask):
    scheduling.accept_helping(ask)

    mine(ask).post(one(ask), {"answer": "no"})

    assert state(ask) == AskState.DECLINED
    assert Message.objects.get(kind="gathering_left").to_email == ask.asked_by.email


def test_the_gathering_is_saved_in_a_calendar_under_the_name_that_the_feed_gives_it(ask):
    scheduling.accept_helping(ask)

    answer = mine(ask).get(f"{own_page(ask)}calendar.ics")
    (event,) = Calendar.from_ical(answer.content).walk("vevent")

    assert answer["Content-Type"].startswith("text/calendar")
    assert (str(event["summary"]), str(event["location"])) == ("Network, group 7", "Eksjö")
    assert event["uid"].startswith(f"gathering-{ask.gathering_id}-{ask.facilitator_id}@")
    assert event.start == ask.starts_at


def test_the_pages_cost_the_same_for_many_as_for_one(ask):
    me = mine(ask)
    addresses = (ASKED, reverse("visits:schedule"))
    alone = [queries(me, address) for address in addresses]
    for weeks in (1, 2, 3):
        day = ask.gathering.day + timedelta(weeks=weeks)
        GatheringAskFactory(gathering=GatheringFactory(day=day), facilitator=ask.facilitator)

    assert [queries(me, address) for address in addresses] == alone
    assert alone[0] <= 9
    assert alone[1] <= 5
    scheduling.accept_helping(ask)
    two = queries(me, own_page(ask))
    GatheringAskFactory.create_batch(3, gathering=ask.gathering, state=AskState.ACCEPTED)
    assert queries(me, own_page(ask)) == two <= 6


# -- The way, the week, and who is beside ----------------------------------------------------


def works_at(person, site: Site | None, *, week: int | None = None) -> None:
    scheduling.prefer(person, weekdays=[1, 2, 3, 4, 5], visits_a_week=None, sessions_a_week=week, site=site)
    person.refresh_from_db()


def test_where_one_works_there_is_no_travel_and_elsewhere_it_is_told_how_long(ask):
    eksjo, ryhov = ask.gathering.site, SiteFactory(name="Ryhov")
    Travel.objects.create(one=ryhov, other=eksjo, minutes=70)
    Travel.objects.create(one=eksjo, other=ryhov, minutes=55, means="foot")
    told = []
    for home in (ryhov, eksjo, SiteFactory(name="Värnamo"), None):
        works_at(ask.facilitator, home)
        told.append(mine(ask).get(one(ask)).content.decode())

    assert ["55 minutes each way" in page for page in told] == [True, False, False, False]
    assert ["No travel for you" in page for page in told] == [False, True, False, False]


def test_the_way_to_a_session_is_told_too():
    led = AskFactory(session__site=SiteFactory(name="Eksjö"))
    works_at(led.facilitator, led.session.site)

    assert "No travel for you" in signed_in(led.facilitator.user).get(ASKED).content.decode()


def test_what_a_yes_makes_of_the_week_is_told_to_whoever_set_a_limit(ask):
    day, person = ask.gathering.day, ask.facilitator
    works_at(person, None, week=2)
    for starts in (time(8), time(10)):
        there = Gathering.objects.get(pk=GatheringFactory(day=day, starts=starts, ends=time(starts.hour + 1)).pk)
        scheduling.accept_helping(GatheringAskFactory(gathering=there, facilitator=person))
    elsewhen = Gathering.objects.get(pk=GatheringFactory(day=day + timedelta(weeks=1)).pk)
    later = GatheringAskFactory(gathering=elsewhen, facilitator=person)

    beyond, within = (mine(ask).get(one(found)).content.decode() for found in (ask, later))
    works_at(person, None)
    unlimited = mine(ask).get(one(ask)).content.decode()

    assert "With this you lead or help three times that week. You wrote “at most two”. Saying no is fine." in beyond
    assert "With this you lead or help once that week. You wrote “at most two”." in within
    assert "Saying no is fine." not in within
    assert "that week. You wrote" not in unlimited


def test_what_has_been_led_this_week_counts_on_either_page(ask):
    works_at(ask.facilitator, None, week=1)
    monday = ask.gathering.day - timedelta(days=ask.gathering.day.weekday())
    earlier = Gathering.objects.get(pk=GatheringFactory(day=monday, starts=time(8), ends=time(9)).pk)
    scheduling.accept_helping(GatheringAskFactory(gathering=earlier, facilitator=ask.facilitator))
    friday = Gathering.objects.get(pk=GatheringFactory(day=monday + timedelta(days=4)).pk)
    later = GatheringAskFactory(gathering=friday, facilitator=ask.facilitator, answer_by=friday.day)

    with time_machine.travel(at(monday + timedelta(days=2), 12)):
        pages = [mine(ask).get(address).content.decode() for address in (ASKED, one(later))]

    told = "With this you lead or help two times that week. You wrote “at most 1”."
    assert [told in page for page in pages] == [True, True]


def test_a_leader_reads_who_helps_and_who_tells_a_second_who_leads():
    session = SessionFactory()
    leads = AskFactory(session=session, facilitator__user__first_name="Erik")
    second = AskFactory(session=session, role="second", facilitator__user__first_name="Karin")
    voice = AskFactory(
        session=session, role="voice", facilitator__kind="living_library", facilitator__user__first_name="Gunvor",
        state=AskState.ACCEPTED,
    )  # fmt: skip
    AskFactory(session=session, facilitator__user__first_name="Nobody")

    alone = signed_in(leads.facilitator.user).get(ASKED).content.decode()
    scheduling.accept(second)
    together = signed_in(leads.facilitator.user).get(ASKED).content.decode()
    scheduling.accept(leads)
    page = reverse("visits:briefing", args=[second.pk])
    beside = signed_in(second.facilitator.user).get(page).content.decode()

    assert "Karin" not in alone
    assert f". {second.facilitator.name} helps" in together
    assert f". {voice.facilitator.name} from the Living Library tells their story" in together
    assert "You help" in beside
    assert f". {leads.facilitator.name} leads" in beside
    assert "Nobody" not in together


def test_who_is_asked_as_a_second_reads_that_they_would_help():
    second = AskFactory(role="second")

    shown = signed_in(second.facilitator.user).get(ASKED).content.decode()

    assert "<dd>Help to lead " in shown
    assert "<dd>Lead " not in shown


def test_a_site_that_is_not_there_is_refused_in_the_preferences_with_a_sentence(facilitator_client):
    typed = {"weekdays": ["1"], "visits_a_week": "", "sessions_a_week": "", "sessions_a_term": "", "site": "999"}

    answer = facilitator_client.post(reverse("visits:like"), typed)

    assert answer.status_code == 422
    assert "Choose one from the list." in answer.content.decode()


# -- The desk --------------------------------------------------------------------------------


def test_the_form_says_who_has_answered_what_and_unticking_lets_off(ask):
    desk, page = signed_in(CoordinatorFactory()), reverse("admin:visits_gathering_change", args=[ask.gathering_id])
    scheduling.accept_helping(ask)
    no = GatheringAskFactory(gathering=ask.gathering, state=AskState.DECLINED)
    there = ask.gathering
    typed = {
        "programme": there.programme_id, "day": there.day, "starts": "13:00", "ends": "15:00", "words_en": "Network",
        "facilitators_needed": "2", "site": there.site_id,
    }  # fmt: skip

    shown = desk.get(page).content.decode()
    answer = desk.post(page, typed | drawn_from(desk, page))

    assert f"{ask.facilitator.name} (has said yes)" in shown
    assert f"{no.facilitator.name} (has said no)" in shown
    assert answer.status_code == 302
    assert state(ask) == AskState.WITHDRAWN
    assert not Booking.objects.exists()


def test_whoever_is_asked_for_more_than_they_chose_is_asked_all_the_same_and_it_is_said():
    desk, person = signed_in(CoordinatorFactory()), FacilitatorFactory(weekdays=[2, 3, 4, 5])
    there = GatheringFactory.build()
    typed = {
        "programme": GatheringFactory().programme_id, "day": "2027-03-15", "starts": "13:00", "ends": "15:00",
        "facilitators_needed": "2", "words_en": there.words_en, "people": [person.pk],
    }  # fmt: skip

    shown = desk.post("/admin/visits/gathering/add/", typed, follow=True).content.decode()

    assert f"{person.name} is asked all the same: Monday is not a day that suits them." in shown
    assert GatheringAsk.objects.get().facilitator == person


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"day": "2020-03-16"}, "It is over, so nobody can be asked any more."),
        ({"people": ["999999"]}, "Choose among the answers."),
        ({"with_it": "a\x00b"}, "hidden character"),
        ({"with_it": "x" * 501}, "at most 500"),
        ({"ends": "12:00"}, "The end comes after the start."),
    ],
)
def test_what_cannot_be_asked_is_said_on_the_form_and_nobody_is_asked(wrong, said):
    desk, person = signed_in(CoordinatorFactory()), FacilitatorFactory()
    typed = {
        "programme": GatheringFactory().programme_id, "day": "2027-03-15", "starts": "13:00", "ends": "15:00",
        "facilitators_needed": "2", "words_en": "", "people": [person.pk],
    }  # fmt: skip

    answer = desk.post("/admin/visits/gathering/add/", typed | wrong)

    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not GatheringAsk.objects.exists()


def test_the_desk_calls_a_gathering_off_and_everybody_is_told(ask):
    desk, page = signed_in(CoordinatorFactory()), reverse("admin:visits_gathering_delete", args=[ask.gathering_id])
    scheduling.accept_helping(ask)
    Message.objects.create(
        key="an earlier mail", kind="gathering_ask", to_email="a@qulturum.example", language="en",
        due_at=timezone.now(), gathering_ask=ask,
    )  # fmt: skip

    answer = desk.post(page, {"post": "yes"} | drawn_from(desk, page))

    assert answer.status_code == 302
    assert not Gathering.objects.exists()
    assert Message.objects.get(kind="gathering_off").to_email == ask.facilitator.user.email


def test_the_week_of_the_season_says_that_somebody_is_lacking(ask):
    desk, day = signed_in(CoordinatorFactory()), ask.gathering.day

    shown = desk.get(f"{reverse('admin:season')}?week={day:%G-%V}").content.decode()

    assert "who helps: 0 of 1, one asked" in shown
