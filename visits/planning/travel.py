"""The ways between the sites of an agenda, for the guests and for each of us who leads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from visits import words
from visits.choices import GroupPart, SessionKind, TravelMeans
from visits.models import Session, Site, Travel

Ways = Mapping[frozenset[int], tuple[int, TravelMeans]]


@dataclass(frozen=True)
class Leg:
    """A way between two sessions at different sites; `minutes` is None when nobody has written it down."""

    before: Session
    after: Session
    start: Site
    end: Site
    minutes: int | None
    means: TravelMeans | None
    group: str = ""

    @property
    def gap(self) -> int:
        """Minutes between the two sessions."""
        return int((self.after.starts_at - self.before.ends_at).total_seconds() // 60)

    @property
    def spare(self) -> int:
        """Minutes that are left on arrival; below nothing is too late."""
        return self.gap - (self.minutes or 0)

    @property
    def fits(self) -> bool:
        return self.minutes is not None and self.spare >= 0


def ways() -> Ways:
    """The shortest way between any two sites: one query."""
    found: dict[frozenset[int], tuple[int, TravelMeans]] = {}
    rows = Travel.objects.order_by("-minutes").values_list("one", "other", "minutes", "means")
    for one, other, minutes, means in rows:
        found[frozenset((one, other))] = (minutes, TravelMeans(means))
    return found


def legs(sessions: Iterable[Session], known: Ways) -> list[Leg]:
    """Every way that the guests go, in the order of the agenda; a group's own ways are told once each."""
    by_day = groupby(sessions, key=lambda session: words.local_date(session.starts_at))
    return [leg for _day, rows in by_day for leg in _legs_of_day(list(rows), known)]


def _legs_of_day(rows: Sequence[Session], known: Ways) -> list[Leg]:
    if not any(row.group for row in rows):
        return path(rows, known)
    both = [path([row for row in rows if row.group in ("", part)], known, part) for part in GroupPart]
    shared = {(leg.before.pk, leg.after.pk) for leg in both[0]} & {(leg.before.pk, leg.after.pk) for leg in both[1]}
    own = [leg for legs_of_part in both for leg in legs_of_part if (leg.before.pk, leg.after.pk) not in shared]
    together = path(rows, known) if shared else []
    return own + [leg for leg in together if (leg.before.pk, leg.after.pk) in shared]


def path(rows: Iterable[Session], known: Ways, group: str = "") -> list[Leg]:
    """The ways between sessions that one goes to one after another."""
    placed: list[tuple[Session, Site]] = []
    for row in rows:
        # A break without a place of its own is held where one was before it.
        where = row.where or (placed[-1][1] if placed and row.kind == SessionKind.BREAK else None)
        if where is not None:
            placed.append((row, where))
    return [_leg(a, b, known, group) for a, b in pairwise(placed) if a[1].pk != b[1].pk]


def _leg(before: tuple[Session, Site], after: tuple[Session, Site], known: Ways, group: str) -> Leg:
    minutes, means = known.get(frozenset((before[1].pk, after[1].pk)), (None, None))
    return Leg(before[0], after[0], before[1], after[1], minutes, means, group)
