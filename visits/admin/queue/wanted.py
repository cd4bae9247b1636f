"""What somebody wants to see of the queue, as the address says it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, Self

from django.contrib.sessions.backends.base import SessionBase
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django_countries import countries

from visits import folding
from visits.admin.noticed import known_kind
from visits.forms.desk import search_words

TABS: Final[dict[str, Promise]] = {
    "ours": gettext_lazy("Our turn"),
    "visitor": gettext_lazy("Visitor’s turn"),
    "confirmed": gettext_lazy("Confirmed"),
    "done": gettext_lazy("Done"),
    "all": gettext_lazy("All"),
}
MINE: Final = "mine"
NOBODY: Final = "nobody"
MOST_DIGITS: Final = 9
A_WEEK: Final = re.compile(r"([0-9]{4})-W([0-9]{1,2})", re.ASCII)
A_KEY: Final = re.compile(r"([a-z_]{0,20})~([0-9T:.-]{0,26})~([0-9]{1,18})", re.ASCII)


@dataclass(frozen=True)
class Key:
    """Where a page of the queue ends: the group of its last row, what it is sorted by, and its number."""

    group: str
    at: datetime | date | None
    pk: int

    def __str__(self) -> str:
        moment = self.at.astimezone(UTC) if isinstance(self.at, datetime) else self.at
        told = moment.replace(tzinfo=None).isoformat() if isinstance(moment, datetime) else (moment or "")
        return f"{self.group}~{told}~{self.pk}"

    @classmethod
    def read(cls, typed: str | None) -> Self | None:
        """The key that an address carries; None for what is none."""
        found = A_KEY.fullmatch(typed or "")
        if not found:
            return None
        try:
            return cls(found[1], _moment(found[2]), int(found[3]))
        except ValueError:
            return None


def _moment(typed: str) -> datetime | date | None:
    if "T" in typed:
        return datetime.fromisoformat(typed).replace(tzinfo=UTC)
    return date.fromisoformat(typed) if typed else None


KEPT_AS: Final = "queue"  # in the session; the breadcrumbs read it
UNFILTERED: Final = "?turn=ours"


@dataclass(frozen=True)
class Wanted:
    """Which part of the queue somebody looks at. What makes no sense is left out, not refused."""

    tab: str = "ours"
    words: str = ""
    area: int | None = None
    country: str = ""
    week: date | None = None  # its Monday
    notice: bool = False  # only what there is something to notice about
    flag: str = ""  # only what one kind of thing is to be noticed about
    who: str = ""  # MINE, NOBODY or the number of a colleague
    after: Key | None = None
    before: Key | None = None
    picked: int | None = None

    @classmethod
    def from_query(cls, query: QueryDict) -> Wanted:
        typed = search_words(query.get("q", ""))
        tab = query.get("turn", "all" if typed else "ours")
        country, who = query.get("country", "").upper(), query.get("who", "")
        return cls(
            tab=tab if tab in TABS else "ours",
            words=typed,
            area=number(query.get("area")),
            country=country if country in countries.countries else "",
            week=read_week(query.get("week", "")),
            who=who if who in (MINE, NOBODY) or number(who) else "",
            notice=query.get("notice") == "1",
            flag=known_kind(query.get("flag", "")),
            after=Key.read(query.get("after")),
            before=Key.read(query.get("before")),
            picked=number(query.get("pick")),
        )

    def query(self, **changes: Any) -> str:
        """The address of another look: this one, with something changed."""
        values = {
            "turn": self.tab, "q": self.words, "area": self.area, "country": self.country, "week": self.typed_week,
            "who": self.who, "notice": "1" if self.notice else "", "flag": self.flag, "after": self.after,
            "before": self.before,
        } | changes  # fmt: skip
        query = QueryDict(mutable=True)
        query.update({name: str(value) for name, value in values.items() if value})
        return f"?{query.urlencode()}"

    def first(self, **changes: Any) -> str:
        """The first page of another look."""
        return self.query(**{"after": None, "before": None} | changes)

    @property
    def pick(self) -> str:
        """How the address of this look with one request in the preview begins; the request's number ends it.

        Fifty stand on a page, so they are short.
        """
        rest = self.query(turn="" if self.tab == "ours" and not self.words else self.tab)
        return f"{rest}{'' if rest == '?' else '&'}pick="

    def at_first(self) -> Wanted:
        return replace(self, after=None, before=None)

    @property
    def sought(self) -> list[str]:
        return folding.sought(self.words)

    @property
    def is_nothing_to_look_for(self) -> bool:
        """Whether something was typed that is no word: signs alone, or one letter. No request holds it."""
        return bool(self.words) and not self.sought

    @property
    def typed_week(self) -> str:
        """«2027-W11», as a box for weeks writes it."""
        return "{}-W{:02d}".format(*self.week.isocalendar()[:2]) if self.week else ""

    @property
    def colleague(self) -> int | None:
        return number(self.who)

    @property
    def is_filtered(self) -> bool:
        return bool(self.words) or self._is_narrowed

    @property
    def is_only_words(self) -> bool:
        """Whether all that is wanted is what holds the words, wherever it stands."""
        return bool(self.words) and self.tab == "all" and not self._is_narrowed

    @property
    def _is_narrowed(self) -> bool:
        return bool(self.area or self.country or self.week or self.who or self.notice or self.flag)


def remember(wanted: Wanted, session: SessionBase) -> None:
    """Keep the look in the session, for the way back from a request; written only where it is another one."""
    look = wanted.query()
    if session.get(KEPT_AS, UNFILTERED) != look:
        session[KEPT_AS] = look


def read_week(typed: str) -> date | None:
    """The Monday of a week written like 2027-W11; None for what is no week."""
    found = A_WEEK.fullmatch(typed.strip().upper())
    try:
        monday = date.fromisocalendar(int(found[1]), int(found[2]), 1) if found else None
    except ValueError:
        return None
    return monday if monday and monday < date.max - timedelta(days=7) else None


def number(typed: str | None) -> int | None:
    if typed and typed.isascii() and typed.isdigit() and len(typed) <= MOST_DIGITS:
        return int(typed)
    return None
