"""The tab «Afterwards» of the request page: what both sides take home, the ledger, and who has not answered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from visits import ledger, rules
from visits.admin import deeds
from visits.admin.opened import Opened
from visits.choices import RequestState, SessionKind, Side
from visits.forms.look_back import FollowUpForm
from visits.ledger import looking
from visits.models import LedgerPoint, LookBack, User, Visit, VisitRequest

LIST_BACK: Final = timedelta(days=430)  # until the last follow-up has lapsed
FOLLOW_UP: Final = "admin:visits_visitrequest_follow_up"


@dataclass(frozen=True)
class Asked:
    """A follow-up with the form that answers it, and where it is sent."""

    form: FollowUpForm
    url: str


def is_over(case: VisitRequest) -> bool:
    return case.request_state == RequestState.COMPLETED and hasattr(case, "visit")


def tab(request: HttpRequest, opened: Opened, forms: dict[Any, Any]) -> dict[str, Any]:
    """What the tab shows; nothing but a sentence before the visit is over."""
    case = opened.case
    if not is_over(case):
        return {"is_over": False}
    visit, today = case.visit, timezone.localdate()
    visit.request = case
    may_change = request.user.has_perm(deeds.CHANGE)
    shown = ledger.ledger_of(visit, viewer=Side.OURS, today=today, mine=None if may_change else ())
    hosts = ledger.hosts_of(visit)
    look_backs = list(visit.look_backs.select_related("user").prefetch_related("entries"))
    return {
        "is_over": True,
        "visit": visit,
        "ledger": shown,
        "viewer": "ours",
        "asked": _asked(case, shown, forms),
        "ours": [one for one in look_backs if one.side == Side.OURS and one.shared_at],
        "theirs": next((one for one in look_backs if one.side == Side.GUESTS and one.shared_at), None),
        "silent": _waits_for(visit, hosts, look_backs, [*shown.waiting.guests, *shown.waiting.ours]),
        "is_host": any(host.user == request.user for host in hosts),
        "certificates": visit.certificates.count(),
        "sessions": visit.sessions.exclude(kind=SessionKind.BREAK).select_related("held"),
    }


def _asked(case: VisitRequest, shown: ledger.Ledger, forms: dict[Any, Any]) -> dict[str, Asked]:
    points = [one.point for row in shown.ours for one in row.points if one.may_answer]
    return {
        str(point.pk): Asked(
            forms.get(point.pk) or FollowUpForm.about(point),
            reverse(FOLLOW_UP, args=[case.pk, point.pk]),
        )
        for point in points
    }


def answer(case: VisitRequest, point_id: int, form: FollowUpForm, *, by: User) -> LedgerPoint:
    """Staff say how one of our own ideas stands. Raises FollowUpRefused; Http404 for the guests' ideas."""
    point = get_object_or_404(LedgerPoint, pk=point_id, entry__visit__request=case, entry__learner=Side.OURS)
    return form.answer(point, by_name=str(by), by=by)


def own(case: VisitRequest, user: User) -> tuple[ledger.Host | None, LookBack | None]:
    """One of the desk as a host of a visit that is over, with what they have written; nobody else's."""
    found = ledger.host(case.visit, user) if is_over(case) else None
    return found, looking.of_host(case.visit, found) if found else None


# -- Who has not answered --------------------------------------------------------------


@dataclass(frozen=True)
class Silent:
    """Whom a visit that is over still waits for: names, and in which matter."""

    visit: Visit
    look_backs: list[str]
    follow_ups: list[str]

    @property
    def is_anybody(self) -> bool:
        return bool(self.look_backs or self.follow_ups)


def _waits_for(visit: Visit, hosts: list[ledger.Host], written: list[LookBack], due: list[LedgerPoint]) -> Silent:
    shared = {one.user_id for one in written if one.shared_at}
    guests = [] if None in shared else [visit.request.contact_name]
    ours = [str(host.user) for host in hosts if host.user.pk not in shared]
    return Silent(visit, [*guests, *ours], list(dict.fromkeys(_who(point, visit) for point in due)))


def _who(point: LedgerPoint, visit: Visit) -> str:
    user = point.entry.look_back.user
    return str(user) if user else visit.request.contact_name


def silent_visits(today: date) -> list[Silent]:
    """The visits that are over and wait for somebody, the latest first; a constant number of queries."""
    over = Visit.objects.filter(request__state=RequestState.COMPLETED, last_day__gt=today - LIST_BACK)
    visits = list(over.select_related("request__coordinator").order_by("-last_day").prefetch_related("look_backs"))
    hosts = ledger.hosts_by_visit(visits)
    due: dict[int, list[LedgerPoint]] = {}
    waits = ledger.due_points(today).filter(entry__visit__in=visits)
    for point in waits.select_related("entry__look_back__user").order_by("due_on", "pk"):
        due.setdefault(point.entry.visit_id, []).append(point)
    waiting = (_waits_for(one, hosts[one.pk], list(one.look_backs.all()), due.get(one.pk, [])) for one in visits)
    return [one for one in (_while_asked(found, today) for found in waiting) if one.is_anybody]


def _while_asked(silent: Silent, today: date) -> Silent:
    """Without the look-backs that nobody is asked for any longer."""
    is_asked = (today - silent.visit.last_day).days < rules.LOOK_BACK_ASKED_FOR
    return silent if is_asked else replace(silent, look_backs=[])
