"""How each kind of field looks, empty and with an error, and what it takes."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.template import Context, Template
from django.utils import translation

from tests.style.example import FILLED, ExampleForm
from visits.forms import fields

PAGE = Template("{% load crispy_forms_tags portal %}{% error_summary form %}{% crispy form %}")


def _shown(form: ExampleForm) -> str:
    return re.sub(r"\s+", " ", PAGE.render(Context({"form": form}))).replace("> <", "><")


def _field(html: str, name: str) -> str:
    """The part of the page that holds one field."""
    parts = re.split(r'(?=<div class="q-field|<fieldset class="q-field|<li>)', html)
    return next(part for part in parts if f'name="{name}"' in part or f'name="{name}_0"' in part)


def test_a_line_is_label_then_hint_then_error_then_box():
    html = _field(_shown(ExampleForm({})), "line")

    assert html.startswith(
        '<div class="q-field"><label class="form-label" for="id_line">Name</label>'
        '<p class="form-text" id="id_line_helptext">As on the door</p>'
        '<p class="invalid-feedback" id="id_line_error"><span class="visually-hidden">Error: </span>'
        "Write an answer here.</p>"
        '<input type="text" name="line"'
    )
    assert 'class="form-control is-invalid"' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_line_helptext id_line_error"' in html


def test_a_line_without_error_names_only_its_hint():
    html = _field(_shown(ExampleForm()), "line")

    assert 'class="form-control"' in html
    assert 'aria-describedby="id_line_helptext"' in html
    assert "Error" not in html


def test_what_may_be_left_out_says_so_and_nothing_has_an_asterisk():
    html = _shown(ExampleForm())

    assert 'Phone <span class="q-opt">(optional)</span></label>' in html
    assert "*" not in html


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("size", '<div class="q-field q-w-s"><label class="form-label" for="id_size">'),
        ("country", '<div class="q-field"><label class="form-label" for="id_country">Country</label><select'),
        ("kind", '<fieldset class="q-field"><legend>What kind?</legend><div class="pick"><label><input type="radio"'),
        ("gifts", '<fieldset class="q-field" aria-describedby="id_gifts_helptext"><legend>What could it be?</legend>'),
        ("first", '<fieldset class="q-field"><legend>Which day? <span class="q-opt">(optional)</span></legend>'),
        ("steps", '<li><label for="id_steps">Step-free routes<small class="xs" id="id_steps_helptext">'),
        ("question", '<li><span class="n" aria-hidden="true">1</span><div><label class="visually-hidden"'),
        ("agreed", '<div class="q-field"><div class="form-check"><input type="checkbox" name="agreed"'),
    ],
)
def test_each_kind_of_field_has_its_own_shape(name, begins):
    assert _field(_shown(ExampleForm()), name).startswith(begins)


def test_cards_have_the_sentence_of_their_answer():
    html = _field(_shown(ExampleForm()), "gifts")

    assert '<div class="q-cards q-2">' in html
    assert "<b>First</b><small>Something you are stuck in.</small>" in html
    assert "<b>Second</b></span>" in html


def test_a_group_of_choices_shows_its_error_and_is_described_by_it():
    html = _field(_shown(ExampleForm({})), "gifts")

    assert html.startswith(
        '<fieldset class="q-field group-error" aria-describedby="id_gifts_helptext id_gifts_error">'
        '<legend>What could it be?</legend><p class="form-text" id="id_gifts_helptext">One or several</p>'
        '<p class="invalid-feedback" id="id_gifts_error">'
    )


def test_what_was_chosen_and_typed_comes_back():
    html = _shown(ExampleForm(FILLED | {"first_1": "Thermidor", "mail": "no <address>"}))

    assert 'value="mars"' not in html
    assert 'value="Thermidor"' in html
    assert 'value="no &lt;address&gt;"' in html
    assert '<input type="radio" name="kind" value="b" id="id_kind_1" checked>' in html
    assert html.count(" checked>") == 3


def test_the_summary_links_each_sentence_to_its_first_control():
    html = _shown(ExampleForm({}))

    summary = html.split("</section>")[0]
    assert summary.startswith(' <section class="errors" role="alert" tabindex="-1" autofocus')
    assert '<a href="#id_line">Write an answer here.</a>' in summary
    assert '<a href="#id_kind_0">Choose one of the answers.</a>' in summary
    for target in re.findall(r'href="#([^"]+)"', summary):
        assert f'id="{target}"' in html


def test_a_form_without_errors_has_no_summary():
    assert "There is a problem" not in _shown(ExampleForm())


def test_the_first_button_is_the_one_that_goes_on_so_enter_presses_it():
    buttons = re.findall(r"<button[^>]*>([^<]*)", _shown(ExampleForm()))

    assert buttons == ["Continue", "Save and finish later"]


def test_a_form_speaks_swedish():
    with translation.override("sv"):
        html = _shown(ExampleForm({}))

    assert "(valfritt)" in html
    assert "Fel: " in html


@pytest.mark.parametrize(
    "parts",
    [
        ("16", "3", "2027"),
        ("16", "03", "2027"),
        ("16", "mar", "2027"),
        (" 16 ", "March", "2027"),
        ("16", "mars", "2027"),
    ],
)
def test_a_day_in_parts_takes_months_as_figures_and_as_words(parts):
    assert fields.DatePartsField().clean(list(parts)) == date(2027, 3, 16)


@pytest.mark.parametrize(
    "parts",
    [
        ("30", "2", "2027"),
        ("16", "", "2027"),
        ("0", "3", "2027"),
        ("x", "3", "2027"),
        ("16", "3", "0"),
        ("16", "3", "99999"),
        ("-1", "3", "2027"),
        ("1", "\u0000", "2027"),
    ],
)
def test_what_is_not_a_day_gets_an_example_of_one(parts):
    with pytest.raises(ValidationError, match="Write the day as 16 3 2027"):
        fields.DatePartsField(required=False).clean(list(parts))


def test_three_empty_boxes_are_no_day():
    assert fields.DatePartsField(required=False).clean(["", " ", ""]) is None


@pytest.mark.parametrize(("typed", "number"), [("6", 6), (" 6 ", 6), ("six", 6), ("Sex", 6), ("40", 40)])
def test_a_number_may_be_a_word(typed, number):
    assert fields.CountField(least=1, most=40).clean(typed) == number


@pytest.mark.parametrize("typed", ["about six", "6.5", "-3", "1e3", "½", "9" * 400])
def test_what_is_not_a_number_is_asked_for_again(typed):
    with pytest.raises(ValidationError, match="Write how many you are, as a number"):
        fields.CountField(least=1, most=40).clean(typed)


@pytest.mark.parametrize("typed", ["0", "41"])
def test_a_number_outside_the_limits_is_told_the_limits(typed):
    with pytest.raises(ValidationError, match="Write a number from 1 to 40"):
        fields.CountField(least=1, most=40).clean(typed)


@pytest.mark.parametrize("typed", ["a\u0000b", "a\u0007b", "two\nlines"])
def test_a_line_with_hidden_signs_is_refused(typed):
    with pytest.raises(ValidationError, match="ordinary letters"):
        fields.LineField().clean(typed)


def test_a_text_keeps_its_lines_and_loses_marks_that_nobody_sees():
    assert fields.TextField().clean(" one\r\ntwo\u200b\u202e ") == "one\ntwo"


def test_a_text_that_is_too_long_says_how_long_it_is():
    with pytest.raises(ValidationError, match=r"Write at most 5 characters\. You wrote 6"):
        fields.TextField(max_length=5).clean("sixsix")


@pytest.mark.parametrize("typed", ["", "aileen", "aileen@", "a b@c.example", "x" * 300 + "@hospital.org"])
def test_an_address_that_is_not_one_gets_an_example(typed):
    with pytest.raises(ValidationError) as refused:
        fields.EmailField().clean(typed)

    assert "Write" in str(refused.value.messages[0])


@pytest.mark.parametrize("typed", ["not a number", "+46 1", "0" * 60, "\u0000"])
def test_a_phone_number_that_is_not_one_gets_an_example(typed):
    with pytest.raises(ValidationError, match="country code"):
        fields.PhoneField().clean(typed)
