"""The desk: the bar that takes back, the page after, and what is told before anything is done."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.conftest import signed_in
from tests.factories import AskFactory, FacilitatorFactory, SessionFactory, VisitRequestFactory
from tests.visits.proposal import cases as proposals
from tests.visits.undoing import cases
from visits import letters, rules, season, undoing, words
from visits.choices import RequestState
from visits.deeds import decisions
from visits.models import Alternative, Decision, HistoryEntry, Message, VisitRequest

pytestmark = pytest.mark.django_db
S = RequestState


def address(name: str, case: VisitRequest, *more: object) -> str:
    return reverse(f"admin:visits_visitrequest_{name}", args=[case.pk, *more])


def do(client: Client, case: VisitRequest, name: str, **typed: object):
    return client.post(address("deed", case, name), {"seen": cases.fresh(case).version, **typed})


def words_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_after_a_proposal_the_page_says_when_it_leaves_and_what_comes(coordinator_client):
    case = proposals.planned()
    other = VisitRequestFactory(organisation_name="Rotterhaven Hospital")

    response = coordinator_client.post(
        address("propose", case), {"seen": case.version, "letter": "Welcome."}, follow=True
    )

    decision = Decision.objects.get()
    page = words_of(response)
    assert response.redirect_chain == [(address("sent", case), 302)]
    assert f"Version 1 leaves at {words.clock(decision.until)}" in page
    assert "Version 1, as it leaves" in page
    assert f"{words.clock(decision.until)} today A mail to Aileen Munro" in page
    assert "A reminder to Aileen, if there is no answer" in page
    assert response.context["next_case"] == other
    body = response.content.decode()
    assert body.index("dk-undo") < body.index("Breadcrumb")
    assert 'role="status"' in body


def test_while_a_proposal_waits_it_is_their_turn_from_then_on_and_one_way_leads_back(coordinator_client):
    case = proposals.planned()
    VisitRequestFactory(organisation_name="Rotterhaven", state_since=timezone.now() - timedelta(days=5))

    response = coordinator_client.post(
        address("propose", case), {"seen": case.version, "letter": "Welcome."}, follow=True
    )

    page, leaves = words_of(response), Decision.objects.get().until
    answer_by = words.short_day(cases.fresh(case).due_at)
    assert f"Their turn from {words.clock(leaves)}: answer by {answer_by}" in page
    assert "Take the proposal back" not in page
    assert "Rotterhaven , 6 people. It has waited for 5 days." in page

    with time_machine.travel(leaves + timedelta(minutes=1)):
        later = words_of(coordinator_client.get(address("sent", case)))
    assert f"Their turn: answer by {answer_by}" in later
    assert "Take the proposal back" in later


def test_a_colleague_who_is_asked_about_several_sessions_has_one_line_for_each_last_day(coordinator_client):
    case = proposals.planned()
    asked = FacilitatorFactory()
    sessions = [SessionFactory(visit=case.visit, hour=hour, title=f"Part {hour}") for hour in (12, 13, 14)]
    for session in sessions:
        AskFactory(session=session, facilitator=asked)

    response = coordinator_client.post(
        address("propose", case), {"seen": case.version, "letter": "Welcome."}, follow=True
    )

    told = [one.what for one in response.context["coming"] if one.what.startswith(asked.name)]
    assert told == [f"{asked.name} has answered about “Part 12” and two more, else somebody else is asked"]


def test_undo_puts_all_back_and_says_so(coordinator_client):
    case = proposals.planned()
    before = cases.everything(case)
    coordinator_client.post(address("propose", case), {"seen": case.version, "letter": "Welcome."})

    response = coordinator_client.post(address("undo", case, Decision.objects.get().pk), follow=True)

    assert "Taken back: version 1 of the programme. No mail has left, and all is as it was." in words_of(response)
    assert "dk-undo" not in response.content.decode()
    assert cases.everything(case) == before


def test_send_now_lets_the_mails_leave_and_takes_the_bar_away(coordinator_client):
    case = cases.taken()
    do(coordinator_client, case, "say", kind="question", text="Which day?")

    response = coordinator_client.post(address("undo", case, Decision.objects.get().pk), {"send_now": "1"}, follow=True)

    assert "dk-undo" not in response.content.decode()
    assert list(Message.objects.due(timezone.now()).values_list("kind", flat=True)) == ["question"]


def test_too_late_is_told_and_changes_nothing(coordinator_client, coordinator):
    case = cases.taken()
    decision = cases.decide(case, "declined", coordinator)

    with time_machine.travel(decision.until + timedelta(seconds=1)):
        response = signed_in(coordinator).post(address("undo", case, decision.pk))

    assert response.status_code == 409
    assert f"The mails left at {words.clock(decision.until)}." in response.content.decode()
    assert cases.fresh(case).state == S.DECLINED


def test_the_decision_of_another_case_is_not_found(coordinator_client, coordinator):
    decision = cases.decide(cases.taken(), "declined", coordinator)

    response = coordinator_client.post(address("undo", cases.taken(), decision.pk))

    assert response.status_code == 404
    assert Decision.objects.get().undone_at is None


@pytest.mark.parametrize("name", ["undo", "sent"])
def test_only_the_desk_takes_back(facilitator_client, coordinator, name):
    case = cases.taken()
    decision = cases.decide(case, "declined", coordinator)
    where = address(name, case, *([decision.pk] if name == "undo" else []))
    stranger = Client()

    for client, status in ((stranger, 302), (facilitator_client, 403)):
        assert (client.post if name == "undo" else client.get)(where).status_code == status

    assert cases.fresh(case).state == S.DECLINED


def test_undo_is_a_press_and_never_a_look(coordinator_client, coordinator):
    case = cases.taken()
    decision = cases.decide(case, "declined", coordinator)

    assert coordinator_client.get(address("undo", case, decision.pk)).status_code == 405
    assert cases.fresh(case).state == S.DECLINED


def test_a_colleague_who_went_on_is_named_in_the_bar_that_offers_no_undo(coordinator_client, coordinator, manager):
    case = cases.taken()
    do(coordinator_client, case, "say", kind="message", text="Welcome.")
    do(signed_in(manager), case, "hand_over", to=manager.pk)

    page = coordinator_client.get(address("change", case)).content.decode()

    assert "Gun Berg has gone on from here" in page
    assert "#undo" not in page
    assert "Send now" in page


def test_the_page_before_a_proposal_shows_the_mail_as_it_will_read_and_does_nothing(coordinator_client):
    case = proposals.planned()
    before = cases.everything(case)

    response = coordinator_client.post(
        address("propose", case), {"seen": case.version, "letter": "Welcome, dear friends.", "preview": "1"}
    )

    (mail,) = response.context["foreseen"].mails
    assert cases.everything(case) == before
    coordinator_client.post(address("propose", case), {"seen": case.version, "letter": "Welcome, dear friends."})
    sent = letters.write(Message.objects.for_writing().get(), timezone.now())
    assert mail.subject == sent.subject
    body = re.sub(r"\s+", " ", sent.body)
    told = [str(block) for block in mail.blocks if block.kind == "paragraph"]
    assert told[0] == "Welcome, dear friends."
    assert [one for one in told if one not in body] == []
    assert mail.greeting in body


def test_a_clash_is_told_before_the_press(coordinator_client):
    case = proposals.planned()
    taken = case.visit.sessions.first()
    other = SessionFactory(visit__first_day=case.visit.first_day, room=taken.room)
    cases.scheduling.book_room(other)

    page = words_of(coordinator_client.get(address("propose", case)))

    assert "It could not be sent as it is now" in page
    assert f"{taken.room} is taken from 09.00 to 10.00" in page


def test_who_else_thinks_of_the_week_is_named(coordinator_client):
    case = proposals.planned()
    for n in range(6):
        VisitRequestFactory(organisation_name=f"Lakeside Health {n}", wishes=[case.visit.first_day])
    VisitRequestFactory(organisation_name="Kestrel Bay", wishes=[case.visit.first_day + timedelta(weeks=2)])

    page = words_of(coordinator_client.get(address("propose", case)))

    assert page.count("Who else thinks of that week") == 1
    assert [page.count(f"Lakeside Health {n}") for n in range(6)] == [1, 1, 1, 1, 1, 0]
    assert "and 1 more" in page
    assert "Kestrel Bay" not in page


def test_a_no_shows_the_mail_as_it_will_read(coordinator_client):
    FacilitatorFactory()
    case = VisitRequestFactory()
    week = next(o for o in coordinator_client.get(address("decline", case)).context["offers"] if o.first_day)
    typed = {"seen": case.version, "reason": "no_room", "explanation": "A good question.", "alternatives": [week.key]}

    response = coordinator_client.post(address("decline", case), {**typed, "preview": "1"})

    kept = words.weekday(timezone.localdate() + 10 * rules.DAY)
    assert cases.fresh(case).state == S.SUBMITTED
    assert f"We keep the week for you until {kept}" in words_of(response)
    assert not Alternative.objects.exists()


def test_weeks_that_go_with_a_no_are_kept_for_ten_days_and_let_go_by_undoing(coordinator_client):
    FacilitatorFactory()
    case = VisitRequestFactory()
    week = next(o for o in coordinator_client.get(address("decline", case)).context["offers"] if o.first_day)
    there = season.week_of(week.first_day)
    typed = {"seen": case.version, "reason": "no_room", "explanation": "A good question.", "alternatives": [week.key]}

    response = coordinator_client.post(address("decline", case), typed, follow=True)

    loads = season.week_loads(week.first_day, week.first_day)
    assert (loads[there], season.week_loads(week.first_day, week.first_day, without=case.pk)[there]) == (1, 0)
    assert "The last day on which the other weeks are kept for them" in words_of(response)
    with time_machine.travel(timezone.now() + timedelta(days=11)):
        assert season.week_loads(week.first_day, week.first_day)[there] == 0
    coordinator_client.post(address("undo", case, Decision.objects.get().pk))
    assert season.week_loads(week.first_day, week.first_day)[there] == 0


def test_each_reason_says_how_often_it_was_given_this_year(coordinator_client):
    cases.declined()
    cases.declined()

    page = words_of(coordinator_client.get(address("decline", VisitRequestFactory())))

    assert page.count("Given 2 times this year.") == 1


def test_without_a_free_week_the_page_of_a_no_says_so(coordinator_client, settings):
    settings.QULTURUM_WEEK_CAPACITY = 0

    page = words_of(coordinator_client.get(address("decline", VisitRequestFactory())))

    assert "No other week can be planned now." in page


@pytest.mark.parametrize(("name", "made", "typed", "told"), [
    ("confirm", cases.ready, {}, ["2 mails to colleagues", "1 mail to the guests"]),
    ("cancel", cases.confirmed, {"why": "The house is flooded."}, ["1 mail to the guests", "are let go"]),
    ("waitlist", cases.taken, {"what_for": "A free week in May."}, ["A free week in May.", "0 mails to colleagues"]),
    ("reopen", cases.declined, {}, ["1 mail to the guests"]),
    ("resume", cases.proposed, {}, ["0 mails to the guests"]),
])  # fmt: skip
def test_any_deed_can_be_looked_at_before_it_is_done(coordinator_client, name, made, typed, told):
    case = made()
    if name == "confirm":
        ask = cases.scheduling.live_asks(case).first()
        FacilitatorFactory()
        second = cases.AskFactory(session=ask.session, state="accepted")
        assert second.pk
    before = cases.everything(case)
    entries = HistoryEntry.objects.count()

    response = do(coordinator_client, case, name, foresee="1", **typed)

    page = words_of(response)
    assert response.status_code == 200
    assert [one for one in told if one not in page] == []
    assert cases.everything(case) == before
    assert HistoryEntry.objects.count() == entries
    assert not Decision.objects.exists()


def test_what_cannot_be_done_is_told_instead_of_what_it_would_do(coordinator_client):
    case = cases.agreed()

    response = do(coordinator_client, case, "confirm", foresee="1")

    assert response.status_code == 409
    assert "Nobody has said yes to" in words_of(response)


def test_a_mail_that_tells_nothing_new_may_be_left_out(coordinator_client):
    case = cases.ready()
    page = do(coordinator_client, case, "confirm", foresee="1")
    (mail,) = page.context["foreseen"].to_ours

    do(coordinator_client, case, "confirm", leave_out=mail.key)

    assert "session_confirmed" not in cases.waiting_mails(case)
    assert "confirmed" in cases.waiting_mails(case)
    assert cases.fresh(case).state == S.CONFIRMED


def test_the_mail_to_the_guests_is_never_left_out(coordinator_client):
    case = cases.ready()
    page = do(coordinator_client, case, "confirm", foresee="1")
    (mail,) = page.context["foreseen"].to_guests

    do(coordinator_client, case, "confirm", leave_out=mail.key)

    assert "confirmed" in cases.waiting_mails(case)


@pytest.mark.parametrize("name", ["hand_over", "write_agreement"])
def test_what_has_no_page_of_its_own_before_it_is_not_found(coordinator_client, coordinator, name):
    case = cases.taken()

    response = do(coordinator_client, case, name, foresee="1", to=coordinator.pk)

    assert response.status_code == 404


def test_without_minutes_there_is_no_bar_and_the_sentence_is_as_before(coordinator_client, settings):
    settings.QULTURUM_UNDO_MINUTES = 0
    case = cases.taken()

    response = coordinator_client.post(
        address("deed", case, "say"), {"seen": case.version, "kind": "question", "text": "Which day?"}, follow=True
    )

    assert "The question is on its way. It is their turn." in words_of(response)
    assert "dk-undo" not in response.content.decode()


def test_what_was_decided_is_told_as_a_sentence(coordinator_client, coordinator):
    case = cases.new()

    page = words_of(coordinator_client.post(address("deed", case, "claim"), {"seen": case.version}, follow=True))

    assert "Maja Lindqvist took the request." in page
    assert "decided:" not in page
    assert decisions.done("declined", {}, by=coordinator) == "Maja Lindqvist said no."


def test_every_deed_that_can_be_taken_back_has_a_sentence():
    assert set(decisions.DID) == set(decisions.CALLED) == set(undoing.KINDS)


def test_the_bar_is_read_in_swedish(coordinator_client):
    case = cases.taken()
    do(coordinator_client, case, "say", kind="question", text="Which day?")

    page = coordinator_client.get(address("change", case).replace("/admin/", "/sv/admin/")).content.decode()

    assert "Till dess har ingen märkt något." in page
