"""The time that somebody needs between two bookings, as each engine keeps it: triggers that look at the ways."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from visits.models.constraints import KeptByEngine
from visits.models.triggers import Trigger, is_sqlite, made_on

NAME: Final = "facilitator_has_time_to_travel"
BOOKINGS, WAYS = "visits_booking", "visits_travel"  # their own names: while SQLite rebuilds one, its model has another
LONGEST_WAY: Final = 600  # minutes, as the CHECK of the ways says
# What has to change for an old row to be looked at again: a row that was there before its way stays as it is.
LOOKED_AT: Final = ("facilitator_id", "site_id", "starts_at", "ends_at")
# One after another for each person, until the transaction ends: two that cannot see each other would both pass.
LOCK: Final = f"PERFORM pg_advisory_xact_lock(hashtextextended('{NAME}', NEW.facilitator_id)); "


def triggers(editor: BaseDatabaseSchemaEditor) -> Iterator[Trigger]:
    """What refuses a booking that leaves no time for the shortest way to, or from, another of the same person."""
    for verb in ("INSERT", "UPDATE"):
        name, event = f"{NAME}_{verb.lower()}", f"BEFORE {verb}"
        if is_sqlite(editor):
            does = f"SELECT RAISE(ABORT, 'CHECK constraint failed: {NAME}');"
            yield Trigger(name, event, does, f"{_counts(verb, 'IS NOT')} AND {_too_near(verb, _later_on_sqlite)}")
        else:
            does = _on_postgresql(_too_near("UPDATE", _later_on_postgresql))
            yield Trigger(name, event, does, _counts(verb, "IS DISTINCT FROM"), function=NAME)


def _counts(verb: str, differs: str) -> str:
    """Whether the row has a way to go at all, and, when it is changed, goes another than it did."""
    told = "NEW.facilitator_id IS NOT NULL AND NEW.site_id IS NOT NULL"
    if verb == "INSERT":
        return told
    changed = " OR ".join(f"NEW.{column} {differs} OLD.{column}" for column in LOOKED_AT)
    return f"{told} AND ({changed})"


def _too_near(verb: str, later: Callable[[str, str], str]) -> str:
    """Whether another booking of the person begins, or ends, sooner than the shortest way to it takes."""
    itself = " AND other.id <> NEW.id" if verb == "UPDATE" else ""

    def within(minutes: str) -> str:
        return (
            f"{later('other.starts_at', '0')} < {later('NEW.ends_at', minutes)} "
            f"AND {later('NEW.starts_at', '0')} < {later('other.ends_at', minutes)}"
        )

    return (
        f'EXISTS (SELECT 1 FROM "{BOOKINGS}" AS other JOIN "{WAYS}" AS way '
        f"ON (way.one_id = NEW.site_id AND way.other_id = other.site_id) "
        f"OR (way.one_id = other.site_id AND way.other_id = NEW.site_id) "
        f"WHERE other.facilitator_id = NEW.facilitator_id{itself} AND {within(str(LONGEST_WAY))} "
        f"GROUP BY other.id, other.starts_at, other.ends_at HAVING {within('MIN(way.minutes)')})"
    )


def _later_on_sqlite(moment: str, minutes: str) -> str:
    """Milliseconds, so many minutes later. Moments are text there, and raw SQL may write them with an offset."""
    return f"(CAST(ROUND(julianday({moment}) * 86400000.0) AS INTEGER) + {minutes} * 60000)"


def _later_on_postgresql(moment: str, minutes: str) -> str:
    return f"({moment} + make_interval(mins => {minutes}))"


def _on_postgresql(too_near: str) -> str:
    raised = f"RAISE EXCEPTION '{NAME}' USING ERRCODE = 'check_violation', CONSTRAINT = '{NAME}';"
    return f"{LOCK}IF {too_near} THEN {raised} END IF; RETURN NEW;"


class WaysCount(KeptByEngine):
    """The same promise, seen from the ways: it is still kept when their table is rebuilt.

    SQLite renames no table while a trigger of another speaks of one that is gone: the bookings' triggers
    are dropped before, and made again with everything else that is deferred.
    """

    def constraint_sql(self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> str:
        if schema_editor is not None and is_sqlite(schema_editor):
            for trigger in triggers(schema_editor):
                schema_editor.execute(f"DROP TRIGGER IF EXISTS {schema_editor.quote_name(trigger.name)}")
                schema_editor.deferred_sql.append(made_on(BOOKINGS, trigger, schema_editor))
        return ""

    def remove_sql(self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> str:
        """The triggers are the bookings' own."""
        return ""
