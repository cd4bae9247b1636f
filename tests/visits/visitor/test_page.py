"""The visitor's page in each state: whose turn, by when, and what can be done."""

import re
from datetime import datetime, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone, translation

from tests.conftest import visitor_of
from tests.factories import SessionFactory
from tests.visits.visitor import cases
from visits import group, letters, rules, story, words, workflow
from visits.choices import FacilitatorKind, Length
from visits.models import Comment, Facilitator, HistoryEntry, Message, Participant, VisitRequest

pytestmark = pytest.mark.django_db

YES, CHANGE, WITHDRAW, CANCEL, GROUP, AGAIN = "/yes/", "/change/", "/withdraw/", "/cancel/", "/group/", "/again/"
DOORS = (YES, CHANGE, WITHDRAW, CANCEL, GROUP, AGAIN)


def page_of(visit_request: VisitRequest) -> str:
    answer = visitor_of(visit_request).get(visit_request.get_absolute_url())
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("make", "heading", "turn", "doors"),
    [
        (cases.submitted, "We have your request", "It is our turn", {WITHDRAW}),
        (cases.in_review, "We are reading your request", "It is our turn", {WITHDRAW}),
        (cases.asked, "We have a question", "It is your turn", {WITHDRAW}),
        (cases.answered, "Thank you, we are reading", "It is our turn", {WITHDRAW}),
        (cases.waitlisted, "We keep a place in the line for you", "It is our turn", {WITHDRAW}),
        (cases.proposed, "Esther and the flow between hospital and home", "It is your turn", {YES, CHANGE, WITHDRAW}),
        (cases.changing, "Esther and the flow between hospital and home", "It is our turn", {WITHDRAW}),
        (cases.agreed, "Esther and the flow between hospital and home", "It is our turn", {CANCEL, GROUP}),
        (cases.confirmed, "Esther and the flow between hospital and home", "Together", {CANCEL, GROUP}),
        (cases.completed, "What do we take home?", "It is your turn", set()),
        (cases.declined, "We cannot this time", None, {AGAIN}),
        (cases.withdrawn, "You have taken your request back", None, set()),
        (cases.cancelled, "The visit is cancelled", None, set()),
        (cases.expired, "We did not hear from you", None, set()),
    ],
)
def test_each_state_says_whose_turn_it_is_and_opens_only_the_doors_that_fit(make, heading, turn, doors):
    page = page_of(make())

    assert f'<h1 class="q-ch24">{heading}</h1>' in page
    assert ('id="whose-turn"' in page) == (turn is not None)
    assert turn is None or f'<h2 id="whose-turn">{turn}</h2>' in page
    assert {door for door in DOORS if door in page} == doors


@pytest.mark.parametrize(
    "make",
    [cases.submitted, cases.in_review, cases.asked, cases.answered, cases.waitlisted, cases.changing, cases.agreed],
)
def test_whoever_has_the_turn_has_a_day(make):
    visit_request = make()

    page = page_of(visit_request)

    assert words.weekday(visit_request.due_at) in page


def test_a_proposal_says_by_when_it_is_to_be_answered():
    visit_request = cases.proposed()

    page = page_of(visit_request)

    assert f"by {words.weekday(visit_request.proposals.get().answer_by)}" in page


def test_when_we_are_late_we_say_so():
    visit_request = cases.submitted()
    VisitRequest.objects.filter(pk=visit_request.pk).update(due_at=timezone.now() - timedelta(days=1))

    page = page_of(visit_request)

    assert "we are late. We answer by" in page


def test_when_we_are_late_a_new_day_is_named_and_the_manager_who_sees_to_it(manager, time_machine):
    visit_request = cases.submitted()
    passed = datetime(2026, 11, 12, 17, tzinfo=rules.STOCKHOLM)
    VisitRequest.objects.filter(pk=visit_request.pk).update(due_at=passed)
    time_machine.move_to(passed + timedelta(days=1), tick=False)

    page = page_of(visit_request)

    assert (
        "You were to hear from us by Thursday 12 November, and we are late. Gun Berg, who leads this work, "
        "sees to it that you have an answer by Thursday 19 November." in page
    )
    assert "by 19 Nov" in page
    assert "by 12 Nov" not in page


@pytest.mark.parametrize("make", [cases.submitted, cases.asked, cases.proposed, cases.agreed, cases.confirmed])
def test_the_timeline_marks_one_step_as_now(make):
    page = page_of(make())

    assert page.count('aria-current="step"') == 1
    assert "You, done" in page


