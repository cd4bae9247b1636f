"""A confirmed guest has the visit in hand: paper, calendar, and the day on a phone that loses its network."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect
from pypdf import PdfReader

from tests.browser.conftest import a_house, look_at
from tests.browser.house import House
from tests.browser.tongue import said
from tests.visits.at_hand.calendars import Imported

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]

# The visit is of today, and its hours lie around this moment; the deeds themselves are played in test_story.
A_VISIT = """
from datetime import timedelta
from django.utils import timezone
from tests.factories import ProposalFactory, SessionFactory, UserFactory, VisitFactory, VisitRequestFactory
from visits import access, planning, scheduling
from visits.choices import LinkPurpose, ProposalAnswer, RequestState, SessionKind
from visits.models import HistoryEntry, VisitRequest
now = timezone.now().replace(second=0, microsecond=0)
host = UserFactory(first_name="Maja", last_name="Lindqvist", phone="+46 70 123 45 67", is_staff=True)
request = VisitRequestFactory(reference={reference!r}, organisation_name={reference!r}, state=RequestState.CONFIRMED,
                              coordinator=host, language={language!r})
HistoryEntry.objects.create(request=request, what="agreed", by_name="Aileen", at=now - timedelta(days=9))
today = timezone.localdate(now)
visit = VisitFactory(request=request, first_day=today, last_day=today, practical="Dinner at six.")
first = dict(visit=visit, place="Library")
SessionFactory(title="Our hour", starts_at=now - timedelta(minutes=40), ends_at=now + timedelta(minutes=20), **first)
SessionFactory(title="Your story", kind=SessionKind.GUEST, teller="Moira", starts_at=now + timedelta(minutes=20),
               ends_at=now + timedelta(minutes=50), **first)
agenda = planning.snapshot(scheduling.sessions_of(request))
ProposalFactory(request=request, agenda=agenda, first_day=today, answer=ProposalAnswer.YES)
print(access.token(access.standing_link(LinkPurpose.VISIT, request=request)))
"""
MOVED = """
from datetime import timedelta
from visits import planning
from visits.models import Session, VisitRequest
request = VisitRequest.objects.get(reference={reference!r})
session = Session.objects.get(visit__request=request, title="Your story")
session.starts_at += timedelta(minutes=10)
session.ends_at += timedelta(minutes=10)
planning.change_session(session, by=request.coordinator, seen=request.version)
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, furnished: House) -> Iterator[House]:
    """A house of its own: around midnight its clock is set some hours ahead, so that the visit lies within one day."""
    for house in a_house(tmp_path_factory.mktemp("hand"), furnished):
        if (house.now() - timedelta(minutes=45)).date() != (house.now() + timedelta(minutes=75)).date():
            house.set_ahead(3 * 60 * 60)
        yield house


@pytest.fixture
def phone(browser: Browser, house: House) -> Iterator[BrowserContext]:
    """A phone of its own by the house's clock: what it says about a lost network is no fault of the page."""
    context = browser.new_context(base_url=house.url, viewport={"width": 390, "height": 844}, locale="en-GB",
                                  timezone_id="Europe/Stockholm")  # fmt: skip
    context.set_default_timeout(15_000)
    context.clock.install(time=house.now())
    yield context
    context.close()


@pytest.mark.parametrize(("language", "path"), [("en", ""), ("sv", "/sv")])
def test_a_guest_keeps_the_visit_at_hand_also_without_a_network(house, phone, language, path):
    reference = f"CL-26-HND-{language}"
    link = house.make(A_VISIT.format(reference=reference, language=language))
    page = open_visit(phone, f"{path}/v/{link}/")

    the_paper_and_the_calendar(page, f"{path}/my/{reference}", language)
    the_day_says_now_next_and_whom_to_call(page, f"{path}/my/{reference}/day/", language)
    house.ask(MOVED.format(reference=reference))
    the_change_is_struck_and_the_calendar_follows(page, f"{path}/my/{reference}", language)
    without_a_network_the_copy_is_read_and_follows_the_clock(phone, page, f"{path}/my/{reference}/day/", language)
    closed_on_this_phone_it_is_gone_for_the_next_who_holds_it(phone, page, f"{path}/my/{reference}/day/", language)


