"""The names of the group, and the calendar file."""

from datetime import datetime, time, timedelta

import pytest
import time_machine
from icalendar import Calendar

from tests.conftest import visitor_of
from tests.visits.visitor import cases
from visits import group, rules
from visits.models import Participant, VisitRequest

pytestmark = pytest.mark.django_db


def post(visit_request: VisitRequest, door: str = "group/add/", **data: object):
    return visitor_of(visit_request).post(visit_request.get_absolute_url() + door, data)


def names() -> list[tuple[str, str]]:
    """Who has written beside the contact person, who is there from the beginning."""
    return list(Participant.objects.filter(is_contact=False).values_list("name", "role"))


def test_a_name_is_added_and_counted():
    visit_request = cases.agreed()

    answer = post(visit_request, name="Dev Sharma", role="Physician")
    page = visitor_of(visit_request).get(answer.url).content.decode()

    assert names() == [("Dev Sharma", "Physician")]
    assert "2 of 6 names" in page


def test_the_contact_person_is_the_first_of_the_group():
    visit_request = cases.agreed()

    page = visitor_of(visit_request).get(visit_request.get_absolute_url() + "group/").content.decode()

    contact = Participant.objects.get()
    assert (contact.name, contact.is_contact) == (visit_request.contact_name, True)
    assert "1 of 6 names" in page


def test_names_that_are_late_are_asked_for_as_late():
    visit_request = cases.agreed()
    day_after = visit_request.visit.first_day - timedelta(days=rules.NAMES_DAYS_BEFORE - 1)

    with time_machine.travel(datetime.combine(day_after, time(12), rules.STOCKHOLM), tick=False):
        visitor = visitor_of(visit_request)
        page = visitor.get(visit_request.get_absolute_url()).content.decode()
        names = visitor.get(visit_request.get_absolute_url() + "group/").content.decode()

    assert "We needed them by" in page
    assert "We need them by" not in page
    assert "1 of 6 names." in names


def test_the_contact_person_is_not_taken_off_the_list():
    visit_request = cases.agreed()
    contact = Participant.objects.get()

    post(visit_request, f"group/{contact.pk}/remove/")

    assert Participant.objects.get() == contact


def test_a_name_that_is_sent_twice_stands_there_once():
    visit_request = cases.agreed()

    answers = [post(visit_request, name="Dev Sharma") for _press in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert names() == [("Dev Sharma", "")]


def test_a_full_group_says_so_and_keeps_what_was_typed():
    visit_request = cases.agreed(group_size=2)
    group.add_name(visit_request.visit, name="Moira Reid", role="")

    answer = post(visit_request, name="Dev Sharma", role="Physician")

    assert answer.status_code == 409
    assert "Change how many you are if more want to come." in answer.content.decode()
    assert names() == [("Moira Reid", "")]


def test_a_name_is_removed_and_removing_it_again_does_no_harm():
    visit_request = cases.confirmed()
    person = group.add_name(visit_request.visit, name="Dev Sharma", role="")

    answers = [post(visit_request, f"group/{person.pk}/remove/") for _press in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert names() == []


def test_a_name_in_another_group_is_not_removed():
    mine, other = cases.agreed(), cases.agreed()
    person = group.add_name(other.visit, name="Dev Sharma", role="")

    post(mine, f"group/{person.pk}/remove/")

    assert names() == [("Dev Sharma", "")]


@pytest.mark.parametrize("name", ["", "   ", "\u200b", "a\x01b", "x" * 121])
def test_what_is_no_name_gets_a_sentence(name):
    visit_request = cases.agreed()

    answer = post(visit_request, name=name)

    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert names() == []


@pytest.mark.parametrize("make", [cases.submitted, cases.proposed, cases.cancelled, cases.completed])
def test_names_are_written_between_the_yes_and_the_day(make):
    visit_request = make()

    shown = visitor_of(visit_request).get(visit_request.get_absolute_url() + "group/")
    answer = post(visit_request, name="Dev Sharma")

    assert shown.url == visit_request.get_absolute_url()
    assert answer.status_code == 409
    assert "Dev Sharma" in answer.content.decode()
    assert names() == []


def test_the_names_page_runs_the_same_queries_for_one_and_for_three(django_assert_max_num_queries):
    visit_request = cases.agreed()
    client = visitor_of(visit_request)
    counts = []

    for added in (1, 2):
        for number in range(added):
            group.add_name(visit_request.visit, name=f"Person {added}{number}", role="")
        with django_assert_max_num_queries(10) as queries:
            client.get(visit_request.get_absolute_url() + "group/")
        counts.append(len(queries))

    assert counts[0] == counts[1]


@pytest.mark.parametrize("make", [cases.agreed, cases.confirmed])
def test_the_calendar_file_has_the_days_in_swedish_time(make):
    visit_request = make()

    answer = visitor_of(visit_request).get(visit_request.get_absolute_url() + "calendar.ics")
    events = Calendar.from_ical(answer.content).walk("VEVENT")

    assert answer["Content-Type"].startswith("text/calendar")
    assert events
    assert all(str(event["DTSTART"].dt.tzinfo) == "Europe/Stockholm" for event in events)


def test_before_the_days_are_agreed_there_is_no_calendar_file():
    visit_request = cases.proposed()

    answer = visitor_of(visit_request).get(visit_request.get_absolute_url() + "calendar.ics")

    assert answer.status_code == 404
    assert "There is no calendar file yet" in answer.content.decode()
