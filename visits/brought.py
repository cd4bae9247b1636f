"""Rows that the repository brings into the database and staff may edit: what they wrote stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models, transaction


@transaction.atomic
def bring(model: type[models.Model], wanted: Mapping[str, dict[str, Any]], own: Sequence[str]) -> dict[str, int]:
    """Add what is missing and update what nobody has edited; says how many of each. All of it or nothing.

    `wanted` is what the repository says, by the `slug` of each row, in the fields `own`. A row remembers in
    `loaded` what it was last brought as: where it stands otherwise, somebody has edited it. Raises
    ValidationError for a row that the admin would refuse.
    """
    done = dict.fromkeys(("added", "updated", "unchanged", "kept"), 0)
    rows: models.QuerySet[Any] = model._default_manager.all()
    known = {row.slug: row for row in rows}
    for slug, values in wanted.items():
        done[_bring(known.get(slug) or model(slug=slug), values, own)] += 1
    return done


def _bring(row: Any, values: dict[str, Any], own: Sequence[str]) -> str:
    stands, is_new = {name: getattr(row, name) for name in own}, row.pk is None
    if not is_new and stands == values:
        return "unchanged"
    if not is_new and stands != row.loaded:
        return "kept"
    for name, value in values.items():
        setattr(row, name, value)
    row.loaded = values
    row.full_clean()
    row.save()
    return "added" if is_new else "updated"
