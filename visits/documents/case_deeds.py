"""The history of a case file: each deed as a sentence, and all that was written down with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visits.choices import RequestState
from visits.deeds import sentences
from visits.documents.readable import Told, filled, line, tree
from visits.documents.snapshot import agenda
from visits.models import HistoryEntry
from visits.story import rewritten_whole

# What the machinery keeps of a deed, or what a sentence says in other words.
NOT_TOLD: Final = frozenset({"about", "by_clock", "deed", "new", "offer", "old", "before", "changes"})
NAMES: Final[Mapping[str, Promise]] = {
    "after": gettext_lazy("Who was asked before"),
    "count": gettext_lazy("How many"),
    "day": gettext_lazy("Day"),
    "days": gettext_lazy("Days"),
    "first": gettext_lazy("First day"),
    "last": gettext_lazy("Last day"),
    "months": gettext_lazy("Months"),
    "session": gettext_lazy("Session"),
    "sessions": gettext_lazy("Sessions"),
    "status": gettext_lazy("What the mail server said"),
    "stands": gettext_lazy("How it stands"),
    "version": gettext_lazy("Version"),
    "who": gettext_lazy("Who it was about"),
    "words": gettext_lazy("Words"),
}
PLACE: Final = re.compile(r"%\((\w+)\)")


def deed(entry: HistoryEntry) -> tuple[str, tuple[Told, ...]]:
    """The sentence, and the rest of what was written down, whole."""
    said = sentences.line(entry)
    return said.text, filled(_rest(entry, said.turns))


def deed_outside(entry: HistoryEntry) -> str:
    """The sentence as the guests may read it: who of ours it was about is not told."""
    return sentences.outside(entry)


def _rest(entry: HistoryEntry, turns: str) -> Iterator[Told]:
    detail = entry.detail
    old, new = (_state(detail.get(key)) for key in ("old", "new"))
    if old and new:
        yield line(_("State"), f"{old} → {new}")
    yield Told("", turns)
    yield from (Told("", told) for told in sentences.more({key: detail[key] for key in detail if key not in NOT_TOLD}))
    yield from (_change(change) for change in detail.get("changes", []) if isinstance(change, Mapping))
    if detail.get("before"):
        yield Told(_("The programme before"), "", agenda(detail["before"]))
    said = NOT_TOLD | set(PLACE.findall(str(sentences.SENTENCES.get(entry.what, "")))) | sentences.TOLD_BESIDE
    said |= {"who"} if "person" in said else set()
    yield from (tree(NAMES.get(key, ""), detail[key], NAMES) for key in detail if key not in said)


def _state(code: Any) -> str:
    return str(RequestState(code).label) if code in RequestState.values else ""


def _change(change: Mapping[str, Any]) -> Told:
    """A question with both its answers, in full: elsewhere a long one is cut."""
    question, was, now = rewritten_whole(change)
    return line(question, f"{was or '–'} → {now or '–'}" if "was" in change else "")
