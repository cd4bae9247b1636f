"""Text as it is compared: two spellings of one thing come out the same. Pure.

Four ways, since four things are compared: what is searched for (`folded`), what is found and then quoted
(`letter_for_letter`), names and subjects (`plain`), and answers that stand in a list (`without_case`).
One table of letters is behind all of them that fold letters.
"""

from __future__ import annotations

import string
import unicodedata
from functools import cache
from typing import Final

from visits import text as typed

_LATIN: Final = range(0xC0, 0x180)  # the letters of Europe's languages that are written in Latin script
_TWO: Final = {"æ": "ae", "œ": "oe", "ß": "ss", "þ": "th", "ĳ": "ij"}
_ONE: Final = {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "ħ": "h", "ŧ": "t", "ŋ": "n", "ĸ": "k", "ſ": "s"}
_SIGNS: Final = string.punctuation + "’‘“”«»–—…·\n\t\r\u00a0"


def _plain(letter: str) -> str:
    """A letter without what stands over or under it; a letter of another kind stays."""
    small = letter.lower()
    if small in _TWO | _ONE:
        return (_TWO | _ONE)[small]
    base = unicodedata.normalize("NFKD", small)[0]
    return base if base.isascii() and base.isalpha() else small


LETTERS: Final = {chr(code): _plain(chr(code)) for code in _LATIN if _plain(chr(code)) != chr(code)}
SIGNS: Final = dict.fromkeys(_SIGNS, " ")
_LETTERS: Final = str.maketrans(LETTERS)
_TABLE: Final = str.maketrans(LETTERS | SIGNS)


def folded(text: str) -> str:
    """As the search compares: «Región Jönköping» and «region jonkoping» are the same, signs are spaces.

    The triggers that keep the text of the search do the same with the same tables on both engines, and those
    cannot decompose Unicode: hence Latin letters alone. A change of a table changes triggers that are made.
    """
    return text.translate(_TABLE).lower()


def letter_for_letter(text: str) -> str:
    """Small and without accents, and as long as it was: where something is found in it, the text can be quoted."""
    return "".join(_one_for(char) for char in text)


@cache
def _one_for(char: str) -> str:
    known = LETTERS.get(char, "")
    return known[:1] or unicodedata.normalize("NFKD", char.casefold()[:1])[:1] or " "


def plain(text: str) -> str:
    """The words of a name or a subject in any script, without case, accents and signs, one space between them."""
    letters = unicodedata.normalize("NFKD", text.translate(_LETTERS).casefold())
    kept = "".join(char if char.isalnum() else " " for char in letters if not unicodedata.combining(char))
    return " ".join(kept.split())


def without_case(text: str) -> str:
    """As an answer is looked up in a list: case and spaces do not matter, and an å is not an a."""
    return " ".join(typed.cleaned(text).casefold().split())


def sought(typed: str) -> list[str]:
    """The words of a search, each as it is looked for; a sign inside of one, as in CL-27-014, parts nothing.

    One letter alone is no word to look for.
    """
    found = (" ".join(folded(word).split()) for word in typed.split())
    return [word for word in dict.fromkeys(found) if len(word) > 1]


def misspellings(word: str) -> list[list[str]]:
    """What a word may have been meant for, as the parts before and after one letter.

    One letter may be wrong, missing, too much or changed with the next: between two parts stands any
    letter. The word begins where a word begins, which the space in front of it says.
    """
    whole = f" {word}"
    wrong = [[whole[:n], whole[n + 1 :]] for n in range(1, len(whole))]
    missing = [[whole[:n], whole[n:]] for n in range(1, len(whole) + 1)]
    too_much = [[whole[:n] + whole[n + 1 :]] for n in range(1, len(whole))]
    changed = [[whole[:n] + whole[n + 1] + whole[n] + whole[n + 2 :]] for n in range(1, len(whole) - 1)]
    return [*wrong, *missing, *too_much, *changed]
