"""Which files a room takes: known by their ending and by what is in them, and refused with a sentence."""

import io
from contextlib import suppress
from zipfile import ZIP_LZMA

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.visits.meeting.cases import PDF, office, open_document, zipped
from visits import rules
from visits.meeting import kinds
from visits.meeting.kinds import WrongFile

PNG, JPEG = b"\x89PNG\r\n\x1a\n" + bytes(20), b"\xff\xd8\xff\xe0" + bytes(20)
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def recognised(name: str, content: bytes) -> kinds.Kind:
    return kinds.recognised(name, len(content), io.BytesIO(content))


@pytest.mark.parametrize(
    ("name", "content", "mime"),
    [
        ("Esther.pdf", PDF, "application/pdf"),
        ("Esther.PDF", PDF, "application/pdf"),
        ("a.docx", office("word"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.xlsx", office("xl"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.pptx", office("ppt"), "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
        ("a.odt", open_document("text"), "application/vnd.oasis.opendocument.text"),
        ("a.ods", open_document("spreadsheet"), "application/vnd.oasis.opendocument.spreadsheet"),
        ("a.odp", open_document("presentation"), "application/vnd.oasis.opendocument.presentation"),
        ("five towns.csv", "town;falls\nJönköping;3\n".encode("cp1252"), "text/csv"),
        ("read me.txt", "Välkommen".encode(), "text/plain"),
        ("a.png", PNG, "image/png"),
        ("a.jpg", JPEG, "image/jpeg"),
        ("a.jpeg", JPEG, "image/jpeg"),
        ("Esther v1.2 (final).pdf", PDF, "application/pdf"),
    ],
)
def test_a_file_is_known_by_its_ending_and_its_contents(name, content, mime):
    assert recognised(name, content).mime == mime


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.pdf", b"", "This file is empty"),
        ("a.exe", b"MZ" + bytes(20), "Choose a file of one of these kinds"),
        ("a.zip", zipped(a="b"), "Choose a file of one of these kinds"),
        ("a.docm", office("word"), "Choose a file of one of these kinds"),
        ("a.doc", OLD_OFFICE, "Choose a file of one of these kinds"),
        ("a.html", b"<html>", "Choose a file of one of these kinds"),
        ("a.svg", b"<svg>", "Choose a file of one of these kinds"),
        ("pdf", PDF, "Choose a file of one of these kinds"),
        ("Esther.pdf.exe", PDF, "Choose a file of one of these kinds"),
        ("Esther.exe.pdf", PDF, "two endings, .exe and .pdf"),
        ("Esther.docx.pdf", PDF, "two endings, .docx and .pdf"),
        ("a.pdf", b"<html><script>", "says that it is PDF"),
        ("a.png", JPEG, "says that it is PNG"),
        ("a.docx", office("xl"), "says that it is DOCX"),
        ("a.docx", zipped(a="b"), "says that it is DOCX"),
        ("a.docx", OLD_OFFICE, "says that it is DOCX"),
        ("a.odt", open_document("spreadsheet"), "says that it is ODT"),
        ("a.odt", zipped(a="b"), "says that it is ODT"),
        ("a.odt", open_document("text", ZIP_LZMA), "says that it is ODT"),
        ("a.xlsx", PDF, "says that it is XLSX"),
        ("a.csv", b"MZ\x90", "says that it is CSV"),
        ("a.txt", b"a\x00b", "says that it is TXT"),
        ("a.txt", b"<!doctype html>", "says that it is TXT"),
        ("a.docx", office("word", **{"word/vbaProject.bin": b"x"}), "a macro in this document"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_refused_with_a_sentence(name, content, told):
    with pytest.raises(WrongFile, match=told):
        recognised(name, content)


@pytest.mark.parametrize(("name", "whole"), [("a.docx", office("word")), ("a.odt", open_document("text")),
                                             ("a.odt", open_document("text", ZIP_LZMA))])  # fmt: skip
@given(data=st.data())
def test_a_broken_document_is_taken_or_refused_whatever_is_broken_in_it(name, whole, data):
    places = st.integers(0, len(whole) - 1)
    broken = bytearray(whole)
    for place, byte in data.draw(st.dictionaries(places, st.integers(0, 255), min_size=1, max_size=4)).items():
        broken[place] = byte
    end = data.draw(st.one_of(st.just(len(whole)), places))

    with suppress(WrongFile):
        recognised(name, bytes(broken[:end]))


def test_ten_megabytes_is_the_most():
    largest = PDF + bytes(rules.ROOM_FILE_BYTES - len(PDF))

    assert recognised("a.pdf", largest).mime == "application/pdf"
    with pytest.raises(WrongFile, match="at most 10 MB"):
        recognised("a.pdf", largest + b"x")


@pytest.mark.parametrize("parts", [{"word/media/bomb.bin": bytes(201 * 1024 * 1024)},
                                   {f"word/{n}.xml": b"" for n in range(5001)}])  # fmt: skip
def test_a_document_that_unfolds_without_end_is_never_unfolded(parts):
    bomb = office("word", **parts)
    assert len(bomb) < rules.ROOM_FILE_BYTES

    with pytest.raises(WrongFile, match="unfolds to more"):
        recognised("a.docx", bomb)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Esther.pdf", "Esther.pdf"),
        ("../../etc/Esther.pdf", "Esther.pdf"),
        ("C:\\Users\\Maja\\Esther.pdf", "Esther.pdf"),
        ("  .Esther på två sidor .PDF", "Esther på två sidor.pdf"),
        ('a"b<c>|d?*.pdf', "a b c d.pdf"),
        ("Esther\u202efdp.pdf", "Estherfdp.pdf"),
        (f"{'x' * 300}.pdf", f"{'x' * 116}.pdf"),
    ],
)
def test_a_name_is_cleaned_of_folders_and_of_what_could_do_harm(typed, name):
    assert kinds.clean_name(typed) == name


@pytest.mark.parametrize("typed", ["", "...", "a\x00b.pdf", "///", "a\nb\x07.pdf"])
def test_a_name_that_cannot_be_read_is_refused(typed):
    with pytest.raises(WrongFile, match="ordinary letters"):
        kinds.clean_name(typed)
