"""Who of us leads a session."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from visits import rules, scheduling
from visits.choices import AskRole
from visits.models import Ask, Facilitator, Session, User
from visits.planning.guard import PlanRefused


@transaction.atomic
def put_down(
    session: Session, facilitator: Facilitator, *, by: User, ask_now: bool, role: AskRole = AskRole.LEADER
) -> Ask:  # fmt: skip
    """Choose who leads a session, or who is the second beside them, and ask them at once or when the guests say yes.

    Raises PlanRefused when the request is not planned or the session is not ours to lead,
    AskRefused and Clash as `scheduling.choose`.
    """
    state = session.visit.request.request_state
    if state not in rules.PLANNABLE:
        raise PlanRefused(_("A request in the state “%(state)s” is not planned.") % {"state": state.label})
    if not session.needs_facilitator:
        raise PlanRefused(_("“%(title)s” is not ours to lead.") % {"title": session.title})
    ask = scheduling.choose(session, facilitator, by=by, role=role)
    if ask_now:
        scheduling.send_ask(ask, by=by)
    return ask
