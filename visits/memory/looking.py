"""Organisations as they are looked for: by any name they have had, and by what makes two look alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Max, Q, QuerySet

from visits.choices import RequestState
from visits.likeness import domain_of
from visits.memory.likeness import Likeness, likeness, telling_words
from visits.models import Organisation, Visitor, VisitRequest

A_PAGE: Final = 50
MOST_SUGGESTED: Final = 5
MOST_COMPARED: Final = 200


@dataclass(frozen=True)
class Found:
    """One organisation of a list: how many visits it has made, when the last was, and names it has had."""

    organisation: Organisation
    visits: int
    asks: int
    last_year: int | None
    other_names: list[str]


def found(typed: str, *, page: int) -> tuple[list[Found], bool]:
    """A page of the organisations that every typed word fits, and whether there are more; three queries."""
    living = Organisation.objects.filter(merged_into=None)
    for word in typed.split():
        living = living.filter(Q(pk__in=_named(word).values("pk")) | Q(pk__in=_named(word).values("merged_into")))
    start = (page - 1) * A_PAGE
    shown = list(living.order_by("name", "pk")[start : start + A_PAGE + 1])
    return _told(shown[:A_PAGE]), len(shown) > A_PAGE


def _named(word: str) -> QuerySet[Organisation]:
    # SQLite folds the case of a–z alone, so å, ä and ö are looked for as they may be written.
    ways = {word, word.lower(), word.upper(), word.capitalize()} if not word.isascii() else {word}
    either = Q(pk__in=[])
    for way in ways:
        either |= Q(name__icontains=way) | Q(town__icontains=way)
    return Organisation.objects.filter(either)


def _told(shown: list[Organisation]) -> list[Found]:
    asked = VisitRequest.objects.sent().filter(organisation__in=shown).order_by().values_list("organisation")
    been = Q(state=RequestState.COMPLETED)
    counts = {
        pk: (asks, visits, last)
        for pk, asks, visits, last in asked.annotate(
            asks=Count("pk"), visits=Count("pk", filter=been), last=Max("visit__last_day", filter=been)
        )
    }
    names: dict[int | None, list[str]] = {}
    for kept, name in Organisation.objects.filter(merged_into__in=shown).values_list("merged_into", "name"):
        names.setdefault(kept, []).append(name)
    rows = []
    for one in shown:
        asks, visits, last = counts.get(one.pk, (0, 0, None))
        rows.append(Found(one, visits, asks, last.year if last else None, names.get(one.pk, [])))
    return rows


def suggestions(organisation: Organisation) -> list[tuple[Organisation, Likeness]]:
    """Living organisations that may be the same one, the likeliest first; three queries, and never a deed."""
    own = Visitor.objects.filter(organisation=organisation).values_list("email_key", flat=True)
    domains = {domain for email in own if (domain := domain_of(email))}
    writers: dict[int | None, set[str]] = {}
    if domains:
        same = Q(pk__in=[])
        for domain in sorted(domains)[:5]:
            same |= Q(email_key__endswith=f"@{domain}")
        for pk, email in Visitor.objects.filter(same).values_list("organisation", "email_key"):
            writers.setdefault(pk, set()).add(domain_of(email))
    alike = Q(pk__in=[pk for pk in writers if pk])
    for piece in {piece for word in telling_words(organisation.name) for piece in _pieces(word)}:
        alike |= Q(name__icontains=piece, country=organisation.country)
    others = Organisation.objects.filter(alike, merged_into=None).exclude(pk=organisation.pk)[:MOST_COMPARED]
    compared = ((one, _like(organisation, one, writers.get(one.pk, set()))) for one in others)
    likely = [(one, like) for one, like in compared if like]
    return sorted(likely, key=lambda pair: -pair[1].share)[:MOST_SUGGESTED]


def _pieces(word: str) -> set[str]:
    """The beginning, the middle and the end of a word: whoever misspells it has one of them right."""
    middle = len(word) // 2
    return {word[:4], word[middle - 2 : middle + 2], word[-4:]}


def _like(one: Organisation, other: Organisation, domains: set[str]) -> Likeness | None:
    return likeness(
        one.name, other.name,
        towns=(one.town, other.town), domains=domains, same_country=one.country == other.country,
    )  # fmt: skip
