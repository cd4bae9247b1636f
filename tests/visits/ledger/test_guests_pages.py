"""The guests' own pages when the visit is over: look-back, ledger, and the page behind a follow-up's mail."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.conftest import visitor_of
from tests.visits.ledger.scene import DUE, LAST_DAY, guests_say, guests_share, noon, person, visit_over, we_share
from visits import access, rules
from visits.choices import LinkPurpose, PointState, RequestState, Side
from visits.http import OPENED
from visits.ledger import looking
from visits.models import LedgerPoint, LookBack, Participant, Visit

pytestmark = pytest.mark.django_db


def page(name: str, visit: Visit, *more: object) -> str:
    return reverse(f"visits:{name}", args=[visit.request.reference, *more])


def member_of(participant: Participant) -> Client:
    client = Client()
    session = client.session
    session[OPENED] = [access.standing_link(LinkPurpose.MEMBER, participant=participant).pk]
    session.save()
    return client


# -- The look-back ---------------------------------------------------------------------


def test_the_guests_write_with_ours_beside_them(visit):
    we_share(visit)

    html = visitor_of(visit.request).get(page("look_back", visit)).content.decode()

    assert "How did you get the municipalities to the same table?" in html
    assert "A phone call need not be made by a professional." in html
    assert "Fatima has written." in html
    assert "Wednesday 8" not in html
    assert "Tuesday 8 December" in html
    assert "24 February 2027" in html


def test_sharing_leads_to_the_ledger(visit):
    answer = visitor_of(visit.request).post(page("look_back", visit), guests_say())

    assert (answer.status_code, answer["Location"]) == (302, page("ledger", visit))
    assert LookBack.objects.get().shared_at == timezone.now()


def test_once_it_is_shared_the_page_no_longer_asks_for_it(visit):
    before = visitor_of(visit.request).get(page("visit", visit)).content.decode()
    guests_share(visit)
    we_share(visit)
    after = visitor_of(visit.request).get(page("visit", visit)).content.decode()

    asked = "Write what you took home, and what you will try."
    assert (asked in before, asked in after) == (True, False)
    assert "Try what you chose. Nothing else until we ask how it goes." in after


def test_a_day_that_has_come_is_what_the_guests_do(visit):
    guests_share(visit)

    with time_machine.travel(noon(DUE), tick=False):
        html = visitor_of(visit.request).get(page("visit", visit)).content.decode()

    assert "Write two lines in our learning ledger on how it has gone." in html


def test_an_answer_without_a_helper_is_no_person_who_helped(visit):
    guests_share(visit)

    html = visitor_of(visit.request).get(page("ledger", visit)).content.decode()

    assert "<dt>Closer to an answer</dt><dd>Yes<span" in html
    assert "<dt>Who helped</dt><dd>Yes" not in html
    assert "<dt>Who helped</dt><dd>Somebody else, in part</dd>" in html


def test_when_all_is_told_nobody_does_more(visit):
    guests_share(visit)
    we_share(visit)
    LedgerPoint.objects.update(state=PointState.STOPPED)

    html = visitor_of(visit.request).get(page("visit", visit)).content.decode()

    assert "Nothing more. Your ledger, report and certificates stay here." in html
    assert "Nothing more, but we like to hear from you." in html


def test_what_is_not_whole_is_not_shared_and_nothing_typed_is_lost(visit):
    typed = guests_say(closer_1="", seen="", tries="One small thing")

    answer = visitor_of(visit.request).post(page("look_back", visit), typed)

    html = answer.content.decode()
    assert answer.status_code == 422
    assert html.count("Choose yes, a bit, or not yet.") == 2  # in the summary and at the field
    assert "Write one thing that you saw. A small one counts." in html
    assert "One small thing" in html
    assert "<title>Error: " in html
    assert not LookBack.objects.exists()


def test_what_is_missing_is_told_in_the_order_of_the_page_and_each_question_by_its_number(visit):
    answer = visitor_of(visit.request).post(page("look_back", visit), guests_say(closer_1="", closer_2="", tries=""))

    summary = answer.content.decode().split('role="alert"')[1].split("</section>")[0]
    assert re.findall(r">([^<]+)</a>", summary) == [
        "Question 1: Choose yes, a bit, or not yet.",
        "Question 2: Choose yes, a bit, or not yet.",
        "Write one small thing that you will try.",
    ]


def test_what_is_not_whole_can_be_saved_and_stands_there_when_one_comes_back(visit):
    client = visitor_of(visit.request)

    answer = client.post(page("look_back", visit), {"tries": "One small thing", "closer_2": "a_bit", "save": "later"})

    html = client.get(page("look_back", visit)).content.decode()
    assert (answer.status_code, answer["Location"]) == (302, page("look_back", visit))
    assert "One small thing" in html
    assert LookBack.objects.get().shared_at is None
    assert "Error" not in html


@pytest.mark.parametrize(
    ("name", "bad", "sentence"),
    [
        ("tries", "x" * 1001, "Write at most 1000 characters. You wrote 1001."),
        ("tries", "a\x00b", "There is a hidden character in it."),
        ("worth", "very", "Choose one of the answers."),
        ("after", "5", "Choose among the answers."),
        ("helped_1", "<script>", "Choose among the answers."),
        ("about", "9", "Choose one of the answers."),
        ("closer_1", "maybe", "Choose one of the answers."),
    ],
)
@pytest.mark.parametrize("press", [{}, {"save": "later"}])
def test_what_cannot_be_read_is_neither_shared_nor_saved(visit, name, bad, sentence, press):
    answer = visitor_of(visit.request).post(page("look_back", visit), guests_say(**{name: bad}) | press)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not LookBack.objects.exists()


def test_what_another_has_written_meanwhile_is_shown_and_mine_is_kept(visit):
    kept = looking.keep_for_guests(visit.request, {"tries": "What Moira wrote"}, by_name="Moira Reid", seen="")
    client = visitor_of(visit.request)

    late = client.post(page("look_back", visit), {"tries": "What I wrote", "save": "later", "seen_at": ""})

    html = late.content.decode()
    assert late.status_code == 409
    assert "Moira Reid has saved an answer" in html
    assert "What Moira wrote" in html
    assert "What I wrote" in html
    assert looking.seen(kept) in html
    again = client.post(
        page("look_back", visit), {"tries": "What I wrote", "save": "later", "seen_at": looking.seen(kept)}
    )
    assert again.status_code == 302
    assert LookBack.objects.get().answers["tries"] == "What I wrote"


def test_one_of_the_group_writes_into_the_same_but_does_not_share(visit):
    client = member_of(person(visit, "Moira Reid", email="moira@tayford.example.org"))

    saved = client.post(page("look_back", visit), {"tries": "From Moira", "save": "later"})
    shared = client.post(page("look_back", visit), guests_say())

    assert saved.status_code == 302
    assert shared.status_code == 403
    found = LookBack.objects.get()
    assert (found.author_name, found.shared_at, found.answers["tries"]) == ("Moira Reid", None, "From Moira")
    html = client.get(page("look_back", visit)).content.decode()
    assert "Share with Qulturum" not in html
    assert "Aileen shares it with Qulturum when you all have written." in html


def test_a_look_back_that_is_shared_is_read_and_not_written(visit):
    guests_share(visit)
    client = visitor_of(visit.request)

    html = client.get(page("look_back", visit)).content.decode()
    late = client.post(page("look_back", visit), guests_say(seen="Something else"))

    assert "You thank one another." in html
    assert "<textarea" not in html
    assert late.status_code == 409
    assert "Something else" in late.content.decode()
    assert LookBack.objects.get().seen == "You thank one another."


@pytest.mark.parametrize("name", ["look_back", "ledger", "certificates", "report", "ledger_csv"])
def test_before_the_visit_is_over_the_pages_lead_to_the_visit(visit, name):
    type(visit.request).objects.update(state=RequestState.CONFIRMED)

    answer = visitor_of(visit.request).get(page(name, visit))

    assert (answer.status_code, answer["Location"]) == (302, page("visit", visit))


@pytest.mark.parametrize("name", ["look_back", "ledger", "report", "ledger_csv", "certificates"])
def test_only_those_of_the_visit_come_in(visit, name):
    other = visit_over(LAST_DAY)

    assert visitor_of(other.request).get(page(name, visit)).status_code == 404
    assert Client().get(page(name, visit)).status_code == 404
    assert visitor_of(visit.request).get(page(name, visit)).status_code == 200


# -- The ledger ------------------------------------------------------------------------


def test_the_ledger_asks_in_place_and_keeps_the_answer(visit, time_machine):
    guests_share(visit)
    point = LedgerPoint.objects.get(months=3)
    client = visitor_of(visit.request)
    time_machine.move_to(noon(DUE), tick=False)
    client = visitor_of(visit.request)

    shown = client.get(page("ledger", visit)).content.decode()
    answer = client.post(
        page("ledger_answer", visit, point.pk), {"state": "spreads", "words": "A second ward.", "result": "12 of 40"}
    )

    assert "Three months have passed. One thing of yours waits for a word. Two lines are enough." in shown
    assert f'href="#point-{point.pk}"' in shown
    assert answer["Location"] == f"{page('ledger', visit)}#point-{point.pk}"
    point.refresh_from_db()
    assert (point.state, point.words, point.result) == ("spreads", "A second ward.", "12 of 40")
    assert "We ask how it goes on 24 May." in client.get(page("ledger", visit)).content.decode()


def test_an_answer_without_a_state_is_asked_for_with_what_was_typed(visit, time_machine):
    guests_share(visit)
    point = LedgerPoint.objects.get(months=3)
    time_machine.move_to(noon(DUE), tick=False)

    answer = visitor_of(visit.request).post(page("ledger_answer", visit, point.pk), {"words": "It went well."})

    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Choose where it stands: goes on, spreads, or stopped." in html
    assert "It went well." in html
    assert LedgerPoint.objects.get(months=3).state == PointState.LATER


def test_too_late_an_answer_is_refused_with_what_was_typed(visit, time_machine):
    guests_share(visit)
    point = LedgerPoint.objects.get(months=3)
    time_machine.move_to(noon(DUE + timedelta(days=60)), tick=False)

    answer = visitor_of(visit.request).post(
        page("ledger_answer", visit, point.pk), {"state": "spreads", "words": "Three more units."}
    )

    html = answer.content.decode()
    assert answer.status_code == 409
    assert "The time to answer this is over." in html
    assert "Three more units." in html
    assert LedgerPoint.objects.get(months=3).state == PointState.LATER


def test_the_guests_answer_neither_for_us_nor_for_others(visit, time_machine):
    guests_share(visit)
    we_share(visit)
    other = visit_over(LAST_DAY)
    guests_share(other)
    time_machine.move_to(noon(DUE), tick=False)
    ours = LedgerPoint.objects.get(months=3, entry__learner=Side.OURS)
    theirs = LedgerPoint.objects.get(months=3, entry__visit=other)
    client = visitor_of(visit.request)

    answers = [client.post(page("ledger_answer", visit, one.pk), {"state": "stopped"}) for one in (ours, theirs)]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert not LedgerPoint.objects.filter(state=PointState.STOPPED).exists()


def test_one_of_the_group_reads_the_ledger_and_does_not_answer(visit, time_machine):
    guests_share(visit)
    time_machine.move_to(noon(DUE), tick=False)
    client = member_of(person(visit, "Moira Reid", email="moira@tayford.example.org"))
    point = LedgerPoint.objects.get(months=3)

    read = client.get(page("ledger", visit))
    answered = client.post(page("ledger_answer", visit, point.pk), {"state": "stopped"})

    assert read.status_code == 200
    assert "Where does it stand?" not in read.content.decode()
    assert answered.status_code == 403
    assert LedgerPoint.objects.get(months=3).state == PointState.LATER


def test_the_ledger_asks_the_database_the_same_whatever_it_holds(visit):
    def queries() -> int:
        client = visitor_of(visit.request)
        with CaptureQueriesContext(connection) as captured:
            client.get(page("ledger", visit))
        return len(captured)

    guests_share(visit)
    few = queries()
    for host in (visit.sessions.first().asks.first().facilitator.user, visit.request.coordinator):
        from_us = next(one for one in looking.hosts_of(visit) if one.user == host)
        looking.share_ours(visit.request, from_us, {"takes_home": "x", "tries": "y", "told_by": []}, seen="")

    assert queries() == few


# -- Behind the mail's link ------------------------------------------------------------


def follow_up_page(look_back: LookBack) -> str:
    until = rules.end_of(DUE + timedelta(days=400))
    return reverse("visits:follow_up", args=[access.token(access.follow_up_link(look_back, until=until))])


def test_opening_the_link_answers_nothing_and_one_press_does(visit, time_machine, client):
    there = follow_up_page(guests_share(visit))
    time_machine.move_to(noon(DUE), tick=False)
    point = LedgerPoint.objects.get(months=3)

    for _scanner in range(3):
        assert client.get(there).status_code == 200
        assert client.head(there).status_code == 200
    before = LedgerPoint.objects.get(months=3).state
    answer = client.post(there, {"point": point.pk, "state": "going_on"})

    assert before == PointState.LATER
    assert (answer.status_code, answer["Location"]) == (302, there)
    point.refresh_from_db()
    assert (point.state, point.answered_by) == (PointState.GOING_ON, "Aileen Munro")
    assert "Thank you. It stands in the ledger." in client.get(there).content.decode()


def test_who_answers_for_us_is_the_one_who_wrote_it(visit, time_machine, client):
    there = follow_up_page(we_share(visit))
    time_machine.move_to(noon(DUE), tick=False)
    point = LedgerPoint.objects.get(months=3)

    client.post(there, {"point": point.pk, "state": "stopped", "words": "Nobody had the time."})

    point.refresh_from_db()
    assert (point.state, point.answered_by) == (PointState.STOPPED, "Fatima Hosseini")
    assert visit.request.history.first().by == point.entry.look_back.user


def test_a_link_answers_its_own_side_only(visit, time_machine, client):
    there = follow_up_page(guests_share(visit))
    we_share(visit)
    time_machine.move_to(noon(DUE), tick=False)
    ours = LedgerPoint.objects.get(months=3, entry__learner=Side.OURS)

    answer = client.post(there, {"point": ours.pk, "state": "stopped"})

    assert answer.status_code == 404
    assert LedgerPoint.objects.get(pk=ours.pk).state == PointState.LATER


@pytest.mark.parametrize("typed", ["", "x", "-1", "9" * 30, "１"])
def test_a_press_about_nothing_is_not_found(visit, time_machine, client, typed):
    there = follow_up_page(guests_share(visit))
    time_machine.move_to(noon(DUE), tick=False)

    assert client.post(there, {"point": typed, "state": "stopped"}).status_code == 404
    assert not LedgerPoint.objects.filter(state=PointState.STOPPED).exists()


def test_a_press_without_a_word_is_asked_for_one(visit, time_machine, client):
    there = follow_up_page(guests_share(visit))
    time_machine.move_to(noon(DUE), tick=False)
    point = LedgerPoint.objects.get(months=3)

    answer = client.post(there, {"point": point.pk, "words": "Well, thank you."})

    assert answer.status_code == 422
    assert "Well, thank you." in answer.content.decode()
    assert LedgerPoint.objects.get(months=3).state == PointState.LATER


def test_between_two_follow_ups_the_link_says_when_the_next_one_comes(visit, client):
    there = follow_up_page(guests_share(visit))

    html = client.get(there).content.decode()

    assert "Nothing waits for a word now. We ask again on Wednesday 24 February 2027." in html
    assert "<form" not in html.split("<main")[1].split("</main>")[0]


def test_a_link_that_is_closed_or_unknown_lets_nobody_answer(visit, time_machine, client):
    there = follow_up_page(guests_share(visit))
    point = LedgerPoint.objects.get(months=3)
    time_machine.move_to(noon(DUE), tick=False)
    visit.look_backs.get().links.update(revoked_at=timezone.now())

    closed = client.post(there, {"point": point.pk, "state": "stopped"})
    unknown = client.post(reverse("visits:follow_up", args=["0" * 43]), {"point": point.pk, "state": "stopped"})

    assert (closed.status_code, unknown.status_code) == (410, 404)
    assert LedgerPoint.objects.get(months=3).state == PointState.LATER


# -- The page of the visit -------------------------------------------------------------


def test_the_page_of_the_visit_says_whose_word_is_waited_for(visit, time_machine):
    def told() -> str:
        return visitor_of(visit.request).get(page("visit", visit)).content.decode()

    first = told()
    guests_share(visit)
    between = told()
    time_machine.move_to(noon(DUE), tick=False)
    due = told()

    assert "What do you take home? Write it together by Tuesday 8 December; it takes five minutes." in first
    assert "Nothing waits for a word now. We ask how it goes on 24 February 2027." in between
    assert "Three months have passed. One thing of yours waits for a word." in due


def test_one_of_the_group_reads_who_tells_how_it_has_gone(visit, time_machine):
    guests_share(visit)
    time_machine.move_to(noon(DUE), tick=False)
    client = member_of(person(visit, "Moira Reid", email="moira@tayford.example.org"))

    html = client.get(page("visit", visit)).content.decode()

    assert "Aileen tells for your group how it has gone. You read it in the ledger." in html
