"""Why there is no place: each conflict stands, none of its facts could be left out, and each repair gives a place."""

from collections import Counter
from dataclasses import replace

import pytest

from tests.visits.optimum import small
from visits.optimum import DAY, Facts, Limit, Place, Plan, Resource, Settled, Span, Visit, first_plan, judge
from visits.optimum.conflicts import Fact, Kind, Question, repairs, why

SEASONS = 1_500
OTHER = (Place(9, (Span(5 * DAY + 540, 5 * DAY + 600), Span(5 * DAY + 700, 5 * DAY + 760)), (0,)),)
MORNING = Span(540, 600)


def test_another_hour_is_the_cheapest_way_out_and_an_interpreter_dearer_than_another_day():
    later, elsewhere = Place(0, (Span(780, 840),), (0,)), Place(9, (Span(DAY + 540, DAY + 600),), (0,))
    people = (Resource(busy=(MORNING,)), Resource())
    facts = Facts(people, (Visit(((0,),), (Place(0, (Span(540, 600),), (0,)),)),), (1,))

    question = Question(facts, {}, 0, (elsewhere,), (), ((later, 0),), ((1,),))

    ways = repairs(question)
    assert [(way.changed, way.resources) for way in ways] == [
        ((Fact(Kind.HOUR, 0),), (0,)),
        ((Fact(Kind.WISH),), (0,)),
        ((Fact(Kind.SPOKEN, 0),), (1,)),
    ]
    assert Kind.HOUR in {fact.kind for fact in why(question)}
    assert len(why(question)) == 4  # that somebody is taken then as well: without any one of them it has a place


def without(facts: Facts, plan: Plan, question: Question, dropped: set[Fact]) -> Facts:
    """The season of that one visit, with the rest of the plan as it stands but without some facts."""
    about = {kind: {fact.number for fact in dropped if fact.kind == kind} for kind in Kind}
    able = sorted({one for need in question.needs for one in need} | set(question.anybody))
    needs = tuple(
        tuple(one for one in able if one in need or one in question.anybody) if number in about[Kind.ABLE] else need
        for number, need in enumerate(question.needs)
    )
    places = facts.visits[question.visit].places + (question.others if about[Kind.WISH] else ())
    resources = tuple(
        replace(
            one,
            busy=_busy(facts, plan, number, dropped),
            most=None if number in about[Kind.MOST] else left,
            limits=_limits(facts, plan, number, dropped),
        )
        for number, (one, left) in enumerate(zip(facts.resources, _left(facts, plan), strict=True))
    )
    weeks = Counter(
        week for visit, settled in plan.items() for week in set(facts.visits[visit].places[settled.place].weeks)
    )
    room = tuple(99 if week in about[Kind.WEEK] else most - weeks[week] for week, most in enumerate(facts.weeks))
    return Facts(resources, (Visit(needs, places),), room, facts.ways)


def _busy(facts: Facts, plan: Plan, resource: int, dropped: set[Fact]) -> tuple[Span, ...]:
    """When somebody is taken, by what stood before and by the plan."""
    leads = [
        (span, (visit, need))
        for visit, settled in plan.items()
        for need, (who, span) in enumerate(
            zip(settled.resources, facts.visits[visit].places[settled.place].spans, strict=True)
        )
        if who == resource
    ]
    free = {fact.task for fact in dropped if fact.kind == Kind.LEADS}
    never = {fact.span for fact in dropped if fact.kind == Kind.BUSY and fact.number == resource}
    standing = [span for span in facts.resources[resource].busy if span not in never]
    return (*standing, *(part for span, task in leads if task not in free for part in _takes(facts, resource, span)))


def _takes(facts: Facts, resource: int, span: Span) -> list[Span]:
    """What a session takes of somebody's time: itself, what lies around it, and the days of rest."""
    rest, day = facts.resources[resource].rest, span.day
    days = [Span((day - rest) * DAY, day * DAY), Span((day + 1) * DAY, (day + 1 + rest) * DAY)] if rest else []
    return [facts.wide(resource, span), *days]


