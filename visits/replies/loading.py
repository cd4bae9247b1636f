"""Bringing the drafts of the repository into the database, without undoing what staff wrote."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Final

from visits import brought
from visits.models import ReplyDraft

FILE: Final = Path(__file__).resolve().parent / "drafts.toml"
OWN: Final = (
    "title_en", "title_sv", "summary_en", "summary_sv", "text_en", "text_sv", "states", "heard", "lacks", "flag",
    "order",
)  # fmt: skip


def load(file: Path = FILE) -> dict[str, int]:
    """Add what is missing and update what nobody has edited; says how many of each. All of it or nothing.

    Raises ValidationError for a draft that the admin would refuse.
    """
    entries = enumerate(tomllib.loads(file.read_text("utf-8"))["draft"], start=1)
    return brought.bring(ReplyDraft, {entry["slug"]: _flat(entry, order) for order, entry in entries}, OWN)


def _flat(entry: dict[str, Any], order: int) -> dict[str, Any]:
    both = {
        f"{name}_{language}": entry[name][language].strip()
        for name in ("title", "summary", "text") for language in ("en", "sv")
    }  # fmt: skip
    return both | {
        "states": entry.get("states", []), "heard": "\n".join(entry.get("heard", [])),
        "lacks": entry.get("lacks", ""), "flag": entry.get("flag", ""), "order": order,
    }  # fmt: skip
