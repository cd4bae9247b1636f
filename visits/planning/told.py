"""The four answers to «Can we?» as people read them: of plain facts, so the same facts are told once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import rules, words


class Level(StrEnum):
    """How well a question is answered; the letters are the classes of the drawing."""

    GOOD = "o"
    TIGHT = "w"
    NO = "x"


@dataclass(frozen=True)
class Check:
    """One question's answer: what it asks, its level, a few words for a list and a sentence for a panel."""

    name: str
    level: Level
    short: str
    words: str

    @property
    def is_good(self) -> bool:
        return self.level == Level.GOOD


@dataclass(frozen=True)
class Checks:
    """The four answers about one request and the days that they are about; without answers where nobody asks."""

    first_day: date | None
    last_day: date | None
    answers: tuple[Check, ...] = ()

    @property
    def worst(self) -> Check | None:
        """The answer to be told first, or None when all four are good."""
        doubts = [check for check in self.answers if not check.is_good]
        return next((check for check in doubts if check.level == Level.NO), doubts[0] if doubts else None)

    @cached_property
    def summary(self) -> str:
        """The few words that a list has room for; nothing without answers."""
        if not self.answers:
            return ""
        return self.worst.short if self.worst else _("All four checks")

    @cached_property
    def meter(self) -> str:
        """The classes of the drawing of the answers: a place and a level each."""
        return " ".join(f"{place}{check.level}" for place, check in zip("abcd", self.answers, strict=False))


class FreeRoom(NamedTuple):
    """The smallest room that holds the group and is free."""

    name: str
    capacity: int
    step_free: bool


class WeekFacts(NamedTuple):
    """The fullest week of the days: its number, the visits it has, how many it takes, and why not the usual number."""

    number: int
    load: int
    most: int
    why: str


class Shut(NamedTuple):
    """What closes the days, or keeps the house busy over them."""

    words: str
    is_busy: bool


class Facts(NamedTuple):
    """Everything that the four answers about a request depend on."""

    first_day: date
    last_day: date
    asked_on: date | None
    waiver: str | None  # the reason, where the three months were waived
    free: int
    able: int  # facilitators with the subject and the language
    room: FreeRoom | None
    largest: int | None  # without a free room: the most that any room holds, when that is too few
    week: WeekFacts | Shut


@words.remembered
def answered(facts: Facts) -> Checks:
    """The four answers of the facts, in the reader’s language."""
    answers = (
        _three_months(facts),
        _facilitators(facts.free, facts.able),
        _room(facts.room) if facts.room else _no_room(facts.largest),
        _shut(facts.week) if isinstance(facts.week, Shut) else _week_load(facts.week),
    )
    return Checks(facts.first_day, facts.last_day, answers)


def _three_months(facts: Facts) -> Check:
    name = _("Three months")
    if facts.asked_on is None:
        return Check(name, Level.TIGHT, _("Not sent yet"), _("Not sent yet"))
    spare = rules.days_to_spare(facts.first_day, asked_on=facts.asked_on)
    told = _("Asked %(asked)s, comes %(comes)s.") % {
        "asked": words.short_day(facts.asked_on),
        "comes": words.short_day(facts.first_day),
    }
    if spare >= 0:
        return Check(name, Level.GOOD, spare_words(spare), f"{told} {spare_words(spare)}.")
    if facts.waiver is not None:
        return Check(name, Level.TIGHT, _("Waived"), _("Waived: %(why)s") % {"why": facts.waiver})
    return Check(name, Level.NO, _("Under three months"), f"{told} {spare_words(spare)}.")


@words.remembered
def spare_words(spare: int) -> str:
    """«35 days to spare», «13 days too soon»."""
    if spare < 0:
        return ngettext("%(days)d day too soon", "%(days)d days too soon", -spare) % {"days": -spare}
    return ngettext("%(days)d day to spare", "%(days)d days to spare", spare) % {"days": spare}


def _facilitators(free: int, able: int) -> Check:
    name = _("Facilitators")
    if not able:
        return Check(name, Level.NO, _("Nobody has the subject"), _("Nobody has the subject and the language."))
    told = ngettext(
        "%(free)d of %(able)d who can is free.", "%(free)d of %(able)d who can are free.", free
    ) % {"free": free, "able": able}  # fmt: skip
    if not free:
        return Check(name, Level.NO, _("No facilitator free"), told)
    if free == 1:
        return Check(name, Level.TIGHT, _("One facilitator free"), told)
    return Check(name, Level.GOOD, told, told)


def _room(room: FreeRoom) -> Check:
    told = _("%(room)s is free, for %(people)d people.") % {"room": room.name, "people": room.capacity}
    without_steps = _("Step-free.")
    return Check(_("Rooms"), Level.GOOD, told, f"{told} {without_steps}" if room.step_free else told)


def _no_room(largest: int | None) -> Check:
    """There are rooms that are large enough, or the largest takes so many."""
    name = _("Rooms")
    if largest is None:
        return Check(name, Level.TIGHT, _("Rooms taken"), _("Every room that is large enough is taken some hours."))
    short = ngettext("Room for %(count)d only", "Room for %(count)d only", largest) % {"count": largest}
    return Check(name, Level.NO, short, f"{short}.")


def _shut(shut: Shut) -> Check:
    level = Level.TIGHT if shut.is_busy else Level.NO
    return Check(_("Week load"), level, shut.words, shut.words if shut.words.endswith(".") else f"{shut.words}.")


def _week_load(week: WeekFacts) -> Check:
    name, told = _("Week load"), week_words(week.number, week.load, week.most)
    if week.most == 0:
        closed_week = _("Week %(week)d is closed") % {"week": week.number}
        return Check(name, Level.NO, closed_week, week.why or f"{closed_week}.")
    if week.load >= week.most:
        return Check(name, Level.NO, _("Week %(week)d is full") % {"week": week.number}, told)
    return Check(name, Level.GOOD, told, told)


def week_words(number: int, load: int, most: int) -> str:
    """«Week 11 has one visit. We take 3.»"""
    told = ngettext("Week %(week)d has %(load)d visit.", "Week %(week)d has %(load)d visits.", load)
    if load <= 0:
        told = _("Week %(week)d has no visit yet.")
    takes = _("We take %(most)d.") % {"most": most}
    return f"{told % {'week': number, 'load': load}} {takes}"
