"""What a step says, and how a draft holds it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

Words = str | list[str]  # as typed in one box, or in the boxes of a day


class Wish(NamedTuple):
    """A first day that somebody wishes for."""

    first_day: date
    flexible: bool = False


@dataclass(frozen=True)
class Chosen:
    """What a request has picked from the catalogue, as primary keys."""

    areas: frozenset[int] = frozenset()
    offerings: frozenset[int] = frozenset()
    initiatives: frozenset[int] = frozenset()
    programmes: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Answers:
    """What one step says. What is None stays as it was."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    chosen: Chosen | None = None
    wishes: list[Wish] | None = None
    needs: Mapping[str, int] | None = None
    unfinished: Mapping[str, Mapping[str, Words]] | None = None  # by step: words that no answer can hold yet

    @property
    def say_something(self) -> bool:
        """Whether there is anything in them to keep."""
        picked = self.chosen is not None and self.chosen != Chosen()
        begun = any((self.unfinished or {}).values())
        said = any(self.fields.values()) or any((self.needs or {}).values())
        return picked or begun or said or bool(self.wishes)
