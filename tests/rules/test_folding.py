"""Two spellings of one thing come out the same, in each of the ways in which text is compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visits.folding import folded, letter_for_letter, plain, without_case
from visits.likeness import domain_of, name_key, own_words, share


@pytest.mark.parametrize(
    ("one", "other"),
    [("Región  Jönköping!", "region jonkoping"), ("Łódź", "Lodz"), ("Sankt_Göran", "Sankt Goran"), ("Æbelø", "Aebelo"),
     ("ΆΡΓΟΣ", "αργος"), ("Jo\u0308nko\u0308ping", "Jönköping")],
)  # fmt: skip
def test_names_are_the_same_whatever_their_case_accents_and_signs(one, other):
    assert plain(one) == plain(other)


def test_a_dotted_letter_of_an_answer_is_not_the_plain_one():
    assert without_case("  ÅRE \n kommun ") == without_case("åre kommun")
    assert without_case("Åre") != without_case("Are")


@given(st.text())
def test_what_is_folded_letter_for_letter_is_as_long_as_it_was(text):
    assert len(letter_for_letter(text)) == len(text)


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=0x17F)))
def test_what_was_folded_folds_to_itself(text):
    for fold in (folded, letter_for_letter, plain):
        assert fold(fold(text)) == fold(text)


def test_the_search_and_a_quote_fold_the_letters_of_europe_alike():
    letters = "ÅÄÖåäöéèüñçøłđŠžőıʼn"

    assert letter_for_letter(letters) == folded(letters)


def test_public_mail_services_say_nothing_about_an_organisation():
    assert (domain_of("a@Rotterhaven.example.org"), domain_of("a@GMAIL.com")) == ("rotterhaven.example.org", "")


def test_names_are_alike_whatever_their_order_letters_and_common_words():
    assert name_key("Rotterhaven Hospital") == name_key("the hospital of Röttérhaven")


def test_a_name_of_common_words_alone_keeps_them():
    assert own_words("Region Hospital") == ["region", "hospital"]


@pytest.mark.parametrize(
    ("left", "right", "part"), [({"a", "b"}, {"b", "c"}, 1 / 3), ({"a"}, {"a"}, 1.0), (set(), set(), 0.0)]
)
def test_two_sets_share_a_part_of_all_that_is_in_them(left, right, part):
    assert share(left, right) == pytest.approx(part)
