"""How each engine keeps the text of the search: written by triggers, so that no way of saving a row forgets it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from visits import folding
from visits.models.constraints import KeptByEngine, column_of
from visits.models.triggers import Trigger, is_sqlite

# SQLite reads an expression that is nested deeper with «parser stack overflow».
NESTED: Final = 12
WITHOUT_TRIGRAMS: Final = (
    "The search works without its index and is slow: this role may not create the extension pg_trgm. "
    "As a superuser: CREATE EXTENSION pg_trgm; then CREATE INDEX {index} ON {table} USING gin (words gin_trgm_ops);"
)


class SearchTextKept(KeptByEngine):
    """The table `into` holds, for each row whose column `when` is set, the folded text of `fields`.

    Triggers after INSERT, UPDATE and DELETE on both engines; who writes with SQL alone keeps it too.
    """

    def __init__(self, *, fields: Sequence[str], when: str, into: str, name: str, **kwargs: Any):
        super().__init__(name=name, **kwargs)
        self.fields, self.when, self.into = tuple(fields), when, into

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        return path, tuple(args), kwargs | {"fields": self.fields, "when": self.when, "into": self.into}

    def _before(self, model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> Iterator[str]:
        if not is_sqlite(editor):
            yield _folding_function(self.name)

    def _triggers(self, model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> Iterator[Trigger]:
        columns = ", ".join(f'"{column_of(model, name)}"' for name in (*self.fields, self.when))
        events = {"insert": "AFTER INSERT", "update": f"AFTER UPDATE OF {columns}", "delete": "BEFORE DELETE"}
        for verb, event in events.items():
            if is_sqlite(editor):
                yield Trigger(f"{self.name}_{verb}", event, self._on_sqlite(model)[verb])
            else:
                yield Trigger(f"{self.name}_{verb}", event, self._on_postgresql(model), function=self.name)

    def _on_sqlite(self, model: type[models.Model]) -> dict[str, str]:
        forget = f'DELETE FROM "{self.into}" WHERE "request_id" = OLD.id;'
        write = (
            f'INSERT INTO "{self.into}" ("request_id", "words") SELECT NEW.id, {self._whole(model, "NEW")} '
            f'WHERE NEW."{column_of(model, self.when)}" IS NOT NULL; '
            + "; ".join(self._folds("NEW.id"))
            + f'; INSERT INTO "{self.into}_index" (rowid, words) '
            f'SELECT "request_id", "words" FROM "{self.into}" WHERE "request_id" = NEW.id;'
        )
        return {"insert": write, "update": f"{forget} {write}", "delete": forget}

    def _folds(self, key: str) -> Iterator[str]:
        """One UPDATE after another, each as deep as SQLite can read; plain English needs none of the letters."""
        of_row = f'WHERE "request_id" = {key}' if key else 'WHERE "request_id" IS NOT NULL'
        for table, needed in ((folding.LETTERS, " AND \"words\" GLOB '*[^ -~]*'"), (folding.SIGNS, "")):
            pairs = iter(table.items())
            while some := list(islice(pairs, NESTED)):
                told = '"words"'
                for letter, plain in some:
                    told = f"replace({told}, {_literal(letter)}, {_literal(plain)})"
                yield f'UPDATE "{self.into}" SET "words" = {told} {of_row}{needed}'
        yield f'UPDATE "{self.into}" SET "words" = lower("words") {of_row}'

    def _on_postgresql(self, model: type[models.Model]) -> str:
        return (
            f"IF TG_OP <> 'INSERT' THEN DELETE FROM \"{self.into}\" WHERE request_id = OLD.id; END IF; "
            f"IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; "
            f'IF NEW."{column_of(model, self.when)}" IS NOT NULL THEN INSERT INTO "{self.into}" (request_id, words) '
            f'VALUES (NEW.id, "{self.name}_folded"({self._whole(model, "NEW")})); END IF; RETURN NEW;'
        )

    def _whole(self, model: type[models.Model], row: str) -> str:
        """All of it on one line, with a space in front of the first word as of every other."""
        parts = " || ' ' || ".join(f"coalesce({row}.\"{column_of(model, name)}\", '')" for name in self.fields)
        return f"' ' || {parts}"

    def fill(self, model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> Iterator[str]:
        """What writes the text of the rows that were there before the triggers."""
        table, when = model._meta.db_table, column_of(model, self.when)
        sent = f'FROM "{table}" AS one WHERE one."{when}" IS NOT NULL'
        whole = self._whole(model, "one")
        if not is_sqlite(editor):
            yield _folding_function(self.name)
            whole = f'"{self.name}_folded"({whole})'
        yield f'INSERT INTO "{self.into}" (request_id, words) SELECT one.id, {whole} {sent}'
        if is_sqlite(editor):
            yield from self._folds("")
            yield f'INSERT INTO "{self.into}_index" ("{self.into}_index") VALUES (\'rebuild\')'

    def _after(self, model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> Iterator[str]:
        if not is_sqlite(editor):
            yield f'DROP FUNCTION IF EXISTS "{self.name}_folded"(text)'


class TrigramIndex(KeptByEngine):
    """Words, and parts of words, are found without reading every row.

    PostgreSQL: a GIN index of pg_trgm; where the role may not create the extension there is a warning
    and no index, and the search reads every row. SQLite: a full-text table of trigrams beside this one.
    """

    def __init__(self, *, table: str, name: str, **kwargs: Any):
        super().__init__(name=name, **kwargs)
        self.table = table  # its own name: while SQLite rebuilds a table, the model has another

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        return path, tuple(args), kwargs | {"table": self.table}

    def _before(self, model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> Iterator[str]:
        if is_sqlite(editor):
            yield (
                f'CREATE VIRTUAL TABLE IF NOT EXISTS "{self.table}_index" USING '
                f"fts5(words, content='{self.table}', content_rowid='request_id', tokenize='trigram')"
            )
            yield f'INSERT INTO "{self.table}_index" ("{self.table}_index") VALUES (\'rebuild\')'
        else:
            told = WITHOUT_TRIGRAMS.format(index=self.name, table=self.table).replace("'", "''")
            yield (
                f"DO $$ BEGIN CREATE EXTENSION IF NOT EXISTS pg_trgm; "
                f'CREATE INDEX IF NOT EXISTS "{self.name}" ON {{table}} USING gin (words gin_trgm_ops); '
                f"EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN "
                f"RAISE WARNING '{told}'; END $$"
            )

    def _triggers(self, model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> Iterator[Trigger]:
        if is_sqlite(editor):
            yield Trigger(
                f"{self.name}_delete",
                "BEFORE DELETE",
                f'INSERT INTO "{self.table}_index" ("{self.table}_index", rowid, words) VALUES (\'delete\', '
                f'OLD."request_id", OLD."words");',
            )

    def _after(self, model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> Iterator[str]:
        is_full_text = is_sqlite(editor)
        yield f'DROP TABLE IF EXISTS "{self.table}_index"' if is_full_text else f'DROP INDEX IF EXISTS "{self.name}"'


def _folding_function(name: str) -> str:
    """What `visits.folding.folded` does, as PostgreSQL does it."""
    table = folding.LETTERS | folding.SIGNS
    alone = {letter: plain for letter, plain in table.items() if len(plain) == 1}
    told = "$1"
    for letter, plain in table.items():
        if letter not in alone:
            told = f"replace({told}, {_literal(letter)}, {_literal(plain)})"
    one, other = (_literal("".join(letters)) for letters in (alone.keys(), alone.values()))
    return (
        f'CREATE OR REPLACE FUNCTION "{name}_folded"(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE '
        f"AS $$ SELECT lower(translate({told}, {one}, {other})) $$"
    )


def _literal(text: str) -> str:
    doubled = text.replace("'", "''")
    return f"'{doubled}'"
