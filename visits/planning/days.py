"""The days of a visit."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from visits import rules, scheduling, words
from visits.choices import RequestState
from visits.models import Session, User, Visit, VisitRequest
from visits.planning import guard
from visits.planning.guard import PlanRefused
from visits.planning.timing import Times, retime


@transaction.atomic
def choose_days(
    visit_request: VisitRequest, *, first_day: date, last_day: date, title: str, by: User, seen: int
) -> list[str]:
    """Give a request its visit, or move the visit with its whole agenda to other days.

    Returns what else it did, in sentences: who is asked again. Raises PlanRefused for
    days that are too soon (without a waiver), past, too many or the wrong way round, for a
    visit that the guests have said yes to, and when a session would lie outside the days.
    """
    refuse_days(visit_request, first_day, last_day)
    visit = Visit.objects.filter(request=visit_request).first()
    if visit and (visit.first_day, visit.last_day) != (first_day, last_day):
        _refuse_if_agreed(visit_request)
    guard.changed(visit_request, "chose_days", by=by, seen=seen, first=str(first_day), last=str(last_day))
    if visit is None:
        Visit.objects.create(request=visit_request, first_day=first_day, last_day=last_day, title=title)
        return []
    moved_by = first_day - visit.first_day
    visit.first_day, visit.last_day, visit.title = first_day, last_day, title
    visit.save(update_fields=["first_day", "last_day", "title"])
    sessions = list(visit.sessions.all())
    days = moved_by.days
    times = {
        row.pk: (scheduling.on_other_day(row.starts_at, days), scheduling.on_other_day(row.ends_at, days))
        for row in sessions
    }
    told = retime(visit, _only_changed(sessions, times), by=by)
    return told + guard.asked_again(visit_request, by=by)


def _only_changed(sessions: list[Session], times: Times) -> Times:
    return {s.pk: times[s.pk] for s in sessions if times[s.pk] != (s.starts_at, s.ends_at)}


def refuse_days(visit_request: VisitRequest, first_day: date, last_day: date) -> None:
    """Raises PlanRefused for days that are too soon (without a waiver), past, too many or the wrong way round."""
    if last_day < first_day:
        raise PlanRefused(_("The last day comes after the first."))
    if last_day > rules.working_days_after(first_day, rules.MAX_DAYS - 1):
        raise PlanRefused(
            _("A visit is at most five days long, a weekend between them not counted. Choose fewer days.")
        )
    if first_day <= timezone.localdate():
        raise PlanRefused(_("Choose a day that lies ahead of us."))
    asked_on = visit_request.submitted_on or timezone.localdate()
    if not (visit_request.is_waived or rules.in_time([first_day], asked_on=asked_on)):
        earliest = words.day(rules.earliest_first_day(asked_on))
        raise PlanRefused(_("Choose a day from %(day)s, or have a manager waive the three months.") % {"day": earliest})


def _refuse_if_agreed(visit_request: VisitRequest) -> None:
    if visit_request.request_state in (RequestState.AGREED, RequestState.CONFIRMED):
        raise PlanRefused(_("The guests have said yes to these days. Move the visit back to planning first."))
