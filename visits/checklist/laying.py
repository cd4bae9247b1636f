"""Items come from the lists that suit a visit, each once, and follow its days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from visits import almanac, rules
from visits.models import ChecklistItem, ChecklistRow, ChecklistTemplate, Session, Visit, VisitRequest


def lay_out(visit_request: VisitRequest) -> int:
    """Lay out what is to be done around an agreed visit; return how many items are new.

    Called again it adds what is missing and follows the days: nothing is made twice, also when
    the visit was moved in between. What was done stays done.
    """
    visit = Visit.objects.filter(request=visit_request).first()
    if visit is None:
        return 0
    follow_days(visit)
    known = set(visit.checklist.exclude(row=None).values_list("row_id", flat=True))
    rows = [row for row in _rows(visit, visit_request) if row.pk not in known]
    ChecklistItem.objects.bulk_create([_item(visit, row) for row in rows], ignore_conflicts=True)
    return len(rows)


def follow_days(visit: Visit) -> None:
    """Give every item that is still to do the day that goes with the visit's days; two queries."""
    items = list(visit.checklist.filter(done_at=None))
    moved = [item for item in items if not _stands(item, visit)]
    for item in moved:
        item.due_on = due_on(visit, item.days)
    ChecklistItem.objects.bulk_update(moved, ["due_on"])


def due_on(visit: Visit, days: int) -> date:
    """Below 0 so many days before the first day of a visit, else after its last one; always a working day.

    A day on which nobody is there gives way to the working day before it. What is to be done after a visit is not
    due while it still goes on: that waits for the next working day instead.
    """
    day = _counted(visit, days)
    before = almanac.working_day_until(day)
    return before if days < 0 or before > visit.last_day else almanac.working_day_from(day)


def _counted(visit: Visit, days: int) -> date:
    return (visit.first_day if days < 0 else visit.last_day) + days * rules.DAY


def _stands(item: ChecklistItem, visit: Visit) -> bool:
    """Whether an item has the day that goes with the visit's; one of our own keeps the very day that was typed."""
    is_as_typed = item.row_id is None and item.due_on == _counted(visit, item.days)
    return is_as_typed or item.due_on == due_on(visit, item.days)


def _item(visit: Visit, row: ChecklistRow) -> ChecklistItem:
    return ChecklistItem(
        visit=visit, row=row, words_en=row.words_en, words_sv=row.words_sv, role=row.role, days=row.days,
        due_on=due_on(visit, row.days),
    )  # fmt: skip


def _rows(visit: Visit, visit_request: VisitRequest) -> Iterable[ChecklistRow]:
    """The lines of every list that suits the visit; three queries."""
    sites = set(Session.objects.filter(visit=visit, room__isnull=False).values_list("room__site__name", flat=True))
    lists = ChecklistTemplate.objects.filter(is_used=True).prefetch_related("rows")
    return [row for one in lists if suits(one, visit_request, sites) for row in one.rows.all()]


def suits(one: ChecklistTemplate, visit_request: VisitRequest, sites: set[str]) -> bool:
    """Whether a list is for this kind of visit: its length, where it goes, a bus, a letter."""
    return (
        (not one.lengths or visit_request.length in one.lengths)
        and (not one.site or one.site in sites)
        and (not one.needs_bus or len(sites) > 1)
        and (not one.needs_letter or visit_request.needs_invitation_letter)
    )