def test_the_days_that_one_wishes_for_are_those_of_the_first_choice_even_when_another_is_sooner():
    first = rules.earliest_first_day(timezone.localdate()) + timedelta(days=60)
    visit_request = cases.submitted(wishes=[first, first - timedelta(days=30)])

    page = page_of(visit_request)

    days = words.day_range(first, rules.last_day(first, Length.TWO))
    assert f"You wish for {days}" in page
    message = Message.objects.get(kind="received")
    letter = letters.write(message, message.due_at)
    assert words.day(first) in letter.body
    assert words.day(first - timedelta(days=30)) not in letter.body


def test_the_step_that_was_the_meeting_has_the_days_of_the_meeting():
    visit_request = cases.completed()

    met = page_of(visit_request).split("<b>We met</b><small>")[1]

    assert met.startswith(words.short_day(visit_request.visit.first_day))


def test_while_the_programme_is_changed_that_is_what_we_do():
    assert "Change the programme, and send you the new version." in page_of(cases.changing())


@pytest.mark.parametrize("make", [cases.declined, cases.withdrawn, cases.cancelled, cases.expired])
def test_what_has_ended_has_no_timeline(make):
    assert "tango" not in page_of(make())


def test_the_named_person_stands_there_once_there_is_one():
    assert "Your host is" not in page_of(cases.submitted())
    assert "Your host is Maja Lindqvist" in page_of(cases.in_review())


def test_both_halves_of_what_was_asked_are_told_back():
    visit_request = cases.submitted()

    page = page_of(visit_request)

    assert visit_request.aim in page
    assert visit_request.brings in page
    assert "A challenge" in page


def test_a_plan_that_was_not_sent_is_not_shown():
    visit_request = cases.in_review()
    SessionFactory(visit=cases.VisitFactory(request=visit_request), title="A secret draft")

    page = page_of(visit_request)

    assert "A secret draft" not in page
    assert "Esther and the flow" not in page


def test_the_guests_own_part_is_marked_and_counted():
    page = page_of(cases.proposed())

    assert page.count("slot yours") == 1
    assert "Your own time: 40\xa0min" in page


def test_a_confirmed_visit_leads_to_what_one_takes_along_and_names_who_said_yes():
    page = page_of(cases.confirmed())

    assert "Keep it at hand" in page
    assert [name for name in ("/day/", "/programme.pdf", "/calendar/", "/getting-here/") if name not in page] == []
    assert "Erik Sandell" in page


def test_a_person_of_the_living_library_is_named_by_first_name():
    visit_request = cases.confirmed()
    Facilitator.objects.update(kind=FacilitatorKind.LIVING_LIBRARY)

    page = page_of(visit_request)

    assert "Erik" in page
    assert "Sandell" not in page


def test_a_refusal_gives_the_reason_in_our_words_and_ways_that_can_be_acted_on():
    page = page_of(cases.declined())

    assert "There is no room in the week that you wished for." in page
    assert "All of us work with the festival." in page
    assert 'name="wish"' in page
    assert "/programmes/fellowship/" in page


def test_the_line_says_how_many_wait_before():
    waiting = cases.waitlisted()
    first = cases.waitlisted()
    VisitRequest.objects.filter(pk=first.pk).update(state_since=waiting.state_since - timedelta(days=1))

    assert "You are number 2 in the line." in page_of(waiting)
    assert "You are first in the line." in page_of(first)


def test_notes_between_colleagues_are_not_shown():
    visit_request = cases.in_review()
    workflow.note(visit_request, text="They were difficult last time.", by=visit_request.coordinator)

    assert "difficult" not in page_of(visit_request)


def test_hostile_text_is_shown_as_it_was_typed_and_cannot_be_clicked():
    visit_request = cases.submitted(aim="<script>alert(1)</script> https://evil.example/x")
    workflow.answer(visit_request, text='<img src=x onerror=alert(1)> https://evil.example/y "><b>')

    page = page_of(visit_request)

    assert "<script>alert" not in page
    assert "<img" not in page
    assert 'href="https://evil' not in page
    assert "https://evil.example/y" in page


