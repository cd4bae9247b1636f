"""Papers: tagged, in a language, with our own letters, and made of our own files alone."""

from __future__ import annotations

import io
import logging
import re
from pathlib import Path

import pytest
from django.conf import settings
from pypdf import PdfReader

from visits.documents import press

A4 = (595, 842)
PAGE = """{% extends "print/base.html" %}
{% block title %}{{ title }}{% endblock %}{% block heading %}{{ title }}{% endblock %}
{% block main %}{{ text }}{% endblock %}"""


@pytest.fixture
def template(tmp_path: Path, settings) -> str:
    (tmp_path / "paper.html").write_text(PAGE)
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], tmp_path]}]
    return "paper.html"


def printed(template: str, *, language: str = "en", **words: str) -> PdfReader:
    return PdfReader(io.BytesIO(press.pdf(template, {"title": "A title", "text": "Words", **words}, language=language)))


def text_of(paper: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in paper.pages)


@pytest.mark.usefixtures("pango")
@pytest.mark.parametrize("language", ["en", "sv"])
def test_a_paper_says_its_title_and_language_and_has_a_structure_to_read_aloud(template, language):
    paper = printed(template, language=language, title="Program för Älmhult & Łódź")

    root = paper.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]["/K"]
    assert root["/Lang"] == language
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert paper.metadata.title == "Program för Älmhult & Łódź"
    assert "pdfuaid:part" in root["/Metadata"].get_data().decode()
    assert "Program för Älmhult & Łódź" in text_of(paper)


@pytest.mark.usefixtures("pango")
def test_a_paper_is_a4_and_carries_its_own_letters(template):
    paper = printed(template, text="0123 Łódź")

    page = paper.pages[0]
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    assert tuple(round(float(side)) for side in page.mediabox[2:]) == A4
    assert {str(font["/BaseFont"]).split("+")[1].split("-")[0] for font in fonts} >= {"Digits", "Atkinson", "Bricolage"}
    assert all("/FontFile2" in font["/DescendantFonts"][0]["/FontDescriptor"] for font in fonts)


@pytest.mark.usefixtures("pango")
@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "&" * 300,
        "&lt;b&gt; &amp; {{ 7|add:7 }}",
        "السلام عليكم Tayford",
        "👩‍⚕️ nurse",
        "x\u00a0y",
    ],
)
def test_what_people_type_is_printed_as_they_typed_it(template, text):
    paper = printed(template, text=text, title=text)

    letters = text_of(paper).replace("\n", "")
    wanted = {char for char in text if char.isascii() and not char.isspace()}
    assert paper.metadata.title == text
    assert wanted <= set(letters)
    assert text.isascii() is False or text.replace(" ", "") in letters.replace(" ", "")


@pytest.mark.usefixtures("pango")
def test_a_word_of_five_thousand_letters_is_broken_and_stays_on_the_page(template):
    paper = printed(template, text="w" * 5000)

    assert text_of(paper).count("w") == 5000


@pytest.mark.usefixtures("pango")
def test_an_address_in_a_paper_is_not_fetched(template, tmp_path, settings, monkeypatch, caplog):
    (tmp_path / "spy.html").write_text(
        '{% extends "print/base.html" %}{% block main %}<img alt="x" src="http://127.0.0.1:9/x.png">'
        '<img alt="y" src="file:///etc/passwd"><img alt="z" src="/static/../manage.py">{% endblock %}'
    )
    monkeypatch.setattr(logging.getLogger("weasyprint"), "propagate", True)

    press.pdf("spy.html", {}, language="en")

    assert len([line for line in caplog.messages if "Only our own static files" in line]) == 3


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/x.png",
        "file:///etc/passwd",
        "data:,x",
        "http://testserver/my/",
        "http://testserver/static/../manage.py",
    ],
)
def test_only_a_static_file_of_ours_is_handed_to_a_paper(url):
    with pytest.raises(ValueError, match="Only our own static files"):
        press.static_file(url)


def test_a_static_file_is_found_where_it_is_written():
    found = press.static_file(f"{settings.SITE_URL}/static/css/print.css")

    assert found == settings.BASE_DIR / "static/css/print.css"


def test_a_machine_without_pango_says_what_to_do_instead(template, monkeypatch):
    press._found.cache_clear()
    monkeypatch.setattr(press, "LIBRARY", "a_library_that_is_not_installed")
    try:
        with pytest.raises(press.NoPress, match="Print the page from your browser instead"):
            press.pdf(template, {}, language="en")
        assert not press.is_ready()
    finally:
        press._found.cache_clear()


def test_every_stack_of_typefaces_on_paper_ends_with_whatever_the_machine_has():
    rules = (settings.BASE_DIR / "static/css/print.css").read_text().splitlines()
    own = [rule for rule in rules if not rule.startswith("@font-face")]

    stacks = re.findall(r'font(?:-family)?:([^;}]*"[^;}]*)', "\n".join(own))

    assert stacks != []
    assert [stack for stack in stacks if not stack.endswith('"DejaVu Sans",sans-serif')] == []
