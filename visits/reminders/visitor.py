"""Reminders to guests. Each part is read for a span of time at once, and derived for one moment of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Exists, OuterRef, Q

from visits import rules
from visits.choices import Anchor, MessageState, ProposalAnswer, RequestState
from visits.ladder import Ladder
from visits.models import (
    Agreement,
    Entry,
    Message,
    Participant,
    PlaceOffer,
    Proposal,
    ReminderRung,
    Visit,
    VisitRequest,
)
from visits.outbox import Owed
from visits.reminders.clock import Clock, Span, day_of
from visits.reminders.owing import of_rung, only, to_visitor

S, A = RequestState, Anchor
ADDRESS: Final = ("contact_email", "contact_name", "language", "state", "organisation_name")

Rows = Iterable[Any]


# -- What waits for an answer ----------------------------------------------------------


def read_questions(ladder: Ladder, span: Span, pk: int | None) -> Rows:
    near = rules.end_of(span.furthest(ladder.furthest(A.QUESTION)))
    asked = VisitRequest.objects.filter(state=S.INFO_REQUESTED, due_at__gt=span.first.at, due_at__lt=near)
    return only(asked, "pk", pk)


def questions(ladder: Ladder, rows: Iterable[VisitRequest], clock: Clock) -> Iterator[Owed]:
    for visit_request in rows:
        answer_by, asked_at = day_of(visit_request.due_at), visit_request.state_since
        rung = _to_answer(ladder, A.QUESTION, visit_request, answer_by, asked_at, clock)
        if rung and visit_request.due_at and visit_request.due_at > clock.at:
            once_per = rung.once_per(f"question-{answer_by}-{asked_at:%Y%m%d%H%M%S}")
            yield to_visitor(rung, visit_request, once_per, clock, day=answer_by)


def read_proposals(ladder: Ladder, span: Span, pk: int | None) -> Rows:
    sent = Proposal.objects.filter(
        answer=ProposalAnswer.OPEN, request__state=S.PROPOSED,
        answer_by__gte=span.first.today, answer_by__lte=span.furthest(ladder.furthest(A.PROPOSAL)),
    ).select_related("request")  # fmt: skip
    return only(sent, "request", pk)


def proposals(ladder: Ladder, rows: Iterable[Proposal], clock: Clock) -> Iterator[Owed]:
    for sent in rows:
        rung = _to_answer(ladder, A.PROPOSAL, sent.request, sent.answer_by, sent.sent_at, clock)
        if rung and sent.answer_by >= clock.today:
            once_per = rung.once_per(f"proposal-{sent.number}-{sent.answer_by}")
            yield to_visitor(rung, sent.request, once_per, clock, day=sent.answer_by, proposal=sent)


def read_agreements(ladder: Ladder, span: Span, pk: int | None) -> Rows:
    asked = Agreement.objects.current().filter(
        guests_at=None, request__state__in=rules.STANDING,
        answer_by__gte=span.first.today, answer_by__lte=span.furthest(ladder.furthest(A.AGREEMENT)),
    ).select_related("request")  # fmt: skip
    return only(asked, "request", pk)


def agreements(ladder: Ladder, rows: Iterable[Agreement], clock: Clock) -> Iterator[Owed]:
    """Who has been asked to agree, and has not, is asked once more."""
    for found in rows:
        if found.answer_by is None or found.answer_by < clock.today:
            continue
        asked_at = found.ours_at or found.written_at
        if rung := _to_answer(ladder, A.AGREEMENT, found.request, found.answer_by, asked_at, clock):
            once_per = rung.once_per(f"{found.number}-{found.answer_by}")
            yield to_visitor(rung, found.request, once_per, clock, day=found.answer_by, number=found.number)


def _to_answer(
    ladder: Ladder, anchor: Anchor, visit_request: VisitRequest, answer_by: date, asked_at: datetime, clock: Clock
) -> ReminderRung | None:
    """The rung that fits, for somebody who was asked before the morning on which they are reminded."""
    days_left = clock.left_until(answer_by)
    rung = ladder.fitting(anchor, days_left=days_left, state=visit_request.state, least=0)
    if rung is None or asked_at >= rules.morning_of(answer_by - timedelta(days=rung.days)):
        return None
    return rung


def read_places(ladder: Ladder, span: Span, pk: int | None) -> Rows:
    kept = PlaceOffer.objects.waiting().filter(
        request__state=S.WAITLISTED, answer_by__gte=span.first.today,
        answer_by__lte=span.furthest(ladder.furthest(A.PLACE)),
    )  # fmt: skip
    return only(kept, "request", pk).select_related("request")


def places(ladder: Ladder, rows: Iterable[PlaceOffer], clock: Clock) -> Iterator[Owed]:
    """Some days before a place in the line goes to the next one."""
    for place in rows:
        days_left = clock.left_until(place.answer_by)
        rung = ladder.fitting(A.PLACE, days_left=days_left, state=place.request.state, least=0)
        if rung and place.answer_by >= clock.today and clock.before_this_morning(place.offered_at):
            once_per = rung.once_per(f"place-{place.pk}")
            yield to_visitor(rung, place.request, once_per, clock, day=place.answer_by, offer=place.pk)


# -- The visit and the group -----------------------------------------------------------


def read_visits(ladder: Ladder, span: Span, pk: int | None) -> Rows:
    coming = Visit.objects.standing().filter(
        first_day__gt=span.first.today, first_day__lte=span.furthest(ladder.furthest(A.VISIT))
    )
    read = ("first_day", "agreed_at", *(f"request__{name}" for name in ADDRESS), "request__group_size")
    rows = only(coming, "request", pk).select_related("request").only(*read)
    return rows.annotate(names=Count("participants", filter=~Q(participants__name="")))


def visits(ladder: Ladder, rows: Rows, clock: Clock) -> Iterator[Owed]:
    for visit in rows:
        if visit.first_day <= clock.today or not clock.before_this_morning(visit.agreed_at):
            continue
        days_left = clock.left_until(visit.first_day)
        rung = ladder.fitting(A.VISIT, days_left=days_left, state=visit.request.state)
        if rung is None or (rung.kind == "names_wanted" and visit.names >= (visit.request.group_size or 0)):
            continue
        yield to_visitor(rung, visit.request, rung.once_per(visit.first_day), clock, day=visit.first_day)


def read_invited(ladder: Ladder, span: Span, pk: int | None) -> Rows:
    least = rules.NAMES_DAYS_BEFORE
    waiting = Participant.objects.invited().filter(
        visit__request__state__in=rules.STANDING,
        visit__first_day__lte=span.furthest(least + ladder.furthest(A.GROUP)),
        visit__first_day__gt=span.first.morning_day + timedelta(days=least),
    )
    return only(waiting, "visit__request", pk).select_related("visit__request")


def invited(ladder: Ladder, rows: Iterable[Participant], clock: Clock) -> Iterator[Owed]:
    """Before the names are needed, to each address that was invited before that and has not written."""
    for person in rows:
        first_day, visit_request = person.visit.first_day, person.visit.request
        needed = first_day - timedelta(days=rules.NAMES_DAYS_BEFORE)
        rung = ladder.fitting(A.GROUP, days_left=clock.left_until(needed), state=visit_request.state)
        if rung is None or person.invited_at is None:
            continue
        if person.invited_at < rules.morning_of(needed - timedelta(days=rung.days)):
            about, once_per = f"participant-{person.pk}", rung.once_per(first_day)
            yield Owed(rung.kind, about, once_per, person, clock.morning, request=visit_request, participant=person,
                       data=of_rung(rung, needed))  # fmt: skip


# -- Before there is a visit -----------------------------------------------------------


def read_drafts(ladder: Ladder, span: Span, pk: int | None) -> Rows:
    """Only who asked us to mail the way back is warned: other addresses have not been used."""
    link_sent = Message.objects.filter(kind="draft_link", request=OuterRef("pk"), state=MessageState.SENT)
    near = rules.end_of(span.furthest(ladder.furthest(A.DRAFT)))
    ending = VisitRequest.objects.filter(
        state=S.DRAFT, due_at__gt=span.first.at, due_at__lt=near
    ).exclude(contact_email="")  # fmt: skip
    return only(ending.filter(Exists(link_sent)), "pk", pk)


def drafts(ladder: Ladder, rows: Iterable[VisitRequest], clock: Clock) -> Iterator[Owed]:
    for draft in rows:
        closed_on = day_of(draft.due_at)
        rung = ladder.fitting(A.DRAFT, days_left=clock.left_until(closed_on), state=draft.state, least=0)
        if rung and draft.due_at and draft.due_at > clock.at:
            yield to_visitor(rung, draft, closed_on, clock, day=closed_on)


def read_entered(ladder: Ladder, span: Span, pk: int | None) -> Rows:
    first = min((rung.days for rung in ladder.of(A.ENTERED)), default=0)
    waiting = Entry.objects.filter(
        taken_over_at=None, at__lt=rules.morning_of(span.last.morning_day - timedelta(days=first - 1)),
        request__visitor=None, request__state__in=rules.OPEN,
    ).select_related("request")  # fmt: skip
    return only(waiting, "request", pk)


def entered(ladder: Ladder, rows: Iterable[Entry], clock: Clock) -> Iterator[Owed]:
    """Whom we have entered a request for, and who has not taken it over."""
    for entry in rows:
        entered_on = day_of(entry.at)
        days_since = (clock.morning_day - entered_on).days
        if rung := ladder.come(A.ENTERED, days_since=days_since, state=entry.request.state):
            yield to_visitor(rung, entry.request, rung.in_key, clock, day=entered_on)
