"""The made-up season: the same one every time, in every state, marked, and nobody in two places."""

from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from visits import agreement, almanac, demo, replies, rules
from visits.agreement import Stage
from visits.choices import ClosureKind, FacilitatorKind, PointState, RequestState, SessionKind, Side
from visits.deeds import sentences
from visits.improvement import counting
from visits.improvement.seasons import season_of
from visits.ledger import standing
from visits.models import (
    Ask,
    Booking,
    Closure,
    Facilitator,
    Gathering,
    HistoryEntry,
    LedgerEntry,
    Message,
    PlaceOffer,
    Proposal,
    Question,
    RoomFile,
    Session,
    User,
    Visit,
    VisitRequest,
)

pytestmark = pytest.mark.django_db


def at_ten_on(day):
    return time_machine.travel(datetime.combine(day, time(10), rules.STOCKHOLM))


def season_as_told():
    return sorted(VisitRequest.objects.values_list("reference", "state", "contact_email", "first_wished_day"), key=str)


def test_the_season_has_requests_in_every_state_and_all_are_marked_as_demo():
    call_command("load_catalogue", verbosity=0)

    added = demo.seed()

    assert added == VisitRequest.objects.filter(is_demo=True).count() == 62
    assert set(VisitRequest.objects.values_list("state", flat=True)) == set(RequestState)
    assert not User.objects.filter(is_demo=False).exists()
    assert Facilitator.objects.exclude(kind=FacilitatorKind.LIVING_LIBRARY).count() == 12
    assert Facilitator.objects.filter(kind=FacilitatorKind.LIVING_LIBRARY).count() == 3
    assert Booking.objects.count() > 50
    assert not Message.objects.exists()


def test_a_season_that_is_made_in_the_morning_has_no_afternoon_yet():
    call_command("load_catalogue", verbosity=0)

    with time_machine.travel(timezone.now().replace(hour=8, minute=20)):
        demo.seed()
        ahead = HistoryEntry.objects.filter(at__gt=timezone.now())
        found = list(ahead.values_list("what", "at"))

    assert found == []


def test_the_made_up_history_says_which_version_and_why():
    call_command("load_catalogue", verbosity=0)
    demo.seed()

    told = [sentences.line(entry).text for entry in HistoryEntry.objects.all()]

    assert [text for text in told if "…" in text] == []


def test_what_is_told_about_a_visit_that_is_over_was_settled_before_it():
    call_command("load_catalogue", verbosity=0)
    demo.seed()

    over = VisitRequest.objects.filter(state=RequestState.COMPLETED).select_related("visit")

    for case in over:
        settled = case.history.get(what="confirmed").at.date()
        assert settled < case.visit.first_day < case.state_since.date() <= timezone.localdate()


def test_a_request_that_expired_was_asked_something():
    call_command("load_catalogue", verbosity=0)
    demo.seed()

    expired = VisitRequest.objects.filter(state=RequestState.EXPIRED)

    assert [[c.side for c in case.comments.all()] for case in expired] == [["ours"], ["ours"]]


def test_each_state_of_the_visitors_pages_can_be_seen():
    call_command("load_catalogue", verbosity=0)
    demo.seed()
    today = timezone.localdate()

    compared = Proposal.objects.get(number=2)
    stages = {
        (case.state, agreement.stage_of(agreement.current(case)))
        for case in VisitRequest.objects.filter(state__in=[RequestState.AGREED, RequestState.CONFIRMED])
    }
    read_again = next(
        case
        for case in VisitRequest.objects.filter(state=RequestState.CONFIRMED)
        if agreement.stage_of(agreement.current(case)) is Stage.BOTH
    )
    due = {
        (entry.learner, standing.state_on(point, today))
        for entry in LedgerEntry.objects.prefetch_related("points")
        for point in entry.points.all()
    }

    assert compared.request.state == RequestState.PROPOSED
    assert compared.agenda != compared.request.proposals.get(number=1).agenda
    assert compared.quote["lines"]
    assert stages == {
        ("agreed", Stage.DRAFT), ("agreed", Stage.THEIRS), ("agreed", Stage.OURS), ("agreed", Stage.SETTLED),
        ("confirmed", Stage.SETTLED), ("confirmed", Stage.BOTH),
    }  # fmt: skip
    assert timezone.localdate(read_again.due_at) == agreement.current(read_again).answer_by
    assert {side for side, state in due if state == PointState.DUE} == {Side.GUESTS, Side.OURS}
    assert PlaceOffer.objects.waiting().get().request.state == RequestState.WAITLISTED
    assert RoomFile.objects.filter(visit__request__state=RequestState.CONFIRMED).exists()
    assert VisitRequest.objects.filter(state=RequestState.CONFIRMED, needs_invitation_letter=True).exists()


