"""Bringing the catalogue files into the database, without undoing what staff wrote.

Each row remembers in `loaded` what the files last put into each field. A field that
still holds it follows the file; a field that holds anything else was edited, and stays.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.db import models, transaction

from programmes.models import Area, Entry, Initiative, Offering, Programme

FOLDER: Final = Path(__file__).resolve().parent / "catalogue"
LANGUAGES: Final = frozenset({"en", "sv"})
NOUNS: Final[tuple[tuple[str, type[Entry]], ...]] = (
    ("programmes", Programme),
    ("initiatives", Initiative),
    ("areas", Area),
    ("offerings", Offering),
)
"""The files in the order in which they can be loaded: what is named comes before who names it."""


@dataclass
class Counts:
    """What one run did: rows added, updated and left as they are, fields that staff keep."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    kept: int = 0


@transaction.atomic
def load_catalogue(folder: Path = FOLDER) -> dict[str, Counts]:
    """Add what is missing and update what nobody has edited; all of it or nothing.

    A row that staff took away from guests (`is_published`) stays away. Raises
    ValidationError when a file holds what the models refuse.
    """
    return {
        noun: _load_noun(model, tomllib.loads((folder / f"{noun}.toml").read_text("utf-8"))) for noun, model in NOUNS
    }


def _load_noun(model: type[Entry], data: Mapping[str, Any]) -> Counts:
    counts = Counts()
    wanted = {entry["slug"]: flat(entry) | {"order": order} for order, entry in enumerate(data["entry"], start=1)}
    rows: dict[str, Entry] = {row.slug: row for row in model._default_manager.all()}
    fresh = wanted.keys() - rows.keys()
    links = {field.name for field in model._meta.many_to_many}
    for slug, values in wanted.items():
        row = rows.setdefault(slug, model(slug=slug))
        plain = {name: value for name, value in values.items() if name not in links}
        kept, changed = _follow(row, plain)
        if slug in fresh or changed:
            _save(row)
        counts.kept += kept
        _count(counts, added=slug in fresh, changed=changed)
    for slug, values in wanted.items():
        linked = {name: values.get(name, []) for name in links}
        kept, changed = _follow(rows[slug], linked)
        if changed:
            _save(rows[slug])
        counts.kept += kept
    return counts


def _count(counts: Counts, *, added: bool, changed: bool) -> None:
    counts.added += added
    counts.updated += changed and not added
    counts.unchanged += not changed and not added


def flat(entry: Mapping[str, Any]) -> dict[str, Any]:
    """One entry of a file by field: `name.en` becomes `name_en`, texts lose outer space."""
    values: dict[str, Any] = {}
    for name, value in entry.items():
        if isinstance(value, dict) and value.keys() <= LANGUAGES:
            values |= {f"{name}_{language}": text.strip() for language, text in value.items()}
        elif name != "slug":
            values[name] = value
    return values


def _follow(row: Entry, values: Mapping[str, Any]) -> tuple[int, bool]:
    """Bring a row to the file's values; the number of fields kept, and whether it changed."""
    kept, before = 0, dict(row.loaded)
    for name, value in values.items():
        current = _value(row, name)
        untouched = not row.pk or current == row.loaded.get(name, _empty(row, name))
        if _same(current, value) or untouched:
            if not _same(current, value):
                _put(row, name, value)
            row.loaded[name] = value
        else:
            kept += 1
    return kept, row.loaded != before


def _value(row: Entry, name: str) -> Any:
    """What a field holds now, as the file would write it."""
    field = row._meta.get_field(name)
    if isinstance(field, models.ManyToManyField):
        return [linked.slug for linked in getattr(row, name).all()]
    if isinstance(field, models.ForeignKey):
        linked = getattr(row, name, None) if getattr(row, field.attname) else None
        return linked.slug if linked else None
    return getattr(row, name)


def _same(current: Any, wanted: Any) -> bool:
    if isinstance(current, list) and all(isinstance(item, str) for item in current):
        return sorted(current) == sorted(wanted)
    return bool(current == wanted)


def _empty(row: Entry, name: str) -> Any:
    """What a field holds that the files have never filled."""
    field = row._meta.get_field(name)
    if isinstance(field, models.ManyToManyField):
        return []
    if isinstance(field, models.Field):
        return field.get_default()
    raise TypeError(f"{name} is not a field of the catalogue.")


def _put(row: Entry, name: str, value: Any) -> None:
    field = row._meta.get_field(name)
    linked_model: Any = field.related_model
    if isinstance(field, models.ManyToManyField):
        getattr(row, name).set(_by_slug(linked_model, value))
    elif isinstance(field, models.ForeignKey):
        setattr(row, name, _by_slug(linked_model, [value])[0])
    else:
        setattr(row, name, value)


def _by_slug(model: type[Entry], slugs: Iterable[str]) -> list[Entry]:
    found = {row.slug: row for row in model._default_manager.filter(slug__in=list(slugs))}
    return [found[slug] for slug in slugs]


def _save(row: Entry) -> None:
    row.full_clean()
    row.save()
