"""A list of requests as a spreadsheet saves it: from bytes to cells, or to one sentence that says what to do. Pure."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from visits.folding import plain

MOST_BYTES: Final = 1024 * 1024
MOST_ROWS: Final = 200
LONGEST_CELL: Final = 5000  # characters; the longest answer is a fifth of it
LONGEST_NAME: Final = 160
SEPARATORS: Final = (";", ",", "\t")
SPREADSHEETS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
BYTE_ORDER_MARK: Final = "\ufeff"

# Each answer, and how its column is called in English and in Swedish.
COLUMNS: Final[dict[str, tuple[str, str]]] = {
    "organisation_name": ("Organisation", "Organisation"),
    "country": ("Country", "Land"),
    "town": ("Town or region", "Ort eller region"),
    "organisation_kind": ("Kind of organisation", "Typ av organisation"),
    "contact_name": ("Contact person", "Kontaktperson"),
    "contact_role": ("Role", "Roll"),
    "contact_email": ("E-mail", "E-post"),
    "contact_phone": ("Phone", "Telefon"),
    "language": ("Language of letters", "Språk i brev"),
    "group_size": ("How many", "Hur många"),
    "areas": ("Areas of interest", "Intresseområden"),
    "aim": ("Wants to learn", "Vill lära sig"),
    "question": ("Big question", "Stor fråga"),
    "brings": ("Brings", "Tar med sig"),
    "first_day": ("First day", "Första dag"),
    "second_day": ("Other first day", "Annan första dag"),
    "length": ("Length", "Längd"),
    "meeting_language": ("Language of the meeting", "Mötesspråk"),
    "other_needs": ("Other needs", "Övriga behov"),
    "said": ("Their own words", "Egna ord"),
    "reason": ("Why sooner than three months", "Varför tidigare än tre månader"),
}
NEEDED: Final = ("organisation_name", "country", "contact_name", "contact_email", "group_size", "brings", "first_day")


Columns = Mapping[str, tuple[str, str]]


class NoTable(Exception):
    """The file cannot be read as a list of requests; the text says what to do."""


@dataclass(frozen=True)
class Line:
    """One row: the line of the file on which it begins, and its cells by answer."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Table:
    """A list as it was read, with the names that its columns have in it."""

    lines: list[Line]
    named: dict[str, str]


def columns_with(further: Columns) -> dict[str, tuple[str, str]]:
    """All columns, with those of our own questions; one whose name is another's too has its own name behind it."""
    known, found = {plain(name) for names in COLUMNS.values() for name in names} | set(COLUMNS), dict(COLUMNS)
    for answer, names in further.items():
        is_taken = bool(known & {plain(name) for name in names})
        found[answer] = (f"{names[0]} [{answer}]", f"{names[1]} [{answer}]") if is_taken else names
        known |= {plain(name) for name in found[answer]}
    return found


def read(raw: bytes, columns: Columns = COLUMNS, *, closed: Collection[str] = ()) -> Table:
    """The rows of a file; empty ones are passed over. `closed` are questions that are not asked any more.

    Raises NoTable.
    """
    words, names = _decoded(raw), _Names(columns, closed)
    rows = _rows(words, _separator(words, names))
    try:
        head = next(rows)[1]
    except StopIteration:
        raise NoTable(_("The file is empty. Fill in the template and send that.")) from None
    found = names.columns(head)
    lines = [Line(number, _cells(found, row, number)) for number, row in rows if any(cell.strip() for cell in row)]
    if not lines:
        raise NoTable(_("There is no request below the head of the file. Write one on each line."))
    return Table(lines, dict(zip(found, (name.strip() for name in head), strict=True)))


def _decoded(raw: bytes) -> str:
    if len(raw) > MOST_BYTES:
        raise NoTable(
            _("The file is larger than 1 MB. Send a list of at most %(rows)d requests.") % {"rows": MOST_ROWS}
        )
    if raw.startswith(SPREADSHEETS):
        raise NoTable(_("This is a spreadsheet and not a CSV file. Save it as “CSV UTF-8” and send that."))
    if b"\0" in raw:
        raise NoTable(_("This is no text. Save the list as “CSV UTF-8” and send that."))
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            words = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _is_binary(words):
            return words
    raise NoTable(_("This is no text. Save the list as “CSV UTF-8” and send that."))


