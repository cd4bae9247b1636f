"""Looking at requests and keeping what is to be noticed. Doing it again changes nothing."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from visits.choices import FlagKind
from visits.models import Flag, Noticed, Organisation, VisitRequest
from visits.noticing import house
from visits.noticing.asked import Around, Asked, Found
from visits.noticing.deriving import duplicate, things_to_notice

logger = logging.getLogger(__name__)

A_ROUND: Final = 50  # requests that one round of the clock looks at
LOOK_AGAIN_AFTER: Final = timedelta(hours=6)  # bookings and other requests change too
Key = tuple[int, str, str]


def soon(visit_request: VisitRequest) -> None:
    """Look at a request as soon as what is being done to it is kept.

    It costs the deed nothing, and cannot make it fail: what goes wrong is logged, and the
    next round of the clock looks again.
    """
    pk = visit_request.pk
    transaction.on_commit(lambda: _look_at_once(pk), robust=True)


def _look_at_once(pk: int) -> None:
    notice([pk], at=timezone.now())


def soon_for(organisation: Organisation) -> None:
    """The same for every request of an organisation that is still to be decided: what we owe them has changed."""
    transaction.on_commit(lambda: _look_at_theirs(organisation.pk), robust=True)


def _look_at_theirs(organisation: int) -> None:
    theirs = VisitRequest.objects.sent().filter(organisation=organisation, state__in=house.WATCHED)
    if keys := list(theirs.order_by("-pk").values_list("pk", flat=True)[:A_ROUND]):
        notice(keys, at=timezone.now())


def notice_due(at: datetime) -> int:
    """The clock: look at what has come or changed, and once more at what was looked at longest ago."""
    keys = house.not_looked_at(A_ROUND)
    keys += house.looked_at_before(at - LOOK_AGAIN_AFTER, A_ROUND - len(keys)) if len(keys) < A_ROUND else []
    return _notice_what_can_be(keys, at) if keys else 0


def _notice_what_can_be(keys: Sequence[int], at: datetime) -> int:
    """One request that cannot be read keeps nobody from looking at the others; it is tried again hours later."""
    try:
        return notice(keys, at=at)
    except Exception:
        # Guests write whatever they like: what no rule has foreseen is logged, and holds up nobody else.
        logger.exception("Looking at %s failed", keys)
    if len(keys) > 1:
        return sum(_notice_what_can_be([key], at) for key in keys)
    for case in VisitRequest.objects.filter(pk__in=keys):
        Noticed.objects.update_or_create(request=case, defaults={"version": case.version, "at": at})
    return 0


def notice(keys: Sequence[int], *, at: datetime) -> int:
    """Look at these requests and keep what is to be noticed; returns how many flags are new.

    The same number of queries for one and for many. What is no longer so goes, and what
    somebody has said «not so» to stays said.
    """
    rows = VisitRequest.objects.sent().filter(Q(pk__in=keys) | Q(pk__in=_told_of(keys)))
    cases = list(rows.select_related("waived_by").prefetch_related("wishes").order_by("pk"))
    open_cases = [case for case in cases if case.state in house.WATCHED]
    known = house.read(open_cases) if open_cases else {}
    wanted: dict[Key, Found] = {}
    for pk, (asked, around) in known.items():
        for found in things_to_notice(asked, around, threshold=settings.QULTURUM_SAME_VISIT):
            wanted[pk, found.kind, found.about] = found
            _mirror(wanted, asked, found, around)
    with transaction.atomic():
        new = _keep(wanted, [case.pk for case in cases])
        _remember(open_cases, [asked for asked, _around in known.values()], at)
        Noticed.objects.filter(pk__in={*keys, *(case.pk for case in cases)} - known.keys()).delete()
    return new


def _told_of(keys: Iterable[int]) -> QuerySet[Any, Any]:
    """The requests that are thought to be the same visit as one of these: what is told there may not be so any more."""
    flags = Flag.objects.open().filter(kind=FlagKind.DUPLICATE, about__in=[str(key) for key in keys])
    return flags.values("request")


def _mirror(wanted: dict[Key, Found], asked: Asked, found: Found, around: Around) -> None:
    """Of two that are probably one, the other is told of it too, while there is something to decide about it."""
    if found.kind == FlagKind.DUPLICATE and int(found.about) in {one.pk for one in around.others if one.is_watched}:
        told = duplicate(asked, found.detail["points"], tuple(found.detail["alike"]))
        wanted[int(found.about), found.kind, told.about] = told


def _keep(wanted: dict[Key, Found], keys: Collection[int]) -> int:
    told_of = Q(kind=FlagKind.DUPLICATE, about__in=[str(key) for key in keys])
    stand = {(f.request_id, f.kind, f.about): f for f in Flag.objects.filter(Q(request__in=keys) | told_of)}
    gone = [flag.pk for key, flag in stand.items() if key not in wanted and flag.dismissed_at is None]
    if gone:
        Flag.objects.open().filter(pk__in=gone).delete()
    _tell_anew(stand, wanted)
    new = [
        Flag(request_id=pk, kind=kind, about=about, detail=dict(wanted[pk, kind, about].detail))
        for pk, kind, about in sorted(wanted.keys() - stand.keys())
    ]
    if new:
        Flag.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def _tell_anew(stand: dict[Key, Flag], wanted: dict[Key, Found]) -> None:
    """What is still so, and has other facts than before."""
    changed = []
    for key in sorted(stand.keys() & wanted.keys()):
        flag, detail = stand[key], dict(wanted[key].detail)
        if flag.dismissed_at is None and flag.detail != detail:
            flag.detail = detail
            changed.append(flag)
    if changed:
        Flag.objects.bulk_update(changed, ["detail"])


def _remember(cases: Iterable[VisitRequest], asked: Iterable[Asked], at: datetime) -> None:
    rows = [
        Noticed(request=case, version=case.version, at=at, domain=one.domain, name_key=one.name_key)
        for case, one in zip(cases, asked, strict=True)
    ]
    if rows:
        Noticed.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["request"],
            update_fields=["version", "at", "domain", "name_key"],
        )
