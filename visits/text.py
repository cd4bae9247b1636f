"""Text that people type, cleaned in one place before anything else sees it."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

ZERO_WIDTH_JOINER: Final = "\u200d"
ZERO_WIDTH_NON_JOINER: Final = "\u200c"
MAX_COMBINING: Final = 4

_INVISIBLE: Final = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad\u180e\ufff9-\ufffb]")
# Spaces of every width, line breaks and joiners at the ends; control characters stay, to be refused.
_SPACES: Final = " \t\n\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_EDGES: Final = re.compile(rf"\A[{_SPACES}\u200c\u200d]+|[{_SPACES}\u200c\u200d]+\Z")
_COMBINING_RUN: Final = re.compile(
    rf"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{{{MAX_COMBINING + 1},}}"
)


def cleaned(typed: str) -> str:
    """The text with line ends as LF, invisible direction marks gone, trimmed, NFC.

    Zero-width joiners stay between visible characters, since emoji and several
    scripts are written with them.
    """
    lines = typed.replace("\r\n", "\n").replace("\r", "\n")
    visible = _EDGES.sub("", _INVISIBLE.sub("", lines))
    return unicodedata.normalize("NFC", visible)


def is_readable(text: str, *, lines: bool) -> bool:
    """Whether the text holds only what can be shown: no control characters, no lone
    surrogates, no unassigned code points, no towers of accents.

    With `lines`, line breaks and tabs are allowed.
    """
    allowed = "\n\t" if lines else ""
    return not _COMBINING_RUN.search(text) and all(
        char in allowed or unicodedata.category(char) not in {"Cc", "Cs", "Cn", "Zl", "Zp"} for char in text
    )


def storable(text: str) -> str:
    """The text without what can be neither stored nor shown: for words that are kept before they are finished."""
    shown = "".join(char for char in cleaned(text) if char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cs"})
    return _EDGES.sub("", shown)


def single_line(text: str) -> str:
    """The text on one line: for mail subjects, calendar summaries and log lines."""
    shown = "".join(" " if unicodedata.category(char) in {"Cc", "Zl", "Zp"} else char for char in text)
    return " ".join(shown.split())


def mixes_scripts(word: str) -> bool:
    """Whether one word is written in letters of more than one of Latin, Greek, Cyrillic.

    A sign of a look-alike name; staff are told, nothing is decided by it.
    """
    scripts = {unicodedata.name(char, "").split(" ")[0] for char in word if char.isalpha()}
    return len(scripts & {"LATIN", "GREEK", "CYRILLIC"}) > 1


def with_plain_digits(typed: str) -> str:
    """The text with full-width forms narrowed and every script's digits as 0–9, for reading numbers."""
    narrow = unicodedata.normalize("NFKC", typed)
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in narrow)
