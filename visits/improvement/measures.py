"""What each measure is: how it is drawn, what its numbers mean, and what is known of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from visits.choices import Measure
from visits.improvement.chart import Chart, Kind, Point, chart
from visits.models import CauseNote, Phase

DAYS, PERCENT, SHARE = "days", "percent", "share"


@dataclass(frozen=True)
class About:
    """One measure: its unit, where better is, what one point is, and which charts show it (the first by itself)."""

    measure: Measure
    unit: str
    good_is_up: bool
    kinds: tuple[Kind, ...]
    point: Promise  # what each point is, in a sentence
    period: bool = False  # whether a point is a quarter or a month

    @property
    def title(self) -> str:
        return str(self.measure.label)

    @property
    def highest(self) -> float | None:
        return {DAYS: None, PERCENT: 100.0, SHARE: 1.0}[self.unit]

    def draw(self, points: Sequence[Point], phases: Sequence[date], kind: Kind | None = None) -> Chart:
        return chart(kind or self.kinds[0], points, phases=phases, lowest=0.0, highest=self.highest)


SINGLE: Final = (Kind.XMR, Kind.RUN)
MEASURES: Final[dict[str, About]] = {
    about.measure.value: about
    for about in (
        About(Measure.FIRST_ANSWER, DAYS, False, SINGLE, _("Each point is one request, in the order they came.")),
        About(Measure.DECISION, DAYS, False, SINGLE, _("Each point is one request, in the order they came.")),
        About(
            Measure.THREE_MONTHS, SHARE, True, (Kind.P,),
            _("Share of the requests that wished for a day three months away or later."), period=True,
        ),
        About(Measure.OWN_TIME, PERCENT, True, SINGLE, _("Each point is one visit; breaks are not counted.")),
        About(
            Measure.FACILITATORS, DAYS, False, SINGLE,
            _("Each point is one question to one person, in the order they were asked."),
        ),
        About(
            Measure.WORTH, SHARE, True, (Kind.P,),
            _("Share of the groups that looked back and said yes or mostly."), period=True,
        ),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Known:
    """What people have said of the measures: notes by measure and point, phases by measure."""

    notes: list[CauseNote]
    phases: list[Phase]

    def notes_of(self, measure: str, keys: Sequence[str]) -> list[CauseNote]:
        return [note for note in self.notes if note.measure == measure and note.point in keys]

    def phases_of(self, measure: str) -> list[Phase]:
        return [phase for phase in self.phases if phase.measure == measure]


def known(*measures: str) -> Known:
    """All that has been said of some measures; two queries."""
    notes = CauseNote.objects.filter(measure__in=measures).select_related("by")
    return Known(list(notes), list(Phase.objects.filter(measure__in=measures).select_related("by")))
