from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.conftest import signed_in
from tests.factories import AskFactory, CoordinatorFactory, FacilitatorFactory, SessionFactory, at
from visits import access, rules, scheduling, words
from visits.choices import AskState, BookingKind, CommentSide, LinkPurpose, RequestState
from visits.models import Ask, Booking, Comment, Session, VisitRequest

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask() -> Ask:
    return AskFactory(facilitator__user__first_name="Fatima")


def mine(ask: Ask) -> Client:
    return signed_in(ask.facilitator.user)


def one(ask: Ask) -> str:
    return reverse("visits:asked_one", args=[ask.pk])


def link(ask: Ask) -> str:
    return reverse("visits:ask_answer", args=[access.token(access.ask_link(ask))])


def state(ask: Ask) -> str:
    return Ask.objects.get(pk=ask.pk).state


def test_the_list_tells_the_facts_and_that_one_may_say_no(ask):
    shown = mine(ask).get(reverse("visits:asked")).content.decode()

    for said in (
        "1 question for you", "Can you take this?", f"Meet Esther, with {ask.session.visit.request.organisation_name}",
        "09.00 to 10.00", "You are free from 08.00 to 17.00", "6 people, United Kingdom", "In English.",
        "Volunteers phone people who live alone.", "You may say no", "I can", "I cannot", "You speak English",
    ):  # fmt: skip
        assert said in shown


def test_of_several_questions_each_says_or_links_to_why_it_is_asked_of_them(ask):
    later = AskFactory(
        session=SessionFactory(visit=ask.session.visit, hour=11), facilitator=ask.facilitator,
        answer_by=ask.answer_by + timedelta(days=1),
    )  # fmt: skip

    shown = mine(ask).get(reverse("visits:asked")).content.decode()

    first, second = (shown.split(f'<h2 id="ask-{it.pk}">')[1].split('class="invite')[0] for it in (ask, later))
    second = second.split("<aside")[0]
    assert f'id="why-{ask.pk}">Why you?' in first
    assert "You speak English" in first
    assert "You speak English" not in second
    assert f'<a href="{one(later)}">Why you?' in second
    assert "Why you?" not in shown.split("<aside")[1]


def test_nothing_asked_says_so(facilitator_client):
    shown = facilitator_client.get(reverse("visits:asked")).content.decode()

    assert "Nobody has asked you anything today." in shown


def test_the_free_hours_end_where_something_stands(ask):
    scheduling.accept(AskFactory(session=SessionFactory(visit=ask.session.visit, hour=11), facilitator=ask.facilitator))

    shown = mine(ask).get(one(ask)).content.decode()

    assert "You are free from 08.00 to 11.00" in shown


def test_a_yes_books_the_time_and_may_be_undone_for_ten_minutes(ask):
    me = mine(ask)

    answer = me.post(one(ask), {"answer": "yes"}, follow=True)

    assert state(ask) == AskState.ACCEPTED
    assert Booking.objects.get().facilitator == ask.facilitator
    assert "You said yes to" in answer.content.decode()
    assert "Undo, until" in answer.content.decode()

    me.post(one(ask), {"answer": "undo"})

    assert state(ask) == AskState.ASKED
    assert not Booking.objects.exists()
    assert ask.session.visit.request.history.filter(what="answer_taken_back").count() == 1


def test_a_no_may_be_undone_for_ten_minutes_on_the_page_of_the_ask_too(ask):
    me = mine(ask)
    me.post(one(ask), {"answer": "no"})

    shown = me.get(one(ask)).content.decode()
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=10, seconds=1)):
        later = me.get(one(ask)).content.decode()

    assert "You said no to" in shown
    assert 'name="answer" value="undo"' in shown
    assert "You have said no to this already." in later
    assert 'value="undo"' not in later
    assert "You are free" not in shown + later


def test_after_ten_minutes_an_answer_stands(ask):
    scheduling.accept(ask)

    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=10, seconds=1)):
        answer = mine(ask).post(one(ask), {"answer": "undo"})

    assert answer.status_code == 409
    assert "It is too late to undo this answer." in answer.content.decode()
    assert state(ask) == AskState.ACCEPTED


def test_a_yes_to_a_visit_that_was_confirmed_meanwhile_cannot_be_undone(ask):
    scheduling.accept(ask)
    VisitRequest.objects.update(state=RequestState.CONFIRMED)

    with pytest.raises(scheduling.AskRefused):
        scheduling.take_back_answer(ask)

    assert Booking.objects.exists()


