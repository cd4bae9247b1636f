"""Requests that one of us writes down for somebody: one at a time, or a list of them at once."""

from visits.entering.deeds import Written, enter, enter_all, known_doubles, known_fingerprints
from visits.entering.files import FileTaken, keep_file, take_file
from visits.entering.table import (
    COLUMNS,
    MOST_BYTES,
    MOST_ROWS,
    Columns,
    Line,
    NoTable,
    Table,
    columns_with,
    read,
    template,
)

__all__ = [
    "COLUMNS",
    "MOST_BYTES",
    "MOST_ROWS",
    "Columns",
    "FileTaken",
    "Line",
    "NoTable",
    "Table",
    "Written",
    "columns_with",
    "enter",
    "enter_all",
    "keep_file",
    "known_doubles",
    "known_fingerprints",
    "read",
    "take_file",
    "template",
]
