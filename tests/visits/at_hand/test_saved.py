"""What a phone may keep of a visit: which pages, how long, drawn with what, and how it is made to forget."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import timezone

from tests.conftest import visitor_of
from tests.visits.at_hand.test_programme_paper import member_of
from tests.visits.at_hand.visits import confirmed, moment
from tests.visits.visitor import cases
from visits import access, rules
from visits.choices import LinkPurpose
from visits.http import OPENED
from visits.models import AccessLink, User, VisitRequest

pytestmark = pytest.mark.django_db

KEPT = ("day/", "getting-here/", "programme/")
NOT_KEPT = ("", "calendar/", "calendar.ics", "group/", "programme/?version=1")


def get(visit_request: VisitRequest, page: str, *, day: int):
    with time_machine.travel(moment(visit_request.visit, "10.00", day=day)):
        return visitor_of(visit_request).get(f"/my/{visit_request.reference}/{page}")


@pytest.mark.parametrize("page", KEPT)
@pytest.mark.parametrize(("day", "is_kept"), [(-8, False), (-7, True), (0, True), (2, True), (3, False)])
def test_a_page_is_kept_from_a_week_before_until_the_day_after(page, day, is_kept):
    visit_request = confirmed(days=2)

    answer = get(visit_request, page, day=day)

    assert ("X-Kept-Until" in answer) == is_kept
    assert (b"worker.js" in answer.content) == is_kept
    assert (b'rel="manifest"' in answer.content) == is_kept


@pytest.mark.parametrize("page", KEPT)
def test_a_copy_is_good_for_seven_days_after_the_visit_and_no_other_cache_has_one(page):
    visit_request = confirmed()

    answer = get(visit_request, page, day=0)

    until = datetime.fromtimestamp(int(answer["X-Kept-Until"]) / 1000, UTC)
    assert until == rules.end_of(visit_request.visit.last_day + 7 * rules.DAY)
    assert {"private", "no-store"} <= set(answer["Cache-Control"].replace(" ", "").split(","))


@pytest.mark.parametrize("page", NOT_KEPT)
def test_other_pages_of_the_visit_are_kept_nowhere(page):
    answer = get(confirmed(), page, day=0)

    assert answer.status_code == 200
    assert "X-Kept-Until" not in answer


def test_a_revoked_link_is_refused_at_once_which_is_what_the_worker_forgets_by():
    visit_request = confirmed()
    with time_machine.travel(moment(visit_request.visit, "10.00")):
        client = visitor_of(visit_request)
        before = [client.get(f"/my/{visit_request.reference}/{page}").status_code for page in KEPT]

        AccessLink.objects.update(revoked_at=timezone.now())
        after = [client.get(f"/my/{visit_request.reference}/{page}").status_code for page in KEPT]

    assert (before, after) == ([200, 200, 200], [404, 404, 404])


def worker_of(visit_request: VisitRequest, language: str = "") -> str:
    answer = Client().get(f"{language}/my/{visit_request.reference}/worker.js")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    return answer.content.decode()


def files_of(worker: str) -> list[str]:
    return json.loads(re.search(r"const FILES = (\[.*?\]);", worker)[1])


def test_the_worker_is_the_same_for_everybody_and_knows_nothing_of_a_visit():
    one, other = confirmed(), cases.in_review()

    assert worker_of(one) == worker_of(other) == worker_of(one, "/sv")
    assert one.reference not in worker_of(one)


def test_the_worker_has_every_file_that_the_kept_pages_are_drawn_with():
    visit_request = confirmed()
    kept = set(files_of(worker_of(visit_request)))

    needed: set[str] = set()
    for page in KEPT:
        html = get(visit_request, page, day=0).content.decode()
        needed |= set(re.findall(r'(?:href|src)="(/static/[^"#]+)', html))
    for sheet in [file for file in needed if file.endswith(".css")]:
        text = Path(finders.find(sheet.removeprefix("/static/"))).read_text(encoding="utf-8")
        drawn = re.findall(r"url\(([^)]+)\)", text)
        needed |= {f"{sheet.rsplit('/', 1)[0]}/{one.strip(chr(34))}" for one in drawn if "fonts" in sheet}

    assert needed - kept == set()
    assert [file for file in kept if finders.find(file.removeprefix("/static/")) is None] == []


def test_the_pages_may_run_a_worker_and_have_a_manifest_of_our_own_alone():
    policy = get(confirmed(), "day/", day=0)["Content-Security-Policy"]

    assert "worker-src 'self'" in policy
    assert "manifest-src 'self'" in policy
    assert "default-src 'none'" in policy


@pytest.mark.parametrize("language", ["", "/sv"])
def test_the_day_can_be_put_among_the_programs_of_a_phone(language):
    visit_request = confirmed()

    answer = visitor_of(visit_request).get(f"{language}/my/{visit_request.reference}/manifest.webmanifest")

    told = json.loads(answer.content)
    assert answer["Content-Type"] == "application/manifest+json"
    assert told["start_url"] == f"{language}/my/{visit_request.reference}/day/"
    assert told["scope"] == f"{language}/my/{visit_request.reference}/"
    assert all(finders.find(icon["src"].removeprefix("/static/")) for icon in told["icons"])
    assert Client().get(f"{language}/my/{visit_request.reference}/manifest.webmanifest").status_code == 404


# -- Closing --------------------------------------------------------------------------------


def test_closing_the_visit_on_a_device_closes_it_there_and_nowhere_else():
    visit_request, other = confirmed(), confirmed()
    client, elsewhere = visitor_of(visit_request), visitor_of(visit_request)
    session = client.session
    session[OPENED] += [access.standing_link(LinkPurpose.VISIT, request=other).pk]
    session.save()

    answer = client.post(f"/my/{visit_request.reference}/forget/", follow=True)

    assert "The visit is closed on this device" in answer.content.decode()
    assert client.get(f"/my/{visit_request.reference}/").status_code == 404
    assert client.get(f"/my/{other.reference}/").status_code == 200
    assert elsewhere.get(f"/my/{visit_request.reference}/").status_code == 200


def test_one_of_the_group_closes_it_on_theirs():
    visit_request = confirmed()
    client = member_of(visit_request)

    client.post(f"/my/{visit_request.reference}/forget/")

    assert client.get(f"/my/{visit_request.reference}/").status_code == 404
    assert visitor_of(visit_request).get(f"/my/{visit_request.reference}/").status_code == 200


def test_looking_closes_nothing_and_a_stranger_closes_nothing():
    visit_request = confirmed()
    client = visitor_of(visit_request)

    assert client.get(f"/my/{visit_request.reference}/forget/").status_code == 405
    assert Client().post(f"/my/{visit_request.reference}/forget/").status_code == 404
    assert client.get(f"/my/{visit_request.reference}/").status_code == 200


# -- How long a browser stays let in --------------------------------------------------------


def opened(visit_request: VisitRequest, *, day: int, colleague: User | None = None) -> timedelta:
    """How long the session of a browser lasts that opens the link in the mail on that day."""
    client = Client()
    with time_machine.travel(moment(visit_request.visit, "10.00", day=day), tick=False):
        if colleague:
            client.force_login(colleague)
        client.post(cases.link_of(visit_request))
        return client.session.get_expiry_date() - timezone.now()


def test_a_link_that_is_opened_within_the_week_before_lasts_through_the_visit():
    visit_request = confirmed(days=2)

    assert opened(visit_request, day=-3) == timedelta(days=5, hours=14)
    assert opened(visit_request, day=-9) == timedelta(hours=12)
    assert opened(visit_request, day=5) == timedelta(hours=12)


def test_a_visit_that_is_not_confirmed_and_a_colleague_who_looks_last_as_always(coordinator):
    visit_request = cases.agreed()

    assert opened(visit_request, day=-3) == timedelta(hours=12)
    assert opened(confirmed(), day=-3, colleague=coordinator) == timedelta(hours=12)
