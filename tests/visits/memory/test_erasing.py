"""Who the guests were is erased two years after; the organisation, what was done and what was learned stay."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction
from django.urls import reverse
from django.utils import timezone

from tests.factories import SessionFactory, VisitRequestFactory
from tests.visits.ledger.scene import person
from tests.visits.memory.scene import asking, organisation, visited
from visits import memory, outbox, retention, rounds, workflow
from visits.choices import CommentSide, MessageState, RequestState, Side
from visits.models import (
    AccessLink,
    Comment,
    LookBack,
    Message,
    Organisation,
    Participant,
    RoomQuestion,
    RoomReply,
    Session,
    User,
    Visit,
    Visitor,
    VisitRequest,
)

pytestmark = pytest.mark.django_db
S = RequestState
LAST_DAY = date(2024, 5, 14)
KEPT_UNTIL = LAST_DAY + timedelta(days=730)
NAMES = ("Thomas Brandt", "thomas@rotterhaven.example.org", "+31 10 555 01", "Head of dialysis", "Patient Partner")


def night(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 3, tzinfo=UTC)


def whole_visit(one: Organisation | None = None, **fields: object) -> Visit:
    """A visit with the names of its guests wherever they are kept."""
    name, email, phone, role, partner = NAMES
    one = one or organisation()
    visitor = Visitor.objects.create(name=name, role=role, email=email, email_key=email, phone=phone, organisation=one)
    given = {"contact_name": name, "contact_email": email, "contact_phone": phone, "contact_role": role}
    visit = visited(one, LAST_DAY, visitor=visitor, **given | fields)
    person(visit, partner)
    SessionFactory(visit=visit, kind="guest", teller=partner, starts_at=night(LAST_DAY),
                   ends_at=night(LAST_DAY) + timedelta(hours=1))  # fmt: skip
    case = visit.request
    Comment.objects.create(request=case, side=CommentSide.VISITOR, author_name=name, text="We look forward.")
    question = RoomQuestion.objects.create(visit=visit, side=Side.GUESTS, text="Why?", author_name=name)
    RoomReply.objects.create(question=question, side=Side.GUESTS, text="Since.", author_name=partner, author_role=role)
    LookBack.objects.filter(visit=visit, side=Side.GUESTS).update(author_name=partner)
    outbox.owe_visitor("cancelled", case, once_per=1)
    Message.objects.update(state=MessageState.SENT)
    return visit


def written(*rows: models.Model, by: User) -> None:
    for row in rows:
        LogEntry.objects.create(
            user=by, content_type=ContentType.objects.get_for_model(row), object_id=str(row.pk), action_flag=CHANGE,
            object_repr=f"{NAMES[0]}", change_message=f'[{{"changed": {{"fields": ["{NAMES[0]}"]}}}}]',
        )  # fmt: skip


def told_anywhere() -> list[str]:
    """Where one of the names still stands, in whatever column of these tables."""
    kinds: list[type[models.Model]] = [
        AccessLink, Comment, LogEntry, LookBack, Message, Participant, RoomQuestion, RoomReply, Session, Visitor,
        VisitRequest,
    ]  # fmt: skip
    rows = [(kind.__name__, str(row)) for kind in kinds for row in kind._base_manager.values()]
    return sorted({kind for kind, row in rows for name in NAMES if name in row})


@pytest.mark.parametrize(("day", "erased"), [(KEPT_UNTIL, 0), (KEPT_UNTIL + timedelta(days=1), 1)])
def test_names_go_two_years_after_the_visit_wherever_they_are_kept(day, erased, coordinator):
    visit = whole_visit()
    written(visit.request, visit.request.visitor, visit.participants.get(), by=coordinator)
    before = told_anywhere()

    assert retention.erase_names(night(day)) == erased
    assert retention.erase_names(night(day)) == 0

    assert len(before) == 10
    assert told_anywhere() == ([] if erased else before)


def test_what_was_done_and_learned_stays_and_the_history_says_when_it_was_erased():
    visit = whole_visit(group_size=9)

    assert rounds.nightly(night(KEPT_UNTIL + timedelta(days=1)))

    case = VisitRequest.objects.get(pk=visit.request.pk)
    told = memory.memory_of(case.organisation, KEPT_UNTIL + timedelta(days=1))
    assert (case.organisation_name, case.group_size, case.state) == ("Rotterhaven Hospital", 9, S.COMPLETED)
    assert next(entry.what for entry in case.history.all()) == "names_erased"
    assert (case.names_erased_at is not None, case.history.first().by_name) == (True, "")
    assert (told.people_here, told.been[0].taught_us) == (9, ["Their first night call"])
    assert {one.author_name for one in case.comments.all()} == {"Rotterhaven Hospital"}
    assert [one.text for one in case.comments.all()] == ["We look forward."]


def test_the_page_of_the_organisation_says_that_names_are_gone(coordinator_client):
    visit = whole_visit()
    retention.erase_names(night(KEPT_UNTIL + timedelta(days=1)))

    html = coordinator_client.get(reverse("admin:organisation", args=[visit.request.organisation_id])).content.decode()

    assert "Names from 2024 are gone: we keep them for two years after a visit. What they taught us stays." in html
    assert NAMES[0] not in html


def test_who_has_asked_again_since_keeps_their_name_there():
    one = organisation()
    visit = whole_visit(one)
    visitor = visit.request.visitor
    again = asking(one, visitor=visitor, contact_name=NAMES[0], contact_email=NAMES[1])

    retention.erase_names(night(KEPT_UNTIL + timedelta(days=1)))

    again.refresh_from_db()
    told = memory.memory_of(one, KEPT_UNTIL + timedelta(days=1))
    assert (again.visitor, again.contact_name) == (visitor, NAMES[0])
    assert [guest.name for guest in told.guests] == [NAMES[0]]


@pytest.mark.parametrize("days", [729, 731])
@pytest.mark.parametrize("state", [S.WITHDRAWN, S.CANCELLED, S.EXPIRED, S.IN_REVIEW])
def test_without_a_visit_the_two_years_are_counted_from_the_end(state, days):
    now = timezone.now()
    case = VisitRequestFactory(state=state, state_since=now - timedelta(days=days))

    erased = retention.erase_names(now)

    case.refresh_from_db()
    assert erased == (1 if days > 730 and state != S.IN_REVIEW else 0)
    assert (case.contact_name == "") is bool(erased)


def test_a_mail_that_has_not_left_keeps_its_address():
    whole_visit()
    Message.objects.update(state=MessageState.DUE)

    retention.erase_names(night(KEPT_UNTIL + timedelta(days=1)))

    assert Message.objects.get().to_email == NAMES[1]


def test_whose_names_are_erased_is_neither_opened_again_nor_asked_again(manager):
    case = VisitRequestFactory(state=S.WITHDRAWN, state_since=timezone.now() - timedelta(days=800))
    retention.erase_names(timezone.now())
    case.refresh_from_db()

    with pytest.raises(workflow.MoveRefused, match="are erased"):
        workflow.reopen(case, by=manager, seen=case.version)
    with pytest.raises(workflow.MoveRefused, match="who asked"):
        workflow.ask_again(case, first_day=timezone.localdate() + timedelta(days=200))

    case.refresh_from_db()
    assert (case.state, VisitRequest.objects.count()) == (S.WITHDRAWN, 1)


def test_who_moves_it_at_the_same_moment_is_left_alone(coordinator):
    case = VisitRequestFactory(state=S.WITHDRAWN, state_since=timezone.now() - timedelta(days=800))
    old = VisitRequest.objects.get(pk=case.pk)
    workflow.reopen(case, by=coordinator, seen=case.version)

    with pytest.raises(workflow.MoveRefused):
        workflow.erase_names(old)

    case.refresh_from_db()
    assert (case.names_erased_at, bool(case.contact_name)) == (None, True)


@pytest.mark.parametrize("left", ["contact_name", "contact_role", "contact_email", "contact_phone"])
def test_the_database_keeps_no_name_of_whom_it_says_they_are_erased(left):
    case = VisitRequestFactory(state=S.WITHDRAWN, state_since=timezone.now() - timedelta(days=800))
    retention.erase_names(timezone.now())

    with pytest.raises(IntegrityError), transaction.atomic():
        VisitRequest.objects.filter(pk=case.pk).update(**{left: "x@x.example"})


def test_a_request_that_is_not_erased_still_has_an_address():
    case = VisitRequestFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        VisitRequest.objects.filter(pk=case.pk).update(contact_email="")


@pytest.mark.parametrize(("days", "forgotten"), [(729, 0), (731, 1)])
def test_the_log_of_the_plain_pages_forgets_names_and_words_and_keeps_who_and_when(
    days, forgotten, manager, manager_client
):
    written(organisation(), by=manager)
    LogEntry.objects.update(action_time=timezone.now() - timedelta(days=days))

    assert retention.forget_words_of_log(timezone.now()) == forgotten
    assert retention.forget_words_of_log(timezone.now()) == 0

    entry = LogEntry.objects.get()
    page = manager_client.get(reverse("admin:changes")).content.decode()
    assert (entry.user, entry.object_repr == "", entry.change_message == "") == (manager, *[bool(forgotten)] * 2)
    assert ("changed Organisation" in page, NAMES[0] in page, "“”" in page) == (True, not forgotten, False)
