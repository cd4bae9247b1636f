"""Staff write the catalogue on stock pages, in both languages."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from programmes.loading import load_catalogue
from programmes.models import Initiative
from tests.conftest import drawn_from
from tests.factories import AreaFactory, InitiativeFactory, OfferingFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db

FACTORIES = {
    "area": AreaFactory,
    "offering": OfferingFactory,
    "initiative": InitiativeFactory,
    "programme": ProgrammeFactory,
}


@pytest.mark.parametrize("noun", FACTORIES)
def test_lists_and_pages_open(manager_client: Client, noun: str) -> None:
    row = FACTORIES[noun]()

    for address in (
        reverse(f"admin:programmes_{noun}_changelist"),
        reverse(f"admin:programmes_{noun}_change", args=[row.pk]),
    ):
        assert manager_client.get(address).status_code == 200, address


@pytest.mark.parametrize("noun", FACTORIES)
def test_a_list_costs_the_same_for_one_row_and_for_three(
    manager_client: Client, noun: str, django_assert_num_queries
) -> None:
    address = reverse(f"admin:programmes_{noun}_changelist")
    FACTORIES[noun]()
    manager_client.get(address)
    with CaptureQueriesContext(connection) as one:
        manager_client.get(address)
    FACTORIES[noun]()
    FACTORIES[noun]()

    with django_assert_num_queries(len(one)):
        manager_client.get(address)


def test_an_edited_initiative_is_seen_by_guests_at_once(manager_client: Client, client: Client) -> None:
    load_catalogue()
    esther = Initiative.objects.get(slug="esther")
    client.get("/initiatives/")

    address = reverse("admin:programmes_initiative_change", args=[esther.pk])
    answer = manager_client.post(
        address,
        {
            **drawn_from(manager_client, address),
            "name_en": "Esther, as we say it",
            "name_sv": esther.name_sv,
            "summary_en": esther.summary_en,
            "summary_sv": esther.summary_sv,
            "years": "1997–",
            "methods": ["dialogue"],
            "level": "all",
            "order": 1,
            "is_published": "on",
        },
    )

    assert answer.status_code == 302
    assert "Esther, as we say it" in client.get("/initiatives/?method=dialogue").content.decode()


def test_years_that_cannot_be_read_get_a_sentence(manager_client: Client) -> None:
    row = InitiativeFactory(years="2010")

    address = reverse("admin:programmes_initiative_change", args=[row.pk])
    untouched = {"name_en": row.name_en, "name_sv": row.name_sv}

    answer = manager_client.post(address, {**drawn_from(manager_client, address), **untouched, "years": "yesterday"})

    row.refresh_from_db()
    assert "Write years like 2006–2012" in answer.content.decode()
    assert row.years == "2010"


def test_what_came_from_the_files_is_hidden_and_never_deleted(manager_client: Client) -> None:
    load_catalogue()
    row = Initiative.objects.get(slug="peers")

    answer = manager_client.post(reverse("admin:programmes_initiative_delete", args=[row.pk]), {"post": "yes"})

    assert answer.status_code == 403
    assert Initiative.objects.filter(pk=row.pk).exists()
