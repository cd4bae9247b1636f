from __future__ import annotations

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
MOST_NEAR = 150  # of them that are looked at again, where a letter is forgiven
LEAST_INDEXED = 3  # letters: what is shorter is no trigram


class SearchTextQuerySet(models.QuerySet["SearchText"]):
    def holding(self, words: list[str]) -> Self:
        """Rows that hold each of the words: anywhere, and one of two letters where a word begins."""
        return self.filter(words__holds=[[[_beginning(word)]] for word in words])

    def near(self, words: list[str]) -> Self:
        """Rows that hold each of the words, where one letter of a longer one may be wrong."""
        long = [word for word in words if len(word) >= LEAST_FORGIVEN and " " not in word][:MOST_FORGIVEN]
        forgiven = [[*folding.misspellings(word), [word]] if word in long else [[_beginning(word)]] for word in words]
        return self.filter(words__holds=forgiven)

    def newest(self) -> Self:
        """Those of the latest requests: what stands in more is asked for with another word."""
        return self.order_by("-pk")[:MOST_FOUND]


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


@models.TextField.register_lookup
class Holds(models.Lookup[Any]):
    """Whether a text holds each of several words, written in one of several ways.

    A way is a list of parts, and between two of them stands any one letter.
    """

    lookup_name = "holds"
    prepare_rhs = False
    rhs: list[list[list[str]]]

    @property
    def _is_sure(self) -> bool:
        """Whether no letter is left open."""
        return all(len(parts) == 1 for ways in self.rhs for parts in ways)

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
        words = [[f"%{'_'.join(parts)}%" for parts in ways if _in_index(parts)] for ways in self.rhs]
        told = " AND ".join(f"({' OR '.join([f'{column} LIKE %s'] * len(ways))})" for ways in words)
        return f"({told})", tuple(pattern for ways in words for pattern in ways)

    def as_sqlite(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[str, ...]]:
        """The full-text table names the candidates; where letters are left open they are looked at again."""
        field = self.lhs.output_field
        index, key = f"{field.model._meta.db_table}_index", self._key(compiler, connection)
        newest = f"ORDER BY rowid DESC LIMIT {MOST_FOUND if self._is_sure else MOST_NEAR}"
        found = f'{key} IN (SELECT rowid FROM "{index}" WHERE "{index}" MATCH %s {newest})'
        query = " AND ".join(f"({' OR '.join(_together(way) for way in ways if _in_index(way))})" for ways in self.rhs)
        if self._is_sure:
            return found, (query,)
        told, patterns = self.as_sql(compiler, connection)
        return f"({found} AND {told})", (query, *patterns)


def _in_index(parts: list[str]) -> bool:
    return any(len(part) >= LEAST_INDEXED for part in parts)


def _together(parts: list[str]) -> str:
    """The parts that the full-text table knows; no sign is left in them that it would read otherwise."""
    known = [f'"{part}"' for part in parts if len(part) >= LEAST_INDEXED]
    return f"({' AND '.join(known)})"
