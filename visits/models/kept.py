"""Questions to the database that are put together once and asked again and again."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from itertools import count
from threading import Lock
from typing import Any, Final, Generic, NamedTuple, Self, TypeVar
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet
from django.db.models.sql import Query, UpdateQuery
from django.db.models.sql.compiler import SQLCompiler
from psycopg2.extensions import AsIs

Row = TypeVar("Row")
ALL_AT_ONCE: Final = 10_000  # rows that are read in one go
# What a compiler is made with; the rest is what it has found out about its question.
GIVEN: Final = frozenset({"query", "connection", "using", "elide_empty", "quote_cache"})


class Kept(Generic[Row]):
    """A question whose SQL is written the first time that it is asked, and kept.

    For what every page asks in the same words: to write such SQL takes Django longer than a database takes
    to answer it. Nothing that the question says may depend on the moment or the language in which it is asked;
    what changes from time to time is a blank.
    """

    def __init__(self, rows: QuerySet[Any, Row], **blanks: Any) -> None:
        """Keep a question; `blanks` names the stand-ins in it, which are filled in each time."""
        kept: Any = rows.all()
        # Past the setter, which forgets that a row of values is a tuple.
        kept._query = kept.query.chain(klass=_KeptQuery)
        self._rows: QuerySet[Any, Row] = kept
        self._blanks = blanks

    def ask(self, **values: Any) -> list[Row]:
        """The rows as they are now, each blank filled in; one query. Raises KeyError for a blank left empty."""
        with self._filled_in(values):
            return list(self._rows.all())

    def ask_raw(self, **values: Any) -> Raw[Row]:
        """The same rows of values as the database gives them, for whoever has them already; one query."""
        with self._filled_in(values):
            query: Any = self._rows.query
            compiler = query.get_compiler(DEFAULT_DB_ALIAS)
            chunks = compiler.execute_sql(chunk_size=ALL_AT_ONCE) or ()
            return Raw(compiler, [row for chunk in chunks for row in chunk])

    @contextmanager
    def _filled_in(self, values: Mapping[str, Any]) -> Iterator[None]:
        filled = _filled.set({stands_in: values[name] for name, stands_in in self._blanks.items()})
        try:
            yield
        finally:
            _filled.reset(filled)


class Raw(Generic[Row]):
    """Rows of values before Django has made dates and moments of them: to tell whether they are as they were."""

    def __init__(self, compiler: SQLCompiler, rows: list[tuple[Any, ...]]) -> None:
        self.rows, self._compiler = rows, compiler

    def values(self) -> list[Row]:
        """The rows as `Kept.ask` gives them."""
        compiler: Any = self._compiler
        return list(compiler.results_iter([self.rows], tuple_expected=True))


class _KeptQuery(Query):
    """A query that is never narrowed down any more, so whoever copies it has it itself."""

    written: dict[str, tuple[Any, dict[str, Any]]]  # the SQL and what its compiler knows, by database
    converters: dict[str, Any]  # what makes dates and numbers of its columns, by database
    name: str

    def _setup_query(self) -> None:
        if not hasattr(self, "written"):
            self.written, self.converters, self.lock, self.name = {}, {}, Lock(), _name()

    def clone(self) -> Self:
        return self

    def get_compiler(self, using: str | None = None, connection: Any = None, elide_empty: bool = True) -> _KeptCompiler:
        return _KeptCompiler(self, connection or connections[using or DEFAULT_DB_ALIAS], using, elide_empty)


class _KeptCompiler(SQLCompiler):
    query: _KeptQuery

    def get_converters(self, expressions: Any) -> Any:
        # The columns of a kept question are always the same.
        kept = self.query.converters
        if self.connection.alias not in kept:
            kept[self.connection.alias] = super().get_converters(expressions)
        return kept[self.connection.alias]

    def as_sql(self, with_limits: bool = True, with_col_aliases: bool = False) -> Any:
        alias, written = self.connection.alias, self.query.written
        if alias not in written:
            with self.query.lock:
                sql = super().as_sql(with_limits, with_col_aliases)
                written[alias] = sql, {name: value for name, value in vars(self).items() if name not in GIVEN}
        (sql, params), known = written[alias]
        vars(self).update(known)
        filled = {_as_stored(one, self.connection): _as_stored(value, self.connection) for one, value in _told()}
        if _is_planned_once(self.connection):
            given = [_Open(filled[one]) if one in filled else one for one in params]
            return _planned_once(self.connection, self.query.name, sql, given)
        return sql, tuple(filled.get(param, param) for param in params) if filled else params


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
        self._name = _name()

    def run(self, **values: Any) -> int:
        """Change the rows, each blank filled in; return how many there were."""
        connection = connections[DEFAULT_DB_ALIAS]
        if connection.alias not in self._written:
            self._written[connection.alias] = self._write(connection)
        sql, params = self._written[connection.alias]
        given = {name: _as_stored(value, connection) for name, value in values.items()}
        filled = [_Open(given[param.name]) if isinstance(param, _Blank) else param for param in params]
        with connection.cursor() as cursor:
            if _is_planned_once(connection):
                cursor.execute(*_planned_once(connection, self._name, sql, filled))
            else:
                cursor.execute(sql, [param.value if isinstance(param, _Open) else param for param in filled])
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
        self._kept = Kept(rows.filter(pk=A_ROW), pk=A_ROW)

    def get(self, pk: int) -> Row:
        """The row as it is now; one query. Raises ValueError when it is not there."""
        (row,) = self._kept.ask(pk=pk)
        return row


class _Blank(NamedTuple):
    name: str


class _Open(NamedTuple):
    """What fills a blank this time; beside it, parameters that are always the same."""

    value: Any


_filled: Final[ContextVar[Mapping[Any, Any]]] = ContextVar("what stands in the blanks of the question that is asked")


def _told() -> ItemsView[Any, Any]:
    return _filled.get().items()


def _as_stored(value: Any, connection: Any) -> Any:
    """The value as the database is given it."""
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


# -- Planned once on each connection -----------------------------------------------------

_numbers: Final = count(1)
_planned: Final[WeakKeyDictionary[Any, set[str]]] = WeakKeyDictionary()  # the statements that a connection has


def _name() -> str:
    """Of one statement: two may be written in the same words, and differ in what stands in them."""
    return f"kept_{next(_numbers)}"


def _is_planned_once(connection: Any) -> bool:
    """Where a connection stays the same from one statement to the next; Django's own switch says where it does not."""
    return connection.vendor == "postgresql" and not connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS")


def _planned_once(connection: Any, name: str, sql: str, params: Sequence[Any]) -> tuple[str, list[Any]]:
    """A statement that PostgreSQL has by name, and what fills its blanks: to plan it takes longer than to run it.

    What is always the same is written into it, so that the plan may count on it: an index over a part of the rows
    is used for no other part.
    """
    # As Django does before a query, and sooner: a connection that was lost has nothing by name.
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    known = _planned.setdefault(connection.connection, set())
    blanks = [param.value for param in params if isinstance(param, _Open)]
    if name not in known:
        places = count(1)
        written = [AsIs(f"${next(places)}") if isinstance(param, _Open) else param for param in params]
        # Past what counts queries: it is said once, and not each time.
        with connection.wrap_database_errors, connection.connection.cursor() as cursor:
            cursor.execute(f"PREPARE {name} AS {sql}", written)
        known.add(name)
    filled = f"({', '.join(['%s'] * len(blanks))})" if blanks else ""
    return f"EXECUTE {name}{filled}", blanks
