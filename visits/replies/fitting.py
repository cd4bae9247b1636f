"""Which drafts fit a request as it stands. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from visits import blanks

MOST: Final = 5


@dataclass(frozen=True)
class Draft:
    """A draft as it is offered: named in our language, written in the guests'. An empty condition is none."""

    pk: int
    title: str
    summary: str
    text: str
    states: frozenset[str] = frozenset()
    heard: tuple[str, ...] = ()
    lacks: str = ""
    flag: str = ""
    order: int = 0


@dataclass(frozen=True)
class Situation:
    """How a request stands for whoever is to write: `waits` is what they wrote since we last did, casefolded."""

    state: str
    flags: frozenset[str] = frozenset()
    lacks: frozenset[str] = frozenset()
    waits: str = ""
    wrote: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


def fitting(drafts: Iterable[Draft], situation: Situation, most: int = MOST) -> list[Draft]:
    """Those whose conditions are all met and whose facts are all known; what was asked for last comes first."""
    found = [draft for draft in drafts if fits(draft, situation)]
    return sorted(found, key=lambda draft: (_rank(draft, situation), draft.order, draft.pk))[:most]


def fits(draft: Draft, situation: Situation) -> bool:
    return (
        (not draft.states or situation.state in draft.states)
        and (not draft.flag or draft.flag in situation.flags)
        and (not draft.lacks or draft.lacks in situation.lacks)
        and (not draft.heard or _is_heard(draft, situation.waits) or _is_heard(draft, situation.wrote))
        and all(situation.facts.get(name) for name in blanks.blanks_in(draft.text))
    )


def _rank(draft: Draft, situation: Situation) -> int:
    """What waits for an answer, what they wrote before, what we noticed or miss, and what fits the state alone."""
    if draft.heard:
        return 0 if _is_heard(draft, situation.waits) else 1
    return 2 if draft.lacks or draft.flag else 3


def _is_heard(draft: Draft, told: str) -> bool:
    """Whether a word of theirs begins with one that the draft listens for."""
    words = f" {' '.join(''.join(sign if sign.isalnum() else ' ' for sign in told).split())}"
    return any(f" {' '.join(word.split())}" in words for word in draft.heard)


def put_in(typed: str, text: str) -> str:
    """What stands in the box with a draft below what was typed; one that stands in it already is not put in twice."""
    if not typed.strip():
        return text
    return typed if text in typed.replace("\r\n", "\n") else f"{typed.rstrip()}\n\n{text}"
