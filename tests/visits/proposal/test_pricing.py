"""What a visit costs: by rules that staff write, frozen into the proposal, and nothing said without them."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tests.conftest import visitor_of
from tests.visits.proposal import cases
from visits import pricing, words, workflow
from visits.choices import OrganisationKind
from visits.models import InvoiceDetails, PriceRule

DAY = date(2027, 3, 16)


def rule(per: str = "visit", amount: str = "100.00", **given: Any) -> PriceRule:
    values = {"words_en": "Coffee", "words_sv": "Kaffe", "valid_from": date(2027, 1, 1)} | given
    return PriceRule(per=per, amount=Decimal(amount), **values)


def reckoned(*rules: PriceRule, first_day: date = DAY, kind: str = OrganisationKind.HEALTH) -> pricing.Quote:
    return pricing.reckon(rules, first_day=first_day, days=2, people=6, kind=kind)


@pytest.mark.parametrize(
    ("per", "total"), [("visit", "100.10"), ("day", "200.20"), ("person", "600.60"), ("person_day", "1201.20")]
)
def test_a_line_counts_what_it_is_for(per: str, total: str):
    assert reckoned(rule(per, "100.10")).total == Decimal(total)


def test_the_sum_of_all_lines_loses_no_oere():
    quote = reckoned(*[rule("visit", "0.10", words_en=f"Line {n}") for n in range(3)])

    assert quote.total == Decimal("0.30")
    assert len(quote.lines) == 3


@pytest.mark.parametrize(
    ("given", "holds"),
    [
        ({}, True),
        ({"valid_from": DAY}, True),
        ({"valid_from": DAY + timedelta(days=1)}, False),
        ({"valid_until": DAY}, True),
        ({"valid_until": DAY - timedelta(days=1)}, False),
        ({"organisation_kinds": ["health", "university"]}, True),
        ({"organisation_kinds": ["university"]}, False),
    ],
)  # fmt: skip
def test_a_rule_holds_for_its_days_and_its_kinds_of_organisation(given: dict[str, Any], holds: bool):
    assert bool(reckoned(rule(**given))) == holds


def test_what_is_kept_is_what_was_reckoned():
    quote = reckoned(rule("person", "33.33"), rule("visit", "12000"))

    assert pricing.thawed(quote.frozen()) == quote
    assert quote.frozen()["total"] == "12199.98"
    assert reckoned().frozen() == {}


@pytest.mark.parametrize(
    ("language", "amount", "told"),
    [
        ("en", "12000", "SEK\xa012,000"), ("en", "1250.5", "SEK\xa01,250.50"),
        ("sv", "12000", "12\xa0000\xa0kr"), ("sv", "0.5", "0,50\xa0kr"),
    ],
)  # fmt: skip
def test_money_is_written_as_people_write_it(language: str, amount: str, told: str):
    with translation.override(language):
        assert words.money(Decimal(amount)) == told


# -- In a proposal


@pytest.mark.django_db
def test_without_any_rule_nothing_is_said_of_money():
    case = cases.planned()
    proposal = cases.propose(case)
    client = visitor_of(case)

    pages = [client.get(reverse(f"visits:{name}", args=[case.reference])).content.decode()
             for name in ("visit", "programme", "proposal_yes", "proposal_change")]  # fmt: skip

    assert proposal.quote == {}
    assert [page for page in pages if re.search(r"(?i:(?<!q-)\bcost)|\bSEK\b", page)] == []
    assert client.get(reverse("visits:invoice", args=[case.reference])).url == case.get_absolute_url()


@pytest.mark.django_db
def test_a_quote_is_frozen_when_the_proposal_is_sent_and_shown_with_it():
    PriceRule.objects.bulk_create([rule("person_day", "185.00", valid_from=date(2026, 1, 1))])
    case = cases.planned()
    cases.propose(case)
    PriceRule.objects.update(amount=Decimal("999.00"))

    page = visitor_of(case).get(reverse("visits:proposal_yes", args=[case.reference]))

    assert page.context["quote"].total == Decimal("1110.00")
    assert "6 × SEK\xa0185" in page.content.decode()
    assert "without VAT" in page.content.decode()


@pytest.mark.django_db
def test_other_days_have_a_price_of_their_own():
    case = cases.planned()
    day = cases.weeks_later(case, 2)
    PriceRule.objects.bulk_create([
        rule("visit", "100.00", valid_from=date(2026, 1, 1), valid_until=day - timedelta(days=1)),
        rule("visit", "250.00", valid_from=day),
    ])  # fmt: skip
    cases.propose(case, day)
    client, address = visitor_of(case), reverse("visits:proposal_yes", args=[case.reference])

    page = client.get(address)
    client.post(address, {"number": 1, "choice": "2"})
    after = client.get(reverse("visits:programme", args=[case.reference]))

    assert [period.quote.total for period in page.context["periods"]] == [Decimal("100.00"), Decimal("250.00")]
    assert after.context["quote"].total == Decimal("250.00")


# -- Where the bill goes


def quoted():
    PriceRule.objects.bulk_create([rule("visit", "100.00", valid_from=date(2026, 1, 1))])
    case = cases.planned()
    cases.propose(case)
    return case, visitor_of(case), reverse("visits:invoice", args=[case.reference])


@pytest.mark.django_db
def test_the_guests_write_where_the_bill_goes_and_change_it():
    case, client, address = quoted()

    first = client.post(address, {"name": "Tayford", "address": "1 High Street\nTayford", "number": "GB 123"})
    client.post(address, {"name": "Tayford Board", "address": "2 High Street"})

    assert first.url == case.get_absolute_url()
    kept = InvoiceDetails.objects.get()
    assert (kept.request, kept.name, kept.address, kept.number) == (case, "Tayford Board", "2 High Street", "")


@pytest.mark.django_db
@pytest.mark.parametrize("typed", [{"name": ""}, {"address": ""}, {"email": "nobody"}, {"name": "x" * 201}])
def test_a_bill_that_could_not_arrive_is_told_and_nothing_typed_is_lost(typed: dict[str, str]):
    _case, client, address = quoted()

    answer = client.post(address, {"name": "Tayford", "address": "1 High Street", "reference": "Ward 7"} | typed)

    assert answer.status_code == 422
    assert "Ward 7" in answer.content.decode()
    assert not InvoiceDetails.objects.exists()


@pytest.mark.django_db
def test_the_bill_is_the_contact_persons_alone():
    _case, _client, address = quoted()

    assert Client().get(address).status_code == 404
    assert visitor_of(cases.planned()).get(address).status_code == 404


@pytest.mark.django_db
def test_managers_write_the_rules_and_coordinators_read_them(manager_client: Client, coordinator_client: Client):
    typed = {"words_en": "Coffee", "words_sv": "Kaffe", "per": "person", "amount": "45.50", "valid_from": "2027-01-01",
             "organisation_kinds": ["university"]}  # fmt: skip
    address = reverse("admin:visits_pricerule_add")

    assert coordinator_client.post(address, typed).status_code == 403
    assert manager_client.post(address, typed).status_code == 302
    kept = PriceRule.objects.get()
    assert (kept.amount, kept.organisation_kinds) == (Decimal("45.50"), ["university"])
    assert coordinator_client.get(reverse("admin:visits_pricerule_changelist")).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"amount": "-1"}, {"valid_until": "2026-12-31"}, {"amount": "much"}])
def test_a_rule_that_makes_no_sense_is_refused_with_a_sentence(manager_client: Client, wrong: dict[str, str]):
    typed = {"words_en": "Coffee", "words_sv": "Kaffe", "per": "person", "amount": "45", "valid_from": "2027-01-01"}

    answer = manager_client.post(reverse("admin:visits_pricerule_add"), typed | wrong)

    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors
    assert not PriceRule.objects.exists()


@pytest.mark.django_db
def test_the_quote_stays_after_the_yes():
    case, client, address = quoted()
    workflow.accept_proposal(case, number=1)

    page = client.get(reverse("visits:programme", args=[case.reference])).content.decode()
    own_page = client.get(case.get_absolute_url()).content.decode()

    assert "SEK\xa0100" in page
    assert address in own_page
