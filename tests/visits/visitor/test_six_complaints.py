"""Six complaints that the patient contract answers, as six promises of the visitor's page in every state.

From the source: «it is frustrating that I don't know my next step; don't know where or to whom to turn; don't
have easy ways to get in touch; don't know what I can do myself and what health care will do; don't feel safe;
don't have any overview.»
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from tests.conftest import visitor_of
from tests.visits.agreement import cases as agreed
from tests.visits.visitor import cases
from visits import agreement, rules, words
from visits.choices import RequestState, Turn
from visits.models import VisitRequest
from visits.rules import may_move

pytestmark = pytest.mark.django_db
S = RequestState


def confirmed_and_read_again() -> VisitRequest:
    visit_request = cases.confirmed()
    agreed.grow(visit_request)
    return visit_request


STATES: dict[str, Callable[[], VisitRequest]] = {
    "submitted": cases.submitted,
    "in review": cases.in_review,
    "asked": cases.asked,
    "answered": cases.answered,
    "waitlisted": cases.waitlisted,
    "proposed": cases.proposed,
    "changing": cases.changing,
    "agreed, we write": agreed.drafted,
    "agreed, theirs to read": agreed.theirs,
    "agreed, ours to read": agreed.ours,
    "agreed, both read again": agreed.reopened,
    "agreed, both have agreed": agreed.settled,
    "confirmed": cases.confirmed,
    "confirmed, both read again": confirmed_and_read_again,
    "completed": cases.completed,
    "declined": cases.declined,
    "withdrawn": cases.withdrawn,
    "cancelled": cases.cancelled,
    "expired": cases.expired,
}


@pytest.fixture(params=STATES)
def visit_request(request) -> VisitRequest:
    return STATES[request.param]()


@pytest.fixture(params=["en", "sv"])
def page(request, visit_request):
    """The page as its contact person reads it in a language; the test runs in that language too."""
    with translation.override(request.param):
        answer = visitor_of(visit_request).get(visit_request.get_absolute_url())
        assert answer.status_code == 200
        yield SimpleNamespace(html=answer.content.decode(), language=request.param, response=answer)


def part(page, name: str, tag: str = "section") -> str:
    """The words and links inside one named part of the page; it is nowhere twice."""
    found = re.findall(rf'<{tag}[^>]*id="{name}"[^>]*>(.*?)</{tag}>', page.html, re.DOTALL)
    assert len(found) == 1, f"{name} stands {len(found)} times on the page"
    return found[0]


def said(html: str) -> str:
    """What somebody reads of a piece of a page."""
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", html).split()))


def test_every_state_is_held_to_the_six():
    reached = {make().request_state for make in STATES.values()}

    assert reached == set(S) - set(rules.UNSENT)


def test_i_know_my_next_step(page, visit_request):
    if visit_request.request_state in rules.ENDED:
        assert said(re.search(r'<p class="lead measure">(.*?)</p>', page.html, re.DOTALL)[1])
    else:
        titles = {Turn.VISITOR: _("It is your turn"), Turn.OURS: _("It is our turn"), Turn.TOGETHER: _("Together")}
        banner = re.search(r'<section class="move[^>]*>(.*?)</section>', page.html, re.DOTALL)[1]
        after = visit_request.request_state == S.COMPLETED  # then the look-back says whose turn it is
        assert (
            any(title in said(banner) for title in titles.values())
            if after
            else (titles[agreement.turn(visit_request)] in said(banner))
        )
        if visit_request.due_at:
            due = words.local_date(visit_request.due_at)
            assert f"{due.day} {words.month_day(due).split(' ')[1]}" in said(banner)


def test_i_know_where_and_to_whom_to_turn(page, visit_request):
    told = said(part(page, "turn-to", "div"))

    assert _("Whom to turn to") in told
    assert str(visit_request.coordinator or _("Qulturum’s desk for visits")) in told


def test_i_have_easy_ways_to_get_in_touch(page, visit_request):
    turn_to = part(page, "turn-to", "div")
    address = visit_request.coordinator.email if visit_request.coordinator else settings.QULTURUM_CONTACT_EMAIL

    assert f'href="mailto:{address}?subject={visit_request.reference}"' in turn_to
    assert 'href="#messages"' in turn_to
    messages = part(page, "messages")
    assert f'action="{reverse("visits:messages", args=[visit_request.reference])}"' in messages
    assert "<textarea" in messages
    assert "<label" in messages


def test_i_know_what_i_do_myself_and_what_qulturum_does(page, visit_request):
    both = part(page, "who-does-what")
    yours, ours = (said(text) for text in re.findall(r"<p>(.*?)</p>", both, re.DOTALL))

    assert _("What you do") in said(both)
    assert _("What we do") in said(both)
    assert len(yours) > 10
    assert len(ours) > 10
    assert yours != ours
    nothing = (_("Nothing now. If you have forgotten something, write it below."),
               _("Nothing until you hear from us. Do not book any travel yet."))  # fmt: skip
    assert agreement.turn(visit_request) != Turn.VISITOR or yours not in nothing


def test_i_feel_safe(page, visit_request):
    """Who reads it, what is kept, and the way out: it stands there before anybody has to ask."""
    rely = part(page, "rely", "div")
    state = visit_request.request_state

    assert len(re.findall("<li>", rely)) >= 3
    assert f'href="{reverse("visits:privacy")}"' in rely
    assert 'content="noindex"' in page.html
    assert "no-store" in page.response["Cache-Control"]
    for name, end in (("withdraw", S.WITHDRAWN), ("cancel", S.CANCELLED)):
        way_out = reverse(f"visits:{name}", args=[visit_request.reference])
        assert (f'href="{way_out}"' in page.html) == may_move(state, end)


def test_i_have_an_overview(page, visit_request):
    """What has happened and what is to come, the facts of the visit, and what was asked."""
    if visit_request.request_state in rules.ENDED:
        rows = re.findall(r"<li>(.*?)</li>", part(page, "what-happened"), re.DOTALL)
        assert len(rows) >= 2
        assert all(re.search(r"\d", said(row)) for row in rows)
    else:
        assert page.html.count('aria-current="step"') == 1
        assert page.html.count(f", {_('done')}</span>") >= 1
    facts = said(re.search(r'<ul class="plain q-facts">(.*?)</ul>', page.html, re.DOTALL)[1])
    assert visit_request.organisation_name in facts
    assert visit_request.aim in said(part(page, "asked"))


def test_the_page_is_swedish_in_swedish(page):
    """Not one of the six is left in English."""
    if page.language == "sv":
        english = ("Whom to turn to", "What you do", "What we do", "You can rely on this", "What has happened")
        assert [words for words in english if words in page.html] == []
