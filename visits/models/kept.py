"""Questions to the database that are put together once and asked again and again."""

from __future__ import annotations

from threading import Lock
from typing import Any, Final, Generic, Self, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet
from django.db.models.sql import Query
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row")
# What a compiler is made with; the rest is what it has found out about its question.
GIVEN: Final = frozenset({"query", "connection", "using", "elide_empty", "quote_cache"})


class Kept(Generic[Row]):
    """A question whose SQL is written the first time that it is asked, and kept.

    For what every page asks in the same words: to write such SQL takes Django longer than a database takes
    to answer it. Nothing that the question says may depend on the moment or the language in which it is asked.
    """

    def __init__(self, rows: QuerySet[Any, Row]) -> None:
        kept: Any = rows.all()
        # Past the setter, which forgets that a row of values is a tuple.
        kept._query = kept.query.chain(klass=_KeptQuery)
        self._rows: QuerySet[Any, Row] = kept

    def ask(self) -> list[Row]:
        """The rows as they are now; one query."""
        return list(self._rows.all())


class _KeptQuery(Query):
    """A query that is never narrowed down any more, so whoever copies it has it itself."""

    written: dict[str, tuple[Any, dict[str, Any]]]  # the SQL and what its compiler knows, by database

    def _setup_query(self) -> None:
        if not hasattr(self, "written"):
            self.written, self.lock = {}, Lock()

    def clone(self) -> Self:
        return self

    def get_compiler(self, using: str | None = None, connection: Any = None, elide_empty: bool = True) -> _KeptCompiler:
        return _KeptCompiler(self, connection or connections[using or DEFAULT_DB_ALIAS], using, elide_empty)


class _KeptCompiler(SQLCompiler):
    query: _KeptQuery

    def as_sql(self, with_limits: bool = True, with_col_aliases: bool = False) -> Any:
        alias, written = self.connection.alias, self.query.written
        if alias not in written:
            with self.query.lock:
                sql = super().as_sql(with_limits, with_col_aliases)
                written[alias] = sql, {name: value for name, value in vars(self).items() if name not in GIVEN}
        sql, known = written[alias]
        vars(self).update(known)
        return sql
