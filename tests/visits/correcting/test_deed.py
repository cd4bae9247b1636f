"""One of us corrects a fact: one line of history, one mail, and nothing where it cannot be so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.factories import CoordinatorFactory, RoomFactory
from tests.visits.changing.people import asked_long_ago, days_of, fresh, wednesday
from tests.visits.undoing.cases import confirmed, ready
from tests.visits.visitor import cases
from visits import access, agreement, correcting, drafts, entering, letters, undoing
from visits.choices import LinkPurpose, RequestState, Source
from visits.drafts import Answers, Wish
from visits.models import Message, Session, SpecialNeeds, User, Visitor, VisitRequest
from visits.workflow import MoveRefused

pytestmark = pytest.mark.django_db
WHY = "They told us on the phone."
ENDED = [cases.declined, cases.withdrawn, cases.cancelled, cases.expired]


def correct(case: VisitRequest, *, by: User | None = None, seen: int | None = None, **answers: Any) -> list[str]:
    by = by or case.coordinator or CoordinatorFactory()
    version = case.version if seen is None else seen
    return correcting.correct(case, Answers(**answers), why=WHY, by=by, seen=version)


def everything(case: VisitRequest) -> tuple[object, ...]:
    row = VisitRequest.objects.filter(pk=case.pk).values().get()
    told = Message.objects.filter(kind="corrected").count()
    return row, days_of(case), drafts.needs(case), case.history.filter(what="corrected").count(), told


def with_undo(case: VisitRequest, by: User, **answers: Any) -> Any:
    decision, _told = undoing.decide(case, "corrected", lambda: correct(case, by=by, **answers), by=by)
    return decision


def test_history_says_who_corrected_what_how_it_was_and_why(coordinator):
    case = cases.in_review()
    was = case.group_size

    correct(case, by=coordinator, fields={"group_size": 9, "contact_role": "Chief nurse"})

    entry = case.history.get(what="corrected")
    assert (entry.by, entry.detail["why"]) == (coordinator, WHY)
    assert entry.detail["changes"] == [
        {"name": "group_size", "was": was, "now": 9},
        {"name": "contact_role", "was": "Head of improvement", "now": "Chief nurse"},
    ]
    assert (fresh(case).group_size, fresh(case).contact_role) == (9, "Chief nurse")


def test_a_phone_number_is_named_in_the_history_and_not_told():
    case = cases.in_review()

    correct(case, fields={"contact_phone": "+46 36 32 00 00"})

    assert case.history.get(what="corrected").detail["changes"] == [{"name": "contact_phone"}]


def test_the_guests_get_one_mail_with_what_and_why_in_their_language():
    case = cases.in_review(language="sv")

    correct(case, fields={"group_size": 9})

    mail = letters.write(Message.objects.get(kind="corrected"), timezone.now())
    assert mail.to == [case.contact_email]
    assert "Vi har rättat" in mail.subject
    assert "→ 9" in mail.body
    assert WHY in mail.body


def entered_by(coordinator: User) -> VisitRequest:
    day = wednesday(4)
    written = entering.Written(
        answers=Answers(
            fields={
                "organisation_name": "Almadura Clinic", "country": "PT", "contact_name": "Inês Carvalho",
                "contact_email": "ines@almadura.example.org", "language": "en", "group_size": 8, "brings": "A board.",
            },
            wishes=[Wish(day)],
        ),
        source=Source.PHONE, said="", reason="", fingerprint="one",
    )  # fmt: skip
    return entering.enter(written, by=coordinator, today=timezone.localdate())


def test_who_has_not_taken_it_over_gets_no_mail_and_keeps_the_address(coordinator):
    case = entered_by(coordinator)

    correct(case, by=coordinator, fields={"contact_role": "Nurse"})

    assert fresh(case).contact_role == "Nurse"
    assert fresh(case).visitor is None
    assert not Message.objects.filter(kind="corrected").exists()
    before = everything(case)
    with pytest.raises(MoveRefused, match="not corrected any more"):
        correct(case, by=coordinator, fields={"contact_email": "other@almadura.example.org"})
    assert everything(case) == before


@pytest.mark.parametrize("make", ENDED)
def test_what_has_ended_is_not_corrected(make):
    case = make()
    before = everything(case)

    with pytest.raises(MoveRefused, match="has ended"):
        correct(case, fields={"group_size": 9})

    assert everything(case) == before


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"brings": ""}, "one thing you could share"),
        ({"organisation_name": ""}, "name of your organisation"),
        ({"group_size": None}, "how many you are"),
        ({"contact_email": ""}, "e-mail address"),
    ],
)
def test_what_a_request_cannot_be_without_stays(fields, why):
    case = cases.in_review()
    before = everything(case)

    with pytest.raises(MoveRefused, match=why):
        correct(case, fields=fields)

    assert everything(case) == before


def test_what_it_says_already_is_no_correction():
    case = cases.in_review()
    before = everything(case)

    with pytest.raises(MoveRefused, match="says so already"):
        correct(case, fields={"group_size": case.group_size})

    assert everything(case) == before


def test_the_second_of_two_is_refused_and_told_who_was_faster(coordinator):
    case = cases.in_review()
    stale = fresh(case)
    correct(case, by=coordinator, fields={"group_size": 9})

    with pytest.raises(MoveRefused, match="Maja Lindqvist was faster"):
        correct(stale, by=CoordinatorFactory(), seen=stale.version - 1, fields={"group_size": 10})

    assert fresh(case).group_size == 9
    assert case.history.filter(what="corrected").count() == 1


def test_days_are_corrected_within_the_three_months_alone():
    case = cases.in_review()
    day, too_soon = wednesday(9), wednesday(-4)

    correct(case, wishes=[Wish(day, flexible=True)])

    assert days_of(case) == [day]
    assert fresh(case).first_wished_day == day
    before = everything(case)
    with pytest.raises(MoveRefused, match="three months"):
        correct(case, seen=fresh(case).version, wishes=[Wish(too_soon)])
    assert everything(case) == before


def test_a_waived_request_may_come_sooner_and_never_today():
    case = asked_long_ago()
    VisitRequest.objects.filter(pk=case.pk).update(waiver_reason="They are here anyway that week.")
    case, today = fresh(case), timezone.localdate()

    correct(case, wishes=[Wish(today + timedelta(days=20))])

    assert days_of(case) == [today + timedelta(days=20)]
    with pytest.raises(MoveRefused):
        correct(case, seen=fresh(case).version, wishes=[Wish(today)])
    assert days_of(case) == [today + timedelta(days=20)]


@pytest.mark.parametrize("make", [cases.proposed, cases.agreed, cases.confirmed])
def test_wished_days_give_way_to_a_plan(make):
    case = make()
    before = everything(case)

    with pytest.raises(MoveRefused, match="the visit is planned"):
        correct(case, wishes=[Wish(wednesday(9))])

    assert everything(case) == before


def test_a_group_is_never_smaller_than_its_names_or_its_needs():
    case = cases.agreed()
    for number in range(3):
        case.visit.participants.create(name=f"Guest {number}")
    SpecialNeeds.objects.update_or_create(request=case, defaults={"vegetarian": 5})
    before = everything(case)

    for size, why in ((2, "names and invitations"), (4, "need something")):
        with pytest.raises(MoveRefused, match=why):
            correct(case, fields={"group_size": size})

    assert everything(case) == before


def test_a_much_larger_group_asks_both_to_read_the_agreement_again(coordinator):
    case = ready()

    told = correct(case, by=coordinator, fields={"group_size": (case.group_size or 0) * 2})

    assert told == ["The agreement says something else now: both are asked to read it again."]
    assert not agreement.is_settled(case)
    assert Message.objects.filter(kind="agreement_reopened", request=case).count() == 1


def test_a_role_leaves_the_agreement_as_it_was(coordinator):
    case = ready()

    assert correct(case, by=coordinator, fields={"contact_role": "Chief nurse"}) == []
    assert agreement.is_settled(case)


def test_the_host_is_told_of_a_room_that_has_become_too_small(coordinator):
    case = confirmed()
    Session.objects.filter(visit=case.visit).update(room=RoomFactory(capacity=7))

    correct(case, by=coordinator, fields={"group_size": 8})

    mail = Message.objects.get(kind="room_too_small")
    assert (mail.to_email, mail.data["people"]) == (case.coordinator.email, 8)


def test_another_address_closes_the_links_of_the_old_one_and_undoing_opens_them(coordinator):
    case = cases.in_review()
    link, was = access.standing_link(LinkPurpose.VISIT, request=case), case.visitor
    decision = with_undo(case, coordinator, fields={"contact_email": "moira@example.org", "contact_name": "Moira Reid"})

    link.refresh_from_db()
    assert not access.is_usable(link, timezone.now())
    assert fresh(case).visitor.email_key == "moira@example.org"
    assert [mail.to_email for mail in Message.objects.filter(kind="corrected")] == ["moira@example.org"]

    undoing.undo(decision, by=coordinator)

    link.refresh_from_db()
    assert access.is_usable(link, timezone.now())
    assert (fresh(case).visitor, fresh(case).contact_email) == (was, was.email)
    assert not Message.objects.filter(kind="corrected").exists()


def test_undoing_describes_the_person_as_before(coordinator):
    case = cases.in_review()
    was = case.contact_name
    decision = with_undo(case, coordinator, fields={"contact_name": "Moira Reid"})
    assert Visitor.objects.get(pk=case.visitor_id).name == "Moira Reid"

    undoing.undo(decision, by=coordinator)

    assert Visitor.objects.get(pk=case.visitor_id).name == was


def test_undoing_lets_the_agreement_stand_as_both_had_agreed(coordinator):
    case = ready()
    before = agreement.current(case)
    decision = with_undo(case, coordinator, fields={"group_size": (case.group_size or 0) * 2})
    assert not agreement.is_settled(case)

    undoing.undo(decision, by=coordinator)

    assert agreement.current(case) == before
    assert agreement.is_settled(case)
    assert not Message.objects.filter(kind="agreement_reopened").exists()


def test_the_state_and_the_day_of_our_answer_stay():
    case = cases.submitted()

    correct(case, fields={"town": "Aberdeen"})

    after = fresh(case)
    assert (after.state, after.due_at, after.version) == (RequestState.SUBMITTED, case.due_at, case.version)
