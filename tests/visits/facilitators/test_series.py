"""Time away that comes again: every week or every few, whole days or hours, until a day, ended from a day on."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.conftest import signed_in
from tests.factories import AskFactory, FacilitatorFactory, SessionFactory, VisitFactory
from tests.visits.facilitators.test_away import ADDRESS, saved, typed
from visits import rules, scheduling
from visits.choices import AskState
from visits.models import AwaySeries, Booking, Facilitator

pytestmark = pytest.mark.django_db

TUESDAYS = typed("weekly", "2 3 2027", "27 4 2027", "13.00", "17.00") | {"every": "2"}
FRIDAYS = typed("weekly", "5 3 2027", "26 3 2027")


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(datetime(2026, 11, 22, 12, 0, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def person() -> Facilitator:
    return FacilitatorFactory()


@pytest.fixture
def me(person: Facilitator) -> Client:
    return signed_in(person.user)


def walls() -> list[str]:
    return [f"{starts.astimezone(rules.STOCKHOLM):%d.%m %H.%M}" for starts, _ends in saved()]


def end(series: AwaySeries) -> str:
    return reverse("visits:away_end", args=[series.pk])


def day_of(day: str) -> dict[str, str]:
    return {f"from_day_{number}": part for number, part in enumerate(day.split(" "))}


def test_every_second_tuesday_is_by_the_wall_on_both_sides_of_the_clock_change_and_shown_as_one(me):
    answer = me.post(ADDRESS, TUESDAYS, follow=True)

    assert walls() == ["02.03 13.00", "16.03 13.00", "30.03 13.00", "13.04 13.00", "27.04 13.00"]
    assert {(ends - starts).seconds for starts, ends in saved()} == {4 * 3600}
    shown = answer.content.decode()
    assert "Every second Tuesday" in shown
    assert "13.00–17.00, until 27 April 2027" in shown
    assert shown.count("<summary>") - signed_out_of_series(me) == 2
    assert AwaySeries.objects.get().bookings.count() == 5


def signed_out_of_series(me: Client) -> int:
    """How many summaries the page has without any series."""
    Booking.objects.all().update(series=None)
    page = me.get(ADDRESS).content.decode()
    Booking.objects.all().update(series=AwaySeries.objects.get())
    return page.count("<summary>")


def test_every_friday_is_whole_days_until_the_last_that_comes(me):
    me.post(ADDRESS, FRIDAYS | typed("weekly", "5 3 2027", "1 4 2027"))

    assert [day.astimezone(rules.STOCKHOLM).date().day for day, _ends in saved()] == [5, 12, 19, 26]
    series = AwaySeries.objects.get()
    assert (series.last_day, series.starts, series.every) == (date(2027, 3, 26), None, 1)
    assert "Every Friday" in me.get(ADDRESS).content.decode()


def test_the_words_at_the_last_day_are_true_for_one_day_and_for_what_comes_again(me):
    last_day = me.get(ADDRESS).content.decode().partition("<legend>Last day")[2].partition("</fieldset>")[0]

    assert last_day.startswith("</legend>")
    assert "For one day, leave it empty. What comes every week, or every few, needs it, within a year." in last_day


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (typed("weekly", "5 3 2027"), "Write the last day, within a year: this comes again until then."),
        (typed("weekly", "5 3 2027", "26 3 2029"), "Choose a last day that comes after the first, within a year."),
        (typed("weekly", "7 3 2027", "4 4 2027", "02.15", "04.00"), "there is no 02.15"),
        (typed("weekly", "3 10 2027", "7 11 2027", "01.00", "02.30"), "02.30 comes twice"),
        (TUESDAYS | {"every": "9"}, "Choose one from the list."),
        (TUESDAYS | {"every": "x"}, "Choose one from the list."),
    ],
)
def test_what_cannot_come_again_is_said_and_kept_and_nothing_is_saved(me, data, said):
    answer = me.post(ADDRESS, data)

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert said in shown
    assert 'value="weekly"' in shown
    assert saved() == []
    assert not AwaySeries.objects.exists()


def test_what_stands_in_the_way_of_one_time_is_named_and_none_is_saved(me, person):
    visit = VisitFactory(first_day=date(2027, 3, 16))
    ask = AskFactory(session=SessionFactory(visit=visit, hour=14, title="Walk the process"), facilitator=person)
    scheduling.accept(ask)

    answer = me.post(ADDRESS, TUESDAYS)

    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "1 session is touched" in shown
    assert "Walk the process" in shown
    assert '<option value="2" selected>' in shown
    assert saved() == []
    assert not AwaySeries.objects.exists()
    assert me.post(ADDRESS, TUESDAYS | {"let_go": "1"}).status_code == 302
    ask.refresh_from_db()
    assert (ask.state, len(saved())) == (AskState.DECLINED, 5)


def test_a_series_is_ended_from_a_day_on_and_what_was_before_stays(me):
    me.post(ADDRESS, TUESDAYS)
    series = AwaySeries.objects.get()

    shown = me.post(end(series), day_of("30 3 2027"), follow=True).content.decode()

    assert "3 times are free again." in shown
    assert walls() == ["02.03 13.00", "16.03 13.00"]
    assert "until 16 March 2027" in shown
    assert "Nothing has changed" in me.post(end(series), day_of("30 3 2027"), follow=True).content.decode()
    me.post(end(series), day_of("1 1 2027"))
    assert saved() == []
    assert not AwaySeries.objects.exists()
    assert me.post(end(series), day_of("1 1 2027")).status_code == 404


def test_one_time_of_a_series_is_left_out_and_the_others_stay(me):
    me.post(ADDRESS, TUESDAYS)
    series = AwaySeries.objects.get()
    second, *_between, last = series.bookings.order_by("starts_at")[1:]
    press = f'action="{reverse("visits:away_remove", args=[second.pk])}"'
    assert press in me.get(ADDRESS).content.decode()

    shown = me.post(reverse("visits:away_remove", args=[second.pk]), follow=True).content.decode()

    assert walls() == ["02.03 13.00", "30.03 13.00", "13.04 13.00", "27.04 13.00"]
    assert press not in shown
    assert "until 27 April 2027" in shown
    assert "until 13 April 2027" in me.post(reverse("visits:away_remove", args=[last.pk]), follow=True).content.decode()
    for booking in series.bookings.all():
        me.post(reverse("visits:away_remove", args=[booking.pk]))
    assert not AwaySeries.objects.exists()


def test_a_series_that_has_begun_keeps_what_is_over(me, person):
    me.post(ADDRESS, FRIDAYS)
    with time_machine.travel(datetime(2027, 3, 14, 12, 0, tzinfo=UTC), tick=False):
        me = signed_in(person.user)
        me.post(end(AwaySeries.objects.get()), day_of("14 3 2027"))
        shown = me.get(ADDRESS).content.decode()

    assert len(saved()) == 2
    assert "Every Friday" not in shown  # nothing of it is to come


@pytest.mark.parametrize("typed_day", ["", "30 2 2027", "soon"])
def test_a_day_that_cannot_be_read_ends_nothing_and_is_kept(me, typed_day):
    me.post(ADDRESS, FRIDAYS)

    answer = me.post(end(AwaySeries.objects.get()), day_of(typed_day) if typed_day else {})

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "There is a problem" in shown
    assert not typed_day or f'value="{typed_day.split(" ")[0]}"' in shown
    assert len(saved()) == 4


def test_nobody_ends_the_series_of_another(me):
    me.post(ADDRESS, FRIDAYS)
    series = AwaySeries.objects.get()

    assert signed_in(FacilitatorFactory().user).post(end(series), day_of("1 1 2027")).status_code == 404
    assert me.get(end(series)).status_code == 405
    assert len(saved()) == 4


def test_three_series_cost_as_many_queries_as_one(me):
    def look() -> int:
        with CaptureQueriesContext(connection) as found:
            me.get(ADDRESS)
        return len(found)

    me.post(ADDRESS, FRIDAYS)
    me.get(ADDRESS)
    one = look()
    me.post(ADDRESS, TUESDAYS)
    me.post(ADDRESS, typed("weekly", "3 3 2027", "31 3 2027"))
    me.get(ADDRESS)

    assert look() == one


@pytest.mark.parametrize(
    "wrong",
    [
        {"last_day": date(2027, 3, 4)}, {"every": 0}, {"every": 5}, {"starts": time(9)},
        {"starts": time(9), "ends": time(9)},
    ],
)  # fmt: skip
def test_the_database_refuses_a_series_that_makes_no_sense(person, wrong):
    right = {"facilitator": person, "first_day": date(2027, 3, 5), "last_day": date(2027, 3, 26)}

    with pytest.raises(IntegrityError), transaction.atomic():
        AwaySeries.objects.create(**right | wrong)
    AwaySeries.objects.create(**right)


def test_the_database_refuses_a_session_that_is_said_to_be_read_or_to_come_again(person):
    scheduling.accept(AskFactory(facilitator=person))
    series = AwaySeries.objects.create(facilitator=person, first_day=date(2027, 3, 5), last_day=date(2027, 3, 5))

    for wrong in ({"imported": True}, {"series": series}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Booking.objects.update(**wrong)
