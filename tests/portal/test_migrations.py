"""A new database is made in one step, and one that grew step by step has the same tables."""

from __future__ import annotations

import pytest
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader

from visits.models import TriageWeight

WHOLE = ("visits", "0001_squashed_0042_who_gave_way_to_the_first_yes")


def test_the_one_step_and_the_many_end_at_the_same_tables():
    one, many = MigrationLoader(None), MigrationLoader(None, replace_migrations=False)
    replaced = many.disk_migrations[WHOLE].replaces

    changes = MigrationAutodetector(many.project_state(replaced[-1]), one.project_state(WHOLE)).changes(many.graph)

    ours = sorted(key for key in many.disk_migrations if key[0] == "visits" and key != WHOLE)
    assert changes == {}
    assert replaced == ours[: len(replaced)]


@pytest.mark.django_db
def test_a_new_database_has_the_weights_that_a_coordinator_begins_with():
    assert sum(TriageWeight.objects.values_list("points", flat=True)) == 100
