"""What has happened to a request: everything, the turns alone, or the mails that have left."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Any, Final, NamedTuple

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visits import seals, viewings, words
from visits.admin import facts
from visits.deeds import sentences
from visits.models import HistoryEntry, VisitRequest

ALL: Final = "all"
KINDS: Final = ((ALL, gettext_lazy("All")), ("turns", gettext_lazy("Turns")), ("mails", gettext_lazy("Mails")))


class Row(NamedTuple):
    """One line as it is read. `reference` is that of a request that was put into this one."""

    at: datetime
    side: str
    text: str
    reference: str = ""
    turns: str = ""
    more: str = ""


def shown(request: HttpRequest, case: VisitRequest) -> dict[str, Any]:
    """The lines of the kind that was asked for, the latest first, and who has had the turn for how long."""
    rows = HistoryEntry.objects.filter(Q(request=case) | Q(request__absorbed_into=case))
    both = list(rows.select_related("request").order_by("-at", "-pk"))
    entries = [entry for entry in both if entry.request_id == case.pk]
    kind = _asked_for(request)
    lines = _mails(case) if kind == "mails" else [_row(entry, case) for entry in both]
    return {
        "kinds": [(name, title, name == kind) for name, title in KINDS],
        "kind": kind,
        "days": _by_day(row for row in lines if row.turns or kind != "turns"),
        "share": facts.turn_share(case, reversed(entries)),
        "needs_seen": viewings.who_looked_at_needs(case),
        "looked": seals.look(entries),
        "now": timezone.now(),
    }


def _asked_for(request: HttpRequest) -> str:
    asked = request.GET.get("show", ALL)
    return asked if asked in dict(KINDS) else ALL


def _row(entry: HistoryEntry, case: VisitRequest) -> Row:
    line = sentences.line(entry)
    reference = "" if entry.request_id == case.pk else entry.request.reference or ""
    return Row(entry.at, line.side, line.text, reference, line.turns, " ".join(line.more))


def _mails(case: VisitRequest) -> list[Row]:
    """What has left the house about the request, as it was sent; one query."""
    mails = case.mails.filter(sent_at__isnull=False).order_by("-sent_at", "-pk")
    return [
        Row(mail.sent_at, "us", mail.subject, more=_("To %(name)s") % {"name": mail.to_name or mail.to_email})
        for mail in mails
        if mail.sent_at
    ]


def _by_day(rows: Iterable[Row]) -> list[tuple[str, list[Row]]]:
    """The rows under their days; a day of another year is told with it."""
    year = timezone.localdate().year
    return [
        (words.weekday(day) if day.year == year else words.day(day), list(found))
        for day, found in groupby(rows, key=lambda row: words.local_date(row.at))
    ]
