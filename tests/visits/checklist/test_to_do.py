"""What is to be done around a visit: laid out once, moved with its days, ticked off by one press."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.conftest import signed_in
from tests.factories import (
    CoordinatorFactory,
    LogisticsFactory,
    RoomFactory,
    SessionFactory,
    SiteFactory,
    UserFactory,
    VisitFactory,
    VisitRequestFactory,
)
from tests.races import at_once, tally
from tests.visits.visitor import cases
from visits import checklist, workflow
from visits.choices import ChecklistRole, RequestState
from visits.models import ChecklistItem, ChecklistRow, ChecklistTemplate, User, Visit, VisitRequest

pytestmark = pytest.mark.django_db
S = RequestState


def a_list(**more: object) -> ChecklistTemplate:
    """A list of two lines: ten days before, and two days after."""
    made = ChecklistTemplate.objects.create(slug=f"list-{ChecklistTemplate.objects.count()}", name_en="All", **more)
    for key, days in (("food", -10), ("thanks", 2)):
        ChecklistRow.objects.create(template=made, key=key, words_en=key.title(), words_sv=f"{key} sv", days=days)
    return made


def a_visit(**more: object) -> Visit:
    return VisitFactory(request=VisitRequestFactory(state=S.CONFIRMED, **more))


def item_of(visit: Visit, days: int = 0, **more: object) -> ChecklistItem:
    """Something to do so many days from today."""
    due_on = timezone.localdate() + timedelta(days=days)
    return ChecklistItem.objects.create(
        visit=visit, words_en="Badges", words_sv="Skyltar", days=-3, due_on=due_on, **more
    )


def days_of(visit: Visit) -> list[tuple[str, int]]:
    """Each item, and how many days it lies from the visit's first day."""
    return [(item.words_en, (item.due_on - visit.first_day).days) for item in visit.checklist.all()]


def test_it_is_laid_out_when_the_guests_say_yes(time_machine) -> None:
    time_machine.move_to("2026-11-25T09:00:00Z")
    a_list()

    visit = cases.agreed().visit

    assert visit.first_day == visit.last_day == date(2027, 3, 9)
    assert [(item.words_en, item.due_on) for item in visit.checklist.all()] == [
        ("Food", date(2027, 2, 26)), ("Thanks", date(2027, 3, 11)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "last", "food", "thanks"),
    [
        (date(2027, 3, 10), date(2027, 3, 10), date(2027, 2, 26), date(2027, 3, 12)),  # Sunday; Friday
        (date(2027, 3, 8), date(2027, 3, 11), date(2027, 2, 26), date(2027, 3, 12)),  # Friday; Saturday
        (date(2027, 3, 8), date(2027, 3, 12), date(2027, 2, 26), date(2027, 3, 15)),  # Sunday, and they left on Friday
        (date(2027, 4, 8), date(2027, 4, 8), date(2027, 3, 25), date(2027, 4, 9)),  # Easter Monday, and Good Friday
    ],
)
def test_what_is_due_on_a_day_off_is_due_on_the_working_day_before_and_never_while_they_are_here(
    first: date, last: date, food: date, thanks: date
) -> None:
    a_list()
    visit = VisitFactory(request=VisitRequestFactory(state=S.CONFIRMED), first_day=first, last_day=last)

    checklist.lay_out(visit.request)

    assert [item.due_on for item in visit.checklist.order_by("days")] == [food, thanks]


def test_a_day_off_that_somebody_typed_stays_until_the_visit_moves(coordinator: User) -> None:
    visit = VisitFactory(
        request=VisitRequestFactory(state=S.CONFIRMED), first_day=date(2027, 3, 9), last_day=date(2027, 3, 9)
    )
    role = ChecklistRole.RECEPTION
    item = checklist.add_item(visit, "Flags out", date(2027, 3, 7), by=coordinator, role=role)

    checklist.follow_days(visit)
    item.refresh_from_db()
    typed = item.due_on
    visit.first_day = visit.last_day = date(2027, 3, 16)
    checklist.follow_days(visit)
    item.refresh_from_db()

    assert (typed, item.due_on) == (date(2027, 3, 7), date(2027, 3, 12))


