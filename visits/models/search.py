from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from django.db import models
from django.db.models.sql.compiler import SQLCompiler
from django.utils.translation import gettext_lazy as _

from visits import folding
from visits.models.request import VisitRequest
from visits.models.search_kept import TrigramIndex

MOST_FORGIVEN = 4  # words of one search; whoever types more has other words that are right
LEAST_FORGIVEN = 4  # letters: a shorter word is near to too many
MOST_FOUND = 1000  # requests that a search looks at, the newest first
MOST_NEAR = 75  # of them that are looked at again, where a letter is forgiven
LEAST_INDEXED = 3  # letters: what is shorter is no trigram

Way = Sequence[str]  # the parts of a word; between two of them stands any one letter


@dataclass(frozen=True)
class Reach:
    """How far a search reads: so many rows, the newest first, of those beyond one; backwards, the oldest first."""

    most: int = MOST_FOUND
    beyond: int | None = None
    backwards: bool = False

    @property
    def order(self) -> str:
        """The field that rows are sorted by."""
        return "pk" if self.backwards else "-pk"

    @property
    def condition(self) -> dict[str, int]:
        """Which rows are in reach, as a filter."""
        return {} if self.beyond is None else {"pk__gt" if self.backwards else "pk__lt": self.beyond}

    def of_rowids(self) -> str:
        """The same of a full-text table: what follows its MATCH."""
        side, order = (">", "ASC") if self.backwards else ("<", "DESC")
        bound = "" if self.beyond is None else f"AND rowid {side} {int(self.beyond)} "
        return f"{bound}ORDER BY rowid {order} LIMIT {int(self.most)}"


NEWEST = Reach()


@dataclass(frozen=True)
class Sought:
    """Words that are looked for, each in the ways that it may be written in, and how far."""

    words: tuple[tuple[tuple[str, ...], ...], ...]
    reach: Reach = NEWEST


class SearchTextQuerySet(models.QuerySet["SearchText"]):
    def holding(self, words: list[str], reach: Reach = NEWEST) -> Self:
        """The rows in reach that hold each of the words: anywhere, and one of two letters where a word begins."""
        return self._in_reach(Sought(tuple(((_beginning(word),),) for word in words), reach))

    def near(self, words: list[str], reach: Reach = NEWEST) -> Self:
        """The rows in reach that hold each of the words, where one letter of a longer one may be wrong."""
        long = [word for word in words if len(word) >= LEAST_FORGIVEN and " " not in word][:MOST_FORGIVEN]
        return self._in_reach(Sought(tuple(_ways(word, forgives=word in long) for word in words), reach))

    def _in_reach(self, sought: Sought) -> Self:
        reach = sought.reach
        return self.filter(words__holds=sought, **reach.condition).order_by(reach.order)[: reach.most]


class SearchText(models.Model):
    """The words of a request that has reached us, folded for the search. Triggers write it, nobody else."""

    request = models.OneToOneField(VisitRequest, on_delete=models.CASCADE, primary_key=True, related_name="+")
    words = models.TextField(editable=False)

    objects = SearchTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("text of the search")
        verbose_name_plural = _("texts of the search")
        default_permissions = ()
        constraints = [TrigramIndex(name="search_text_trigrams", table="visits_searchtext")]

    def __str__(self) -> str:
        return self.words[:60]


def _beginning(word: str) -> str:
    return word if len(word) >= LEAST_INDEXED else f" {word}"


def _ways(word: str, *, forgives: bool) -> tuple[tuple[str, ...], ...]:
    if not forgives:
        return ((_beginning(word),),)
    return tuple(tuple(way) for way in without_implied([*folding.misspellings(word), [word]], is_written_within))


def without_implied(ways: Sequence[Way], implies: Callable[[Way, Way], bool]) -> list[Way]:
    """The ways that nothing is lost with: whatever is written in one that is left out is in one that stays too.

    `implies` says of two ways whether what holds the first holds the second.
    """
    kept: list[Way] = []
    for way in ways:
        if not any(implies(way, other) for other in kept):
            kept = [*(other for other in kept if not implies(other, way)), way]
    return kept


def is_written_within(way: Way, other: Way) -> bool:
    """Whether a text that is written in one way is written in the other too."""
    return bool(re.search(".".join(map(re.escape, other)), "_".join(way)))


def names_the_same(way: Way, other: Way) -> bool:
    """The same of the parts alone, wherever each stands: so a full-text table looks for them."""
    return all(any(part in whole for whole in way) for part in other)


@models.TextField.register_lookup
class Holds(models.Lookup[Any]):
    """Whether a text holds each of several words, written in one of several ways."""

    lookup_name = "holds"
    prepare_rhs = False
    rhs: Sought

    @property
    def _is_sure(self) -> bool:
        """Whether no letter is left open."""
        return all(len(parts) == 1 for ways in self.rhs.words for parts in ways)

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[str, ...]]:
        column, _params = self.process_lhs(compiler, connection)
        return self._alike(column)

    def as_postgresql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[str, ...]]:
        """Where letters are left open the rows are named first: read one by one they would cost too much."""
        if self._is_sure:
            return self.as_sql(compiler, connection)
        told, patterns = self._alike("words")
        named = f'SELECT request_id FROM "{self.lhs.output_field.model._meta.db_table}" WHERE {told}'
        return f"{self._key(compiler, connection)} = ANY(ARRAY({named} LIMIT {MOST_NEAR}))", patterns

    def _key(self, compiler: SQLCompiler, connection: Any) -> str:
        column, _params = self.process_lhs(compiler, connection)
        return f'{column.rpartition(".")[0]}."request_id"'

    def _alike(self, column: str) -> tuple[str, tuple[str, ...]]:
        words = [[f"%{'_'.join(parts)}%" for parts in ways if _in_index(parts)] for ways in self.rhs.words]
        told = " AND ".join(f"({' OR '.join([f'{column} LIKE %s'] * len(ways))})" for ways in words)
        return f"({told})", tuple(pattern for ways in words for pattern in ways)

    def as_sqlite(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[str, ...]]:
        """The full-text table names the candidates; where letters are left open they are looked at again."""
        field = self.lhs.output_field
        index, key = f"{field.model._meta.db_table}_index", self._key(compiler, connection)
        reach = self.rhs.reach.of_rowids() if self._is_sure else replace(self.rhs.reach, most=MOST_NEAR).of_rowids()
        found = f'{key} IN (SELECT rowid FROM "{index}" WHERE "{index}" MATCH %s {reach})'
        query = " AND ".join(_one_of(ways) for ways in self.rhs.words)
        if self._is_sure:
            return found, (query,)
        told, patterns = self.as_sql(compiler, connection)
        return f"({found} AND {told})", (query, *patterns)


def _in_index(parts: Way) -> bool:
    return any(len(part) >= LEAST_INDEXED for part in parts)


def _one_of(ways: Sequence[Way]) -> str:
    """One word as the full-text table is asked for it; no sign is left in it that it would read otherwise."""
    known = [[part for part in way if len(part) >= LEAST_INDEXED] for way in ways if _in_index(way)]
    asked = without_implied(known, names_the_same)
    return "({})".format(" OR ".join("({})".format(" AND ".join(f'"{part}"' for part in way)) for way in asked))
