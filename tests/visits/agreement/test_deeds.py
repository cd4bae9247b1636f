"""Writing, agreeing and reading again: who has agreed to what, who is told, and what is refused."""

from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.utils import timezone

from tests.factories import AreaFactory, SessionFactory, settle_agreement
from tests.visits.agreement import cases
from tests.visits.agreement.cases import ANSWERS, OURS, chosen, grow, text_of
from tests.visits.visitor import cases as visits_cases
from visits import agreement, planning, rules, workflow
from visits.agreement import AgreementRefused, Stage
from visits.agreement.drafting import call_day
from visits.choices import RequestState, SessionKind, Turn
from visits.models import Agreement, Message, VisitRequest

pytestmark = pytest.mark.django_db
S = RequestState
WHOSE = {
    Stage.DRAFT: (cases.drafted, Turn.OURS),
    Stage.THEIRS: (cases.theirs, Turn.VISITOR),
    Stage.OURS: (cases.ours, Turn.OURS),
    Stage.BOTH: (cases.reopened, Turn.TOGETHER),
    Stage.SETTLED: (cases.settled, Turn.OURS),
}


def mails() -> list[str]:
    return sorted(Message.objects.filter(kind__startswith="agreement").values_list("kind", flat=True))


# -- Writing ---------------------------------------------------------------------------


def test_a_yes_to_a_programme_writes_the_first_version_from_what_was_asked_and_planned():
    visit_request = visits_cases.proposed(better_at_home="Fewer falls.", measure="Each week.", own_time="hour")

    workflow.accept_proposal(visit_request, number=1)

    found = text_of(visit_request)
    assert found.number == 1
    assert found.content["wants"]["aim"] == {"guests": "Fewer falls.", "ours": ""}
    assert found.content["wants"]["measure"] == {"guests": "Each week.", "ours": ""}
    assert [(row["title"], row["minutes"]) for row in found.content["teaching"]["ours"]] == [("Meet Esther", 60)]
    assert found.content["teaching"]["guests"] == [{"title": "Your story", "minutes": 40, "people": ["Moira"]}]
    assert [row["kind"] for row in found.content["contacts"]] == ["call", "names", "visit", "look_back"]
    assert found.content["persons"]["guests"]["email"] == visit_request.contact_email
    assert agreement.is_genuine(found)
    assert mails() == []


def test_without_words_on_what_would_be_better_the_aim_is_what_they_want_to_learn():
    visit_request = cases.drafted()

    assert text_of(visit_request).content["wants"]["aim"]["guests"] == visit_request.aim


def test_breaks_are_not_taught():
    visit_request = cases.drafted()
    SessionFactory(visit=visit_request.visit, kind=SessionKind.BREAK, title="Fika", hour=13)

    agreement.read_again_if_changed(visit_request)

    taught = text_of(visit_request).content["teaching"]
    assert "Fika" not in [row["title"] for rows in taught.values() for row in rows]


def test_a_draft_that_nobody_has_agreed_to_follows_the_plan_without_a_word():
    visit_request = cases.drafted()
    SessionFactory(visit=visit_request.visit, kind=SessionKind.GUEST, title="Five towns", hour=13)

    opened = agreement.read_again_if_changed(visit_request)

    assert not opened
    assert [row["title"] for row in text_of(visit_request).content["teaching"]["guests"]] == [
        "Your story",
        "Five towns",
    ]
    assert (text_of(visit_request).number, mails()) == (1, [])


# -- Agreeing --------------------------------------------------------------------------


def test_we_agree_first_and_the_guests_are_asked_with_a_day():
    visit_request = cases.whole()
    found = text_of(visit_request)

    agreement.agree_for_us(visit_request, by=visit_request.coordinator, seen=found.digest)

    found.refresh_from_db()
    assert (found.ours_by, found.guests_at) == (visit_request.coordinator, None)
    assert found.answer_by == timezone.localdate() + rules.DAYS_TO_AGREE
    assert mails() == ["agreement_ready"]
    visit_request.refresh_from_db()
    assert timezone.localdate(visit_request.due_at) == found.answer_by


