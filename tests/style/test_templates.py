"""What every template keeps, whoever writes it: nothing inline, nothing from elsewhere, nothing missing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

ROOT = Path(settings.BASE_DIR)
STATIC = ROOT / "static"
PAGES = [path for path in sorted((ROOT / "templates").rglob("*.html")) if "emails" not in path.parts]
SYMBOLS = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "svg/icons.svg").read_text()))


def _text(path: Path) -> str:
    """The template without its comments."""
    return re.sub(r"\{% comment %\}.*?\{% endcomment %\}|\{#.*?#\}", "", path.read_text(), flags=re.DOTALL)


TEXTS = {str(path.relative_to(ROOT / "templates")): _text(path) for path in PAGES}
BLOCKED = {
    "style element": r"<style\b",
    "style attribute": r"\sstyle\s*=",
    "event attribute": r"\son[a-z]+\s*=\s*[\"']",
    "address with code or data": r"(?:href|src)\s*=\s*[\"'](?:data|javascript):",
    "script in the page": r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>",
}
ELSEWHERE = r"<(?:script|link|img|iframe)[^>]+(?:src|href)=\"(?:https?:)?//[^\"]*\""


def test_there_are_pages_to_look_at():
    assert len(TEXTS) > 60


@pytest.mark.parametrize("what", BLOCKED)
def test_no_page_has_anything_inline_that_our_policy_would_block(what):
    written = {page: re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.DOTALL) for page, text in TEXTS.items()}

    assert [page for page, text in written.items() if re.search(BLOCKED[what], text)] == []


def test_no_page_loads_anything_from_another_place():
    assert [page for page, text in TEXTS.items() if re.search(ELSEWHERE, text)] == []


def test_every_file_that_a_page_names_exists():
    named = [(page, name) for page, text in TEXTS.items() for name in re.findall(r"\{% static [\"']([^\"']+)", text)]

    assert [(page, name) for page, name in named if finders.find(name) is None] == []


def test_every_icon_that_a_page_names_is_drawn():
    named = [
        (page, name) for page, text in TEXTS.items() for name in re.findall(r"\{% (?:icon|sprite) [\"']([^\"']+)", text)
    ]

    assert [(page, name) for page, name in named if name not in SYMBOLS] == []


def test_every_form_that_posts_carries_its_token():
    posting = re.compile(r"<form\b[^>]*method=\"post\".*?</form>", flags=re.DOTALL | re.IGNORECASE)
    forms = [(page, form) for page, text in TEXTS.items() for form in posting.findall(text)]

    assert [(page, form[:80]) for page, form in forms if "csrf_token" not in form and "{% include" not in form] == []
