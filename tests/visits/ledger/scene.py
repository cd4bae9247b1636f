"""A visit that is over, with somebody of ours who led a session, and what people write about it."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from tests.factories import (
    AskFactory,
    CoordinatorFactory,
    FacilitatorFactory,
    SessionFactory,
    VisitFactory,
    VisitRequestFactory,
)
from visits import ledger, rules
from visits.choices import AskState, RequestState, SessionKind
from visits.ledger import looking
from visits.models import LookBack, Participant, Visit

LAST_DAY = date(2026, 11, 24)  # a Tuesday
DUE = date(2027, 2, 24)  # the day of its first follow-up, three months later
QUESTIONS = ["How did you get the municipalities to the same table?", "What made Esther last?"]


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), rules.STOCKHOLM)


def visit_over(last_day: date, *, state: RequestState = RequestState.COMPLETED, **fields: Any) -> Visit:
    """A visit of one day whose coordinator is Maja; Fatima led a session, and the guests one of their own."""
    coordinator = fields.pop("coordinator", None) or CoordinatorFactory(first_name="Maja", last_name="Lindqvist")
    fields = {"big_questions": QUESTIONS, "contact_name": "Aileen Munro", "group_size": 3} | fields
    visit_request = VisitRequestFactory(state=state, coordinator=coordinator, **fields)
    visit = VisitFactory(request=visit_request, first_day=last_day, last_day=last_day)
    session = SessionFactory(visit=visit, minutes=60)
    SessionFactory(visit=visit, hour=11, minutes=30, kind=SessionKind.GUEST, title="Your story")
    SessionFactory(visit=visit, hour=12, minutes=60, kind=SessionKind.BREAK, title="Lunch")
    facilitator = FacilitatorFactory(user__first_name="Fatima", user__last_name="Hosseini")
    AskFactory(session=session, facilitator=facilitator, state=AskState.ACCEPTED)
    return visit


def person(visit: Visit, name: str, **fields: Any) -> Participant:
    return Participant.objects.create(visit=visit, name=name, **fields)


def host_of(visit: Visit) -> ledger.Host:
    """Fatima, who led."""
    return ledger.hosts_of(visit)[0]


def guests_say(**other: Any) -> dict[str, Any]:
    """Whole answers of the guests to two questions, as a form cleans them."""
    return {
        "closer_1": "yes", "helped_1": [], "sentence_1": "They followed one person home.",
        "closer_2": "a_bit", "helped_2": ["other"], "sentence_2": "",
        "tries": "One meeting about one person", "about": "1", "begins": "Iona", "begins_when": "Week 17",
        "measure": "Readmissions within 30 days", "seen": "You thank one another.", "worth": "yes", "better": "",
        "after": ["3", "6", "12"],
    } | other  # fmt: skip


def we_say(**other: Any) -> dict[str, Any]:
    """Whole answers of one of us."""
    return {
        "takes_home": "A phone call need not be made by a professional.", "told_by": [],
        "tries": "One ward phones five patients", "begins": "Fatima", "begins_when": "Week 16", "measure": "",
    } | other  # fmt: skip


def guests_share(visit: Visit, **other: Any) -> LookBack:
    kept = looking.of_guests(visit)
    return looking.share_for_guests(visit.request, guests_say(**other), by_name="Aileen Munro", seen=looking.seen(kept))


def we_share(visit: Visit, **other: Any) -> LookBack:
    return looking.share_ours(visit.request, host_of(visit), we_say(**other), seen="")
