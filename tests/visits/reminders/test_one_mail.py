"""Whatever somebody is asked, a morning reminds them in one mail; nothing of it is lost, and nothing told twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import AskFactory, CoordinatorFactory, FacilitatorFactory, GatheringAskFactory, SessionFactory
from visits import ladder, outbox, reminders, rounds, rules, scheduling
from visits.choices import AskState, MessageState
from visits.models import Ask, Facilitator, GatheringAsk, Message, ReminderRung
from visits.outbox import sharing

pytestmark = [pytest.mark.django_db, pytest.mark.one_engine]

TODAY = date(2026, 11, 25)  # a Wednesday
NINE = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)  # 09.00 in Stockholm
PRESS = "/admin/visits/message/press/"
PAGE = reverse("admin:visits_message_changelist")
S = MessageState


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to(NINE, tick=False)


def asked(person: Facilitator, title: str, **fields: Any) -> Ask:
    """Somebody was asked two days ago, and has not answered."""
    session = SessionFactory(title=title)
    known: dict[str, Any] = {"asked_at": NINE - timedelta(days=2), "answer_by": TODAY + timedelta(days=5)}
    return AskFactory(facilitator=person, session=session, **known | fields)


def asked_to_help(person: Facilitator) -> GatheringAsk:
    return GatheringAskFactory(
        facilitator=person, asked_at=NINE - timedelta(days=2), answer_by=TODAY + timedelta(days=5)
    )


def states() -> list[str]:
    return sorted(Message.objects.filter(kind="ask_reminder").values_list("state", flat=True))


def test_what_somebody_is_asked_is_reminded_of_in_one_mail_that_lists_it():
    person, by = FacilitatorFactory(), CoordinatorFactory()
    asked(person, "Meet Esther", asked_by=by)
    asked(person, "Walk the process", asked_by=by)
    helping = asked_to_help(person)

    for _round in range(2):
        reminders.queue_due(NINE)
        rounds.deliver_due(NINE)

    (left,) = mail.outbox
    assert left.subject == "3 questions wait for your answer"
    assert left.to == [f"{person.user} <{person.user.email}>"]
    assert [title in left.body for title in ("Meet Esther", "Walk the process", helping.gathering.words)] == [True] * 3
    assert left.body.count("/ask/") == 3
    assert "Answer: Walk the process, " in left.body
    assert left.body.count("We still hope to hear from you.") == 1
    assert left.body.count("Answer by: Monday 30 November") == 3
    assert states() == [S.SENT, S.SKIPPED, S.SKIPPED]
    assert set(Message.objects.filter(state=S.SKIPPED).values_list("problem", flat=True)) == {sharing.TOLD_TOGETHER}


def test_a_title_that_asks_stands_before_its_day_without_a_comma():
    person = FacilitatorFactory()
    for title in ("What did we hear?", "Walk the process"):
        asked(person, title)

    reminders.queue_due(NINE)
    rounds.deliver_due(NINE)

    (left,) = mail.outbox
    assert "Answer: What did we hear? " in left.body
    assert "Answer: Walk the process, " in left.body


def test_each_has_a_mail_of_their_own():
    for title in ("Meet Esther", "Walk the process"):
        asked(FacilitatorFactory(), title)

    reminders.queue_due(NINE)
    rounds.deliver_due(NINE)

    assert sorted("Meet Esther" in one.body for one in mail.outbox) == [False, True]
    assert states() == [S.SENT, S.SENT]


def test_words_that_differ_stand_each_with_what_they_are_about():
    person = FacilitatorFactory()
    asked(person, "Meet Esther")
    asked(person, "Walk the process", asked_at=NINE - timedelta(days=5), answer_by=TODAY + timedelta(days=2))

    reminders.queue_due(NINE)
    rounds.deliver_due(NINE)

    (left,) = mail.outbox
    in_order = ("Walk the process", "This is the last time we ask.", "Meet Esther", "We still hope")
    assert sorted(in_order, key=left.body.index) == list(in_order)


@pytest.mark.parametrize("answered", [0, 1])
def test_what_was_answered_meanwhile_is_not_told_and_the_other_is(answered):
    person = FacilitatorFactory()
    asks = [asked(person, title) for title in ("Meet Esther", "Walk the process")]
    reminders.queue_due(NINE)
    scheduling.decline(asks[answered])

    rounds.deliver_due(NINE)

    (left,) = [one for one in mail.outbox if "wait" in one.subject or "Your answer by" in one.subject]
    assert left.subject.startswith("Your answer by Monday 30 November?")
    assert [title in left.body for title in ("Meet Esther", "Walk the process")] == [answered == 1, answered == 0]


def test_when_all_of_it_is_answered_nothing_leaves():
    person = FacilitatorFactory()
    asks = [asked(person, title) for title in ("Meet Esther", "Walk the process")]
    reminders.queue_due(NINE)
    for ask in asks:
        scheduling.decline(ask)

    rounds.deliver_due(NINE)

    assert states() == [S.SKIPPED, S.SKIPPED]


@pytest.mark.parametrize("first_came", [("1", "2"), ("2", "3")])
def test_two_sweeps_that_saw_something_else_tell_each_thing_once(first_came):
    person = FacilitatorFactory()
    asks = [asked(person, title) for title in ("First", "Second", "Third")]
    found = {str(n): owed for n, owed in enumerate(sorted(reminders.wanted(NINE), key=lambda one: one.key), start=1)}
    other = ("1", "2") if first_came == ("2", "3") else ("2", "3")

    for view in (first_came, other):
        sharing._write_down(outbox.joined(found[n] for n in view))
    rounds.deliver_due(NINE)

    told = [title for title in ("First", "Second", "Third") for one in mail.outbox if f"Session: {title}\n" in one.body]
    assert told == ["First", "Second", "Third"]
    assert len(asks) == Message.objects.count()


def test_a_mail_that_lists_asks_is_told_held_and_let_go_as_one(coordinator_client: Client):
    person = FacilitatorFactory()
    for title in ("Meet Esther", "Walk the process"):
        asked(person, title, asked_at=NINE, answer_by=TODAY + timedelta(days=7))
    foreseen = coordinator_client.get(PAGE)
    first, second = [row for row in foreseen.context["rows"] if row.message.kind == "ask_reminder"]
    keys = set(first.message.data["carries"]) | {first.message.key}

    coordinator_client.post(PRESS, {"do": "hold", "key": first.message.key})
    rounds.sweep(rules.morning_of(TODAY + timedelta(days=2)))
    held = set(Message.objects.filter(kind="ask_reminder").values_list("key", "state"))
    coordinator_client.post(PRESS, {"do": "let_go", "key": first.message.key})

    assert foreseen.content.decode().count("2 questions in one mail") == 2
    assert (first.at.date(), second.at.date()) == (TODAY + timedelta(days=2), TODAY + timedelta(days=5))
    assert held == {(key, S.HELD if key == first.message.key else S.SKIPPED) for key in keys}
    assert not [one for one in mail.outbox if person.user.email in one.to[0]]
    assert not Message.objects.filter(kind="ask_reminder").exists()  # its day had not come: it is found anew


def test_whoever_writes_the_words_reads_that_several_are_one_mail(coordinator_client: Client):
    ladder.load()
    told = "one mail lists them under a subject of its own."
    slugs = ("ask-2-days", "ask-5-days", "visit-week")
    rungs = [ReminderRung.objects.get(slug=slug) for slug in slugs]

    pages = [
        coordinator_client.get(reverse("admin:visits_reminderrung_change", args=[one.pk])).content.decode()
        for one in rungs
    ]

    assert [page.count(told) for page in pages] == [2, 2, 0]


# -- By lot, against an oracle ---------------------------------------------------------------


@dataclass(frozen=True)
class Life:
    """Who is asked, on which day, on which they answer, and whether a mail waited just then."""

    who: int
    asked: int
    answers: int
    between: bool

    def is_open(self, day: int, *, leaving: bool) -> bool:
        return day < self.answers or (day == self.answers and self.between and not leaving)


LIVES = st.lists(
    st.builds(Life, st.integers(0, 1), st.integers(0, 4), st.integers(2, 14), st.booleans()), min_size=1, max_size=6
)
DAYS = 13


def expected(lives: list[Life], lived: set[int]) -> set[tuple[int, int, frozenset[int]]]:
    """Counted on a calendar, each for itself: on which day who has a mail, and which asks it tells."""
    owed: set[tuple[int, int]] = set()
    told: dict[tuple[int, int], set[int]] = {}
    for day in sorted(lived):
        for nth, life in enumerate(lives):
            come = [days for days in (2, 5) if life.asked + days <= day]
            fits = come and day <= life.asked + 7 and life.is_open(day, leaving=False)
            if fits and (nth, come[-1]) not in owed:
                owed.add((nth, come[-1]))
                if life.is_open(day, leaving=True):
                    told.setdefault((day, life.who), set()).add(nth)
    return {(day, who, frozenset(asks)) for (day, who), asks in told.items()}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lives=LIVES, lived=st.sets(st.integers(0, DAYS)))
def test_whoever_is_asked_whatever_and_whenever_nothing_is_lost_and_nothing_told_twice(time_machine, lives, lived):
    Message.objects.all().delete()
    Ask.objects.all().delete()
    mail.outbox.clear()
    people = [FacilitatorFactory() for _one in range(2)]
    asks = [
        asked(people[life.who], f"Number {nth}.", asked_at=NINE + timedelta(days=life.asked),
              answer_by=TODAY + timedelta(days=life.asked + 7))
        for nth, life in enumerate(lives)
    ]  # fmt: skip
    found = set()

    for day in range(DAYS + 1):
        morning = rules.morning_of(TODAY + timedelta(days=day))
        time_machine.move_to(morning, tick=False)
        _answer(asks, lives, day, between=False)
        if day in lived:
            reminders.queue_due(morning)
        _answer(asks, lives, day, between=True)
        if day in lived:
            for _round in range(2):
                rounds.deliver_due(morning)
                reminders.queue_due(morning)
        for left in mail.outbox:
            who = next(n for n, one in enumerate(people) if one.user.email in left.to[0])
            found.add((day, who, frozenset(n for n in range(len(lives)) if f"Number {n}." in left.body)))
        assert len({left.to[0] for left in mail.outbox}) == len(mail.outbox)  # one mail each
        mail.outbox.clear()

    assert found == expected(lives, lived)


def _answer(asks: list[Ask], lives: list[Life], day: int, *, between: bool) -> None:
    given_now = [
        ask.pk for ask, life in zip(asks, lives, strict=True) if (life.answers, life.between) == (day, between)
    ]
    Ask.objects.filter(pk__in=given_now).update(state=AskState.DECLINED)
