"""A coordinator's day: twenty new requests, two planned in full, a colleague who is ill, a no that is undone."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, time, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import people
from tests.browser.a_day import ASIDE, EVENING, JONAS, MADE, OUTCOMES, STANDS, Case
from tests.browser.conftest import a_house, look_at
from tests.browser.house import House, wait_until
from tests.browser.people import COORDINATOR, ERIK, FATIMA, kind_of, links_in, mail_to
from visits import rules

pytestmark = pytest.mark.browser
UNDO_MINUTES = 90  # longer than the test takes on any machine: mails wait until the clock is set ahead
MORNING = time(8, 10)  # the mails of the morning have left
IS_OURS = {"submitted", "in_review", "waitlisted", "confirmed"}  # also the two that are planned later
Cases = dict[str, Case]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, furnished: House) -> Iterator[House]:
    """A house of its own, on the morning of a working Tuesday, in which every decision can be taken back."""
    yield from a_house(tmp_path_factory.mktemp("day"), furnished, QULTURUM_UNDO_MINUTES=str(UNDO_MINUTES))


def test_a_coordinators_day(house, open_page):
    it_is_a_tuesday_morning(house)
    house.ask(people.PEOPLE)
    found = json.loads(house.make(MADE))
    case = {name: Case(name, *found[name]) for name in OUTCOMES}
    desk = open_page()

    twenty_new_requests_wait_for_her(house, desk, case)
    two_that_are_one_are_put_together(house, desk, case)
    she_works_by_keys(house, desk, case)
    she_decides_several_at_once(house, desk, case)
    one_is_handed_over_and_one_waits_in_the_line(desk, case)
    a_no_is_said_and_one_is_undone(house, desk, case)
    none_of_the_twenty_is_left(desk, case)

    she_plans_from_a_template(house, desk, case["tayford"])
    she_plans_with_sessions_of_her_own(house, desk, case["lomond"])
    for one in (case["tayford"], case["lomond"]):
        she_proposes(house, desk, one)
        the_guests_say_yes(house, open_page(), one)
    the_facilitators_say_yes(house, open_page())
    for one in (case["tayford"], case["lomond"]):
        both_agree_and_she_confirms(house, desk, open_page(), one)

    fatima_falls_ill_and_jonas_steps_in(house, desk, open_page(), Case("today", *found["today"]))
    in_the_evening_all_is_as_she_decided(house, case)


# -- The morning -----------------------------------------------------------------------


def it_is_a_tuesday_morning(house: House) -> None:
    now = datetime.now(rules.STOCKHOLM)
    day = now.date() + timedelta(days=(1 - now.weekday()) % 7 or 7)
    house.set_ahead((datetime.combine(day, MORNING, rules.STOCKHOLM) - now).total_seconds())


def twenty_new_requests_wait_for_her(house: House, page: Page, case: Cases) -> None:
    people.sign_in(page, COORDINATOR)
    page.wait_for_url(lambda address: "login" not in address)
    wait_until(lambda: noticed(page) >= 7, "the portal has noticed what is to be noticed")
    for one in case.values():
        expect(row(page, one)).to_have_count(1)
    for name, told in (
        ("twice", "same visit"), ("fellow", "Fellowship"), ("press", "press"), ("empty", "bring"), ("back", "before"),
        ("school", "pupils"), ("sixty", "room"),
    ):  # fmt: skip
        expect(remarks(page, case[name])).to_contain_text(re.compile(told, re.IGNORECASE))
    look_at(page, "the queue of a morning", views=((1440, "light"), (390, "dark")))


def noticed(page: Page) -> int:
    page.goto("/admin/")
    return page.locator("tr.dk-fl").count()


def row(page: Page, one: Case) -> Locator:
    return page.locator("tr").filter(has=page.locator(f"a[href$='/{one.pk}/change/']"))


def remarks(page: Page, one: Case) -> Locator:
    return row(page, one).locator("xpath=following-sibling::tr[1]")


def pick(page: Page, one: Case) -> None:
    """Choose a row of the queue, so that its preview and the keys are about it."""
    page.goto("/admin/")
    row(page, one).locator("a[href$='#case']").click()
    expect(page.locator("#case")).to_contain_text(one.reference)


# -- Triage ----------------------------------------------------------------------------


def two_that_are_one_are_put_together(house: House, page: Page, case: Cases) -> None:
    """It is told at once. After this every deed holds the mails of its request, these too, as long as it waits."""
    pick(page, case["twice"])
    expect(page.locator("#case")).to_contain_text("The same visit twice?")
    page.locator("#case").get_by_role("button", name="Put together").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(case["tayford"].who)
    expect(page.locator("main")).to_contain_text(case["twice"].reference)
    mail_to(house, case["tayford"].guest, "put_together")
    mail_to(house, case["twice"].guest, "put_into")


def she_works_by_keys(house: House, page: Page, case: Cases) -> None:
    for name in ("tayford", "lomond", "back", "sixty", "press"):
        pick(page, case[name])
        page.keyboard.press("a")
        expect(page.get_by_text("Our turn: propose a programme")).to_be_visible()
    for name, question in (
        ("empty", "What could you show us?"), ("school", "Who of you is of age?"), ("talk", "Who comes?"),
    ):  # fmt: skip
        pick(page, case[name])
        page.keyboard.press("q")
        expect(page.get_by_label("Question to them")).to_be_checked()
        page.locator("#write [name=text]").fill(question)
        page.locator("#write").get_by_role("button", name="Send").click()
        expect(page.get_by_role("status").first).to_contain_text("The mail leaves at")
    for name in ("aside", "later"):
        pick(page, case[name])
        page.keyboard.press("l")
        page.get_by_label("Put aside until").fill((house.now() + timedelta(days=13)).date().isoformat())
        page.get_by_role("button", name="Put aside", exact=True).click()
        expect(page.get_by_text("under a heading of its own")).to_be_visible()


def she_decides_several_at_once(house: House, page: Page, case: Cases) -> None:
    several = ("march", "april", "may", "plain", "simple", "undone", "other")
    page.goto("/admin/?bulk=1")
    for name in several:
        page.get_by_role("checkbox", name=case[name].who).check()
    page.get_by_role("button", name="Decide those that are ticked").click()
    page.get_by_label("For those that are ticked").select_option("take")
    page.get_by_role("button", name="Set it").click()
    page.get_by_label(f"Deed for {case['other'].who}").select_option("other_day")
    page.get_by_role("button", name="See what it does").click()
    day = (house.now() + timedelta(days=150)).date()
    page.get_by_label(f"The day to ask for for {case['other'].who}").fill(day.isoformat())
    page.get_by_role("button", name="Do these 7").click()
    expect(page.get_by_role("status").first).to_contain_text("7 done")


def one_is_handed_over_and_one_waits_in_the_line(page: Page, case: Cases) -> None:
    page.goto(f"{case['press'].desk}request/")
    page.locator("summary", has_text="Hand over").click()
    page.get_by_label("Hand over to").select_option(label="Karin Ahlgren")
    page.get_by_role("button", name="Hand over").click()
    expect(page.get_by_text("Handed over.")).to_be_visible()
    page.goto(f"{case['sixty'].desk}request/")
    page.locator("summary", has_text="Put on the waiting list").click()
    page.locator("[name=what_for]").fill("Our largest room holds forty. We look for another house.")
    page.get_by_role("button", name="Put on the waiting list", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("The mail leaves at")


def a_no_is_said_and_one_is_undone(house: House, page: Page, case: Cases) -> None:
    for name in ("fellow", "full", "undone"):
        pick(page, case[name])
        page.keyboard.press("d")
        page.get_by_role("radio").first.check()
        page.get_by_role("checkbox", name=re.compile("Fellowship")).check()
        page.locator("[name=explanation]").fill("Your question is a good one.")
        page.get_by_role("button", name="Say no, and offer this").click()
        expect(page.get_by_role("status").first).to_contain_text("The mail leaves at")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Taken back: the no. No mail has left, and all is as it was.")).to_be_visible()
    expect(page.get_by_text("Our turn: propose a programme")).to_be_visible()


def none_of_the_twenty_is_left(page: Page, case: Cases) -> None:
    """Nothing new is left: what is ours is talked about, waits in the line, or is put aside until its day."""
    page.goto("/admin/")
    expect(page.get_by_text("New, nobody has answered")).to_have_count(0)
    expect(page.get_by_text("Put aside: each comes back on its day")).to_be_visible()
    shown = {name for name, one in case.items() if row(page, one).count()}
    assert shown == {name for name, outcome in OUTCOMES.items() if outcome.state in IS_OURS}


# -- Planning --------------------------------------------------------------------------


def she_plans_from_a_template(house: House, page: Page, one: Case) -> None:
    page.goto(one.desk)
    page.locator("[name=title]").first.fill("Half a day with Esther")
    page.get_by_role("button", name="Keep these days").click()
    page.get_by_role("radio", name=re.compile("Half a day with Esther")).check()
    page.get_by_role("button", name="Put it into the agenda").click()
    rows = page.locator(".dk-row", has_text="Choose a facilitator")
    expect(rows).to_have_count(3)
    page.get_by_role("button", name="Edit Meet Esther").click()
    page.locator(".dk-row.open").get_by_label("Room").select_option(label="Large room")
    page.locator(".dk-row.open").get_by_role("button", name="Save and close").click()
    expect(page.locator(".dk-row", has_text="Meet Esther")).to_contain_text("Large room")
    for title, name in (("Who are we", "Erik Sandell"), ("Meet Esther", "Fatima Hosseini"), ("on Monday", "Jonas Ek")):
        people.choose_facilitator(page, title, name, "Later")


def she_plans_with_sessions_of_her_own(house: House, page: Page, one: Case) -> None:
    page.goto(one.desk)
    page.locator("[name=title]").first.fill("Falls, followed each day")
    page.get_by_role("button", name="Keep these days").click()
    for title, kind, starts, minutes in (
        ("How wards see falls", "We lead", "09.00", 60), ("Your own wards", "The guests’ own", "10.15", 60),
        ("Lunch", "Break", "12.00", 60), ("What do we try?", "We lead", "13.00", 60),
    ):  # fmt: skip
        people.add_session(page, title, kind, starts, minutes, room="" if kind == "Break" else "Large room")
    people.choose_facilitator(page, "How wards see falls", "Fatima Hosseini", "Later")
    people.choose_facilitator(page, "What do we try?", "Erik Sandell", "Ask")
    send_now(page)
    mail_to(house, ERIK, "ask")


def send_now(page: Page) -> None:
    """The ten minutes are hers to give up: what waits leaves at once."""
    page.locator(".dk-undo").get_by_role("button", name="Send now").click()
    expect(page.locator(".dk-undo").get_by_role("button", name="Send now")).to_have_count(0)


def she_proposes(house: House, page: Page, one: Case) -> None:
    page.goto(one.desk)
    page.get_by_role("link", name="Check and propose").first.click()
    page.locator("[name=letter]").fill("Does this feel right?")
    page.get_by_role("button", name="Propose version 1").click()
    expect(page.get_by_role("status").first).to_contain_text("Version 1 leaves at")
    assert "proposal" not in [kind_of(mail) for mail in house.sink.to(one.guest)]
    send_now(page)


def the_guests_say_yes(house: House, page: Page, one: Case) -> None:
    page.goto(links_in(mail_to(house, one.guest, "proposal"), house)[0])
    page.get_by_role("button", name="Open your visit").click()
    page.get_by_role("link", name=re.compile("Yes, this works")).click()
    page.get_by_role("button", name=re.compile("Yes to version 1")).click()
    expect(page.get_by_role("heading", name="It is our turn")).to_be_visible()


def the_facilitators_say_yes(house: House, page: Page) -> None:
    for address, sessions in ((FATIMA, 2), (ERIK, 2), (JONAS, 1)):
        for nth in range(1, sessions + 1):
            say_yes(house, page, address, nth)


def say_yes(house: House, page: Page, address: str, nth: int) -> None:
    page.goto(next(link for link in links_in(mail_to(house, address, "ask", nth=nth), house) if "/ask/" in link))
    page.locator("button[name=answer][value=yes]").click()
    expect(page.locator("button[name=answer][value=yes]")).to_have_count(0)


def both_agree_and_she_confirms(house: House, desk: Page, guest: Page, one: Case) -> None:
    guest.goto(links_in(mail_to(house, one.guest, "proposal"), house)[0])
    guest.get_by_role("button", name="Open your visit").click()
    guest.goto(f"/my/{one.reference}/agreement/answers/")
    for name in ("aim", "measure", "test"):
        guest.locator(f"[name={name}]").fill(f"What we answer about the {name}.")
    guest.get_by_role("button", name="Keep the answers").click()
    desk.goto(f"{one.desk}agreement/")
    for name in ("aim", "measure", "test"):
        desk.locator(f"#agreement_ours_{name}").fill(f"What Qulturum answers about the {name}.")
    desk.get_by_role("button", name="Keep our half").click()
    desk.get_by_role("button", name="Agree for Qulturum").click()
    expect(desk.get_by_text("Their turn: read the agreement")).to_be_visible()
    guest.goto(f"/my/{one.reference}/agreement/")
    guest.get_by_role("button", name="We agree").click()
    expect(guest.get_by_role("heading", name="We have both agreed")).to_be_visible()
    desk.reload()
    desk.get_by_role("button", name="Confirm the visit", exact=True).click()
    expect(desk.get_by_text("Together: the visit is confirmed")).to_be_visible()
    send_now(desk)
    mail_to(house, one.guest, "confirmed")


# -- Somebody is ill -------------------------------------------------------------------


def fatima_falls_ill_and_jonas_steps_in(house: House, desk: Page, jonas: Page, today: Case) -> None:
    quiet(house)
    before, mails = house.ask(STANDS.format(pk=today.pk)), len(house.sink.mails)

    desk.get_by_role("link", name="Stepping in").click()
    expect(desk.get_by_role("heading", name="Every session has somebody")).to_be_visible()
    desk.get_by_label("Who cannot come?").select_option(label="Fatima Hosseini")
    desk.get_by_role("button", name="Write it down").click()
    told = desk.get_by_role("alert")
    expect(told).to_contain_text("1 session counts on Fatima Hosseini")
    expect(told).to_contain_text("Bryn Coch University")
    expect(told).to_contain_text("Could step in: ")
    look_at(desk, "what somebody who is ill leaves to nobody")
    desk.get_by_role("button", name="Write it down and let them go").click()
    expect(desk.get_by_text("Fatima Hosseini does not lead it any more.")).to_be_visible()
    look_at(desk, "who could step in")
    desk.locator(".sug", has_text="Jonas Ek").get_by_role("button", name="Ask").click()
    expect(desk.get_by_text("What the confirmed visit lacks")).to_be_visible()
    send_now(desk)
    say_yes(house, jonas, JONAS, 2)
    desk.get_by_role("link", name="Who could step in").click()
    expect(desk.get_by_role("heading", name="Every session has somebody")).to_be_visible()

    quiet(house)
    assert house.ask(STANDS.format(pk=today.pk)) == before
    told = [mail for mail in house.sink.mails[mails:] if "@qulturum.example" in str(mail["To"])]
    assert len(told) == len(house.sink.mails[mails:])  # no guest is told
    assert sorted(kind_of(mail) for mail in told) == ["ask", "session_confirmed", "stood_down"]
    assert [kind_of(mail) for mail in told if FATIMA in str(mail["To"])] == ["stood_down"]
    assert sum(JONAS in str(mail["To"]) for mail in told) == 2


def quiet(house: House) -> None:
    """Until nothing is due any more: what waits for its ten minutes may wait on.

    What was owed just now is due too, also by a clock that is a little behind the one of whoever owed it.
    """
    due = "from datetime import timedelta\nfrom django.utils import timezone\nfrom visits.models import Message\n"
    due += "soon = timezone.now() + timedelta(minutes=1)\n"
    due += "print(Message.objects.filter(state__in=['due', 'sending'], due_at__lte=soon).count())"
    wait_until(lambda: house.ask(due) == "0", "every mail that is due has left")


# -- The evening -----------------------------------------------------------------------


def in_the_evening_all_is_as_she_decided(house: House, case: Cases) -> None:
    house.set_ahead(house.ahead + timedelta(minutes=UNDO_MINUTES + 1).total_seconds())
    quiet(house)
    stands = json.loads(house.ask(EVENING))

    for name, one in case.items():
        state, host, until, deeds = stands[one.reference]
        outcome = OUTCOMES[name]
        assert (name, state, host, bool(until)) == (name, outcome.state, outcome.host, outcome is ASIDE)
        assert Counter(kind_of(mail) for mail in house.sink.to(one.guest)) == Counter(["received", *outcome.mails]), (
            name
        )
        if outcome.deeds:
            assert (name, *deeds) == (name, "sent", "verified", *outcome.deeds)
        else:
            assert (name, deeds.count("proposed"), deeds.count("confirmed")) == (name, 1, 1)
    keys = Counter(str(mail["X-Qulturum-Key"]) for mail in house.sink.mails)
    assert {key: times for key, times in keys.items() if times > 1} == {}
