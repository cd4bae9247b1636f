from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone, translation

import visits
from tests.factories import VisitRequestFactory
from visits import history, words, workflow
from visits.admin.pages import tab_url
from visits.choices import RequestState
from visits.deeds.sentences import SENTENCES, line
from visits.models import HistoryEntry, Message, User, VisitRequest

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


@pytest.mark.django_db
def test_the_request_tab_tells_what_the_guests_have_changed_since_they_sent_it(coordinator_client: Client) -> None:
    case = VisitRequestFactory(group_size=6)
    untouched = coordinator_client.get(tab_url(case, "request")).content.decode()
    history.record(case, "request_changed", by=None, changes=[{"name": "group_size", "was": 5, "now": 6}])

    page = coordinator_client.get(tab_url(case, "request")).content.decode()

    assert "What changed since they sent it" not in untouched
    assert "Group size: 5 → 6." in page


def the_history(client: Client, case: VisitRequest, **asked: str) -> str:
    """The main part of the page, as it is read."""
    page = client.get(tab_url(case, "history"), asked).content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", page[page.index('id="hi"') :]).split())


@pytest.mark.django_db
def test_the_turns_alone_leave_out_what_moved_nothing(coordinator_client: Client, coordinator: User) -> None:
    case = VisitRequestFactory(state=RequestState.IN_REVIEW)
    workflow.ask_question(case, text="Who tells the story?", by=coordinator, seen=case.version)
    history.record(case, "noted", by=coordinator)

    everything, turns = the_history(coordinator_client, case), the_history(coordinator_client, case, show="turns")

    assert "asked the guests a question" in everything
    assert "wrote a note to colleagues" in everything
    assert "asked the guests a question Our turn → their turn." in turns
    assert "wrote a note to colleagues" not in turns


@pytest.mark.django_db
def test_the_mails_are_those_that_have_left_for_this_request(coordinator_client: Client) -> None:
    case, other = VisitRequestFactory(), VisitRequestFactory()
    for one, subject, sent_at in (
        (case, "Your programme", timezone.now()), (case, "Not yet", None), (other, "Theirs", timezone.now()),
    ):  # fmt: skip
        Message.objects.create(
            key=subject, kind="received", to_email="aileen@tayford.example.org", to_name="Aileen Munro", language="en",
            request=one, subject=subject, due_at=timezone.now(), sent_at=sent_at,
        )  # fmt: skip

    mails = the_history(coordinator_client, case, show="mails")

    assert "Your programme To Aileen Munro" in mails
    assert "Not yet" not in mails
    assert "Theirs" not in mails


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("show", "told"),
    [
        ("all", "Nothing has happened yet."), ("turns", "The turn has not gone over yet."),
        ("mails", "No mail has left yet."), ("nonsense", "Nothing has happened yet."),
    ],
)  # fmt: skip
def test_a_history_without_lines_says_so(coordinator_client: Client, show: str, told: str) -> None:
    assert told in the_history(coordinator_client, VisitRequestFactory(), show=show)


@pytest.mark.django_db
def test_who_has_had_the_turn_adds_up_since_they_sent_it(coordinator_client: Client) -> None:
    now = timezone.now()
    case = VisitRequestFactory(state=RequestState.INFO_REQUESTED, submitted_at=now - timedelta(days=17, hours=1))
    HistoryEntry.objects.create(
        request=case, what="asked_question", by_name="Maja", at=now - timedelta(days=3),
        detail={"old": "in_review", "new": "info_requested"},
    )  # fmt: skip

    page = the_history(coordinator_client, case)

    assert "17 days since they sent it. We had it 14 days They had it 3 days" in page


@pytest.mark.django_db
def test_a_day_of_another_year_is_told_with_its_year(coordinator_client: Client) -> None:
    case = VisitRequestFactory()
    HistoryEntry.objects.create(request=case, what="sent", by_name="Aileen", at=datetime(2024, 3, 12, 12, tzinfo=UTC))

    assert "Tuesday 12 March 2024 13.00 Aileen sent the request" in the_history(coordinator_client, case)


@pytest.mark.django_db
def test_the_days_of_a_history_are_headings_and_begin_so_in_swedish_too(coordinator_client: Client) -> None:
    case = VisitRequestFactory()
    entry = history.record(case, "submitted", by=None)

    page = coordinator_client.get(f"/sv{tab_url(case, 'history')}").text

    with translation.override("sv"):
        day = words.weekday(entry.at)
    assert f'<h3 class="dk-dayh">{day[:1].upper()}{day[1:]}</h3>' in page