def _limits(facts: Facts, plan: Plan, resource: int, dropped: set[Fact]) -> tuple[Limit, ...]:
    """What is left of somebody's measures in stretches of days."""
    days = [
        span.day
        for visit, settled in plan.items()
        for who, span in zip(settled.resources, facts.visits[visit].places[settled.place].spans, strict=True)
        if who == resource
    ]
    gone = {fact.day for fact in dropped if fact.kind == Kind.MONTH and fact.number == resource}
    return tuple(
        limit._replace(most=limit.most - sum(limit.holds(day) for day in days))
        for limit in facts.resources[resource].limits
        if limit.first not in gone
    )


def _left(facts: Facts, plan: Plan) -> list[int | None]:
    """How many sessions more each takes."""
    load = Counter(who for settled in plan.values() for who in settled.resources)
    return [None if one.most is None else one.most - load[number] for number, one in enumerate(facts.resources)]


def has_place(facts: Facts) -> bool:
    return any(len(plan) == 1 for plan in small.plans(facts))


def plain(seed: int) -> Facts:
    """A season in which nobody has a measure for a day: it is the one fact that this reckoning does not know."""
    facts = small.season(seed)
    return replace(facts, resources=tuple(replace(one, most_a_day=None) for one in facts.resources), before={})


def questions(part: int):
    for seed in range(part, SEASONS, 5):
        facts = plain(seed)
        plan = first_plan(facts)
        for visit in range(len(facts.visits)):
            if visit not in plan:
                others = tuple(replace(one, spans=one.spans[: len(facts.visits[visit].needs)]) for one in OTHER)
                people = tuple(facts.counted)
                yield facts, plan, Question(facts, plan, visit, others, people)


@pytest.mark.parametrize("part", range(5))
def test_every_conflict_stands_and_none_of_its_facts_can_be_left_out(part):
    seen = 0
    for facts, plan, question in questions(part):
        conflict = why(question)
        if not conflict:
            continue
        everything = set(all_facts(question))

        assert not has_place(without(facts, plan, question, everything - set(conflict)))
        for fact in conflict:
            assert has_place(without(facts, plan, question, (everything - set(conflict)) | {fact})), fact
        seen += 1
    assert seen > 20


@pytest.mark.parametrize("part", range(5))
def test_every_repair_gives_a_place_and_no_part_of_it_would(part):
    seen = 0
    for facts, plan, question in questions(part):
        for repair in repairs(question):
            assert has_place(without(facts, plan, question, set(repair.changed)))
            for fact in repair.changed:
                assert not has_place(without(facts, plan, question, set(repair.changed) - {fact}))
            seen += 1
    assert seen > 20


def all_facts(question: Question) -> list[Fact]:
    found = set()
    for place, against in question.places:
        found.update(against)
        for need, span in enumerate(place.spans):
            for resource, facts in question.options(need, span):
                found.update(facts)
                found.update(question.beyond(resource, place.spans))
    return list(found)


def test_who_could_lead_it_is_away_and_the_guests_have_one_day():
    facts = Facts((Resource(busy=(MORNING,), share=1),), (Visit(((0,),), (Place(0, (MORNING,)),)),))
    another = Place(1, (Span(DAY + 540, DAY + 600),))

    question = Question(facts, {}, 0, (another,))

    assert why(question) == (Fact(Kind.BUSY, 0, MORNING), Fact(Kind.WISH))
    assert [repair.changed for repair in repairs(question)] == [(Fact(Kind.WISH),), (Fact(Kind.BUSY, 0, MORNING),)]


def test_a_visit_that_has_a_place_after_all_has_no_conflict():
    facts = Facts((Resource(),), (Visit(((0,),), (Place(0, (MORNING,)),)),))
    assert why(Question(facts, {}, 0)) == ()


def test_what_somebody_leads_in_the_plan_is_a_fact_like_others():
    visit = Visit(((0,),), (Place(0, (MORNING,)),))
    facts = Facts((Resource(),), (visit, visit))

    conflict = why(Question(facts, {0: Settled(0, (0,))}, 1))

    assert conflict == (Fact(Kind.LEADS, 0, MORNING, (0, 0)),)


def test_a_measure_is_a_fact_like_others():
    later = Visit(((0,),), (Place(0, (Span(700, 760),)),))
    facts = Facts((Resource(most_a_day=1),), (Visit(((0,),), (Place(0, (MORNING,)),)), later))
    plan = {0: Settled(0, (0,))}

    assert why(Question(facts, plan, 1)) == (Fact(Kind.DAY, 0, day=0),)
    assert judge(facts, plan).refused == 1
