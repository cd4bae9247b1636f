"""The plain pages of the admin, every one of every table: axe and sideways scrolling, in both languages and colours."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page

from tests.browser.conftest import a_house, is_fault, look_at
from tests.browser.house import House

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]
# A row in every table, and what each table has of the five pages; the requests' own are the desk's.
STORED = """
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from tests.factories import AreaFactory, CoordinatorFactory, FacilitatorFactory, SiteFactory
from tests.portal.stored import stored
from visits import ladder
from visits.models import (
    Competence, CompetenceClaim, Facilitator, InvoiceDetails, LivingTerms, Question, ReplyDraft, Travel, User,
    VisitRequest,
)

stored()
root = User.objects.create_superuser("root@qulturum.example", "two-to-tango")
EmailAddress.objects.create(user=root, email=root.email)
Authenticator.objects.create(user=CoordinatorFactory(), type=Authenticator.Type.TOTP, data={})
Question.objects.create(step="learn", words_en="Which ward?", words_sv="Vilken avdelning?")
ladder.load()
ReplyDraft.objects.create(slug="a", title_en="Cost", title_sv="Kostnad", text_en="Free.", text_sv="Gratis.")
Travel.objects.create(one=SiteFactory(name="Qulturum"), other=SiteFactory(name="Ryhov"), minutes=20)
LivingTerms.objects.create(facilitator=Facilitator.objects.first(), compensation="By invoice")
Competence.objects.create(facilitator=FacilitatorFactory(), area=AreaFactory(), level=2)
CompetenceClaim.objects.create(facilitator=FacilitatorFactory(), area=AreaFactory(), level=3)
InvoiceDetails.objects.create(request=VisitRequest.objects.first(), name="Tayford", address="1 High Street")
"""
PAGES = """
import json
from django.conf import settings
from django.contrib import admin
from django.test import Client
from django.urls import reverse

client, found = Client(headers={"host": "127.0.0.1"}), {}
client.force_login(root)

def opened(path):
    return path if client.get(path).status_code == 200 else None

for model in admin.site._registry:
    if model is VisitRequest:
        continue
    name, row = f"admin:{model._meta.app_label}_{model._meta.model_name}", model._default_manager.first()
    pages = {kind: opened(reverse(f"{name}_{kind}")) for kind in ("changelist", "add")}
    if row is not None:
        pages |= {kind: opened(reverse(f"{name}_{kind}", args=[row.pk])) for kind in ("change", "delete", "history")}
    found[model._meta.label_lower] = pages
found["the desk"] = {"all": reverse("admin:all_data"), "app": reverse("admin:app_list", args=["visits"]),
                     "password": reverse("admin:auth_user_password_change", args=[root.pk])}
print(json.dumps([client.cookies[settings.SESSION_COOKIE_NAME].value, found]))
"""
# The pages of one kind share their templates: every one is looked at once, those with most in them once more.
LOOKS = (
    ("en", "", (1440, "light"), {"changelist", "add", "change", "delete", "history", "all", "app", "password"}),
    ("sv", "/sv", (390, "dark"), {"change", "all", "app", "password"}),
)


class Stock(NamedTuple):
    """The pages by table and kind, and the session of somebody who may open them all."""

    session: str
    pages: dict[str, dict[str, str | None]]


@pytest.fixture(scope="module")
def own_house(tmp_path_factory: pytest.TempPathFactory, furnished: House) -> Iterator[House]:
    yield from a_house(tmp_path_factory.mktemp("stock"), furnished)


@pytest.fixture(scope="module")
def stock(own_house: House) -> Stock:
    return Stock(*json.loads(own_house.make(STORED, then=PAGES)))


def test_every_table_has_a_list_and_a_row_to_look_at(stock):
    lacking = {
        table: kind
        for table, pages in stock.pages.items()
        for kind in ("changelist", "change", "history")
        if table != "the desk" and not pages.get(kind)
    }

    assert lacking == {}


@pytest.mark.parametrize(("language", "prefix", "view", "kinds"), LOOKS, ids=[look[0] for look in LOOKS])
def test_every_plain_page_can_be_used_by_everybody(own_house, stock, browser, language, prefix, view, kinds):
    context = browser.new_context(base_url=own_house.url, locale=language)
    context.add_cookies([{"name": "sessionid", "value": stock.session, "url": own_house.url}])
    paths = [path for pages in stock.pages.values() for kind, path in pages.items() if path and kind in kinds]

    faults = [fault for path in paths for fault in _faults(context, f"{prefix}{path}", view)]

    context.close()
    assert len(paths) > 20
    assert not faults, "\n".join(faults)


def _faults(context: BrowserContext, path: str, view: tuple[int, str]) -> list[str]:
    """What the console says of one page as it loads, and then axe or the width."""
    page, said = context.new_page(), []

    def listen(message: ConsoleMessage) -> None:
        if is_fault(message):
            said.append(f"{path}: {message.text}")

    page.on("console", listen)
    page.goto(path)
    # Axe writes imported style sheets into the page, which our policy refuses: that is not the page's fault.
    page.remove_listener("console", listen)
    said += _looked(page, path, view)
    page.close()
    return said


def _looked(page: Page, path: str, view: tuple[int, str]) -> list[str]:
    try:
        look_at(page, path, views=(view,))
    except AssertionError as fault:
        return [str(fault).splitlines()[0]]
    return []
