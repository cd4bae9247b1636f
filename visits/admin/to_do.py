"""What is to be done around the visits: one page of all of it, and a tab of each request."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from visits import checklist, rules
from visits.admin.opened import Opened
from visits.choices import ChecklistRole, SessionKind
from visits.forms.to_do import AddItemForm
from visits.models import ChecklistItem, Session, User, Visit

CHANGE: Final = "visits.change_checklistitem"
ADD: Final = "visits.add_checklistitem"
MOST_LATER: Final = 30  # rows of «later» on the page: what comes after them comes up by itself


@dataclass(frozen=True)
class Pile:
    """Things to do that belong together by their day."""

    name: str
    title: str
    items: list[ChecklistItem]
    more: int = 0

    @property
    def count(self) -> int:
        """How many there are, those that are not shown among them."""
        return len(self.items) + self.more


def show(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Overdue, this week, later: all visits, or those of one role or of one's own."""
    role, mine = request.GET.get("role", ""), request.GET.get("mine") == "1"
    rows = ChecklistItem.objects.to_do().select_related("visit__request__coordinator")
    if role in ChecklistRole.values:
        rows = rows.filter(role=role)
    if mine:
        rows = rows.filter(visit__request__coordinator=me(request))
    context |= {
        "piles": piles(rows.order_by("due_on", "visit__first_day", "pk"), timezone.localdate(), most=MOST_LATER),
        "roles": ChecklistRole.choices, "role": role, "mine": mine, "may_change": request.user.has_perm(CHANGE),
    }  # fmt: skip
    return render(request, "desk/to_do.html", context)


def piles(rows: Iterable[ChecklistItem], today: date, *, most: int | None = None) -> list[Pile]:
    """What is overdue, what is due until Sunday, and what comes later; piles of nothing are left out.

    Of what comes later at most so many are shown; all of them, when no number is given.
    """
    sunday = today + (6 - today.weekday()) * rules.DAY
    by_day = list(rows)
    late = [item for item in by_day if item.due_on < today]
    week = [item for item in by_day if today <= item.due_on <= sunday]
    later = [item for item in by_day if item.due_on > sunday]
    found = [
        Pile("late", _("Overdue"), late),
        Pile("week", _("This week"), week),
        Pile("later", _("Later"), later[:most], len(later) - len(later[:most])),
    ]
    return [pile for pile in found if pile.items]


def tab(request: HttpRequest, opened: Opened, forms: dict[str, Any]) -> dict[str, Any]:
    """The list of one visit; a sentence before there is one."""
    visit, today = opened.visit, timezone.localdate()
    items = list(visit.checklist.all()) if visit else []
    return {
        "visit": visit,
        "piles": piles((item for item in items if item.done_at is None), today),
        "done": [item for item in items if item.done_at],
        "add_form": forms.get("add_to_do") or (add_form(visit) if visit else None),
        "may_tick": request.user.has_perm(CHANGE),
        "sessions": held_sessions(visit, today) if visit else [],
        "stands": opened.case.request_state in rules.STANDING,
    }


def held_sessions(visit: Visit, today: date) -> Iterable[Session]:
    """The sessions to tell about: none before the visit's first day; one query."""
    if today < visit.first_day:
        return []
    return visit.sessions.exclude(kind=SessionKind.BREAK).select_related("held")


def press(request: HttpRequest, item_id: int) -> HttpResponse:
    """Done, or not done after all, by one press; then back to the page it was pressed on."""
    if not request.user.has_perm(CHANGE):
        raise PermissionDenied
    item = get_object_or_404(ChecklistItem.objects.select_related("visit"), pk=item_id)
    undo = request.POST.get("undo")
    try:
        if undo:
            checklist.untick(item, done_at=request.POST.get("done_at", ""))
        else:
            checklist.tick(item, by=me(request))
    except checklist.ItemRefused as refused:
        messages.warning(request, str(refused))
    else:
        said = _("“%(what)s” is on the list again.") if undo else _("“%(what)s” is done.")
        messages.success(request, said % {"what": item.words})
    return HttpResponseRedirect(_back(request, item.visit))


def add_form(visit: Visit, data: QueryDict | None = None) -> AddItemForm:
    return AddItemForm(data, today=timezone.localdate(), last_day=visit.last_day, auto_id="add_%s")


def add(request: HttpRequest, visit: Visit, form: AddItemForm) -> None:
    """Something of our own for one visit, as it was typed."""
    typed = form.cleaned_data
    checklist.add_item(visit, typed["words"], typed["due_on"], by=me(request), role=ChecklistRole(typed["role"]))
    messages.success(request, _("“%(what)s” is on the list.") % {"what": typed["words"]})


def tab_url(visit: Visit) -> str:
    return reverse("admin:visits_visitrequest_to_do", args=[visit.request_id])


def _back(request: HttpRequest, visit: Visit) -> str:
    there = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(there, allowed_hosts={request.get_host()})
    return there if is_ours and there.startswith("/") else tab_url(visit)


def me(request: HttpRequest) -> User:
    return cast("User", request.user)
