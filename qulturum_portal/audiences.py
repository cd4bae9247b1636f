"""Who may enter where: every address of the portal declares its audience here.

The middleware refuses an address that is not declared, and a test walks all of them. A name that
ends with `*` stands for all view names that begin so; an exact name goes before it.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import Final

from django.contrib.auth.models import AnonymousUser

from visits.models import User


class Audience(Enum):
    """Whom a view is for."""

    PUBLIC = auto()  # everybody
    SECRET = auto()  # who holds the address: the secret is in it
    VISITOR = auto()  # who has a visitor's session; the view looks only at what is theirs
    SIGNED_IN = auto()  # everybody with an account
    FACILITATOR = auto()  # who has a calendar of their own
    STAFF = auto()  # coordinators and managers
    MANAGER = auto()  # managers
    DEVELOPMENT = auto()  # nobody, unless DEBUG is on


AUDIENCES: Final[dict[str, Audience]] = {
    # the platform
    "healthz": Audience.PUBLIC,
    "readyz": Audience.PUBLIC,
    # signing in
    "account_*": Audience.PUBLIC,
    "account_change_password": Audience.SIGNED_IN,
    "account_set_password": Audience.SIGNED_IN,
    "account_reauthenticate": Audience.SIGNED_IN,
    "mfa_*": Audience.SIGNED_IN,
    "mfa_authenticate": Audience.PUBLIC,  # between the first proof and the second
    # the desk
    "admin_sign_in": Audience.PUBLIC,
    "admin:*": Audience.STAFF,
    # the catalogue
    "programmes:areas": Audience.PUBLIC,
    "programmes:area": Audience.PUBLIC,
    "programmes:initiatives": Audience.PUBLIC,
    "programmes:programmes": Audience.PUBLIC,
    "programmes:programme": Audience.PUBLIC,
    "programmes:basket_add": Audience.PUBLIC,
    "programmes:basket_remove": Audience.PUBLIC,
    "visits:home": Audience.PUBLIC,
    "visits:co_learning": Audience.PUBLIC,
    # a visitor asks
    "visits:request_*": Audience.PUBLIC,
    "visits:sooner": Audience.PUBLIC,
    "visits:contact": Audience.PUBLIC,
    "visits:find": Audience.PUBLIC,
    "visits:resume": Audience.SECRET,
    "visits:verify": Audience.SECRET,
    # visitors
    "visits:open_visit": Audience.SECRET,
    "visits:my_visits": Audience.VISITOR,
    "visits:visit": Audience.VISITOR,
    "visits:messages": Audience.VISITOR,
    "visits:look_again": Audience.VISITOR,
    "visits:proposal_yes": Audience.VISITOR,
    "visits:proposal_change": Audience.VISITOR,
    "visits:group": Audience.VISITOR,
    "visits:group_remove": Audience.VISITOR,
    "visits:calendar": Audience.VISITOR,
    "visits:withdraw": Audience.VISITOR,
    "visits:cancel": Audience.VISITOR,
    # development
    "visits:dev_mail": Audience.DEVELOPMENT,
    "visits:dev_mail_one": Audience.DEVELOPMENT,
    "visits:dev_mail_html": Audience.DEVELOPMENT,
    # about the portal
    "visits:accessibility": Audience.PUBLIC,
    "visits:privacy": Audience.PUBLIC,
    "visits:getting_here": Audience.PUBLIC,
    "visits:theme": Audience.PUBLIC,
    # facilitators
    "visits:schedule": Audience.FACILITATOR,
    "visits:schedule_week": Audience.FACILITATOR,
    "visits:schedule_month": Audience.FACILITATOR,
    "visits:schedule_today": Audience.FACILITATOR,
    "visits:briefing": Audience.FACILITATOR,
    "visits:asked": Audience.FACILITATOR,
    "visits:asked_one": Audience.FACILITATOR,
    "visits:away": Audience.FACILITATOR,
    "visits:away_remove": Audience.FACILITATOR,
    "visits:subscribe": Audience.FACILITATOR,
    "visits:feed": Audience.SECRET,
    "visits:ask_answer": Audience.SECRET,
}


def audience_of(view_name: str) -> Audience | None:
    """The declared audience of a view, or None when somebody forgot to declare it."""
    if view_name in AUDIENCES:
        return AUDIENCES[view_name]
    prefixes = (name for name in AUDIENCES if name.endswith("*"))
    fitting = [name for name in prefixes if view_name.startswith(name[:-1])]
    return AUDIENCES[max(fitting, key=len)] if fitting else None


def needs_account(audience: Audience) -> bool:
    return audience in {
        Audience.SIGNED_IN,
        Audience.FACILITATOR,
        Audience.STAFF,
        Audience.MANAGER,
    }


def admits(audience: Audience, user: User | AnonymousUser) -> bool:
    """Whether somebody who is signed in as `user` belongs to an audience that needs an account."""
    if not user.is_active:
        return False
    match audience:
        case Audience.STAFF:
            return user.is_staff
        case Audience.MANAGER:
            return user.is_staff and user.has_perm("visits.waive_lead_time")
        case Audience.FACILITATOR:
            return hasattr(user, "facilitator")
    return True
