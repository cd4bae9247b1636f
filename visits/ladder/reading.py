"""The rungs as they stand: staff's where there is a row, the repository's where there is none."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from visits import anchors, rules
from visits.choices import Anchor
from visits.models import ReminderRung

FILE: Final = Path(__file__).resolve().parent / "rungs.toml"
OWN: Final = ("anchor", "kind", "days", "states", "subject_en", "subject_sv", "text_en", "text_sv", "order")


@dataclass(frozen=True)
class Ladder:
    """The rungs that are on."""

    rungs: tuple[ReminderRung, ...]

    def of(self, anchor: Anchor) -> list[ReminderRung]:
        """Those of an anchor, the nearest first."""
        return sorted((one for one in self.rungs if one.anchor == anchor), key=lambda one: one.days)

    def furthest(self, anchor: Anchor) -> int:
        """How many days away the furthest lies; 0 when there is none."""
        return max((one.days for one in self.of(anchor)), default=0)

    def fitting(self, anchor: Anchor, *, days_left: int, state: str, least: int = 1) -> ReminderRung | None:
        """The one that fits so many days before; see `rules.fitting_day`."""
        by_day = {one.days: one for one in self.of(anchor) if one.fits(state)}
        day = rules.fitting_day(by_day, days_left=days_left, least=least)
        return None if day is None else by_day[day]

    def come(self, anchor: Anchor, *, days_since: int, state: str, ends: int | None = None) -> ReminderRung | None:
        """The last one whose day has come so many days after; see `rules.day_come`."""
        by_day = {one.days: one for one in self.of(anchor) if one.fits(state)}
        day = rules.day_come(by_day, days_since=days_since, ends=ends)
        return None if day is None else by_day[day]


def standing() -> Ladder:
    """The ladder as it stands now. One query."""
    return Ladder(tuple(one for one in _all().values() if one.is_on))


def rung(slug: str, kind: str) -> ReminderRung:
    """The rung of a mail by its short name; for a mail that names none, the first of its kind. One query.

    Raises LookupError when there is none.
    """
    known = _all()
    found = known.get(slug) or next((one for one in known.values() if one.kind == kind), None)
    if found is None:
        raise LookupError(f"There is no reminder {slug or kind}.")
    return found


def days_of(anchor: Anchor) -> int | None:
    """How many days before the last day the next reminder of an anchor goes; None when none does."""
    found = standing().of(anchor)
    return found[-1].days if found else None


def _all() -> dict[str, ReminderRung]:
    stored = {one.slug: one for one in ReminderRung.objects.all()}
    known = {slug: stored.get(slug) or ReminderRung(slug=slug, **row) for slug, row in in_file().items()}
    return known | {slug: one for slug, one in stored.items() if one.is_own}


@cache
def in_file(file: Path = FILE) -> dict[str, dict[str, Any]]:
    """By short name: what the repository says of each rung."""
    rows = tomllib.loads(file.read_text("utf-8"))["rung"]
    return {row["slug"]: _flat(row, order) for order, row in enumerate(rows, start=1)}


def _flat(row: dict[str, Any], order: int) -> dict[str, Any]:
    both = {f"{name}_{lang}": row[name][lang].strip() for name in ("subject", "text") for lang in ("en", "sv")}
    states = row.get("states", list(anchors.TABLE[Anchor(row["anchor"])].states))
    return both | {"anchor": row["anchor"], "kind": row["kind"], "days": row["days"], "order": order,
                   "states": [str(one) for one in states]}  # fmt: skip
