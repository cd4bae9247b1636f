"""A request in each state, brought there by the deeds themselves."""

from __future__ import annotations

from datetime import date, timedelta

from django.urls import reverse

from tests.factories import (
    AskFactory,
    DraftFactory,
    FacilitatorFactory,
    SessionFactory,
    UserFactory,
    VisitFactory,
    settle_agreement,
)
from visits import access, planning, scheduling, season, workflow
from visits.choices import AlternativeKind, AskState, DeclineReason, LinkPurpose, SessionKind
from visits.models import Alternative, User, VisitRequest, WeekPlan


def host() -> User:
    return UserFactory(first_name="Maja", last_name="Lindqvist")


def submitted(**given: object) -> VisitRequest:
    draft = DraftFactory(**given)
    workflow.send(draft)
    return workflow.verify(draft)


def in_review(**given: object) -> VisitRequest:
    visit_request = submitted(**given)
    workflow.claim(visit_request, by=host(), seen=visit_request.version)
    return visit_request


def asked(question: str = "Who of you has met Esther?") -> VisitRequest:
    visit_request = in_review()
    workflow.ask_question(visit_request, text=question, by=visit_request.coordinator, seen=visit_request.version)
    return visit_request


def answered() -> VisitRequest:
    visit_request = asked()
    workflow.answer(visit_request, text="None of us has.")
    return visit_request


def waitlisted() -> VisitRequest:
    visit_request = in_review()
    workflow.waitlist(
        visit_request, what_for="Only one time is left.", by=visit_request.coordinator, seen=visit_request.version
    )
    return visit_request


def proposed(**given: object) -> VisitRequest:
    visit_request = in_review(**given)
    visit = VisitFactory(request=visit_request)
    SessionFactory(visit=visit, place="Qulturum")
    SessionFactory(
        visit=visit, hour=11, minutes=40, kind=SessionKind.GUEST, title="Your story", place="Qulturum", teller="Moira"
    )
    return propose(visit_request)


def make_room(*days: date, without: int) -> None:
    """Open the weeks of these days for one more where they are full: a test may have as many visits as it likes."""
    for day in days:
        week = season.week_of(day)
        load = season.week_loads(day, day, without=without)[week]
        if load >= season.limits(day, day).of(week):
            WeekPlan.objects.update_or_create(monday=week.monday, defaults={"capacity": load + 1})


def propose(visit_request: VisitRequest) -> VisitRequest:
    make_room(*visit_request.visit.days, without=visit_request.pk)
    planning.propose(
        visit_request, letter="How does this look?", by=visit_request.coordinator, seen=visit_request.version
    )
    return visit_request


def changing() -> VisitRequest:
    visit_request = proposed()
    workflow.want_change(visit_request, number=1, text="Could we start later?")
    return visit_request


def agreed(**given: object) -> VisitRequest:
    visit_request = proposed(**given)
    workflow.accept_proposal(visit_request, number=1)
    return visit_request


def confirmed(**given: object) -> VisitRequest:
    visit_request = agreed(**given)
    session = visit_request.visit.sessions.get(kind=SessionKind.HOST)
    facilitator = FacilitatorFactory(user__first_name="Erik", user__last_name="Sandell")
    scheduling.accept(AskFactory(session=session, facilitator=facilitator, state=AskState.ASKED))
    settle_agreement(visit_request)
    workflow.confirm(visit_request, by=visit_request.coordinator, seen=visit_request.version)
    return visit_request


def completed() -> VisitRequest:
    visit_request = confirmed()
    workflow.complete(visit_request)
    return visit_request


def declined() -> VisitRequest:
    visit_request = in_review()
    other = visit_request.first_wished_day + timedelta(days=14)
    workflow.decline(
        visit_request,
        reason=DeclineReason.NO_ROOM,
        explanation="All of us work with the festival.",
        alternatives=[
            Alternative(kind=AlternativeKind.OTHER_WEEK, first_day=other),
            Alternative(kind=AlternativeKind.FELLOWSHIP),
        ],
        by=visit_request.coordinator,
        seen=visit_request.version,
    )
    return visit_request


def withdrawn() -> VisitRequest:
    visit_request = in_review()
    workflow.withdraw(visit_request)
    return visit_request


def cancelled() -> VisitRequest:
    visit_request = agreed()
    workflow.cancel(visit_request, why="", by=None)
    return visit_request


def expired() -> VisitRequest:
    visit_request = asked()
    workflow.expire(visit_request)
    return visit_request


def link_of(visit_request: VisitRequest) -> str:
    """The address in the visitor's mail."""
    link = access.standing_link(LinkPurpose.VISIT, request=visit_request)
    return reverse("visits:open_visit", args=[access.token(link)])
