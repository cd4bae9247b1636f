"""Beside a decision: how a request answers five questions, and what a yes would leave of the week.

Both tell what they are made of, in words; neither decides, and no list is sorted by them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from visits.foresight.aid import Aid, Answer, aid_for
from visits.foresight.past import past_of
from visits.foresight.yes import IfYes, if_yes
from visits.models import VisitRequest
from visits.planning.checks import House, days_of, look

__all__ = ["Aid", "Answer", "Foresight", "IfYes", "foresee", "house_of"]


@dataclass(frozen=True)
class Foresight:
    """What helps to decide about one request."""

    yes: IfYes | None
    aid: Aid


def house_of(case: VisitRequest) -> House | None:
    """What stands in the house over the whole weeks that a request is about or wishes for; None without a day."""
    days = [*(days_of(case) or ()), *(wish.first_day for wish in case.wishes.all())]
    if not days:
        return None
    first, last = min(days), max(days)
    return look(first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday()))


def foresee(case: VisitRequest, house: House | None) -> Foresight | None:
    """The foresight about a request, within the `house_of` it: four or five queries, however much there is."""
    days = days_of(case)
    if house is None or days is None:
        return None
    past = past_of(case, days[0])
    return Foresight(if_yes(case, house, past), aid_for(case, house, past))
