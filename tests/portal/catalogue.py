"""The Swedish catalogue as the tests read it, and the words that stand on a page."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from django.conf import settings

SWEDISH = Path(settings.BASE_DIR) / "locale" / "sv" / "LC_MESSAGES" / "django.po"
LINE = re.compile(r'^(?:(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?) )?(".*")$')
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}")
ONE, TWO, AFTER_CONTEXT = slice(0, 1), slice(0, 2), slice(1, 2)
MARKS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), ONE),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), TWO),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), AFTER_CONTEXT),
}
READ_ALOUD = {"aria-label", "title", "alt", "placeholder"}


@dataclass
class Entry:
    """One string of the code with its translations."""

    parts: dict[str, str] = field(default_factory=dict)
    is_fuzzy: bool = False

    @property
    def msgid(self) -> str:
        return self.parts.get("msgid", "")

    @property
    def originals(self) -> list[str]:
        return [self.parts[name] for name in ("msgid", "msgid_plural") if name in self.parts]

    @property
    def translations(self) -> list[str]:
        return [words for name, words in self.parts.items() if name.startswith("msgstr")]


def entries() -> list[Entry]:
    """Everything in the catalogue but its header."""
    found = [_entry(block) for block in SWEDISH.read_text(encoding="utf-8").split("\n\n")]
    return [entry for entry in found if entry.msgid]


def _entry(block: str) -> Entry:
    entry, name = Entry(), ""
    for line in block.splitlines():
        if line.startswith("#,") and "fuzzy" in line:
            entry.is_fuzzy = True
        if match := LINE.match(line):
            name = match[1] or name
            entry.parts[name] = entry.parts.get(name, "") + ast.literal_eval(match[2])
    return entry


def translated(source: str) -> set[str]:
    """What a module hands to gettext, also within f-strings, where the tools that collect strings find nothing."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    named = [(call, call.func.id) for call in calls if isinstance(call.func, ast.Name)]
    words = [argument for call, name in named if name in MARKS for argument in call.args[MARKS[name]]]
    return {word.value for word in words if isinstance(word, ast.Constant) and isinstance(word.value, str)}


def placeholders(words: str) -> set[str]:
    return set(PLACEHOLDER.findall(words))


class _Words(HTMLParser):
    """Every piece of text of a page, and what is read aloud without being seen."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.silent = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "style"} or (tag != "html" and dict(attributes).get("lang") == "en"):
            self.silent = tag
        self.pieces += [value for name, value in attributes if name in READ_ALOUD and value]

    def handle_endtag(self, tag: str) -> None:
        if tag == self.silent:
            self.silent = ""

    def handle_data(self, data: str) -> None:
        if data.strip() and not self.silent:
            self.pieces.append(" ".join(data.split()))


def words_on(page: str) -> list[str]:
    reader = _Words()
    reader.feed(page)
    return reader.pieces
