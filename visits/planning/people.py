"""Who of us leads a session."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from visits import rules, scheduling
from visits.choices import AskRole
from visits.models import Ask, Facilitator, Session, User
from visits.planning.guard import PlanRefused


class Choice(NamedTuple):
    """One person for one session, as somebody ticked it."""

    session: Session
    facilitator: Facilitator
    role: AskRole = AskRole.LEADER


@transaction.atomic
def put_down(
    session: Session, facilitator: Facilitator, *, by: User, ask_now: bool, role: AskRole = AskRole.LEADER,
    words: str = "", last_day: date | None = None,
) -> Ask:  # fmt: skip
    """Choose who leads a session, or stands beside them, and ask them at once or when the guests say yes.

    They read `words` with the question, and answer by `last_day`, which is for those who are asked at once.

    Raises PlanRefused when the request is not planned or the session is not ours to lead,
    AskRefused and Clash as `scheduling.choose`.
    """
    state = session.visit.request.request_state
    if state not in rules.PLANNABLE:
        raise PlanRefused(_("A request in the state “%(state)s” is not planned.") % {"state": state.label})
    if not session.needs_facilitator:
        raise PlanRefused(_("“%(title)s” is not ours to lead.") % {"title": session.title})
    ask = scheduling.choose(session, facilitator, by=by, role=role, words=words)
    if ask_now:
        scheduling.send_ask(ask, by=by, last_day=last_day)
    return ask


@scheduling.retry_deadlocks
@transaction.atomic
def put_down_all(
    choices: Sequence[Choice], *, by: User, ask_now: bool, ask_on: bool = False, words: str = "",
    last_day: date | None = None,
) -> list[Ask]:  # fmt: skip
    """All of them or nobody: whoever leads first, and then who learns, or tells, beside them.

    With `ask_on` the portal asks the next best for each of the sessions after a no; that stays when the asks are
    taken back. Raises PlanRefused, naming everybody who cannot be put down and why.
    """
    # In one order, so that two who press at once wait for one another and not each for the other.
    ordered = sorted(choices, key=lambda one: (one.role != AskRole.LEADER, one.session.pk, one.facilitator.pk))
    asks, refused = [], []
    for one in ordered:
        try:
            asks.append(put_down(one.session, one.facilitator, by=by, ask_now=ask_now, role=one.role, words=words,
                                 last_day=last_day))  # fmt: skip
        except (PlanRefused, scheduling.AskRefused, scheduling.Clash) as why:
            told = _("%(name)s, “%(title)s”: %(why)s")
            refused.append(told % {"name": one.facilitator.name, "title": one.session.title, "why": why})
    if refused:
        nobody = _("Nobody was asked.") if ask_now else _("Nobody was put down.")
        raise PlanRefused(" ".join([nobody, *refused]))
    if ask_on:
        for session in {one.session.pk: one.session for one in ordered}.values():
            scheduling.ask_on(session, on=True, by=by)
    return asks
