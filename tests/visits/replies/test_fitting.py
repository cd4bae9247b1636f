"""Which drafts fit, by plain data; and blanks, which are filled in and never run."""

from __future__ import annotations

import pytest

from visits import blanks
from visits.replies import Draft, Situation, fitting, put_in

FACTS = {"name": "Aileen", "days": "16–17 March 2027", "reference": "CL-27-014"}


def draft(pk: int = 1, text: str = "Dear {name}, yes.", **conditions: object) -> Draft:
    return Draft(pk=pk, title=f"Draft {pk}", summary="", text=text, **conditions)


def situation(**told: object) -> Situation:
    return Situation(**({"state": "in_review", "facts": FACTS} | told))


def chosen(drafts: list[Draft], where: Situation) -> list[int]:
    return [one.pk for one in fitting(drafts, where)]


@pytest.mark.parametrize(
    ("conditions", "met", "unmet"),
    [
        ({"states": frozenset({"in_review"})}, {}, {"state": "proposed"}),
        ({"flag": "press"}, {"flags": frozenset({"press"})}, {"flags": frozenset({"sales"})}),
        ({"lacks": "teller"}, {"lacks": frozenset({"teller"})}, {}),
        ({"heard": ("photo",)}, {"waits": "may we take photographs?"}, {"waits": "a telephoto lens"}),
        ({"heard": ("sit in",)}, {"waits": "could we sit\n in?"}, {"waits": "we visit internists"}),
        ({"heard": ("rullstol",)}, {"wrote": "hon har rullstol."}, {"wrote": "stol"}),
    ],
)
def test_a_draft_fits_where_its_condition_is_met_and_nowhere_else(conditions, met, unmet):
    one = draft(**conditions)

    assert chosen([one], situation(**met)) == [1]
    assert chosen([one], situation(**unmet)) == []


def test_all_conditions_have_to_be_met_and_a_draft_without_any_fits_everywhere():
    both = draft(1, states=frozenset({"agreed"}), lacks="names")

    assert chosen([both, draft(2)], situation(state="agreed")) == [2]
    assert chosen([both, draft(2)], situation(state="agreed", lacks=frozenset({"names"}))) == [1, 2]


def test_what_waits_for_an_answer_comes_before_what_they_wrote_once_and_what_we_miss():
    drafts = [
        draft(1),
        draft(2, lacks="teller"),
        draft(3, heard=("wheelchair",)),
        draft(4, heard=("photo",), order=9),
        draft(5, heard=("cost",), order=1),
    ]
    where = situation(lacks=frozenset({"teller"}), waits="photos? cost?", wrote="wheelchair photos? cost?")

    assert chosen(drafts, where) == [5, 4, 3, 2, 1]
    assert [one.pk for one in fitting(drafts, where, most=2)] == [5, 4]


def test_a_draft_whose_fact_is_not_known_is_not_offered():
    assert chosen([draft(text="You are {people}.")], situation()) == []
    assert chosen([draft(text="You are {people}.")], situation(facts={"people": "6"})) == [1]


def test_what_is_filled_in_is_never_looked_at_again():
    facts = {"name": "{reference} {{ secret }} {% now %} %(name)s", "reference": "CL-27-014"}

    assert blanks.fill("Dear {name}: {reference} {unknown}", facts) == (
        "Dear {reference} {{ secret }} {% now %} %(name)s: CL-27-014 {unknown}"
    )


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Dear {{ name }},", "“{{ name }}” is not filled in here. Write single braces"),
        ("{% if name %}x{% endif %}", "“{% if name %}” is not filled in here"),
        ("Dear {{name", "“{{” is not filled in here"),
        ("Dear %s,", "“%s” is not filled in here"),
        ("Dear %(name)s,", "“%(name)s” is not filled in here"),
        ("Dear {nmae},", "“{nmae}” is not known, so it would be sent as it stands"),
        ("Dear {name.email},", "“{name.email}” is not known"),
        ("Dear {name!r:>9},", "“{name!r:>9}” is not known"),
        ("Dear {},", "“{}” is not known"),
        ("Dear {name,", "“{” is not known"),
        ("Dear name},", "“}” is not known"),
    ],
)
def test_a_blank_that_nothing_fills_in_is_told_in_a_sentence(text, wrong):
    assert blanks.wrong_in(text).startswith(wrong)
    assert "{name}, {organisation}, {reference}, {days}, {people}, {host}" in blanks.wrong_in(text)


def test_percent_signs_and_known_blanks_are_fine():
    assert blanks.wrong_in("Dear {name}, 20 % of {people} and 100%, or 5% a year.") == ""


@pytest.mark.parametrize(
    ("typed", "stands"),
    [
        ("", "Yes."),
        (" \n", "Yes."),
        ("Dear Aileen,\r\n", "Dear Aileen,\n\nYes."),
        ("Yes. And no.", "Yes. And no."),
    ],
)
def test_a_draft_goes_below_what_was_typed_and_in_only_once(typed, stands):
    assert put_in(typed, "Yes.") == stands
