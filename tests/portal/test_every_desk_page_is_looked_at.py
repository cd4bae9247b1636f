"""The browser's crawl opens every page of the desk: what it does not open is not held against axe."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest
from django.core.management import call_command
from django.urls import resolve

from qulturum_portal.audiences import Audience
from tests.factories import begin_at
from tests.portal.readers import addresses, readers
from tests.portal.routes import all_routes
from tests.portal.stored import stored

pytestmark = [pytest.mark.django_db, pytest.mark.one_engine]
DESK = (Audience.STAFF, Audience.MANAGER)
# The lists and forms that Django's admin makes of our tables are opened by tests/browser/test_stock_pages.py.
STOCK = re.compile(r"admin:(\w+)_(changelist|add|change|delete|history|password_change)$")
# Addresses of the admin without a page: they lead elsewhere, answer a script or give a file.
NO_PAGE = {
    "admin:autocomplete", "admin:dashboard_table", "admin:django.contrib.admin.sites.AdminSite.catch_all_view",
    "admin:django.views.generic.base.RedirectView", "admin:logout", "admin:password_change", "admin:saved_view",
    "admin:view_on_site",
}  # fmt: skip
HTML, ONLY_POST = "text/html", 405


def is_ours(view_name: str) -> bool:
    found = STOCK.match(view_name)
    return view_name not in NO_PAGE and (found is None or found[1] == "visits_visitrequest")


def test_no_page_of_the_desk_is_passed_over():
    call_command("load_catalogue", verbosity=0)
    begin_at(5000)  # far from the numbers that the deeds give
    found, answers = stored(), defaultdict(set)
    desk = {route.view_name for route in all_routes() if route.audience in DESK and is_ours(route.view_name)}
    for audience in DESK:
        for about in (None, *found.visits):
            for client in readers(found, audience, about).values():
                for path in addresses(found, audience, about):
                    name = resolve(path.split("?")[0]).view_name
                    if name not in desk or (200, HTML) in answers[name]:
                        continue
                    answer = client.get(path)
                    answers[name].add((answer.status_code, answer.get("Content-Type", "").split(";")[0]))

    pages = {name for name in desk if (200, HTML) in answers[name]}
    files = {name for name in desk if any(status == 200 and kind != HTML for status, kind in answers[name])}
    presses = {name for name in desk if (ONLY_POST, HTML) in answers[name]}
    assert len(pages) > 30
    assert desk - pages - files - presses == set()
