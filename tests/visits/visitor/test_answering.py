"""What the visitor does: each deed once, whatever is pressed twice or from an old page."""

import pytest

from tests.conftest import visitor_of
from tests.factories import SessionFactory
from tests.visits.visitor import cases
from visits import workflow
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

    post(visit_request, door, seen=visit_request.version)

    assert told_the_host(visit_request) == ["visitor_left"]


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
    assert "<b>Your story</b>, 40 min" in page
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
    assert "newer version" in answer.content.decode()
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

    answer = post(
        visit_request,
        "change/",
        number=1,
        kinds_0=["time", "longer"],
        words_1="Moira needs more time",
        text="Else fine.",
    )

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

    page = post(visit_request, "change/", number=1, words_0=TYPED, text="x" * 2001).content.decode()

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

    assert "2 things are different" in page
    assert "<b>Walk the process</b> is new" in page
    assert "<b>Meet Esther</b> is left out" in page


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


# -- Ways on


def test_another_week_after_a_no_is_one_press_and_is_written_to_us():
    visit_request = cases.declined()
    way = visit_request.alternatives.first()

    answer = post(visit_request, "again/", wish=way.pk)

    assert answer.status_code == 302
    assert "We would like to come on" in visit_request.comments.get().text
    assert state_of(visit_request) == RequestState.DECLINED


@pytest.mark.parametrize("wish", ["", "0", "nonsense", "2027-01-01"])
def test_a_way_that_was_not_offered_is_not_taken(wish):
    visit_request = cases.declined()

    answer = post(visit_request, "again/", wish=wish)

    assert "Choose one of the ways" in answer.content.decode()
    assert not visit_request.comments.exists()


def test_who_waits_in_the_line_may_ask_for_an_open_week_instead():
    visit_request = cases.waitlisted()
    page = visitor_of(visit_request).get(visit_request.get_absolute_url())
    day = page.context["other_days"][0]

    answer = post(visit_request, "again/", wish=day.isoformat())

    assert answer.status_code == 302
    assert "leave the line" in visit_request.comments.get().text
