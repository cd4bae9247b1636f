"""Somebody says «not so», or takes that back. Pressing twice does it once; history says both."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from visits import history
from visits.choices import FlagKind
from visits.models import Flag, User, VisitRequest


@transaction.atomic
def dismiss(flag: Flag, *, why: str, by: User) -> None:
    """«Not so»: nobody is told of it any more until somebody takes that back."""
    if _say(flag, why=why, by=by):
        history.record(flag.request, "flag_dismissed", by=by, kind=flag.kind, why=why)


@transaction.atomic
def notice_again(flag: Flag, *, by: User) -> None:
    """It is so after all; of two that were said to be two, both are asked about again."""
    said = Flag.objects.filter(_the_pair(flag) if flag.kind == FlagKind.DUPLICATE else Q(pk=flag.pk))
    if said.exclude(dismissed_at=None).update(dismissed_at=None, dismissed_by=None, dismissed_why=""):
        history.record(flag.request, "flag_raised_again", by=by, kind=flag.kind)


@transaction.atomic
def they_are_two(flag: Flag, *, by: User, why: str = "") -> None:
    """Two requests that look like one are two visits: said for both, and written in both histories."""
    for one in Flag.objects.filter(_the_pair(flag)).select_related("request").order_by("pk"):
        if _say(one, why=why, by=by):
            detail = {"reference": one.detail.get("reference", ""), "why": why}
            history.record(one.request, "are_two", by=by, **detail)


def settle(one: VisitRequest, other: VisitRequest) -> None:
    """The two have been put together: there is nothing left to ask about them."""
    pair = Q(request=one, about=str(other.pk)) | Q(request=other, about=str(one.pk))
    Flag.objects.filter(pair, kind=FlagKind.DUPLICATE).delete()


def _the_pair(flag: Flag) -> Q:
    here = Q(request=flag.request_id, about=flag.about)
    there = Q(request=int(flag.about), about=str(flag.request_id))
    return Q(here | there, kind=FlagKind.DUPLICATE)


def _say(flag: Flag, *, why: str, by: User) -> bool:
    # One conditional UPDATE: of two colleagues who press at once, one has said it.
    rows = Flag.objects.open().filter(pk=flag.pk)
    return bool(rows.update(dismissed_at=timezone.now(), dismissed_by=by, dismissed_why=why))
