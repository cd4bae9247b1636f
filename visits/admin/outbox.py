"""Mail going out, at the desk: what needs somebody, what waits and until when, and what has left."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, Final

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visits import words
from visits.admin.counts import NEEDS_US, Counts
from visits.admin.mail_names import name_of
from visits.admin.others import ReadOnlyAdmin
from visits.admin.queue.wanted import number
from visits.admin.site import desk_context
from visits.choices import MessageState
from visits.forms.desk import search_words
from visits.models import Decision, Message

A_PAGE: Final = 50
WAITS: Final = (MessageState.DUE, MessageState.SENDING)
TABS: Final = (
    ("waiting", gettext_lazy("Waits"), WAITS, "due_at"),
    ("needs_us", gettext_lazy("Needs us"), NEEDS_US, "-due_at"),
    ("sent", gettext_lazy("Sent"), (MessageState.SENT,), "-sent_at"),
    ("skipped", gettext_lazy("Not needed any more"), (MessageState.SKIPPED,), "-due_at"),
)


@dataclass(frozen=True)
class Row:
    """One mail as it is read."""

    message: Message
    held_until: datetime | None

    @property
    def at(self) -> datetime:
        """When it left; until then, the soonest that it can leave."""
        return self.message.sent_at or max(self.message.due_at, self.held_until or self.message.due_at)

    @property
    def title(self) -> str:
        """As it was sent; before that nobody has written it, and it is called what it is."""
        return self.message.subject or name_of(self.message.kind)

    @property
    def to(self) -> str:
        message = self.message
        who = message.to_name or message.to_email
        return f"{who}, {message.request.organisation_name}" if message.request else who

    @property
    def why(self) -> str:
        """What keeps it, or what happened to it, as a sentence; nothing for one that goes as usual."""
        if self.held_until:
            return _("Waits until %(time)s, so that what was decided can be taken back.") % {
                "time": words.clock(self.held_until)
            }
        return self.message.problem.partition("\n")[0]


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    """What leaves and has left the house."""

    exclude = ["data", "lease_until"]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = desk_context()
        return render(request, "desk/outbox.html", context | _shown(request, context["counts"]))


def _shown(request: HttpRequest, counts: Counts) -> dict[str, Any]:
    """The mails of the tab that was asked for, by day. Four queries beside the counts."""
    typed, now = search_words(request.GET.get("q", "")), timezone.now()
    tab, _title, states, order = next((one for one in TABS if one[0] == request.GET.get("show")), TABS[0])
    page = max(number(request.GET.get("page")) or 1, 1)
    found = Message.objects.filter(state__in=states).filter(_about(typed)).order_by(order, "pk")
    first = (page - 1) * A_PAGE
    mails = list(found.select_related("request")[first : first + A_PAGE + 1])
    held = _held(mails, now)
    rows = [Row(one, held.get(one.request_id) if one.state == MessageState.DUE else None) for one in mails[:A_PAGE]]
    waiting = Message.objects.filter(state__in=WAITS).aggregate(count=Count("pk"))
    counted = {"waiting": waiting["count"], "needs_us": counts.outbox}
    return {
        "tab": tab,
        "tabs": [(name, title, counted.get(name)) for name, title, _states, _order in TABS],
        "rows": rows,
        "days": _by_day(rows),
        "typed": typed,
        "today": words.local_date(now),
        "older": page + 1 if len(mails) > A_PAGE else None,
        "newer": page - 1 if page > 1 else None,
        "last_sent": Message.objects.aggregate(at=Max("sent_at"))["at"],
    }


def _about(typed: str) -> Q:
    if not typed:
        return Q()
    return (
        Q(to_name__icontains=typed)
        | Q(to_email__icontains=typed)
        | Q(subject__icontains=typed)
        | Q(request__organisation_name__icontains=typed)
        | Q(request__reference__iexact=typed)
    )


def _held(mails: Iterable[Message], now: datetime) -> dict[int | None, datetime]:
    """By request: until when a decision keeps its mails back."""
    asked = {one.request_id for one in mails if one.request_id}
    pending = Decision.objects.pending(now).filter(request__in=asked).order_by("until")
    return dict(pending.values_list("request", "until"))


def _by_day(rows: Iterable[Row]) -> list[tuple[date, list[Row]]]:
    return [(day, list(found)) for day, found in groupby(rows, key=lambda row: words.local_date(row.at))]
