"""Which requests belong to what is wanted: one small function for each filter."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django_countries import countries

from visits import folding, words
from visits.admin.noticed import to_notice
from visits.admin.queue.wanted import MINE, NOBODY, Wanted
from visits.models import SearchText, Visit, VisitRequest, WishedPeriod
from visits.models.search import NEWEST, Reach

Cases = QuerySet[VisitRequest]
Filter = Callable[[Cases, Wanted, int], Cases]


def filtered(cases: Cases, wanted: Wanted, me: int, *, most: int, nearly: bool = False) -> Cases:
    """The cases that pass every filter, for the colleague whose number is `me`, to be read no further than `most`.

    `nearly` forgives a misspelling in the words.
    """
    for narrow in FILTERS:
        cases = narrow(cases, wanted, me)
    if not wanted.sought:
        return cases
    texts = SearchText.objects.near if nearly else SearchText.objects.holding
    return cases.filter(pk__in=texts(wanted.sought, _reach(wanted, most)).values("pk"))


def _reach(wanted: Wanted, most: int) -> Reach:
    """How far the words are looked for: where nothing else narrows the look, what is read of it is enough."""
    if not wanted.is_only_words:
        return NEWEST
    key = wanted.after or wanted.before
    # As the list itself goes on: a key of another list begins it anew.
    beyond = key.pk if key and not key.group and not isinstance(key.at, datetime) else None
    return Reach(most, beyond, backwards=wanted.after is None and wanted.before is not None)


def _whose(cases: Cases, wanted: Wanted, me: int) -> Cases:
    if wanted.who == MINE:
        return cases.filter(coordinator=me)
    if wanted.who == NOBODY:
        return cases.filter(coordinator=None)
    return cases.filter(coordinator=wanted.colleague) if wanted.colleague else cases


def _from(cases: Cases, wanted: Wanted, _me: int) -> Cases:
    return cases.filter(country=wanted.country) if wanted.country else cases


def _about(cases: Cases, wanted: Wanted, _me: int) -> Cases:
    if wanted.area is None:
        return cases
    # Asked of each request in its turn: an area is wanted by many, and a page is soon full.
    return cases.filter(Exists(chosen("areas").filter(visitrequest_id=OuterRef("pk"), area_id=wanted.area)))


def _in_week(cases: Cases, wanted: Wanted, _me: int) -> Cases:
    """Whose agreed days touch the week; before there are any, who wishes for a first day in it."""
    if wanted.week is None:
        return cases
    sunday = wanted.week + timedelta(days=6)
    agreed = Visit.objects.filter(first_day__lte=sunday, last_day__gte=wanted.week)
    wished = WishedPeriod.objects.filter(first_day__range=(wanted.week, sunday), request__visit=None)
    return cases.filter(Q(pk__in=agreed.values("request_id")) | Q(pk__in=wished.values("request_id")))


def _noticed(cases: Cases, wanted: Wanted, _me: int) -> Cases:
    return to_notice(cases, wanted.flag) if wanted.notice or wanted.flag else cases


FILTERS: Final[tuple[Filter, ...]] = (_whose, _from, _about, _in_week, _noticed)


def chosen(field: str) -> QuerySet[Any]:
    """The rows between requests and what they chose in the catalogue."""
    found: Any = VisitRequest._meta.get_field(field)
    return QuerySet(found.remote_field.through)


def country_choices(codes: Collection[str]) -> list[tuple[str, str]]:
    """The countries of these codes by their names, in the order of the alphabet."""
    return _named(frozenset(codes))


@words.remembered
def _named(codes: frozenset[str]) -> list[tuple[str, str]]:
    known = [(code, str(countries.name(code))) for code in codes if code in countries.countries]
    return sorted(known, key=lambda choice: folding.folded(choice[1]))
