"""The case file on paper is read by people: nothing of it is cut, raw, or in the other language."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.utils import timezone, translation
from django.utils.functional import Promise
from pypdf import PdfReader

from tests.factories import (
    AskFactory,
    ProposalFactory,
    SessionFactory,
    VisitFactory,
    VisitRequestFactory,
    settle_agreement,
)
from visits import history, outbox
from visits.choices import AskState, RequestState
from visits.deeds import sentences
from visits.documents import case_words, press
from visits.documents.case_file import GUESTS, PARTS, STAFF, case_file
from visits.documents.readable import FEW_LINES, SHORT, Told, line, tree
from visits.models import Flag, HistoryEntry, PlaceOffer, User, VisitRequest

TEMPLATE = "print/case_file.html"
RAW = re.compile(r"[{}]|\b(True|False|None)\b|\d{4}-\d\d-\d\d|\"kind\"|starts_at")


def long_agenda(count: int) -> list[dict[str, Any]]:
    """One day with so many sessions, each with words of its own."""
    morning = timezone.localtime().replace(hour=8, minute=0, second=0, microsecond=0) + timedelta(days=120)
    sessions = [
        {
            "id": number, "kind": ("host", "guest", "break")[number % 3], "title": f"Title{number}a",
            "description": f"Sentence{number}a " + "of many words " * 12, "place": f"Place{number}a",
            "starts_at": (morning + timedelta(minutes=10 * number)).isoformat(),
            "ends_at": (morning + timedelta(minutes=10 * number + 10)).isoformat(),
            "people": [f"Person{number}a"], "voices": [f"Voice{number}a"], "dialogue": 5,
        }
        for number in range(count)
    ]  # fmt: skip
    return [{"day": morning.date().isoformat(), "sessions": sessions}]


def a_full_case(by: User) -> VisitRequest:
    """A visit with a long agenda, an agreement, a quote, codes, flags, mails and a history with details."""
    case = VisitRequestFactory(
        state=RequestState.AGREED, gifts=["challenge"], travel=["train"], professions=["nurses"], sharing=["story"],
        other_area=True, needs_invitation_letter=True, waitlist_months=["2027-04"],
    )  # fmt: skip
    visit = VisitFactory(request=case, title="Titleofvisit")
    AskFactory(session=SessionFactory(visit=visit, title="Hostsession"), state=AskState.ACCEPTED)
    SessionFactory(visit=visit, kind="guest", title="Guestsession", teller="Moira Kerr")
    quote = {"lines": [{"en": "Food", "sv": "Mat", "count": 3, "amount": "185.00"}], "total": "555.00"}
    days = {"other_days": {"2027-05-04": quote}}
    ProposalFactory(
        request=case, agenda=long_agenda(40), quote=quote | days, reasons={"1": "Whyone", "days": "Whydays"}
    )
    settle_agreement(case, by=by)
    PlaceOffer.objects.create(
        request=case, first_day="2027-03-16", last_day="2027-03-16", answer_by="2027-01-02",
        why={"condition": "Conditionhere", "since": "2026-11-26"},
    )  # fmt: skip
    Flag.objects.create(request=case, kind="numbers", detail={"quote": "Quotedwords", "size": 12})
    outbox.owe_visitor("received", case)
    history.record(
        case, "request_changed", by=None, changes=[{"name": "aim", "was": "Was " * 90 + "end", "now": "New"}]
    )
    history.record(
        case, "changed_session", by=by, session="Esther", before=long_agenda(2), odd=[{"at": "2027-03-16", "on": True}]
    )
    return VisitRequest.objects.get(pk=case.pk)


def lines_of(case: VisitRequest, reader: str) -> Iterator[Told]:
    for _title, rows in case_file(case, reader).sections:
        for row in rows:
            yield from row


def every(told: Told) -> Iterator[Told]:
    yield told
    for inner in told.inner:
        yield from every(inner)


def paper(case: VisitRequest, reader: str, language: str) -> str:
    with translation.override(language):
        context = {"file": case_file(case, reader), "made_at": timezone.now()}
        return press.page(TEMPLATE, context, language=language)


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.split("<body>")[1])))


def strings_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for one in value.values():
            yield from strings_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from strings_in(one)
    elif isinstance(value, str) and value.strip():
        yield " ".join(value.split())


@pytest.mark.django_db
@pytest.mark.parametrize("reader", [STAFF, GUESTS])
@pytest.mark.parametrize("language", ["en", "sv"])
def test_every_word_of_the_agenda_and_the_agreement_is_on_paper(coordinator: User, reader: str, language: str) -> None:
    case = a_full_case(coordinator)
    content = case.agreements.get().content
    by_code = [row.pop(key, "") for row in content["contacts"] for key in ("day", "until", "at", "kind")]
    by_code += [row.pop("key") for row in content["plan"]["subjects"]]
    by_code += [row.pop("en" if language == "sv" else "sv") for row in content["plan"]["subjects"]]
    by_code += [content.pop("own_time"), content["plan"].pop("first_day"), content["plan"].pop("last_day")]
    agenda = long_agenda(40)[0]["sessions"]
    by_code += [row.pop(key) for row in agenda for key in ("kind", "starts_at", "ends_at")]

    text = text_of(paper(case, reader, language))

    assert by_code
    assert [said for said in strings_in([agenda, content]) if said not in text] == []
    assert [said for said in ("Whyone", "Whydays", "Conditionhere", "Titleofvisit") if said not in text] == []


@pytest.mark.django_db
@pytest.mark.parametrize("reader", [STAFF, GUESTS])
@pytest.mark.parametrize("language", ["en", "sv"])
def test_nothing_on_paper_is_raw(coordinator: User, reader: str, language: str) -> None:
    text = text_of(paper(a_full_case(coordinator), reader, language))

    assert [found.group() for found in RAW.finditer(text)] == []
    assert [code for code in ("train", "nurses", "request_changed", "received") if code in text] == []


@pytest.mark.django_db
def test_codes_and_yes_and_no_are_told_in_their_words(coordinator: User) -> None:
    case = a_full_case(coordinator)

    with translation.override("sv"):
        told = {line.label: line.text for line in lines_of(case, STAFF)}

    assert told["Vad det är"] == "Vad det är En utmaning"
    assert told["Hur de reser"] == "Hur de reser Tåg"
    assert told["Något annat"] == "Något annat Ja"
    assert told["Månader som de väntar på"].endswith("april 2027")


@pytest.mark.django_db
def test_what_was_written_with_a_deed_is_told_whole_to_us_and_not_to_the_guests(coordinator: User) -> None:
    case = a_full_case(coordinator)

    ours, theirs = (text_of(paper(case, reader, "en")) for reader in (STAFF, GUESTS))

    assert "Was " * 90 + "end → New" in ours
    assert "changed “Esther”" in ours
    assert "Tuesday 16 March 2027" in ours
    assert "Was Was" not in theirs
    assert "Esther”" not in theirs


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "sv"])
@pytest.mark.parametrize("what", sorted(sentences.SENTENCES))
def test_every_deed_can_be_told_to_the_guests_without_whom_of_ours_it_was_about(what: str, language: str) -> None:
    entry = HistoryEntry(
        what=what, by_name="Moira", detail={"who": "Fatima", "why": "Secretwords", "session": "Esther", "after": "Nils"}
    )

    with translation.override(language):
        said = sentences.outside(entry)

    assert said
    assert "%(" not in said
    assert [name for name in ("Fatima", "Secretwords", "Esther", "Nils") if name in said] == []


def test_a_deed_of_another_version_is_told_to_the_guests_without_its_code() -> None:
    with translation.override("sv"):
        assert sentences.outside(HistoryEntry(what="sealed_envelope")) == "Något antecknades"


def test_every_column_has_a_name_in_both_languages() -> None:
    """A column without a name of its own is called by the table, or by what it leads to."""
    nameless = {
        (part.name, field.name)
        for part in PARTS
        for field in part.fields(STAFF)
        if not isinstance(field.verbose_name, Promise) and field.name not in case_words.LABELS and not field.is_relation
    }
    with translation.override("sv"):
        swedish = {(part.name, field.name): case_words.label(field) for part in PARTS for field in part.fields(STAFF)}
        raw = {key: name for key, name in swedish.items() if "_" in name}
        table = [str(name) for name in case_words.LABELS.values()]
    with translation.override("en"):
        same = {
            name
            for part in PARTS
            for field in part.fields(STAFF)
            if (name := case_words.label(field)) == swedish[part.name, field.name]
        }
        english = [str(name) for name in case_words.LABELS.values()]

    assert (nameless, raw) == (set(), {})
    assert same <= {"Agenda", "Facilitator", "Organisation", "Participant", "Text", "Version", "Byte"}
    assert [name for name, other in zip(english, table, strict=True) if name == other] == []


@pytest.mark.django_db
def test_only_what_surely_has_room_on_a_page_holds_together(coordinator: User) -> None:
    page = paper(a_full_case(coordinator), STAFF, "en")
    short = re.findall(r'<div class="short"><dt>.*?</dt><dd[^>]*>(.*?)</dd></div>', page, re.DOTALL)
    style = press.static_file(f"{press.settings.SITE_URL}{press.settings.STATIC_URL}css/print.css").read_text()
    unbreakable = re.findall(r"([^{}]*)\{[^{}]*break-inside:avoid", style)

    assert short
    assert all(len(unescape(re.sub(r"<[^>]+>", "", said))) <= SHORT and "<ul>" not in said for said in short)
    assert 'class="facts"' not in page
    assert [rule for rule in unbreakable if ".told" in rule] == [".told>.short"]


@pytest.mark.django_db
def test_nothing_is_lost_between_the_pages(pango: None, coordinator: User) -> None:
    drawn = press.printed(paper(a_full_case(coordinator), GUESTS, "en"))

    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(drawn)).pages)

    wanted = [f"{word}{number}a" for number in range(40) for word in ("Title", "Sentence", "Place", "Person", "Voice")]
    assert [word for word in wanted if word not in text] == []


def test_a_short_line_is_one_without_lines_under_it() -> None:
    assert line("a", "b").is_short
    assert not Told("a", "b", (line("c", "d"),)).is_short
    assert not line("a", "b" * (SHORT + 1)).is_short
    assert not line("a", "b\n" * FEW_LINES).is_short


def test_data_of_any_shape_is_read_as_lines() -> None:
    data = {
        "day": "2027-03-16",
        "on": True,
        "rows": [{"at": "2027-03-16T09:00:00+01:00"}, ["a", None, 2]],
        "odd": "2027-99-99",
    }

    told = tree("facts", data, {"day": "day"})

    assert told.text == "Facts\nDay Tuesday 16 March 2027\nYes\nTuesday 16 March 2027, 09.00\na, 2\n2027-99-99"


@pytest.mark.django_db
def test_the_file_of_data_stays_as_it_is_kept(coordinator: User) -> None:
    case = a_full_case(coordinator)

    data = json.loads(case_file(case, STAFF).as_json(at=timezone.now()))["content"]

    assert data["proposals"][0]["agenda"] == case.proposals.get().agenda
    assert data["request"][0]["gifts"] == ["challenge"]
    assert data["history"][-2]["what"] == "request_changed"