def _is_binary(words: str) -> bool:
    return any(unicodedata.category(char) == "Cc" and char not in "\t\r\n" for char in words)


def _separator(words: str, names: _Names) -> str:
    """The sign between the columns: the one by which the head has most of the names that we know."""
    head = words.lstrip("\r\n").splitlines()[:1] or [""]
    return max(
        SEPARATORS, key=lambda sign: len([name for name in head[0].split(sign) if names.answer(name.strip('"'))])
    )


def _rows(words: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """The rows, each with the line on which it begins. A quote that is never closed is told with its line."""
    reader, begins, count = csv.reader(io.StringIO(words, newline=""), delimiter=separator, strict=True), 1, 0
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                count += 1
                yield begins, row
            if count > MOST_ROWS + 1:
                raise NoTable(
                    _("There are more than %(rows)d requests in the file. Send it in parts.") % {"rows": MOST_ROWS}
                )
            begins = reader.line_num + 1
    except csv.Error:
        raise NoTable(
            _("The row that begins on line %(line)d cannot be read. Look for a quotation mark that is not closed, "
              "and for a cell that is far too long.") % {"line": begins}
        ) from None  # fmt: skip


class _Names:
    """What columns are called, and which answer each is for."""

    def __init__(self, columns: Columns, closed: Collection[str]) -> None:
        self.known = {plain(name): answer for answer, names in columns.items() for name in (*names, answer)}
        self.closed = {plain(words) for words in closed}

    def answer(self, name: str) -> str:
        """The answer that a column is for, by either of its names; nothing for one we do not know."""
        return self.known.get(plain(name), "")

    def columns(self, head: list[str]) -> list[str]:
        """The answers of a head, in its order. Raises NoTable for what is strange, doubled or missing."""
        found = [self.answer(name) for name in head]
        strange = [name.strip()[:LONGEST_NAME] for name, answer in zip(head, found, strict=True) if not answer]
        if len(strange) == len(head):
            raise NoTable(_("The first line does not name the columns. Begin with the template and its first line."))
        self._refuse_strange(strange)
        doubled = [name.strip() for name, answer in zip(head, found, strict=True) if found.count(answer) > 1]
        if doubled:
            raise NoTable(_("The column “%(name)s” is there twice. Take one of them away.") % {"name": doubled[0]})
        return _whole(found)

    def _refuse_strange(self, strange: list[str]) -> None:
        gone = [name for name in strange if plain(name) in self.closed]
        if gone:
            raise NoTable(
                _("“%(name)s” is not asked any more. Take its column away, or begin with the template as it is now.")
                % {"name": gone[0]}
            )
        if strange:
            told = ", ".join(f"“{name}”" for name in strange[:5])
            raise NoTable(
                _("We do not know the columns %(names)s. Take them away, or name them as in the template.")
                % {"names": told}
            )


def _whole(found: list[str]) -> list[str]:
    lacking = [COLUMNS[answer] for answer in NEEDED if answer not in found]
    if lacking:
        told = ", ".join(f"“{english}” ({swedish})" for english, swedish in lacking)
        raise NoTable(_("These columns are missing: %(names)s. They are in the template.") % {"names": told})
    return found


def _cells(columns: list[str], row: list[str], number: int) -> dict[str, str]:
    if len(row) > len(columns) and any(cell.strip() for cell in row[len(columns) :]):
        raise NoTable(
            _("Line %(line)d has more cells than the head has columns. Put words with a comma into quotation marks.")
            % {"line": number}
        )
    if any(len(cell) > LONGEST_CELL for cell in row):
        raise NoTable(_("Line %(line)d has a cell that is far too long. Write it shorter.") % {"line": number})
    return {answer: cell for answer, cell in zip(columns, row, strict=False) if cell.strip()}


def template(*, swedish: bool, columns: Columns = COLUMNS) -> str:
    """An empty list with the names of all columns, as a spreadsheet opens it."""
    written = io.StringIO()
    sign = ";" if swedish else ","
    csv.writer(written, delimiter=sign, lineterminator="\r\n").writerow(names[swedish] for names in columns.values())
    return BYTE_ORDER_MARK + written.getvalue()
