"""A colleague takes a session over, and the portal asks on after a no: the pages as people see and press them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import look_at
from tests.browser.house import House
from tests.browser.people import PASSWORD, links_in, mail_to, sign_in

pytestmark = pytest.mark.browser

LED = f"""
from django.contrib.auth.models import Group
from tests.factories import AskFactory
from tests.visits.visitor import cases
from visits import roles, scheduling
from visits.choices import AskState, SessionKind
from visits.models import Ask, Facilitator, Session, User

def person(email, first, last, group, **fields):
    user = User.objects.create_user(email, {PASSWORD!r}, first_name=first, last_name=last, language="en", **fields)
    user.groups.add(Group.objects.get(name=group))
    return user

host = person("stina-swap@qulturum.example", "Stina", "Bergdahl", roles.COORDINATORS, is_staff=True)
people = [
    Facilitator.objects.create(user=person(email, first, last, roles.FACILITATORS), languages=["en", "sv"])
    for email, first, last in (
        ("fatima-swap@qulturum.example", "Fatima", "Hosseini"), ("gunvor-swap@qulturum.example", "Gunvor", "Ek"),
    )
]
case = cases.confirmed(organisation_name="Heron Bay")
type(case).objects.filter(pk=case.pk).update(coordinator=host)
case.areas.clear()
case.offerings.clear()
session = case.visit.sessions.get(kind=SessionKind.HOST)
Session.objects.filter(pk=session.pk).update(offering=None)
for ask in Ask.objects.live().filter(session=session):
    scheduling.withdraw_ask(ask, by=host)
made = AskFactory(session=session, facilitator=people[0], state=AskState.ASKED, asked_by=host)
scheduling.accept(made)
print(case.pk, session.pk, made.pk)
"""


def test_a_session_goes_from_one_colleague_to_another_when_the_coordinator_approves(house: House, open_page):
    case, session, ask = house.make(LED).split()
    fatima, gunvor, desk = open_page(), open_page(), open_page()

    sign_in(fatima, "fatima-swap@qulturum.example")
    fatima.wait_for_load_state()
    fatima.goto(f"/schedule/session/{ask}/")
    fatima.get_by_role("link", name="Ask a colleague to take it over").click()
    look_at(fatima, "briefing-swap")
    fatima.get_by_label("Gunvor Ek").check()
    fatima.get_by_role("button", name="Ask to take it over").click()
    expect(fatima.get_by_role("heading", name="You have asked Gunvor Ek to take it over")).to_be_visible()
    look_at(fatima, "briefing-swap-asked")

    gunvor.goto(answer_link(house))
    expect(gunvor.get_by_text("Fatima Hosseini asks: can you take this over?")).to_be_visible()
    look_at(gunvor, "swap-link")
    gunvor.get_by_role("button", name=re.compile(r"^I can\s*:")).click()
    expect(gunvor.get_by_text("You have said yes. The coordinator looks at it")).to_be_visible()
    look_at(gunvor, "swap-agreed")

    the_desk_approves(desk, case, session)


def answer_link(house: House) -> str:
    mail = mail_to(house, "gunvor-swap@qulturum.example", "swap_offer")
    return next(link for link in links_in(mail, house) if "/ask/" in link)


def the_desk_approves(desk: Page, case: str, session: str) -> None:
    sign_in(desk, "stina-swap@qulturum.example")
    desk.wait_for_load_state()
    desk.goto(f"/admin/visits/visitrequest/{case}/change/?session={session}")
    desk.get_by_label("When somebody says no, ask the next best").check()
    desk.get_by_role("button", name="Keep this").click()
    expect(desk.get_by_text("After a no the portal asks the next best.", exact=True)).to_be_visible()
    desk.goto(f"/admin/visits/visitrequest/{case}/change/?session={session}")
    look_at(desk, "plan-swap")
    desk.get_by_role("button", name="Approve Gunvor Ek").click()
    expect(desk.get_by_text("Gunvor Ek leads “Meet Esther” now.", exact=True)).to_be_visible()