def test_looking_changes_nothing():
    visit_request = cases.agreed()
    client = visitor_of(visit_request)
    client.get(visit_request.get_absolute_url())
    before = (visit_request.version, *(model.objects.count() for model in (HistoryEntry, Message, Comment)))

    for door in ("", "group/", "cancel/", "withdraw/", "yes/", "change/", "calendar.ics", "messages/", "again/"):
        client.get(visit_request.get_absolute_url() + door)

    visit_request.refresh_from_db()
    after = (visit_request.version, *(model.objects.count() for model in (HistoryEntry, Message, Comment)))
    assert after == before


def test_the_page_in_swedish_says_ni_and_whose_turn_it_is():
    visit_request = cases.proposed()
    with translation.override("sv"):
        there = visit_request.get_absolute_url()

    page = visitor_of(visit_request).get(there).content.decode()

    assert "Det är er tur" in page


@pytest.mark.parametrize("make", [cases.submitted, cases.proposed, cases.confirmed, cases.declined, cases.waitlisted])
def test_the_page_is_kept_by_no_cache_and_no_search_engine(make):
    visit_request = make()

    answer = visitor_of(visit_request).get(visit_request.get_absolute_url())

    assert "no-store" in answer["Cache-Control"]
    assert 'content="noindex"' in answer.content.decode()


def test_more_rows_of_everything_cost_no_more_queries(django_assert_max_num_queries):
    visit_request = cases.confirmed()
    client = visitor_of(visit_request)
    counts = []

    for round_ in range(3):
        for number in range(round_):
            workflow.answer(visit_request, text=f"Message {round_} {number}")
            group.add_name(visit_request.visit, name=f"Person {round_} {number}", role="Nurse")
            SessionFactory(visit=visit_request.visit, hour=13 + number, title=f"More {round_} {number}")
        with django_assert_max_num_queries(14) as queries:
            client.get(visit_request.get_absolute_url())
        counts.append(len(queries))

    assert Participant.objects.count() == 1 + 3  # the contact person has a seat from the beginning
    assert counts[0] == counts[1] == counts[2]


@pytest.mark.parametrize("door", ["", "group/", "cancel/", "withdraw/", "yes/", "change/", "calendar.ics"])
def test_other_peoples_visits_and_visits_that_are_not_there_answer_alike(door):
    mine, other = cases.submitted(), cases.agreed()
    client = visitor_of(mine)

    theirs = client.get(other.get_absolute_url() + door)
    nobodys = client.get(f"/my/CL-99-999/{door}")
    stranger = Client().get(other.get_absolute_url() + door)

    assert [theirs.status_code, nobodys.status_code, stranger.status_code] == [404, 404, 404]
    assert same(theirs, other.reference) == same(nobodys, "CL-99-999")


def same(answer: HttpResponse, reference: str) -> str:
    """A page without what differs by itself: its own address and the form's token."""
    page = answer.content.decode().replace(reference, "")
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


@pytest.mark.parametrize(
    "door", ["messages/", "again/", "group/add/", "group/1/remove/", "cancel/", "withdraw/", "yes/", "change/"]
)
def test_nobody_acts_on_other_peoples_visits(door):
    other = cases.agreed()
    before = HistoryEntry.objects.count()

    answers = [
        client.post(other.get_absolute_url() + door, {"text": "Hello", "name": "A", "number": 1, "seen": other.version})
        for client in (visitor_of(cases.submitted()), Client())
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert HistoryEntry.objects.filter(request=other).count() == before


def test_the_number_is_taken_as_it_is_written():
    visit_request = cases.submitted()

    answer = visitor_of(visit_request).get(f"/my/{visit_request.reference.lower()}/")

    assert answer.status_code == 404


def test_every_deed_that_moves_a_request_is_among_those_the_page_reads():
    made = [make() for make in (cases.answered, cases.completed, cases.declined, cases.cancelled, cases.expired)]
    entries = HistoryEntry.objects.filter(request__in=made)

    moving = {entry.what for entry in entries if "new" in entry.detail}

    assert moving - {"sent"} <= set(story.MOVES)


@pytest.mark.parametrize("rounds", [1, 4])
def test_the_timeline_has_at_most_eight_steps_however_often_we_go_round(rounds):
    visit_request = cases.proposed()
    for number in range(1, rounds + 1):
        workflow.want_change(visit_request, number=number, text="Another thing.")
        cases.propose(visit_request)

    steps = visitor_of(visit_request).get(visit_request.get_absolute_url()).context["steps"]

    assert len(steps) == min(6 + 2 * rounds, 8)
    assert steps[0].title == "You asked"
