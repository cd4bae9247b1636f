"""One page of the queue: its rows with what each says, and where the list goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final

from django.db.models import Q
from django.utils import timezone
from django.utils.safestring import SafeString

from visits import noticing, planning, viewings, words
from visits.admin.queue import order
from visits.admin.queue.filters import country_choices, filtered
from visits.admin.queue.line import drawn
from visits.admin.queue.names import A_COLLEAGUE, A_COUNTRY, A_VIEW, AN_AREA, Choice, Names
from visits.admin.queue.rows import Row, reading
from visits.admin.queue.wanted import Wanted
from visits.choices import RequestState, Turn
from visits.models import User, VisitRequest
from visits.models.kept import Kept

S = RequestState
A_PAGE: Final = 50
# What the rows and the preview tell of a request, and what they are sorted and checked by: to read the rest takes
# as long again, and a page that forgot one here would ask for it.
SHOWN: Final = (
    "reference", "state", "version", "state_since", "due_at", "aside_until", "absorbed_into", "organisation_name",
    "country", "contact_name", "contact_role", "contact_email", "group_size", "aim", "brings", "length",
    "meeting_language", "first_wished_day", "submitted_on", "waiver_reason",
    "coordinator__first_name", "coordinator__last_name", "coordinator__email",
    "visit__first_day", "visit__last_day", "entry__taken_over_at",
)  # fmt: skip
MOST_QUESTIONS: Final = 64  # kept, of colleagues who look at the same lists again and again


@dataclass
class Page:
    """One page of the queue, and where it goes on."""

    rows: list[Row]
    tab: str
    older: str = ""  # the address of what comes after, or nothing
    newer: str = ""
    is_near: bool = False  # nothing is written as it was typed, and these are close
    areas: list[Choice] = field(default_factory=list)
    colleagues: list[Choice] = field(default_factory=list)
    views: list[Choice] = field(default_factory=list)
    countries: list[tuple[str, str]] = field(default_factory=list)

    def picked(self, pk: int | None) -> Row | None:
        return next((row for row in self.rows if row.case.pk == pk), self.rows[0] if self.rows else None)

    def lines(self, picked: Row | None, *, boxes: bool) -> list[tuple[str, SafeString]]:
        """The rows of the table, each after the heading that begins with it, or none; with boxes to tick."""
        tells_state = self.tab in ("all", "done")
        return [
            (row.group, drawn(row.line(is_picked=row is picked, tells_state=tells_state, has_box=boxes)))
            for row in self.rows
        ]

    @property
    def longest(self) -> str:
        """How long the one on top has waited."""
        if not self.rows or self.tab != "ours":
            return ""
        return self.rows[0].waiting if self.rows[0].days_waited else ""


@dataclass(frozen=True)
class Found:
    """The requests of a page, and what is known of those around it."""

    cases: list[Any]  # with what was read beside each: its first wish, its reader, its place
    parts: Sequence[order.Part]
    has_older: bool = False
    has_newer: bool = False
    is_near: bool = False


def look(wanted: Wanted, user: User) -> Page:
    """The page that is wanted, in two queries and those of the four checks.

    A key that leads nowhere shows the first page. Words that are found nowhere are tried once more
    with a letter forgiven.
    """
    found = _find(wanted, user)
    names = Names.of([case.pk for case in found.cases], user)
    wished = {case.pk: case.first_wish for case in found.cases}
    # What has been, or has ended, nobody asks any more whether we can.
    asked = [case for case in found.cases if case.request_state not in order.DONE]
    checks = planning.check_all(asked, areas=names.areas, wished=wished)
    now, pick = timezone.now(), wanted.pick
    rows = [
        Row(case, names.words(case), names.all_of(case), checks.get(case.pk) or planning.unasked(case, wished),
            f"{pick}{case.pk}", now, notices=reading(case.reader))
        for case in found.cases
    ]  # fmt: skip
    _head_groups(rows, found, wanted)
    return Page(
        rows, wanted.tab, *_ways_on(found, wanted), found.is_near,
        names.choices[AN_AREA], names.choices[A_COLLEAGUE], names.choices[A_VIEW],
        country_choices({code for _key, code in names.choices[A_COUNTRY]} | {wanted.country}),
    )  # fmt: skip


def coming_back(limit: int = 5) -> list[VisitRequest]:
    """What the visitors have now and will be ours again, the soonest first: told when nothing waits."""
    asked = VisitRequest.objects.sent().filter(state__in=(S.INFO_REQUESTED, S.PROPOSED))
    waits = VisitRequest.objects.sent().agreement_waits_for(Turn.VISITOR)
    theirs = VisitRequest.objects.filter(Q(pk__in=asked.values("pk")) | Q(pk__in=waits.values("pk")))
    return list(theirs.order_by("due_at", "pk")[:limit])


def _find(wanted: Wanted, user: User) -> Found:
    if wanted.is_nothing_to_look_for:
        return Found([], [])
    found = _at_key_or_first(wanted, user, nearly=False)
    if not found.cases and wanted.sought:
        return _at_key_or_first(wanted, user, nearly=True)
    return found


def _at_key_or_first(wanted: Wanted, user: User, *, nearly: bool) -> Found:
    found = _read(wanted, user, nearly=nearly)
    if not found.cases and (wanted.after or wanted.before):
        return _read(wanted.at_first(), user, nearly=nearly)
    return found


def _read(wanted: Wanted, user: User, *, nearly: bool) -> Found:
    now = timezone.now()
    minute = now.replace(second=0, microsecond=0)
    asked = replace(wanted, picked=None)
    read_after = minute - viewings.reading_time()
    parts, rows = _question(asked, user.pk, words.local_date(now), read_after, A_PAGE + 1, nearly=nearly)
    cases = rows.ask()
    is_full = len(cases) > A_PAGE
    if wanted.after is None and wanted.before is not None:
        # Less than a page is the beginning of the list: it is shown from there.
        return Found(cases[A_PAGE - 1 :: -1], parts, True, True, nearly) if is_full else Found([], parts)
    return Found(cases[:A_PAGE], parts, is_full, wanted.after is not None, nearly)


@lru_cache(MOST_QUESTIONS)
def _question(
    wanted: Wanted, me: int, today: date, read_after: datetime, most: int, *, nearly: bool
) -> tuple[list[order.Part], Kept[VisitRequest]]:
    """The parts of a look and the rows of its page, not yet read.

    To put such a question together takes longer than to answer it, so who looks again asks what stands here.
    """
    parts = order.parts_of(wanted.tab, lambda cases: filtered(cases, wanted, me, most=most, nearly=nearly), today)
    cases: Any = order.read(parts, wanted.after, wanted.before, most, today)
    told = cases.with_first_wish().annotate(open_flags=noticing.OPEN_FLAGS)
    told = viewings.with_reader(told, but=me, after=read_after)
    return parts, Kept(told.select_related("coordinator", "visit", "entry").only(*SHOWN)[:most])


def _part_of(case: VisitRequest, parts: Sequence[order.Part]) -> order.Part:
    return parts[getattr(case, "place", 0)]


def _ways_on(found: Found, wanted: Wanted) -> tuple[str, str]:
    if not found.cases:
        return "", ""
    first, last = found.cases[0], found.cases[-1]
    older = wanted.first(after=_part_of(last, found.parts).key_of(last)) if found.has_older else ""
    newer = wanted.first(before=_part_of(first, found.parts).key_of(first)) if found.has_newer else ""
    return older, newer


def _head_groups(rows: list[Row], found: Found, wanted: Wanted) -> None:
    before = None
    for row in rows:
        group = _part_of(row.case, found.parts).group
        if group and group != before:
            row.group = order.heading(group, wanted.tab)
        before = group
