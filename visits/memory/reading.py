"""One organisation as its page reads it: figures, years, promises, people and what is good to remember."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from visits.memory import looking, people, promises, years
from visits.memory.likeness import Likeness
from visits.memory.years import Shares, Year
from visits.models import Organisation, OrganisationMerge, OrganisationNote, Promise, VisitRequest

MOST_TOLD: Final = 200  # requests; far more than anybody has made


@dataclass(frozen=True)
class Memory:
    """What we have given each other, as it stands on a day."""

    organisation: Organisation
    years: list[Year]
    shares: Shares
    guests: list[people.Person]
    best: people.Person | None
    nameless: list[int]
    open: list[promises.OpenPromise]
    kept: list[Promise]
    notes: list[OrganisationNote]
    merges: list[OrganisationMerge]
    alike: list[tuple[Organisation, Likeness]]
    is_cut: bool = False

    @property
    def been(self) -> list[Year]:
        return [year for year in self.years if year.has_been]

    @property
    def now(self) -> Year | None:
        """The request that is open, the one that moves first when there are several."""
        return next((year for year in self.years if year.is_open), None)

    @property
    def people_here(self) -> int:
        return sum(year.case.group_size or 0 for year in self.been)

    @property
    def since(self) -> int | None:
        return min((year.year for year in self.been), default=None)

    @property
    def given(self) -> int:
        """All that the list of promises tells: what is kept, and what is open, follow-ups that we owe among it."""
        return len(self.kept) + len(self.open)


def memory_of(organisation: Organisation, today: date) -> Memory:
    """Everything that the page tells; a constant number of queries, however many years there are."""
    rows = VisitRequest.objects.sent().filter(organisation=organisation)
    latest = list(rows.select_related("visit", "coordinator").order_by("-pk")[: MOST_TOLD + 1])
    cases = latest[MOST_TOLD - 1 :: -1]
    visits = [case.visit for case in cases if hasattr(case, "visit")]
    told = years.years(cases)
    given = list(organisation.promises.select_related("promised_by", "kept_by", "visit", "organisation"))
    return Memory(
        organisation=organisation,
        years=told,
        shares=years.shares([year.case.visit for year in told if year.has_been]),
        guests=people.guests(list(reversed(cases)), today),
        best=people.best_known_by(cases),
        nameless=people.years_without_names(cases, today),
        open=promises.owed_to(given, visits, today),
        kept=[one for one in given if one.kept_at],
        notes=list(organisation.notes.select_related("author")),
        merges=list(organisation.merges.filter(undone_at=None).select_related("gone", "by")),
        alike=looking.suggestions(organisation),
        is_cut=len(latest) > MOST_TOLD,
    )
