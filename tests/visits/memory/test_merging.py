"""Two organisations that are one: put together by somebody who knows, and taken apart again."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from tests.factories import DraftFactory, VisitRequestFactory
from tests.visits.memory.scene import asking, organisation, promised, visited
from visits import memory, workflow
from visits.choices import RequestState
from visits.memory import MergeRefused
from visits.memory.likeness import likeness
from visits.models import Organisation, OrganisationMerge, Visitor

pytestmark = pytest.mark.django_db


def facts_of(one: Organisation) -> dict[str, str]:
    return {name: str(getattr(one, name)) for name in memory.FACTS}


def pair() -> tuple[Organisation, Organisation]:
    """A good name and a misspelled one, each with something of its own."""
    good, bad = organisation("Rotterhaven Hospital"), organisation("Roterhaven Hospital", town="Rotterhaven")
    visited(good, date(2024, 5, 14))
    asking(bad)
    return good, bad


def held(one: Organisation) -> list[int]:
    return [one.requests.count(), one.visitors.count(), one.promises.count(), one.notes.count()]


def test_everything_moves_to_the_one_that_lives(coordinator):
    good, bad = pair()
    promised(bad)
    memory.append(bad, "They like trains.", by=coordinator)
    Visitor.objects.update(organisation=bad)

    memory.merge(bad, into=good, facts=facts_of(good), by=coordinator)

    bad.refresh_from_db()
    assert (held(bad), held(good)) == ([0, 0, 0, 0], [2, 2, 1, 1])
    assert bad.living == good


def test_the_misspelled_name_makes_no_organisation_again(coordinator):
    good, bad = pair()
    memory.merge(bad, into=good, facts=facts_of(good), by=coordinator)
    count = Organisation.objects.count()

    case = DraftFactory(organisation_name="ROTERHAVEN hospital", country="NL", state=RequestState.UNVERIFIED,
                        submitted_on=date(2026, 1, 1), first_wished_day=date(2027, 1, 1))  # fmt: skip
    workflow.verify(case)

    assert case.organisation == good
    assert Organisation.objects.count() == count


def test_the_old_name_is_found_and_its_page_leads_on(coordinator_client, coordinator):
    good, bad = pair()
    memory.merge(bad, into=good, facts=facts_of(good), by=coordinator)

    rows, _more = memory.found("Roterhaven", page=1)
    html = coordinator_client.get(reverse("admin:organisation", args=[bad.pk])).content.decode()

    assert [(row.organisation, row.other_names) for row in rows] == [(good, ["Roterhaven Hospital"])]
    assert "This is Rotterhaven Hospital now" in html


def test_facts_are_chosen_one_by_one_and_both_names_stay_known(coordinator_client):
    good, bad = pair()

    coordinator_client.post(
        reverse("admin:organisations_together", args=[bad.pk, good.pk]),
        {"name": "gone", "country": "into", "town": "into", "kind": "into"},
    )

    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.name, bad.town, bad.merged_into) == ("Rotterhaven Hospital", "Rotterhaven", None)
    assert (good.name, good.merged_into) == ("Roterhaven Hospital", bad)


def test_taken_apart_each_row_is_where_it_was(coordinator):
    good, bad = pair()
    promised(bad)
    before = [held(good), held(bad), facts_of(good), facts_of(bad)]
    done = memory.merge(bad, into=good, facts=facts_of(bad), by=coordinator)

    memory.take_apart(done, by=coordinator)

    good.refresh_from_db()
    bad.refresh_from_db()
    assert [held(good), held(bad), facts_of(good), facts_of(bad)] == before
    assert bad.merged_into is None


def test_what_came_after_the_merge_stays_with_the_one_that_lives(coordinator):
    good, bad = pair()
    done = memory.merge(bad, into=good, facts=facts_of(good), by=coordinator)
    later = asking(good)

    memory.take_apart(done, by=coordinator)

    later.refresh_from_db()
    assert later.organisation == good
    assert held(bad)[0] == 1


@pytest.mark.parametrize("first", [0, 1])
def test_a_chain_of_two_merges_comes_apart_in_either_order(coordinator, first):
    one, two, three = organisation("One"), organisation("Two"), organisation("Three")
    cases = [asking(one), asking(two), asking(three)]
    merges = [
        memory.merge(three, into=two, facts=facts_of(two), by=coordinator),
        memory.merge(two, into=one, facts=facts_of(one), by=coordinator),
    ]
    assert held(one)[0] == 3

    for done in (merges[first], merges[1 - first]):
        memory.take_apart(done, by=coordinator)

    for case, home in zip(cases, (one, two, three), strict=True):
        case.refresh_from_db()
        assert case.organisation == home
    assert not Organisation.objects.exclude(merged_into=None).exists()


def test_what_is_merged_already_is_refused_and_nothing_moves(coordinator):
    good, bad = pair()
    other = organisation("Third")
    memory.merge(bad, into=good, facts=facts_of(good), by=coordinator)

    for gone, into in ((bad, other), (other, bad), (good, good)):
        with pytest.raises(MergeRefused):
            memory.merge(gone, into=into, facts=facts_of(into), by=coordinator)

    assert OrganisationMerge.objects.count() == 1
    assert held(good)[0] == 2


def test_the_name_of_a_third_one_is_refused(coordinator):
    good, bad = organisation("Rotterhaven", country="NL"), organisation("Roterhaven", country="BE")
    organisation("Rotterhaven", country="BE")
    mixed = facts_of(good) | {"country": "BE"}

    with pytest.raises(MergeRefused, match="third organisation"):
        memory.merge(bad, into=good, facts=mixed, by=coordinator)

    bad.refresh_from_db()
    assert bad.merged_into is None


def test_the_same_name_in_two_countries_can_change_places(coordinator):
    good, bad = organisation("Rotterhaven", country="NL"), organisation("Rotterhaven", country="BE")

    memory.merge(bad, into=good, facts=facts_of(good) | {"country": "BE"}, by=coordinator)

    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.country.code, bad.country.code, bad.merged_into) == ("BE", "NL", good)


def test_taking_apart_twice_is_told(coordinator_client, coordinator):
    good, bad = pair()
    done = memory.merge(bad, into=good, facts=facts_of(good), by=coordinator)
    address = reverse("admin:organisations_apart", args=[done.pk])

    coordinator_client.post(address)
    again = coordinator_client.post(address, follow=True)

    assert "These two have been taken apart already." in again.content.decode()


@pytest.mark.parametrize(
    ("name", "other", "alike"),
    [
        ("Rotterhaven Hospital", "Roterhaven Hospital", True),
        ("Österby sjukhus", "Osterby Sjukhus", True),
        ("Tayford Health Board", "Tayford Health Board NHS", True),
        ("Rotterhaven Hospital", "Almadura Hospital", False),
        ("Region Norrälv", "Region Söderälv", False),
    ],
)
def test_names_are_alike_or_not(name, other, alike):
    assert bool(likeness(name, other, same_country=True)) is alike


@pytest.mark.parametrize("written", ["Roterhaven Hospital", "Rotterhavn Hospital", "Ziekenhuis Rotterhaven"])
def test_a_misspelled_name_is_suggested_and_compared_on_the_page(coordinator_client, written):
    one, other = organisation("Rotterhaven Hospital"), organisation(written)
    organisation("Almadura Hospital")

    html = coordinator_client.get(reverse("admin:organisation", args=[one.pk])).content.decode()

    assert [found for found, _like in memory.suggestions(one)] == [other]
    assert reverse("admin:organisations_together", args=[one.pk, other.pk]) in html


def test_the_same_domain_is_a_reason_and_a_common_one_is_none():
    one, other = organisation("Rotterhaven Hospital"), organisation("RH Dialysis Unit")
    third = organisation("Somebody Else", country="BE")
    for number, (host, holder) in enumerate(
        [("rotterhaven.example", one), ("rotterhaven.example", other), ("gmail.com", one), ("gmail.com", third)]
    ):
        Visitor.objects.create(name="x", email="x@x.example", email_key=f"p{number}@{host}", organisation=holder)

    suggested = memory.suggestions(one)

    assert [(found, like.reasons) for found, like in suggested] == [(other, ["Both write from rotterhaven.example."])]


def test_facilitators_put_nothing_together(facilitator_client):
    good, bad = pair()

    response = facilitator_client.post(reverse("admin:organisations_together", args=[good.pk, bad.pk]), {})

    assert response.status_code == 403
    assert not OrganisationMerge.objects.exists()


def test_the_page_of_two_shows_what_each_has(coordinator_client):
    good, bad = pair()

    html = coordinator_client.get(reverse("admin:organisations_together", args=[good.pk, bad.pk])).content.decode()

    assert "Are these two the same?" in html
    assert "Roterhaven Hospital becomes a part of Rotterhaven Hospital" in html


def test_without_a_choice_nothing_is_put_together(coordinator_client):
    good, bad = pair()

    response = coordinator_client.post(reverse("admin:organisations_together", args=[good.pk, bad.pk]), {"name": ""})

    assert response.status_code == 422
    assert "Choose which of the two stays." in response.content.decode()
    assert VisitRequestFactory._meta.model.objects.filter(organisation=bad).count() == 1
