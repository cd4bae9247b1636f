"""Which questions of our own are asked, over all that somebody can choose and answer."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from visits import questions
from visits.choices import QuestionKind, QuestionStep
from visits.questions import Asked, Chosen, which

STEPS = list(QuestionStep.values)
ANSWERS = ["yes", "no"]


def few(most: int = 3) -> st.SearchStrategy[frozenset[int]]:
    return st.frozensets(st.integers(1, most), max_size=2)


def a_question(pk: int) -> st.SearchStrategy[Asked]:
    """One that may depend on any, itself and unknown ones too: what is stored wrongly must not hang the page."""
    return st.builds(
        Asked, pk=st.just(pk), step=st.sampled_from(STEPS), kind=st.just(QuestionKind.YES_NO), words=st.just(f"Q{pk}"),
        is_required=st.booleans(), areas=few(), programmes=few(),
        kinds=st.frozensets(st.sampled_from(["health", "university"]), max_size=1),
        only_if=st.none() | st.integers(1, 7), only_if_answer=st.sampled_from(ANSWERS),
    )  # fmt: skip


SETS = st.tuples(*(a_question(pk) for pk in range(1, 7))).map(list)
CHOSEN = st.builds(Chosen, few(), few(), st.sampled_from(["health", "university", ""]))
ANSWERED = st.dictionaries(st.integers(1, 7), st.sampled_from(["", *ANSWERS]))


def question(pk: int, **given_: object) -> Asked:
    values = {"step": "bring", "kind": QuestionKind.YES_NO, "words": f"Q{pk}"} | given_
    return Asked(pk=pk, **values)


@given(SETS, CHOSEN, ANSWERED)
def test_what_is_asked_is_always_on_its_page(every, chosen, answered):
    for one in every:
        shown = questions.offered(every, one.step, chosen, answered)
        if questions.is_asked(one, every, chosen, answered):
            assert one in shown


@given(SETS, CHOSEN, ANSWERED)
def test_a_page_shows_nothing_but_what_is_asked_or_waits_for_what_it_shows(every, chosen, answered):
    for step in STEPS:
        shown = questions.offered(every, step, chosen, answered)
        names = {one.pk for one in shown}
        for one in shown:
            assert one.step == step
            assert chosen.suits(one)
            assert one.only_if in names or questions.holds(one, every, chosen, answered)


@given(SETS, CHOSEN, ANSWERED)
def test_nothing_is_wanted_that_is_answered_or_not_asked(every, chosen, answered):
    wanted = which.lacks(every, chosen, answered)

    assert all(one.is_required and not answered.get(one.pk) for one in wanted)
    assert all(questions.is_asked(one, every, chosen, answered) for one in wanted)


@given(SETS, CHOSEN, ANSWERED)
def test_a_question_that_waits_is_asked_only_with_everything_above_it(every, chosen, answered):
    by_pk = {one.pk: one for one in every}
    for one in every:
        if one.only_if and questions.is_asked(one, every, chosen, answered):
            first = by_pk[one.only_if]
            assert answered[first.pk] == one.only_if_answer
            assert questions.is_asked(first, every, chosen, answered)


@given(SETS, CHOSEN, ANSWERED)
def test_without_conditions_the_limits_alone_decide(every, chosen, answered):
    plain = [one for one in every if one.only_if is None]

    asked = [one for one in plain if questions.is_asked(one, plain, chosen, answered)]

    assert asked == [one for one in plain if chosen.suits(one)]


@given(SETS, CHOSEN, ANSWERED, st.dictionaries(st.integers(1, 6), st.sampled_from([None, "", *ANSWERS])))
def test_answering_one_page_leaves_every_other_answer_as_it_was(every, chosen, answered, typed):
    before = [questions.entry(one, answered[one.pk]) for one in every if answered.get(one.pk)]
    shown = questions.offered(every, "bring", chosen, answered)

    after = questions.merged(before, shown, typed)

    here = {one.pk for one in shown}
    assert {e["question"]: e for e in after if e["question"] not in here} == {
        e["question"]: e for e in before if e["question"] not in here
    }
    assert questions.merged(after, shown, typed) == after


def test_an_answer_keeps_the_words_it_was_asked_in():
    kept = questions.merged([], [question(1, words="Do you film?")], {1: "yes"})

    assert questions.merged(kept, [question(1, words="Will you film?")], {1: "yes"}) == kept
    changed = questions.merged(kept, [question(1, words="Will you film?")], {1: "no"})
    assert [(one["asked"], one["answer"]) for one in changed] == [("Will you film?", "no")]


def test_a_question_that_waits_for_one_that_is_asked_no_more_is_not_asked():
    assert not questions.is_asked(question(2, only_if=1, only_if_answer="yes"), [], Chosen(), {1: "yes"})
