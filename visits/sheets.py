"""Rows as tables for a spreadsheet: CSV and XLSX, in which words stay words and numbers stay numbers.

A CSV is UTF-8 with the mark by which spreadsheets know it. In Swedish its cells are parted by semicolons and its
numbers have a decimal comma, since that is what a Swedish Excel opens without asking; in English by commas and points.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from importlib import import_module
from io import BytesIO
from typing import IO, Any, Final

from django.utils.translation import get_language

from visits import text

# A cell that begins so is reckoned by spreadsheets instead of read, also behind spaces and quotation marks.
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
BEFORE_A_FORMULA: Final = " \u00a0'\""
BYTE_ORDER_MARK: Final = "\ufeff"
LONGEST_CELL: Final = 32_000  # characters; Excel ends a little above

Cell = str | int | float | date | None
Row = Sequence[Cell]


def safe_cell(cell: str) -> str:
    """The words as words: an apostrophe before what a spreadsheet would reckon."""
    narrow = unicodedata.normalize("NFKC", cell)  # full-width signs are reckoned too
    is_reckoned = narrow.startswith(FORMULA) or narrow.lstrip(BEFORE_A_FORMULA).startswith(FORMULA)
    return f"'{cell}" if is_reckoned else cell


def csv_lines(rows: Iterable[Row]) -> Iterator[bytes]:
    """The table line by line, as it is sent."""
    swedish = (get_language() or "").startswith("sv")
    table = csv.writer(_Echo(), delimiter=";" if swedish else ",", lineterminator="\r\n")
    yield BYTE_ORDER_MARK.encode()
    for row in rows:
        line: str = table.writerow([_written(cell, swedish) for cell in row])
        yield line.encode()


class _Echo:
    """What a CSV writer writes to, to have the line back."""

    def write(self, line: str) -> str:
        return line


def _written(cell: Cell, swedish: bool) -> str:
    if cell is None:
        return ""
    if isinstance(cell, int | float):
        return str(cell).replace(".", ",") if swedish else str(cell)
    return _dated(cell) if isinstance(cell, date) else _readable(cell)


def _dated(day: date) -> str:
    return day.isoformat(" ", "minutes") if isinstance(day, datetime) else day.isoformat()


def _readable(cell: str) -> str:
    # What stands before the words is kept: it may be what makes them a formula.
    shown = "".join(char for char in cell if char in "\n\t" or text.is_readable(char, lines=True))
    return safe_cell(shown[:LONGEST_CELL])


def xlsx(rows: Iterable[Row], *, title: str) -> IO[bytes]:
    """The table as a workbook, to be read from its beginning."""
    openpyxl = _openpyxl()
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    for row in rows:
        sheet.append([_cell(openpyxl, sheet, value) for value in row])
    file = BytesIO()
    book.save(file)
    file.seek(0)
    return file


def _openpyxl() -> Any:
    """The library takes a quarter of a second to load: only who makes a workbook waits for it."""
    import_module("openpyxl.cell")
    return import_module("openpyxl")


def _cell(openpyxl: Any, sheet: Any, value: Cell) -> Any:
    if not isinstance(value, str):
        return value
    cell = openpyxl.cell.WriteOnlyCell(sheet, value=_readable(value))
    cell.data_type = "s"  # words, whatever they begin with
    return cell