def test_when_the_guests_agree_as_well_it_is_settled_and_both_get_it():
    visit_request = cases.theirs()

    agreement.agree_for_guests(visit_request, seen=text_of(visit_request).digest)

    assert agreement.is_settled(visit_request)
    assert text_of(visit_request).guests_by == "Aileen Munro"
    assert mails() == ["agreement_ready", "agreement_settled", "agreement_settled_us"]


def test_the_guests_may_agree_before_us():
    visit_request = cases.ours()

    agreement.agree_for_us(visit_request, by=visit_request.coordinator, seen=text_of(visit_request).digest)

    assert agreement.is_settled(visit_request)
    assert mails() == ["agreement_settled", "agreement_settled_us"]


def test_pressed_twice_it_is_one_agreement():
    visit_request = cases.theirs()
    found = text_of(visit_request)

    agreement.agree_for_us(visit_request, by=visit_request.coordinator, seen=found.digest)
    agreement.agree_for_guests(visit_request, seen=found.digest)
    agreement.agree_for_guests(visit_request, seen=found.digest)

    assert visit_request.history.filter(what="agreed_for_us").count() == 1
    assert visit_request.history.filter(what="agreed_for_guests").count() == 1
    assert mails().count("agreement_settled") == 1


def test_we_do_not_agree_while_a_part_is_empty_and_are_told_which():
    visit_request = cases.drafted()
    found = text_of(visit_request)

    with pytest.raises(AgreementRefused) as refusal:
        agreement.agree_for_us(visit_request, by=visit_request.coordinator, seen=found.digest)

    assert "Part 1: the answer of Qulturum to “What do we want to achieve?” is not written." in str(refusal.value)
    found.refresh_from_db()
    assert (found.ours_at, mails()) == (None, [])


def test_the_guests_write_what_is_missing_before_they_agree():
    visit_request = cases.drafted()
    found = text_of(visit_request)
    found = agreement.write_ours(
        visit_request, answers=OURS, contacts=chosen(found), by=visit_request.coordinator, seen=found.digest
    )
    agreement.agree_for_us(visit_request, by=visit_request.coordinator, seen=found.digest)

    with pytest.raises(AgreementRefused, match="How do we see that it is better"):
        agreement.agree_for_guests(visit_request, seen=found.digest)

    assert not agreement.is_settled(visit_request)
    assert text_of(visit_request).guests_at is None


@pytest.mark.parametrize(
    "agree",
    [lambda r, seen: agreement.agree_for_us(r, by=r.coordinator, seen=seen),
     lambda r, seen: agreement.agree_for_guests(r, seen=seen)],
    ids=["us", "guests"],
)  # fmt: skip
def test_nobody_agrees_to_a_text_that_has_changed_since_it_was_read(agree):
    visit_request = cases.whole()
    read = text_of(visit_request).digest
    agreement.change_answers(visit_request, answers={**ANSWERS, "test": "Two meetings."}, seen=read)

    with pytest.raises(AgreementRefused, match="changed since you opened the page"):
        agree(visit_request, read)

    found = text_of(visit_request)
    assert (found.ours_at, found.guests_at) == (None, None)


def test_nobody_agrees_to_a_stored_text_that_is_not_the_one_that_was_written():
    visit_request = cases.theirs()
    found = text_of(visit_request)
    altered = {**found.content, "title": "Something else"}
    Agreement.objects.filter(pk=found.pk).update(ours_at=None, ours_by=None)
    Agreement.objects.filter(pk=found.pk).update(content=altered)

    with pytest.raises(AgreementRefused, match="stored text is not the one"):
        agreement.agree_for_guests(visit_request, seen=found.digest)

    assert text_of(visit_request).guests_at is None


def call_off(visit_request: VisitRequest) -> None:
    workflow.cancel(visit_request, why="", by=None)


def plan_again(visit_request: VisitRequest) -> None:
    workflow.move_back_to_planning(visit_request, by=visit_request.coordinator, seen=visit_request.version)


@pytest.mark.parametrize("ended", [call_off, plan_again])
def test_the_agreement_of_a_visit_that_is_called_off_or_planned_again_rests(ended):
    visit_request = cases.theirs()
    ended(visit_request)

    with pytest.raises(AgreementRefused, match="The agreement rests"):
        agreement.agree_for_guests(visit_request, seen=text_of(visit_request).digest)

    assert text_of(visit_request).guests_at is None


