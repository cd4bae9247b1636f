"""More or fewer: how many come, and what is looked at again."""

import pytest

from tests.conftest import visitor_of
from tests.factories import RoomFactory
from tests.visits.group.people import writes
from tests.visits.visitor import cases
from visits import agreement, group, letters
from visits.models import Message, SpecialNeeds, VisitRequest

pytestmark = pytest.mark.django_db


def change(visit_request: VisitRequest, size: object, seen: int = 6, **more: str):
    address = f"/my/{visit_request.reference}/group/size/"
    return visitor_of(visit_request).post(address, {"size": size, "seen": seen, **more})


def size(visit_request: VisitRequest) -> int | None:
    return VisitRequest.objects.get(pk=visit_request.pk).group_size


def test_one_more_is_no_trouble():
    visit_request = cases.agreed()
    before = agreement.current(visit_request)

    answer = change(visit_request, "seven")

    assert answer.url == f"/my/{visit_request.reference}/group/"
    assert size(visit_request) == 7
    assert visit_request.history.get(what="group_size_changed").detail == {"was": 6, "now": 7}
    assert agreement.current(visit_request).number == before.number


@pytest.mark.parametrize(("was", "now", "much"), [(5, 6, False), (5, 7, True), (10, 8, False), (10, 7, True)])
def test_more_than_a_fifth_is_said_before_it_is_saved(was, now, much):
    visit_request = cases.agreed(group_size=was)

    answer = change(visit_request, now, seen=was)

    assert answer.status_code == (200 if much else 302)
    assert size(visit_request) == (was if much else now)
    assert ("both of us read it again" in answer.text) == much


def test_a_group_that_grows_bit_by_bit_is_told_before_it_has_grown_by_more_than_a_fifth():
    visit_request = cases.confirmed()
    change(visit_request, 7)

    answer = change(visit_request, 8, seen=7)

    assert answer.status_code == 200
    assert "Our agreement is about 6 people." in answer.text
    assert size(visit_request) == 7
    assert change(visit_request, 8, seen=7, sure="yes").status_code == 302
    assert not agreement.current(visit_request).is_agreed


def test_back_to_the_size_that_was_agreed_is_no_trouble():
    visit_request = cases.confirmed(group_size=10)
    change(visit_request, 8, seen=10)

    answer = change(visit_request, 12, seen=8)

    assert answer.status_code == 302
    assert size(visit_request) == 12
    assert agreement.current(visit_request).is_agreed


def test_who_changes_their_mind_about_the_size_is_asked_nothing_again():
    visit_request = cases.confirmed()
    change(visit_request, 12, sure="yes")

    answer = change(visit_request, 6, seen=12)

    assert answer.status_code == 302
    assert agreement.is_settled(visit_request)
    page = visitor_of(visit_request).get(f"/my/{visit_request.reference}/agreement/").content.decode()
    assert "read our agreement again" not in page


def test_no_number_of_food_or_access_is_more_than_a_smaller_group():
    visit_request = cases.agreed(group_size=10)
    SpecialNeeds.objects.create(request=visit_request, vegetarian=9, vegan=2)

    change(visit_request, 4, seen=10, sure="yes")

    needs = SpecialNeeds.objects.get(request=visit_request)
    assert (needs.vegetarian, needs.vegan, needs.halal) == (4, 2, 0)


def test_after_the_second_press_both_read_the_agreement_again():
    visit_request = cases.confirmed()
    before = agreement.current(visit_request)

    answer = change(visit_request, 12, sure="yes")

    now = agreement.current(visit_request)
    assert answer.status_code == 302
    assert size(visit_request) == 12
    assert (before.is_agreed, now.is_agreed, now.number) == (True, False, before.number + 1)


@pytest.mark.parametrize("sure", ["", "yes"])
def test_a_group_is_not_made_smaller_than_its_list(sure):
    visit_request = cases.agreed()
    for name in ("Dev Sharma", "Iona Kerr"):
        writes(visit_request, name)
    group.invite(visit_request.visit, ["r.baxter@tayford.example.org"], language="en")

    answer = change(visit_request, 3, sure=sure)

    assert answer.status_code == 409
    assert "There are 4 names and invitations on the list." in answer.text
    assert size(visit_request) == 6
    assert not visit_request.history.filter(what="group_size_changed").exists()


def test_of_two_windows_the_second_is_told():
    visit_request = cases.agreed()
    change(visit_request, 7)

    answer = change(visit_request, 5, seen=6)

    assert answer.status_code in {409, 200}
    assert size(visit_request) == 7


def test_an_old_window_saves_nothing():
    visit_request = cases.agreed(group_size=10)

    with pytest.raises(group.SizeRefused, match="has been changed"):
        group.change_size(visit_request.visit, 11, seen=9)

    assert size(visit_request) == 10


@pytest.mark.parametrize("typed", ["", "0", "61", "-3", "many", "6.5"])
def test_what_is_no_size_gets_a_sentence(typed):
    visit_request = cases.agreed()

    answer = change(visit_request, typed)

    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert not typed or f'value="{typed}"' in answer.text
    assert size(visit_request) == 6


@pytest.mark.parametrize(("now", "mails"), [(12, 0), (13, 1)])
def test_the_host_is_told_of_a_room_that_is_too_small(now, mails):
    visit_request = cases.agreed()
    visit_request.visit.sessions.update(room=RoomFactory(name="Studio", capacity=12))

    change(visit_request, now, sure="yes")

    told = Message.objects.filter(kind="room_too_small")
    assert [mail.to_email for mail in told] == [visit_request.coordinator.email] * mails
    assert not told or "Studio" in letters.write(told[0], told[0].due_at).body


@pytest.mark.parametrize("make", [cases.proposed, cases.completed, cases.cancelled])
def test_outside_the_time_for_names_the_size_stays(make):
    visit_request = make()

    answer = change(visit_request, 7)

    assert answer.status_code == 409
    assert size(visit_request) == 6
