"""Two people have changed the same thing: what each of them changed, told from what stood there before both."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final


class Changed(Enum):
    """Who has changed a value since it was read."""

    NOBODY = "nobody"
    MINE = "mine"
    THEIRS = "theirs"
    ALIKE = "alike"  # both, to the same
    BOTH = "both"  # both, each to something else: only this is asked


class Take(Enum):
    """What is kept where both changed something."""

    THEIRS = "theirs"
    MINE = "mine"
    BOTH = "both"  # one after the other; for words only


PARAGRAPH: Final = "\n\n"


def changed(before: object, theirs: object, mine: object) -> Changed:
    """Who has changed one value. What is the same to both is nothing to ask about."""
    if theirs == mine:
        return Changed.NOBODY if mine == before else Changed.ALIKE
    if mine == before:
        return Changed.THEIRS
    return Changed.MINE if theirs == before else Changed.BOTH


def merge(before: Mapping[str, Any], theirs: Mapping[str, Any], mine: Mapping[str, Any]) -> dict[str, Changed]:
    """The same for each value of a form, by its name; what was not there before is told by the other two."""
    return {name: changed(before.get(name, theirs.get(name)), theirs.get(name), mine[name]) for name in mine}


def result(take: Take, *, theirs: str, mine: str) -> str:
    """The words that are kept where both wrote some."""
    if take == Take.BOTH:
        return PARAGRAPH.join(part for part in (theirs, mine) if part)
    return mine if take == Take.MINE else theirs