def test_it_is_not_made_twice_and_follows_the_days(time_machine) -> None:
    time_machine.move_to("2026-11-25T09:00:00Z")
    a_list()
    visit = a_visit()
    checklist.lay_out(visit.request)

    Visit.objects.filter(pk=visit.pk).update(
        first_day=visit.first_day + timedelta(weeks=2), last_day=visit.last_day + timedelta(weeks=2)
    )
    added = checklist.lay_out(visit.request)

    assert added == 0
    assert days_of(Visit.objects.get()) == [("Food", -11), ("Thanks", 2)]


def test_what_is_done_keeps_its_day_when_the_visit_moves(coordinator: User) -> None:
    a_list()
    visit = a_visit()
    checklist.lay_out(visit.request)
    done = visit.checklist.first()
    checklist.tick(done, by=coordinator)

    Visit.objects.filter(pk=visit.pk).update(
        first_day=visit.first_day + timedelta(days=1), last_day=visit.last_day + timedelta(days=1)
    )
    checklist.lay_out(visit.request)

    assert ChecklistItem.objects.get(pk=done.pk).due_on == done.due_on


@pytest.mark.parametrize(
    ("of_list", "of_visit", "suits"),
    [
        ({}, {}, True),
        ({"lengths": ["two"]}, {"length": "two"}, True),
        ({"lengths": ["three"]}, {"length": "two"}, False),
        ({"needs_letter": True}, {"needs_invitation_letter": True}, True),
        ({"needs_letter": True}, {}, False),
        ({"site": "Ryhov"}, {}, True),
        ({"site": "Eksjö"}, {}, False),
        ({"needs_bus": True}, {}, True),
        ({"is_used": False}, {}, False),
    ],
)
def test_a_list_is_for_the_visits_that_it_suits(of_list: dict, of_visit: dict, suits: bool) -> None:
    a_list(**of_list)
    visit = a_visit(**of_visit)
    for hour, site in ((9, "Qulturum"), (13, "Ryhov")):
        SessionFactory(visit=visit, hour=hour, room=RoomFactory(site=SiteFactory(name=site)))

    checklist.lay_out(visit.request)

    assert visit.checklist.exists() == suits


def test_a_visit_at_one_place_needs_no_bus() -> None:
    a_list(needs_bus=True)
    session = SessionFactory(visit=a_visit(), room=RoomFactory())

    checklist.lay_out(session.visit.request)

    assert not ChecklistItem.objects.exists()


def test_the_lists_of_the_repository_are_loaded_once_and_keep_what_staff_wrote() -> None:
    first = checklist.load()
    ChecklistRow.objects.filter(key="food").update(words_en="Order soup")
    ChecklistRow.objects.filter(key="gifts").delete()
    second = checklist.load()

    assert first[0] == 4
    assert second == (0, 0)
    assert ChecklistRow.objects.get(key="food").words_en == "Order soup"
    assert not ChecklistRow.objects.filter(key="gifts").exists()


def test_a_list_for_a_length_that_no_visit_has_is_refused() -> None:
    with pytest.raises(ValidationError, match="Write a list of these"):
        ChecklistTemplate(slug="x", name_en="X", name_sv="X", lengths=["week"]).full_clean()


def test_a_second_colleague_is_told_who_has_done_it(coordinator: User) -> None:
    item = item_of(a_visit())
    checklist.tick(item, by=coordinator)

    with pytest.raises(checklist.ItemRefused, match="Maja Lindqvist has done it already"):
        checklist.tick(item, by=UserFactory())

    assert ChecklistItem.objects.get().done_by == coordinator


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_four_who_tick_it_at_once_one_has_done_it() -> None:
    item, people = item_of(a_visit()), [UserFactory() for _person in range(4)]

    outcomes = at_once([lambda who=who: checklist.tick(item, by=who) for who in people], (checklist.ItemRefused,))

    assert tally(outcomes) == {"done": 1, "ItemRefused": 3}


# -- The pages -------------------------------------------------------------------------


