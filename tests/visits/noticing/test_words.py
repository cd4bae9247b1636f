"""What the words of a request give rise to ask, held against a set of requests that people have labelled."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from visits.choices import FlagKind
from visits.models import Flag
from visits.noticing import told
from visits.noticing.asked import Around, Asked
from visits.noticing.clues import brings_nothing
from visits.noticing.counted import contradiction, counted
from visits.noticing.deriving import things_to_notice
from visits.noticing.quoting import quoted
from visits.noticing.telling import DRAWN, SENTENCES

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parents[2] / "data" / "clues.json").read_text())
USUAL: dict[str, Any] = {
    "organisation_name": "Tayford Health Board", "organisation_kind": "health", "country": "GB",
    "contact_name": "Aileen Munro", "contact_role": "Head of improvement", "contact_email": "a@tayford.example.org",
    "group_size": 6, "aim": "How Esther changed the flow between hospital and home.",
    "brings": "Volunteers phone people who live alone. It works in two of our five towns.",
}  # fmt: skip


def kinds(**says: Any) -> set[str]:
    return {found.kind.value for found in things_to_notice(Asked(pk=1, **{**USUAL, **says}), Around(), threshold=60)}


def test_of_the_labelled_requests_nine_in_ten_are_noticed_and_nine_in_ten_rightly() -> None:
    pairs = [(set(case["expect"]), kinds(**{k: v for k, v in case.items() if k != "expect"})) for case in CASES]
    right = sum(len(expected & found) for expected, found in pairs)

    assert right / sum(len(found) for _expected, found in pairs) >= 0.9
    assert right / sum(len(expected) for expected, _found in pairs) >= 0.9


def test_a_request_as_most_are_gives_no_rise_to_anything() -> None:
    assert kinds() == set()


@pytest.mark.parametrize(("text", "found"), [
    ("We are 25 nurses from three wards.", [(25, 25)]),
    ("We are 10 to 12 people.", [(10, 12)]),
    ("Vi är tjugofem personer.", [(25, 25)]),
    ("En grupp på tolv deltagare.", [(12, 12)]),
    ("A delegation of twenty-one leaders", [(21, 21)]),
    ("We are three hospitals with 900 beds.", []),
    ("Our group of 8 leaders and 4 of us from the board.", [(8, 8), (4, 4)]),
    ("In 2019 we were 12.", []),
])  # fmt: skip
def test_people_are_counted_in_figures_and_words(text: str, found: list[tuple[int, int]]) -> None:
    assert [(one.low, one.high) for one in counted(text)] == found


def test_one_number_that_agrees_is_enough() -> None:
    assert contradiction(["We are 12 nurses. 5 of us speak Swedish."], 12) is None


@pytest.mark.parametrize(("brings", "how"), [
    ("Nothing", "nothing"), ("  –  ", "nothing"), ("Vi vet inte än", "nothing"), ("We want to learn", "learn"),
    ("Why do so few say no?", ""), ("Nothing in this has worked for three years, and we tell why.", ""),
])  # fmt: skip
def test_what_is_no_gift_is_told_apart_from_a_short_one(brings: str, how: str) -> None:
    assert brings_nothing(brings) == how


@pytest.mark.parametrize("text", ["", " ", "x", "ab " * 90, "å" * 300])
def test_anything_can_be_quoted(text: str) -> None:
    assert len(quoted(text, min(2, len(text)), min(9, len(text)))) <= 75


def test_every_kind_has_a_sentence_and_a_drawing() -> None:
    assert set(SENTENCES) == set(DRAWN) == set(FlagKind)


DETAILS: dict[str, dict[str, Any]] = {
    "duplicate": {"reference": "CL-27-009", "sent": "2026-11-02", "by": "L. Vermeer", "alike": ["domain", "days"]},
    "booked": {"name": "Erik Sandell", "busy": [["2027-03-16", "08.00", "12.00"]], "free": ["2027-03-17"]},
    "large": {"people": 50, "most": 40},
    "numbers": {"quote": "we are 25", "size": 12},
    "nothing": {"how": "learn", "quote": "We want to learn"},
    "programme": {"quote": "a longer relation", "fellowship": True},
    "spam": {"why": "links", "count": 1},
    "returning": {"visits": 2, "last": "2024-05-14", "taught": "Phone within two days"},
    "promise": {"since": "2024-08-14", "words": "one ward phones"},
    "waived": {"by": "Anna Berg", "why": "Their board decides in February."},
}


@pytest.mark.parametrize("kind", FlagKind.values)
@pytest.mark.parametrize("language", ["en", "sv"])
def test_every_kind_is_told_in_both_languages(kind: str, language: str) -> None:
    flag = Flag(kind=kind, about="7", detail=DETAILS.get(kind, {"quote": "100 % of it"}))

    with translation.override(language):
        sentence = told(flag).sentence

    assert sentence.endswith(".")
    assert "%" not in sentence.replace("100 %", "")


@pytest.mark.parametrize(
    ("late", "more", "sentence"),
    [
        (False, 0, "We promised them “The slides” by 14 August 2026."),
        (True, 0, "We promised them “The slides” by 14 August 2026, and it is late."),
        (True, 1, "We promised them “The slides” by 14 August 2026, and it is late. 1 more promise is open."),
        (False, 2, "We promised them “The slides” by 14 August 2026. 2 more promises are open."),
    ],
)
@pytest.mark.parametrize("written", ["The slides", "The slides."])
def test_a_promise_is_told_with_its_day_and_what_else_is_open(
    late: bool, more: int, sentence: str, written: str
) -> None:
    detail = {"words": written, "by": "2026-08-14", "late": late, "more": more}

    assert told(Flag(kind="promise", about="promise-7", detail=detail)).sentence == sentence


def test_the_other_request_is_a_link_inside_the_sentence() -> None:
    flag = Flag(kind="duplicate", about="7", detail=DETAILS["duplicate"])

    before, reference, after = told(flag).parts

    assert (before, reference) == ("Probably the same visit as ", "CL-27-009")
    assert after == ", sent by L. Vermeer on 2 November: same e-mail domain, same days."


@pytest.mark.parametrize("kind", FlagKind.values)
def test_facts_that_are_missing_leave_the_kind(kind: str) -> None:
    assert told(Flag(kind=kind, about="7", detail={})).sentence.endswith(".")
