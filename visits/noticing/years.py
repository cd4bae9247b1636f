"""What lies behind us and an organisation: its visits, what it taught us, and what we owe it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import Count, Max
from django.utils import timezone

from visits.choices import PointState, RequestState, Side
from visits.models import LedgerEntry, Promise, Visit
from visits.noticing.asked import Asked, Before, Promised


def behind_us(asked: Iterable[Asked]) -> dict[int, Before]:
    """What lies behind us and each organisation: three queries at most."""
    keys = {one.organisation for one in asked if one.organisation}
    if not keys:
        return {}
    visits = Visit.objects.filter(request__organisation__in=keys, request__state=RequestState.COMPLETED)
    counted = visits.order_by().values_list("request__organisation").annotate(n=Count("pk"), last=Max("last_day"))
    found = {key: Before(last, n) for key, n, last in counted if key}
    return _with_promises(_with_ledger(found) if found else found, keys)


def _with_ledger(found: Mapping[int, Before]) -> dict[int, Before]:
    """The last thing that each has taught us, and the oldest word of ours that is late."""
    told = dict(found)
    rows = LedgerEntry.objects.filter(
        learner=Side.OURS, look_back__shared_at__isnull=False, visit__request__organisation__in=found
    ).order_by("visit__last_day", "-number", "points__due_on")  # fmt: skip
    columns = ("visit__request__organisation", "words", "tries", "points__due_on", "points__state")
    today = timezone.localdate()
    for key, taught, tries, due_on, state in rows.values_list(*columns):
        before = told[key]._replace(taught=taught[:160])
        is_late = due_on is not None and due_on < today and state == PointState.LATER
        if is_late and (before.owed_since is None or due_on < before.owed_since):
            before = before._replace(owed=(tries or taught)[:160], owed_since=due_on)
        told[key] = before
    return told


def _with_promises(found: Mapping[int, Before], keys: Iterable[int]) -> dict[int, Before]:
    """What each has been promised and has not got, whether anybody of them has been here or not."""
    told, today = dict(found), timezone.localdate()
    waiting = Promise.objects.still_open().filter(organisation__in=keys)
    for key, pk, words, due_on in waiting.values_list("organisation", "pk", "words", "due_on"):
        before = told.get(key, Before())
        first = before.promised or Promised(pk, words[:160], due_on, due_on < today, more=-1)
        told[key] = before._replace(promised=first._replace(more=first.more + 1))
    return told
