"""Tables for spreadsheets: hostile words are read back as words, and numbers as numbers."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest
from django.utils import translation
from openpyxl import load_workbook

from visits import sheets

CASES = json.loads((Path(__file__).parents[2] / "cases" / "bad_inputs.json").read_text())

FORMULAS = (
    "=1+1",
    "+46 36 324 00 00",
    "-2",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    "  =1+1",
    '"=1+1',
    "' =1+1",
    "\u00a0=1+1",
    '=HYPERLINK("https://example.org";"open")',
    "=cmd|' /C calc'!A0",
)
PLAIN = ("Region Jönköping", "1 = 1", "a-b", "’t Hart", "“=1”", "O'Brien", '"quoted"', "你好", "")


def read_csv(rows: list[list[sheets.Cell]], delimiter: str = ",") -> list[list[str]]:
    told = b"".join(sheets.csv_lines(rows)).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(told, newline=""), delimiter=delimiter))


def read_xlsx(rows: list[list[sheets.Cell]]) -> list[list[object]]:
    with sheets.xlsx(rows, title="Season") as file:
        sheet = load_workbook(file).active
        return [[(cell.value, cell.data_type) for cell in row] for row in sheet.iter_rows()]


@pytest.mark.parametrize("hostile", FORMULAS)
def test_what_a_spreadsheet_would_reckon_is_read_back_as_words(hostile):
    [[in_csv]], [[(in_xlsx, kind)]] = read_csv([[hostile]]), read_xlsx([[hostile]])

    assert in_csv.startswith("'")
    assert (in_xlsx[0], kind) == ("'", "s")


@pytest.mark.parametrize("plain", PLAIN)
def test_other_words_are_read_back_as_they_were(plain):
    assert read_csv([[plain, "end"]]) == [[plain, "end"]]
    assert [value for value, _kind in read_xlsx([[plain or None, "end"]])[0]] == [plain or None, "end"]


def test_numbers_and_days_stay_numbers_and_days():
    rows = [[-3, 2.5, date(2026, 11, 29), None, "end"]]

    assert read_csv(rows) == [["-3", "2.5", "2026-11-29", "", "end"]]
    [[whole, half, day, nothing, _end]] = read_xlsx(rows)
    assert (whole, half, nothing) == ((-3, "n"), (2.5, "n"), (None, "n"))
    assert day[0].date() == date(2026, 11, 29)


def test_a_swedish_table_is_parted_by_semicolons_and_has_decimal_commas():
    with translation.override("sv"):
        assert read_csv([["Dagar", 2.5]], ";") == [["Dagar", "2,5"]]


def test_a_table_says_that_it_is_utf_8():
    assert b"".join(sheets.csv_lines([["å"]])).startswith(b"\xef\xbb\xbf")


def test_hostile_values_of_the_case_list_make_no_formula_and_no_fault():
    rows = [[case["id"], case["input"]] for case in CASES]

    assert len(read_csv(rows)) == len(rows)
    assert {kind for row in read_xlsx(rows) for _value, kind in row} == {"s"}
