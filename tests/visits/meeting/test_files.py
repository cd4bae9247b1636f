"""Files in a room: put there by us, read by those who may, stored where nobody can ask for them."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import signed_in, visitor_of
from tests.factories import CoordinatorFactory
from tests.visits.meeting import cases
from visits import meeting, rules
from visits.choices import AskState
from visits.models import RoomFile, VisitRequest

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def visit_request() -> VisitRequest:
    return cases.opened()


def kept(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("door", ["facilitator", "staff"])
def test_one_of_us_puts_up_a_file_and_a_guest_is_handed_it(visit_request, door, folder):
    doors = cases.Doors(visit_request)
    client, address = doors[door]

    told = {"do": "add_file", "title": "Esther on two pages"}

    answer = client.post(address, told | {"file": cases.upload("Förord.pdf")})

    assert answer.status_code == 302
    file = RoomFile.objects.get()
    assert (file.title, file.name, file.kind, file.size) == (
        "Esther on two pages", "Förord.pdf", "application/pdf", len(cases.PDF),
    )  # fmt: skip
    guests, there = doors["member"]
    page = guests.get(there).content.decode()
    assert "Esther on two pages" in page
    assert f"PDF, {len(cases.PDF)}\xa0bytes" in page
    handed = guests.get(f"{there}files/{file.pk}/")
    assert b"".join(handed.streaming_content) == cases.PDF
    assert handed["Content-Type"] == "application/pdf"
    assert handed["Content-Disposition"] == "attachment; filename*=utf-8''F%C3%B6rord.pdf"
    assert handed["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in handed["Cache-Control"]
    assert "default-src 'none'" in handed["Content-Security-Policy"]


def test_a_file_is_kept_under_a_name_that_says_nothing(visit_request, folder):
    file = cases.stored(cases.desk(visit_request), "Esther.pdf")

    stored = kept(folder)

    assert [path.read_bytes() for path in stored] == [cases.PDF]
    assert "Esther" not in str(stored[0])
    assert stored[0].suffix == ""
    assert Client().get(f"/{file.file.name}").status_code == 404


def test_a_file_without_a_title_is_called_by_its_name(visit_request):
    client, address = cases.Doors(visit_request)["staff"]

    client.post(address, {"do": "add_file", "file": cases.upload("Our five towns.pdf")})

    assert RoomFile.objects.get().title == "Our five towns"


def test_a_file_that_is_sent_twice_is_one(visit_request, folder):
    client, address = cases.Doors(visit_request)["staff"]

    for _press in range(2):
        client.post(address, {"do": "add_file", "file": cases.upload()})

    assert RoomFile.objects.count() == len(kept(folder)) == 1


@pytest.mark.parametrize(
    ("upload", "sentence"),
    [
        (None, "Choose a file."),
        (("a.pdf", b""), "This file is empty."),
        (("a.pdf", cases.PDF + bytes(rules.ROOM_FILE_BYTES)), "A file may be at most 10 MB."),
        (("a.exe", b"MZ"), "Choose a file of one of these kinds"),
        (("a.pdf", b"<html>"), "says that it is PDF"),
        (("a.exe.pdf", cases.PDF), "two endings"),
    ],
)
@pytest.mark.parametrize("door", ["facilitator", "staff"])
def test_a_file_that_cannot_be_taken_gets_a_sentence_and_the_title_is_kept(
    visit_request, folder, door, upload, sentence
):
    client, address = cases.Doors(visit_request)[door]

    told = {"do": "add_file", "title": "Esther on two pages"}

    answer = client.post(address, told | {"file": cases.upload(*upload)} if upload else told)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert 'value="Esther on two pages"' in page
    assert (RoomFile.objects.count(), kept(folder)) == (0, [])


def test_a_facilitator_takes_away_their_own_file_and_staff_any(
    visit_request, folder, django_capture_on_commit_callbacks
):
    doors = cases.Doors(visit_request)
    facilitator, there = doors["facilitator"]
    staff, desk = doors["staff"]
    facilitator.post(there, {"do": "add_file", "file": cases.upload("Ours.pdf")})
    by_staff = cases.stored(cases.desk(visit_request), "Desk.pdf")
    own = RoomFile.objects.get(name="Ours.pdf")

    refused = facilitator.post(there, {"do": "remove_file", "number": by_staff.pk})
    assert refused.status_code == 403
    assert RoomFile.objects.count() == 2
    with django_capture_on_commit_callbacks(execute=True):
        facilitator.post(there, {"do": "remove_file", "number": own.pk})
        staff.post(desk, {"do": "remove_file", "number": by_staff.pk})

    assert (RoomFile.objects.count(), kept(folder)) == (0, [])
    assert facilitator.post(there, {"do": "remove_file", "number": own.pk}).status_code == 409


def test_after_ninety_days_staff_alone_can_take_a_file_away(visit_request, django_capture_on_commit_callbacks):
    doors = cases.Doors(visit_request)
    facilitator, there = doors["facilitator"]
    staff, desk = doors["staff"]
    facilitator.post(there, {"do": "add_file", "file": cases.upload()})
    cases.days_after_the_visit(visit_request, 91)
    number = RoomFile.objects.get().pk

    assert facilitator.post(there, {"do": "remove_file", "number": number}).status_code == 409
    assert staff.post(desk, {"do": "add_file", "file": cases.upload("Late.pdf")}).status_code == 409
    assert RoomFile.objects.count() == 1
    with django_capture_on_commit_callbacks(execute=True):
        assert staff.post(desk, {"do": "remove_file", "number": number}).status_code == 302

    assert not RoomFile.objects.exists()


# -- Who is handed a file: looked at each time


def test_each_request_for_a_file_is_asked_who_it_is(visit_request):
    file = cases.stored(cases.desk(visit_request))
    other = cases.opened()
    guests = reverse("visits:room_file", args=[visit_request.reference, file.pk])
    hosts = reverse("visits:schedule_room_file", args=[visit_request.reference, file.pk])
    desk = reverse("admin:visits_visitrequest_room_file", args=[visit_request.pk, file.pk])

    let_in = [
        visitor_of(visit_request).get(guests),
        cases.member_client(cases.member(visit_request)).get(guests),
        signed_in(cases.ask(visit_request).facilitator.user).get(hosts),
        signed_in(CoordinatorFactory()).get(desk),
    ]
    kept_out = [
        Client().get(guests),
        visitor_of(other).get(guests),
        visitor_of(other).get(reverse("visits:room_file", args=[other.reference, file.pk])),
        signed_in(cases.ask(other).facilitator.user).get(hosts),
        signed_in(cases.ask(visit_request, AskState.DECLINED).facilitator.user).get(hosts),
        signed_in(CoordinatorFactory()).get(reverse("admin:visits_visitrequest_room_file", args=[other.pk, file.pk])),
    ]

    assert [answer.status_code for answer in let_in] == [200] * 4
    assert [answer.status_code for answer in kept_out] == [404] * 6
    assert (Client().get(hosts).status_code, Client().get(desk).status_code) == (302, 302)


def test_a_file_that_was_taken_away_is_handed_to_nobody(visit_request):
    file = cases.stored(cases.desk(visit_request))
    address = reverse("visits:room_file", args=[visit_request.reference, file.pk])

    meeting.remove_file(cases.desk(visit_request), file.pk)

    assert visitor_of(visit_request).get(address).status_code == 404


def test_a_file_whose_contents_are_lost_is_not_found(visit_request, folder):
    file = cases.stored(cases.desk(visit_request))
    kept(folder)[0].unlink()

    answer = visitor_of(visit_request).get(reverse("visits:room_file", args=[visit_request.reference, file.pk]))

    assert answer.status_code == 404
