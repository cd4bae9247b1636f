"""The proposals of the made-up visits: most have one version, some a second one to compare, some a price."""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from visits import planning, scheduling
from visits.choices import ProposalAnswer, SessionKind
from visits.choices import RequestState as S
from visits.models import Proposal, User, Visit, VisitRequest
from visits.pricing import Quote, QuoteLine

SENT: Final = timedelta(days=6)  # before the last word on it
WISHED: Final = timedelta(days=3)
WISH: Final = "Could we have more time for our story? We are two who tell it."
LETTER: Final = "You have a quarter of an hour more for your story now."
LESS: Final = timedelta(minutes=15)


def add_proposals(visit_request: VisitRequest, visit: Visit, *, state: S, since: datetime, by: User) -> None:
    """As far as it has come by `since`; of those that wait for an answer the first has a second version and a price."""
    waits = state == S.PROPOSED
    agenda = planning.snapshot(scheduling.sessions_of(visit_request))
    sent_at = since if waits else since - SENT
    if has_two_versions(visit_request, state):
        _add(visit, 1, _with_less_time(agenda), since - SENT, by, answer=ProposalAnswer.CHANGE,
             answered_at=since - WISHED, change_wish=WISH)  # fmt: skip
        _add(visit, 2, agenda, since, by, words=LETTER, quote=_quote(visit))
        return
    answered = {} if waits else {"answer": ProposalAnswer.YES, "answered_at": sent_at + timedelta(days=2)}
    _add(visit, 1, agenda, sent_at, by, **answered)


def has_two_versions(visit_request: VisitRequest, state: S) -> bool:
    """The first of those that wait for an answer."""
    others = Proposal.objects.filter(request__state=S.PROPOSED).exclude(request=visit_request)
    return state == S.PROPOSED and not others.exists()


def _add(visit: Visit, number: int, agenda: list[dict[str, Any]], sent_at: datetime, by: User, **told: Any) -> None:
    proposal = Proposal.objects.create(
        request=visit.request, number=number, title=visit.title, first_day=visit.first_day, last_day=visit.last_day,
        agenda=agenda, sent_by=by, answer_by=(sent_at + timedelta(days=14)).date(), **told,
    )  # fmt: skip
    Proposal.objects.filter(pk=proposal.pk).update(sent_at=sent_at)


def _with_less_time(agenda: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The agenda as it was sent first: a shorter part of the guests' own."""
    earlier = deepcopy(agenda)
    own = next(row for day in earlier for row in day["sessions"] if row["kind"] == SessionKind.GUEST)
    own["ends_at"] = (datetime.fromisoformat(own["ends_at"]) - LESS).isoformat()
    return earlier


def _quote(visit: Visit) -> dict[str, Any]:
    """What it costs, made up like all of it: no rule of prices is written for that."""
    days = (visit.last_day - visit.first_day).days + 1
    people = visit.request.group_size or 1
    return Quote((QuoteLine("Food and coffee", "Mat och kaffe", people * days, Decimal(185)),)).frozen()
