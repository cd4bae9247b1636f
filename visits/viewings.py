"""Who reads which request now, and who has read it: derived from the looks that are written down."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject, TruncDate
from django.utils import timezone

from visits.models import Part, User, Viewing, VisitRequest
from visits.rules import STOCKHOLM


def reading_time() -> timedelta:
    """How long somebody is taken to read on after the last page that they opened."""
    return timedelta(minutes=settings.QULTURUM_READING_MINUTES)


def recent(at: datetime | None = None) -> list[Viewing]:
    """What the desk has looked at within a reading time, the latest first: one query."""
    since = (at or timezone.now()) - reading_time()
    return list(Viewing.objects.filter(at__gt=since).select_related("user").order_by("-pk"))


def look(
    visit_request: VisitRequest,
    *parts: Part,
    by: User,
    at: datetime | None = None,
    before: Sequence[Viewing] | None = None,
) -> int:
    """Write down that somebody has parts of a request before them; how many lines it took.

    Loading a page again soon writes nothing, unless they have opened another request meanwhile.
    `before` is what was looked at recently, where it has been read.
    """
    now = at or timezone.now()
    own = [one for one in (recent(now) if before is None else before) if one.user_id == by.pk]
    last = next((one for one in own if one.part != Part.NEEDS), None)
    stays = last is not None and last.request_id == visit_request.pk
    here = [one for one in own if one.request_id == visit_request.pk and one.at > now - reading_time() / 2]
    known = {one.part for one in here if stays or one.part == Part.NEEDS}
    since = last.since if last and stays else now
    lines = [
        Viewing(request=visit_request, user=by, part=part, at=now, since=since) for part in parts if part not in known
    ]
    Viewing.objects.bulk_create(lines)
    return len(lines)


def look_at_needs(requests: Iterable[int], *, by: User, at: datetime | None = None) -> int:
    """Write down that somebody has seen what the guests of these requests eat and need; how many lines it took."""
    now, shown = at or timezone.now(), list(requests)
    soon = Viewing.objects.filter(part=Part.NEEDS, user=by, at__gt=now - reading_time() / 2)
    known = set(soon.order_by().values_list("request_id", flat=True))
    lines = [Viewing(request_id=pk, user=by, part=Part.NEEDS, at=now, since=now) for pk in shown if pk not in known]
    Viewing.objects.bulk_create(lines)
    return len(lines)


def with_reader(cases: QuerySet[VisitRequest], *, but: int, after: datetime) -> QuerySet[VisitRequest]:
    """The cases, each with a colleague in `reader`: a name and since when, or None.

    It is who has opened it last, later than `after`, and nothing else since; the user `but` is left out.
    """
    reading = Viewing.objects.newest_of_each(after).exclude(user=but).order_by("-pk")
    told = JSONObject(first_name="user__first_name", last_name="user__last_name", since="since")
    return cases.annotate(reader=Subquery(reading.filter(request=OuterRef("pk")).values(told=told)[:1]))


def readers_of(visit_request: VisitRequest, *, but: User, before: Sequence[Viewing] | None = None) -> list[Viewing]:
    """The colleagues who read a request now, the last to come first; `before` as for `look`."""
    newest: dict[int, Viewing] = {}
    for one in recent() if before is None else before:
        if one.part != Part.NEEDS:
            newest.setdefault(one.user_id, one)
    return [one for one in newest.values() if one.request_id == visit_request.pk and one.user_id != but.pk]


def who_looked_at_needs(visit_request: VisitRequest) -> QuerySet[Viewing, tuple[str, str, date]]:
    """On which days who has seen what the guests of a request eat and need, the latest first; a day each once."""
    looks = Viewing.objects.filter(request=visit_request, part=Part.NEEDS)
    days = looks.annotate(day=TruncDate("at", tzinfo=STOCKHOLM)).order_by("-day", "user__first_name", "user__last_name")
    return days.values_list("user__first_name", "user__last_name", "day").distinct()
