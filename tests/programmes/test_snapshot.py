"""The catalogue in memory is never older than the database."""

import pytest

from programmes import snapshot
from programmes.models import Area
from tests.factories import AreaFactory, InitiativeFactory, OfferingFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db


def test_reading_again_asks_one_small_question(django_assert_num_queries) -> None:
    OfferingFactory()
    first = snapshot.current()

    with django_assert_num_queries(1):
        again = snapshot.current()

    assert again is first


def test_a_changed_text_is_seen_at_once() -> None:
    area = AreaFactory(name_en="Before")
    snapshot.current()

    area.name_en = "After"
    area.save()

    assert [found.name for found in snapshot.current().areas] == ["After"]


def test_new_and_deleted_rows_are_seen_at_once() -> None:
    first, second = AreaFactory(), AreaFactory()
    snapshot.current()

    third = AreaFactory()
    first.delete()

    assert list(snapshot.current().areas) == [second, third]


def test_what_is_not_published_is_not_there() -> None:
    hidden = AreaFactory(is_published=False)
    shown = AreaFactory()
    shown.goes_with.add(hidden)
    shown.initiatives.add(InitiativeFactory(is_published=False))
    OfferingFactory(area=hidden)
    OfferingFactory(area=shown, is_published=False)
    ProgrammeFactory(is_published=False)

    catalogue = snapshot.current()

    assert catalogue.areas == (shown,)
    assert catalogue.offerings == catalogue.initiatives == catalogue.programmes == ()
    assert list(catalogue.areas[0].goes_with.all()) == []
    assert list(catalogue.areas[0].initiatives.all()) == []
    assert catalogue.area(hidden.slug) is None


def test_entries_come_in_the_order_of_the_catalogue() -> None:
    last, first = AreaFactory(order=2), AreaFactory(order=1)

    assert snapshot.current().areas == (first, last)


def test_an_offering_of_the_snapshot_knows_its_area_without_a_query(django_assert_num_queries) -> None:
    area = AreaFactory(slug="safety")
    OfferingFactory(area=area, slug="walk")
    [offering] = snapshot.current().offerings

    with django_assert_num_queries(0):
        assert offering.get_absolute_url() == "/areas/safety/#walk"


def test_the_number_of_queries_does_not_follow_the_number_of_rows(django_assert_num_queries) -> None:
    for _ in range(3):
        area = AreaFactory()
        area.initiatives.add(InitiativeFactory())
        area.goes_with.add(Area.objects.order_by("pk")[0])
        OfferingFactory(area=area, programme=ProgrammeFactory())
    snapshot.forget()

    with django_assert_num_queries(7):
        snapshot.current()
