"""A request that lies open on the desk: what its head and the tab below it are both told from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.db.models import (
    BigIntegerField,
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.http import Http404
from django.shortcuts import get_object_or_404

from visits import agreement, changing, rules, viewings
from visits.agreement import Stage
from visits.choices import FlagKind
from visits.models import Agreement, Comment, Flag, Participant, Question, Session, Viewing, Visit, VisitRequest

ALONG: Final = ("coordinator", "visit", "organisation", "waived_by", "absorbed_into", "entry__by")
MOST_COMPARED: Final = 3  # requests that one is probably the same as


@dataclass(frozen=True)
class Opened:
    """One request for as long as one page of it is written: what several parts of the page need is read once."""

    case: VisitRequest
    refusal: str = ""  # why what was pressed on it was not done

    @classmethod
    def with_doubles(cls, pk: int) -> Opened:
        """A request, what there is to notice about it, and those that it may be the same as: read together."""
        if pk > BigIntegerField.MAX_BIGINT:
            raise Http404
        flags = flags_of(pk)
        found = {row.pk: row for row in cases().filter(pk__in=[pk, *doubles_in(flags)])}
        if pk not in found:
            raise Http404
        opened = cls(found.pop(pk))
        vars(opened).update(flags=flags, doubles=found)  # known already: `cached_property` asks no more
        return opened

    @property
    def visit(self) -> Visit | None:
        return getattr(self.case, "visit", None)

    @cached_property
    def agreement(self) -> Agreement | None:
        """The version that stands, read when a part of the page first asks for it."""
        return agreement.current(self.case)

    @cached_property
    def recent_looks(self) -> list[Viewing]:
        """What the desk has looked at of late, as it was before this page."""
        return viewings.recent()

    @cached_property
    def flags(self) -> list[Flag]:
        """What there is to notice about it, and what somebody has said «not so» to."""
        return flags_of(self.case.pk)

    @cached_property
    def doubles(self) -> dict[int, VisitRequest]:
        """The requests that it is probably the same as, by their numbers."""
        about = doubles_in(self.flags)
        return {row.pk: row for row in cases().filter(pk__in=about)} if about else {}

    @property
    def stage(self) -> Stage:
        """Who has still to agree; before a yes and after the end nobody is asked to."""
        return agreement.stage_of(self.agreement if self.case.request_state in rules.STANDING else None)


def the_case(pk: int) -> VisitRequest:
    """A request that has reached us, with whom and what belongs to it."""
    return get_object_or_404(cases(), pk=pk)


def cases() -> QuerySet[VisitRequest]:
    """Requests that have reached us as a page of one reads them, with how much of what they have."""
    agenda = Session.objects.filter(visit__request=OuterRef("pk"))
    absorbed = VisitRequest.objects.filter(absorbed_into=OuterRef("pk"))
    named = Participant.objects.filter(visit__request=OuterRef("pk")).exclude(name="")
    counted: dict[str, Any] = {
        "has_questions": Exists(Question.objects.filter(is_asked=True)),
        "has_absorbed": Exists(absorbed),
        "has_agenda": Exists(agenda),
        "has_begun": ExpressionWrapper(changing.begun(), output_field=BooleanField()),
        "message_count": _count(Comment.objects.filter(request=OuterRef("pk")), F("request")),
        "name_count": _count(named, F("visit__request")),
    }
    rows: QuerySet[VisitRequest] = VisitRequest.objects.sent().select_related(*ALONG).annotate(**counted)
    return rows.prefetch_related("wishes", "areas", "offerings")


def _count(rows: QuerySet[Any], of: F) -> Coalesce:
    rows = rows.order_by().values(of=of)
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n")), Value(0))


def flags_of(pk: int) -> list[Flag]:
    return list(Flag.objects.filter(request=pk).select_related("dismissed_by").order_by("pk"))


def doubles_in(flags: Iterable[Flag]) -> Sequence[int]:
    """The numbers of the requests that these say one is probably the same as; those that are compared."""
    said = [flag for flag in flags if flag.kind == FlagKind.DUPLICATE and flag.dismissed_at is None]
    return [int(flag.about) for flag in said][:MOST_COMPARED]
