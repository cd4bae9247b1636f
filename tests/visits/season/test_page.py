"""The season calendar of the desk: half a year to look at, one week to change."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.conftest import signed_in
from tests.factories import (
    DraftFactory,
    FacilitatorFactory,
    LogisticsFactory,
    ManagerFactory,
    ProgrammeFactory,
    UserFactory,
    VisitFactory,
    VisitRequestFactory,
    at,
    wished_day,
)
from visits import season, weeks
from visits.admin.season import Half
from visits.choices import BookingHold, BookingKind, ClosureKind, RequestState
from visits.models import Booking, Closure, Gathering, HistoryEntry, User, VisitRequest, WeekPlan
from visits.season import Week

pytestmark = pytest.mark.django_db
S = RequestState


def page_of(week: Week) -> str:
    return f"{reverse('admin:season')}?week={week.year}-{week.number}"


def typed(week: Week, capacity: str, **more: str) -> dict[str, str]:
    plan = WeekPlan.objects.filter(monday=week.monday).first()
    empty = {"words_en": "", "words_sv": "", "because": "", "read": ""}
    return empty | {"seen": str(plan.version if plan else 0), "capacity": capacity} | more


@pytest.fixture
def week() -> Week:
    return season.week_of(wished_day())


def standing(state: S = S.CONFIRMED) -> VisitRequest:
    return VisitFactory(request=VisitRequestFactory(state=state)).request


@pytest.mark.parametrize(("year", "count"), [(2026, 27), (2027, 26)])
def test_every_week_of_a_year_is_in_one_of_its_halves(year: int, count: int) -> None:
    spring, autumn = Half(year, is_autumn=False), Half(year, is_autumn=True)

    assert (len(spring.weeks), len(autumn.weeks)) == (26, count)
    assert spring.moved(1) == autumn
    assert autumn.moved(1) == Half(year + 1, is_autumn=False)


def test_the_calendar_shows_what_is_in_a_week(coordinator_client: Client, week: Week) -> None:
    settled, proposed, waits = standing(), standing(S.PROPOSED), VisitRequestFactory(state=S.WAITLISTED)
    DraftFactory()
    Gathering.objects.create(
        programme=ProgrammeFactory(name_en="Learning Networks"), day=week.monday, starts=time(13), ends=time(15)
    )
    Closure.objects.create(
        kind=ClosureKind.FESTIVAL, first_day=week.monday, last_day=week.workdays[-1],
        words_en="The festival.", words_sv="Festivalen.",
    )  # fmt: skip

    page = coordinator_client.get(page_of(week)).text

    assert "2 of 3 visits" in page
    assert all(one.organisation_name in page for one in (settled, proposed, waits))
    assert all(
        told in page
        for told in ("Learning Networks", "13.00–15.00", "who helps: 0 of 1", "The festival.", "still being written")
    )


def test_nobody_reads_why_somebody_is_away(coordinator_client: Client, week: Week) -> None:
    person = FacilitatorFactory(user__first_name="Orvokki")
    FacilitatorFactory()
    Booking.objects.create(
        facilitator=person, kind=BookingKind.AWAY, hold=BookingHold.FIRM,
        starts_at=at(week.monday, 8), ends_at=at(week.monday, 17),
    )  # fmt: skip

    page = coordinator_client.get(page_of(week)).text

    assert "Mon 1, Tue 2, Wed 2" in page
    assert "Orvokki" not in page


def test_an_empty_half_year_says_so(coordinator_client: Client) -> None:
    page = coordinator_client.get(f"{reverse('admin:season')}?half=2031-2").text

    assert "Season calendar, autumn 2031" in page
    assert "No visit has a place in this half year yet" in page


@pytest.mark.parametrize(
    "query",
    ["week=0000-1", "week=2027-54", "week=9999-99", "half=2027-3", "half=", "week=२०२७-१", "week=2027-0"],
)
def test_an_address_that_names_no_week_shows_the_one_we_are_in(coordinator_client: Client, query: str) -> None:
    answer = coordinator_client.get(f"{reverse('admin:season')}?{query}")

    now = season.week_of(timezone.localdate())
    assert answer.status_code == 200
    assert answer.context["page"].week == now


def test_the_calendar_asks_the_database_as_often_for_one_visit_as_for_many(
    coordinator_client: Client, week: Week, django_assert_max_num_queries
) -> None:
    counts = []

    for _round in range(2):
        for _visit in range(3):
            standing()
            VisitRequestFactory(state=S.WAITLISTED)
            DraftFactory()
            FacilitatorFactory()
        Gathering.objects.create(programme=ProgrammeFactory(), day=week.monday, starts=time(13), ends=time(15))
        with django_assert_max_num_queries(26) as queries:
            coordinator_client.get(page_of(week))
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_a_week_that_touches_nobody_is_saved_at_once(coordinator_client: Client, week: Week) -> None:
    answer = coordinator_client.post(page_of(week), typed(week, "1"), follow=True)

    assert f"Week {week.number} takes 1." in answer.text
    assert WeekPlan.objects.get().capacity == 1


def test_a_smaller_week_shows_first_what_it_touches(coordinator_client: Client, week: Week) -> None:
    case = VisitRequestFactory()

    shown = coordinator_client.post(page_of(week), typed(week, "0"))

    assert "Nothing in week" in shown.text
    assert "They wish for this week. Offer them other days." in shown.text
    assert not WeekPlan.objects.exclude(version=0).exists()
    assert not HistoryEntry.objects.filter(request=case, what="week_changed").exists()


def test_what_was_read_is_saved_with_the_next_press_and_opened_again(coordinator_client: Client, week: Week) -> None:
    case = VisitRequestFactory()
    shown = coordinator_client.post(page_of(week), typed(week, "0"))

    saved = coordinator_client.post(page_of(week), typed(week, "0", read=shown.context["page"].read), follow=True)
    opened = coordinator_client.post(page_of(week), typed(week, "usual"), follow=True)

    assert f"Week {week.number} is closed to guests." in saved.text
    assert f"Week {week.number} takes 3." in opened.text
    assert WeekPlan.objects.get().capacity is None
    history = reverse("admin:visits_visitrequest_history", args=[case.pk])
    assert f"changed how many visits week {week.number} takes: 0" in coordinator_client.get(history).text


def test_words_are_written_in_both_languages_or_in_none(coordinator_client: Client, week: Week) -> None:
    answer = coordinator_client.post(page_of(week), typed(week, "1", words_en="One visit only."))

    assert answer.status_code == 422
    assert "Write it in both languages, or leave both empty." in answer.text
    assert 'value="One visit only."' in answer.text
    assert not WeekPlan.objects.exists()


def test_an_old_page_is_told_what_has_happened(coordinator_client: Client, week: Week) -> None:
    weeks.change_week(week, weeks.Wish(2), by=ManagerFactory(first_name="Gun", last_name="Berg"), seen=0, read="")

    answer = coordinator_client.post(page_of(week), typed(week, "1", seen="0"))

    assert answer.status_code == 409
    assert "Gun Berg was faster" in answer.text
    assert WeekPlan.objects.get().capacity == 2


@pytest.mark.parametrize("typed_in", [{"seen": "-1"}, {"seen": "x"}, {"seen": ""}, {"read": "z" * 4001}])
def test_a_page_that_carries_no_version_is_called_old(
    coordinator_client: Client, week: Week, typed_in: dict[str, str]
) -> None:
    answer = coordinator_client.post(page_of(week), typed(week, "1", **typed_in))

    assert answer.status_code == 422
    assert "This page is old. Look at it as it is now, and try again." in answer.text
    assert not WeekPlan.objects.exists()


def test_only_a_manager_goes_below_what_is_confirmed(
    coordinator_client: Client, manager_client: Client, week: Week
) -> None:
    standing()

    refused = coordinator_client.post(page_of(week), typed(week, "0", because="So."))
    asked = manager_client.post(page_of(week), typed(week, "0"))
    read = weeks.wanted(*weeks.touched_by(week))
    manager_client.post(page_of(week), typed(week, "0", because="The house is rebuilt.", read=read))

    assert (refused.status_code, asked.status_code) == (409, 409)
    assert "A manager may, with a reason." in refused.text
    assert "Write why, below." in asked.text
    assert WeekPlan.objects.get().overruled_because == "The house is rebuilt."
    assert "Fewer than have said yes: “The house is rebuilt.”" in coordinator_client.get(page_of(week)).text


def test_the_reason_that_is_asked_for_is_not_called_optional(manager_client: Client, week: Week) -> None:
    standing()

    asked = manager_client.post(page_of(week), typed(week, "0")).text

    label = re.search(r'<label[^>]*for="id_because">(.*?)</label>', asked)
    assert "Write why, below." in asked
    assert label is not None
    assert "(optional)" not in label[1]
    assert "Needed when it does" in asked


@pytest.mark.parametrize(("weeks_from_now", "told"), [
    (-2, "It is over."),
    (3, "It is too soon to be asked for: guests ask three months ahead."),
    (20, "Guests see it as open."),
    (90, "It is too far ahead to be asked for yet."),
])  # fmt: skip
def test_a_week_that_nobody_can_ask_for_is_not_called_open(
    coordinator_client: Client, weeks_from_now: int, told: str
) -> None:
    there = season.week_of(timezone.localdate() + timedelta(weeks=weeks_from_now))

    page = coordinator_client.get(page_of(there)).text

    assert told in page
    assert ("Guests see it as open." in page) is (weeks_from_now == 20)


@pytest.mark.parametrize(
    ("kind", "days", "told", "mark"),
    [
        (ClosureKind.CLOSED, [(0, 4)], "Guests see it as closed.", "Closed"),
        (ClosureKind.CLOSED, [(0, 1), (2, 6)], "Guests see it as closed.", "Closed"),
        (ClosureKind.CLOSED, [(1, 1)], "Guests see some of its days as closed.", "Closed 15 June"),
        (ClosureKind.CLOSED, [(1, 2), (3, 3)], "Guests see some of its days as closed.", "Closed 15–17 June"),
        (ClosureKind.CLOSED, [(5, 6)], "Guests see it as open.", None),
        (ClosureKind.BUSY, [(0, 4)], "Guests see it as busy.", "Few of us"),
        (ClosureKind.BUSY, [(3, 3)], "Guests see some of its days as busy.", "Few of us"),
        (ClosureKind.FESTIVAL, [(3, 4)], "Guests see some of its days as busy.", "Festival"),
    ],
)
def test_a_week_with_a_closed_day_is_not_called_closed(
    coordinator: User, time_machine, kind: ClosureKind, days: list[tuple[int, int]], told: str, mark: str | None
) -> None:
    time_machine.move_to("2027-01-13T09:00:00Z")
    week = Week(2027, 24)  # from Monday 14 June; none of its days is a holiday
    for first, last in days:
        Closure.objects.create(
            kind=kind, first_day=week.monday + timedelta(days=first), last_day=week.monday + timedelta(days=last),
            words_en="We plan.", words_sv="Vi planerar.",
        )  # fmt: skip

    answer = signed_in(coordinator).get(page_of(week))

    assert told in answer.text
    assert answer.context["cell"].marks == ([mark] if mark else [])
    assert bool(answer.context["cell"].blocks) is (told != "Guests see it as closed.")


@pytest.mark.parametrize(("who", "status"), [(UserFactory, 403), (LogisticsFactory, 403)])
def test_only_who_plans_weeks_may_change_one(who, status: int, week: Week) -> None:
    answer = signed_in(who()).post(page_of(week), typed(week, "0"))

    assert answer.status_code == status
    assert not WeekPlan.objects.exists()


def test_a_stranger_is_asked_to_sign_in(week: Week) -> None:
    assert Client().get(page_of(week)).status_code == 302


def test_who_plans_food_looks_and_finds_no_form(week: Week) -> None:
    page = signed_in(LogisticsFactory()).get(page_of(week)).text

    assert "Save week" not in page


@pytest.mark.parametrize("capacity", ["", "99", "-1", "three", "0\x00"])
def test_a_number_that_is_not_offered_is_refused_with_a_sentence(
    coordinator_client: Client, week: Week, capacity: str
) -> None:
    answer = coordinator_client.post(page_of(week), typed(week, capacity))

    assert answer.status_code == 422
    assert not WeekPlan.objects.exists()


def test_a_gathering_ends_after_it_starts(coordinator_client: Client) -> None:
    programme = ProgrammeFactory()
    row = {"programme": programme.pk, "day": date(2027, 3, 15), "starts": "15:00", "ends": "13:00"}

    answer = coordinator_client.post(
        reverse("admin:visits_gathering_add"), row | {"facilitators_needed": 1, "words_en": "", "words_sv": ""}
    )

    assert "The end comes after the start." in answer.text
    assert not Gathering.objects.exists()


# -- Two colleagues --------------------------------------------------------------------


def both_change(karin: Client, me: Client, week: Week, hers: dict[str, str], mine: dict[str, str]) -> Any:
    """Both have the week open; Karin saves first. Returns the answer to me."""
    shown = typed(week, "usual") | {"drawn": me.get(page_of(week)).context["page"].form.drawn.split('value="')[1][:-2]}
    karin.post(page_of(week), shown | hers)
    return me.post(page_of(week), shown | mine)


@pytest.fixture
def karin() -> Client:
    return signed_in(ManagerFactory(first_name="Karin", last_name="Ahlgren"))


def test_a_week_that_both_changed_is_asked_with_both_versions(
    karin: Client, coordinator_client: Client, week: Week
) -> None:
    hers = {"capacity": "5", "words_en": "A full house", "words_sv": "Fullt hus"}
    mine = {"capacity": "4", "words_en": "We are many", "words_sv": "Vi är många"}

    answer = both_change(karin, coordinator_client, week, hers, mine)

    page = answer.text
    plan = WeekPlan.objects.get()
    assert (answer.status_code, plan.capacity, plan.words_en) == (409, 5, "A full house")
    assert "Karin Ahlgren was first" in page
    assert all(words in page for words in (*hers.values(), *mine.values()))

    sent = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.split("data-result", 1)[1]))
    taken = {"take_capacity": "theirs", "take_words_en": "mine", "take_words_sv": "mine"}
    coordinator_client.post(page_of(week), sent | taken)

    plan.refresh_from_db()
    assert (plan.capacity, plan.words_en, plan.words_sv) == (5, "We are many", "Vi är många")


def test_what_only_one_of_two_changed_about_a_week_is_kept(
    karin: Client, coordinator_client: Client, week: Week
) -> None:
    mine = {"words_en": "We are many", "words_sv": "Vi är många"}

    answer = both_change(karin, coordinator_client, week, {"capacity": "5"}, mine)

    plan = WeekPlan.objects.get()
    assert (answer.status_code, plan.capacity, plan.words_en) == (302, 5, "We are many")
    assert "Karin Ahlgren has changed this meanwhile, and it is kept too" in coordinator_client.get(answer.url).text
