"""Promises that both engines keep, each in its own words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import BaseConstraint
from django.db.models.sql.compiler import SQLCompiler

from visits.models.triggers import Trigger, dropped, is_sqlite, made, of_table, refusal


class KeptByEngine(BaseConstraint):
    """A promise that each engine keeps in its own words: a clause of the table, triggers, or both.

    Triggers are deferred, so that SQLite makes them again whenever it rebuilds the table.
    """

    def _clause(self, model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> str:
        """What stands in CREATE TABLE, or nothing."""
        return ""

    def _triggers(self, model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> Iterable[Trigger]:
        return ()

    def _before(self, model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> Iterable[str]:
        """What has to be there before the triggers; `{table}` stands for the table."""
        return ()

    def _after(self, model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> Iterable[str]:
        """What is dropped when the triggers are gone."""
        return ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, type(self)) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash(self.name)

    def constraint_sql(self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> str:
        model, editor = _known(model, schema_editor)
        editor.deferred_sql.extend(of_table(sql, model, editor) for sql in self._before(model, editor))
        editor.deferred_sql.extend(made(trigger, model, editor) for trigger in self._triggers(model, editor))
        return self._clause(model, editor)

    def create_sql(self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> str:
        model, editor = _known(model, schema_editor)
        clause = self.constraint_sql(model, editor)
        return f"ALTER TABLE {editor.quote_name(model._meta.db_table)} ADD {clause}" if clause else ""

    def remove_sql(self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> str:
        model, editor = _known(model, schema_editor)
        for statement in (*dropped(self._triggers(model, editor), model, editor), *self._after(model, editor)):
            editor.execute(statement)
        return ""

    def validate(
        self, model: type[models.Model], instance: models.Model, exclude: Any = None, using: str = DEFAULT_DB_ALIAS
    ) -> None:
        """What only the row as it was can tell is left to the database."""


class NoOverlap(KeptByEngine):
    """Two rows of one resource never share an instant of [starts, ends).

    PostgreSQL: an exclusion constraint over built-in range types, without any
    extension. SQLite: triggers before INSERT and UPDATE. Rows without the resource
    are left alone.
    """

    def __init__(self, *, resource: str, name: str, starts: str = "starts_at", ends: str = "ends_at", **kwargs: Any):
        super().__init__(name=name, **kwargs)
        self.resource, self.starts, self.ends = resource, starts, ends

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        kwargs |= {"resource": self.resource, "starts": self.starts, "ends": self.ends}
        return path, tuple(args), kwargs

    def _columns(self, model: type[models.Model]) -> dict[str, str]:
        names = {"r": self.resource, "s": self.starts, "e": self.ends}
        return {key: column_of(model, name) for key, name in names.items()}

    def _clause(self, model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> str:
        if is_sqlite(editor):
            return ""
        c = {key: editor.quote_name(column) for key, column in self._columns(model).items()}
        # int8range(NULL, NULL) is unbounded and would clash with everything: hence the WHERE.
        return (
            f"CONSTRAINT {editor.quote_name(self.name)} EXCLUDE USING gist "
            f"(int8range({c['r']}, {c['r']}, '[]') WITH &&, tstzrange({c['s']}, {c['e']}) WITH &&) "
            f"WHERE ({c['r']} IS NOT NULL)"
        )

    def _triggers(self, model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> Iterator[Trigger]:
        c = self._columns(model)
        for verb in ("INSERT", "UPDATE") if is_sqlite(editor) else ():
            itself = " AND other.rowid <> OLD.rowid" if verb == "UPDATE" else ""
            yield Trigger(
                f"{self.name}_{verb.lower()}",
                f"BEFORE {verb}",
                does=f"SELECT RAISE(ABORT, 'UNIQUE constraint failed: {self.name}');",
                when=f'NEW."{c["r"]}" IS NOT NULL AND EXISTS (SELECT 1 FROM {{table}} AS other '
                f'WHERE other."{c["r"]}" = NEW."{c["r"]}" AND other."{c["s"]}" < NEW."{c["e"]}" '
                f'AND other."{c["e"]}" > NEW."{c["s"]}"{itself})',
            )

    def _after(self, model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> Iterator[str]:
        if not is_sqlite(editor):
            table, name = editor.quote_name(model._meta.db_table), editor.quote_name(self.name)
            yield f"ALTER TABLE {table} DROP CONSTRAINT {name}"

    def validate(
        self, model: type[models.Model], instance: models.Model, exclude: Any = None, using: str = DEFAULT_DB_ALIAS
    ) -> None:
        fields = (self.resource, self.starts, self.ends)
        resource, starts, ends = (getattr(instance, _concrete(model, name).attname) for name in fields)
        if None in (resource, starts, ends):
            return
        overlap = {self.resource: resource, f"{self.starts}__lt": ends, f"{self.ends}__gt": starts}
        clash = model._default_manager.using(using).filter(**overlap).exclude(pk=instance.pk).first()
        if clash is not None:
            told = f"{self.get_violation_error_message()} ({clash})"
            raise ValidationError(told, code=self.violation_error_code)


class FixedOnceSet(KeptByEngine):
    """Once one of the columns `when` is set, the columns `fields` of a row are never changed.

    What somebody has put their name under stays as it was. Both engines: a trigger before UPDATE.
    """

    def __init__(self, *, fields: Sequence[str], when: Sequence[str], name: str, **kwargs: Any):
        super().__init__(name=name, **kwargs)
        self.fields, self.when = tuple(fields), tuple(when)

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        return path, tuple(args), kwargs | {"fields": self.fields, "when": self.when}

    def _triggers(self, model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> Iterator[Trigger]:
        other = "IS NOT" if is_sqlite(editor) else "IS DISTINCT FROM"
        is_set = " OR ".join(f'OLD."{column_of(model, name)}" IS NOT NULL' for name in self.when)
        columns = [column_of(model, name) for name in self.fields]
        differs = " OR ".join(f'NEW."{column}" {other} OLD."{column}"' for column in columns)
        yield refusal(self.name, "UPDATE", f"({is_set}) AND ({differs})", promise=self.name, editor=editor)


class AppendOnly(KeptByEngine):
    """Rows are only added: no door of the database changes or deletes one, but for what is named here.

    `fill_once`: columns that may be written as long as they are empty. `may_blank`: columns of text that
    may be emptied, never rewritten. `may_drop`: keys that may be taken out of a JSON column, all at once.
    A row whose true-or-false column `loose` is true may be deleted until its column `fixed_by` is filled;
    without `loose` no row is ever deleted. Both engines: triggers before UPDATE and before DELETE that look
    at nothing but the row. A migration that adds or drops a column of such a table takes the constraint
    away first and puts it back last. Emptying whole tables (TRUNCATE) is no DELETE.
    """

    def __init__(
        self,
        *,
        name: str,
        fill_once: Sequence[str] = (),
        may_blank: Sequence[str] = (),
        may_drop: Mapping[str, Sequence[str]] | None = None,
        loose: str = "",
        fixed_by: str = "",
        **kwargs: Any,
    ):
        super().__init__(name=name, **kwargs)
        self.fill_once, self.may_blank = tuple(fill_once), tuple(may_blank)
        self.may_drop = {column: tuple(keys) for column, keys in (may_drop or {}).items()}
        self.loose, self.fixed_by = loose, fixed_by

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        kwargs |= {"fill_once": self.fill_once, "may_blank": self.may_blank, "may_drop": self.may_drop}
        return path, tuple(args), kwargs | {"loose": self.loose, "fixed_by": self.fixed_by}

    def _triggers(self, model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> Iterator[Trigger]:
        refused = {"UPDATE": f"NOT ({self._may_change(model, editor)})", "DELETE": self._is_kept(model)}
        for verb, when in refused.items():
            yield refusal(f"{self.name}_{verb.lower()}", verb, when, promise=self.name, editor=editor)

    def _may_change(self, model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> str:
        """What has to hold of every column for an UPDATE to be let through."""
        same = "IS" if is_sqlite(editor) else "IS NOT DISTINCT FROM"
        conditions = []
        for field in model._meta.concrete_fields:
            column = str(field.column)
            ways = [f'NEW."{column}" {same} OLD."{column}"']
            if field.name in self.fill_once:
                ways.append(f"""COALESCE(CAST(OLD."{column}" AS text), '') = ''""")
            if field.name in self.may_blank:
                ways.append(f"""NEW."{column}" = ''""")
            if field.name in self.may_drop:
                ways.append(_without_keys(column, self.may_drop[field.name], editor))
            conditions.append(f"({' OR '.join(ways)})")
        return " AND ".join(conditions)

    def _is_kept(self, model: type[models.Model]) -> str:
        """Whether a row may not be deleted."""
        if not self.loose:
            return "1 = 1"
        fixed = ""
        if self.fixed_by:
            fixed = f""" OR COALESCE(CAST(OLD."{column_of(model, self.fixed_by)}" AS text), '') <> ''"""
        return f'NOT OLD."{column_of(model, self.loose)}"{fixed}'


def _without_keys(column: str, keys: Sequence[str], editor: BaseDatabaseSchemaEditor) -> str:
    """Whether a JSON column is what it was without these keys."""
    if is_sqlite(editor):
        paths = ", ".join(f"'$.{key}'" for key in keys)
        return f'json(NEW."{column}") = json_remove(OLD."{column}", {paths})'
    named = ", ".join(f"'{key}'" for key in keys)
    return f'NEW."{column}" = OLD."{column}" - ARRAY[{named}]'


def _known(
    model: type[models.Model] | None, editor: BaseDatabaseSchemaEditor | None
) -> tuple[type[models.Model], BaseDatabaseSchemaEditor]:
    # Django always hands both over; its signature leaves them open.
    if model is None or editor is None:
        raise TypeError("A constraint is written for a model, by a schema editor.")
    return model, editor


def column_of(model: type[models.Model], name: str) -> str:
    return str(_concrete(model, name).column)


def _concrete(model: type[models.Model], name: str) -> models.Field[Any, Any]:
    field = model._meta.get_field(name)
    if not isinstance(field, models.Field):
        raise TypeError(f"{name} has no column of its own")
    return field


class ThreeMonthsAfter(models.Func):
    """The lead time of three calendar months in SQL, clamped to the month's end.

    The same answer as `rules.earliest_first_day` on every day; a test compares them.
    """

    arity = 1
    output_field = models.DateField()

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="(%(expressions)s + interval '3 months')::date", **context)

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **context: Any) -> Any:
        # SQLite lets 30 November + 3 months run over into March; the end of February is
        # then the smaller of the two.
        sql, params = compiler.compile(self.source_expressions[0])
        clamped = f"min(date({sql}, '+3 months'), date({sql}, 'start of month', '+4 months', '-1 day'))"
        return clamped, (*params, *params)
