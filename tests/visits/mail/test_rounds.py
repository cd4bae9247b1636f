"""The rounds: a part that fails stops no other, and a whole round leaves its heartbeat."""

from datetime import timedelta
from socket import gethostname

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.factories import (
    AskFactory,
    CoordinatorFactory,
    DraftFactory,
    ProposalFactory,
    VisitFactory,
    VisitRequestFactory,
)
from visits import access, outbox, plan_tasks, retention, rounds, seals, tasks, workflow
from visits.choices import AskState, LinkPurpose, MessageState, ProposalAnswer, RequestState
from visits.models import AccessLink, Heartbeat, Message, SpecialNeeds, VisitRequest

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_the_task_owes_sends_and_leaves_its_heartbeat():
    outbox.owe_visitor("received", VisitRequestFactory())

    tasks.sweep()
    tasks.sweep()

    assert len(mail.outbox) == 1
    assert set(Heartbeat.objects.values_list("name", flat=True)) == {"sweep", rounds.beat_of(gethostname())}


def test_the_command_does_the_same_once():
    outbox.owe_visitor("received", VisitRequestFactory())

    call_command("sweep")

    assert len(mail.outbox) == 1


def test_a_part_that_fails_stops_no_other_and_the_heart_does_not_beat(settings):
    settings.QULTURUM_RELAY_JOURNAL = "nowhere.to.be.found"
    VisitRequestFactory(coordinator=CoordinatorFactory(), state=RequestState.INFO_REQUESTED,
                        state_since=timezone.now() - 11 * DAY, due_at=timezone.now() + DAY)  # fmt: skip

    with pytest.raises(CommandError):
        call_command("sweep")

    assert Message.objects.filter(kind="answer_reminder").count() == 1
    assert not Heartbeat.objects.exists()


def test_every_day_of_a_beat_in_utc_holds_the_night_round(settings):
    woken = {tasks.sweep.name, tasks.read_calendars.name, tasks.nightly.name, plan_tasks.work_plans.name}
    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} == woken
    assert settings.CELERY_TIMEZONE == "UTC"


# -- At night --------------------------------------------------------------------------


def test_what_was_left_too_long_ends():
    past = timezone.now() - timedelta(hours=1)
    draft = DraftFactory(due_at=past)
    unverified = VisitRequestFactory(state=RequestState.UNVERIFIED, due_at=past)
    asked = VisitRequestFactory(state=RequestState.INFO_REQUESTED, due_at=past)
    waiting = VisitRequestFactory(state=RequestState.INFO_REQUESTED, due_at=timezone.now() + DAY)
    ours = VisitRequestFactory(state=RequestState.SUBMITTED, due_at=past)

    tasks.nightly()
    tasks.nightly()

    now = {one.pk: VisitRequest.objects.get(pk=one.pk).state for one in (draft, unverified, asked, waiting, ours)}
    assert list(now.values()) == ["expired", "expired", "expired", "info_requested", "submitted"]
    assert list(Message.objects.values_list("kind", "request")) == [("expired", asked.pk)]


def test_a_proposal_that_nobody_answered_lapses_the_day_after():
    today = timezone.localdate()
    late, last_day = (ProposalFactory(answer_by=day) for day in (today - DAY, today))

    tasks.nightly()

    late.refresh_from_db()
    last_day.refresh_from_db()
    assert (late.answer, last_day.answer) == (ProposalAnswer.LAPSED, ProposalAnswer.OPEN)
    assert late.request.state == RequestState.IN_REVIEW
    assert list(Message.objects.values_list("kind", flat=True)) == ["proposal_lapsed"]


def test_what_somebody_has_moved_meanwhile_is_left_to_them():
    stale = VisitRequestFactory(state=RequestState.INFO_REQUESTED, due_at=timezone.now() - DAY)
    VisitRequest.objects.filter(pk=stale.pk).update(version=stale.version + 1)
    other = VisitRequestFactory(state=RequestState.INFO_REQUESTED, due_at=timezone.now() - DAY)

    assert retention._each([stale, other], workflow.expire) == 1

    stale.refresh_from_db()
    assert stale.state == RequestState.INFO_REQUESTED


def test_an_ask_that_nobody_answered_expires_the_day_after():
    today = timezone.localdate()
    late, last_day = (AskFactory(answer_by=day) for day in (today - DAY, today))

    tasks.nightly()

    late.refresh_from_db()
    last_day.refresh_from_db()
    assert (late.state, last_day.state) == (AskState.EXPIRED, AskState.ASKED)


def visited(days_ago: int) -> VisitRequest:
    day = timezone.localdate() - days_ago * DAY
    return VisitFactory(request=VisitRequestFactory(state=RequestState.CONFIRMED), first_day=day).request


def test_a_visit_is_complete_the_day_after_its_last_day():
    over, today = visited(1), visited(0)

    tasks.nightly()

    over.refresh_from_db()
    today.refresh_from_db()
    assert (over.state, today.state) == (RequestState.COMPLETED, RequestState.CONFIRMED)


def test_diet_and_access_numbers_are_erased_thirty_days_after_the_visit():
    old, recent = visited(31), visited(30)
    ended = VisitRequestFactory(state=RequestState.WITHDRAWN, state_since=timezone.now() - 31 * DAY)
    coming = VisitRequestFactory(state=RequestState.IN_REVIEW)
    for one in (old, recent, ended, coming):
        SpecialNeeds.objects.create(request=one, vegetarian=2)

    tasks.nightly()

    assert set(SpecialNeeds.objects.values_list("request", flat=True)) == {recent.pk, coming.pk}


def test_thirty_days_are_days_of_the_calendar_when_summer_time_ends_among_them(time_machine):
    time_machine.move_to("2027-11-22 22:30:00+00:00", tick=False)
    kept = visited(30)
    SpecialNeeds.objects.create(request=kept, vegetarian=2)

    tasks.nightly()

    assert SpecialNeeds.objects.filter(request=kept).exists()


def test_links_that_open_nothing_are_forgotten_after_ninety_days():
    visit_request = VisitRequestFactory()
    standing, expired, revoked = (access.issue(LinkPurpose.VISIT, request=visit_request) for _ in range(3))
    AccessLink.objects.filter(pk=expired.pk).update(expires_at=timezone.now() - 91 * DAY)
    AccessLink.objects.filter(pk=revoked.pk).update(revoked_at=timezone.now() - 89 * DAY)

    tasks.nightly()

    assert set(AccessLink.objects.values_list("pk", flat=True)) == {standing.pk, revoked.pk}


def test_the_night_leaves_its_heartbeat_and_no_mail_unsent_is_lost():
    call_command("nightly")

    assert set(Heartbeat.objects.values_list("name", flat=True)) == {"nightly", seals.WHOLE}
    assert not Message.objects.exclude(state=MessageState.DUE).exists()
