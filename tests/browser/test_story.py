"""The whole story, on the running processes: a visitor asks, staff answer, facilitators say yes, reminders go out."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, datetime, time, timedelta

import icalendar
import pytest
from playwright.sync_api import Page, expect

from tests.browser import people
from tests.browser.conftest import look_at
from tests.browser.house import House
from tests.browser.people import COORDINATOR, ERIK, FATIMA, VISITOR, kind_of, links_in, mail_to
from visits import rules

pytestmark = pytest.mark.browser
TURNS = {VISITOR: {"Together", "It is your turn"}, FATIMA: {"Together"}, ERIK: {"Tillsammans"}}


def test_the_whole_story(house, open_page):
    day = a_tuesday_in_time()
    house.ask(people.PEOPLE)
    visitor, desk, fatima = open_page(), open_page(), open_page()

    reference = the_visitor_asks_and_confirms_the_address(house, visitor, day)
    the_coordinator_takes_it_and_asks(house, desk, reference)
    the_visitor_answers(house, visitor, reference)
    the_coordinator_plans_and_proposes(house, desk, reference)
    the_visitor_wants_a_change(house, visitor)
    the_coordinator_proposes_again(desk)
    the_visitor_says_yes(house, visitor, reference)
    fatima_says_yes_on_her_page(house, fatima)
    erik_says_yes_from_his_mail(house, open_page(language="sv-SE"))
    both_agree_to_the_agreement(house, visitor, desk, reference)
    the_coordinator_confirms(house, desk)
    the_calendar_says_when(house, visitor, reference, day)
    the_clock_moves_to_each_reminder(house, day)

    sent_once_each(house)


def a_tuesday_in_time() -> date:
    """A working Tuesday of summer or winter time that keeps the three months, outside the closed weeks."""
    day = rules.earliest_first_day(datetime.now(rules.STOCKHOLM).date()) + timedelta(days=14)
    return day + timedelta(days=(1 - day.weekday()) % 7)


def the_visitor_asks_and_confirms_the_address(house: House, page: Page, day: date) -> str:
    people.ask_for_a_visit(page, day)
    look_at(page, "check")
    page.get_by_label("I have asked the people in my group").check()
    page.get_by_role("button", name="Send your request").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look in your e-mail")
    page.goto(links_in(mail_to(house, VISITOR, "verify"), house)[0])
    look_at(page, "verify")
    page.get_by_role("button", name="Send to Qulturum").click()
    expect(page.get_by_role("heading", name="It is our turn")).to_be_visible()
    look_at(page, "received")
    mail_to(house, VISITOR, "received")
    found = re.search(r"CL-\d\d-\d{3}", page.url)
    assert found, page.url
    return found[0]


def the_coordinator_takes_it_and_asks(house: House, page: Page, reference: str) -> None:
    page.goto("/admin/")
    people.sign_in(page, COORDINATOR)
    page.goto("/admin/")
    ours = page.get_by_role("link", name="Tayford Health Board", exact=True)
    page.locator("tr").filter(has=ours).locator("a[href$='#case']").click()  # others may stand first in the queue
    expect(page.locator("[aria-current=true]").filter(has=ours)).to_be_visible()
    look_at(page, "queue")
    page.get_by_role("button", name="Take it and plan").click()
    expect(page.get_by_text("Our turn: propose a programme")).to_be_visible()
    page.get_by_role("link", name=re.compile("^Messages")).click()
    page.locator("#write [name=text]").fill("Who in your group will tell the story?")
    page.locator("#write").get_by_text("Question to them").click()
    page.locator("#write").get_by_role("button", name="Send").click()
    expect(page.get_by_text("The question is on its way. It is their turn.")).to_be_visible()
    look_at(page, "messages")


def the_visitor_answers(house: House, page: Page, reference: str) -> None:
    page.goto(links_in(mail_to(house, VISITOR, "question"), house)[0])
    page.get_by_role("button", name="Open your visit").click()
    expect(page.get_by_role("heading", name="It is your turn")).to_be_visible()
    look_at(page, "question")
    page.locator("textarea").first.fill("Our patient partner Moira tells it herself.")
    page.get_by_role("button", name=re.compile("Send")).first.click()
    expect(page.get_by_role("heading", name="It is our turn")).to_be_visible()


def the_coordinator_plans_and_proposes(house: House, page: Page, reference: str) -> None:
    page.get_by_role("link", name="Plan", exact=True).click()
    page.locator("[name=title]").first.fill("Esther and the flow between hospital and home")
    page.get_by_role("button", name="Keep these days").click()
    people.add_session(page, "Meet Esther", "We lead", "09.00", 60)
    people.choose_facilitator(page, "Meet Esther", "Fatima Hosseini", "Ask")
    people.add_session(page, "Your story", "The guests’ own", "10.15", 45)
    people.add_session(page, "Lunch", "Break", "12.00", 60)
    people.add_session(page, "Walk the process", "We lead", "13.00", 90)
    people.choose_facilitator(page, "Walk the process", "Erik Sandell", "Later")
    look_at(page, "plan")
    propose(page)


def propose(page: Page) -> None:
    page.get_by_role("link", name="Check and propose").first.click()
    look_at(page, "propose")
    page.locator("[name=letter]").fill("Does 45 minutes feel right for your story?")
    page.get_by_role("button", name=re.compile("Propose version")).click()
    expect(page.get_by_text(re.compile("Their turn"))).to_be_visible()


def the_visitor_wants_a_change(house: House, page: Page) -> None:
    page.goto(links_in(mail_to(house, VISITOR, "proposal"), house)[0])
    page.get_by_role("button", name="Open your visit").click()
    expect(page.get_by_text("Meet Esther").first).to_be_visible()
    look_at(page, "proposal")
    page.get_by_role("link", name="Suggest a change").first.click()
    look_at(page, "change")
    page.locator("textarea").last.fill("Could we begin at 09.30? Our train comes at nine.")
    page.get_by_role("button", name="Send the suggestions").click()
    expect(page.get_by_role("heading", name="It is our turn")).to_be_visible()


def the_coordinator_proposes_again(page: Page) -> None:
    page.reload()
    row = page.locator(".dk-row", has_text="Meet Esther")
    row.get_by_label("Start of").fill("09.15")
    row.get_by_label("Start of").press("Enter")
    expect(page.locator(".dk-row", has_text="Meet Esther").get_by_label("Start of")).to_have_value("09.15")
    propose(page)


def the_visitor_says_yes(house: House, page: Page, reference: str) -> None:
    page.goto(links_in(mail_to(house, VISITOR, "proposal", nth=2), house)[0])
    page.get_by_role("button", name="Open your visit").click()
    page.get_by_role("link", name=re.compile("Yes, this works")).click()
    look_at(page, "yes")
    page.get_by_role("button", name=re.compile("Yes to version 2")).click()
    expect(page.get_by_role("heading", name="It is our turn")).to_be_visible()
    look_at(page, "agreed")


def fatima_says_yes_on_her_page(house: House, page: Page) -> None:
    mail_to(house, FATIMA, "ask")
    people.sign_in(page, FATIMA)
    page.goto("/schedule/")
    look_at(page, "schedule")
    page.goto("/schedule/asked/")
    look_at(page, "asked")
    page.locator("button[name=answer][value=yes]").click()
    expect(page.get_by_text("You said yes").first).to_be_visible()
    page.goto("/schedule/asked/")
    expect(page.locator("button[name=answer][value=yes]")).to_have_count(0)


def erik_says_yes_from_his_mail(house: House, page: Page) -> None:
    mail = mail_to(house, ERIK, "ask")
    assert people.turn_of(mail) == "Det är din tur"
    page.goto(next(link for link in links_in(mail, house) if "/ask/" in link))
    look_at(page, "ask-link")
    page.locator("button[name=answer][value=yes]").click()
    expect(page.get_by_text("Du sa ja").first).to_be_visible()
    look_at(page, "ask-answered")


def both_agree_to_the_agreement(house: House, visitor: Page, desk: Page, reference: str) -> None:
    visitor.goto(f"/my/{reference}/agreement/answers/")
    for name in ("aim", "measure", "test"):
        visitor.locator(f"[name={name}]").fill(f"What we answer about the {name}.")
    visitor.get_by_role("button", name="Keep the answers").click()
    desk.reload()
    desk.get_by_role("link", name="Agreement", exact=True).click()
    for name in ("aim", "measure", "test"):
        desk.locator(f"#agreement_ours_{name}").fill(f"What Qulturum answers about the {name}.")
    desk.get_by_role("button", name="Keep our half").click()
    desk.get_by_role("button", name="Agree for Qulturum").click()
    expect(desk.get_by_text("Their turn: read the agreement")).to_be_visible()
    visitor.goto(links_in(mail_to(house, VISITOR, "agreement_ready"), house)[0])
    visitor.get_by_role("button", name="Open your visit").click()
    expect(visitor.get_by_role("heading", name="It is your turn")).to_be_visible()
    visitor.locator(".move").get_by_role("link", name="Read our agreement").click()
    visitor.get_by_role("button", name="We agree").click()
    expect(visitor.get_by_role("heading", name="We have both agreed")).to_be_visible()
    mail_to(house, VISITOR, "agreement_settled")


def the_coordinator_confirms(house: House, page: Page) -> None:
    page.reload()
    page.get_by_role("button", name="Confirm the visit", exact=True).click()
    expect(page.get_by_text("Together").first).to_be_visible()
    look_at(page, "confirmed-desk")
    mail = mail_to(house, VISITOR, "confirmed")
    assert people.turn_of(mail) == "Together"
    mail_to(house, FATIMA, "session_confirmed")
    mail_to(house, ERIK, "session_confirmed")


def the_calendar_says_when(house: House, page: Page, reference: str, day: date) -> None:
    page.goto(f"/my/{reference}/")
    look_at(page, "confirmed")
    answer = page.request.get(f"/my/{reference}/calendar.ics")
    calendar = icalendar.Calendar.from_ical(answer.text())
    starts = {str(event["SUMMARY"]): event["DTSTART"].dt for event in calendar.walk("VEVENT")}
    assert min(starts.values()) == datetime.combine(day, time(9, 15), rules.STOCKHOLM), starts
    assert "Europe/Stockholm" in answer.text()
    attached = list(mail_to(house, VISITOR, "confirmed").iter_attachments())
    assert [part.get_content_type() for part in attached] == ["text/calendar"]


def the_clock_moves_to_each_reminder(house: House, day: date) -> None:
    for days_before, kinds in (
        (42, [(VISITOR, "names_wanted")]),
        (28, [(VISITOR, "visit_in_four_weeks")]),
        (7, [(VISITOR, "visit_in_one_week"), (FATIMA, "briefing"), (ERIK, "briefing")]),
        (1, [(VISITOR, "visit_tomorrow"), (FATIMA, "session_tomorrow"), (ERIK, "session_tomorrow")]),
    ):
        moment = datetime.combine(day - timedelta(days=days_before), time(9), rules.STOCKHOLM)
        house.set_ahead((moment - datetime.now(rules.STOCKHOLM)).total_seconds())
        for address, kind in kinds:
            mail = mail_to(house, address, kind)
            assert people.turn_of(mail) in TURNS[address]


def sent_once_each(house: House) -> None:
    keys = Counter(str(mail["X-Qulturum-Key"]) for mail in house.sink.mails)
    assert {key: times for key, times in keys.items() if times > 1} == {}
    assert Counter(kind_of(mail) for mail in house.sink.to(VISITOR)) == Counter(
        [
            "verify",
            "received",
            "question",
            "proposal",
            "proposal",
            "agreement_ready",
            "agreement_settled",
            "confirmed",
            "names_wanted",
            "visit_in_four_weeks",
            "visit_in_one_week",
            "visit_tomorrow",
        ]
    )
