"""Addresses in letters: whole, in the receiver's language, with a secret made as they are written."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from visits import access, rules
from visits.choices import LinkPurpose
from visits.models import AccessLink, Ask, GatheringAsk, LookBack, Participant, VisitRequest


def page(view_name: str, *args: object) -> str:
    """The whole address of a page in the language that is on."""
    return f"{settings.SITE_URL}{reverse(view_name, args=args)}"


def visit(visit_request: VisitRequest) -> str:
    """Where a visitor opens their visit: a page with one button. What one of us has entered is taken over first."""
    if waits_for_visitor(visit_request):
        return take_over(visit_request)
    return page("visits:open_visit", access.token(access.standing_link(LinkPurpose.VISIT, request=visit_request)))


def member(participant: Participant) -> str:
    """Where one of the group opens the visit: a page with one button. The contact person has one link alone."""
    if participant.is_contact:
        return visit(participant.visit.request)
    return page("visits:open_visit", access.token(access.standing_link(LinkPurpose.MEMBER, participant=participant)))


def shared(link: AccessLink) -> str:
    """Where anybody of a group writes their own name."""
    return page("visits:group_shared", access.token(link))


def draft(visit_request: VisitRequest) -> str:
    """Where an unfinished request is taken up again."""
    return page("visits:resume", access.token(access.standing_link(LinkPurpose.DRAFT, request=visit_request)))


def verify(visit_request: VisitRequest) -> str | None:
    """Where an address is confirmed; None when every link to it is closed."""
    link = access.verify_link(visit_request)
    return page("visits:verify", access.token(link)) if link else None


def waits_for_visitor(visit_request: VisitRequest) -> bool:
    """Whether one of us has entered a request and its visitor has not taken it over."""
    return visit_request.visitor_id is None and hasattr(visit_request, "entry")


def take_over(visit_request: VisitRequest) -> str:
    """Where somebody takes over the request that one of us has entered for them."""
    return page("visits:take_over", access.token(access.standing_link(LinkPurpose.TAKE_OVER, request=visit_request)))


def promises() -> str:
    """Where the desk sees what it has promised."""
    return page("admin:promises")


def ask(asked: Ask) -> str:
    """Where a facilitator says yes or no."""
    return page("visits:ask_answer", access.token(access.ask_link(asked)))


def helping(asked: GatheringAsk) -> str:
    """Where somebody says whether they can help at a gathering."""
    return page("visits:ask_answer", access.token(access.helping_link(asked)))


def follow_up(look_back: LookBack) -> str:
    """Where a side says how its ideas stand, without signing in: it lasts as long as anything is asked."""
    last_due = rules.follow_up_day(look_back.visit.last_day, max(rules.FOLLOW_UP_MONTHS))
    until = rules.end_of(rules.last_answer_day(last_due))
    return page("visits:follow_up", access.token(access.follow_up_link(look_back, until=until)))


def desk_look_back(visit_request: VisitRequest) -> str:
    """Where one of the desk looks back on a visit."""
    return page("admin:visits_visitrequest_look_back", visit_request.pk)


def desk_agreement(visit_request: VisitRequest) -> str:
    """Where staff read a request's agreement."""
    return page("admin:visits_visitrequest_agreement", visit_request.pk)


def desk(visit_request: VisitRequest | None) -> str:
    """Where staff read a request; the queue without one."""
    if visit_request is None:
        return page("admin:index")
    return page("admin:visits_visitrequest_change", visit_request.pk)
