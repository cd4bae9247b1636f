from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.utils import translation

import visits
from tests.factories import VisitRequestFactory
from visits import history, workflow
from visits.admin.sentences import SENTENCES, line
from visits.choices import RequestState
from visits.models import HistoryEntry, User

RECORDED = re.compile(r'(?:what=|record\([^"()]*|changed\([^"()]*|_recorded\([^"()]*)"([a-z_]+)"')


def verbs() -> set[str]:
    """Every deed that the code can write into a history."""
    folder = Path(visits.__file__).parent
    return {verb for path in folder.rglob("*.py") for verb in RECORDED.findall(path.read_text())}


def test_every_deed_has_its_sentence() -> None:
    assert verbs() - {"asked_facilitator"} <= set(SENTENCES)
    assert len(verbs()) > 30


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "sv"])
@pytest.mark.parametrize("what", sorted(SENTENCES))
def test_every_sentence_can_be_said_in_both_languages(coordinator: User, what: str, language: str) -> None:
    entry = history.record(
        VisitRequestFactory(), what, by=coordinator, person="Fatima", session="Esther", version=1, to="10.15",
        reason="no_room", first="2027-03-16", last="2027-03-17",
    )  # fmt: skip

    with translation.override(language):
        told = line(entry).text

    assert told
    assert "%(" not in told
    assert what not in told or "_" not in what


@pytest.mark.django_db
def test_a_line_says_who_and_what_it_meant_for_the_turn(coordinator: User) -> None:
    case = VisitRequestFactory(state=RequestState.IN_REVIEW)
    workflow.ask_question(case, text="Who tells the story?", by=coordinator, seen=case.version)

    told = line(case.history.get())

    assert (told.text, told.side, told.turns) == (
        "Maja Lindqvist asked the guests a question", "us", "Our turn → their turn",
    )  # fmt: skip


@pytest.mark.django_db
def test_a_line_of_an_older_portal_is_still_read() -> None:
    entry = HistoryEntry.objects.create(request=VisitRequestFactory(), what="sealed_envelope", by_name="Maja")

    assert line(entry).text == "Maja: sealed envelope"
