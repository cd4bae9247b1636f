"""Questions to the database that are put together once and asked again and again."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from threading import Lock
from typing import Any, Final, Generic, NamedTuple, Self, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet
from django.db.models.sql import Query, UpdateQuery
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
        (sql, params), known = written[alias]
        vars(self).update(known)
        return sql, tuple(_asked_for.get() if param == A_ROW else param for param in params)


# -- Statements with blanks that are filled in each time ---------------------------------

# What stands in a blank while the SQL is written: no value of these is ever meant.
A_ROW: Final = -(2**62)
A_SMALL_NUMBER: Final = 32_001


def a_moment(number: int) -> datetime:
    """A stand-in for a moment; another number for each blank of a statement."""
    return datetime(1900, 1, number, tzinfo=UTC)


def a_text(name: str) -> str:
    """A stand-in for a text."""
    return f"\ue000{name}"


class KeptUpdate:
    """An UPDATE whose SQL is written the first time that it is run, and kept.

    `blanks` names the stand-ins in the conditions of `rows` and in `changes`.
    """

    def __init__(self, rows: QuerySet[Any, Any], changes: Mapping[str, Any], blanks: Mapping[str, Any]) -> None:
        self._rows, self._changes, self._blanks = rows, changes, blanks
        self._written: dict[str, tuple[str, tuple[Any, ...]]] = {}

    def run(self, **values: Any) -> int:
        """Change the rows, each blank filled in; return how many there were."""
        connection = connections[DEFAULT_DB_ALIAS]
        if connection.alias not in self._written:
            self._written[connection.alias] = self._write(connection)
        sql, params = self._written[connection.alias]
        given = {name: _as_stored(value, connection) for name, value in values.items()}
        with connection.cursor() as cursor:
            cursor.execute(sql, [given[param.name] if isinstance(param, _Blank) else param for param in params])
            return int(cursor.rowcount)

    def _write(self, connection: Any) -> tuple[str, tuple[Any, ...]]:
        query: Any = self._rows.query.chain(UpdateQuery)
        query.add_update_values(self._changes)
        sql, params = query.get_compiler(connection=connection).as_sql()
        names = {_as_stored(stands_in, connection): _Blank(name) for name, stands_in in self._blanks.items()}
        return sql, tuple(names.get(param, param) for param in params)


class KeptRow(Generic[Row]):
    """A question for one row by its number, whose SQL is written the first time that it is asked, and kept."""

    def __init__(self, rows: QuerySet[Any, Row]) -> None:
        self._kept = Kept(rows.filter(pk=A_ROW))

    def get(self, pk: int) -> Row:
        """The row as it is now; one query. Raises ValueError when it is not there."""
        asked = _asked_for.set(pk)
        try:
            (row,) = self._kept.ask()
        finally:
            _asked_for.reset(asked)
        return row


class _Blank(NamedTuple):
    name: str


_asked_for: Final[ContextVar[int]] = ContextVar("the number of the row that is asked for")


def _as_stored(value: Any, connection: Any) -> Any:
    """The value as the database is given it."""
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value
