"""Words in English and Swedish by which somebody who reads with care becomes attentive. Pure.

A clue is a question to a human, so each is told with the words that gave it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from visits import text as typed
from visits.choices import FlagKind, Gift, OrganisationKind
from visits.folding import letter_for_letter
from visits.likeness import tokens
from visits.noticing.asked import Asked, Found
from visits.noticing.phrases import (
    FELLOWSHIP,
    LEADERSHIP,
    MINORS,
    NOTHING,
    PRESS,
    PRESS_NAME,
    SALES,
    SALES_ROLE,
    SPAM,
    TO_LEARN,
)
from visits.noticing.quoting import quoted

K = FlagKind


COMPANY: Final = re.compile(r"\b(?:ab|ltd|inc|gmbh|llc|oy|a/s|s\.?r\.?l|b\.?v)\.?$")
LINK: Final = re.compile(r"(?:https?://|www\.)\S+")
FEW_WORDS: Final = 3  # besides the phrase: less is no gift
A_SENTENCE: Final = 12  # words, of which one phrase about learning may be one part
MANY_LINKS: Final = 2


def clues(asked: Asked) -> Iterator[Found]:
    """Everything that the words of a request give rise to ask about."""
    yield from _quoted(K.MINORS, MINORS, asked.purpose)
    yield from _press(asked)
    yield from _sales(asked)
    yield from _programme(asked)
    yield from _spam(asked)
    yield from _nothing(asked)


def _quoted(kind: FlagKind, clue: re.Pattern[str], texts: Iterable[str]) -> Iterator[Found]:
    """The first of the texts that holds the clue, with the words around it."""
    quote = _first(clue, texts)
    if quote:
        yield Found(kind, detail={"quote": quote})


def _first(clue: re.Pattern[str], texts: Iterable[str]) -> str:
    for one in texts:
        match = clue.search(letter_for_letter(one))
        if match:
            return quoted(one, match.start(), match.end())
    return ""


def _press(asked: Asked) -> Iterator[Found]:
    quote = _first(PRESS, [*asked.purpose, asked.contact_role]) or _first(PRESS_NAME, [asked.organisation_name])
    if quote:
        yield Found(K.PRESS, detail={"quote": quote})


def _sales(asked: Asked) -> Iterator[Found]:
    is_company = asked.organisation_kind == OrganisationKind.OTHER and bool(
        COMPANY.search(letter_for_letter(asked.organisation_name))
    )
    quote = _first(SALES, [*asked.purpose, asked.brings]) or _first(SALES_ROLE, [asked.contact_role])
    if quote or is_company:
        yield Found(K.COMMERCIAL, detail={"quote": quote or asked.organisation_name})


def _programme(asked: Asked) -> Iterator[Found]:
    if asked.programmes:
        yield Found(K.PROGRAMME, detail={"chosen": list(asked.programmes)})
        return
    fellowship = _first(FELLOWSHIP, asked.purpose)
    quote = fellowship or _first(LEADERSHIP, asked.purpose)
    if quote:
        yield Found(K.PROGRAMME, detail={"quote": quote, "fellowship": bool(fellowship)})


def _spam(asked: Asked) -> Iterator[Found]:
    texts = [*asked.purpose, asked.brings, asked.organisation_name, asked.contact_name]
    links = sum(len(LINK.findall(one)) for one in texts)
    mixed = next((word for one in texts for word in one.split() if typed.mixes_scripts(word)), "")
    if mixed:
        yield Found(K.SPAM, detail={"why": "alphabets", "quote": mixed[:60]})
    elif links >= MANY_LINKS or LINK.search(asked.organisation_name) or LINK.search(asked.contact_name):
        yield Found(K.SPAM, detail={"why": "links", "count": links})
    elif quote := _first(SPAM, texts):
        yield Found(K.SPAM, detail={"why": "words", "quote": quote})


def _nothing(asked: Asked) -> Iterator[Found]:
    how = brings_nothing(asked.brings, asked.gifts)
    if how:
        yield Found(K.NOTHING, detail={"how": how, "quote": quoted(asked.brings, 0, 0, room=120).removesuffix(" …")})


def brings_nothing(brings: str, gifts: Iterable[str] = ()) -> str:
    """«nothing» or «learn» where what somebody brings is no more than that; empty for everything else."""
    plain = " ".join(letter_for_letter(brings).split())
    if _rest(NOTHING, plain) < FEW_WORDS and (NOTHING.search(plain) or len(tokens(plain)) < 2):
        return "nothing"
    if TO_LEARN.search(plain) and len(plain.split()) <= A_SENTENCE:
        return "learn"
    undecided = set(gifts) == {Gift.UNKNOWN}
    return "nothing" if undecided and len(plain.split()) < A_SENTENCE // 2 else ""


def _rest(clue: re.Pattern[str], plain: str) -> int:
    """How many words are left when the phrases are taken away."""
    return len(tokens(clue.sub(" ", plain)))
