"""Two colleagues who merge the same two at once, each the other way round: real threads."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection

from tests.factories import CoordinatorFactory, DraftFactory
from tests.races import at_once, tally
from tests.visits.memory.scene import asking, organisation
from visits import memory, scheduling, workflow
from visits.choices import RequestState
from visits.memory import MergeRefused, merging
from visits.models import Organisation, OrganisationMerge

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

MERGE = scheduling.retry_deadlocks(memory.merge)


def facts_of(one):
    return {name: str(getattr(one, name)) for name in memory.FACTS}


def both_ways(rounds=8, also=()):
    """Each round: A into B and B into A at the same moment; the outcomes, and how many ended in a circle."""
    by, outcomes, circles = CoordinatorFactory(), [], 0
    for number in range(rounds):
        one, other = organisation(f"One {number}"), organisation(f"Other {number}")
        asking(one)
        asking(other)
        outcomes += at_once(
            [
                lambda a=one, b=other: MERGE(a, into=b, facts=facts_of(b), by=by),
                lambda a=one, b=other: MERGE(b, into=a, facts=facts_of(a), by=by),
            ],
            (MergeRefused, scheduling.Clash, *also),
        )
        circles += not Organisation.objects.filter(pk__in=[one.pk, other.pk], merged_into=None).exists()
    return tally(outcomes), circles


def test_of_two_who_merge_the_other_way_round_one_does_and_the_other_is_told():
    outcomes, circles = both_ways()

    assert (outcomes, circles) == ({"done": 8, "MergeRefused": 8}, 0)
    assert OrganisationMerge.objects.count() == 8
    for one in Organisation.objects.exclude(merged_into=None):
        assert one.requests.count() == 0


def test_without_the_lock_both_begin_and_nobody_is_told(monkeypatch):
    """The control: the same threads, reading without holding the rows, end in circles or run into the table's check.

    SQLite lets one write at a time, whatever is locked: there it is the engine that keeps them apart.
    """

    def unlocked(*keys):
        rows = {one.pk: one for one in Organisation.objects.filter(pk__in=keys)}
        return [rows[key] for key in keys]

    monkeypatch.setattr(merging, "locked", unlocked)

    outcomes, circles = both_ways(rounds=20, also=(IntegrityError,))

    assert bool(outcomes["IntegrityError"] or circles) == (connection.vendor != "sqlite")


def test_a_request_that_comes_in_while_its_organisation_is_merged_is_not_left_behind():
    by = CoordinatorFactory()
    for number in range(8):
        good, bad = organisation(f"Good {number}"), organisation(f"Bad {number}")
        case = DraftFactory(organisation_name=bad.name, country="NL", state=RequestState.UNVERIFIED,
                            submitted_on="2026-01-01", first_wished_day="2027-01-01")  # fmt: skip

        at_once(
            [
                lambda c=case: workflow.verify(c),
                lambda b=bad, g=good: MERGE(b, into=g, facts=facts_of(g), by=by),
            ]
        )

        case.refresh_from_db()
        assert case.organisation == good
