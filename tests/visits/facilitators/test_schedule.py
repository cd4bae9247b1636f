from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.conftest import signed_in
from tests.factories import (
    AskFactory,
    FacilitatorFactory,
    ProgrammeFactory,
    SessionFactory,
    VisitFactory,
    VisitRequestFactory,
)
from visits import rules, scheduling
from visits.choices import AskState, ClosureKind, RequestState
from visits.models import Ask, Booking, Closure, Facilitator, Gathering, VisitRequest

pytestmark = pytest.mark.django_db

MONDAY = datetime(2027, 3, 15, 8, 23, tzinfo=rules.STOCKHOLM)  # Monday of week 11


@pytest.fixture(autouse=True)
def _monday_morning():
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def person() -> Facilitator:
    return FacilitatorFactory(user__first_name="Fatima")


def ask(person: Facilitator, day: int, hour: int = 9, state: AskState = AskState.ACCEPTED, **kwargs: object) -> Ask:
    """An ask for a day of March 2027, in a visit of its own."""
    visit = VisitFactory(request=VisitRequestFactory(state=RequestState.CONFIRMED), first_day=date(2027, 3, day))
    return AskFactory(session=SessionFactory(visit=visit, hour=hour, **kwargs), facilitator=person, state=state)


def page(person: Facilitator, name: str, *args: object) -> str:
    answer = signed_in(person.user).get(reverse(f"visits:{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def away(person: Facilitator, first: int, last: int) -> None:
    scheduling.add_time_away(
        person, starts_at=rules.end_of(date(2027, 3, first - 1)), ends_at=rules.end_of(date(2027, 3, last))
    )


def test_the_schedule_opens_on_this_week_with_what_is_in_it(person):
    ask(person, 16, title="Walk the process")
    ask(person, 18, 14, AskState.ASKED, title="Meet Almadura")
    away(person, 19, 19)
    ask(person, 23, title="Next week")

    shown = page(person, "schedule")

    assert "Week 11, 15 to 19 March" in shown
    assert "Good morning, Fatima" in shown
    assert "Tuesday 16 March, 1 item" in shown
    assert "Walk the process" in shown
    assert "Meet Almadura" in shown
    assert "Not available" in shown
    assert "Next week" not in shown
    assert "A free week." not in shown
    assert 'class="ev at-0900 len-60"' in shown
    assert 'class="now-line at-0830"' in shown


def test_a_free_week_says_what_comes_next(person):
    ask(person, 23, title="Walk the process")

    shown = page(person, "schedule")

    assert "A free week." in shown
    assert "Next: Tuesday 23 March" in shown


def test_somebody_with_nothing_before_them_is_told_so(person):
    assert "Nothing is planned for you yet." in page(person, "schedule")
    assert "Nothing today." in page(person, "schedule_today")


def test_on_a_phone_today_and_what_comes_stand_before_what_is_over(person):
    ask(person, 15, title="On Monday")
    ask(person, 17, title="On Wednesday")
    ask(person, 19, title="On Friday")

    with time_machine.travel(MONDAY + timedelta(days=2), tick=False):
        shown = page(person, "schedule")

    agenda = shown[shown.index('aria-label="Agenda"') :]
    order = sorted(["On Monday", "On Wednesday", "On Friday"], key=agenda.index)
    assert order == ["On Wednesday", "On Friday", "On Monday"]
    assert "Today, Wednesday 17 March" in agenda


def test_what_overlaps_stands_side_by_side(person):
    ask(person, 16, 9, AskState.ASKED, title="One")
    ask(person, 16, 9, AskState.ASKED, title="Two")

    shown = page(person, "schedule")

    assert shown.count("of-2 n-0") == shown.count("of-2 n-1") == 1


def test_a_weekend_is_listed_under_the_grid(person):
    ask(person, 20, title="A Saturday walk")

    shown = page(person, "schedule")

    assert shown.count("A Saturday walk") == 2  # under the grid, and in the phone's agenda


@pytest.mark.parametrize(("saturday", "week"), [(False, "Week 12, 22 to 26 March"), (True, "Week 11, 15 to 19 March")])
def test_on_a_weekend_with_nothing_left_in_it_the_week_that_comes_is_shown(person, saturday, week):
    ask(person, 16, title="Over")
    ask(person, 23, title="To come")
    if saturday:
        ask(person, 20, title="A Saturday walk")

    with time_machine.travel(MONDAY + timedelta(days=5), tick=False):
        shown = page(person, "schedule")

    assert week in shown
    assert ("A Saturday walk" in shown, "To come" in shown) == (saturday, not saturday)


def test_a_cancelled_session_is_told_for_fourteen_days(person):
    gone = ask(person, 30, title="Walk the process")
    scheduling.withdraw_ask(gone, by=None)
    VisitRequest.objects.update(state=RequestState.CANCELLED)

    shown = page(person, "schedule_week", 2027, 13)
    with time_machine.travel(MONDAY + timedelta(days=15), tick=False):
        later = page(person, "schedule_week", 2027, 13)

    assert "<s>Walk the process</s>" in shown
    assert "Cancelled. You need do nothing." in shown
    assert "Walk the process" not in later


def test_a_session_that_was_changed_and_asked_again_is_shown_once(person):
    old = ask(person, 16, title="Walk the process")
    scheduling.withdraw_ask(old, by=None)
    AskFactory(session=old.session, facilitator=person)

    shown = page(person, "schedule")

    assert "<s>" not in shown
    assert "Waits for your answer" in shown


def test_who_is_not_told_yet_sees_nothing(person):
    ask(person, 16, state=AskState.PLANNED, title="Not told")

    assert "Not told" not in page(person, "schedule")


def test_a_visit_that_is_not_confirmed_is_said_not_to_be_settled(person):
    ask(person, 16)
    VisitRequest.objects.update(state=RequestState.AGREED)

    assert "Not settled yet" in page(person, "schedule")


def test_today_is_a_list_of_today(person):
    ask(person, 15, 13, title="Walk the process")
    ask(person, 16, title="Tomorrow's")

    shown = page(person, "schedule_today")

    assert "Monday 15 March 2027" in shown
    assert "Walk the process" in shown
    assert "Tomorrow's" not in shown


def test_a_month_shows_sessions_asks_time_away_and_closed_days(person):
    ask(person, 16, title="Walk the process")
    ask(person, 18, 14, AskState.ASKED, title="Meet Almadura")
    away(person, 22, 23)
    Closure.objects.create(
        kind=ClosureKind.FESTIVAL, first_day=date(2027, 3, 1), last_day=date(2027, 3, 2),
        words_en="Come to the festival instead.", words_sv="Kom till festivalen i stället.",
    )  # fmt: skip

    shown = page(person, "schedule_month", 2027, 3)

    assert "March 2027" in shown
    assert "1 waits for your answer" in shown
    assert "Good Friday" in shown
    expected = {"Walk the process": 2, "Meet Almadura": 2, "Not available": 4, "Microsystem Festival": 4}
    for words, times in expected.items():
        assert shown.count(f"<b>{words}</b>") == times  # in the table, and in the phone's list


def test_an_empty_month_says_so(person):
    assert "Nothing in June." in page(person, "schedule_month", 2027, 6)


@pytest.mark.parametrize(
    "address",
    [
        "week/2027/0/", "week/2027/53/", "week/2027/99/", "week/0/1/", "week/9999/52/", "week/1999/1/",
        "week/99999999999999999999/1/", "month/2027/0/", "month/2027/13/", "month/0/1/", "month/9999/12/",
        "month/2027/99999999999999999999/", "week/-1/1/", "week/2027/x/", "month/2100/1/",
    ],
)  # fmt: skip
def test_a_week_or_month_that_does_not_exist_is_not_found(person, address):
    assert signed_in(person.user).get(f"/schedule/{address}").status_code == 404


@pytest.mark.parametrize(
    "address", ["week/2026/53/", "week/2000/1/", "week/2099/1/", "month/2000/1/", "month/2099/12/"]
)
def test_the_first_and_last_leaves_of_the_calendar_can_be_turned_to(person, address):
    assert signed_in(person.user).get(f"/schedule/{address}").status_code == 200


def test_a_facilitator_sees_their_own_only(person):
    other = ask(FacilitatorFactory(), 16, title="Somebody else's")
    me = signed_in(person.user)

    assert "Somebody else" not in page(person, "schedule")
    assert me.get(reverse("visits:briefing", args=[other.pk])).status_code == 404


def test_a_week_shows_the_days_that_are_closed_as_its_month_does(person):
    Closure.objects.create(
        kind=ClosureKind.CLOSED, first_day=date(2026, 12, 23), last_day=date(2026, 12, 23),
        words_en="The house is painted", words_sv="Huset målas",
    )  # fmt: skip
    me = signed_in(person.user)

    week = me.get("/schedule/week/2026/52/").content.decode()
    after = me.get("/schedule/week/2026/53/").content.decode()
    swedish = me.get("/sv/schedule/week/2026/52/").content.decode()

    for said in ("Closed, The house is painted", "Closed, Christmas Eve", "Closed, Christmas Day"):
        assert week.count(said) == 3  # over its column, to whoever hears it, and in the list
    assert "Thursday 24 December, Closed, Christmas Eve, 0 items" in week
    assert "A free week." in week
    assert "Closed, New Year" in after
    assert "Stängt, julafton" in swedish.replace("Julafton", "julafton")
    assert "Closed" not in me.get("/schedule/week/2026/50/").content.decode()


PAGES = ["schedule", "schedule_today", "asked", "away", "subscribe"]


@pytest.mark.parametrize("name", PAGES)
def test_a_stranger_is_sent_to_sign_in(client, name):
    address = reverse(f"visits:{name}")

    answer = client.get(address)

    assert (answer.status_code, answer["Location"]) == (302, f"/account/login/?next={address}")


@pytest.mark.parametrize("name", PAGES)
def test_staff_without_a_calendar_and_facilitators_who_have_left_may_not_enter(coordinator_client, name):
    left = FacilitatorFactory(is_active=False)

    assert coordinator_client.get(reverse(f"visits:{name}")).status_code == 403
    assert signed_in(left.user).get(reverse(f"visits:{name}")).status_code == 403


@pytest.mark.parametrize("name", ["schedule", "schedule_today", "schedule_month"])
def test_pages_cost_as_many_queries_for_many_rows_as_for_one(person, name):
    args = [2027, 3] if name == "schedule_month" else []
    me = signed_in(person.user)
    address = reverse(f"visits:{name}", args=args)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            me.get(address)
        return len(found)

    ask(person, 15, 10)
    one = queries()
    ask(person, 16, state=AskState.ASKED)
    ask(person, 17)
    three = queries()
    for hour in range(9, 17):
        ask(person, 18, hour)
    away(person, 22, 26)

    assert queries() == three == one <= 5


@pytest.mark.parametrize("name", ["schedule", "schedule_today", "schedule_month"])
def test_what_lies_outside_the_days_that_are_shown_is_read_in_short(person, name, monkeypatch, settings):
    settings.QULTURUM_UNDO_MINUTES = 10  # what can be taken back is asked for too
    args = [2027, 3] if name == "schedule_month" else []
    me, read = signed_in(person.user), []
    from_db = Ask.from_db.__func__  # what makes an ask of a row
    monkeypatch.setattr(Ask, "from_db", classmethod(lambda cls, *row: read.append(cls) or from_db(cls, *row)))
    ask(person, 15, 10)
    april = VisitFactory(request=VisitRequestFactory(state=RequestState.CONFIRMED), first_day=date(2027, 4, 20))
    for hour in range(8, 17):
        scheduling.accept(AskFactory(session=SessionFactory(visit=april, hour=hour), facilitator=person))
    read.clear()

    with CaptureQueriesContext(connection) as found:
        answer = me.get(reverse(f"visits:{name}", args=args))

    assert answer.status_code == 200
    assert (len(read), len(found)) == (1, 5 if name == "schedule_today" else 6)


def test_preparation_leads_to_the_session_and_a_long_time_away_is_shown_on_each_of_its_days(person):
    mine = scheduling.accept(ask(person, 16, state=AskState.ASKED, title="Walk the process"))
    starts = mine.session.starts_at
    Booking.objects.create(
        facilitator=person, session=mine.session, kind="prepare", starts_at=starts - timedelta(hours=1), ends_at=starts
    )
    away(person, 22, 31)

    week, other = page(person, "schedule"), page(person, "schedule_week", 2027, 13)

    assert "Preparation" in week
    assert week.count(f'href="/schedule/session/{mine.pk}/"') == 4  # each of the two, in the grid and in the list
    assert other.count("Not available</b>") == 6  # Monday to Wednesday, in the grid and in the list
    assert "<dt>Next free week</dt><dd><b>Week 14</b>" in week


def test_a_gathering_is_no_time_away_and_preparation_is_part_of_a_visit(person):
    mine = ask(person, 16, title="Walk the process")
    starts = mine.session.starts_at
    gathering = Gathering.objects.create(
        programme=ProgrammeFactory(), day=date(2027, 3, 17), starts=time(13), ends=time(15), facilitators_needed=1,
        words_en="Network 4", words_sv="Nätverk 4",
    )  # fmt: skip
    Booking.objects.create(
        facilitator=person, session=mine.session, kind="prepare", starts_at=starts - timedelta(hours=1), ends_at=starts
    )
    Booking.objects.create(
        facilitator=person, gathering=gathering, kind="network",
        starts_at=gathering.starts_at, ends_at=gathering.ends_at,
    )  # fmt: skip

    week, month = page(person, "schedule"), page(person, "schedule_month", 2027, 3)

    assert re.findall(r'<a class="ev [^"]*? ?(ask|net|off)?" href', week) == ["", "", "net"]
    assert week.count('<span class="net"><b>Network 4</b>') == 1
    assert month.count('<a class="dk-ev n"') == 2
    assert month.count('<a class="dk-ev v"') == 4  # the session and what lies before it, in both lists


def test_the_half_year_is_told_in_numbers(person):
    ask(person, 16)
    colleague = FacilitatorFactory()
    for day in (17, 18, 19):
        ask(colleague, day)
    away(person, 22, 26)

    shown = page(person, "schedule")

    assert "This spring" in shown
    assert '<dt>Visits you lead</dt><dd class="num"><b>1</b>' in shown
    assert '<dt>The team average</dt><dd class="num"><b>2</b>' in shown
    assert "<dt>Next free week</dt><dd><b>Week 13</b>" in shown


def test_in_swedish_the_schedule_is_swedish(person):
    ask(person, 16)

    shown = signed_in(person.user).get("/sv/schedule/").content.decode()

    assert "Vecka 11, 15 till 19 mars" in shown
    assert "God morgon, Fatima" in shown
    assert "Du leder" in shown


def test_a_holiday_is_written_as_we_write(person):
    assert "Closed, New Year’s Eve" in page(person, "schedule_week", 2026, 53)


# -- The briefing -------------------------------------------------------------------------


def test_the_briefing_tells_when_where_who_and_the_guests_own_words(person, coordinator):
    mine = ask(person, 16, 13, title="Walk the process")
    request = mine.session.visit.request
    request.coordinator = coordinator
    request.big_questions = ["Who holds the pen?"]
    request.save(update_fields=["coordinator", "big_questions"])
    mine.session.visit.participants.create(name="Moira Reid", role="patient partner")
    SessionFactory(visit=mine.session.visit, hour=15, title="What did we hear?")
    helper = AskFactory(session=mine.session, facilitator__user__first_name="Jonas", facilitator__user__last_name="Ek")
    scheduling.accept(helper)

    shown = page(person, "briefing", mine.pk)

    for words in (
        "Your briefing for tomorrow", "Tomorrow, Tuesday 16 March", "13.00–14.00", "Jonas Ek helps", "Maja Lindqvist",
        "6 people, United Kingdom: nurses and care staff, patients or relatives", "Who holds the pen?",
        "Moira Reid", "What did we hear?", "Volunteers phone people who live alone.", request.reference, "Confirmed",
    ):  # fmt: skip
        assert words in shown


@pytest.mark.parametrize("state", [AskState.ASKED, AskState.DECLINED, AskState.WITHDRAWN, AskState.EXPIRED])
def test_there_is_no_briefing_for_what_was_not_accepted(person, state):
    other = ask(person, 16, state=state)

    assert signed_in(person.user).get(reverse("visits:briefing", args=[other.pk])).status_code == 404


def test_the_briefing_tells_nothing_about_food_or_access(person):
    mine = ask(person, 16)
    request = mine.session.visit.request
    VisitRequest.objects.update(other_needs="nut allergy", contact_phone="+46 70 000 00 00")

    shown = page(person, "briefing", mine.pk)

    for secret in ("nut allergy", "+46 70", request.contact_email):
        assert secret not in shown


def test_a_briefing_costs_the_same_for_many_people(person, django_assert_max_num_queries):
    mine = ask(person, 16)
    me = signed_in(person.user)
    for n in range(20):
        mine.session.visit.participants.create(name=f"Person {n}")

    with django_assert_max_num_queries(11):  # what is remembered of them, and whose their questions are, too
        me.get(reverse("visits:briefing", args=[mine.pk]))


def test_dates_of_today_are_those_of_stockholm(person):
    late = datetime(2027, 3, 15, 23, 30, tzinfo=rules.STOCKHOLM)
    with time_machine.travel(late + timedelta(hours=1), tick=False):
        assert timezone.localdate() == date(2027, 3, 16)
        assert "Tuesday 16 March 2027" in page(person, "schedule_today")
