"""What the visitor does: each deed once, whatever is pressed twice or from an old page."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests.conftest import visitor_of
from tests.factories import SessionFactory
from tests.visits.visitor import cases
from visits import undoing, workflow
from visits.choices import ProposalAnswer, RequestState
from visits.models import HistoryEntry, Message, VisitRequest

pytestmark = pytest.mark.django_db
TYPED = "Something long that I would not like to write again"


def post(visit_request: VisitRequest, door: str, **data: object):
    return visitor_of(visit_request).post(visit_request.get_absolute_url() + door, data)


def state_of(visit_request: VisitRequest) -> str:
    return VisitRequest.objects.get(pk=visit_request.pk).state


# -- Messages


def test_a_message_reaches_the_conversation_and_leaves_the_turn_where_it_was():
    visit_request = cases.in_review()

    answer = post(visit_request, "messages/", text="We forgot to say that Moira uses a wheelchair.")

    assert answer.status_code == 302
    assert [c.text for c in visit_request.comments.all()] == ["We forgot to say that Moira uses a wheelchair."]
    assert state_of(visit_request) == RequestState.IN_REVIEW


def test_a_message_answers_our_question():
    visit_request = cases.asked()

    post(visit_request, "messages/", text="None of us.")

    assert state_of(visit_request) == RequestState.IN_REVIEW


def test_a_message_that_is_sent_twice_is_written_once():
    visit_request = cases.asked()

    answers = [post(visit_request, "messages/", text="None of us.") for _press in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert visit_request.comments.filter(side="visitor").count() == 1


def told_the_host(visit_request: VisitRequest) -> list[str]:
    to_host = Message.objects.filter(to_email=visit_request.coordinator.email)
    return list(to_host.order_by("pk").values_list("kind", flat=True))


@pytest.mark.parametrize("make", [cases.in_review, cases.confirmed, cases.declined, cases.cancelled])
def test_the_host_is_told_of_a_message_that_came_by_itself_once(make):
    visit_request = make()
    Message.objects.all().delete()

    for _press in range(2):
        post(visit_request, "messages/", text="One thing more.")

    assert told_the_host(visit_request) == ["visitor_wrote"]


def test_an_answer_comes_back_as_our_turn_and_without_a_mail():
    visit_request = cases.asked()

    post(visit_request, "messages/", text="None of us.")

    assert told_the_host(visit_request) == []


@pytest.mark.parametrize(("make", "door"), [(cases.proposed, "withdraw/"), (cases.confirmed, "cancel/")])
def test_the_host_is_told_that_the_guests_do_not_come(make, door):
    visit_request = make()
    before = told_the_host(visit_request)

    post(visit_request, door, seen=visit_request.version)

    assert sorted(told_the_host(visit_request)) == sorted([*before, "visitor_left"])


def test_an_empty_message_gets_a_sentence():
    visit_request = cases.asked()

    page = post(visit_request, "messages/", text="  ").content.decode()

    assert "Write something before you send it." in page
    assert "<title>Error: " in page
    assert state_of(visit_request) == RequestState.INFO_REQUESTED


@pytest.mark.parametrize("text", ["a\x07b", "x" * 4001])
def test_a_message_that_cannot_be_taken_is_kept_in_the_box(text):
    visit_request = cases.in_review()

    answer = post(visit_request, "messages/", text=text)

    assert answer.status_code == 422
    assert text in answer.content.decode()
    assert not visit_request.comments.exists()


# -- Yes


def test_yes_has_a_page_of_its_own_that_says_what_each_side_promises():
    visit_request = cases.proposed()

    page = visitor_of(visit_request).get(visit_request.get_absolute_url() + "yes/").content.decode()

    assert "Say yes to version 1?" in page
    assert "<b>Your story</b>, 40\xa0min" in page
    assert state_of(visit_request) == RequestState.PROPOSED


def test_a_yes_agrees_and_tells_the_host_a_word():
    visit_request = cases.proposed()

    answer = post(visit_request, "yes/", number=1, text="Wonderful.")

    assert answer.url == visit_request.get_absolute_url()
    assert state_of(visit_request) == RequestState.AGREED
    assert [c.text for c in visit_request.comments.all()] == ["Wonderful."]


def test_yes_pressed_twice_is_one_yes():
    visit_request = cases.proposed()

    answers = [post(visit_request, "yes/", number=1) for _press in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert HistoryEntry.objects.filter(request=visit_request, what="agreed").count() == 1


def test_yes_in_one_window_and_a_change_in_another_keeps_the_first():
    visit_request = cases.proposed()
    post(visit_request, "yes/", number=1)

    answer = post(visit_request, "change/", number=1, text=TYPED)

    assert answer.status_code == 409
    assert "answered already" in answer.content.decode()
    assert TYPED in answer.content.decode()
    assert state_of(visit_request) == RequestState.AGREED


def test_a_yes_to_an_older_version_does_not_count():
    visit_request = cases.changing()
    cases.propose(visit_request)

    answer = post(visit_request, "yes/", number=1, text=TYPED)

    assert answer.status_code == 409
    assert "We have sent version 2 since you opened that page." in answer.content.decode()
    assert TYPED in answer.content.decode()
    assert state_of(visit_request) == RequestState.PROPOSED


@pytest.mark.parametrize("number", ["", "two", "-1", "99999999999999999999"])
def test_a_yes_without_a_number_gets_a_sentence(number):
    visit_request = cases.proposed()

    answer = post(visit_request, "yes/", number=number, text=TYPED)

    assert "Open your page again" in answer.content.decode()
    assert TYPED in answer.content.decode()
    assert state_of(visit_request) == RequestState.PROPOSED


@pytest.mark.parametrize("door", ["yes/", "change/"])
def test_where_nothing_is_proposed_the_answers_lead_back(door):
    visit_request = cases.in_review()

    assert (
        visitor_of(visit_request).get(visit_request.get_absolute_url() + door).url == visit_request.get_absolute_url()
    )


# -- Change


def test_suggestions_to_several_sessions_are_sent_together():
    visit_request = cases.proposed()
    ours, theirs = visit_request.visit.sessions.all()
    typed = {f"kinds_{ours.pk}": ["time", "longer"], f"words_{theirs.pk}": "Moira needs more time"}

    answer = post(visit_request, "change/", number=1, text="Else fine.", **typed)

    assert answer.url == visit_request.get_absolute_url()
    assert state_of(visit_request) == RequestState.IN_REVIEW
    wish = "Meet Esther: another time, longer.\n\nYour story: Moira needs more time\n\nElse fine."
    assert visit_request.proposals.get().change_wish == wish
    assert visit_request.proposals.get().answer == ProposalAnswer.CHANGE


def test_a_change_without_words_gets_a_sentence():
    visit_request = cases.proposed()

    page = post(visit_request, "change/", number=1).content.decode()

    assert "Write what you would like to change." in page
    assert state_of(visit_request) == RequestState.PROPOSED


def test_what_was_suggested_stays_when_something_is_to_be_mended():
    visit_request = cases.proposed()

    ours = visit_request.visit.sessions.first()

    page = post(visit_request, "change/", number=1, **{f"words_{ours.pk}": TYPED}, text="x" * 2001).content.decode()

    assert TYPED in page
    assert "<details" in page
    assert 'q-sug" open' in page
    assert state_of(visit_request) == RequestState.PROPOSED


def test_a_new_version_tells_what_is_different():
    visit_request = cases.changing()
    visit_request.visit.sessions.filter(title="Meet Esther").delete()
    SessionFactory(visit=visit_request.visit, hour=13, title="Walk the process")
    cases.propose(visit_request)

    page = visitor_of(visit_request).get(visit_request.get_absolute_url() + "change/").content.decode()

    assert "Two things are different from version 1" in page
    assert "Walk the process</a> is new" in page
    assert "Meet Esther</a> is left out" in page


# -- Taking back, calling off


def test_a_request_can_be_taken_back_before_anything_is_agreed():
    visit_request = cases.proposed()
    client = visitor_of(visit_request)
    assert client.get(visit_request.get_absolute_url() + "withdraw/").status_code == 200

    answer = post(visit_request, "withdraw/", seen=visit_request.version, text="We have no money left.")

    assert answer.status_code == 302
    assert state_of(visit_request) == RequestState.WITHDRAWN
    assert visit_request.history.filter(what="withdrawn").get().detail["why"] == "We have no money left."


def test_taking_back_twice_is_taking_back_once():
    visit_request = cases.in_review()

    answers = [post(visit_request, "withdraw/", seen=visit_request.version) for _press in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert visit_request.history.filter(what="withdrawn").count() == 1


def test_a_page_that_is_old_takes_nothing_back():
    visit_request = cases.in_review()
    seen = visit_request.version
    workflow.ask_question(visit_request, text="One thing:", by=visit_request.coordinator, seen=seen)

    answer = post(visit_request, "withdraw/", seen=seen, text=TYPED)

    assert answer.status_code == 409
    assert "has moved on" in answer.content.decode()
    assert TYPED in answer.content.decode()
    assert state_of(visit_request) == RequestState.INFO_REQUESTED


def test_what_is_agreed_is_cancelled_and_not_taken_back():
    visit_request = cases.agreed()

    refused = post(visit_request, "withdraw/", seen=visit_request.version, text=TYPED)
    done = post(visit_request, "cancel/", seen=visit_request.version, text="The minister comes that week.")

    assert refused.status_code == 409
    assert done.status_code == 302
    assert state_of(visit_request) == RequestState.CANCELLED


@pytest.mark.parametrize("text", ["", TYPED])
@pytest.mark.parametrize("known", [True, False])
def test_who_cancels_what_we_have_just_cancelled_is_told(text, known, settings):
    settings.QULTURUM_UNDO_MINUTES = 10
    with time_machine.travel(datetime(2026, 11, 29, 13, 2, tzinfo=UTC), tick=False):
        visit_request = cases.agreed()
        seen, by = visit_request.version, visit_request.coordinator
        undoing.decide(visit_request, "cancelled", lambda: workflow.cancel(visit_request, why="Flood.", by=by), by=by)
    later = datetime(2026, 11, 29, 13, 30 if known else 5, tzinfo=UTC)

    with time_machine.travel(later, tick=False):
        answer = post(visit_request, "cancel/", seen=seen, text=text)

    page = answer.content.decode()
    assert (answer.status_code, "Nothing was changed" in page) == (409, True)
    assert ("We had called it off already, on Sunday 29 November 2026 at 14.02." in page) is known
    assert (TYPED in page) is bool(text)
    assert visit_request.history.filter(what="cancelled").count() == 1
    assert not Message.objects.filter(kind="visitor_left").exists()


def test_cancelling_twice_is_cancelling_once():
    visit_request = cases.agreed()

    answers = [post(visit_request, "cancel/", seen=visit_request.version) for _press in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert visit_request.history.filter(what="cancelled").count() == 1


# -- Ways on


def test_another_week_after_a_no_is_one_press_and_asked_for_with_all_that_was_written():
    visit_request = cases.declined()
    way = visit_request.alternatives.first()

    answer = post(visit_request, "again/", wish=way.pk)

    again = VisitRequest.objects.exclude(pk=visit_request.pk).get()
    assert answer.status_code == 302
    assert answer["Location"].endswith(again.get_absolute_url())
    assert (again.request_state, again.first_wished_day) == (RequestState.SUBMITTED, way.first_day)
    assert (again.brings, again.aim, again.group_size) == (
        visit_request.brings, visit_request.aim, visit_request.group_size,
    )  # fmt: skip
    assert set(again.areas.all()) == set(visit_request.areas.all())
    assert again.visitor == visit_request.visitor
    assert Message.objects.filter(kind="received", request=again).count() == 1
    assert state_of(visit_request) == RequestState.DECLINED


def test_another_week_that_is_pressed_twice_is_asked_for_once():
    visit_request = cases.declined()
    way = visit_request.alternatives.first()

    first, second = (post(visit_request, "again/", wish=way.pk) for _press in range(2))

    assert first["Location"] == second["Location"]
    assert VisitRequest.objects.count() == 2


def test_another_week_for_which_it_is_too_late_now_is_a_question_to_us():
    visit_request = cases.declined()
    way = visit_request.alternatives.first()

    with time_machine.travel(way.first_day - timedelta(days=60), tick=False):
        answer = post(visit_request, "again/", wish=way.pk)

    assert answer.status_code == 302
    assert "On which days could we come?" in visit_request.comments.get().text
    assert VisitRequest.objects.count() == 1


@pytest.mark.parametrize("wish", ["", "0", "nonsense", "2027-01-01"])
def test_a_way_that_was_not_offered_is_not_taken(wish):
    visit_request = cases.declined()

    answer = post(visit_request, "again/", wish=wish)

    assert "Choose one of the ways" in answer.content.decode()
    assert not visit_request.comments.exists()
