"""Other days that go with a proposal: the same agenda, held there too until the guests answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from visits import almanac, rules, scheduling, season, words
from visits.models import Proposal, ProposalOption, Session, Visit
from visits.planning.days import refuse_days
from visits.planning.guard import PlanRefused

FIRST_RANK = 2  # the proposal's own days are the first choice


def refuse_other_days(visit: Visit, first_days: Sequence[date]) -> None:
    """Raises PlanRefused for days that cannot be offered beside the visit's own.

    They keep the three months and lie ahead, none of the periods touches another one, and no
    session falls on a day on which we are closed.
    """
    length = visit.last_day - visit.first_day
    taken = [(visit.first_day, visit.last_day)]
    for first_day in first_days:
        last_day = first_day + length
        refuse_days(visit.request, first_day, last_day)
        for first, last in taken:
            if first_day <= last and last_day >= first:
                raise PlanRefused(
                    _("%(days)s and %(other)s overlap. Offer days that lie apart.")
                    % {"days": words.day_range(first_day, last_day), "other": words.day_range(first, last)}
                )
        _refuse_closed(visit, first_day)
        taken.append((first_day, last_day))


def _refuse_closed(visit: Visit, first_day: date) -> None:
    moved = (first_day - visit.first_day).days * rules.DAY
    planned = {words.local_date(session.starts_at) for session in visit.sessions.all()}
    shut = season.shut_days([day + moved for day in planned])
    for day in sorted(planned):
        # A plan for a Saturday was meant so; that a plan for a Tuesday comes to lie on one was not.
        if day + moved in shut or (almanac.is_day_off(day + moved) and not almanac.is_day_off(day)):
            told = _("We are closed on %(day)s, when the agenda holds something. Offer other days.")
            raise PlanRefused(told % {"day": words.day(day + moved)})


def offer(proposal: Proposal, visit: Visit, first_days: Sequence[date]) -> list[ProposalOption]:
    """Write down the other days of a proposal, and hold its rooms and people on them.

    Raises Clash, naming what stands there, when a room or the only one put down is taken.
    """
    if not first_days:
        return []
    length = visit.last_day - visit.first_day
    sessions: list[Session] = list(
        visit.sessions.select_related("room__site").prefetch_related("asks__facilitator__user")
    )
    found = []
    for rank, first_day in enumerate(first_days, start=FIRST_RANK):
        option = ProposalOption.objects.create(
            proposal=proposal, rank=rank, first_day=first_day, last_day=first_day + length
        )
        scheduling.hold(option, sessions)
        found.append(option)
    return found
