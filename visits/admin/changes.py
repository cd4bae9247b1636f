"""Who changed what on the plain pages of the admin, for managers: each value as it was and as it is."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.admin.models import ADDITION, DELETION, LogEntry
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from visits import seals, words
from visits.forms.desk import search_words
from visits.models import Heartbeat

SEE: Final = "admin.view_logentry"
ON_A_PAGE: Final = 50


@dataclass(frozen=True)
class Change:
    """One line: who, when, which row, and what of it."""

    entry: LogEntry
    kind: str
    values: Sequence[dict[str, str]]
    said: str

    @property
    def told(self) -> str:
        verbs = {ADDITION: _("%(who)s added %(row)s"), DELETION: _("%(who)s deleted %(row)s")}
        told = verbs.get(self.entry.action_flag, _("%(who)s changed %(row)s"))
        name = f" “{self.entry.object_repr}”" if self.entry.object_repr else ""  # names go after their time
        return told % {"who": self.entry.user, "row": f"{self.kind}{name}"}


def page(request: HttpRequest, frame: dict[str, Any]) -> HttpResponse:
    """The latest first, fifty on a page; a number that is none is the first or the last page."""
    if not request.user.has_perm(SEE):
        raise PermissionDenied
    typed = search_words(request.GET.get("q", ""))
    found = Paginator(_found(typed), ON_A_PAGE).get_page(request.GET.get("p"))
    by_day: dict[str, list[Change]] = {}
    for entry in found:
        by_day.setdefault(words.day(entry.action_time), []).append(_change(entry))
    context = {"page": found, "days": by_day.items(), "typed": typed, **_history_looked_at(request)}
    return render(request, "desk/changes.html", frame | context)


def _found(typed: str) -> QuerySet[LogEntry]:
    entries = LogEntry.objects.select_related("user", "content_type").order_by("-action_time", "-pk")
    if not typed:
        return entries
    by_row = entries.filter(object_repr__icontains=typed)
    return by_row | entries.filter(user__last_name__icontains=typed) | entries.filter(change_message__icontains=typed)


def _change(entry: LogEntry) -> Change:
    model = entry.content_type.model_class() if entry.content_type else None
    kind = capfirst(str(model._meta.verbose_name)) if model else ""
    return Change(entry, kind, _values(entry.change_message), _said(entry))


def _values(message: str) -> list[dict[str, str]]:
    """What each value was and is; nothing for a line that does not say."""
    try:
        parts = json.loads(message or "[]")
        return [value for part in parts for value in part.get("changed", {}).get("values") or []]
    except (ValueError, AttributeError, TypeError):
        return []


def _said(entry: LogEntry) -> str:
    """Django's own sentence about it; nothing for one that it cannot read."""
    try:
        return entry.get_change_message()
    except (KeyError, TypeError, AttributeError):
        return ""


def _history_looked_at(request: HttpRequest) -> dict[str, Any]:
    """When all histories were last found whole; looked at now when somebody asks for it."""
    context: dict[str, Any] = {"last_whole": Heartbeat.objects.filter(name=seals.WHOLE).first()}
    return context | ({"looked": seals.look_at_all()} if "look" in request.GET else {})
