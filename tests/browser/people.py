"""The people of the story, and what each of them does in the browser."""

from __future__ import annotations

import re
from datetime import date
from email.message import EmailMessage

from playwright.sync_api import Locator, Page, expect

from tests.browser.house import House, wait_until

VISITOR = "aileen.munro@tayford.example.org"
COORDINATOR = "maja@qulturum.example"
FATIMA = "fatima@qulturum.example"
ERIK = "erik@qulturum.example"
PASSWORD = "a-long-password-for-the-story"

PERSON = f"""
from programmes.models import Area
from visits import roles
from visits.models import Facilitator, Room, Site, User
from django.contrib.auth.models import Group

def person(email, first, last, group, **fields):
    user = User.objects.create_user(email, {PASSWORD!r}, first_name=first, last_name=last, **fields)
    user.groups.add(Group.objects.get(name=group))
    return user
"""
PEOPLE = f"""
{PERSON}
person({COORDINATOR!r}, "Maja", "Lindqvist", roles.COORDINATORS, is_staff=True, language="en")
for email, first, last, language in (
    ({FATIMA!r}, "Fatima", "Hosseini", "en"), ({ERIK!r}, "Erik", "Sandell", "sv"),
):
    user = person(email, first, last, roles.FACILITATORS, language=language)
    facilitator = Facilitator.objects.create(user=user, languages=["en", "sv"])
    facilitator.areas.set(Area.objects.filter(slug="person-centred-care"))
home = Site.objects.get_or_create(name="Qulturum")[0]
Room.objects.create(name="Large room", site=home, capacity=40, step_free=True)
"""


def text_of(mail: EmailMessage) -> str:
    """The plain text part of a mail."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def turn_of(mail: EmailMessage) -> str:
    """Whose turn it is, as the first line of a mail says."""
    return text_of(mail).splitlines()[0].capitalize()


def links_in(mail: EmailMessage, house: House) -> list[str]:
    """The portal's own addresses in a mail's text, in order."""
    return re.findall(rf"{re.escape(house.url)}/[^\s>)]*", text_of(mail))


def kind_of(mail: EmailMessage) -> str:
    """What a mail is: its key begins with it."""
    return str(mail["X-Qulturum-Key"]).split(":")[0]


def mail_to(house: House, address: str, kind: str, *, nth: int = 1) -> EmailMessage:
    """The `nth` mail of a kind to an address, waited for."""

    def come() -> list[EmailMessage]:
        found = [mail for mail in house.sink.to(address) if kind_of(mail) == kind]
        return found if len(found) >= nth else []

    try:
        found: list[EmailMessage] = wait_until(come, f"mail {nth} of the kind {kind} reaches {address}")
    except AssertionError as error:
        raise AssertionError(f"{error} Came: {[kind_of(mail) for mail in house.sink.to(address)]}") from error
    return found[nth - 1]


def sign_in(page: Page, address: str) -> None:
    page.goto("/account/login/")
    page.get_by_text("I would rather use my password").click()
    page.locator("[name=login]").fill(address)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def ask_for_a_visit(page: Page, first_day: date) -> None:
    """The five steps, from the basket to «Send your request»."""
    page.goto("/areas/person-centred-care/")
    page.locator("#esther-network").get_by_role("button", name=re.compile("Add to my visit")).click()
    expect(page.locator(".q-basket b")).to_contain_text("1")
    page.goto("/visit/new/")
    page.locator("[name=organisation_name]").fill("Tayford Health Board")
    page.locator("[name=country]").select_option("GB")
    page.get_by_label("Health care").check()
    page.locator("[name=contact_name]").fill("Aileen Munro")
    page.locator("[name=contact_role]").fill("Head of improvement")
    page.locator("[name=contact_email]").fill(VISITOR)
    page.locator("[name=language][value=en]").check()
    page.locator("[name=group_size]").fill("6")
    page.get_by_label("Patients or relatives").check()
    go_on(page, "What do you want to learn?")
    expect(page.get_by_text("Esther network").first).to_be_visible()
    page.get_by_label("Person-centred care").check()
    page.locator("[name=aim]").fill("How Esther changed the flow between hospital and home.")
    page.locator("[name=question_1]").fill("What made Esther last?")
    go_on(page, "What do you bring to us?")
    page.get_by_label("A challenge").check()
    page.locator("[name=brings]").fill("Volunteers phone people who live alone. It works in two of five towns.")
    go_on(page, "When would you like to come?")
    page.get_by_label("Length of the visit").select_option("one")
    choose_day(page, first_day)
    go_on(page, "What do you need?")
    page.get_by_label("English").check()
    page.locator("[name=step_free]").fill("1")
    page.get_by_role("button", name="Check your answers").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers before you send")


def add_session(page: Page, title: str, kind: str, starts: str, minutes: int, *, room: str = "") -> None:
    """A row of the agenda, from the empty form beside it."""
    page.locator("#add").get_by_role("link", name="Empty", exact=True).click()
    form = page.locator("#add form", has=page.locator("[name=title]"))
    form.locator("[name=title]").fill(title)
    form.get_by_text(kind, exact=True).click()
    form.locator("[name=starts]").fill(starts)
    form.locator("[name=minutes]").fill(str(minutes))
    if room:
        form.get_by_label("Room").select_option(label=room)
    form.get_by_role("button", name="Add to the agenda").click()
    expect(page.locator(".dk-row", has_text=title)).to_be_visible()


def choose_facilitator(page: Page, title: str, name: str, button: str) -> None:
    """Exactly that person, asked now or put down for later: other stories have somebody of almost the same name."""
    page.locator(".dk-row", has_text=title).get_by_role("link", name=re.compile("People|Choose")).click()
    suggested = page.locator(".sug", has=page.get_by_text(name, exact=True))
    suggested.get_by_role("button", name=re.compile(f"^{button}")).click()
    expect(page.locator(".dk-row", has_text=title)).to_contain_text(name)


def choose_day(page: Page, day: date) -> None:
    """Turn the calendar to the month of `day`, whichever it shows now, and choose it."""
    month = f"{day:%Y-%m}"
    for _turn in range(18):
        radio = page.locator(f"[name=first][value='{day.isoformat()}']")
        if radio.count():
            tick(radio)
            return
        turns = page.locator(".btn[name=go]")
        earlier = [turn for turn in turns.all() if month <= str(turn.get_attribute("value"))]
        with page.expect_navigation():
            (earlier[0] if len(earlier) == turns.count() else turns.last).click()
    raise AssertionError(f"{day} is not in the calendar")


def tick(box: Locator) -> None:
    """Choose by keyboard: nothing that sticks to the window can lie above it, and a page that moves does not matter."""
    if not box.is_checked():
        box.press("Space")
    expect(box).to_be_checked()


def go_on(page: Page, heading: str) -> None:
    page.get_by_role("button", name="Continue", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