def test_a_no_needs_no_reason_and_books_nothing(ask):
    answer = mine(ask).post(one(ask), {"answer": "no"}, follow=True)

    assert state(ask) == AskState.DECLINED
    assert not Booking.objects.exists()
    assert "You said no to" in answer.content.decode()


def test_another_time_is_a_no_with_a_note_between_colleagues(ask):
    mine(ask).post(one(ask), {"answer": "other", "when": "Wednesday, all morning"})

    note = Comment.objects.get()
    assert state(ask) == AskState.DECLINED
    assert (note.side, note.author) == (CommentSide.NOTE, ask.facilitator.user)
    assert note.text == "I cannot lead “Meet Esther”. I could at another time: Wednesday, all morning"


def test_whoever_could_at_another_time_reads_that_it_was_passed_on(ask):
    for client, address in ((mine(ask), one(ask)), (Client(), link(ask))):
        typed = {"answer": "other", "when": "Wednesday, all <b>morning</b>"}

        told = client.post(address, typed, follow=True).content.decode()

        said = "The coordinator reads that you could at another time: “Wednesday, all &lt;b&gt;morning&lt;/b&gt;”"
        assert said in told
        client.post(address, {"answer": "undo"})
        assert "could at another time:" not in mine(ask).get(reverse("visits:asked")).content.decode()


def test_a_title_that_is_a_question_has_nothing_after_its_question_mark(ask):
    Session.objects.update(title="What did we hear?")
    organisation = ask.session.visit.request.organisation_name

    shown = mine(ask).get(one(ask)).content.decode()
    scheduling.accept(ask)
    week = mine(ask).get(reverse("visits:schedule")).content.decode()

    assert f"What did we hear? With {organisation}</h2>" in shown
    assert "What did we hear?</a></p>" in week
    for page in (shown, week, mine(ask).get(reverse("visits:asked")).content.decode()):
        assert not [end for end in ("?,", "?.", "?</a>,", "?</a>.", "?</b>,") if f"hear{end}" in page]


def test_what_is_written_with_a_question_stands_in_the_quotation_marks_of_the_language(ask):
    Ask.objects.update(words="As last time?")

    english = mine(ask).get(one(ask)).content.decode()
    swedish = mine(ask).get(f"/sv{one(ask)}").content.decode()

    assert "With the question: “As last time?”" in english
    assert "Tillsammans med frågan: ”As last time?”" in swedish


def plan_of(client: Client, ask: Ask, query: str = "") -> str:
    return client.get(f"/admin/visits/visitrequest/{ask.session.visit.request.pk}/change/{query}").content.decode()


def test_another_time_stands_beside_the_session_with_a_way_to_move_it_there(ask, coordinator_client):
    scheduling.decline(ask, other_time="Wednesday <b>5 May</b>")

    shown = plan_of(coordinator_client, ask)

    number = ask.session.pk
    assert f"{ask.facilitator.name} cannot then, but could:" in shown
    assert "<q>Wednesday &lt;b&gt;5 May&lt;/b&gt;</q>" in shown
    assert f'href="?open={number}&amp;session={number}#s{number}"' in shown
    assert f'name="open" value="{number}"' in plan_of(coordinator_client, ask, f"?open={number}&session={number}")


def test_another_time_moves_nothing_and_asks_nobody_by_itself(ask):
    before = (ask.session.starts_at, ask.session.ends_at)

    scheduling.decline(ask, other_time="Wednesday")

    ask.session.refresh_from_db()
    assert (ask.session.starts_at, ask.session.ends_at) == before
    assert Ask.objects.count() == 1


def test_who_could_at_another_time_is_asked_again_with_one_press(ask, coordinator_client):
    scheduling.decline(ask, other_time="Wednesday")
    person, case = ask.facilitator, ask.session.visit.request
    assert "Ask again" in plan_of(coordinator_client, ask, f"?session={ask.session.pk}")

    coordinator_client.post(
        reverse("admin:visits_visitrequest_deed", args=[case.pk, "put_down"]),
        {"seen": case.version, "session": ask.session.pk, "facilitator": person.pk, "when": "now"},
    )

    again = Ask.objects.get(state=AskState.ASKED)
    assert (again.facilitator, again.session) == (person, ask.session)
    assert "but could:" not in plan_of(coordinator_client, ask)


