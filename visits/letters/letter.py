"""What a letter is made of, before it is text or HTML.

What people have typed is data: it never becomes a template, a tag or a link. `say` splits
the sentence first and fills in the values afterwards, and values are fenced.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from visits.choices import Turn
from visits.text import single_line

LONGEST_IN_TITLE: Final = 60
WORD_JOINER: Final = "\u2060"
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"
# Where an address begins to look like one: before «://», «.org», «@», and after «mailto».
_LINK_LIKE: Final = re.compile(r"(?<=\w)(?=://|\.[^\W\d_]{2}|@)|(?<=\bmailto)(?=:)", re.IGNORECASE)
_STRONG: Final = re.compile(r"\*([^*]+)\*")


class Whose(Enum):
    """The turn as the receiver of a letter reads it, and its colour in the HTML part."""

    YOURS = "yours"
    OURS = "ours"
    TOGETHER = "together"
    NOBODY = "nobody"

    @classmethod
    def of(cls, turn: Turn) -> Whose:
        """Whose turn it is, said to the visitor."""
        return {
            Turn.VISITOR: cls.YOURS,
            Turn.OURS: cls.OURS,
            Turn.TOGETHER: cls.TOGETHER,
            Turn.NOBODY: cls.NOBODY,
        }[turn]

    def words(self, *, to_one: bool) -> str:
        """What the first line says. Languages differ where one person or a group is spoken to."""
        match self:
            case Whose.YOURS:
                return pgettext("to one person", "It is your turn") if to_one else _("It is your turn")
            case Whose.OURS:
                return _("It is our turn")
            case Whose.TOGETHER:
                return _("Together")
            case Whose.NOBODY:
                return _("Nothing for you to do")


@dataclass(frozen=True)
class Run:
    """A stretch of a paragraph, plain or strong."""

    text: str
    strong: bool = False


@dataclass(frozen=True)
class Paragraph:
    runs: tuple[Run, ...]
    kind: str = "paragraph"

    def __str__(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True)
class Quote:
    """What somebody has written, word for word."""

    text: str
    kind: str = "quote"


@dataclass(frozen=True)
class Facts:
    """Rows of a name and what it is: when, where, who."""

    rows: tuple[tuple[str, str], ...]
    kind: str = "facts"


@dataclass(frozen=True)
class Links:
    """Addresses of ours, each with its words."""

    rows: tuple[tuple[str, str], ...]
    kind: str = "links"


Block = Paragraph | Quote | Facts | Links


@dataclass(frozen=True)
class Button:
    words: str
    url: str


@dataclass(frozen=True)
class Attachment:
    name: str
    content: bytes
    kind: str


@dataclass(frozen=True)
class Letter:
    """One mail to one person. `why` says at its foot why they get it."""

    whose: Whose
    subject: str
    blocks: Sequence[Block]
    button: Button | None
    greeting: str
    sign: Sequence[str]
    why: str
    to_one: bool = False
    reply_to: str = ""
    attachments: Sequence[Attachment] = field(default=())

    @property
    def turn(self) -> str:
        """The first line."""
        return self.whose.words(to_one=self.to_one)

    @property
    def preheader(self) -> str:
        """What a list of mails shows after the subject: the turn, and the first sentence."""
        first = next((str(block) for block in self.blocks if isinstance(block, Paragraph)), "")
        return f"{self.turn}. {first}" if first else self.turn


def say(sentence: str, **values: object) -> Paragraph:
    """A paragraph. «%(name)s» is filled in with a fenced value, *…* is strong."""
    runs = []
    for number, part in enumerate(_STRONG.split(sentence)):
        if part:
            runs.append(Run(part % _fenced_all(values) if values else part, strong=bool(number % 2)))
    return Paragraph(tuple(runs))


def title(sentence: str, **values: object) -> str:
    """The sentence on one line; what is filled in is cut before it hides the rest."""
    return single_line(sentence % {name: fenced(cut(single_line(str(value)))) for name, value in values.items()})


def cut(text: str) -> str:
    """A value of a subject, so short that it does not hide the rest."""
    return text if len(text) <= LONGEST_IN_TITLE else f"{text[: LONGEST_IN_TITLE - 1].rstrip()}…"


def facts(*rows: tuple[str, object]) -> Facts:
    """The rows that have something to say; what they say is fenced."""
    return Facts(tuple((name, fenced(single_line(str(value)))) for name, value in rows if value))


def quote(text: str) -> Quote:
    """What a visitor has written; its addresses are not links for whoever reads it in a mail."""
    return Quote(fenced(text))


def our_words(text: str) -> Quote:
    """What one of us has written, quoted; addresses in it may be followed."""
    return Quote(text)


def in_our_voice(text: str) -> list[Paragraph]:
    """What one of us has written as the letter's own words."""
    lines = (single_line(line) for line in text.splitlines())
    return [Paragraph((Run(line),)) for line in lines if line]


def fenced(text: str) -> str:
    """The text as it reads, but no mail program makes a link of anything in it.

    An invisible word joiner stands where an address would begin to look like one. Text that
    runs from right to left is isolated, so that it does not turn its neighbours round.
    """
    unlinked = _LINK_LIKE.sub(WORD_JOINER, text)
    return f"{_ISOLATE}{unlinked}{_END_ISOLATE}" if _runs_left(unlinked) else unlinked


def _fenced_all(values: dict[str, object]) -> dict[str, str]:
    return {name: fenced(single_line(str(value))) for name, value in values.items()}


def _runs_left(text: str) -> bool:
    return any(unicodedata.bidirectional(char) in {"R", "AL", "AN"} for char in text)
