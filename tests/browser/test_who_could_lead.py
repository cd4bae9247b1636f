"""Who could lead: the desk's page of a visit, what facilitators say that they can do, and what the Library agrees to.

All of it by keyboard: Tab, Space, arrows and Enter.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import look_at
from tests.browser.house import House
from tests.browser.people import PERSON, links_in, mail_to, sign_in
from tests.browser.test_by_keyboard import tab_to

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]

VISIT = f"""
{PERSON}
from datetime import timedelta
from django.utils import timezone
from tests.factories import AreaFactory, SessionFactory, VisitFactory, VisitRequestFactory
from visits.choices import CompetenceLevel, RequestState
from visits.models import Booking, Competence
host = person("maja-lead@qulturum.example", "Maja", "Lindqvist", roles.COORDINATORS, is_staff=True, language="en")
area = AreaFactory(name_en="Flow", name_sv="Flöde")
def leads(first, *areas):
    user = person(f"{{first.lower()}}-lead@qulturum.example", first, "Kvarn", roles.FACILITATORS, language="en")
    one = Facilitator.objects.create(user=user, languages=["en", "sv"], hours_a_year=20)
    one.areas.set(areas)
    return one
anna, bodil, dan = leads("Anna", area), leads("Bodil", area), leads("Dan")
Competence.objects.create(facilitator=dan, area=area, level=CompetenceLevel.ASSISTS)
case = VisitRequestFactory(state=RequestState.IN_REVIEW, organisation_name="Kestrel Bay", areas=[area])
type(case).objects.filter(pk=case.pk).update(coordinator=host)
soon = timezone.localdate() + timedelta(days=120)
visit = VisitFactory(request=case, first_day=soon - timedelta(days=soon.weekday() - 1))
open = SessionFactory(visit=visit, hour=9, title="The ward")
closed = SessionFactory(visit=visit, hour=13, title="The way")
for one in (anna, bodil):
    Booking.objects.create(facilitator=one, kind="away", starts_at=closed.starts_at, ends_at=closed.ends_at)