def test_overdue_this_week_and_later_stand_in_this_order(coordinator_client: Client, time_machine) -> None:
    time_machine.move_to("2026-11-25T09:00:00Z")  # a Wednesday
    visit = a_visit()
    late, week, later = item_of(visit, -1), item_of(visit, 4), item_of(visit, 5)

    answer = coordinator_client.get(reverse("admin:to_do"))

    assert [(pile.name, pile.items) for pile in answer.context["piles"]] == [
        ("late", [late]), ("week", [week]), ("later", [later]),
    ]  # fmt: skip
    assert answer.context["counts"].to_do == 1
    assert "Overdue, 24 Nov" in answer.text


def test_the_heading_counts_what_is_not_shown_too_and_a_visit_s_own_list_shows_all(coordinator_client: Client) -> None:
    visit = a_visit()
    for day in range(40):
        item_of(visit, 30 + day)

    page = coordinator_client.get(reverse("admin:to_do"))
    tab = coordinator_client.get(reverse("admin:visits_visitrequest_to_do", args=[visit.request_id]))

    [later] = page.context["piles"]
    assert (len(later.items), later.count) == (30, 40)
    assert 'Later <span class="num muted">40</span>' in page.text
    assert "10 more come after that." in page.text
    assert [len(pile.items) for pile in tab.context["piles"]] == [40]


def test_a_visit_that_fell_through_asks_for_nothing(coordinator_client: Client) -> None:
    item_of(VisitFactory(request=VisitRequestFactory(state=S.CANCELLED)), -1)

    answer = coordinator_client.get(reverse("admin:to_do"))

    assert "Nothing is waiting to be done" in answer.text
    assert answer.context["counts"].to_do == 0


@pytest.mark.parametrize(
    ("query", "count"),
    [("", 3), ("role=reception", 1), ("mine=1", 1), ("role=nobody", 3), ("role=%27", 3), ("mine=x", 3)],
)
def test_the_page_shows_one_role_or_one_s_own(
    coordinator: User, coordinator_client: Client, query: str, count: int
) -> None:
    item_of(a_visit(coordinator=coordinator))
    item_of(a_visit(), role=ChecklistRole.RECEPTION)
    item_of(a_visit())

    piles = coordinator_client.get(f"{reverse('admin:to_do')}?{query}").context["piles"]

    assert sum(len(pile.items) for pile in piles) == count


@pytest.mark.parametrize("where", ["to_do", "tab"])
def test_the_pages_ask_as_often_for_one_thing_as_for_many(
    coordinator_client: Client, where: str, django_assert_max_num_queries
) -> None:
    visit = a_visit()
    page = (
        reverse("admin:to_do")
        if where == "to_do"
        else reverse("admin:visits_visitrequest_to_do", args=[visit.request.pk])
    )
    counts = []
    coordinator_client.get(page)  # the first look at a request is written down

    for _round in range(2):
        for _item in range(3):
            item_of(visit)
            item_of(a_visit(), -1)
        with django_assert_max_num_queries(18) as queries:
            assert coordinator_client.get(page).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_one_press_does_it_and_another_takes_it_back(coordinator_client: Client) -> None:
    item = item_of(a_visit())
    press = reverse("admin:to_do_press", args=[item.pk])

    done = coordinator_client.post(press, {"next": reverse("admin:to_do")}, follow=True)
    told = coordinator_client.get(reverse("admin:visits_visitrequest_to_do", args=[item.visit.request_id])).text
    [done_at] = re.findall(r'name="done_at" value="([^"]+)"', told)
    coordinator_client.post(press, {"undo": "1", "done_at": done_at})

    assert "“Badges” is done." in done.text
    assert "Done by Maja Lindqvist" in told
    assert ChecklistItem.objects.get().done_at is None


@pytest.mark.parametrize("done_at", ["2026-01-01T09:00:00+00:00", "", "x", "2026-13-45T99:00", "2026-01-01T09:00"])
def test_what_a_colleague_has_done_meanwhile_is_not_taken_back(coordinator_client: Client, done_at: str) -> None:
    item = item_of(a_visit())
    checklist.tick(item, by=CoordinatorFactory(first_name="Karin", last_name="Ahlgren"))
    press = reverse("admin:to_do_press", args=[item.pk])

    answer = coordinator_client.post(press, {"undo": "1", "done_at": done_at}, follow=True)

    assert "Karin Ahlgren has done it already" in answer.text
    assert ChecklistItem.objects.get().done_by_name == "Karin Ahlgren"


