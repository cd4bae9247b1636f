"""A guest's story of the programme: two suggestions and other days, a new version, and a choice among days."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.conftest import look_at
from tests.browser.house import House
from tests.browser.people import links_in, mail_to
from tests.browser.tongue import said
from visits import almanac, rules

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]

FIRST = """
import re
from datetime import date, timedelta
from tests.factories import AskFactory, FacilitatorFactory, RoomFactory, SessionFactory, VisitFactory
from tests.visits.visitor import cases
from visits.choices import AskState, SessionKind
day = date.fromisoformat("{day}")
guest = dict(contact_email="{address}", organisation_name="Larkfield {name}", language="{language}")
case = cases.in_review(**guest)
visit = VisitFactory(request=case, first_day=day, last_day=day, title="Esther and the way home {name}")
esther = SessionFactory(visit=visit, title="Meet Esther", room=RoomFactory(name="Larkfield {name}"))
AskFactory(session=esther, facilitator=FacilitatorFactory(user__email="f{address}"), state=AskState.PLANNED)
SessionFactory(visit=visit, hour=11, minutes=45, kind=SessionKind.GUEST, title="The phone call", teller="Moira")
SessionFactory(visit=visit, hour=13, minutes=90, title="Walk the process")
cases.propose(case)
print(case.reference)
"""
SECOND = """
import re
from datetime import date, timedelta
from visits import planning
from visits.models import VisitRequest
case = VisitRequest.objects.get(reference="{reference}")
esther, call, walk = case.visit.sessions.all()
call.starts_at -= timedelta(minutes=15)
planning.change_session(call, by=case.coordinator, seen=case.version)
case.refresh_from_db()
planning.remove_session(walk, by=case.coordinator, seen=case.version)
case.refresh_from_db()
planning.propose(
    case, letter="Moira gets the time she asked for.", by=case.coordinator, seen=case.version,
    other_days=[date.fromisoformat(day) for day in ("{second}", "{third}")],
    reasons={{str(call.pk): "Moira needs the time."}},
)
"""


def working_tuesday(weeks: int) -> date:
    """A Tuesday so many weeks after the three months, or the next one that is no day off."""
    day = rules.earliest_first_day(timezone.localdate()) + timedelta(weeks=weeks)
    day += timedelta(days=(1 - day.weekday()) % 7)
    while almanac.is_day_off(day):
        day += timedelta(weeks=1)
    return day


@pytest.mark.parametrize("javascript", [True, False], ids=["with-script", "without-script"])
@pytest.mark.parametrize("language", ["en", "sv"])
def test_a_guest_suggests_changes_and_other_days_and_says_yes_to_the_days_that_suit(
    house, open_page, language, javascript
):
    name = f"{language}{int(javascript)}"
    address, page = f"larkmoor-{name}@larkmoor.example.org", open_page(language=language, javascript=javascript)
    days = [working_tuesday(weeks) for weeks in (2, 5, 8)]
    reference = house.make(FIRST.format(day=days[0], address=address, name=name, language=language))
    look = looks_at(language, javascript=javascript)

    the_guest_reads_the_first_version(house, page, address, language, look)
    the_guest_suggests_two_changes_and_other_days(page, language, days[1], look)
    house.ask(SECOND.format(reference=reference, second=days[1], third=days[2]))
    the_guest_reads_what_is_different(house, page, address, language, look)
    the_guest_chooses_the_second_period_and_says_yes(page, language, days[1], look)


IN_SWEDISH = ("too-soon", "different", "yes")  # where the most words stand


def looks_at(language: str, *, javascript: bool) -> Callable[[Page, str], None]:
    """Every page in English, the widest in Swedish; without its script a page is the same."""

    def look(page: Page, name: str) -> None:
        if javascript and (language == "en" or name.startswith(IN_SWEDISH)):
            look_at(page, name)

    return look


def the_guest_reads_the_first_version(house: House, page: Page, address: str, language: str, look) -> None:
    page.goto(links_in(mail_to(house, address, "proposal"), house)[0])
    page.get_by_role("button", name=said(language, "Open your visit")).click()
    expect(page.get_by_text("The phone call").first).to_be_visible()
    look(page, f"proposed-{language}")
    page.get_by_role("link", name=said(language, "The programme on a page of its own")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("1")
    look(page, f"programme-{language}")
    page.get_by_role("link", name=said(language, "Suggest a change")).click()


def the_guest_suggests_two_changes_and_other_days(page: Page, language: str, day: date, look) -> None:
    call, esther = page.locator(".slot", has_text="The phone call"), page.locator(".slot", has_text="Meet Esther")
    call.locator("summary").click()
    call.get_by_text(said(language, "Longer"), exact=True).click()
    call.locator("textarea").fill("Moira needs the time.")
    esther.locator("summary").click()
    esther.get_by_text(said(language, "Another time"), exact=True).click()
    page.get_by_text(said(language, "Ask for other days"), exact=True).click()
    page.locator("[name=day_1]").fill(rules.earliest_first_day(timezone.localdate()).replace(day=1).isoformat())
    look(page, f"suggesting-{language}")
    page.get_by_role("button", name=said(language, "Send the suggestions")).click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(call.locator("textarea")).to_have_value("Moira needs the time.")
    expect(page.locator("#answer-title")).to_contain_text("3")
    look(page, f"too-soon-{language}")
    page.locator("[name=day_1]").fill(day.isoformat())
    page.get_by_role("button", name=said(language, "Send the suggestions")).click()
    expect(page.get_by_role("heading", name=said(language, "It is our turn"))).to_be_visible()
    look(page, f"changing-{language}")


def the_guest_reads_what_is_different(house: House, page: Page, address: str, language: str, look) -> None:
    page.goto(links_in(mail_to(house, address, "proposal", nth=2), house)[0])
    page.get_by_role("button", name=said(language, "Open your visit")).click()
    page.get_by_role("link", name=said(language, "See what is different from the version before")).click()
    expect(page.locator(".q-changes li")).to_have_count(2)
    expect(page.locator(".q-changes")).to_contain_text("Moira needs the time.")
    expect(page.locator(".slot", has_text="The phone call").locator("time del")).to_contain_text("11.00")
    expect(page.locator(".slot", has_text="The phone call").locator("time ins")).to_contain_text("10.45")
    expect(page.locator(".q-gone")).to_contain_text("Walk the process")
    look(page, f"different-{language}")
    page.get_by_role("link", name=said(language, "no changes")).click()
    expect(page.locator(".q-gone")).to_have_count(0)
    page.get_by_role("link", name=re.compile("^Version 1")).first.click()
    expect(page.get_by_text(said(language, "This is an old version."))).to_be_visible()
    look(page, f"old-version-{language}")
    page.get_by_role("link", name=said(language, "Read version %(number)s", number=2)).click()
    page.get_by_role("link", name=said(language, "Yes, this works for us")).click()


def the_guest_chooses_the_second_period_and_says_yes(page: Page, language: str, day: date, look) -> None:
    expect(page.locator("[name=choice]")).to_have_count(3)
    look(page, f"yes-{language}")
    page.locator("[name=choice][value='2']").check()
    page.get_by_role("button", name=said(language, "Yes to version %(number)s", number=2)).click()
    expect(page.get_by_role("heading", name=said(language, "It is our turn"))).to_be_visible()
    expect(page.locator("#programme .day h3").first).to_contain_text(str(day.day))
    look(page, f"agreed-{language}")
