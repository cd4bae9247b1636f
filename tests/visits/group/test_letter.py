"""The invitation letter for a visa: it says who is invited, and what stood in the passport is kept nowhere."""

from __future__ import annotations

import base64
import hashlib
import logging
import os
import re
import tempfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from django.views.debug import SafeExceptionReporterFilter

from tests.conftest import visitor_of
from tests.visits.group.people import member, writes
from tests.visits.visitor import cases
from visits import rounds
from visits.documents import press
from visits.models import VisitRequest

pytestmark = pytest.mark.django_db

PASSPORT = "XK7301946QZ"
BORN = {"born_0": "7", "born_1": "4", "born_2": "1961"}
NAME = "Devendra Krishnamurthy-Sharma"


def make(client: Client, visit_request: VisitRequest, **changes: str) -> HttpResponse:
    typed = {"name": NAME, "passport": PASSPORT, **BORN, **changes}
    return client.post(f"/my/{visit_request.reference}/invitation/", typed)


@pytest.fixture
def _no_press(monkeypatch) -> None:
    """A machine on which the library that draws letters is not installed."""
    monkeypatch.setattr(press, "LIBRARY", "a_library_that_nobody_has")
    press._found.cache_clear()
    yield
    press._found.cache_clear()


@pytest.mark.usefixtures("pango")
@pytest.mark.parametrize("who", ["contact", "member"])
def test_the_letter_comes_as_a_pdf_file(who):
    visit_request = cases.confirmed()
    client = visitor_of(visit_request) if who == "contact" else member(writes(visit_request))

    answer = make(client, visit_request)

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="invitation-{visit_request.reference}.pdf"'
    assert "no-store" in answer["Cache-Control"]
    assert answer.content.startswith(b"%PDF-")
    assert visit_request.history.filter(what="invitation_letter_made").count() == 1


@pytest.mark.usefixtures("_no_press")
@pytest.mark.parametrize(("language", "words"), [("", "Invitation"), ("/sv", "Inbjudan")])
def test_where_no_pdf_can_be_made_the_letter_is_a_page_to_print(language, words):
    visit_request = cases.confirmed()
    client = visitor_of(visit_request)

    shown = client.get(f"{language}/my/{visit_request.reference}/invitation/")
    answer = client.post(
        f"{language}/my/{visit_request.reference}/invitation/", {"name": NAME, "passport": PASSPORT, **BORN}
    )

    assert shown.status_code == 200
    assert answer["Content-Type"].startswith("text/html")
    assert f"<h1>{words}</h1>" in answer.text
    for told in (NAME, PASSPORT, "1961", visit_request.organisation_name, visit_request.visit.place, "Maja Lindqvist"):
        assert told in answer.text
    assert "no-store" in answer["Cache-Control"]
    assert visit_request.history.filter(what="invitation_letter_made").count() == 1


@pytest.mark.usefixtures("_no_press")
def test_what_is_left_out_stands_nowhere_in_the_letter():
    visit_request = cases.confirmed()

    page = make(visitor_of(visit_request), visit_request, passport="", born_0="", born_1="", born_2="").text

    assert NAME in page
    assert not [words for words in ("Passport number", "Date of birth", "None") if words in page]


@pytest.mark.usefixtures("_no_press")
def test_a_name_is_text_in_the_letter():
    visit_request = cases.confirmed()

    page = make(visitor_of(visit_request), visit_request, name="<img src=x onerror=alert(1)>").text

    assert "&lt;img src=x" in page
    assert "<img src=x" not in page


@pytest.mark.parametrize(
    ("make_case", "status", "heading", "why"),
    [
        (cases.proposed, 409, "The letter comes when the visit is confirmed", "wants days that are settled"),
        (cases.agreed, 409, "The letter comes when the visit is confirmed", "wants days that are settled"),
        (cases.completed, 410, "No more letters are made for this visit", "The visit is over"),
        (cases.cancelled, 410, "No more letters are made for this visit", "does not take place"),
    ],
)
def test_only_a_confirmed_visit_has_letters(make_case, status, heading, why):
    visit_request = make_case()

    answers = [
        visitor_of(visit_request).get(f"/my/{visit_request.reference}/invitation/"),
        make(visitor_of(visit_request), visit_request),
    ]

    assert [answer.status_code for answer in answers] == [status, status]
    assert all(f"<h1>{heading}</h1>" in answer.text and why in answer.text for answer in answers)
    assert not any("Nothing was changed" in answer.text for answer in answers)
    assert not visit_request.history.filter(what="invitation_letter_made").exists()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": ""}, "Write the name as it stands in the passport."),
        ({"name": "a\x01"}, "There is a hidden character in it."),
        ({"born_0": "31", "born_1": "2"}, "Write the day as 16 3 2027."),
        ({"born_2": "2999"}, "Write the day on which the person was born."),
        ({"passport": "1" * 31}, "Write at most 30 characters."),
    ],
)
def test_what_cannot_stand_in_a_letter_gets_a_sentence(typed, sentence):
    visit_request = cases.confirmed()

    answer = make(visitor_of(visit_request), visit_request, **typed)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert not visit_request.history.filter(what="invitation_letter_made").exists()


