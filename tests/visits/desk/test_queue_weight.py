"""What the page of the queue weighs: fifty rows are sent at each look, so each of them is little but its words."""

from __future__ import annotations

import re

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from programmes.models import Area
from tests.factories import VisitRequestFactory
from visits.choices import RequestState

pytestmark = pytest.mark.django_db

A_PAGE = 50
MARKUP = 200  # bytes of one row that are not its words
PAGE = 35_000
COUNTRIES = ("NO", "SE", "DK", "FI", "NL", "GB", "IS", "PT")
WORDS = re.compile(r"[^<>]+(?=<|$)")


def full_page(client: Client) -> str:
    """A page of fifty that have just come in, of sixty that wait; their wishes and gifts are as long as they get."""
    call_command("load_catalogue", verbosity=0)
    areas = list(Area.objects.all())
    for nth in range(A_PAGE + 10):
        case = VisitRequestFactory(
            state=RequestState.SUBMITTED,
            organisation_name=f"Rotterhaven Hospital {nth}",
            country=COUNTRIES[nth % len(COUNTRIES)],
            aim="How a ward learns from what goes well, and how patients take part in it.",
            brings="Ten years of safety rounds with patients, and what went wrong on the way.",
        )
        case.areas.set([areas[nth % len(areas)], areas[(nth + 3) % len(areas)]])
    return client.get(reverse("admin:index"), {"turn": "ours"}).content.decode()


def rows_of(page: str) -> list[str]:
    table = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return [row for row in table.strip().split("<tr") if row and not row.startswith(' class="grp"')]


def test_a_full_page_of_the_queue_is_light_for_each_row_is_little_but_its_words(coordinator_client: Client) -> None:
    page = full_page(coordinator_client)

    rows = rows_of(page)
    markup = [len(f"<tr{WORDS.sub('', row)}") for row in rows if "aria-current" not in row]

    assert len(rows) == A_PAGE
    assert len(markup) == A_PAGE - 1
    assert max(markup) <= MARKUP
    assert len(page.encode()) <= PAGE
