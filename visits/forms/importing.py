"""A list of requests from a file: each row goes through the form that one request goes through."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from programmes.models import Area
from visits import entering, questions, season, text
from visits.choices import Source
from visits.entering import COLUMNS, Columns, Line, NoTable, Table, Written
from visits.folding import without_case
from visits.forms import cells
from visits.forms.entering import EnterForm
from visits.models import VisitRequest
from visits.questions import Asked

ASKED_NO_MORE: Final = gettext_lazy(
    "It is not asked any more since the list was sent in. Take its column away, and send the list in again."
)
CHOOSE_FILE: Final = gettext_lazy("Choose the CSV file with the requests.")


class ListForm(forms.Form):
    """The file. What cannot be read as a list says why, and what to do."""

    use_required_attribute = False
    file = forms.FileField(
        label=gettext_lazy("The list, as a CSV file"),
        help_text=gettext_lazy("At most 200 requests and 1 MB. Nothing is saved before you have seen it."),
        allow_empty_file=True,
        error_messages={"required": CHOOSE_FILE, "invalid": CHOOSE_FILE, "max_length": CHOOSE_FILE},
    )
    table: Table

    def __init__(self, *args: Any, columns: Columns = COLUMNS, closed: Collection[str] = (), **kwargs: Any) -> None:
        """`columns` are those of the template; `closed` the questions that are not asked any more."""
        super().__init__(*args, **kwargs)
        self.columns, self.closed = columns, closed

    def clean_file(self) -> UploadedFile[Any]:
        sent: UploadedFile[Any] = self.cleaned_data["file"]
        try:
            self.table = entering.read(sent.read(entering.MOST_BYTES + 1), self.columns, closed=self.closed)
        except NoTable as refusal:
            raise forms.ValidationError(str(refusal), code="table") from None
        return sent

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows as they are kept until the press: their line and their cells, without what cannot be stored."""
        return [
            {"line": line.number, "cells": {name: text.storable(cell) for name, cell in line.cells.items()}}
            for line in self.table.lines
        ]


@dataclass(frozen=True)
class Problem:
    """What is to be mended in one cell: the name of its column, and what to do."""

    column: str
    sentence: str


@dataclass(frozen=True)
class Checked:
    """One row with what came of the look at it: it can be entered, it is there already, or it is to be mended."""

    line: int
    who: str
    problems: list[Problem] = field(default_factory=list)
    written: Written | None = None
    same_as: str = ""
    known: VisitRequest | None = None

    @property
    def is_new(self) -> bool:
        return self.written is not None and not self.same_as and self.known is None

    @property
    def is_double(self) -> bool:
        return bool(self.same_as or self.known)


@dataclass(frozen=True)
class House:
    """What rows are looked at with: read once for all of them."""

    areas: Sequence[Area]
    today: date
    may_waive: bool
    readers: cells.Readers
    shut: set[date]
    asked: Mapping[str, Sequence[Asked]]
    columns: Columns

    def form(self, typed: Mapping[str, Any]) -> EnterForm:
        sources = [(Source.FILE.value, Source.FILE.label)]
        return EnterForm(
            typed, today=self.today, areas=self.areas, may_waive=self.may_waive, sources=sources, shut=self.shut,
            asked=self.asked,
        )  # fmt: skip

    def column(self, name: str) -> str:
        """The name of a column, as it stands in the template in the reader's language."""
        swedish = (get_language() or "").startswith("sv")
        return self.columns[name][swedish] if name in self.columns else _("A question of ours")


def check(
    rows: Iterable[Mapping[str, Any]],
    *,
    areas: Sequence[Area],
    today: date,
    may_waive: bool,
    asked: Mapping[str, Sequence[Asked]],
) -> list[Checked]:
    """Look at every row as a page of its own would; doubles within the list and of what is there are told.

    `asked` are our own questions, in each language. Three queries, however many rows there are.
    """
    lines = [Line(row["line"], dict(row["cells"])) for row in rows]
    shut = season.shut_days(cells.days(line.cells for line in lines))
    columns = entering.columns_with(questions.columns(asked))
    house = House(areas, today, may_waive, cells.readers(areas, asked), shut, asked, columns)
    return _told_doubles([_checked(line, house) for line in lines])


def _checked(line: Line, house: House) -> Checked:
    typed, problems = _read(line, house)
    form = house.form(typed)
    told = {problem.column for problem in problems}
    for name, errors in form.errors.items():
        problems += [Problem(house.column(name), str(error)) for error in errors if house.column(name) not in told]
    gone = [name for name in line.cells if name.startswith(questions.PREFIX) and name not in form.fields]
    problems += [Problem(house.column(name), str(ASKED_NO_MORE)) for name in gone[:1]]
    if line.cells.get("reason") and not house.may_waive:
        problems.append(Problem(house.column("reason"), _("Only a manager may waive the three months.")))
    who = line.cells.get("organisation_name", "")[:80]
    if problems:
        return Checked(line.number, who, problems)
    return Checked(line.number, who, written=form.written(fingerprint=fingerprint(line.cells)))


def _read(line: Line, house: House) -> tuple[dict[str, Any], list[Problem]]:
    """The cells as the form asks for them, and those whose words are no answer."""
    typed: dict[str, Any] = {"language": "en", "source": Source.FILE.value}
    problems = []
    for name, cell in line.cells.items():
        try:
            typed[name] = house.readers[name](cell) if name in house.readers else cell
        except LookupError as strange:
            problems.append(Problem(house.column(name), str(strange.args[0])))
            typed.pop(name, None)
    return typed, problems


def fingerprint(row: Mapping[str, str]) -> str:
    """What tells one row from every other, whatever its case and spaces, and wherever it stands in a file."""
    plain = {name: without_case(cell) for name, cell in row.items() if cell.strip()}
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


def _told_doubles(looked: list[Checked]) -> list[Checked]:
    good = [row for row in looked if row.written]
    known = entering.known_fingerprints([row.written.fingerprint for row in good if row.written])
    asked = {_asked(row.written): row for row in good if row.written}
    there = entering.known_doubles(list(asked))
    first: dict[object, int] = {}
    told = []
    for row in looked:
        if row.written is None:
            told.append(row)
            continue
        key = _asked(row.written)
        found = known.get(row.written.fingerprint) or there.get(key)
        same = _("line %(line)d") % {"line": first[key]} if key in first else ""
        first.setdefault(key, row.line)
        told.append(Checked(row.line, row.who, written=row.written, known=found, same_as=same))
    return told


def _asked(written: Written) -> tuple[str, date]:
    """Who asks for which day: two rows that say the same are one request."""
    return str(written.answers.fields["contact_email"]).casefold(), min(written.wished)
