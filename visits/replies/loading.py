"""Bringing the drafts of the repository into the database, without undoing what staff wrote."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from visits.models import ReplyDraft

FILE: Final = Path(__file__).resolve().parent / "drafts.toml"
OWN: Final = (
    "title_en", "title_sv", "summary_en", "summary_sv", "text_en", "text_sv", "states", "heard", "lacks", "flag",
    "order",
)  # fmt: skip


@transaction.atomic
def load(file: Path = FILE) -> dict[str, int]:
    """Add what is missing and update what nobody has edited; says how many of each. All of it or nothing.

    Raises ValidationError for a draft that the admin would refuse.
    """
    done = dict.fromkeys(("added", "updated", "unchanged", "kept"), 0)
    known = {draft.slug: draft for draft in ReplyDraft.objects.all()}
    for order, entry in enumerate(tomllib.loads(file.read_text("utf-8"))["draft"], start=1):
        row = known.get(entry["slug"])
        done[_load(row or ReplyDraft(slug=entry["slug"]), _flat(entry, order))] += 1
    return done


def _load(draft: ReplyDraft, wanted: dict[str, Any]) -> str:
    stands, is_new = {name: getattr(draft, name) for name in OWN}, draft.pk is None
    if not is_new and stands == wanted:
        return "unchanged"
    if not is_new and stands != draft.loaded:
        return "kept"
    for name, value in wanted.items():
        setattr(draft, name, value)
    draft.loaded = wanted
    draft.full_clean()
    draft.save()
    return "added" if is_new else "updated"


def _flat(entry: dict[str, Any], order: int) -> dict[str, Any]:
    both = {
        f"{name}_{language}": entry[name][language].strip()
        for name in ("title", "summary", "text") for language in ("en", "sv")
    }  # fmt: skip
    return both | {
        "states": entry.get("states", []), "heard": "\n".join(entry.get("heard", [])),
        "lacks": entry.get("lacks", ""), "flag": entry.get("flag", ""), "order": order,
    }  # fmt: skip
