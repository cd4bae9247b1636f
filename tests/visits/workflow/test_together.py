"""The same visit asked for twice: one request goes on, the other is put into it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import (
    AskFactory,
    CoordinatorFactory,
    RoomFactory,
    SessionFactory,
    VisitFactory,
    VisitRequestFactory,
)
from tests.races import at_once, tally
from visits import access, door, letters, noticing, workflow
from visits.choices import AskState, BookingHold, FlagKind, LinkPurpose, RequestState
from visits.models import Booking, Flag, Message, User, VisitRequest
from visits.workflow import MoveRefused

pytestmark = pytest.mark.django_db
S = RequestState


def two(first: RequestState = S.IN_REVIEW, second: RequestState = S.SUBMITTED) -> tuple[VisitRequest, VisitRequest]:
    same = {"organisation_name": "Rotterhaven Hospital"}
    return (
        VisitRequestFactory(state=first, contact_name="Liesbeth Vermeer", **same),
        VisitRequestFactory(state=second, contact_name="Thomas Brandt", **same, organisation=None),
    )


def put(one: VisitRequest, other: VisitRequest, by: User, **seen: int) -> tuple[VisitRequest, VisitRequest]:
    versions = {"seen": one.version, "seen_other": other.version} | seen
    return workflow.put_together(one, other, by=by, **versions)


def opened(case: VisitRequest) -> Client:
    """A browser that has opened the link of a request."""
    client = Client()
    link = access.issue(LinkPurpose.VISIT, request=case)
    client.post(reverse("visits:open_visit", args=[access.token(link)]))
    return client


def test_one_goes_on_and_the_other_ends_with_where_it_went(coordinator: User) -> None:
    kept, absorbed = two()
    noticing.notice([kept.pk, absorbed.pk], at=timezone.now())

    put(absorbed, kept, coordinator)

    kept.refresh_from_db()
    absorbed.refresh_from_db()
    assert (kept.state, kept.absorbed_into) == (S.IN_REVIEW, None)
    assert (absorbed.state, absorbed.absorbed_into) == (S.WITHDRAWN, kept)
    assert [(e.what, e.detail["reference"]) for e in kept.history.all()] == [("put_together", absorbed.reference)]
    assert [(e.what, e.detail["reference"]) for e in absorbed.history.all()] == [("put_into", kept.reference)]
    assert not Flag.objects.filter(kind=FlagKind.DUPLICATE).exists()


@pytest.mark.parametrize(("one", "other", "kept"), [
    (S.SUBMITTED, S.IN_REVIEW, 1), (S.PROPOSED, S.IN_REVIEW, 0), (S.SUBMITTED, S.CONFIRMED, 1),
    (S.IN_REVIEW, S.IN_REVIEW, 0),
])  # fmt: skip
def test_the_one_with_more_behind_it_goes_on_and_of_two_alike_the_older(
    one: RequestState, other: RequestState, kept: int
) -> None:
    both = two(one, other)

    assert workflow.which_goes_on(*both)[0] == both[kept]
    assert workflow.which_goes_on(*reversed(both))[0] == both[kept]


@pytest.mark.parametrize(("one", "other", "why"), [
    (S.AGREED, S.CONFIRMED, "Both are agreed already"),
    (S.DECLINED, S.IN_REVIEW, "has ended"),
    (S.SUBMITTED, S.COMPLETED, "has ended"),
])  # fmt: skip
def test_what_cannot_be_put_together_is_said(
    coordinator: User, one: RequestState, other: RequestState, why: str
) -> None:
    first = VisitRequestFactory(state=one, decline_reason="no_room")
    second = VisitRequestFactory(state=other)

    with pytest.raises(MoveRefused, match=why):
        put(first, second, coordinator)

    assert set(VisitRequest.objects.values_list("state", flat=True)) == {one, other}
    assert not Message.objects.exists()


def test_a_request_is_not_put_into_itself(coordinator: User) -> None:
    case = VisitRequestFactory()

    with pytest.raises(MoveRefused, match="itself"):
        put(case, case, coordinator)


@pytest.mark.parametrize("old", ["seen", "seen_other"])
def test_when_either_has_moved_since_nothing_is_done(coordinator: User, old: str) -> None:
    one, other = two()

    with pytest.raises(MoveRefused):
        put(one, other, coordinator, **{old: 0})

    assert {case.state for case in VisitRequest.objects.all()} == {S.IN_REVIEW, S.SUBMITTED}
    assert not VisitRequest.objects.exclude(absorbed_into=None).exists()
    assert (one.history.count(), other.history.count(), Message.objects.count()) == (0, 0, 0)


def test_both_people_are_told_and_one_person_once(coordinator: User) -> None:
    kept, absorbed = two()
    again = VisitRequestFactory(contact_email=kept.contact_email)

    put(kept, absorbed, coordinator)
    kept.refresh_from_db()
    put(kept, again, coordinator)

    told = sorted(Message.objects.values_list("kind", "to_email"))
    assert told == sorted([*[("put_together", kept.contact_email)] * 2, ("put_into", absorbed.contact_email)])
    written = {message.kind: letters.write(message, timezone.now()) for message in Message.objects.order_by("-pk")}
    assert written["put_together"].to == [kept.contact_email]
    assert str(absorbed.reference) in written["put_together"].body
    assert str(kept.reference) in written["put_into"].body


def test_what_the_second_held_is_let_go(coordinator: User) -> None:
    kept = VisitRequestFactory(state=S.AGREED)
    session = SessionFactory(visit=VisitFactory(request=VisitRequestFactory(state=S.IN_REVIEW)), room=RoomFactory())
    ask = AskFactory(session=session)
    Booking.objects.create(
        room=session.room, session=session, starts_at=session.starts_at, ends_at=session.ends_at, hold=BookingHold.HELD
    )

    put(kept, session.visit.request, coordinator)

    ask.refresh_from_db()
    assert (ask.state, Booking.objects.count()) == (AskState.WITHDRAWN, 0)


def test_a_link_to_the_second_leads_to_the_first_and_old_addresses_too(coordinator: User) -> None:
    kept, absorbed = two()
    before = opened(absorbed)
    put(kept, absorbed, coordinator)

    after = opened(absorbed)

    for client in (before, after):
        assert client.get(reverse("visits:visit", args=[kept.reference])).status_code == 200
        assert client.get(reverse("visits:visit", args=[absorbed.reference])).url == kept.get_absolute_url()
    written = before.post(reverse("visits:messages", args=[absorbed.reference]), {"text": "Thomas comes too."})
    assert written.status_code == 302
    assert [(c.request, c.text) for c in kept.comments.all()] == [(kept, "Thomas comes too.")]
    assert Client().get(reverse("visits:visit", args=[kept.reference])).status_code == 404


def test_they_can_be_taken_apart_again_and_the_link_leads_back(coordinator: User) -> None:
    kept, absorbed = two()
    put(kept, absorbed, coordinator)
    client = opened(absorbed)
    absorbed.refresh_from_db()

    workflow.reopen(absorbed, by=coordinator, seen=absorbed.version)

    assert (absorbed.state, absorbed.absorbed_into) == (S.IN_REVIEW, None)
    assert client.get(reverse("visits:visit", args=[absorbed.reference])).status_code == 200
    assert client.get(reverse("visits:visit", args=[kept.reference])).status_code == 404


def test_what_was_put_into_the_second_before_goes_along(coordinator: User) -> None:
    first, second = two(S.SUBMITTED, S.IN_REVIEW)
    third = VisitRequestFactory(state=S.AGREED)

    put(first, second, coordinator)
    second.refresh_from_db()
    put(second, third, coordinator)

    assert set(VisitRequest.objects.filter(absorbed_into=third)) == {first, second}


def test_the_database_keeps_the_two_promises() -> None:
    one, other = two(S.IN_REVIEW, S.WITHDRAWN)

    for case, into in ((one, other), (other, other)):
        with pytest.raises(IntegrityError), transaction.atomic():
            VisitRequest.objects.filter(pk=case.pk).update(absorbed_into=into)

    assert VisitRequest.objects.filter(absorbed_into=None).count() == 2


def test_a_confirmed_visit_takes_a_second_request_in_and_stays_confirmed(coordinator: User) -> None:
    visit = VisitFactory(request=VisitRequestFactory(state=S.CONFIRMED))
    kept, late = VisitRequest.objects.get(pk=visit.request.pk), VisitRequestFactory()

    put(late, kept, coordinator)

    kept.refresh_from_db()
    assert (kept.state, kept.visit.first_day) == (S.CONFIRMED, visit.first_day)


def _race(monkeypatch: pytest.MonkeyPatch, *, guarded: bool) -> list[tuple[str, Any]]:
    one, other = two()
    people = [CoordinatorFactory(), CoordinatorFactory()]
    if not guarded:
        _take_the_guard_off(monkeypatch)
    rows = [VisitRequest.objects.get(pk=case.pk) for case in (one, other, one, other)]
    deeds = [
        lambda: put(rows[0], rows[1], people[0], seen=1, seen_other=1),
        lambda: put(rows[3], rows[2], people[1], seen=1, seen_other=1),
    ]
    outcomes = at_once(deeds, (MoveRefused,))
    lines = VisitRequest.objects.order_by("pk").values_list("history__what", flat=True)
    return [("outcomes", dict(tally(outcomes))), ("lines", sorted(filter(None, lines)))]


def _take_the_guard_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the version and the lock: each press believes what it has read."""

    def write(case: VisitRequest, *, by: User | None, seen: int | None, **changes: Any) -> None:
        VisitRequest.objects.filter(pk=case.pk).update(**changes)

    monkeypatch.setattr(door, "_write", write)
    monkeypatch.setattr(door.rules, "may_move", lambda *_states: True)
    monkeypatch.setattr("visits.workflow.together.which_goes_on", lambda one, other: (one, other))


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_two_colleagues_who_press_at_once_one_puts_them_together(monkeypatch: pytest.MonkeyPatch) -> None:
    found = _race(monkeypatch, guarded=True)

    assert found == [("outcomes", {"done": 1, "MoveRefused": 1}), ("lines", ["put_into", "put_together"])]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_without_the_guard_both_would(monkeypatch: pytest.MonkeyPatch) -> None:
    found = _race(monkeypatch, guarded=False)

    assert found[0] == ("outcomes", {"done": 2})
    assert len(found[1][1]) == 4