def open_visit(phone: BrowserContext, address: str) -> Page:
    page = phone.new_page()
    page.goto(address)
    page.locator("main form button").first.click()
    page.wait_for_load_state()
    return page


def the_paper_and_the_calendar(page: Page, visit: str, language: str) -> None:
    page.goto(f"{visit}/")
    card = page.locator(".card-q").filter(has=page.get_by_role("heading", name=said(language, "Keep it at hand")))
    expect(card.get_by_role("link", name=said(language, "Today, minute by minute"))).to_be_visible()
    expect(card.get_by_role("link", name=said(language, "The programme on paper (PDF, A4)"))).to_be_visible()
    paper = PdfReader(io.BytesIO(page.request.get(f"{visit}/programme.pdf").body()))
    assert paper.trailer["/Root"]["/Lang"] == language
    assert "Your story" in paper.pages[0].extract_text()
    page.goto(f"{visit}/calendar/")
    look_at(page, f"calendar-{language}")
    page.get_by_role("button", name=said(language, "Make an address")).click()
    expect(page.locator(".q-secret")).to_contain_text("/calendar/")


def the_day_says_now_next_and_whom_to_call(page: Page, day: str, language: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(day)
    expect(page.get_by_role("heading", level=1, name=said(language, "Today at Qulturum"))).to_be_visible()
    expect(page.locator(".q-now:visible")).to_contain_text("Our hour")
    expect(page.locator(".q-nextup:visible")).to_contain_text("Your story")
    expect(page.locator("[aria-current=time]")).to_contain_text("Our hour")
    call = said(language, "Call %(name)s", name="Maja")
    expect(page.locator(".q-dock").get_by_role("link", name=call)).to_be_visible()
    assert page.locator(".q-dock a").first.get_attribute("href") == "tel:+46701234567"
    heights = [box["height"] for link in page.locator(".q-dock a").all() if (box := link.bounding_box())]
    assert len(heights) == 3
    assert min(heights) >= 56
    look_at(page, f"day-{language}")
    page.goto(day.replace("/day/", "/getting-here/"))
    look_at(page, f"way-{language}")


def the_change_is_struck_and_the_calendar_follows(page: Page, visit: str, language: str) -> None:
    calendar = Imported()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{visit}/day/")
    expect(page.locator(".q-chg:visible")).to_contain_text("Your story")
    expect(page.locator(".q-chg:visible del")).to_be_visible()
    expect(page.get_by_text(said(language, "New time"))).to_be_visible()
    calendar.take(page.request.get(f"{visit}/calendar.ics").body())
    told = page.locator(".slot.yours time").inner_text()
    assert [hour for hour, title in calendar.hours if title.startswith("Your story")] == [told]
    assert len(calendar.events) == 2


def without_a_network_the_copy_is_read_and_follows_the_clock(
    phone: BrowserContext, page: Page, day: str, language: str
) -> None:
    expect(page.get_by_role("heading", name=said(language, "Without a network"))).to_be_visible()
    page.wait_for_function(
        """async () => {
          const names = await caches.keys();
          const pages = names.length ? await (await caches.open(names[0])).keys() : [];
          return pages.filter((page) => page.url.endsWith("/")).length === 3;
        }"""
    )
    phone.set_offline(True)
    phone.clock.fast_forward("45:00")
    page.goto(day)
    expect(page.locator(".q-copy")).to_be_visible()
    expect(page.locator(".q-now:visible")).to_contain_text("Your story")
    expect(page.locator("[aria-current=time]")).to_contain_text("Your story")
    expect(page.get_by_role("link", name=said(language, "Call %(name)s", name="Maja")).first).to_be_visible()
    page.goto(day.replace("/day/", "/programme/"))
    expect(page.locator(".slot.yours")).to_contain_text("Your story")


def closed_on_this_phone_it_is_gone_for_the_next_who_holds_it(
    phone: BrowserContext, page: Page, day: str, language: str
) -> None:
    phone.set_offline(False)
    page.goto(day)
    page.get_by_role("button", name=said(language, "Close the visit on this device")).click()
    closed = said(language, "The visit is closed on this device. The link in your mail opens it again.")
    expect(page.get_by_text(closed)).to_be_visible()
    page.wait_for_function("caches.keys().then((kept) => kept.length === 0)")
    assert page.request.get(day).status == 404
    phone.set_offline(True)
    other = phone.new_page()
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        other.goto(day)
