"""The portal's own words in the language of the person of a story."""

from __future__ import annotations

import re

from django.utils import translation
from django.utils.translation import gettext


def said(language: str, words: str, **values: object) -> str:
    """What the portal says for `words` in a language; a story that names a missing sentence fails."""
    with translation.override(language):
        told = gettext(words)
    assert language == "en" or told != words, f"«{words}» has no Swedish"
    return told % values if values else told


def begins(language: str, words: str) -> re.Pattern[str]:
    """For what begins with the portal's words and goes on with something else."""
    return re.compile(rf"^\s*{re.escape(said(language, words))}")
