"""The planner against every plan there is, on small seasons; what it promises of large ones."""

import pytest

from tests.visits.optimum import small
from visits.optimum import DAY, Broken, Facts, Place, Resource, Score, Settled, Span, Visit, first_plan, judge
from visits.optimum.modelling import Model
from visits.optimum.proving import prove

SEASONS = 300  # `python -m bench.seasons` takes ten thousand


@pytest.mark.parametrize("part", range(10))
def test_the_proven_plan_is_the_best_of_all_plans(part):
    for seed in range(part, SEASONS, 10):
        facts = small.season(seed)

        proof = prove(facts, first_plan(facts), seconds=20, workers=1)

        assert proof.score == small.best(facts), seed
        assert judge(facts, proof.plan) == proof.score
        assert proof.is_best


@pytest.mark.parametrize("part", range(10))
def test_the_first_plan_keeps_every_promise_and_is_no_better_than_the_best(part):
    for seed in range(part, 10 * SEASONS, 10):
        facts = small.season(seed)

        score = judge(facts, first_plan(facts))

        if seed < SEASONS:
            assert score >= small.best(facts), seed


def test_equal_facts_give_an_equal_plan():
    for seed in range(50):
        assert first_plan(small.season(seed)) == first_plan(small.season(seed))


MORNING, NOON = Span(540, 600), Span(600, 660)


def two_visits(**changes):
    """Two visits that both wish for one morning; one leader, unless it is said otherwise."""
    facts = {
        "resources": (Resource(share=1),),
        "visits": (Visit(((0,),), (Place(0, (MORNING,)),)), Visit(((0,),), (Place(0, (MORNING,)),))),
    }
    return Facts(**facts | changes)


def test_nobody_is_in_two_places():
    assert judge(two_visits(), first_plan(two_visits())).refused == 1


def test_a_session_may_begin_when_another_ends():
    facts = two_visits(visits=(Visit(((0,),), (Place(0, (MORNING,)),)), Visit(((0,),), (Place(0, (NOON,)),))))
    assert judge(facts, first_plan(facts)).refused == 0


def test_the_way_between_two_sites_takes_its_time():
    there, elsewhere = Span(540, 600, 0), Span(610, 660, 1)
    facts = two_visits(
        visits=(Visit(((0,),), (Place(0, (there,)),)), Visit(((0,),), (Place(0, (elsewhere,)),))), ways={(0, 1): 20}
    )
    assert judge(facts, first_plan(facts)).refused == 1


def test_somebody_hands_on_a_session_to_make_room_for_what_only_they_can_lead():
    both, first = Visit(((0, 1),), (Place(0, (MORNING,)),)), Visit(((0,),), (Place(0, (MORNING,)),))
    facts = Facts((Resource(), Resource()), (both, first), before={0: Settled(0, (0,))})

    plan = first_plan(facts)

    assert plan == {0: Settled(0, (1,)), 1: Settled(0, (0,))}


def test_what_stood_stays_where_nothing_forces_it_to_change():
    visit = Visit(((0, 1),), (Place(0, (MORNING,)), Place(1, (NOON,))))
    facts = Facts((Resource(share=0), Resource(share=5)), (visit,), before={0: Settled(1, (0,))})

    proof = prove(facts, first_plan(facts), seconds=10, workers=1)

    assert proof.plan == {0: Settled(1, (0,))}
    assert proof.score == Score(0, 0, 1, 6, 0)


def test_a_full_week_takes_no_more():
    late = Span(DAY * 8 + 540, DAY * 8 + 600)
    one = Visit(((0,),), (Place(0, (MORNING,), (0,)), Place(1, (late,), (1,))))
    facts = Facts((Resource(),), (one, one), weeks=(0, 1))

    plan = first_plan(facts)

    assert sorted(settled.place for settled in plan.values()) == [1]


def test_a_search_that_is_called_off_keeps_the_best_so_far():
    facts = small.season(7)
    start = first_plan(facts)

    proof = prove(facts, start, seconds=20, going_on=lambda _progress: False)

    assert judge(facts, proof.plan) <= judge(facts, start)


def test_without_time_nothing_is_called_proven_that_is_not():
    facts = two_visits(resources=(Resource(share=1), Resource(share=1)))
    start = {}

    proof = prove(facts, start, seconds=0)

    assert (proof.plan, proof.score.refused, proof.least, proof.is_best) == (start, 2, (0,), False)


def test_what_is_seen_without_a_search_is_no_more_than_the_best():
    seen = 0
    for seed in range(SEASONS):
        facts = small.season(seed)
        best = small.best(facts)
        lowest = Model(facts).lowest(best)
        assert all(least <= reached for least, reached in zip(lowest, best, strict=True)), seed
        seen += lowest.spread > 0
    assert seen


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        ({0: Settled(0, (0,)), 1: Settled(0, (0,))}, "two places"),
        ({0: Settled(1, (0,))}, "no place 1"),
        ({0: Settled(0, (1,))}, "not among"),
    ],
)
def test_a_plan_that_cannot_be_kept_is_told_from_one_that_can(plan, words):
    with pytest.raises(Broken, match=words):
        judge(two_visits(resources=(Resource(), Resource())), plan)