def test_another_time_goes_with_the_answer_that_is_taken_back(ask, coordinator_client):
    scheduling.decline(ask, other_time="Wednesday")
    scheduling.take_back_answer(ask)

    assert Ask.objects.get().other_time == ""
    assert "but could:" not in plan_of(coordinator_client, ask)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Write when you could"), ("  \n ", "Write when you could"), ("a\x00b", "hidden character"),
        ("x" * 501, "at most 500"),
    ],
)  # fmt: skip
def test_another_time_that_cannot_be_read_keeps_what_was_typed(ask, typed, said):
    answer = mine(ask).post(one(ask), {"answer": "other", "when": typed})

    assert answer.status_code == 422
    assert answer.content.decode().count(said) == 2  # in the summary, with a link, and at the field
    assert f'href="#when-{ask.pk}"' in answer.content.decode()
    assert typed.strip().replace("\x00", "") in answer.content.decode().replace("\x00", "")
    assert state(ask) == AskState.ASKED


def code(starts_at):
    return f"{starts_at.astimezone(rules.STOCKHOLM):%Y-%m-%dT%H.%M}"


def test_two_times_that_fit_the_guests_too_are_told_and_one_is_chosen_with_a_press(ask):
    visit, hour = ask.session.visit, timedelta(hours=1)
    start, end = ask.session.starts_at, ask.session.ends_at
    SessionFactory(visit=visit, starts_at=end, title="Lunch")
    scheduling.add_time_away(ask.facilitator, starts_at=end + hour, ends_at=end + 2 * hour)

    page = mine(ask).get(one(ask)).content.decode()
    told = re.findall(r'name="at"[^>]* value="([^"]+)"', page)
    answer = mine(ask).post(one(ask), {"answer": "other", "at": code(end + 2 * hour), "when": "Gladly."})

    assert told == [code(start - hour), code(end + 2 * hour)]
    assert "These fit the guests too" in page
    assert answer.status_code == 302
    ask.refresh_from_db()
    assert (ask.state, ask.other_time) == (AskState.DECLINED, f"{words.weekday(start)}, 12.00 to 13.00. Gladly.")


def test_a_time_that_is_taken_by_now_is_said_and_what_was_typed_stays(ask):
    answer = mine(ask).post(one(ask), {"answer": "other", "at": code(ask.session.starts_at), "when": "Gladly."})

    assert answer.status_code == 422
    assert "That time is taken by now. Choose another." in answer.content.decode()
    assert "Gladly.</textarea>" in answer.content.decode()
    assert state(ask) == AskState.ASKED


def test_whoever_follows_the_link_in_a_mail_reads_no_calendar(client, ask):
    page = client.get(reverse("visits:ask_answer", args=[access.token(access.ask_link(ask))])).content.decode()

    assert "I could at another time" in page
    assert "These fit the guests too" not in page


@pytest.mark.parametrize("data", [{}, {"answer": "maybe"}, {"answer": ""}])
def test_a_press_of_nothing_changes_nothing(ask, data):
    answer = mine(ask).post(one(ask), data)

    assert answer.status_code == 409
    assert "Press “I can” or “I cannot”." in answer.content.decode()
    assert state(ask) == AskState.ASKED


def test_a_yes_to_a_time_that_is_taken_is_refused_with_what_stands_there(ask):
    other = AskFactory(
        session=SessionFactory(title="Life café", visit=ask.session.visit, hour=9), facilitator=ask.facilitator
    )
    Ask.objects.filter(pk=other.pk).update(state=AskState.WITHDRAWN)
    Booking.objects.create(
        facilitator=ask.facilitator, session=other.session, starts_at=other.session.starts_at,
        ends_at=other.session.ends_at,
    )  # fmt: skip

    answer = mine(ask).post(one(ask), {"answer": "yes"})

    assert answer.status_code == 409
    assert "You are taken from 09.00 to 10.00" in answer.content.decode()
    assert "Life café" in answer.content.decode()
    assert state(ask) == AskState.ASKED


# -- Time away in the way of an ask ---------------------------------------------------------


def away_around(ask: Ask, before: int = 1, after: int = 3) -> str:
    """They are away on whole days around the session; returns them in words."""
    day = words.local_date(ask.session.starts_at)
    first, last = day - timedelta(days=before), day + timedelta(days=after)
    scheduling.add_time_away(ask.facilitator, starts_at=at(first, 0), ends_at=rules.end_of(last))
    return words.days_to(first, last, with_year=False)


def test_whoever_is_away_is_told_so_before_they_answer_and_led_to_their_time_away(ask):
    days = away_around(ask)

    for address in (one(ask), reverse("visits:asked")):
        shown = mine(ask).get(address).content.decode()

        assert f"You have written that you are away from {days}. Change that, or say no." in shown
        assert f'<a href="{reverse("visits:away")}">Your time away</a>' in shown
        assert "You are free" not in shown


