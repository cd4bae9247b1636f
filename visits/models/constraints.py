"""Promises that both engines keep, each in its own words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement, Table
from django.db.models import BaseConstraint
from django.db.models.sql.compiler import SQLCompiler


class NoOverlap(BaseConstraint):
    """Two rows of one resource never share an instant of [starts, ends).

    PostgreSQL: an exclusion constraint over built-in range types, without any
    extension. SQLite: triggers before INSERT and UPDATE, which are made again
    whenever SQLite rebuilds the table. Rows without the resource are left alone.
    """

    def __init__(self, *, resource: str, name: str, starts: str = "starts_at", ends: str = "ends_at", **kwargs: Any):
        super().__init__(name=name, **kwargs)
        self.resource, self.starts, self.ends = resource, starts, ends

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NoOverlap) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash((self.name, self.resource, self.starts, self.ends))

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        kwargs |= {"resource": self.resource, "starts": self.starts, "ends": self.ends}
        return path, tuple(args), kwargs

    def _columns(self, model: type[models.Model]) -> dict[str, str]:
        names = {"r": self.resource, "s": self.starts, "e": self.ends}
        return {key: str(_concrete(model, name).column) for key, name in names.items()}

    def constraint_sql(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> str | None:  # type: ignore[override]
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.deferred_sql.extend(self._triggers(model, schema_editor))
            return None
        c = {key: schema_editor.quote_name(column) for key, column in self._columns(model).items()}
        # int8range(NULL, NULL) is unbounded and would clash with everything: hence the WHERE.
        return (
            f"CONSTRAINT {schema_editor.quote_name(self.name)} EXCLUDE USING gist "
            f"(int8range({c['r']}, {c['r']}, '[]') WITH &&, tstzrange({c['s']}, {c['e']}) WITH &&) "
            f"WHERE ({c['r']} IS NOT NULL)"
        )

    def create_sql(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> Any:  # type: ignore[override]
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.deferred_sql.extend(self._triggers(model, schema_editor))
            return None
        return Statement(
            "ALTER TABLE %(table)s ADD %(constraint)s",
            table=Table(model._meta.db_table, schema_editor.quote_name),
            constraint=self.constraint_sql(model, schema_editor),
        )

    def remove_sql(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> Any:  # type: ignore[override]
        if schema_editor.connection.vendor == "sqlite":
            for verb in ("insert", "update"):
                schema_editor.execute(f"DROP TRIGGER IF EXISTS {schema_editor.quote_name(f'{self.name}_{verb}')}")
            return None
        return Statement(
            "ALTER TABLE %(table)s DROP CONSTRAINT %(name)s",
            table=Table(model._meta.db_table, schema_editor.quote_name),
            name=schema_editor.quote_name(self.name),
        )

    def _triggers(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> Iterator[Statement]:
        c = self._columns(model)
        for verb in ("INSERT", "UPDATE"):
            itself = " AND other.rowid <> OLD.rowid" if verb == "UPDATE" else ""
            yield Statement(
                f"CREATE TRIGGER {schema_editor.quote_name(f'{self.name}_{verb.lower()}')} BEFORE {verb} ON %(table)s "
                f'WHEN NEW."{c["r"]}" IS NOT NULL AND EXISTS (SELECT 1 FROM %(table)s AS other '
                f'WHERE other."{c["r"]}" = NEW."{c["r"]}" AND other."{c["s"]}" < NEW."{c["e"]}" '
                f'AND other."{c["e"]}" > NEW."{c["s"]}"{itself}) '
                f"BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: {self.name}'); END",
                table=Table(model._meta.db_table, schema_editor.quote_name),
            )

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