# -- Other answers ---------------------------------------------------------------------


def test_other_answers_after_we_have_agreed_are_a_new_version_and_our_agreement_falls():
    visit_request = cases.theirs()
    answers = {**ANSWERS, "measure": "Town by town."}

    agreement.change_answers(visit_request, answers=answers, seen=text_of(visit_request).digest)

    found = text_of(visit_request)
    assert (found.number, found.ours_at, found.guests_at) == (2, None, None)
    assert found.content["wants"]["measure"]["guests"] == "Town by town."
    assert agreement.read(visit_request, found).fell == (
        "Qulturum had agreed to version 1, and reads the new text as well."
    )
    assert Agreement.objects.get(number=1).content["wants"]["measure"]["guests"] == ANSWERS["measure"]
    assert mails() == ["agreement_ready", "agreement_reopened_us"]


def test_the_same_answers_are_no_new_version():
    visit_request = cases.theirs()

    agreement.change_answers(visit_request, answers=ANSWERS, seen=text_of(visit_request).digest)

    assert text_of(visit_request).number == 1
    assert text_of(visit_request).ours_at is not None


def test_answers_stand_once_both_have_agreed():
    visit_request = cases.settled()
    found = text_of(visit_request)

    with pytest.raises(AgreementRefused, match="We have both agreed"):
        agreement.change_answers(visit_request, answers=ANSWERS, seen=found.digest)

    assert text_of(visit_request).digest == found.digest


# -- Reading again ---------------------------------------------------------------------


def another_day(visit_request: VisitRequest) -> None:
    visit = visit_request.visit
    visit.last_day += timedelta(days=1)
    visit.save(update_fields=["last_day"])
    agreement.read_again_if_changed(visit_request, by=visit_request.coordinator)


def another_area(visit_request: VisitRequest) -> None:
    visit_request.areas.add(AreaFactory())
    agreement.read_again_if_changed(visit_request, by=visit_request.coordinator)


def another_part_of_theirs(visit_request: VisitRequest) -> None:
    starts = rules.morning_of(visit_request.visit.first_day) + timedelta(hours=6)
    session = SessionFactory.build(
        visit=None, kind=SessionKind.GUEST, title="Five towns", starts_at=starts, ends_at=starts + timedelta(hours=1)
    )
    planning.add_session(visit_request, session, by=visit_request.coordinator, seen=visit_request.version)


def longer_part_of_theirs(visit_request: VisitRequest) -> None:
    session = visit_request.visit.sessions.get(kind=SessionKind.GUEST)
    session.ends_at += timedelta(minutes=15)
    planning.change_session(session, by=visit_request.coordinator, seen=session.visit.request.version)


def no_part_of_theirs(visit_request: VisitRequest) -> None:
    session = visit_request.visit.sessions.get(kind=SessionKind.GUEST)
    planning.remove_session(session, by=visit_request.coordinator, seen=session.visit.request.version)


@pytest.mark.parametrize(
    "change", [grow, another_day, another_area, another_part_of_theirs, longer_part_of_theirs, no_part_of_theirs]
)
@pytest.mark.parametrize("state", [S.AGREED, S.CONFIRMED])
def test_a_material_change_asks_both_again_and_the_state_stays(change, state):
    visit_request = cases.settled() if state == S.AGREED else visits_cases.confirmed()
    Message.objects.all().delete()

    change(visit_request)

    found = text_of(visit_request)
    visit_request.refresh_from_db()
    assert (found.number, found.ours_at, found.guests_at, visit_request.state) == (2, None, None, state)
    assert found.because
    assert Agreement.objects.get(request=visit_request, number=1).is_agreed
    assert "agreement_reopened" in mails()
    assert not agreement.is_settled(visit_request)
    assert visit_request.history.filter(what="agreement_reopened").count() == 1


def later_start(visit_request: VisitRequest) -> None:
    session = visit_request.visit.sessions.get(kind=SessionKind.GUEST)
    session.starts_at += timedelta(minutes=30)
    session.ends_at += timedelta(minutes=30)
    planning.change_session(session, by=visit_request.coordinator, seen=session.visit.request.version)


