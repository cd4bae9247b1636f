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
    VISITOR = auto()  # the contact person of a visit, who decides; one of the group reads why they may not
    FOLLOWER = auto()  # the contact person and each of the group, by a link of their own
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
    "admin:looked": Audience.MANAGER,
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
    "visits:take_over": Audience.SECRET,
    # a visit, for those who have opened a link to it: the view looks only at what is theirs
    "visits:open_visit": Audience.SECRET,
    "visits:my_visits": Audience.FOLLOWER,
    "visits:visit": Audience.FOLLOWER,
    "visits:my_request": Audience.VISITOR,
    "visits:my_request_step": Audience.VISITOR,
    "visits:my_request_pdf": Audience.FOLLOWER,
    "visits:case_*": Audience.VISITOR,
    "visits:messages": Audience.VISITOR,
    "visits:look_again": Audience.VISITOR,
    "visits:programme": Audience.FOLLOWER,
    "visits:invoice": Audience.VISITOR,
    "visits:proposal_yes": Audience.VISITOR,
    "visits:proposal_change": Audience.VISITOR,
    "visits:group_shared": Audience.SECRET,
    "visits:group": Audience.FOLLOWER,
    "visits:group_*": Audience.VISITOR,
    "visits:me": Audience.FOLLOWER,
    "visits:me_*": Audience.FOLLOWER,
    "visits:invitation": Audience.FOLLOWER,
    "visits:programme_pdf": Audience.FOLLOWER,
    "visits:calendar": Audience.FOLLOWER,
    "visits:guest_calendar": Audience.FOLLOWER,
    "visits:guest_feed": Audience.SECRET,
    "visits:day": Audience.FOLLOWER,
    "visits:way": Audience.FOLLOWER,
    "visits:worker": Audience.PUBLIC,  # the same for all, and nothing of the visit in it
    "visits:manifest": Audience.FOLLOWER,
    "visits:forget": Audience.FOLLOWER,
    "visits:room": Audience.FOLLOWER,
    "visits:room_file": Audience.FOLLOWER,
    "visits:place": Audience.VISITOR,
    "visits:months": Audience.VISITOR,
    "visits:other_days": Audience.VISITOR,
    "visits:agreement": Audience.FOLLOWER,
    "visits:agreement_agree": Audience.VISITOR,
    "visits:agreement_answers": Audience.VISITOR,
    "visits:agreement_pdf": Audience.FOLLOWER,
    "visits:move": Audience.VISITOR,
    "visits:move_confirm": Audience.VISITOR,
    "visits:withdraw": Audience.VISITOR,
    "visits:cancel": Audience.VISITOR,
    # when a visit is over
    "visits:look_back": Audience.FOLLOWER,
    "visits:ledger": Audience.FOLLOWER,
    "visits:ledger_answer": Audience.VISITOR,
    "visits:ledger_csv": Audience.FOLLOWER,
    "visits:report": Audience.FOLLOWER,
    "visits:certificates": Audience.FOLLOWER,
    "visits:certificate_paper": Audience.FOLLOWER,
    "visits:follow_up": Audience.SECRET,
    "visits:certificate_check": Audience.PUBLIC,
    "visits:certificate": Audience.PUBLIC,
    "visits:our_look_back": Audience.FACILITATOR,
    "visits:our_ledger": Audience.FACILITATOR,
    "visits:our_ledger_answer": Audience.FACILITATOR,
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
    "visits:my_year": Audience.FACILITATOR,
    "visits:my_year_of": Audience.FACILITATOR,
    "visits:statement": Audience.FACILITATOR,
    "visits:briefing": Audience.FACILITATOR,
    "visits:swap": Audience.FACILITATOR,
    "visits:schedule_room": Audience.FACILITATOR,
    "visits:schedule_room_file": Audience.FACILITATOR,
    "visits:asked": Audience.FACILITATOR,
    "visits:asked_one": Audience.FACILITATOR,
    "visits:gathering": Audience.FACILITATOR,
    "visits:gathering_asked": Audience.FACILITATOR,
    "visits:gathering_file": Audience.FACILITATOR,
    "visits:away": Audience.FACILITATOR,
    "visits:away_remove": Audience.FACILITATOR,
    "visits:away_end": Audience.FACILITATOR,
    "visits:own_calendar": Audience.FACILITATOR,
    "visits:own_calendar_*": Audience.FACILITATOR,
    "visits:like": Audience.FACILITATOR,
    "visits:speak": Audience.FACILITATOR,
    "visits:can": Audience.FACILITATOR,
    "visits:subscribe": Audience.FACILITATOR,
    "visits:feed": Audience.SECRET,
    "visits:ask_answer": Audience.SECRET,
    "visits:held": Audience.SIGNED_IN,  # the desk, and who leads that session: the view looks
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
