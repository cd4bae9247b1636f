"""What every template keeps, whoever writes it: nothing inline, nothing from elsewhere, nothing missing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
STATIC = ROOT / "static"
PAGES = [path for path in sorted((ROOT / "templates").rglob("*.html")) if "emails" not in path.parts]
SYMBOLS = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "svg/icons.svg").read_text()))


def _named(path: Path) -> str:
    return str(path.relative_to(ROOT / "templates"))


def _text(path: Path) -> str:
    """The template without its comments."""
    return re.sub(r"\{% comment %\}.*?\{% endcomment %\}|\{#.*?#\}", "", path.read_text(), flags=re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=_named)
def test_a_page_has_nothing_inline_that_our_policy_would_block(page):
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", _text(page), flags=re.DOTALL)

    assert re.findall(r"<style\b", text) == []
    assert re.findall(r"\sstyle\s*=", text) == []
    assert re.findall(r"\son[a-z]+\s*=\s*[\"']", text) == []
    assert re.findall(r"(?:href|src)\s*=\s*[\"'](?:data|javascript):", text) == []
    assert re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>", text) == []


@pytest.mark.parametrize("page", PAGES, ids=_named)
def test_a_page_loads_nothing_from_another_place(page):
    assert re.findall(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=\"(?:https?:)?//[^\"]*\"", _text(page)) == []


@pytest.mark.parametrize("page", PAGES, ids=_named)
def test_every_file_that_a_page_names_exists(page):
    named = re.findall(r"\{% static [\"']([^\"']+)[\"'] %\}", _text(page))
    ours = [name for name in named if not name.startswith(("mfa/", "account/", "admin/", "django_htmx"))]

    assert [name for name in ours if not (STATIC / name).is_file()] == []


@pytest.mark.parametrize("page", PAGES, ids=_named)
def test_every_icon_that_a_page_names_is_drawn(page):
    named = set(re.findall(r"\{% (?:icon|sprite) [\"']([^\"']+)[\"']", _text(page)))

    assert named - SYMBOLS == set()


@pytest.mark.parametrize("page", PAGES, ids=_named)
def test_a_form_that_posts_carries_its_token(page):
    forms = re.findall(r"<form\b[^>]*method=\"post\".*?</form>", _text(page), flags=re.DOTALL | re.IGNORECASE)

    assert [form[:80] for form in forms if "csrf_token" not in form and "{% include" not in form] == []
