"""`python -m bench.seasons`: the planner on seasons that a number makes, each figure a line of JSON.

Seconds to the first plan and to the proven best, what both are worth, and the greedy plan beside them in the same run;
and, with `--small N`, how many of N small seasons it plans as well as the best of all plans that there are.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from random import Random
from time import perf_counter
from typing import Final, NamedTuple

from tests.visits.optimum import small
from visits.optimum import DAY, Facts, Place, Plan, Resource, Span, Visit, first_plan, judge
from visits.optimum.draft import Draft
from visits.optimum.first import hardest_first, place
from visits.optimum.proving import prove

DAYS: Final = 125  # working days of half a year
SUBJECTS: Final = range(10)
LANGUAGES: Final = ("sv", "en", "de", "da")
HALF_HOUR: Final = 30
LUNCH: Final = 24  # half hours after midnight
MOST_A_DAY: Final = 4


class Size(NamedTuple):
    """A season: visits, people, whether it is a hard one, for how long the planner may look, and the goal."""

    visits: int
    people: int
    is_hard: bool
    seconds: float
    goal: str


SIZES: Final = (
    Size(20, 15, False, 30, "proven"),
    Size(20, 15, True, 30, "proven"),
    Size(100, 40, False, 60, "proven within 5 s"),
    Size(100, 40, True, 60, "proven within 10 s"),
    Size(400, 60, False, 120, "proven within 30 s"),
    Size(1000, 100, False, 120, "gap at most 5 %"),
)


class Person(NamedTuple):
    subjects: frozenset[int]
    languages: frozenset[str]
    off: frozenset[int]


def people(r: Random, count: int, *, is_hard: bool) -> list[Person]:
    """Who leads: in a hard season with fewer subjects and languages, and away more often."""
    chances = {"en": 0.65 if is_hard else 0.8, "de": 0.1 if is_hard else 0.15, "da": 0.1 if is_hard else 0.15}
    away, subjects = ((0.25, 0.4), (1, 2)) if is_hard else ((0.1, 0.25), (2, 4))
    found = [
        Person(
            frozenset(r.sample(SUBJECTS, r.randint(*subjects))),
            frozenset({"sv"} | {code for code, chance in chances.items() if r.random() < chance}),
            frozenset(r.sample(range(DAYS), int(DAYS * r.uniform(*away)))),
        )
        for _ in range(count)
    ]
    for subject in SUBJECTS:
        for language in LANGUAGES:
            if not any(subject in one.subjects and language in one.languages for one in found):
                at = r.randrange(count)
                one = found[at]
                found[at] = Person(one.subjects | {subject}, one.languages | {language}, one.off)
    return found


def season(size: Size, seed: int = 1) -> Facts:
    """The season of a number: every visit with two to five sessions and three to six days that it could have."""
    r = Random(seed)
    who = people(r, size.people, is_hard=size.is_hard)
    weights = [3 if size.is_hard and (25 <= day < 55 or 90 <= day < 115) else 1 for day in range(DAYS)]
    visits = tuple(_visit(r, who, weights) for _ in range(size.visits))
    sessions = sum(len(visit.needs) for visit in visits)
    most = max(4, int((1.15 if size.is_hard else 1.5) * sessions / size.people) + 1)
    resources = tuple(
        Resource(
            busy=tuple(Span(day * DAY, (day + 1) * DAY) for day in sorted(one.off)),
            most=most, most_a_day=MOST_A_DAY, share=sessions // size.people,
        )
        for one in who
    )  # fmt: skip
    return Facts(resources, visits)


def _visit(r: Random, who: list[Person], weights: list[int]) -> Visit:
    language = r.choices(LANGUAGES, [30, 55, 8, 7])[0]
    rows = list(_rows(r))
    wanted = r.randint(3, 6)
    days: list[int] = []
    while len(days) < wanted:
        day = r.choices(range(DAYS), weights)[0]
        if day not in days:
            days.append(day)
    needs = tuple(
        tuple(n for n, one in enumerate(who) if subject in one.subjects and language in one.languages)
        for subject, _start, _end in rows
    )
    places = tuple(
        Place(rank, tuple(Span(day * DAY + start, day * DAY + end) for _subject, start, end in rows))
        for rank, day in enumerate(days)
    )
    return Visit(needs, places)


def _rows(r: Random) -> Iterator[tuple[int, int, int]]:
    at = r.choice([16, 17, 18, 19])
    for _ in range(r.randint(2, 5)):
        length = r.choice([2, 2, 3, 4])
        yield r.choice(SUBJECTS), at * HALF_HOUR, (at + length) * HALF_HOUR
        at += length + (2 if at < LUNCH <= at + length else 0)


def greedy(facts: Facts) -> Plan:
    """Each visit at its best place in turn, and nothing after that: what chains and the search are held against."""
    draft = Draft(facts)
    for visit in hardest_first(facts):
        place(draft, visit)
    return draft.whole()


def measure(size: Size) -> dict[str, object]:
    facts = season(size)
    began = perf_counter()
    plain = greedy(facts)
    greedy_seconds = perf_counter() - began
    began = perf_counter()
    first = first_plan(facts)
    first_seconds = perf_counter() - began
    proof = prove(facts, first, seconds=size.seconds)
    return {
        "name": f"plan of {size.visits} visits, {size.people} people{', hard' if size.is_hard else ''}",
        "sessions": sum(len(visit.needs) for visit in facts.visits),
        "greedy_seconds": round(greedy_seconds, 3), "greedy": judge(facts, plain),
        "first_seconds": round(first_seconds, 3), "first": judge(facts, first),
        "seconds": round(proof.seconds, 2), "best": proof.score, "proven": proof.least, "is_best": proof.is_best,
        "goal": size.goal,
    }  # fmt: skip


def small_seasons(count: int) -> dict[str, object]:
    """How many of so many small seasons are planned as well as the best of all their plans."""
    equal = sum(_is_best(small.season(seed)) for seed in range(count))
    return {
        "name": "small seasons planned like the best of all plans",
        "value": equal,
        "of": count,
        "pass": equal == count,
    }


def _is_best(facts: Facts) -> bool:
    proof = prove(facts, first_plan(facts), seconds=60, workers=1)
    return proof.is_best and proof.score == small.best(facts)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.seasons", description=__doc__)
    parser.add_argument("--small", type=int, default=0, help="small seasons that are held against every plan there is")
    parser.add_argument("--upto", type=int, default=1000, help="the largest season, in visits")
    options = parser.parse_args()
    if options.small:
        print(json.dumps(small_seasons(options.small)), flush=True)
        return
    for size in SIZES:
        if size.visits <= options.upto:
            print(json.dumps(measure(size)), flush=True)


if __name__ == "__main__":
    main()
