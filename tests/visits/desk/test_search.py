"""Finding a request by a word of it, whatever way it was saved and however the word is typed."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from django.db import connection

from tests.factories import DraftFactory, VisitRequestFactory
from visits import folding
from visits.models import SearchText, VisitRequest, search

pytestmark = pytest.mark.django_db
EVERY_LETTER = "".join(chr(code) for code in range(0xC0, 0x180))


def found(typed: str) -> list[str]:
    rows = SearchText.objects.holding(folding.sought(typed))
    return sorted(row.request.organisation_name for row in rows)


def near(typed: str) -> list[str]:
    rows = SearchText.objects.near(folding.sought(typed))
    return sorted(row.request.organisation_name for row in rows)


def test_the_database_folds_every_letter_as_python_does() -> None:
    case = VisitRequestFactory(organisation_name=f"Åbo {EVERY_LETTER}"[:200], brings="«Tell—it», 100 % true; a_b")

    words = SearchText.objects.get(request=case).words

    who = f"{case.organisation_name} {case.contact_name} {case.contact_email}"
    assert words == folding.folded(f" {case.reference} {who} {case.aim} {case.brings}")


@pytest.mark.parametrize("typed", ["jönköping", "JONKOPING", "Jonköping", "joenkoeping"[:2] + "nkop", "køping"])
def test_dots_and_accents_may_be_left_out_or_typed(typed: str) -> None:
    VisitRequestFactory(organisation_name="Region Jönköping")
    VisitRequestFactory(organisation_name="Region Kalmar")

    assert found(typed) == ["Region Jönköping"]


@pytest.mark.parametrize("typed", [
    "tromso", "Ærlig", "aerlig", "CL-27-0", "x.berg@sykehus", "berg anna", "falls night", "ae",
])  # fmt: skip
def test_every_text_is_searched_for_every_word(typed: str) -> None:
    VisitRequestFactory(organisation_name="Tromsø", contact_name="Anna Berg Ærlig", contact_email="x.berg@sykehus.no",
                        aim="Night-time falls, and why", reference="CL-27-014")  # fmt: skip
    VisitRequestFactory(organisation_name="Other", reference="CL-26-099")

    assert found(typed) == ["Tromsø"]


@pytest.mark.parametrize("typed", ["hspital", "hosspital", "hopsital", "hospitak", "rotterhavem", "rottrehaven"])
def test_one_letter_may_be_wrong_missing_too_much_or_changed_with_the_next(typed: str) -> None:
    VisitRequestFactory(organisation_name="Rotterhaven Hospital")
    VisitRequestFactory(organisation_name="Hjortsjö", aim="Esther")

    assert found(typed) == []
    assert near(typed) == ["Rotterhaven Hospital"]


@pytest.mark.parametrize("typed", ["haspatil", "htal", "ratterhevan", "xyzzyx"])
def test_two_letters_wrong_are_another_word(typed: str) -> None:
    VisitRequestFactory(organisation_name="Rotterhaven Hospital")

    assert near(typed) == []


WORDS = [first + second for first in ("hospital", "hopsital", "hosital", "ospital", "hospitl", "xhospital", "hotpital",
         "hospitals", "hhospital", "hospita", "hostipal", "ho", "hos") for second in ("", "s", "17")]  # fmt: skip


@pytest.mark.parametrize("typed", ["hospital", "hospital17", "hospitals"])
def test_what_forgives_a_letter_is_asked_shortly_and_finds_the_same(typed: str) -> None:
    """Most ways of misspelling a word are told by shorter ones: those are asked alone."""
    every = [*folding.misspellings(typed), [typed]]
    few = search.without_implied(every, search.is_written_within)

    assert len(few) < len(every)
    for text in (f" a {word} b" for word in WORDS):
        assert holds(text, few) == holds(text, every), text
        assert names(text, search.without_implied(every, search.names_the_same)) >= holds(text, every), text


def holds(text: str, ways: Sequence[Sequence[str]]) -> bool:
    return any(re.search(".".join(way), text) for way in ways)


def names(text: str, ways: Sequence[Sequence[str]]) -> bool:
    return any(all(part in text for part in way) for way in ways)


def test_a_search_reads_no_further_than_it_is_told() -> None:
    first, second, third, fourth = [VisitRequestFactory(aim="Esther").pk for _ in range(4)]
    VisitRequestFactory(aim="Another")

    for find in (SearchText.objects.holding, SearchText.objects.near):
        newest = find(["esther"], search.Reach(most=2, beyond=fourth))
        oldest = find(["esther"], search.Reach(most=1, beyond=first, backwards=True))
        assert [row.pk for row in newest] == [third, second]
        assert [row.pk for row in oldest] == [second]


def test_the_text_follows_every_way_of_saving() -> None:
    case = VisitRequestFactory(organisation_name="First")
    VisitRequest.objects.filter(pk=case.pk).update(organisation_name="Second")
    assert found("first") == []
    assert found("second") == ["Second"]

    with connection.cursor() as cursor:
        cursor.execute("UPDATE visits_visitrequest SET organisation_name = 'Third' WHERE id = %s", [case.pk])
    assert found("second") == []
    assert found("third") == ["Third"]

    case.refresh_from_db()
    case.pk, case.reference, case.organisation_name = None, "CL-99-1", "Fourth"
    VisitRequest.objects.bulk_create([case])
    assert found("fourth") == ["Fourth"]


def test_what_goes_is_found_no_more() -> None:
    case = VisitRequestFactory(organisation_name="Goes")
    case.wishes.all().delete()

    case.delete()

    assert found("goes") == []
    assert not SearchText.objects.exists()


def test_a_draft_is_nobodys_to_find() -> None:
    DraftFactory(organisation_name="Unsent")

    assert found("unsent") == []
    assert not SearchText.objects.exists()


def test_a_draft_that_is_sent_can_be_found() -> None:
    case = DraftFactory(organisation_name="Unsent")

    VisitRequest.objects.filter(pk=case.pk).update(submitted_at=case.created_at)

    assert found("unsent") == ["Unsent"]
