"""What people type is cleaned in one place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visits import text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Anna \r\n Berg\r", "Anna \n Berg"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("\ufeffAnna\u200b", "Anna"),
        ("\u00a0\u00a0", ""),
        ("👩\u200d⚕️", "👩\u200d⚕️"),
        ("A\u030a", "Å"),
        ("نفسية\u200cها", "نفسية\u200cها"),
        ("null", "null"),
    ],
)
def test_text_is_kept_as_people_read_it(typed, kept):
    assert text.cleaned(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["Anna\0", "\x1b[31m", "\x1f", "\x85", "a\u2028b", "\ud800", "Z" + "\u0301" * 199, "\ufffe"],
)
def test_what_cannot_be_shown_is_not_readable(typed):
    assert not text.is_readable(text.cleaned(typed), lines=True)


def test_line_breaks_are_for_long_texts_only():
    assert text.is_readable("one\ntwo", lines=True)
    assert not text.is_readable("one\ntwo", lines=False)


@given(st.text())
def test_cleaning_twice_changes_nothing_more(typed):
    once = text.cleaned(typed)

    assert text.cleaned(once) == once


@given(st.text())
def test_a_single_line_has_no_line_breaks(typed):
    assert len(text.single_line(typed).splitlines()) <= 1


def test_look_alike_letters_of_two_alphabets_are_noticed():
    assert text.mixes_scripts("Reg\u0456on")
    assert not text.mixes_scripts("Region")
    assert not text.mixes_scripts("Регион")
