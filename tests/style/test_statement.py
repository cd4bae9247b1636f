"""The accessibility statement is data: changed in a file, in both languages, without a programmer."""

from __future__ import annotations

import os
from datetime import date

import pytest

from visits import statement
from visits.statement import DEFAULT, Degree, Mistake

OURS = DEFAULT.read_text(encoding="utf-8")
BURDEN = '\n[[burdens]]\nen = "Old films have no captions."\nsv = "Gamla filmer har ingen text."\n'


@pytest.fixture
def own_file(tmp_path, settings):
    """A statement of the house's own, beside the portal."""
    file = tmp_path / "statement.toml"
    file.write_text(OURS, encoding="utf-8")
    settings.ACCESSIBILITY_STATEMENT = str(file)
    return file


def _change(file, text: str) -> None:
    before = file.stat().st_mtime_ns
    file.write_text(text, encoding="utf-8")
    os.utime(file, ns=(before + 10**9, before + 10**9))


def test_a_changed_file_is_on_the_page_with_the_next_view_in_both_languages(client, own_file, db):
    client.get("/accessibility/")
    _change(own_file, OURS.replace("updated_on = 2026-11-22", "updated_on = 2027-02-03") + BURDEN)

    english, swedish = (client.get(f"{prefix}/accessibility/").content.decode() for prefix in ("", "/sv"))

    assert "3 February 2027" in english
    assert "Old films have no captions." in english
    assert "3 februari 2027" in swedish
    assert "Gamla filmer har ingen text." in swedish


def test_the_page_says_every_part_that_the_file_holds(client, db):
    told = statement.current()

    english, swedish = (client.get(f"{prefix}/accessibility/").content.decode() for prefix in ("", "/sv"))

    words = [told.authority, told.service, told.method]
    words += [part for one in told.shortcomings for part in (one.what, one.why, one.instead)]
    assert [one.en for one in words if one.en not in english] == []
    assert [one.sv for one in words if one.sv not in swedish] == []
    assert told.report_to in english


@pytest.mark.parametrize(
    ("degree", "sentence"),
    [("fully", "The site meets the law"), ("partly", "in part"), ("not", "does not meet the law")],
)
def test_the_degree_is_said_in_words(client, own_file, db, degree, sentence):
    _change(own_file, OURS.replace('degree = "partly"', f'degree = "{degree}"'))

    assert sentence in client.get("/accessibility/").content.decode()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("authority =", "authoriti =", "'authority' is missing"),
        ('degree = "partly"', 'degree = "mostly"', "mostly"),
        ("assessed_on = 2026-11-22", 'assessed_on = "last week"', "assessed_on needs a day"),
        ("https://www.digg.se", "www.digg.se", "begins with https://"),
        ('sv = "Portalen är ny." }', 'sv = "" }', "why needs its words in English"),
        ("[method]", "[method", "Expected"),
    ],
)
def test_a_mistake_in_the_file_is_told_and_the_page_stands(client, own_file, db, caplog, old, new, told):
    assert old in OURS
    with pytest.raises(Mistake, match=told):
        statement.read(OURS.replace(old, new))

    _change(own_file, OURS.replace(old, new))
    response = client.get("/accessibility/")

    assert response.status_code == 200
    assert str(own_file) in caplog.text


def test_a_file_that_is_not_there_leaves_ours(client, settings, db, caplog):
    settings.ACCESSIBILITY_STATEMENT = "/nowhere/statement.toml"

    assert statement.current().degree == Degree.PARTLY
    assert "/nowhere/statement.toml" in caplog.text


def test_our_own_statement_was_not_updated_before_it_was_assessed():
    told = statement.read(OURS)

    assert told.updated_on >= told.assessed_on > date(2026, 1, 1)