def another_place(visit_request: VisitRequest) -> None:
    session = visit_request.visit.sessions.get(kind=SessionKind.GUEST)
    session.place = "The library"
    planning.change_session(session, by=visit_request.coordinator, seen=session.visit.request.version)


def another_title_of_ours(visit_request: VisitRequest) -> None:
    session = visit_request.visit.sessions.get(kind=SessionKind.HOST)
    session.title = "Meet Esther’s granddaughter"
    planning.change_session(session, by=visit_request.coordinator, seen=session.visit.request.version)


def one_more(visit_request: VisitRequest) -> None:
    grow(visit_request, visit_request.group_size + 1)


@pytest.mark.parametrize("change", [later_start, another_place, another_title_of_ours, one_more])
def test_a_harmless_change_leaves_the_agreement_as_it_is(change):
    visit_request = visits_cases.confirmed()
    before = text_of(visit_request)
    Message.objects.all().delete()

    change(visit_request)

    assert text_of(visit_request).digest == before.digest
    assert agreement.is_settled(visit_request)
    assert mails() == []


def test_a_group_that_grows_bit_by_bit_is_held_against_what_was_agreed():
    visit_request = cases.settled()

    for size in (7, 8):
        grow(visit_request, size)

    assert text_of(visit_request).number == 2
    assert text_of(visit_request).because[0] == {"what": "size", "key": "", "was": 6, "now": 8}


def test_a_second_change_while_both_read_is_in_the_same_version():
    visit_request = cases.reopened()

    another_day(visit_request)

    found = text_of(visit_request)
    assert found.number == 2
    assert [change["what"] for change in found.because] == ["days", "size", "contact"]


def test_a_change_that_is_taken_back_before_anybody_agreed_to_it_leaves_what_was_agreed():
    visit_request = cases.reopened()
    Message.objects.all().delete()

    grow(visit_request, 6)

    found = text_of(visit_request)
    assert (found.number, found.is_agreed) == (1, True)
    assert agreement.is_settled(visit_request)
    assert mails() == []
    entry = visit_request.history.get(what="agreement_stands_again")
    assert entry.detail == {"version": 1, "turn": "ours"}
    visit_request.refresh_from_db()
    assert visit_request.due_at


def test_a_version_after_one_that_was_taken_back_has_a_number_of_its_own_and_is_held_against_what_was_agreed():
    visit_request = cases.reopened()
    grow(visit_request, 6)

    grow(visit_request, 12)

    found = text_of(visit_request)
    assert found.number == 3
    assert [(change["was"], change["now"]) for change in found.because] == [(6, 12)]
    assert agreement.before(found).number == 1
    assert sorted(message.data["number"] for message in Message.objects.filter(kind="agreement_reopened")) == [2, 3]


def test_an_agreement_that_is_read_again_close_to_the_visit_has_a_next_contact_that_lies_ahead():
    visit_request = cases.settled()
    first_day = datetime.combine(visit_request.visit.first_day, time(10), rules.STOCKHOLM)

    with time_machine.travel(first_day - timedelta(days=10), tick=False):
        grow(visit_request)
    with time_machine.travel(first_day - timedelta(days=8), tick=False):
        agreement.agree_for_us(visit_request, by=visit_request.coordinator, seen=text_of(visit_request).digest)
        agreement.agree_for_guests(visit_request, seen=text_of(visit_request).digest)

    assert agreement.is_settled(visit_request)
    calls = [row["day"] for row in text_of(visit_request).content["contacts"] if row["kind"] == "call"]
    asked_on = first_day.date() - timedelta(days=10)
    assert calls == [call_day(first_day.date(), asked_on).isoformat()]


def test_another_answer_in_the_new_version_keeps_it_when_the_size_is_taken_back():
    visit_request = cases.reopened()
    answers = {"aim": "Another aim.", "measure": "Readmissions.", "test": "One Esther meeting."}
    agreement.change_answers(visit_request, answers=answers, seen=text_of(visit_request).digest)

    grow(visit_request, 6)

    assert [change["key"] for change in text_of(visit_request).because] == ["aim.guests"]
    assert not agreement.is_settled(visit_request)