def test_a_yes_of_somebody_who_is_away_is_refused_in_their_own_words(ask):
    days = away_around(ask)

    for client, address in ((mine(ask), one(ask)), (Client(), link(ask))):
        answer = client.post(address, {"answer": "yes"})
        told = answer.content.decode().partition('role="alert"')[2].partition("</section>")[0]

        assert answer.status_code == 409
        assert f"You have written that you are away from {days}. Change that, or say no. <a href=" in told
        assert "00.00" not in told
        assert ask.facilitator.name not in told
    assert state(ask) == AskState.ASKED


def test_one_day_away_and_some_hours_away_are_told_as_such(ask):
    day = words.local_date(ask.session.starts_at)
    hours = scheduling.add_time_away(ask.facilitator, starts_at=at(day, 8), ends_at=at(day, 12))
    said = f"You have written that you are away from 08.00 to 12.00 on {words.weekday(day)}."
    assert said in mine(ask).get(one(ask)).content.decode()
    hours.delete()

    away_around(ask, 0, 0)

    assert f"away on {words.weekday(day)}. Change" in mine(ask).get(one(ask)).content.decode()


def test_what_else_they_have_then_is_told_without_a_word_of_another_request(ask):
    other = scheduling.accept(
        AskFactory(session=SessionFactory(title="Life café", hour=9), facilitator=ask.facilitator)
    )
    Ask.objects.filter(pk=ask.pk).update(state=AskState.ASKED)

    shown = mine(ask).get(one(ask)).content.decode()

    when = f"from 09.00 to 10.00 on {words.weekday(ask.session.starts_at)}"
    assert f"You are taken {when}: “Life café”." in shown
    assert other.session.visit.request.reference not in shown


def test_what_their_own_calendar_has_is_told_and_gives_way_to_a_yes(ask):
    starts, ends = ask.session.starts_at, ask.session.ends_at
    Booking.objects.create(
        facilitator=ask.facilitator, kind=BookingKind.AWAY, imported=True, starts_at=starts, ends_at=ends
    )

    shown = mine(ask).get(one(ask)).content.decode()
    mine(ask).post(one(ask), {"answer": "yes"})

    assert "Your own calendar has something else then." in shown
    assert state(ask) == AskState.ACCEPTED


def test_a_yes_lets_the_other_asks_for_that_hour_fall(ask):
    rival = AskFactory(session=SessionFactory(visit=ask.session.visit, hour=9), facilitator=ask.facilitator)
    later = AskFactory(session=SessionFactory(visit=ask.session.visit, hour=10), facilitator=ask.facilitator)

    scheduling.accept(ask)

    assert (state(rival), state(later)) == (AskState.WITHDRAWN, AskState.ASKED)


@pytest.mark.parametrize(
    ("closed", "said"),
    [
        (AskState.EXPIRED, "The day to answer has passed, so we asked a colleague."),
        (AskState.WITHDRAWN, "This session has changed, so the ask was taken back."),
    ],
)
def test_an_ask_that_is_closed_says_why_and_takes_no_answer(ask, closed, said):
    Ask.objects.update(state=closed)
    for client, address in ((mine(ask), one(ask)), (Client(), link(ask))):
        shown = client.get(address)
        answer = client.post(address, {"answer": "yes"})

        assert said in shown.content.decode()
        assert 'value="yes"' not in shown.content.decode()
        assert (answer.status_code, said in answer.content.decode()) == (409, True)
    assert not Booking.objects.exists()


def test_a_session_that_is_over_takes_no_answer(ask):
    with time_machine.travel(ask.session.ends_at + timedelta(minutes=1)):
        with pytest.raises(scheduling.AskRefused, match="This session is over"):
            scheduling.accept(ask)
        assert "Nobody has asked you anything today." in mine(ask).get(reverse("visits:asked")).content.decode()


def test_anybody_elses_ask_and_one_that_was_not_sent_are_not_found(ask, facilitator_client):
    planned = AskFactory(state=AskState.PLANNED)

    others = [(facilitator_client, one(ask)), (mine(planned), one(planned)), (mine(ask), "/schedule/asked/9/")]

    for client, address in others:
        assert client.get(address).status_code == client.post(address, {"answer": "yes"}).status_code == 404
    assert mine(ask).get("/schedule/asked/99999999999999999999999/").status_code == 404
    assert state(ask) == AskState.ASKED


def test_an_ask_that_was_accepted_leads_to_its_briefing(ask):
    scheduling.accept(ask)

    assert mine(ask).get(one(ask))["Location"] == reverse("visits:briefing", args=[ask.pk])


