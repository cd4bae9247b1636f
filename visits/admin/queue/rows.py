"""One row of the queue: the request, what is known beside it, and the line that it is drawn as."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from visits import noticing, rules, words
from visits.admin import noticed
from visits.admin.queue.line import Line, Notice, Remark, shortened, waited
from visits.admin.queue.order import DONE
from visits.choices import RequestState
from visits.models import VisitRequest
from visits.planning import Checks


@dataclass
class Row:
    """One request as the queue shows it at a moment."""

    case: VisitRequest
    wants: str
    chosen: str
    checks: Checks
    pick: str
    at: datetime
    group: str = ""
    notices: list[Notice] = field(default_factory=list)

    @cached_property
    def flags(self) -> list[noticing.Told]:
        """What the portal has noticed about it, while there is something to decide."""
        return noticed.told_of(self.case)

    @property
    def is_asked(self) -> bool:
        """Whether «Can we?» is still a question."""
        return self.case.request_state not in DONE

    @property
    def may_decline(self) -> bool:
        return rules.may_move(self.case.request_state, RequestState.DECLINED)

    @property
    def may_wait(self) -> bool:
        return self.case.request_state in rules.PUT_ASIDE

    @property
    def back_on(self) -> date | None:
        """When what is put aside comes back; None for what waits for us."""
        until = self.case.aside_until
        return until if until and self.may_wait and until > words.local_date(self.at) else None

    @property
    def days_waited(self) -> int:
        return (words.local_date(self.at) - words.local_date(self.case.state_since)).days

    @property
    def since(self) -> date | None:
        """From when on nobody waits for anything: it is confirmed, has been, or has ended."""
        is_settled = self.case.request_state in (RequestState.CONFIRMED, *DONE)
        return words.local_date(self.case.state_since) if is_settled else None

    @property
    def waiting(self) -> str:
        return waited(self.days_waited)

    def line(self, *, is_picked: bool, tells_state: bool, has_box: bool) -> Line:
        """What is drawn of it: among requests of several states its own is told, and a box is there to be ticked."""
        case = self.case
        return Line(
            pk=case.pk,
            reference=case.reference or "",
            organisation=case.organisation_name,
            country=str(case.country),
            people=case.group_size or 0,
            state=case.request_state if tells_state else "",
            is_absorbed=case.absorbed_into_id is not None,
            is_entered=hasattr(case, "entry") and case.entry.taken_over_at is None,
            wants=self.wants,
            brings=shortened(case.brings),
            first_day=self.checks.first_day,
            last_day=self.checks.last_day,
            asked_on=case.submitted_on,
            meter=self.checks.meter,
            summary=self.checks.summary,
            pick=self.pick,
            days_waited=0 if self.since else self.days_waited,
            since=self.since,
            back_on=self.back_on,
            is_late=case.is_overdue(self.at),
            notices=tuple(self.notices),
            remarks=tuple(Remark(told.css, told.icon, told.parts, told.other) for told in self.flags),
            is_picked=is_picked,
            has_box=has_box,
        )


def reading(reader: dict[str, Any] | None) -> list[Notice]:
    """That a colleague has the request before them."""
    if not reader:
        return []
    name = f"{reader['first_name']} {reader['last_name']}".strip()
    since = datetime.fromisoformat(reader["since"])
    told = _("%(name)s is reading this now, since %(time)s.") % {
        "name": reader["first_name"] or name,
        "time": words.clock(since if since.tzinfo else since.replace(tzinfo=UTC)),
    }
    return [Notice(told, person=name)]