def test_a_new_version_that_somebody_has_agreed_to_stays_when_the_size_is_taken_back():
    visit_request = cases.reopened()
    agreement.agree_for_guests(visit_request, seen=text_of(visit_request).digest)

    grow(visit_request, 6)

    assert text_of(visit_request).number == 3
    assert not agreement.is_settled(visit_request)


def test_what_people_have_written_is_carried_into_the_next_version():
    visit_request = cases.reopened()

    assert text_of(visit_request).content["wants"]["test"]["ours"] == "One ward phones five."


def test_a_visit_that_is_planned_again_keeps_its_agreement_when_nothing_of_weight_has_changed():
    visit_request = cases.settled()
    workflow.move_back_to_planning(visit_request, by=visit_request.coordinator, seen=visit_request.version)
    visits_cases.propose(visit_request)

    workflow.accept_proposal(visit_request, number=2)

    assert agreement.is_settled(visit_request)
    assert text_of(visit_request).number == 1


def test_a_visit_that_is_moved_to_other_days_asks_both_again_with_the_new_yes():
    visit_request = cases.settled()
    workflow.move_back_to_planning(visit_request, by=visit_request.coordinator, seen=visit_request.version)
    first = visit_request.visit.first_day + timedelta(days=7)
    planning.choose_days(visit_request, first_day=first, last_day=first, title="Esther",
                         by=visit_request.coordinator, seen=visit_request.version)  # fmt: skip
    assert text_of(visit_request).number == 1
    visits_cases.propose(visit_request)

    workflow.accept_proposal(visit_request, number=2)

    assert text_of(visit_request).number == 2
    assert not agreement.is_settled(visit_request)


# -- Confirming ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "told"),
    [
        (Stage.DRAFT, "Our half of the agreement is not written yet"),
        (Stage.THEIRS, "The guests have not agreed"),
        (Stage.OURS, "Qulturum has not agreed"),
        (Stage.BOTH, "both have to read it again"),
    ],
)
def test_a_visit_is_not_confirmed_before_both_have_agreed(stage, told):
    make, _turn = WHOSE[stage]
    visit_request = make()

    with pytest.raises(workflow.MoveRefused, match=told):
        workflow.confirm(visit_request, by=visit_request.coordinator, seen=visit_request.version)

    visit_request.refresh_from_db()
    assert visit_request.state == S.AGREED
    assert not Message.objects.filter(kind="confirmed").exists()


# -- Whose turn ------------------------------------------------------------------------


@pytest.mark.parametrize("stage", WHOSE)
def test_the_turn_of_an_agreed_visit_is_whose_the_agreement_is(stage):
    make, turn = WHOSE[stage]
    visit_request = make()

    assert agreement.stage_of(agreement.current(visit_request)) == stage
    assert agreement.turn(visit_request) == turn


@pytest.mark.parametrize("stage", WHOSE)
def test_the_queue_stands_where_the_turn_is(stage):
    make, turn = WHOSE[stage]
    visit_request = make()

    theirs = VisitRequest.objects.agreement_waits_for(Turn.VISITOR)
    morning = VisitRequest.objects.waiting_for_us()

    assert (visit_request in theirs) == (turn == Turn.VISITOR)
    assert (visit_request in morning) == (turn != Turn.VISITOR)


def test_a_confirmed_visit_whose_agreement_is_open_waits_for_us_too():
    visit_request = visits_cases.confirmed()
    assert visit_request not in VisitRequest.objects.waiting_for_us()

    grow(visit_request)

    assert visit_request in VisitRequest.objects.waiting_for_us()
    assert agreement.turn(visit_request) == Turn.TOGETHER


def test_every_deed_is_by_somebody_and_says_whose_turn_it_is_then():
    visit_request = cases.drafted()
    settle_agreement(visit_request)

    told = dict(visit_request.history.filter(detail__has_key="turn").values_list("what", "detail__turn"))
    assert told == {"agreed_for_us": Turn.VISITOR, "agreed_for_guests": Turn.OURS}
