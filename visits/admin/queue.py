"""The triage queue: which requests a page shows, and what each row says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final, NamedTuple

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django_countries import countries

from programmes.models import Area
from visits import planning, rules, words
from visits.choices import RequestState, Turn
from visits.forms.desk import search_words
from visits.models import User, VisitRequest
from visits.models.request import TURN_STATES
from visits.planning import Checks
from visits.planning.checks import spare_words

S = RequestState
A_PAGE: Final = 50
MOST_PAGES: Final = 1000
FIRST_WITH_NUMBER: Final = 2
# Letters that stand on a line or two of the column «Wants to learn, and brings».
A_LINE: Final = 30
A_LINE_SMALL: Final = 52
NO_BREAK: Final = "\N{NO-BREAK SPACE}"

TABS: Final[dict[str, Promise]] = {
    "ours": gettext_lazy("Our turn"),
    "visitor": gettext_lazy("Visitor’s turn"),
    "confirmed": gettext_lazy("Confirmed"),
    "done": gettext_lazy("Done"),
    "all": gettext_lazy("All"),
}
STATES: Final[dict[str, Sequence[str]]] = {
    "ours": TURN_STATES[Turn.OURS],
    "visitor": (S.INFO_REQUESTED, S.PROPOSED),
    "confirmed": (S.CONFIRMED,),
    "done": (S.COMPLETED, *rules.ENDED),
}
GROUPED: Final = ("ours", "visitor")
GROUPS: Final[dict[str, Promise]] = {
    S.SUBMITTED: gettext_lazy("New, nobody has answered"),
    S.IN_REVIEW: gettext_lazy("Talking, it is for us to move"),
    S.AGREED: gettext_lazy("They said yes: confirm people and rooms"),
    S.WAITLISTED: gettext_lazy("On the waiting list"),
    S.PROPOSED: gettext_lazy("They are reading our proposal"),
    S.INFO_REQUESTED: gettext_lazy("They have a question from us"),
}


@dataclass(frozen=True)
class Wanted:
    """Which part of the queue somebody looks at. What makes no sense is left out, not refused."""

    tab: str = "ours"
    words: str = ""
    area: int | None = None
    country: str = ""
    mine: bool = False
    page: int = 1
    picked: int | None = None

    @classmethod
    def from_query(cls, query: QueryDict) -> Wanted:
        typed = search_words(query.get("q", ""))
        tab = query.get("turn", "all" if typed else "ours")
        country = query.get("country", "").upper()
        return cls(
            tab=tab if tab in TABS else "ours",
            words=typed,
            area=_number(query.get("area")),
            country=country if country in countries.countries else "",
            mine=query.get("who") == "mine",
            page=min(_number(query.get("page")) or 1, MOST_PAGES),
            picked=_number(query.get("pick")),
        )

    def query(self, **changes: Any) -> str:
        """The address of another look: this one, with something changed."""
        values = {
            "turn": self.tab, "q": self.words, "area": self.area, "country": self.country,
            "who": "mine" if self.mine else "", "page": self.page if self.page > 1 else None,
        } | changes  # fmt: skip
        query = QueryDict(mutable=True)
        query.update({name: str(value) for name, value in values.items() if value})
        return f"?{query.urlencode()}"

    @property
    def is_filtered(self) -> bool:
        return bool(self.words or self.area or self.country or self.mine)


@dataclass
class Row:
    """One request as the queue shows it."""

    case: VisitRequest
    wants: str
    chosen: str
    checks: Checks
    pick: str
    group: str = ""

    @property
    def brings(self) -> str:
        return shortened(self.case.brings, A_LINE_SMALL)

    @property
    def may_decline(self) -> bool:
        return rules.may_move(self.case.request_state, S.DECLINED)

    @property
    def days(self) -> str:
        return short_range(self.checks.first_day, self.checks.last_day)

    @property
    def when(self) -> str:
        """«Week 11, 35 days to spare»."""
        if self.checks.first_day is None or self.case.submitted_on is None:
            return ""
        spare = rules.days_to_spare(self.checks.first_day, asked_on=self.case.submitted_on)
        return _("Week %(week)d, %(spare)s") % {"week": words.week(self.checks.first_day), "spare": spare_words(spare)}

    @property
    def is_late(self) -> bool:
        return self.case.is_overdue(timezone.now())

    @property
    def waiting(self) -> str:
        return waited(self.days_waited)

    @property
    def days_waited(self) -> int:
        return (timezone.localdate() - words.local_date(self.case.state_since)).days


@dataclass
class Page:
    """One page of the queue, and whether there is more."""

    rows: list[Row]
    has_more: bool
    previous: str
    next: str
    areas: list[tuple[int, str]]

    def picked(self, pk: int | None) -> Row | None:
        return next((row for row in self.rows if row.case.pk == pk), self.rows[0] if self.rows else None)

    @property
    def longest(self) -> str:
        """How long the one on top has waited."""
        if not self.rows or self.rows[0].case.turn != Turn.OURS:
            return ""
        return self.rows[0].waiting if self.rows[0].days_waited else ""


def look(wanted: Wanted, user: User) -> Page:
    """The page that is wanted, in five queries and those of the four checks."""
    found = _rows(wanted, user)
    shown = found[:A_PAGE]
    subjects = Subjects.of([case.pk for case in shown])
    checks = planning.check_all(shown, areas=subjects.areas)
    here = wanted.query()
    rows = [Row(case, subjects.words(case), subjects.all_of(case), checks[case.pk], f"{here}&pick={case.pk}")
            for case in shown]  # fmt: skip
    _head_groups(rows, wanted)
    return Page(
        rows,
        has_more=len(found) > A_PAGE,
        previous=wanted.query(page=wanted.page - 1 if wanted.page > FIRST_WITH_NUMBER else None),
        next=wanted.query(page=wanted.page + 1),
        areas=subjects.choices,
    )


def coming_back(limit: int = 5) -> list[VisitRequest]:
    """What the visitors have now and will be ours again, the soonest first: told when nothing waits."""
    theirs = VisitRequest.objects.sent().filter(state__in=STATES["visitor"])
    return list(theirs.order_by("due_at", "pk")[:limit])


def _rows(wanted: Wanted, user: User) -> list[VisitRequest]:
    # The keys of the page come from an index alone; only its rows are read whole.
    cases = _filtered(wanted, user)
    start = (wanted.page - 1) * A_PAGE
    end = start + A_PAGE + 1
    if wanted.tab in GROUPED:
        rows = _in_order(VisitRequest.objects.filter(pk__in=_first_of_each_group(cases, wanted.tab, end)), wanted.tab)
        rows = rows[start:end]
    else:
        keys = _in_order(cases, wanted.tab).values("pk")[start:end]
        rows = _in_order(VisitRequest.objects.filter(pk__in=keys), wanted.tab)
    return list(rows.select_related("coordinator", "visit").prefetch_related("wishes"))


def _first_of_each_group(cases: QuerySet[VisitRequest], tab: str, end: int) -> QuerySet[Any]:
    # Each state is read in the order of its index and no further than the page needs, so
    # that twenty thousand waiting requests are not sorted to show fifty.
    slices = [
        VisitRequest.objects.filter(pk__in=cases.filter(state=state).order_by("due_at", "pk").values("pk")[:end])
        for state in STATES[tab]
    ]
    first, *others = [rows.order_by().values("pk") for rows in slices]
    return first.union(*others, all=True)


def _filtered(wanted: Wanted, user: User) -> QuerySet[VisitRequest]:
    cases = VisitRequest.objects.sent()
    if wanted.tab in STATES:
        cases = cases.filter(state__in=STATES[wanted.tab])
    if wanted.mine:
        cases = cases.filter(coordinator=user)
    if wanted.country:
        cases = cases.filter(country=wanted.country)
    if wanted.area:
        cases = cases.filter(Q(pk__in=_asking_for(wanted.area)))
    for word in wanted.words.split():
        cases = cases.filter(
            Q(organisation_name__icontains=word)
            | Q(contact_name__icontains=word)
            | Q(contact_email__icontains=word)
            | Q(reference__icontains=word)
        )
    return cases


def _chosen(field: str) -> QuerySet[Any]:
    """The rows between requests and what they chose in the catalogue."""
    chosen: Any = VisitRequest._meta.get_field(field)
    return QuerySet(chosen.remote_field.through)


def _asking_for(area: int) -> QuerySet[Any]:
    by_area = _chosen("areas").filter(area_id=area)
    return by_area.values("visitrequest_id")


def _in_order(cases: QuerySet[VisitRequest], tab: str) -> QuerySet[VisitRequest]:
    if tab in ("done", "all"):
        return cases.order_by("-pk")
    if tab == "confirmed":
        return cases.order_by("visit__first_day", "pk")
    ranks = [When(state=state, then=Value(rank)) for rank, state in enumerate(GROUPS)]
    rank = Case(*ranks, default=Value(len(ranks)), output_field=IntegerField())
    return cases.order_by(rank, F("due_at").asc(nulls_last=True), "pk")


def _head_groups(rows: list[Row], wanted: Wanted) -> None:
    if wanted.tab not in GROUPED:
        return
    before = None
    for row in rows:
        if row.case.state != before:
            row.group = str(GROUPS.get(row.case.state, row.case.request_state.label))
        before = row.case.state


@dataclass
class Subjects:
    """What each request of a page is about, and the areas there are: one query."""

    areas: dict[int, set[int]]
    names: Mapping[int, list[str]]
    choices: list[tuple[int, str]]

    @classmethod
    def of(cls, cases: Sequence[int]) -> Subjects:
        name = "name_sv" if get_language() == "sv" else "name_en"
        offered = _chosen("offerings").filter(visitrequest_id__in=cases)
        by_area = _chosen("areas").filter(visitrequest_id__in=cases)
        # A plain query: the catalogue's own managers rewrite columns by language.
        every: QuerySet[Area] = QuerySet(Area).filter(is_published=True).order_by()
        found = offered.values_list("visitrequest_id", "offering__area_id", f"offering__{name}", Value(0)).union(
            by_area.values_list("visitrequest_id", "area_id", f"area__{name}", Value(1)),
            every.values_list(Value(0), "pk", name, "order"),
            all=True,
        )
        subjects = cls(defaultdict(set), defaultdict(list), [])
        by_rank: list[tuple[int, int, str]] = []
        # Offerings come before areas, and each request says them in the same order every time.
        for case, area, told, rank in sorted(found, key=lambda row: (row[3], row[1], row[2] or "")):
            if case:
                subjects.areas[case].add(area)
                subjects.names[case].append(told or "")
            else:
                by_rank.append((rank, area, told or ""))
        subjects.choices = [(area, told) for _rank, area, told in sorted(by_rank)]
        return subjects

    def words(self, case: VisitRequest) -> str:
        """«Esther, process mapping», or «Esther +2»; without a choice the beginning of what they wrote."""
        first, *others = self.names.get(case.pk) or [shortened(case.aim, A_LINE * 2) or _("Something else")]
        while others and len(f"{first}, {others[0]}") <= A_LINE:
            first = f"{first}, {others.pop(0)}"
        return f"{first}{NO_BREAK}+{len(others)}" if others else first

    def all_of(self, case: VisitRequest) -> str:
        """Everything that was chosen, for who reads one request."""
        return ", ".join(self.names.get(case.pk, []))


def shortened(text: str, length: int) -> str:
    """The beginning of a text, cut between words where it can be."""
    told = " ".join(text.split())
    if len(told) <= length:
        return told
    return f"{told[:length].rsplit(' ', 1)[0].rstrip(',.;:')}{NO_BREAK}…"


def waited(days: int) -> str:
    """«3 days», «Today»."""
    if days <= 0:
        return _("Today")
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}


def short_range(first: date | None, last: date | None) -> str:
    """«16–17 Mar», and with the year when it is not this one or the next."""
    if first is None or last is None:
        return ""
    if first == last:
        return words.short_day(first)
    if first.month == last.month:
        return f"{first.day}–{words.short_day(last)}"
    return f"{words.short_day(first)} – {words.short_day(last)}"


def _number(typed: str | None) -> int | None:
    if typed and typed.isascii() and typed.isdigit() and len(typed) <= 9:
        return int(typed)
    return None


class Tab(NamedTuple):
    """One view of the queue, by whose turn it is."""

    name: str
    title: str
    query: str


def tabs(wanted: Wanted) -> list[Tab]:
    """The views, each keeping what is filtered."""
    return [Tab(name, str(title), wanted.query(turn=name, page=None)) for name, title in TABS.items()]


def country_choices() -> list[tuple[str, str]]:
    return _country_choices(get_language() or "en")


@cache
def _country_choices(_language: str) -> list[tuple[str, str]]:
    return [(country.code, country.name) for country in countries]
