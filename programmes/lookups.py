"""A number that no column can hold is in no row: asked for, it finds nothing and breaks nothing.

Django says so where a column is held against one number. Here it is said of several (`in`, as every field with
several choices asks) and of a relation too, for all of our queries and those of Django's own pages at once.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import Field, ForeignKey, IntegerField
from django.db.models.fields.related_lookups import RelatedExact, RelatedIn
from django.db.models.lookups import In


def holds(column: Any, value: Any, connection: Any) -> bool:
    """Whether a column, or the key that it points at, can hold a value; what is no number is not ours to judge."""
    if not isinstance(value, int):
        return True
    while column.is_relation:
        column = column.target_field
    if not isinstance(column, IntegerField):
        return True
    least, most = connection.ops.integer_field_range(column.get_internal_type())
    return (least is None or least <= value) and (most is None or value <= most)


class _OneOfThese(In):
    """`in`, without the numbers that no row has."""

    def batch_process_rhs(self, compiler: Any, connection: Any, rhs: Any = None) -> Any:
        asked = self.rhs if rhs is None else rhs
        possible: Any = [value for value in asked if holds(self.lhs.output_field, value, connection)]
        if not possible:
            raise EmptyResultSet
        return super().batch_process_rhs(compiler, connection, possible)


class IntegerIn(_OneOfThese):
    """A column of numbers."""


class OneOfRelated(_OneOfThese, RelatedIn):
    """A relation to one of several."""


class ExactlyRelated(RelatedExact):
    """A relation to one."""

    def process_rhs(self, compiler: Any, connection: Any) -> Any:
        if not holds(self.lhs.output_field, self.rhs, connection):
            raise EmptyResultSet
        return super().process_rhs(compiler, connection)


def register() -> None:
    """Ask in this way from now on, whoever asks."""
    own: list[tuple[type[Field[Any, Any]], type[Any]]] = [
        (IntegerField, IntegerIn), (ForeignKey, OneOfRelated), (ForeignKey, ExactlyRelated),
    ]  # fmt: skip
    for column, lookup in own:
        column.register_lookup(lookup)
