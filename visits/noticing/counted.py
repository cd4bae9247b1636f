"""How many a text says that they are, in English and Swedish, in figures and in words. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from visits.folding import letter_for_letter
from visits.noticing.quoting import quoted

_ENGLISH: Final = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen"
)
_SWEDISH: Final = "tva tre fyra fem sex sju atta nio tio elva tolv tretton fjorton femton sexton sjutton arton nitton"
_TENS: Final = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
    "tjugo": 20, "trettio": 30, "fyrtio": 40, "femtio": 50, "sextio": 60,
}  # fmt: skip


def _words() -> dict[str, int]:
    """«twelve», «tolv», «twenty-five», «tjugofem»: every number that a group is, as it is written."""
    small = {word: number for names in (_ENGLISH, _SWEDISH) for number, word in enumerate(names.split(), start=2)}
    ones = {"one": 1, "en": 1, "ett": 1} | {word: number for word, number in small.items() if number < 10}
    larger = {f"{ten}{glue}{one}": value + number for ten, value in _TENS.items() for one, number in ones.items()
              for glue in ("", "-", " ")}  # fmt: skip
    return small | _TENS | larger


NUMBERS: Final = _words()
_ONE: Final = rf"(?:\d{{1,3}}(?!\d|[.,]\d)|{'|'.join(sorted(NUMBERS, key=len, reverse=True))})"
_NUMBER: Final = rf"(?P<low>\b{_ONE}\b)(?:\s*(?:-|–|to|till|or|eller)\s*(?P<high>{_ONE})\b)?"
_ABOUT: Final = (
    r"(?:(?P<about>about|around|approximately|roughly|some|up to|at most|almost|nearly|ca\.?|cirka|omkring|ungefar|runt"
    r"|upp till|hogst|nastan)\s+)?"
)
_PEOPLE: Final = (
    r"(?:people|persons|participants|delegates|visitors|guests|attendees|colleagues|professionals|members|nurses|doctors"
    r"|physicians|managers|leaders|students|politicians|staff|personer|deltagare|besokare|gaster|kollegor|medarbetare"
    r"|sjukskoterskor|lakare|chefer|ledare|studenter|politiker|medlemmar)"
)
_ENDS: Final = (
    rf"(?=\s*(?:[.,;:!?)]|$)|\s+(?:of us|in all|in total|altogether|from|who|and|coming|with|totalt|sammanlagt|fran|som"
    rf"|och|st|stycken|med|i)\b|\s+(?:\w+\s+)?{_PEOPLE}\b)"
)
_COMES: Final = (
    r"(?:from (?:our|the)|would|will|want|wish|are coming|plan|hope|coming|travelling|fran (?:var|vart|oss)|vill|kommer"
    r"|onskar|ska|skulle|reser)"
)
_GROUP: Final = r"(?:group|party|delegation|team|grupp|sallskap|delegation)"
_WE_ARE: Final = r"(?:we are|we will be|we would be|there will be|we come as|vi ar|vi blir|vi kommer att vara)"
_WE_BRING: Final = r"(?:we bring|we will bring|we would bring|bringing|vi tar med|vi tar med oss)"
PATTERNS: Final = (
    re.compile(rf"\b{_WE_ARE}\s+(?:a group of\s+|en grupp pa\s+)?{_ABOUT}{_NUMBER}{_ENDS}"),
    re.compile(
        rf"\b(?:our|a|en|var) (?:whole |small |hela |liten )?{_GROUP} (?:of|pa|om|med)\s+{_ABOUT}{_NUMBER}{_ENDS}"
    ),
    re.compile(rf"{_ABOUT}{_NUMBER}\s+(?:of us|av oss)\b"),
    re.compile(rf"{_ABOUT}{_NUMBER}\s+(?:participants|delegates|visitors|attendees|deltagare|besokare|resenarer)\b"),
    re.compile(rf"{_ABOUT}{_NUMBER}\s+(?:\w+\s+)?{_PEOPLE}\s+{_COMES}\b"),
    re.compile(rf"\b{_WE_BRING}\s+{_ABOUT}{_NUMBER}\s+(?:\w+\s+)?{_PEOPLE}\b"),
)
LEAST_SLACK: Final = 2
SLACK: Final = 5  # «about 20» is right for 16 to 24: one in five


@dataclass(frozen=True)
class Counted:
    """How many a text says that they are: from `low` to `high`, or about so many."""

    low: int
    high: int
    is_about: bool
    quote: str

    def agrees_with(self, size: int) -> bool:
        slack = max(self.high // SLACK, LEAST_SLACK) if self.is_about else 0
        return self.low - slack <= size <= self.high + slack


def counted(text: str) -> list[Counted]:
    """Every number of people that the text says are coming, in the order of the text."""
    plain = letter_for_letter(text)
    found = {match.start("low"): match for pattern in PATTERNS for match in pattern.finditer(plain)}
    return [_counted(text, found[start]) for start in sorted(found)]


def contradiction(texts: list[str], size: int) -> Counted | None:
    """What a text says against the number in the form: the largest group told; None when one of them agrees."""
    told = [one for text in texts for one in counted(text)]
    if not told or any(one.agrees_with(size) for one in told):
        return None
    return max(told, key=lambda one: one.high)


def _counted(text: str, match: re.Match[str]) -> Counted:
    low = _number(match["low"])
    high = _number(match["high"]) if match["high"] else low
    return Counted(low, max(low, high), bool(match["about"]), quoted(text, match.start(), match.end()))


def _number(written: str) -> int:
    return int(written) if written.isdigit() else NUMBERS[written]
