"""What has been put into rooms, of every kind, in one shape."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, F, IntegerField, QuerySet, Value
from django.db.models.functions import Cast

from visits.models import RoomFile, RoomQuestion, RoomReply


@dataclass(frozen=True)
class Item:
    """One thing that somebody has put into a room: a question, an answer or a file."""

    visit_id: int
    what: str  # «question», «reply» or «file»
    at: datetime
    author_id: int | None
    participant_id: int | None
    name: str
    text: str


def items_between(
    after: datetime, before: datetime, only: int | None = None, *, without_big: bool = False
) -> list[Item]:
    """What was put into rooms between two moments; with `only`, into that of one request. One query.

    `without_big` leaves out the big questions of the request, which we had before there was a room.
    """
    asked = RoomQuestion.objects.filter(big=None) if without_big else RoomQuestion.objects.all()
    rows = (
        _rows(asked.order_by(), "question", "visit", "asked_at", "author", "text", only),
        _rows(RoomReply.objects.order_by(), "reply", "question__visit", "written_at", "author", "question__text", only),
        _rows(RoomFile.objects.order_by(), "file", "visit", "added_at", "owner", "title", only),
    )
    narrowed = [kind.filter(at__gt=after, at__lt=before) for kind in rows]
    first, *others = (kind.values_list("visit_of", "what", "at", "by", "guest", "who", "told") for kind in narrowed)
    return [Item(*row) for row in first.union(*others, all=True)]


def _rows(
    rows: QuerySet[Any], what: str, visit: str, at: str, author: str, told: str, only: int | None
) -> QuerySet[Any]:
    """Three kinds of rows brought into one shape, so that one query reads them all."""
    if only is not None:
        rows = rows.filter(**{f"{visit}__request": only})
    has_guests = what != "file"
    shaped: QuerySet[Any] = rows.annotate(
        visit_of=F(visit),
        what=Value(what, output_field=CharField()),
        at=F(at),
        by=F(f"{author}_id"),
        guest=F("participant_id") if has_guests else Cast(Value(None), IntegerField()),
        who=F("author_name") if has_guests else Value("", output_field=CharField()),
        told=Cast(F(told), CharField()),
    )
    return shaped
