"""A gathering is corrected: whose word stays, who is asked anew, and that each mail says only what is another."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from tests.factories import (
    AskFactory,
    FacilitatorFactory,
    GatheringFactory,
    RoomFactory,
    SessionFactory,
    SiteFactory,
    UserFactory,
    VisitFactory,
    VisitRequestFactory,
    at,
    wished_day,
)
from visits import letters, scheduling
from visits.choices import AskState, RequestState
from visits.models import Booking, Facilitator, Gathering, GatheringAsk, Message, Travel

pytestmark = pytest.mark.django_db
YES_IS_GONE = "Your yes holds no longer"


def gathering(**more: Any) -> Gathering:
    return Gathering.objects.get(pk=GatheringFactory(**more).pk)


def helps(there: Gathering, person: Facilitator | None = None) -> GatheringAsk:
    """One who was asked, has had the mail, and has said yes."""
    person = person or FacilitatorFactory(user__language="en")
    scheduling.ask_people(there, [person], by=UserFactory())
    leave()
    return scheduling.accept_helping(there.asks.waiting().get(facilitator=person))


def leave() -> None:
    """What is owed has reached them."""
    Message.objects.update(state="sent", sent_at=timezone.now())


def move(there: Gathering, **to: Any) -> Gathering:
    """It is saved otherwise, and everybody who is asked or helps stays ticked."""
    Gathering.objects.filter(pk=there.pk).update(**to)
    moved = Gathering.objects.get(pk=there.pk)
    people = Facilitator.objects.filter(pk__in=there.asks.live().values("facilitator"))
    scheduling.ask_people(moved, people, by=UserFactory())
    return moved


def states(there: Gathering) -> list[str]:
    return list(there.asks.order_by("pk").values_list("state", flat=True))


def mails() -> list[Message]:
    return list(Message.objects.filter(state="due").order_by("pk"))


def told() -> str:
    """What the only mail that leaves says."""
    at_once = timezone.now()
    left = [one for one in mails() if not letters.truth.why_not(one, at_once)]
    assert len(left) == 1
    return str(letters.write(left[0], at_once).body)


def led_at(person: Facilitator, hour: int, site: str) -> None:
    """They lead a session of an hour there."""
    day = wished_day()
    visit = VisitFactory(request=VisitRequestFactory(state=RequestState.IN_REVIEW), first_day=day, last_day=day)
    room = RoomFactory(site=SiteFactory(name=site))
    scheduling.accept(AskFactory(session=SessionFactory(visit=visit, hour=hour, room=room), facilitator=person))


# -- Another place, or another end -----------------------------------------------------------


def test_a_gathering_that_only_changes_place_says_so():
    there = gathering(site=SiteFactory(name="Ryhov"))
    helps(there)

    move(there, site=SiteFactory(name="Eksjö"))

    said = told()
    assert "The gathering is not held at Ryhov any more." in said
    assert "is not at" not in said
    assert YES_IS_GONE in said
    assert states(there) == [AskState.WITHDRAWN, AskState.ASKED]
    assert not Booking.objects.exists()


def test_a_gathering_that_only_ends_at_another_time_says_so():
    there = gathering()
    helps(there)

    move(there, ends=time(16))

    said = told()
    assert "The gathering does not end at 15.00 any more." in said
    assert "is not at" not in said
    assert YES_IS_GONE in said


def test_a_gathering_at_another_hour_and_place_says_both():
    there = gathering(site=SiteFactory(name="Ryhov"))
    helps(there)

    move(there, starts=time(9), ends=time(11), site=SiteFactory(name="Eksjö"))

    said = told()
    assert "13.00 any more." in said
    assert "is not held at Ryhov any more." in said
    assert "does not end" not in said


def test_a_place_where_none_was_known_takes_nobodys_yes_away():
    there = gathering()
    ask = helps(there)

    move(there, site=SiteFactory(name="Eksjö"))

    held = Booking.objects.get()
    assert (held.facilitator, held.starts_at, held.site.name) == (ask.facilitator, ask.starts_at, "Eksjö")
    assert states(there) == [AskState.ACCEPTED]
    assert mails() == []


def test_a_place_from_which_they_would_not_get_on_in_time_is_refused_and_all_stays():
    there = gathering()
    ask = helps(there)
    led_at(ask.facilitator, 12, "Ryhov")
    eksjo = SiteFactory(name="Eksjö")
    Travel.objects.create(one=SiteFactory(name="Ryhov"), other=eksjo, minutes=55)

    with pytest.raises(scheduling.Clash, match="needs 55 minutes from Ryhov, and there are 0"):
        move(there, site=eksjo)

    assert states(there) == [AskState.ACCEPTED]
    assert Booking.objects.get(gathering=there).site is None


def test_a_place_that_is_known_with_another_hour_is_asked_about_anew():
    there = gathering()
    helps(there)

    moved = move(there, starts=time(9), ends=time(11), site=SiteFactory(name="Eksjö"))

    said = told()
    assert "13.00 any more." in said
    assert "is not held" not in said
    assert there.asks.waiting().get().starts_at == at(moved.day, 9)


@pytest.mark.parametrize(("new", "stands"), [("", "As last time?"), ("Bring the map", "Bring the map")])
def test_what_was_written_with_the_question_goes_with_it_when_it_is_asked_anew(new, stands):
    there, person = gathering(), FacilitatorFactory()
    scheduling.ask_people(there, [person], by=UserFactory(), with_it="As last time?")
    Gathering.objects.filter(pk=there.pk).update(starts=time(9), ends=time(11))

    scheduling.ask_people(Gathering.objects.get(), [person], by=UserFactory(), with_it=new)

    assert there.asks.waiting().get().words == stands


# -- Corrected once more before the mail has left --------------------------------------------


def test_who_has_not_read_of_a_move_reads_of_the_next_what_they_knew_and_that_their_yes_is_gone():
    there = gathering()
    helps(there)

    move(there, starts=time(9), ends=time(11))
    move(there, starts=time(10), ends=time(12))

    said = told()
    assert "13.00 any more." in said
    assert "9.00 any more" not in said
    assert YES_IS_GONE in said


def test_who_has_read_of_a_move_reads_of_the_next_from_there():
    there = gathering()
    helps(there)

    move(there, starts=time(9), ends=time(11))
    leave()
    move(there, starts=time(10), ends=time(12))

    said = told()
    assert "09.00 any more." in said
    assert YES_IS_GONE not in said


def test_who_has_read_nothing_yet_reads_of_no_move():
    there = gathering()
    scheduling.ask_people(there, [FacilitatorFactory(user__language="en")], by=UserFactory())

    move(there, starts=time(9), ends=time(11))

    said = told()
    assert "We ask you to help when a programme of ours comes together." in said
    assert "any more" not in said


def test_who_said_yes_and_is_let_off_after_a_move_that_they_have_not_read_of_is_told():
    there = gathering()
    helps(there)

    moved = move(there, starts=time(9), ends=time(11))
    scheduling.ask_people(moved, [], by=UserFactory())

    assert "You need not help at this gathering" in told()


def test_where_it_was_moved_back_they_read_that_it_was_changed_and_that_their_yes_is_gone():
    there = gathering()
    helps(there)

    move(there, starts=time(9), ends=time(11))
    move(there, starts=time(13), ends=time(15))

    said = told()
    assert "The gathering has been changed meanwhile." in said
    assert YES_IS_GONE in said
    assert "13.00 any more" not in said


@pytest.mark.parametrize("answer", ["no", "let off"])
def test_who_no_longer_counts_on_it_and_never_read_that_they_are_asked_anew_is_not_let_off(answer):
    there = gathering()
    ask = helps(there)
    if answer == "no":
        scheduling.decline_helping(ask)
    else:
        scheduling.ask_people(there, [], by=UserFactory())
    leave()

    scheduling.ask_people(there, [ask.facilitator], by=UserFactory())
    scheduling.ask_people(there, [], by=UserFactory())

    assert [one.kind for one in mails() if not letters.truth.why_not(one, timezone.now())] == []


# -- What is over is written down as it was --------------------------------------------------


def test_a_gathering_that_is_over_is_corrected_and_who_helped_has_helped():
    there = gathering()
    ask = helps(there)

    with time_machine.travel(there.ends_at + timedelta(days=1)):
        move(there, ends=time(16), site=SiteFactory(name="Eksjö"))

    ask.refresh_from_db()
    held = Booking.objects.get()
    assert (ask.state, ask.ends_at) == (AskState.ACCEPTED, at(there.day, 16))
    assert (held.starts_at, held.ends_at, held.site.name) == (at(there.day, 13), at(there.day, 16), "Eksjö")
    assert there.asks.count() == 1
    assert mails() == []


def test_what_is_over_is_not_written_down_where_they_were_elsewhere():
    there = gathering()
    ask = helps(there)
    led_at(ask.facilitator, 15, "Ryhov")

    with time_machine.travel(there.ends_at + timedelta(days=1)), pytest.raises(scheduling.Clash, match="is taken from"):
        move(there, ends=time(16))

    ask.refresh_from_db()
    assert (ask.state, ask.ends_at) == (AskState.ACCEPTED, at(there.day, 15))
    assert Booking.objects.get(gathering=there).ends_at == at(there.day, 15)


def test_what_was_read_from_their_own_calendar_gives_way_to_what_has_been():
    there = gathering()
    ask = helps(there)
    busy = {"kind": "away", "imported": True, "starts_at": at(there.day, 15), "ends_at": at(there.day, 17)}
    Booking.objects.create(facilitator=ask.facilitator, **busy)

    with time_machine.travel(there.ends_at + timedelta(days=1)):
        move(there, ends=time(16))

    assert list(Booking.objects.order_by("starts_at").values_list("starts_at", "ends_at")) == [
        (at(there.day, 13), at(there.day, 16)), (at(there.day, 16), at(there.day, 17)),
    ]  # fmt: skip


def test_what_is_over_and_takes_place_again_is_asked_about_anew():
    there = gathering()
    helps(there)

    with time_machine.travel(there.ends_at + timedelta(days=1)):
        move(there, day=there.day + timedelta(days=7))

    assert states(there) == [AskState.WITHDRAWN, AskState.ASKED]
    assert not Booking.objects.exists()


def test_who_said_yes_to_a_day_to_come_is_let_off_and_told_when_it_is_written_down_as_over():
    there = gathering()
    helps(there)

    move(there, day=timezone.localdate() - timedelta(days=1))

    assert states(there) == [AskState.WITHDRAWN]
    assert "You need not help at this gathering" in told()
    assert not Booking.objects.exists()
