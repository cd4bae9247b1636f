"""Many at once, in real threads: the last place is given once."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.races import at_once, tally
from tests.visits.group.people import WRITTEN, shared_link, words
from tests.visits.visitor import cases
from visits import group
from visits.group import places
from visits.models import Participant, SpecialNeeds

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

SEVEN = range(7)
ROUNDS = 12


def test_of_seven_who_write_into_the_last_place_one_gets_it():
    visit_request = cases.agreed(group_size=2)
    address = shared_link(visit_request)

    def write(number: int) -> int:
        return Client().post(address, WRITTEN | {"name": f"Person {number}"}).status_code

    outcomes = at_once([lambda n=number: write(n) for number in SEVEN])

    assert sorted(outcomes) == [302] + [409] * 6
    assert Participant.objects.filter(is_contact=False).count() == 1
    assert visit_request.history.filter(what="name_written").count() == 1


def test_without_the_guard_more_than_one_gets_it(settings):
    """The control: the same seven, counting and writing without holding the group, do fill it over."""
    settings.QULTURUM_WEEK_CAPACITY = ROUNDS  # all of them come in one week
    filled = 0
    for _round in range(ROUNDS):
        visit = cases.agreed(group_size=2).visit
        at_once([lambda n=number, v=visit: places.take(v, name=f"Person {n}") for number in SEVEN], (group.GroupFull,))
        filled = max(filled, visit.participants.count())
        if filled > 2:
            break

    assert filled > 2


def test_a_place_is_invited_or_written_into_not_both():
    visit = cases.agreed(group_size=2).visit
    deeds = [
        *(lambda n=number: group.write_by_shared_link(visit, words(f"Person {n}")) for number in range(4)),
        *(lambda n=number: group.invite(visit, [f"p{n}@example.org"], language="en") for number in range(3)),
    ]

    outcomes = at_once(deeds, (group.GroupFull,))

    assert all(outcomes)
    assert tally(outcomes) == {"done": 1, "GroupFull": 6}
    assert visit.participants.count() == 2


def test_seven_who_count_themselves_at_once_are_seven():
    visit_request = cases.agreed(group_size=20)
    SpecialNeeds.objects.create(request=visit_request)

    at_once([lambda: group.count_one(visit_request, ["halal"])] * 7)

    assert SpecialNeeds.objects.get().halal == 7


def test_two_windows_of_the_contact_person_change_the_size_once():
    visit_request = cases.agreed()

    def change(now: int) -> None:
        group.change_size(type(visit_request.visit).objects.get(pk=visit_request.visit.pk), now, seen=6)

    outcomes = at_once([lambda n=now: change(n) for now in (5, 7, 5, 7)], (group.SizeRefused,))

    visit_request.refresh_from_db()
    assert tally(outcomes) == {"done": 1, "SizeRefused": 3}
    assert visit_request.group_size in (5, 7)
    assert visit_request.history.filter(what="group_size_changed").count() == 1
