"""Words with blanks that are filled in: «Dear {name}». Pure; nothing that is written here is ever run as a template.

A blank is one of `BLANKS` in single braces. What is put in is never looked at again for blanks.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

BLANKS: Final[dict[str, Promise]] = {
    "name": gettext_lazy("the guest’s first name"),
    "organisation": gettext_lazy("their organisation"),
    "reference": gettext_lazy("the number of the visit"),
    "days": gettext_lazy("the days of the visit; before a programme is sent, those that they wish for most"),
    "people": gettext_lazy("how many they are"),
    "host": gettext_lazy("who of us has the request"),
}
_BLANK: Final = re.compile(r"\{([a-z]+)\}")
_TAG: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|\{\{|\}\}|\{%|%\}", re.DOTALL)
_PERCENT: Final = re.compile(r"%\([^)]*\)[a-z]?|%[a-z]\b")
_ANY_BRACES: Final = re.compile(r"\{[^{}]*\}|[{}]")
SHOWN: Final = 40  # letters of what is wrong


def blanks_in(text: str) -> frozenset[str]:
    """The blanks that a text has, the known and the unknown."""
    return frozenset(_BLANK.findall(text))


def wrong_in(text: str, names: Collection[str] = BLANKS.keys()) -> str:
    """What in a text would be sent as it stands and not be filled in, in a sentence; or nothing.

    `names` are the blanks that there is something for.
    """
    known = ", ".join(f"{{{name}}}" for name in names)
    if tag := _TAG.search(text):
        sentence = _("“%(wrong)s” is not filled in here. Write single braces around one of these: %(known)s.")
        return sentence % {"wrong": _short(tag[0]), "known": known}
    if percent := _PERCENT.search(text):
        sentence = _("“%(wrong)s” is not filled in here. Write one of these where a fact is to stand: %(known)s.")
        return sentence % {"wrong": _short(percent[0]), "known": known}
    for braces in _ANY_BRACES.findall(text):
        if braces[1:-1] not in names:
            sentence = _("“%(wrong)s” is not known, so it would be sent as it stands. Write one of these: %(known)s.")
            return sentence % {"wrong": _short(braces), "known": known}
    return ""


def fill(text: str, facts: Mapping[str, str]) -> str:
    """The text with each blank that there is a fact for filled in; everything else stays as it stands."""
    return _BLANK.sub(lambda blank: facts.get(blank[1], blank[0]), text)


def _short(wrong: str) -> str:
    return wrong if len(wrong) <= SHOWN else wrong[: SHOWN - 1] + "…"
