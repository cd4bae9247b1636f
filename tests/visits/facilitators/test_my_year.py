"""A facilitator's year: what counts, the share beside what was agreed on, and never a colleague's name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.conftest import signed_in
from tests.factories import (
    AskFactory,
    FacilitatorFactory,
    SessionFactory,
    UserFactory,
    VisitFactory,
    VisitRequestFactory,
)
from visits import contribution, rules
from visits.choices import AskState, FacilitatorKind, RequestState, Side
from visits.contribution.share import middle_of
from visits.drawing import month_bars, share_bar
from visits.models import Ask, Facilitator, LookBack, SessionHeld

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 9, 15, 10, tzinfo=rules.STOCKHOLM)


@pytest.fixture(autouse=True)
def autumn() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def person() -> Facilitator:
    return FacilitatorFactory(user__first_name="Fatima", user__last_name="Hosseini")


def led(
    person: Facilitator,
    day: date,
    *,
    state: AskState = AskState.ACCEPTED,
    visit: RequestState = RequestState.COMPLETED,
    case: dict[str, object] | None = None,
    **session: object,
) -> Ask:
    """An ask for a session of an hour, in a visit of its own."""
    request = VisitRequestFactory(state=visit, **(case or {}))
    of_visit = VisitFactory(request=request, first_day=day, last_day=day)
    return AskFactory(session=SessionFactory(visit=of_visit, **session), facilitator=person, state=state)


def year_of(person: Facilitator, year: int = 2027) -> contribution.Year:
    return contribution.year_of(person, year, timezone.now())


def test_a_year_is_added_up_by_what_was_led_and_by_month(person):
    led(person, date(2027, 3, 16), title="Walk the process", case={"country": "NO", "group_size": 8})
    led(person, date(2027, 5, 11), title="Walk the process", case={"country": "NO", "group_size": 5})
    led(person, date(2027, 5, 12), title="Meet Esther", case={"country": "GB", "group_size": 12})

    year = year_of(person)

    told = [(one.title, one.times, one.minutes) for one in year.given]
    assert told == [("Walk the process", 2, 120), ("Meet Esther", 1, 60)]
    assert (year.sessions, year.visits, year.countries, year.guests, year.minutes) == (3, 3, 2, 25, 180)
    assert year.months == [0, 0, 60, 0, 120, 0, 0, 0, 0, 0, 0, 0]


@pytest.mark.parametrize(
    "what",
    [
        {"state": AskState.DECLINED},
        {"state": AskState.WITHDRAWN},
        {"visit": RequestState.CANCELLED},
        {"visit": RequestState.AGREED},
        {"removed_at": NOW},
    ],
)
def test_what_did_not_come_about_is_not_counted(person, what):
    led(person, date(2027, 3, 16), **what)

    assert year_of(person).given == []


def test_a_session_that_was_not_held_is_not_counted_and_who_was_there_is(person):
    held, missed = (led(person, date(2027, 3, day), case={"group_size": 20}) for day in (16, 17))
    told = {"told_at": NOW, "told_by": person.user}
    SessionHeld.objects.create(session=held.session, people=13, **told)
    SessionHeld.objects.create(session=missed.session, why_not="The guests were late.", **told)

    year = year_of(person)

    assert (year.sessions, year.guests) == (1, 13)


def test_what_is_still_to_come_stands_apart(person):
    led(person, date(2027, 11, 2), visit=RequestState.CONFIRMED)

    year = year_of(person)

    assert (year.minutes, year.coming, year.given) == (0, 60, [])


def test_the_last_evening_of_december_belongs_to_its_own_year_as_our_clocks_go(person):
    ask = led(person, date(2026, 12, 31))
    start = datetime(2026, 12, 31, 23, 15, tzinfo=rules.STOCKHOLM)
    type(ask.session).objects.filter(pk=ask.session_id).update(starts_at=start, ends_at=start + timedelta(minutes=30))

    assert (year_of(person, 2026).minutes, year_of(person, 2027).minutes) == (30, 0)


def test_what_was_asked_is_counted_by_its_answer(person):
    for n, state in enumerate(
        (AskState.ACCEPTED, AskState.DECLINED, AskState.DECLINED, AskState.EXPIRED, AskState.ASKED)
    ):
        led(person, date(2027, 10, 4 + n), state=state, visit=RequestState.PROPOSED)
    led(person, date(2027, 10, 12), state=AskState.PLANNED)

    answers = year_of(person).answers

    assert (answers.asked, answers.yes, answers.no, answers.silent, answers.open) == (5, 1, 2, 1, 1)


def test_the_middle_half_is_told_of_five_colleagues_and_of_no_fewer():
    assert middle_of([10, 40, 50, 60]) is None
    assert middle_of([10, 40, 50, 60, 90]) == (40, 50, 60)


def test_the_share_is_held_against_ones_own_hours_and_the_colleagues_against_theirs(person):
    person.hours_a_year = 4
    person.save()
    led(person, date(2027, 3, 16))
    for n in range(5):
        other = FacilitatorFactory(hours_a_year=10)
        for day in range(n):
            led(other, date(2027, 4, 5 + day))
    FacilitatorFactory(hours_a_year=None)
    FacilitatorFactory(hours_a_year=1, is_active=False)

    share = contribution.share_of(person, year_of(person).minutes, 2027, timezone.now())

    assert share is not None
    assert (share.percent, share.left, share.over) == (25, 180, 0)
    assert share.middle == (10, 20, 30)


def test_without_hours_of_ones_own_there_is_no_share(person):
    assert contribution.share_of(person, 60, 2027, timezone.now()) is None


@pytest.mark.parametrize("hours", [0, 2001])
def test_own_hours_that_no_year_has_are_refused_by_the_database(person, hours):
    with pytest.raises(IntegrityError), transaction.atomic():
        Facilitator.objects.filter(pk=person.pk).update(hours_a_year=hours)


def test_the_line_is_as_long_as_the_longest_of_what_is_drawn():
    assert share_bar(78, (62, 78, 91)).middle == (372, 174)
    assert (share_bar(50, None).mine, share_bar(50, None).whole) == (300, 600)
    over = share_bar(200, (50, 100, 150))
    assert (over.mine, over.whole, over.middle, over.median) == (600, 300, (150, 300), 300)


def test_the_highest_month_fills_the_plot_and_an_empty_year_has_none():
    drawn = month_bars([0, 30, 60, *[0] * 9])
    assert [bar.height for bar in drawn.bars[:3]] == ["1", "39", "78"]
    assert drawn.highest == [2]
    assert month_bars([0] * 12).highest == []


# -- The page ------------------------------------------------------------------------------


def page(person: Facilitator, year: int | None = None, *, language: str = "") -> str:
    path = reverse("visits:my_year") if year is None else reverse("visits:my_year_of", args=[year])
    answer = signed_in(person.user).get(f"{language}{path}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_tells_the_year_and_no_colleagues_name(person):
    person.hours_a_year = 4
    person.save()
    ask = led(person, date(2027, 3, 16), title="Walk the process", case={"organisation_name": "Lakeside Health"})
    others = [FacilitatorFactory(hours_a_year=10, user__last_name=f"Colleague{n}") for n in range(5)]
    LookBack.objects.create(
        visit=ask.session.visit,
        side=Side.OURS,
        user=person.user,
        author_name="Fatima",
        takes_home="A list of one’s own.",
        shared_at=NOW,
    )

    told = page(person)

    assert "My year 2027" in told
    assert '<b class="dk-b">1\N{NO-BREAK SPACE}hour</b> of the 4 that you and your manager agreed on.' in told
    assert "you have used 25 %." in told
    assert "With 3\N{NO-BREAK SPACE}hours left you may say no, and say yes." in told
    assert "Walk the process" in told
    assert "A list of one’s own." in told
    assert "with Lakeside Health" in told
    assert "Most in March: 1\N{NO-BREAK SPACE}hour." in told
    assert reverse("visits:statement", args=[2027]) in told
    assert not [other for other in others if other.user.last_name in told]


def test_two_months_with_as_much_are_both_named(person):
    for month in (2, 3):
        led(person, date(2027, month, 16))

    assert "Most in February and March: 1\N{NO-BREAK SPACE}hour each." in page(person)


def test_an_empty_year_says_so_and_offers_no_statement(person):
    told = page(person)

    assert "Nothing yet in 2027." in told
    assert "You and your manager have not agreed on hours of your own yet." in told
    assert "No month has anything yet." in told
    assert "statement.pdf" not in told
    answer = signed_in(person.user).get(reverse("visits:statement", args=[2027]))
    assert answer["Location"] == reverse("visits:my_year_of", args=[2027])
    assert signed_in(person.user).get(reverse("visits:statement", args=[2030])).status_code == 404


def test_whoever_has_given_more_than_agreed_is_told_that_a_no_needs_no_reason(person):
    person.hours_a_year = 1
    person.save()
    for day in (16, 17):
        led(person, date(2027, 3, day))

    assert "You have given 1\N{NO-BREAK SPACE}hour more than you agreed on: a no needs no reason." in page(person)


def test_the_years_go_from_the_first_to_the_next(person):
    led(person, date(2026, 3, 17))
    client = signed_in(person.user)

    found = {
        year: client.get(reverse("visits:my_year_of", args=[year])).status_code for year in (2025, 2026, 2028, 2029)
    }

    assert found == {2025: 404, 2026: 200, 2028: 200, 2029: 404}
    assert client.get("/schedule/year/99999999999999999999/").status_code == 404


def test_in_swedish(person):
    led(person, date(2027, 3, 16), title="Gå processen")

    told = page(person, language="/sv")

    assert "Mitt år 2027" in told
    assert "Vad jag har bidragit med" in told
    assert "Mest i mars: 1\N{NO-BREAK SPACE}timme." in told
    assert 'href="/schedule/year/2027/statement.pdf" hreflang="en"' in told


def test_the_statement_is_a_paper_of_that_year(person):
    led(person, date(2027, 3, 16), title="Walk the process")

    answer = signed_in(person.user).get(reverse("visits:statement", args=[2027]))

    assert answer.status_code == 200
    assert answer["Content-Type"].startswith(("application/pdf", "text/html"))
    assert b"%PDF" in answer.content[:8] or b"Walk the process" in answer.content


def test_nobody_else_has_a_year(client, coordinator_client):
    UserFactory()
    assert coordinator_client.get(reverse("visits:my_year")).status_code == 403
    assert client.get(reverse("visits:my_year")).status_code == 302


def test_the_page_asks_the_same_however_much_there_is(person):
    person.hours_a_year = 40
    person.save()
    client = signed_in(person.user)

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(reverse("visits:my_year")).status_code == 200
        return len(asked)

    led(person, date(2027, 3, 16))
    cost()
    few = cost()
    for day in range(1, 20):
        led(person, date(2027, 4, day), title=f"Session {day}")
        led(FacilitatorFactory(hours_a_year=10), date(2027, 4, day))
    assert cost() == few


@pytest.mark.parametrize(("year", "last"), [(2027, "15 September 2027"), (2026, "31 December 2026")])
def test_a_year_that_goes_on_is_told_of_until_today_and_one_that_is_over_to_its_end(person, year, last):
    led(person, date(year, 3, 16))

    page = signed_in(person.user).get(reverse("visits:my_year_of", args=[year])).content.decode()

    assert f"Between 1 January {year} and {last}, Fatima Hosseini led" in page


def test_nobody_of_the_living_library_is_told_of_a_manager(person):
    person.kind = FacilitatorKind.LIVING_LIBRARY
    person.save(update_fields=["kind"])
    without = page(person)
    person.hours_a_year = 4
    person.save(update_fields=["hours_a_year"])

    told = page(person)

    assert "No hours of your own are agreed with you yet." in without
    assert "of the 4 that are agreed with you." in told
    assert "manager" not in without + told
