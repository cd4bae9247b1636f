"""The style sheets keep their promises: contrast, dark without a script, nothing from elsewhere."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

STATIC = Path(settings.BASE_DIR) / "static"
PORTAL = (STATIC / "css/portal.css").read_text()
SHEETS = sorted(STATIC.rglob("*.css"))
TEXT, MARK = 4.5, 3.0

ON_PAGES = "bg surface sunken"
TEXT_PAIRS = {
    "ink": "bg surface sunken host-tint guest-tint host-wash guest-wash warn-tint info-tint bad-tint",
    "ink-2": "bg surface sunken host-wash guest-wash host-tint warn-tint guest-tint bad-tint",
    "ink-3": "bg surface sunken guest-wash host-wash",
    "link": "bg surface guest-tint host-tint host-wash warn-tint bad-tint",
    "on-primary": "primary primary-hover host",
    "on-guest": "guest",
    "host": "host-tint",
    "guest-ink": "bg guest-tint surface guest-wash",
    "on-deep": "deep deep-2",
    "on-deep-2": "deep",
    "guest": "deep deep-2",
    "ok": "ok-tint bg host-wash",
    "info": "info-tint bg",
    "warn": "warn-tint",
    "bad": "bad-tint surface bg",
    "bg": "ink",
    "on-p": "p-green p-blue p-red p-black p-fellow",
}
MARK_PAIRS = {
    "control": "surface bg sunken bad-tint host-wash",
    "guest-line": "surface bg guest-tint guest-wash",
    "host": "surface bg host-tint",
    "focus": "bg surface guest-tint",
    "focus-halo": "deep focus",
    "ok": "surface",
    "info": "surface",
    "warn": "surface",
    "bad": "surface",
    "p-green": "bg",
    "p-black": "bg",
}


def _tokens(block: str) -> dict[str, str]:
    found = re.search(re.escape(block) + r"\{(.*?)\}", PORTAL, re.DOTALL)
    assert found, block
    return dict(re.findall(r"--([a-z0-9-]+):(#[0-9A-Fa-f]{3,6})", found[1]))


LIGHT = _tokens(":root,[data-bs-theme=light]")
DARK = LIGHT | _tokens("[data-bs-theme=dark]")
DEVICE = LIGHT | _tokens("@media (prefers-color-scheme:dark){:root:where(:not([data-bs-theme]))")


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)
    channels = (int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _pairs():
    for need, table in ((TEXT, TEXT_PAIRS), (MARK, MARK_PAIRS)):
        for front, backs in table.items():
            for back in backs.split():
                yield front, back, need


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_every_pair_of_colours_that_we_use_can_be_told_apart(tokens):
    measured = [(front, back, need, _contrast(tokens[front], tokens[back])) for front, back, need in _pairs()]

    assert [pair for pair in measured if pair[3] < pair[2]] == []


def test_a_device_that_prefers_dark_gets_the_same_colours_as_a_reader_who_chose_dark():
    assert DEVICE == DARK


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_every_dark_rule_has_its_copy_for_the_device(sheet):
    css = sheet.read_text()

    chosen = re.findall(r"\[data-bs-theme=dark\][^{}]*\{", css)
    copies = re.findall(r"@media \(prefers-color-scheme:dark\)\{:root:where\(:not\(\[data-bs-theme\]\)\)", css)

    assert len(copies) == len(chosen)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_a_style_sheet_takes_its_pictures_and_letters_from_our_own_files(sheet):
    named = re.findall(r"url\(['\"]?([^)'\"]+)", sheet.read_text())

    assert [name for name in named if not (sheet.parent / name).is_file()] == []


def test_what_was_drawn_by_others_has_its_licence_beside_it():
    folders = {path.parent for path in (STATIC / "vendor").rglob("*") if path.suffix in {".css", ".js", ".woff2"}}

    assert [folder for folder in folders if not any("LICENSE" in path.name for path in folder.iterdir())] == []


def test_of_bootstrap_there_is_what_we_use_and_nothing_else():
    used = [sys.executable, "tools/static_css.py", "used", "tools/bootstrap.css"]

    made = subprocess.run(used, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True).stdout

    kept = (STATIC / "vendor/bootstrap-5.3.9/bootstrap.css").read_text()
    assert made == kept, "Run: python tools/static_css.py used tools/bootstrap.css > static/vendor/…/bootstrap.css"


def test_the_style_of_a_public_page_weighs_little():
    sheets = ["vendor/bootstrap-5.3.9/bootstrap.css", "vendor/fonts/fonts.css", "css/portal.css"]

    weight = sum(len(gzip.compress((STATIC / sheet).read_bytes())) for sheet in sheets)

    assert weight < 24_000


def test_the_script_of_a_public_page_weighs_little():
    assert (STATIC / "js/portal.js").stat().st_size < 6_000


@pytest.mark.django_db
def test_the_first_page_of_a_request_weighs_little_as_a_whole(client):
    page = client.get("/visit/new/", follow=True).content
    html = page.decode()
    named = re.findall(r'(?:href|src)="/static/([^"#]+\.(?:css|js|svg))', html)

    files = {name for name in named if not name.startswith("admin/")}
    weight = len(gzip.compress(page)) + sum(len(gzip.compress((STATIC / name).read_bytes())) for name in files)

    assert "Who are you?" in html
    assert weight < 40_000