# -- The page behind the link in the mail ---------------------------------------------------


def test_opening_the_link_changes_nothing(client, ask):
    address = link(ask)

    for _time in range(3):
        shown = client.get(address)
        client.head(address)

    assert shown.status_code == 200
    assert "A question for you, Fatima" in shown.content.decode()
    assert state(ask) == AskState.ASKED


@pytest.mark.parametrize(("answer", "becomes"), [("yes", AskState.ACCEPTED), ("no", AskState.DECLINED)])
def test_a_button_behind_the_link_answers_without_signing_in(client, ask, answer, becomes):
    address = link(ask)

    shown = client.post(address, {"answer": answer}, follow=True).content.decode()

    assert state(ask) == becomes
    assert Booking.objects.count() == (answer == "yes")
    assert f"You said {answer} to" in shown
    client.post(address, {"answer": answer})
    assert ask.session.visit.request.history.count() == 1
    client.post(address, {"answer": "undo"})
    assert state(ask) == AskState.ASKED


@pytest.mark.parametrize("token", ["x", "0" * 43, "0" * 42, "0" * 3000, "å" * 43])
def test_a_wrong_link_finds_nothing(client, ask, token):
    access.ask_link(ask)
    address = f"/ask/{token}/"

    assert client.get(address).status_code == client.post(address, {"answer": "yes"}).status_code == 404
    assert state(ask) == AskState.ASKED


def test_a_link_for_something_else_does_not_answer(client, ask):
    feed = access.new_feed(ask.facilitator)

    assert client.get(f"/ask/{access.token(feed)}/").status_code == 404


def test_a_link_that_was_revoked_or_has_expired_is_closed(client, ask):
    address = link(ask)
    ask.links.update(revoked_at=timezone.now())
    expired = access.issue(LinkPurpose.ASK, ask=ask, life=timedelta(seconds=-1))

    assert client.post(address, {"answer": "yes"}).status_code == 404
    assert client.post(f"/ask/{access.token(expired)}/", {"answer": "yes"}).status_code == 404
    assert state(ask) == AskState.ASKED


def test_the_page_behind_the_link_does_not_tell_the_rest_of_the_calendar(client, ask):
    assert "You are free" not in client.get(link(ask)).content.decode()


def test_a_press_without_its_secret_field_is_refused(ask):
    strict = Client(enforce_csrf_checks=True)

    assert strict.post(link(ask), {"answer": "yes"}).status_code == 403
    assert state(ask) == AskState.ASKED


def test_the_list_costs_as_many_queries_for_three_asks_as_for_one(ask):
    me = mine(ask)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            me.get(reverse("visits:asked"))
        return len(found)

    alone = queries()
    for hour in (11, 13):
        AskFactory(session=SessionFactory(hour=hour), facilitator=ask.facilitator)
    FacilitatorFactory.create_batch(5)

    assert queries() == alone <= 14


# -- The deeds ------------------------------------------------------------------------------


def test_asks_expire_once_and_only_those_whose_day_has_passed(ask):
    Ask.objects.update(answer_by=timezone.localdate() - timedelta(days=1))
    in_time = AskFactory()

    assert scheduling.expire_asks(timezone.localdate()) == 1
    assert scheduling.expire_asks(timezone.localdate()) == 0

    assert (state(ask), state(in_time)) == (AskState.EXPIRED, AskState.ASKED)
    assert ask.session.visit.request.history.filter(what="ask_expired").count() == 1


def test_an_ask_gives_seven_days_but_never_past_the_day_before():
    by = CoordinatorFactory()
    soon = AskFactory(state=AskState.PLANNED)
    with time_machine.travel(soon.session.starts_at - timedelta(days=3)):
        scheduling.send_ask(soon, by=by)
        assert soon.answer_by == timezone.localdate(soon.session.starts_at) - timedelta(days=1)
    far = AskFactory(state=AskState.PLANNED)
    scheduling.send_ask(far, by=by)

    assert far.answer_by == timezone.localdate() + timedelta(days=7)
    with pytest.raises(scheduling.AskRefused):
        scheduling.send_ask(far, by=by)


def test_a_withdrawn_ask_lets_go_of_the_time_and_tells_who_was_told(ask):
    scheduling.accept(ask)
    scheduling.withdraw_ask(ask, by=None)

    kept = Ask.objects.get(pk=ask.pk)
    assert (kept.state, kept.withdrawn_at is not None) == (AskState.WITHDRAWN, True)
    assert not Booking.objects.exists()
    assert [mail.kind for mail in ask.session.visit.request.mails.all()] == ["ask_withdrawn"]
