"""Every country by its name in the language of the page."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import translation
from django_countries import countries

from qulturum_portal.countries import NAMES
from visits.forms.country import _options

ENGLISH = re.compile(r"\b(Islands?|and|of|South|North|State|Republic|the)\b")
ALSO_SWEDISH = {"IM", "IS"}  # Isle of Man; Island is Iceland


def names(language: str) -> dict[str, str]:
    with translation.override(language):
        return dict(countries)


def test_no_country_has_an_english_name_in_swedish():
    left = {code: name for code, name in names("sv").items() if ENGLISH.search(name) and code not in ALSO_SWEDISH}

    assert left == {}


def test_what_we_name_ourselves_is_translated():
    english, swedish = names("en"), names("sv")

    assert [code for code in NAMES if english[code] == swedish[code] and code != "SZ"] == []
    assert (swedish["CA"], swedish["BR"], swedish["PH"]) == ("Kanada", "Brasilien", "Filippinerna")
    assert (english["CA"], english["GB"]) == ("Canada", "United Kingdom")


@pytest.mark.parametrize(
    ("language", "last"), [("sv", ["Åland", "Österrike", "Östtimor"]), ("en", ["Yemen", "Zambia", "Zimbabwe"])]
)
def test_the_list_is_in_the_order_of_the_language(language, last):
    with translation.override(language):
        listed = re.findall(r">([^<]+)</option>", _options(language))[1:]

    assert listed[-3:] == last


def test_a_page_in_swedish_offers_kanada():
    page = Client().get("/sv/visit/new/who/").text

    assert '<option value="CA">Kanada</option>' in page
    assert ">Canada<" not in page