def test_the_form_begins_with_the_name_that_is_known():
    visit_request = cases.confirmed()
    person = writes(visit_request, "Moira Reid")

    assert 'value="Moira Reid"' in member(person).get(f"/my/{visit_request.reference}/invitation/").text


# -- Nothing of it stays ---------------------------------------------------------------


def rows() -> str:
    """Everything that stands in the database, table by table."""
    told = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            told += [f"{table}: {row!r}" for row in cursor.fetchall()]
    return "\n".join(told)


def moment_of_files() -> float:
    """The clock by which the machine dates its files, which is not the one that the test stands by."""
    with tempfile.NamedTemporaryFile() as made:
        return Path(made.name).stat().st_mtime


def files(since: float) -> bytes:
    """Everything that has been written to our folders and to the machine's folder of passing files since then."""
    places = [Path(settings.CACHES["default"]["LOCATION"]), Path(settings.VAR), Path(tempfile.gettempdir())]
    found = [file for place in places if place.exists() for file in _young_files(place, since)]
    return b"\n".join(_read(file) for file in found)


def _young_files(place: Path, since: float) -> list[Path]:
    young = []
    for folder, _folders, names in os.walk(place):
        for name in names:
            file = Path(folder, name)
            try:
                is_young = file.is_file() and file.stat().st_mtime >= since and file.stat().st_size < 5_000_000
            except OSError:
                continue  # another process has taken its own file away
            if is_young and os.access(file, os.R_OK):
                young.append(file)
    return young


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""  # taken away meanwhile


def forms_of(secret: str) -> list[bytes]:
    """How a secret could lie somewhere: as it is, reversed by nobody, but encoded or digested by somebody."""
    raw = secret.encode()
    return [
        raw,
        secret.lower().encode(),
        raw.hex().encode(),
        base64.b64encode(raw).rstrip(b"="),
        *(hashlib.new(name, raw).hexdigest().encode() for name in ("md5", "sha1", "sha256")),
        secret.encode("utf-16-be"),
    ]


@pytest.mark.parametrize("way", ["pdf", "page", "mended"])
def test_no_table_log_mail_cache_session_or_file_holds_the_passport(way, request, caplog):
    if way != "mended":
        request.getfixturevalue("_no_press" if way == "page" else "pango")
    caplog.set_level(logging.DEBUG)
    visit_request = cases.confirmed()
    client = member(writes(visit_request, email="dev@tayford.example.org"))
    since = moment_of_files() - 1

    answer = make(client, visit_request, **({"name": ""} if way == "mended" else {}))
    rounds.sweep(timezone.now())

    assert answer.status_code == (422 if way == "mended" else 200)
    session = repr(dict(client.session.items()))
    mails = "".join(one.message().as_string() for one in mail.outbox)
    logs = "\n".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
    kept = b"\n".join([*(text.encode(errors="replace") for text in (rows(), session, mails, logs)), files(since)])
    assert visit_request.reference.encode() in kept  # the walk does find what is kept
    found = [form for form in forms_of(PASSPORT) if form in kept]
    assert found == []
    assert NAME.encode() not in kept
    assert not re.search(rb"1961-0?4-0?7|7 April 1961", kept)


def test_the_walk_would_find_it():
    """The control: a passport number that somebody did store is found."""
    visit_request = cases.confirmed()
    since = moment_of_files() - 1
    VisitRequest.objects.filter(pk=visit_request.pk).update(other_needs=PASSPORT)
    with tempfile.NamedTemporaryFile(suffix=".pdf") as left:
        left.write(PASSPORT.encode())
        left.flush()

        assert PASSPORT in rows()
        assert PASSPORT.encode() in files(since)


def test_a_failure_of_ours_does_not_report_what_was_typed(monkeypatch):
    visit_request = cases.confirmed()
    client = visitor_of(visit_request)
    client.raise_request_exception = False
    reported: list[str] = []

    class Report(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            told = getattr(record, "request", None)
            if told is not None:
                reported.append(repr(dict(SafeExceptionReporterFilter().get_post_parameters(told))))

    handler = Report()
    logging.getLogger("django.request").addHandler(handler)
    monkeypatch.setattr(press, "pdf", lambda *args, **kwargs: 1 / 0)
    try:
        answer = make(client, visit_request)
    finally:
        logging.getLogger("django.request").removeHandler(handler)

    assert answer.status_code == 500
    assert PASSPORT not in answer.text
    assert reported
    assert not [one for one in reported if PASSPORT in one]
