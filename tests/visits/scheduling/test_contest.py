"""The races of `make races`, shortened: the same writers on the same people's days, and the same invariants."""

from __future__ import annotations

import pytest

from bench import contest
from bench.mixture import Mixture

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

BOOKINGS, WRITERS, OPERATIONS = 48, 8, 120


@pytest.mark.parametrize("path", contest.PATHS)
def test_on_every_path_nobody_is_in_two_places_or_too_far_from_the_next(path: str):
    there = contest.scene()
    deed = contest.PATHS[path](there, BOOKINGS, guarded=True)

    outcomes = contest.race(deed, range(BOOKINGS), WRITERS)

    assert contest.faults("overlaps", "too_near") == {"overlaps": 0, "too_near": 0}
    assert outcomes.total() == BOOKINGS
    assert 0 < outcomes["done"] < BOOKINGS


def test_a_random_mix_of_operations_breaks_no_invariant():
    there = contest.scene()
    mixture = Mixture(there, contest.sessions(there, 40))

    outcomes = contest.race(mixture.operation(seed=7), range(OPERATIONS), WRITERS)

    assert contest.faults() == dict.fromkeys(contest.FACTS, 0)
    assert outcomes.total() == OPERATIONS
    assert len(outcomes) > 5
