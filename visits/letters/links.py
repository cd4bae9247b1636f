"""Addresses in letters: whole, in the receiver's language, with a secret made as they are written."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from visits import access
from visits.choices import LinkPurpose
from visits.models import Ask, VisitRequest


def page(view_name: str, *args: object) -> str:
    """The whole address of a page in the language that is on."""
    return f"{settings.SITE_URL}{reverse(view_name, args=args)}"


def visit(visit_request: VisitRequest) -> str:
    """Where a visitor opens their visit: a page with one button."""
    return page("visits:open_visit", access.token(access.standing_link(LinkPurpose.VISIT, request=visit_request)))


def draft(visit_request: VisitRequest) -> str:
    """Where an unfinished request is taken up again."""
    return page("visits:resume", access.token(access.standing_link(LinkPurpose.DRAFT, request=visit_request)))


def verify(visit_request: VisitRequest) -> str | None:
    """Where an address is confirmed; None when every link to it is closed."""
    link = access.verify_link(visit_request)
    return page("visits:verify", access.token(link)) if link else None


def ask(asked: Ask) -> str:
    """Where a facilitator says yes or no."""
    return page("visits:ask_answer", access.token(access.ask_link(asked)))


def desk(visit_request: VisitRequest | None) -> str:
    """Where staff read a request; the queue without one."""
    if visit_request is None:
        return page("admin:index")
    return page("admin:visits_visitrequest_change", visit_request.pk)
