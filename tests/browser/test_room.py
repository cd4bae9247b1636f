"""The visit's room and the moving of a visit, told from the guests' side in both languages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.translation import ngettext
from playwright.sync_api import Page, expect

from tests.browser.conftest import look_at
from tests.browser.house import House
from tests.browser.people import PASSWORD, sign_in, tick
from tests.browser.tongue import said

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]

LANGUAGES = ["en", "sv"]
PATHS = {"en": "", "sv": "/sv"}
FIRST = {"en": 7000, "sv": 7500}  # numbers of the people made here, so that nobody has another’s address


def told(house: House, code: str) -> list[str]:
    """Run a few lines inside the portal; what they print, word by word."""
    return house.ask(code).split()


def made(house: House, language: str, number: int, *, days: int | None = None) -> tuple[str, str, str, str, int]:
    """A confirmed visit by the deeds themselves: link, reference, facilitator’s and host’s address, its number.

    With `days` it lies so many days ahead.
    """
    code = f"""
import datetime
from django.utils import timezone
from tests.factories import RoomFactory, UserFactory, join
from tests.visits.visitor import cases
from visits import access, roles, scheduling
from visits.choices import LinkPurpose
from visits.models import Ask, User, Visit
UserFactory.reset_sequence({FIRST[language] + number})
RoomFactory.reset_sequence({FIRST[language] + number})
visit_request = cases.confirmed(
    organisation_name="Fernhill Hospital {language} {number}", big_questions=["What made Esther last?"],
    contact_email="room-{language}-{number}@fernhill.example.org", language="{language}",
)
session = visit_request.visit.sessions.get(title="Meet Esther")
session.room = RoomFactory()
session.save(update_fields=["room"])
scheduling.book_room(session)
facilitator = Ask.objects.get(session=session).facilitator
host = visit_request.coordinator
for user in (facilitator.user, host):
    user.set_password({PASSWORD!r}); user.language = "{language}"
    user.is_staff = user == host
    user.save()
join(host, roles.COORDINATORS)
days = {days!r}
if days is not None:
    first = timezone.localdate() + datetime.timedelta(days=days)
    Visit.objects.filter(request=visit_request).update(first_day=first, last_day=first)
link = access.token(access.standing_link(LinkPurpose.VISIT, request=visit_request))
print(link, visit_request.reference, facilitator.user.email, host.email, visit_request.pk)
"""
    link, reference, facilitator, host, pk = told(house, code)
    return link, reference, facilitator, host, int(pk)


def opened(open_page: Callable[..., Page], language: str, link: str) -> Page:
    """A guest's browser that has opened the link of the visit."""
    page = open_page()
    page.goto(f"{PATHS[language]}/v/{link}/")
    page.locator("main form button").first.click()
    return page


@pytest.mark.parametrize("language", LANGUAGES)
def test_guests_ask_hosts_answer_and_after_ninety_days_the_room_is_only_read(
    house: House, open_page: Callable[..., Page], language: str, tmp_path: Path
) -> None:
    link, reference, facilitator, host, pk = made(house, language, 10)
    guest = opened(open_page, language, link)
    start = PATHS[language]

    # The guest comes from the visit's own page, and asks.
    guest.get_by_role("link", name=said(language, "Open the room")).click()
    expect(guest.get_by_role("heading", level=1)).to_have_text(said(language, "The room before we meet"))
    expect(guest.get_by_text(said(language, "Nobody has answered yet"))).to_be_visible()
    guest.get_by_text(said(language, "Ask a new question")).click()
    guest.get_by_label(said(language, "Your question")).fill("Who paid for it?")
    guest.get_by_role("button", name=said(language, "Ask"), exact=True).click()
    expect(guest.get_by_role("heading", name="Who paid for it?")).to_be_visible()

    erik, maja, paper = open_page(), open_page(), tmp_path / "Esther.pdf"
    paper.write_bytes(b"%PDF-1.7\n%%EOF\n")
    sign_in(erik, facilitator)
    a_facilitator_answers(erik, language, reference)
    sign_in(maja, host)
    staff_put_up_a_file(maja, language, pk, paper)

    # The guest reads who answered, and is handed the file.
    guest.goto(f"{start}/my/{reference}/room/")
    expect(guest.get_by_text("The meetings did.")).to_be_visible()
    name = said(language, "%(name)s has taken the question along to the meeting.", name="Erik Sandell")
    expect(guest.get_by_text(name)).to_be_visible()
    assert guest.locator("input[type=file]").count() == 0
    with guest.expect_download() as download:
        guest.get_by_role("link", name="Esther on two pages").click()
    assert download.value.suggested_filename == "Esther.pdf"
    assert Path(download.value.path()).read_bytes() == paper.read_bytes()
    look_at(guest, f"room-guest-{language}")

    # Ninety days after the visit all of it can be read, and nothing changed.
    passed = "timezone.localdate() - datetime.timedelta(days=91)"
    told(
        house,
        "import datetime\nfrom django.utils import timezone\nfrom visits.models import Visit\n"
        f"Visit.objects.filter(request={pk}).update(first_day={passed}, last_day={passed})\nprint(1)",
    )
    guest.reload()
    expect(guest.get_by_text("The meetings did.")).to_be_visible()
    expect(guest.get_by_role("heading", level=1)).to_have_text(said(language, "The room after we met"))
    assert guest.locator("main textarea").count() == 0
    look_at(guest, f"room-closed-{language}")


