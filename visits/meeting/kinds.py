"""Which files may be put into a room, told by their ending and by what is really in them."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Final
from zipfile import ZIP_STORED, BadZipFile, ZipFile

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visits import rules, text

LONGEST_NAME: Final = 120
HEAD: Final = 4096  # bytes that are looked at in a text
UNPACKED_AT_MOST: Final = 200 * 1024 * 1024
PARTS_AT_MOST: Final = 5000
OPEN_DOCUMENT: Final = "application/vnd.oasis.opendocument."
OFFICE: Final = "application/vnd.openxmlformats-officedocument."
UNPRINTABLE: Final = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f]")
COMMON_ENDINGS: Final = mimetypes.MimeTypes()  # Python's own list, whatever the machine has beside it
NOT_IN_A_NAME: Final = re.compile(r'[<>:"|?*%;]+')


# What zipfile says of a file whose bytes are not what its lists tell.
UNREADABLE: Final = (
    BadZipFile,  # lists or parts that are broken
    OSError,  # a list that points outside the file
    ValueError,  # names that are not text, places before the beginning
    EOFError,  # a part that ends too early
    NotImplementedError,  # what zipfile raises for a way of packing, or a version, that it cannot read
    RuntimeError,  # locked with a password
)


class WrongFile(Exception):
    """The file cannot be taken; the text says what to do, to whoever tried."""


@dataclass(frozen=True)
class Kind:
    """A kind of file: how it is sent, what it is called, and how its contents are known."""

    mime: str
    words: Promise
    holds: Callable[[IO[bytes]], bool]


def _begins(*signs: bytes) -> Callable[[IO[bytes]], bool]:
    return lambda file: file.read(16).startswith(signs)


def _office(folder: str) -> Callable[[IO[bytes]], bool]:
    def holds(file: IO[bytes]) -> bool:
        names = _parts(file)
        return "[Content_Types].xml" in names and any(name.startswith(folder) for name in names)

    return holds


def _open_document(what: str) -> Callable[[IO[bytes]], bool]:
    def holds(file: IO[bytes]) -> bool:
        if "mimetype" not in _parts(file):
            return False
        with ZipFile(file) as packed, packed.open("mimetype") as told:
            # OpenDocument 1.3, part 2, 3.3: it stands there unpacked, so that readers like this one need no unpacking.
            is_plain = packed.getinfo("mimetype").compress_type == ZIP_STORED
            return is_plain and told.read(100).decode("ascii", "replace").strip() == OPEN_DOCUMENT + what

    return holds


def _parts(file: IO[bytes]) -> list[str]:
    """The names of what is packed in a document; nothing of it is unpacked."""
    with ZipFile(file) as packed:
        found = packed.infolist()
    if len(found) > PARTS_AT_MOST or sum(part.file_size for part in found) > UNPACKED_AT_MOST:
        raise WrongFile(_("This document unfolds to more than a computer likes. Save it as PDF, and try again."))
    if any("vbaproject" in part.filename.casefold() for part in found):
        raise WrongFile(_("There is a macro in this document. Save it without, or as PDF."))
    return [part.filename for part in found]


def _text(file: IO[bytes]) -> bool:
    head = file.read(HEAD)
    return not UNPRINTABLE.search(head) and not head.startswith((b"MZ", b"#!", b"<!", b"<h", b"<s", b"<?"))


_DOCUMENT, _SHEET, _SLIDES, _PICTURE = (
    gettext_lazy("Text document"), gettext_lazy("Spreadsheet"), gettext_lazy("Presentation"), gettext_lazy("Picture"),
)  # fmt: skip
KINDS: Final[dict[str, Kind]] = {
    "pdf": Kind("application/pdf", gettext_lazy("PDF"), _begins(b"%PDF-")),
    "docx": Kind(f"{OFFICE}wordprocessingml.document", _DOCUMENT, _office("word/")),
    "xlsx": Kind(f"{OFFICE}spreadsheetml.sheet", _SHEET, _office("xl/")),
    "pptx": Kind(f"{OFFICE}presentationml.presentation", _SLIDES, _office("ppt/")),
    "odt": Kind(f"{OPEN_DOCUMENT}text", _DOCUMENT, _open_document("text")),
    "ods": Kind(f"{OPEN_DOCUMENT}spreadsheet", _SHEET, _open_document("spreadsheet")),
    "odp": Kind(f"{OPEN_DOCUMENT}presentation", _SLIDES, _open_document("presentation")),
    "csv": Kind("text/csv", _SHEET, _text),
    "txt": Kind("text/plain", gettext_lazy("Text"), _text),
    "png": Kind("image/png", _PICTURE, _begins(b"\x89PNG\r\n\x1a\n")),
    "jpg": Kind("image/jpeg", _PICTURE, _begins(b"\xff\xd8\xff")),
    "jpeg": Kind("image/jpeg", _PICTURE, _begins(b"\xff\xd8\xff")),
}
WORDS: Final = {kind.mime: kind.words for kind in KINDS.values()}
ENDINGS: Final = "PDF, DOCX, XLSX, PPTX, ODT, ODS, ODP, CSV, TXT, PNG, JPG"


def recognised(name: str, size: int, file: IO[bytes]) -> Kind:
    """The kind of a file that may be put into a room.

    Raises WrongFile for one that is empty, too large, of another kind, or not what its
    ending says.
    """
    if not size:
        raise WrongFile(_("This file is empty. Choose the one that you meant."))
    if size > rules.ROOM_FILE_BYTES:
        raise WrongFile(too_large())
    kind = KINDS.get(_ending(name))
    if kind is None:
        raise WrongFile(_("Choose a file of one of these kinds: %(kinds)s.") % {"kinds": ENDINGS})
    stem = name.rpartition(".")[0]
    if _ending(stem) in KINDS or COMMON_ENDINGS.guess_type(f"x.{_ending(stem)}")[0]:
        told = _("The name has two endings, %(first)s and %(second)s. Give the file one, and try again.")
        raise WrongFile(told % {"first": f".{_ending(stem)}", "second": f".{_ending(name)}"})
    if not _is(kind, file):
        told = _("This file says that it is %(ending)s, but what is in it is something else. Save it anew, or as PDF.")
        raise WrongFile(told % {"ending": _ending(name).upper()})
    return kind


def _is(kind: Kind, file: IO[bytes]) -> bool:
    file.seek(0)
    try:
        return kind.holds(file)
    except UNREADABLE:
        return False
    finally:
        file.seek(0)


def too_large() -> str:
    return _("A file may be at most %(size)d MB. Save it smaller, or send it in parts.") % {
        "size": rules.ROOM_FILE_BYTES // (1024 * 1024)
    }


def clean_name(typed: str) -> str:
    """The name of a file without folders, and without what a computer may stumble over.

    Raises WrongFile for a name that cannot be read.
    """
    last = re.split(r"[/\\]", typed)[-1]
    name = text.single_line(NOT_IN_A_NAME.sub(" ", text.cleaned(last))).strip(" .")
    if not text.is_readable(text.cleaned(last), lines=False) or not PurePosixPath(name).stem:
        raise WrongFile(_("Give the file a name with ordinary letters, and try again."))
    ending = _ending(name)
    return f"{name.rpartition('.')[0][: LONGEST_NAME - len(ending) - 1].rstrip(' .')}.{ending}" if ending else name


def _ending(name: str) -> str:
    return name.rpartition(".")[2].casefold() if "." in name else ""
