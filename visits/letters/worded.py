"""Reminders in the words that staff have written: blanks are filled in, and nothing else happens to them.

What is written is never a template: a blank is a name from a short list, and what is put in for it is
fenced like everything that people have typed. Words that cannot be filled in are a mail that cannot be
written, which is held and shown at the desk while the others go.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from django.utils.translation import get_language

from visits import blanks, ladder
from visits.letters.letter import Block, Paragraph, Run, cut, fenced
from visits.models import Message, ReminderRung
from visits.text import single_line

_STRONG: Final = re.compile(r"\*([^*]+)\*")

Facts = Mapping[str, object]
Parts = Mapping[str, Sequence[Block]]


class CannotBeFilled(Exception):
    """The words have a blank for which there is nothing; the text says which, to staff."""


def worded(message: Message, facts: Facts, parts: Parts | None = None) -> tuple[str, list[Block]]:
    """The subject and the blocks of a reminder, in the language that is on. One query.

    Raises CannotBeFilled for words that the admin would refuse.
    """
    return words_of(ladder.rung(_slug_of(message), message.kind), facts, parts or {})


def _slug_of(message: Message) -> str:
    """Which rung a mail is of. What was asked after a visit before there were rungs of it says on which day."""
    data = message.data
    return str(data["rung"] if "rung" in data else f"{message.kind}-{data['step']}" if "step" in data else "")


def words_of(rung: ReminderRung, facts: Facts, parts: Parts) -> tuple[str, list[Block]]:
    """The same for a rung, stored or only typed."""
    if wrong := rung.wrong_words():
        raise CannotBeFilled(" ".join(str(sentence) for sentence in wrong.values()))
    language = get_language() or "en"
    told = {name: single_line(str(value)) for name, value in facts.items()}
    subject = _filled(rung.subject_in(language), {name: fenced(cut(value)) for name, value in told.items()})
    lines = [single_line(line) for line in rung.text_in(language).splitlines()]
    blocks: list[Block] = []
    for line in filter(None, lines):
        blocks += parts[line[1:-1]] if line[1:-1] in parts else [_paragraph(line, told)]
    return single_line(subject), blocks


def _paragraph(line: str, told: Mapping[str, str]) -> Paragraph:
    # Split before it is filled in: a star in what somebody has typed makes nothing bold.
    safe = {name: fenced(value) for name, value in told.items()}
    split = enumerate(_STRONG.split(line))
    return Paragraph(tuple(Run(_filled(part, safe), strong=bool(number % 2)) for number, part in split if part))


def _filled(words: str, told: Mapping[str, str]) -> str:
    lacking = blanks.blanks_in(words) - told.keys()
    if lacking:
        raise CannotBeFilled(f"{{{min(lacking)}}}")
    return blanks.fill(words, told)
