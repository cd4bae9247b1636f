"""Triggers as both engines make and drop them: what differs between the two stands here and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement, Table


@dataclass(frozen=True)
class Trigger:
    """What happens at an event of a table, in the words of one engine: «BEFORE UPDATE», for each row.

    `does` is the body between BEGIN and END, `when` a condition over OLD and NEW. `{table}` in either is the
    table itself, under whatever name it has. PostgreSQL keeps the body in a function: `function`, if several
    triggers share one, else it has the name of the trigger.
    """

    name: str
    event: str
    does: str
    when: str = ""
    function: str = ""


def refusal(name: str, verb: str, when: str, *, promise: str, editor: BaseDatabaseSchemaEditor) -> Trigger:
    """The trigger by which an engine refuses a row, as it refuses one that breaks the CHECK named `promise`."""
    if is_sqlite(editor):
        does = f"SELECT RAISE(ABORT, 'CHECK constraint failed: {promise}');"
    else:
        does = f"RAISE EXCEPTION '{promise}' USING ERRCODE = 'check_violation', CONSTRAINT = '{promise}';"
    return Trigger(name, f"BEFORE {verb}", does, when)


def made(trigger: Trigger, model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> Statement:
    """What makes the trigger."""
    return made_on(model._meta.db_table, trigger, editor)


def made_on(table: str, trigger: Trigger, editor: BaseDatabaseSchemaEditor) -> Statement:
    """The same, for a table that is known by its name."""
    name = editor.quote_name(trigger.name)
    when = f" WHEN ({trigger.when})" if trigger.when else ""
    begins = f"CREATE TRIGGER {name} {trigger.event} ON {{table}}"
    if is_sqlite(editor):
        return _on(table, f"{begins}{when} BEGIN {trigger.does} END", editor)
    function = f"{editor.quote_name(trigger.function or trigger.name)}()"
    return _on(
        table,
        f"CREATE OR REPLACE FUNCTION {function} RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {trigger.does} END $$; "
        f"{begins} FOR EACH ROW{when} EXECUTE FUNCTION {function}",
        editor,
    )


def dropped(triggers: Iterable[Trigger], model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> Iterator[str]:
    """What drops the triggers, and then the functions that they called."""
    gone = list(triggers)
    table = "" if is_sqlite(editor) else f" ON {editor.quote_name(model._meta.db_table)}"
    for trigger in gone:
        yield f"DROP TRIGGER IF EXISTS {editor.quote_name(trigger.name)}{table}"
    for function in dict.fromkeys(trigger.function or trigger.name for trigger in gone):
        if not is_sqlite(editor):
            yield f"DROP FUNCTION IF EXISTS {editor.quote_name(function)}()"


def of_table(sql: str, model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> Statement:
    """The statement whose `{table}` follows the table, which SQLite renames while it rebuilds it."""
    return _on(model._meta.db_table, sql, editor)


def _on(table: str, sql: str, editor: BaseDatabaseSchemaEditor) -> Statement:
    # A statement is a template: what it says with a per cent sign is doubled.
    template = sql.replace("%", "%%").replace("{table}", "%(table)s")
    return Statement(template, table=Table(table, editor.quote_name))


def is_sqlite(editor: BaseDatabaseSchemaEditor) -> bool:
    return editor.connection.vendor == "sqlite"