def a_facilitator_answers(erik: Page, language: str, reference: str) -> None:
    """The big question, from a page of their own; the other one they take along."""
    erik.goto(f"{PATHS[language]}/schedule/room/{reference}/")
    big = erik.locator(".q-thread", has_text="What made Esther last?")
    big.get_by_text(said(language, "Answer or ask on")).click()
    big.get_by_label(said(language, "Your words")).fill("The meetings did.")
    big.get_by_role("button", name=said(language, "Send")).click()
    expect(erik.get_by_text("The meetings did.")).to_be_visible()
    own = erik.locator(".q-thread", has_text="Who paid for it?")
    own.get_by_role("button", name=said(language, "Take it with me to the meeting")).click()
    expect(erik.get_by_text(said(language, "You have taken the question with you to the meeting."))).to_be_visible()
    look_at(erik, f"room-facilitator-{language}")


def staff_put_up_a_file(maja: Page, language: str, pk: int, paper: Path) -> None:
    """From the page of the request."""
    maja.goto(f"{PATHS[language]}/admin/visits/visitrequest/{pk}/change/")
    maja.locator(".views").get_by_role("link", name=said(language, "Room"), exact=True).click()
    maja.get_by_text(said(language, "Add a file")).click()
    maja.get_by_label(said(language, "File"), exact=True).set_input_files(paper)
    maja.get_by_label(said(language, "What it is")).fill("Esther on two pages")
    maja.get_by_role("button", name=said(language, "Put it into the room")).click()
    expect(maja.get_by_role("link", name="Esther on two pages")).to_be_visible()
    look_at(maja, f"room-desk-{language}")


def state_of(house: House, pk: int) -> str:
    return house.ask(f"from visits.models import VisitRequest; print(VisitRequest.objects.get(pk={pk}).state)")


def expect_what_follows(page: Page, language: str) -> None:
    """One person and one room: the numbers of the visits made here."""
    with translation.override(language):
        people = ngettext(
            "One person is told and gets the time back.", "%(people)s people are told and get their time back.", 1
        )
        rooms = ngettext("One room is let go.", "%(rooms)s rooms are let go.", 1)
    for sentence in (people, rooms):
        expect(page.get_by_text(sentence)).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_guest_reads_what_follows_and_moves_the_visit_and_staff_have_it_back(
    house: House, open_page: Callable[..., Page], language: str
) -> None:
    link, _reference, _facilitator, host, pk = made(house, language, 20)
    guest = opened(open_page, language, link)

    guest.get_by_role("link", name=said(language, "Come on other days")).click()
    expect_what_follows(guest, language)
    look_at(guest, f"move-{language}")
    guest.get_by_role("button", name=said(language, "Look at these days")).click()
    expect(guest.locator(".errors")).to_be_focused()
    tick(guest.locator("input[name=first]").last)
    guest.get_by_role("button", name=said(language, "Look at these days")).click()
    expect(guest.get_by_role("heading", level=1)).to_have_text(said(language, "Move the visit?"))
    expect_what_follows(guest, language)
    look_at(guest, f"move-confirm-{language}")
    guest.get_by_role("button", name=said(language, "Move the visit")).click()

    expect(guest.get_by_role("heading", name=said(language, "The days you wish for now"))).to_be_visible()
    look_at(guest, f"moved-{language}")
    assert state_of(house, pk) == "in_review"
    maja = open_page()
    sign_in(maja, host)
    maja.goto(f"{PATHS[language]}/admin/visits/visitrequest/{pk}/change/history/")
    line = said(language, "%(who)s asked for other days: %(days)s", who="Aileen Munro", days="")
    expect(maja.get_by_text(line.strip())).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_within_four_weeks_a_move_is_a_wish_to_the_host(
    house: House, open_page: Callable[..., Page], language: str
) -> None:
    link, reference, _facilitator, _host, pk = made(house, language, 30, days=20)
    guest = opened(open_page, language, link)
    day = date.fromisoformat(
        house.ask(
            "from visits import rules; from django.utils import timezone; "
            "print(rules.earliest_first_day(timezone.localdate()))"
        )
    )
    day += timedelta(days=21 + (1 - day.weekday()) % 7)

    guest.goto(f"{PATHS[language]}/my/{reference}/move/confirm/?first={day.isoformat()}")
    expect(guest.get_by_role("heading", level=1)).to_have_text(said(language, "Send your wish?"))
    look_at(guest, f"move-late-{language}")
    guest.get_by_role("button", name=said(language, "Send the wish to your host")).click()

    sent = said(language, "Your host has your wish. The visit stands as it is until you have an answer.")
    expect(guest.get_by_text(sent)).to_be_visible()
    assert state_of(house, pk) == "confirmed"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_visit_that_is_called_off_lets_go_of_what_the_page_told(
    house: House, open_page: Callable[..., Page], language: str
) -> None:
    link, _reference, _facilitator, _host, pk = made(house, language, 40)
    guest = opened(open_page, language, link)

    guest.get_by_role("link", name=said(language, "Cancel the visit")).click()
    expect_what_follows(guest, language)
    look_at(guest, f"cancel-{language}")
    guest.get_by_role("button", name=said(language, "Cancel the visit")).click()

    expect(guest.get_by_role("heading", level=1)).to_have_text(said(language, "The visit is cancelled"))
    held = house.ask(
        "from visits.models import Ask, Booking\n"
        f"of = dict(session__visit__request={pk})\n"
        "print(Ask.objects.live().filter(**of).count(), Booking.objects.filter(**of).count())"
    )
    assert (state_of(house, pk), held) == ("cancelled", "0 0")
