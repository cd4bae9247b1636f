"""Reads what the rules need, for one request or for many: the same number of queries for all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import F, Max, Q, QuerySet, Value

from visits import rules, words
from visits.choices import Length, RequestState
from visits.models import Noticed, Room, VisitRequest
from visits.noticing.asked import Around, Asked
from visits.noticing.people import asked_for
from visits.noticing.years import behind_us

S = RequestState
WATCHED: Final = (S.SUBMITTED, S.IN_REVIEW, S.INFO_REQUESTED, S.WAITLISTED, S.PROPOSED)
LIVING: Final = (*WATCHED, *rules.STANDING)
NEAR: Final = timedelta(days=3)  # wished days that lie so close make a double of the same country likely enough to look
MOST_OTHERS: Final = 200
FELLOWSHIP: Final = ("fellowship", "fellowship-at-qulturum")


def read(cases: Sequence[VisitRequest]) -> dict[int, tuple[Asked, Around]]:
    """Each request as the rules read it, with what stands around it, by its primary key."""
    others = _others(cases)
    chosen = _Chosen([*cases, *others])
    asked = {case.pk: chosen.added_to(as_asked(case)) for case in cases}
    near = [asked.get(other.pk) or chosen.added_to(as_asked(other)) for other in others]
    named, before = asked_for(asked.values()), behind_us(asked.values())
    most = Room.objects.aggregate(most=Max("capacity"))["most"] or 0
    return {
        pk: (one, Around(most, named.get(pk, ()), before.get(one.organisation or 0), near)) for pk, one in asked.items()
    }


def as_asked(case: VisitRequest) -> Asked:
    """What the row of a request says; its wishes are read where they did not come with it."""
    return Asked(
        pk=case.pk, is_watched=case.state in WATCHED,
        organisation_name=case.organisation_name, organisation=case.organisation_id,
        organisation_kind=case.organisation_kind, country=str(case.country.code or ""), contact_name=case.contact_name,
        contact_role=case.contact_role, contact_email=case.contact_email, contact_phone=case.contact_phone,
        reference=case.reference or "", sent=words.local_date(case.submitted_at) if case.submitted_at else None,
        group_size=case.group_size or 0, first_day=case.first_choice, days=_days(case), aim=case.aim,
        questions=tuple(case.big_questions), brings=case.brings, gifts=tuple(case.gifts), other_needs=case.other_needs,
        waived_by=str(case.waived_by or ""), waiver=case.waiver_reason,
    )  # fmt: skip


def _days(case: VisitRequest) -> tuple[date, ...]:
    first = case.first_choice
    if first is None:
        return ()
    last = rules.last_day(first, Length(case.length or Length.ONE))
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return tuple(day for day in days if rules.is_working_day(day))


def _others(cases: Sequence[VisitRequest]) -> list[VisitRequest]:
    """Open requests that may be the same visit as one of these, each found by an index; two queries."""
    asked = [as_asked(case) for case in cases]
    domains = {one.domain for one in asked if one.domain}
    near = Q(pk__in=[])
    for one in asked:
        if one.first_day:
            near |= Q(country=one.country, first_wished_day__range=(one.first_day - NEAR, one.first_day + NEAR))
    living = VisitRequest.objects.filter(state__in=LIVING)
    found = Noticed.objects.filter(domain__in=domains).values("request").union(
        Noticed.objects.filter(name_key__in={one.name_key for one in asked}).values("request"),
        living.filter(organisation__in={one.organisation for one in asked if one.organisation}).values("pk"),
        living.filter(visitor__in={case.visitor_id for case in cases if case.visitor_id}).values("pk"),
        living.filter(near).values("pk"),
        all=True,
    )  # fmt: skip
    rows = VisitRequest.objects.sent().filter(pk__in=found, state__in=LIVING).order_by("-pk")
    return list(rows.prefetch_related("wishes")[:MOST_OTHERS])


class _Chosen:
    """What requests have chosen in the catalogue; one query."""

    def __init__(self, cases: Iterable[VisitRequest]) -> None:
        keys = {case.pk for case in cases}
        rows = (
            _through("areas", keys).values_list("visitrequest_id", Value("area"), "area__slug", Value(""))
            .union(
                _through("offerings", keys).values_list(
                    "visitrequest_id", Value("area"), "offering__area__slug", Value("")
                ),
                _through("programmes", keys).values_list(
                    "visitrequest_id", Value("programme"), "programme__slug", "programme__name_en"
                ),
                _through("offerings", keys).filter(offering__slug__in=FELLOWSHIP).values_list(
                    "visitrequest_id", Value("programme"), "offering__slug", "offering__name_en"
                ),
                all=True,
            )
        )  # fmt: skip
        self.areas: dict[int, set[str]] = defaultdict(set)
        self.programmes: dict[int, set[str]] = defaultdict(set)
        for case, kind, slug, name in rows:
            (self.areas if kind == "area" else self.programmes)[case].add(slug if kind == "area" else name)

    def added_to(self, asked: Asked) -> Asked:
        areas, programmes = self.areas.get(asked.pk, set()), self.programmes.get(asked.pk, set())
        return replace(asked, areas=frozenset(areas), programmes=tuple(sorted(programmes)))


def _through(field: str, cases: Collection[int]) -> QuerySet[Any]:
    chosen: Any = VisitRequest._meta.get_field(field)
    rows: QuerySet[Any] = QuerySet(chosen.remote_field.through)
    return rows.filter(visitrequest_id__in=cases)


def not_looked_at(limit: int) -> list[int]:
    """Requests that have come or changed since they were looked at, ended ones too; two queries."""
    changed = Noticed.objects.exclude(version=F("request__version")).order_by("at").values_list("pk", flat=True)
    known = list(changed[:limit])
    fresh = VisitRequest.objects.sent().filter(state__in=WATCHED, noticed=None).order_by("pk")
    return [*known, *fresh.values_list("pk", flat=True)[: max(limit - len(known), 0)]]


def looked_at_before(at: datetime, limit: int) -> list[int]:
    """Requests at which nobody has looked since a moment, the longest ago first."""
    return list(Noticed.objects.filter(at__lt=at).order_by("at").values_list("pk", flat=True)[:limit])