def test_the_season_begins_no_visit_on_a_holiday():
    call_command("load_catalogue", verbosity=0)
    with at_ten_on(date(2026, 11, 22)):
        demo.seed()

    assert [day for day in Visit.objects.values_list("first_day", flat=True) if almanac.is_day_off(day)] == []


@pytest.mark.parametrize("today", [date(2026, 11, 30), date(2027, 5, 10), date(2027, 8, 16)])
def test_nothing_of_the_season_is_on_a_day_when_the_house_is_closed(today):
    call_command("load_catalogue", verbosity=0)
    with at_ten_on(today):
        demo.seed()

    shut = Closure.objects.exclude(kind=ClosureKind.BUSY)
    visits = Visit.objects.values_list("first_day", "last_day")
    on = [first + timedelta(days=n) for first, last in visits for n in range((last - first).days + 1)]
    on += Gathering.objects.values_list("day", flat=True)
    closed = [day for day in on if almanac.is_day_off(day) or shut.filter(first_day__lte=day, last_day__gte=day)]
    assert closed == []
    assert Gathering.objects.count() > 8


def test_people_have_answered_on_many_days_and_before_what_they_were_asked_about():
    call_command("load_catalogue", verbosity=0)
    demo.seed()

    asks = Ask.objects.filter(answered_at__isnull=False).select_related("session")
    wrong = [ask for ask in asks if not ask.asked_at < ask.answered_at < min(timezone.now(), ask.session.starts_at)]

    assert wrong == []
    assert len({ask.answered_at.date() for ask in asks}) > 10
    assert len({ask.answered_at - ask.asked_at for ask in asks}) > 3


def test_our_first_answers_of_the_season_are_some_days_apart_and_few_are_late():
    call_command("load_catalogue", verbosity=0)
    today = date(2026, 11, 30)
    with at_ten_on(today):
        demo.seed()
        counted = counting.count(season_of(today))
        unordered = [
            case.reference
            for case in VisitRequest.objects.filter(history__what="asked_question")
            if case.history.filter(what__in=["proposed", "declined", "waitlisted"], at__lte=_asked(case)).exists()
        ]
        ahead = HistoryEntry.objects.filter(at__gt=timezone.now()).count()

    late = sum(count for days, count in counted.answer_days if days > 5)
    assert len(counted.answer_days) > 3
    assert 0 < late <= sum(count for _days, count in counted.answer_days) / 8
    assert (unordered, ahead) == ([], 0)


def _asked(case):
    return case.history.get(what="asked_question").at


def test_the_season_is_the_same_for_the_same_day():
    call_command("load_catalogue", verbosity=0)
    with at_ten_on(date(2026, 11, 22)), transaction.atomic():
        demo.seed()
        first = season_as_told()
        transaction.set_rollback(True)

    with at_ten_on(date(2026, 11, 22)):
        demo.seed()

    assert season_as_told() == first


def test_a_second_call_adds_nothing():
    call_command("load_catalogue", verbosity=0)
    demo.seed()

    assert demo.seed() == 0
    assert VisitRequest.objects.count() == 62


def test_production_has_no_demo_season(settings):
    settings.DEBUG = False

    with pytest.raises(CommandError):
        call_command("seed_demo")

    assert not User.objects.exists()


def test_some_guests_have_answered_our_own_questions_and_some_wait_for_a_word():
    call_command("load_catalogue", verbosity=0)
    demo.seed()

    asked = {question.pk: question for question in Question.objects.all()}
    answers = [one for case in VisitRequest.objects.exclude(further=[]) for one in case.further]
    waits = VisitRequest.objects.filter(comments__text__startswith="Would it be possible").get()
    drafts = replies.that_fit(waits, list(waits.comments.all()), [])

    assert {one["question"] for one in answers} == set(asked)
    assert [one.words_en for one in asked.values() if not one.is_asked] == [
        "Will somebody of you be with us on screen?"
    ]
    assert all(one["said"] for one in answers)
    assert {"May we take photographs?", "Can we see a real meeting?"} <= {draft.title for draft in drafts}


def test_guests_who_write_in_swedish_have_their_agenda_in_swedish():
    call_command("load_catalogue", verbosity=0)
    demo.seed()

    told = Session.objects.filter(kind=SessionKind.GUEST).values_list("visit__request__language", "title")

    assert set(told) == {
        ("en", "Your story"), ("en", "Your question, worked on together"),
        ("sv", "Er berättelse"), ("sv", "Er fråga, som vi arbetar med tillsammans"),
    }  # fmt: skip
