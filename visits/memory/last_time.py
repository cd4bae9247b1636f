"""When we met an organisation last, as whoever meets them next reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from visits.choices import AskState, RequestState
from visits.memory.years import Year, years
from visits.models import Ask, Promise, Visit, VisitRequest


@dataclass(frozen=True)
class LastTime:
    """The last visit before another one, who of us led or told then, and what we have promised and not yet kept."""

    year: Year | None
    who: Sequence[str] = ()
    promised: list[Promise] = field(default_factory=list)

    @property
    def visit(self) -> Visit | None:
        return self.year.case.visit if self.year else None

    def __bool__(self) -> bool:
        return bool(self.year or self.promised)


def last_time(coming: Visit) -> LastTime:
    """What we remember of the organisation of a visit from before it; at most five queries."""
    organisation = coming.request.organisation_id
    if organisation is None:
        return LastTime(None)
    been = VisitRequest.objects.filter(organisation=organisation, state=RequestState.COMPLETED)
    been = been.filter(visit__last_day__lt=coming.first_day).exclude(pk=coming.request_id)
    case = been.select_related("visit", "coordinator").order_by("-visit__last_day", "-pk").first()
    promised = list(Promise.objects.still_open().filter(organisation=organisation))
    if case is None:
        return LastTime(None, promised=promised)
    return LastTime(years([case])[0], _who(case.visit), promised)


def _who(visit: Visit) -> list[str]:
    """Who of us had a session, in the order of the agenda."""
    asks = Ask.objects.filter(session__visit=visit, state=AskState.ACCEPTED, session__removed_at=None)
    told = asks.select_related("facilitator__user").order_by("session__starts_at", "pk")
    return list(dict.fromkeys(ask.facilitator.name for ask in told))