print(case.pk, open.pk, closed.pk, anna.pk, bodil.pk, dan.pk)
"""
TAKE = """
from visits.models import Booking, Session
session = Session.objects.get(pk={session})
Booking.objects.create(facilitator_id={person}, kind="away", starts_at=session.starts_at, ends_at=session.ends_at)
"""
ASKED = """
from visits.models import Ask
print(sorted((a.facilitator.user.first_name, a.state, a.role) for a in Ask.objects.filter(session={session})))
"""
STARTS = """
from visits import words
from visits.models import Session
print(words.clock(Session.objects.get(pk={session}).starts_at))
"""
CLAIMING = f"""
{PERSON}
from tests.factories import AreaFactory
person("gunnel-claim@qulturum.example", "Gunnel", "Berg", roles.COORDINATORS, is_staff=True, language="en")
area = AreaFactory(name_en="Flowing", name_sv="Flöden", order=0)
user = person("fatima-claim@qulturum.example", "Fatima", "Vik", roles.FACILITATORS, language="en")
print(Facilitator.objects.create(user=user, languages=["en"]).pk, area.pk)
"""
SPEAKING = f"""
{PERSON}
from visits.choices import FacilitatorKind
user = person("hassan-speak@qulturum.example", "Hassan", "Amir", roles.FACILITATORS, language="en")
print(Facilitator.objects.create(user=user, kind=FacilitatorKind.LIVING_LIBRARY, languages=["en", "sv"]).pk)
"""
TELLING = f"""
{PERSON}
from datetime import timedelta
from django.utils import timezone
from tests.factories import AreaFactory, AskFactory, SessionFactory, VisitFactory, VisitRequestFactory
from visits import scheduling
from visits.choices import AskState, FacilitatorKind, RequestState
host = person("maja-voice@qulturum.example", "Maja", "Lindqvist", roles.COORDINATORS, is_staff=True, language="en")
area = AreaFactory(name_en="Coming home", name_sv="Att komma hem")
gunvor = Facilitator.objects.create(
    user=person("gunvor-voice@qulturum.example", "Gunvor", "Alm", roles.FACILITATORS, language="en"),
    kind=FacilitatorKind.LIVING_LIBRARY, languages=["en", "sv"],
)
scheduling.agree(
    gunvor, themes=[area], rest_days=1, sessions_a_month=2, preparation_minutes=30, debrief_minutes=30,
)
leader = Facilitator.objects.create(
    user=person("erik-voice@qulturum.example", "Erik", "Sandell", roles.FACILITATORS, language="en"), languages=["en"],
)
case = VisitRequestFactory(state=RequestState.IN_REVIEW, organisation_name="Heron Point", areas=[area])
type(case).objects.filter(pk=case.pk).update(coordinator=host)
soon = timezone.localdate() + timedelta(days=120)
visit = VisitFactory(request=case, first_day=soon - timedelta(days=soon.weekday() - 1))
session = SessionFactory(visit=visit, hour=9, title="The way home")
AskFactory(session=session, facilitator=leader, asked_by=host, state=AskState.ACCEPTED)
print(case.pk, session.pk, gunvor.pk)
"""
AGREED = """
from visits.models import Facilitator
one = Facilitator.objects.get(pk={person})
print(one.areas.count(), one.living.rest_days, one.living.sessions_a_month)
"""


def press(page: Page, selector: str, key: str = "Enter") -> None:
    tab_to(page, selector)
    page.keyboard.press(key)


def test_two_and_a_second_are_ticked_by_keyboard_and_asked_or_nobody_is_and_why(house: House, open_page):
    case, ward, _way, anna, bodil, dan = house.make(VISIT).split()
    desk = open_page()
    sign_in(desk, "maja-lead@qulturum.example")
    desk.wait_for_load_state()
    desk.goto(f"/admin/visits/visitrequest/{case}/change/people/")
    look_at(desk, "people")
    boxes = [f"[value='{ward}-{who}-{role}']" for who, role in ((anna, "leader"), (bodil, "leader"), (dan, "second"))]

    house.make(TAKE.format(session=ward, person=bodil))
    for box in boxes:
        press(desk, box, "Space")
    press(desk, "#ask-people [value=now]")

    expect(desk.get_by_role("alert")).to_contain_text("Nobody was asked. Bodil Kvarn, “The ward”:")
    assert house.ask(ASKED.format(session=ward)) == "[]"
    expect(desk.locator(boxes[0])).to_be_checked()
    expect(desk.locator(boxes[2])).to_be_checked()
    look_at(desk, "people-refused")

    press(desk, "#ask-people [value=now]")

    expect(desk.locator(f"#s{ward}").locator("xpath=..")).to_contain_text("Learns beside")
    asked = house.ask(ASKED.format(session=ward))
    assert asked == "[('Anna', 'asked', 'leader'), ('Dan', 'asked', 'second')]"
    mail_to(house, "anna-lead@qulturum.example", "ask")
    mail_to(house, "dan-lead@qulturum.example", "ask")
    look_at(desk, "people-asked")

    what_would_open_it(house, desk, case, ward)


def what_would_open_it(house: House, desk: Page, case: str, ward: str) -> None:
    """The hour that opens it is a link to the row with the hour filled in; Enter in it keeps that."""
    link = desk.get_by_role("link", name="Begin “The way” at 12.00", exact=True).first
    href = str(link.get_attribute("href"))
    way = re.search(r"open=(\d+)", href)
    assert way is not None
    press(desk, f"a[href='{href}']")
    desk.wait_for_url(f"**/change/?open={way[1]}*")
    expect(desk.locator("[name=row-starts]")).to_have_value("12.00")
    expect(desk.locator("#rest")).not_to_be_checked()
    look_at(desk, "people-hour-filled-in")

    press(desk, "[name=row-starts]")

    expect(desk.locator(f"[name=starts-{ward}]")).to_have_value("09.00")
    assert house.ask(STARTS.format(session=way[1])) == "12.00"
    desk.goto(f"/admin/visits/visitrequest/{case}/change/people/")
    expect(desk.get_by_role("heading", name="What would open it")).to_have_count(0)


def test_what_somebody_says_that_they_can_do_is_approved_at_the_desk_and_they_are_told(house: House, open_page):
    _person, area = house.make(CLAIMING).split()
    fatima, desk = open_page(), open_page()
    sign_in(fatima, "fatima-claim@qulturum.example")
    fatima.wait_for_load_state()

    fatima.goto("/schedule/can/")
    look_at(fatima, "can")
    press(fatima, "#claim_level")
    press(fatima, "main form .btn-primary")
    expect(fatima.get_by_role("alert")).to_contain_text("Choose an area.")
    look_at(fatima, "can-refused")
    tab_to(fatima, "#claim_area")
    fatima.keyboard.type("Flowing")
    expect(fatima.locator("#claim_area")).to_have_value(area)
    tab_to(fatima, "#claim_level")
    fatima.keyboard.type("can lead")
    press(fatima, "main form .btn-primary")
    expect(fatima.get_by_text("Waits to be approved")).to_be_visible()
    look_at(fatima, "can-waits")

    sign_in(desk, "gunnel-claim@qulturum.example")
    desk.wait_for_load_state()
    desk.goto("/admin/to-do/")
    desk.get_by_role("navigation").get_by_role("link", name=re.compile(r"^Facilitators\s*1")).press("Enter")
    expect(desk.get_by_role("heading", name="1 waits to be approved")).to_be_visible()
    look_at(desk, "claims")
    press(desk, "#claims [value=approve]")
    expect(desk.get_by_text("Approved: Fatima Vik, Flowing. They are told.")).to_be_visible()
    expect(desk.locator("#claims")).to_have_count(0)

    assert "Approved: Flowing" in str(mail_to(house, "fatima-claim@qulturum.example", "competence_approved")["Subject"])
    fatima.goto("/schedule/can/")
    expect(fatima.get_by_text("Waits to be approved")).to_have_count(0)
    expect(fatima.get_by_text("Can lead, no end")).to_be_visible()


def test_somebody_of_the_living_library_says_what_they_agree_to_and_mends_what_cannot_be_read(house: House, open_page):
    person = house.make(SPEAKING)
    hassan = open_page()
    sign_in(hassan, "hassan-speak@qulturum.example")
    hassan.wait_for_load_state()

    hassan.goto("/schedule/away/")
    look_at(hassan, "speaking")
    press(hassan, "[name=themes]", "Space")
    # An old page: its list holds a number that is not offered any more.
    hassan.locator("#speak_rest_days").evaluate("one => { one.options[0].value = '99'; one.selectedIndex = 0; }")
    press(hassan, "form[action$='/speaking/'] .btn")

    hassan.wait_for_url("**/schedule/away/speaking/")
    expect(hassan.get_by_role("alert")).to_contain_text("Choose one from the list.")
    expect(hassan.locator("[name=themes]").first).to_be_checked()  # nothing that was ticked is lost
    look_at(hassan, "speaking-refused")

    tab_to(hassan, "#speak_rest_days")
    hassan.keyboard.type("2")
    tab_to(hassan, "#speak_sessions_a_month")
    hassan.keyboard.type("3")
    press(hassan, "form[action$='/speaking/'] .btn")

    expect(hassan.get_by_text("Saved. You are asked for what you ticked, and for nothing else.")).to_be_visible()
    assert house.ask(AGREED.format(person=person)) == "1 2 3"
    look_at(hassan, "speaking-saved")


def test_a_voice_beside_the_leader_is_asked_with_one_press_and_says_yes_from_the_mail(house: House, open_page):
    case, session, gunvor = house.make(TELLING).split()
    desk, guest_of_ours = open_page(), open_page()
    sign_in(desk, "maja-voice@qulturum.example")
    desk.wait_for_load_state()
    desk.goto(f"/admin/visits/visitrequest/{case}/change/people/")
    expect(desk.get_by_text("Has said yes to 2 meetings a month; this would be number 1")).to_be_visible()
    look_at(desk, "voice")

    press(desk, f"form:has([name=who][value='{session}-{gunvor}-voice']) .btn")

    there = desk.locator(f"#s{session}").locator("xpath=..")
    expect(there).to_contain_text("Gunvor Alm")
    expect(there).to_contain_text("Tells beside")
    expect(desk.get_by_role("heading", name="A voice beside the leader")).to_have_count(0)
    look_at(desk, "voice-asked")
    mail = mail_to(house, "gunvor-voice@qulturum.example", "ask")
    guest_of_ours.goto(next(link for link in links_in(mail, house) if "/ask/" in link))
    expect(guest_of_ours.get_by_text("You tell your own story, and Erik Sandell leads the session.")).to_be_visible()
    look_at(guest_of_ours, "voice-link")
    guest_of_ours.locator('button[value="yes"]').click()
    guest_of_ours.wait_for_load_state()

    assert "('Gunvor', 'accepted', 'voice')" in house.ask(ASKED.format(session=session))
    desk.reload()
    expect(there.get_by_text("Yes", exact=True)).to_have_count(2)
