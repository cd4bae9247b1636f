"""Whether two organisations may be the same: pure, and never more than a hint for somebody who knows."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from django.utils.translation import gettext as _

from visits.folding import plain
from visits.likeness import COMMON, own_words

ALIKE: Final = 0.82


@dataclass(frozen=True)
class Likeness:
    """How alike two are, from 0 to 1, and the reasons in words."""

    share: float
    reasons: list[str]


def telling_words(name: str) -> list[str]:
    """The longest words by which a name may be found, written as they are in it: the database does not fold them."""
    found = [word for word in re.findall(r"\w+", name) if len(word) > 3]
    telling = [word for word in found if plain(word) not in COMMON]
    return sorted(telling or found, key=len, reverse=True)[:3]


def likeness(
    name: str, other: str, *, towns: tuple[str, str] = ("", ""), domains: Collection[str] = (), same_country: bool
) -> Likeness | None:
    """How alike two organisations are; None when there is no reason to ask. `domains` are those that both use."""
    share = SequenceMatcher(None, " ".join(own_words(name)), " ".join(own_words(other))).ratio()
    reasons = []
    if plain(name) == plain(other):
        reasons.append(_("The names differ in signs alone."))
    elif share >= ALIKE:
        reasons.append(_("The names are nearly the same."))
    elif _one_in_the_other(name, other) or _same_telling_word(name, other):
        share = max(share, ALIKE)
        reasons.append(_("They share the words that tell them from others."))
    reasons += [_("Both write from %(domain)s.") % {"domain": domain} for domain in sorted(domains)[:1]]
    if reasons and all(towns) and plain(towns[0]) == plain(towns[1]):
        reasons.append(_("Both are in %(town)s.") % {"town": towns[0]})
    if reasons and not same_country and not domains:
        return None
    return Likeness(share, reasons) if reasons else None


def _same_telling_word(name: str, other: str) -> bool:
    """Whether the longest word that tells one from others stands in the other too."""
    longest = telling_words(name)[:1]
    return bool(longest) and len(longest[0]) > 6 and plain(longest[0]) in plain(other).split()


def _one_in_the_other(name: str, other: str) -> bool:
    short, long = sorted((plain(name).split(), plain(other).split()), key=len)
    return len(short) > 1 and set(short) < set(long) and not set(short) <= COMMON
