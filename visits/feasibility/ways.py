"""The way on from a day that is not open: never a dead end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import rules, words
from visits.choices import AlternativeKind, Length, MeetingLanguage
from visits.feasibility import telling
from visits.feasibility.answering import Answering
from visits.feasibility.verdicts import Cause, Fit, Verdict

C = Cause
LONGER: Final = {
    Length.HALF: Length.ONE,
    Length.UNSURE: Length.TWO,
    Length.ONE: Length.TWO,
    Length.TWO: Length.THREE,
    Length.THREE: Length.FOUR,
    Length.FOUR: Length.FIVE,
}
OTHER_LANGUAGE: Final = {
    frozenset({"en"}): MeetingLanguage.SWEDISH,
    frozenset({"sv"}): MeetingLanguage.ENGLISH,
}


class WayKind(StrEnum):
    """What one does instead."""

    OTHER_DAY = "other_day"
    LANGUAGE = "language"
    LEAVE_OUT = "leave_out"
    LONGER = "longer"
    FEWER = "fewer"
    DIGITAL = "digital"
    FESTIVAL = "festival"
    FELLOWSHIP = "fellowship"

    @property
    def alternative(self) -> AlternativeKind | None:
        """The same thing as staff offer it with a no; None for what only guests can change."""
        return {
            WayKind.OTHER_DAY: AlternativeKind.OTHER_WEEK,
            WayKind.DIGITAL: AlternativeKind.DIGITAL,
            WayKind.FESTIVAL: AlternativeKind.FESTIVAL,
            WayKind.FELLOWSHIP: AlternativeKind.FELLOWSHIP,
        }.get(self)


@dataclass(frozen=True)
class Way:
    """One way on: what its link says, and what it changes."""

    kind: WayKind
    words: str
    first_day: date | None = None
    last_day: date | None = None
    language: MeetingLanguage | None = None
    leave: tuple[str, ...] = ()
    length: Length | None = None
    group_size: int | None = None


Nearest = Callable[[date, Fit], "date | None"]
"""The nearest day to one that has just this fit."""


def ways(verdict: Verdict, answering: Answering, nearest: Nearest) -> list[Way]:
    """What one can do instead of beginning on this day, the best first; nothing for an open day."""
    found = _Ways(verdict, answering, nearest)
    if verdict.fit is Fit.OPEN:
        return []
    if verdict.fit is Fit.TIGHT:
        return [*found.changes(), *found.other_day(within=7)]
    other_day = list(found.other_day())
    return [*found.festival_now(), *found.changes(), *other_day, *found.elsewhere(asked=not other_day)]


def elsewhere(answering: Answering) -> list[Way]:
    """What needs no week of ours, whatever day was wished for: the festival only when one is in sight."""
    come = _("Come to the festival instead")
    return [
        Way(WayKind.DIGITAL, _("Meet us on screen for an hour")),
        *(Way(WayKind.FESTIVAL, come, one.first, one.last) for one in answering.season.festivals[:1]),
        Way(WayKind.FELLOWSHIP, _("Read about the Fellowship")),
    ]


class _Ways:
    def __init__(self, verdict: Verdict, answering: Answering, nearest: Nearest) -> None:
        self.verdict, self.answering, self.nearest = verdict, answering, nearest

    def changes(self) -> Iterator[Way]:
        """What the guests themselves can change."""
        cause = self.verdict.cause
        if cause in (C.NOBODY_LEADS, C.TAKEN):
            yield from self._language()
        if cause in (C.NOBODY_LEADS, C.TAKEN, C.PAUSED):
            yield from self._leave_out()
        if cause is C.TOO_LARGE:
            yield from self._fewer()
        if C.CHOOSE in self.verdict.conditions:
            yield from self._longer()

    def other_day(self, within: int | None = None) -> Iterator[Way]:
        """The nearest day on which everything fits; failing that, one that is tight."""
        day = self.nearest(self.verdict.day, Fit.OPEN)
        if day is None and self.verdict.fit is not Fit.TIGHT:
            day = self.nearest(self.verdict.day, Fit.TIGHT)
        if day is not None and (within is None or abs((day - self.verdict.day).days) < within):
            last = self.answering.stay(day)[-1]
            told = _("Choose %(days)s") % {"days": words.month_days(day, last)}
            yield Way(WayKind.OTHER_DAY, told, first_day=day, last_day=last)

    def festival_now(self) -> Iterator[Way]:
        if self.verdict.cause is C.FESTIVAL:
            yield from (way for way in elsewhere(self.answering) if way.kind is WayKind.FESTIVAL)

    def elsewhere(self, *, asked: bool) -> Iterator[Way]:
        """What needs no week of ours; the festival comes first on its own days.

        A day that the calendar alone rules out has another day as its way on, and these only when `asked` for.
        """
        if self.verdict.cause in (C.TOO_SOON, C.TOO_FAR, C.CLOSED) and not asked:
            return
        told_already = WayKind.FESTIVAL if self.verdict.cause is C.FESTIVAL else None
        yield from (way for way in elsewhere(self.answering) if way.kind is not told_already)

    def _language(self) -> Iterator[Way]:
        group = self.answering.group
        other = OTHER_LANGUAGE.get(group.languages)
        if other is None:
            return
        code = {MeetingLanguage.ENGLISH: "en", MeetingLanguage.SWEDISH: "sv"}[other]
        told = self.answering.with_group(replace(group, languages=frozenset({code}))).verdict(self.verdict.day)
        if told.fit in (Fit.OPEN, Fit.TIGHT) or (self.verdict.fit is Fit.NO and told.fit is Fit.BUSY):
            words_of = {MeetingLanguage.ENGLISH: _("Meet in English"), MeetingLanguage.SWEDISH: _("Meet in Swedish")}
            yield Way(WayKind.LANGUAGE, words_of[other], language=other)

    def _leave_out(self) -> Iterator[Way]:
        about = [item for item in self.verdict.about if item.name]
        if about and len(about) < len(self.answering.items):
            told = _("Leave out %(what)s") % {"what": telling.names(about)}
            yield Way(WayKind.LEAVE_OUT, told, leave=tuple(item.key for item in about))

    def _fewer(self) -> Iterator[Way]:
        most = self.answering.programmes.means.most_seats()
        if most:
            told = ngettext("Come as %(count)d person", "Come as %(count)d people", most) % {"count": most}
            yield Way(WayKind.FEWER, told, group_size=most)

    def _longer(self) -> Iterator[Way]:
        group = self.answering.group
        length = Length.HALF if group.half else LENGTH_OF[group.days]
        if length in LONGER:
            longer = LONGER[length]
            told = ngettext("Stay %(count)d day", "Stay %(count)d days", rules.LENGTH_DAYS[longer])
            yield Way(WayKind.LONGER, told % {"count": rules.LENGTH_DAYS[longer]}, length=longer)


LENGTH_OF: Final = {
    days: length for length, days in rules.LENGTH_DAYS.items() if length not in (Length.HALF, Length.UNSURE)
}