def test_a_press_leads_nowhere_else(coordinator_client: Client) -> None:
    item = item_of(a_visit())

    answer = coordinator_client.post(
        reverse("admin:to_do_press", args=[item.pk]), {"next": "https://elsewhere.example/"}
    )

    assert answer.headers["Location"] == reverse("admin:visits_visitrequest_to_do", args=[item.visit.request_id])


def test_something_of_our_own_is_added_once_and_moves_with_the_days(coordinator_client: Client) -> None:
    visit = a_visit()
    due_on = visit.first_day - timedelta(days=6)
    typed = {"words": "Ask for the flag", "due_on": due_on.isoformat(), "role": "reception"}

    for _press in range(2):
        coordinator_client.post(reverse("admin:visits_visitrequest_add_to_do", args=[visit.request.pk]), typed)

    item = ChecklistItem.objects.get()
    assert (item.words_en, item.due_on, item.days, item.role) == ("Ask for the flag", due_on, -6, "reception")


def test_what_cannot_be_read_is_shown_again_with_what_was_typed(coordinator_client: Client) -> None:
    visit = a_visit()
    typed = {"words": "Ask for the flag", "due_on": "31 2 2027", "role": "reception"}

    answer = coordinator_client.post(reverse("admin:visits_visitrequest_add_to_do", args=[visit.request.pk]), typed)

    assert answer.status_code == 422
    assert 'value="Ask for the flag"' in answer.text
    assert not ChecklistItem.objects.exists()


@pytest.mark.parametrize(
    ("due_on", "told"),
    [
        ("0001-01-01", "Choose today or a later day."),
        ("2026-11-24", "Choose today or a later day."),
        ("2028-03-10", "Choose a day at most a year after the visit."),
        ("9999-12-31", "Choose a day at most a year after the visit."),
    ],
)
def test_a_day_that_does_not_lie_around_the_visit_is_refused(
    coordinator: User, time_machine, due_on: str, told: str
) -> None:
    time_machine.move_to("2026-11-25T09:00:00Z")
    visit = a_visit()
    assert visit.last_day == date(2027, 3, 9)
    typed = {"words": "Ask for the flag", "due_on": due_on, "role": "reception"}

    add = reverse("admin:visits_visitrequest_add_to_do", args=[visit.request.pk])
    answer = signed_in(coordinator).post(add, typed)

    assert answer.status_code == 422
    assert told in answer.text
    assert 'value="Ask for the flag"' in answer.text
    assert not ChecklistItem.objects.exists()


def test_who_may_not_change_the_list_changes_nothing() -> None:
    item = item_of(a_visit())
    press = reverse("admin:to_do_press", args=[item.pk])
    add = reverse("admin:visits_visitrequest_add_to_do", args=[item.visit.request_id])

    answers = [
        client.post(path).status_code for client in (Client(), signed_in(UserFactory())) for path in (press, add)
    ]

    assert answers == [302, 302, 403, 403]
    assert not ChecklistItem.objects.exclude(done_at=None).exists()


def test_who_plans_food_and_rooms_ticks_what_is_theirs() -> None:
    item = item_of(a_visit())

    signed_in(LogisticsFactory()).post(reverse("admin:to_do_press", args=[item.pk]))

    assert ChecklistItem.objects.get().done_at is not None


def test_before_a_yes_the_tab_says_when_the_list_comes(coordinator_client: Client) -> None:
    case = VisitRequestFactory(state=S.IN_REVIEW)

    page = coordinator_client.get(reverse("admin:visits_visitrequest_to_do", args=[case.pk])).text

    assert "laid out when the guests have said yes" in page


def test_a_visit_that_goes_back_to_planning_keeps_its_list_without_asking_for_it(coordinator: User) -> None:
    a_list()
    case = cases.agreed()

    workflow.move_back_to_planning(case, by=coordinator, seen=VisitRequest.objects.get(pk=case.pk).version)

    assert ChecklistItem.objects.count() == 2
    assert not ChecklistItem.objects.to_do().exists()
