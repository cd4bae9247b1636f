"""A list of requests: looked at before anything is saved, entered once, and hostile files told in a sentence."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.conftest import signed_in
from tests.factories import CoordinatorFactory
from tests.visits.entering.scene import HEAD, a_list, row, send_in, too_soon
from visits import entering, retention
from visits.models import Entry, ImportedFile, Message, VisitRequest

pytestmark = pytest.mark.django_db


def press(client, kept=None):
    one = kept or ImportedFile.objects.get()
    return client.post(reverse("admin:import_preview", args=[one.pk]))


def look(client):
    return client.get(reverse("admin:import_preview", args=[ImportedFile.objects.get().pk])).content.decode()


def test_the_list_is_seen_before_anything_is_saved(coordinator_client):
    response = send_in(coordinator_client, a_list(row(1), row(2)))

    html = coordinator_client.get(response.headers["Location"]).content.decode()
    assert "Enter 2 requests" in html
    assert "Hospital 1" in html
    assert not VisitRequest.objects.exists()


def test_the_press_enters_every_row_and_tells_what_it_made(coordinator_client):
    send_in(coordinator_client, a_list(row(1), row(2)))

    response = press(coordinator_client)

    html = coordinator_client.get(response.headers["Location"]).content.decode()
    assert VisitRequest.objects.sent().count() == 2
    assert Message.objects.filter(kind="entered").count() == 2
    assert "2 requests have reached the desk." in html
    assert not ImportedFile.objects.exists()


def test_the_same_file_twice_makes_nothing_twice(coordinator_client, manager_client):
    send_in(coordinator_client, a_list(row(1), row(2)))
    press(coordinator_client)
    send_in(manager_client, a_list(row(2), row(1)))

    html = look(manager_client)
    press(manager_client)

    assert "Here already" in html
    assert VisitRequest.objects.count() == 2


def test_a_list_is_pressed_once(coordinator_client):
    send_in(coordinator_client, a_list())
    kept = ImportedFile.objects.get()

    first, again = press(coordinator_client, kept), press(coordinator_client, kept)

    assert (first.status_code, again.status_code) == (302, 410)
    assert "Send it in again." in again.content.decode()
    assert VisitRequest.objects.count() == 1


def test_rows_that_are_wrong_are_told_by_line_and_column_and_left_out(coordinator_client):
    send_in(coordinator_client, a_list(row(1), row(2, email="none", size="many"), row(3, country="Atlantis")))

    html = look(coordinator_client)
    press(coordinator_client)

    assert "<b>E-mail:</b> Write an e-mail address" in html
    assert "<b>How many:</b> Write how many come" in html
    assert "<b>Country:</b> We do not know “Atlantis”." in html
    assert [one.organisation_name for one in VisitRequest.objects.all()] == ["Hospital 1"]


@pytest.mark.parametrize("day", ["2027-02-30", "03/16/2027", "next spring", "16.3", "9" * 80])
def test_a_day_that_cannot_be_read_is_told_as_the_list_writes_days(coordinator_client, day):
    send_in(coordinator_client, a_list(row(1, day=day)))

    html = look(coordinator_client)

    assert f"<b>First day:</b> “{day[:60]}” is no day that we can read. Write it as 2027-03-16." in html
    assert html.count("<b>First day:</b>") == 1
    assert "Enter 1 request" not in html


def test_a_double_within_the_file_is_told(coordinator_client):
    send_in(coordinator_client, a_list(row(1), row(1, brings="Something else")))

    html = look(coordinator_client)
    press(coordinator_client)

    assert "<dt>is here already, or twice in the list</dt><dd>1</dd>" in html
    assert "The same address and day as line 2" in html
    assert VisitRequest.objects.count() == 1


def test_three_months_hold_for_a_list_too_and_are_waived_by_who_may(coordinator_client, manager_client):
    head = f"{HEAD};Why sooner than three months"
    content = a_list(row(1, day=too_soon().isoformat()) + ";They come to the festival anyway.", head=head)
    send_in(coordinator_client, content)
    refused = look(coordinator_client)
    press(coordinator_client)
    assert not VisitRequest.objects.exists()

    ImportedFile.objects.all().delete()
    send_in(manager_client, content)
    press(manager_client)

    assert "Only a manager may waive the three months." in refused
    assert VisitRequest.objects.get().is_waived


@pytest.mark.parametrize("sign", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_list_is_read_as_spreadsheets_save_it(coordinator_client, sign, encoding):
    content = a_list(row(1, organisation="Østerby Psychiatry", brings="Åtta ronder")).replace(";", sign)

    send_in(coordinator_client, content.encode(encoding))
    press(coordinator_client)

    case = VisitRequest.objects.get()
    assert (case.organisation_name, case.brings) == ("Østerby Psychiatry", "Åtta ronder")


def test_columns_and_answers_may_be_named_in_swedish(coordinator_client):
    head = "Organisation;Land;Kontaktperson;E-post;Hur många;Tar med sig;Första dag;Längd;Språk i brev"
    send_in(coordinator_client, a_list(f"{row(1, country='Norge')};Två dagar;Svenska", head=head))
    press(coordinator_client)

    case = VisitRequest.objects.get()
    assert (case.country.code, case.length, case.language) == ("NO", "two", "sv")


def test_the_template_is_read_back(coordinator_client):
    raw = coordinator_client.get(reverse("admin:import_template")).content

    with pytest.raises(entering.NoTable, match="There is no request below the head"):
        entering.read(raw)


HOSTILE = [
    (b"", "The file is empty."),
    (b"\r\n\r\n", "The file is empty."),
    (a_list("a\0b").encode(), "This is no text."),
    (b"\x89PNG\r\n\x1a\n\x01\x02", "This is no text."),
    (b"PK\x03\x04rest", "This is a spreadsheet and not a CSV file."),
    (a_list().encode("utf-16"), "This is no text."),
    (bytes(range(1, 256)), "This is no text."),
    (("\n".join([HEAD, *(row(n) for n in range(300))])).encode(), "more than 200 requests"),
    (b"x;" * 600_000, "The file is larger than 1 MB."),
    (("\n".join([HEAD, *[";;;;;;"] * 100_000])).encode(), "There is no request below the head"),
    (a_list(row(1), 'Hospital;"never closed').encode(), "line 3 cannot be read"),
    (a_list(row(1, brings="x" * 200_000)).encode(), "line 2 cannot be read"),
    (a_list(row(1, brings="x" * 6000)).encode(), "Line 2 has a cell that is far too long."),
    (a_list(row(1) + ";more").encode(), "Line 2 has more cells"),
    (b"a;b;c\n1;2;3\n", "The first line does not name the columns."),
    (f"{HEAD};Favourite colour\n{row(1)};red\n".encode(), "We do not know the columns “Favourite colour”."),
    (f"{HEAD};Country\n{row(1)};PT\n".encode(), "The column “Country” is there twice."),
    (b"Organisation;Country\nA;PT\n", "These columns are missing: “Contact person” (Kontaktperson)"),
]


@pytest.mark.parametrize(("raw", "told"), HOSTILE, ids=[told[:30] for _raw, told in HOSTILE])
def test_what_is_no_list_is_told_in_a_sentence_and_nothing_is_kept(coordinator_client, raw, told):
    response = send_in(coordinator_client, raw)

    assert response.status_code == 422
    assert told in response.content.decode()
    assert not ImportedFile.objects.exists()
    assert not VisitRequest.objects.exists()


@pytest.mark.parametrize(
    "name", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\u202edab", "<script>alert(1)</script>", "{{ 7*7 }}", "%s %(x)s"]
)
def test_hostile_words_in_a_cell_are_words(coordinator_client, name):
    send_in(coordinator_client, a_list(row(1, organisation=f"Hospital {name}")))

    html = look(coordinator_client)
    press(coordinator_client)

    assert "<script>alert(1)" not in html
    assert VisitRequest.objects.get().organisation_name == f"Hospital {name}".replace("\u202e", "")


def test_without_a_file_one_is_asked_for_it(coordinator_client):
    response = coordinator_client.post(reverse("admin:import"))

    assert response.status_code == 422
    assert "Choose the CSV file with the requests." in response.content.decode()


def test_a_list_belongs_to_who_sent_it_in(coordinator_client):
    send_in(coordinator_client, a_list())
    other = signed_in(CoordinatorFactory())

    response = press(other)

    assert response.status_code == 410
    assert not VisitRequest.objects.exists()


def test_a_list_that_waits_too_long_is_forgotten():
    by = CoordinatorFactory()
    entering.keep_file("list.csv", [], by=by)

    assert retention.forget_imported_files(timezone.now()) == 0
    assert retention.forget_imported_files(timezone.now() + timedelta(days=1)) == 1
    assert not ImportedFile.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_looking_costs_the_same_however_many_rows(coordinator_client, count, django_assert_max_num_queries):
    send_in(coordinator_client, a_list(*(row(n) for n in range(count))))

    with django_assert_max_num_queries(12):
        look(coordinator_client)


def test_facilitators_send_nothing_in(facilitator_client):
    assert send_in(facilitator_client, a_list()).status_code == 403
    assert not ImportedFile.objects.exists()


def test_when_one_row_cannot_be_entered_none_is(coordinator_client, monkeypatch):
    send_in(coordinator_client, a_list(row(1), row(2)))
    monkeypatch.setattr("visits.forms.importing.fingerprint", lambda _cells: "the same for all")

    response = press(coordinator_client)

    assert response.status_code == 409
    assert not Entry.objects.exists()
    assert not VisitRequest.objects.exists()
    assert ImportedFile.objects.count() == 1
