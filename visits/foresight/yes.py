"""«If we say yes»: hours it takes, hours that are left in the week, and who else is likely to want it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import rules, season, words
from visits.foresight.past import Past, minutes, minutes_of_ours
from visits.models import VisitRequest, WishedPeriod
from visits.planning.checks import House, days_of
from visits.season import Week

SHOWN: Final = 3
LISTED: Final = 5
MOST_OTHERS: Final = 30


@dataclass(frozen=True)
class IfYes:
    """What a yes to one request takes of one week, and leaves of it."""

    week: Week
    minutes: int
    is_planned: bool
    people: int
    hours_each: int
    booked: int  # minutes of that week that are promised to others
    others: Sequence[VisitRequest]  # who else wishes for that week now, who asked first before the rest
    regulars: Sequence[str]  # who has come at that time of the year before, and has not asked yet

    @property
    def free(self) -> int:
        """Minutes of our people that nobody has been promised."""
        return max(self.people * self.hours_each * 60 - self.booked, 0)

    @property
    def left(self) -> int:
        return max(self.free - self.minutes, 0)

    @property
    def free_hours(self) -> int:
        return round(self.free / 60)

    @property
    def left_hours(self) -> int:
        return round(self.left / 60)

    @property
    def takes(self) -> str:
        """«It takes 14 hours of our facilitators and leaves 32 hours in week 11.»"""
        values = {"takes": _hours(self.minutes), "left": _hours(self.left), "week": self.week.number}
        if self.minutes > self.free:
            values["free"] = _hours(self.free)
            return _("It takes %(takes)s of our facilitators, and week %(week)d has %(free)s.") % values
        return _("It takes %(takes)s of our facilitators and leaves %(left)s in week %(week)d.") % values

    @property
    def how(self) -> str:
        """What the figures are made of."""
        counted = ngettext(
            "%(people)d facilitator, with %(hours)d hours a week for guests",
            "%(people)d facilitators, each with %(hours)d hours a week for guests", self.people,
        ) % {"people": self.people, "hours": self.hours_each}  # fmt: skip
        if self.is_planned:
            return _("Counted from the agenda as it is planned; %(counted)s.") % {"counted": counted}
        return _("Counted from what visits of that length usually take; %(counted)s.") % {"counted": counted}

    @property
    def who_usually_comes(self) -> str:
        """«Two who have usually come at that time have not asked yet: …»; empty for nobody."""
        if not self.regulars:
            return ""
        told = ngettext(
            "%(who)s has usually come at that time of the year, and has not asked yet.",
            "%(count)s who have usually come at that time of the year have not asked yet: %(who)s.",
            len(self.regulars),
        )
        return _listed(told, self.regulars)

    @property
    def who_else(self) -> str:
        """Who else wishes for that week now; empty for nobody."""
        names = list(dict.fromkeys(other.organisation_name for other in self.others))
        if not names:
            return ""
        told = ngettext(
            "%(who)s wishes for the same week.", "%(count)s others wish for the same week: %(who)s.", len(names)
        )
        return _listed(told, names)

    @property
    def others_listed(self) -> Sequence[VisitRequest]:
        """As many of the others as a panel shows one by one."""
        return self.others[:LISTED]

    @property
    def others_left(self) -> int:
        return len(self.others) - len(self.others_listed)


def if_yes(case: VisitRequest, house: House, past: Past) -> IfYes | None:
    """What a yes would take and leave; None while no day is known. Two queries, however much there is."""
    days = days_of(case)
    if days is None:
        return None
    first, last = days
    count = sum(rules.is_working_day(first + timedelta(days=n)) for n in range((last - first).days + 1))
    planned, usual = minutes_of_ours(case)
    return IfYes(
        week=season.week_of(first),
        minutes=planned or usual * max(count, 1),
        is_planned=bool(planned),
        people=len(house.people),
        hours_each=settings.QULTURUM_FACILITATOR_HOURS,
        booked=_booked(first, case, house),
        others=_others(first, case),
        regulars=past.regulars,
    )


def _booked(first: date, case: VisitRequest, house: House) -> int:
    """Minutes of our people in that week that other visits have; time away is no promise to guests."""
    monday = first - timedelta(days=first.weekday())
    starts, ends = (datetime.combine(day, time(0), rules.STOCKHOLM) for day in (monday, monday + timedelta(days=7)))
    return minutes(
        (taken.starts_at, taken.ends_at)
        for hours in house.people_taken.values()
        for taken in hours
        if taken.case not in (None, case.pk) and taken.starts_at < ends and taken.ends_at > starts
    )


def _others(first: date, case: VisitRequest) -> list[VisitRequest]:
    """Who else wishes for a day of that week and waits for our answer."""
    monday = first - timedelta(days=first.weekday())
    wishes = WishedPeriod.objects.filter(first_day__range=(monday, monday + timedelta(days=6)))
    waiting = VisitRequest.objects.sent().filter(state__in=rules.CHANGEABLE).exclude(pk=case.pk)
    return list(waiting.filter(pk__in=wishes.values("request")).order_by("submitted_at", "pk")[:MOST_OTHERS])


def _listed(told: str, names: Sequence[str]) -> str:
    rest = len(names) - SHOWN
    shown = ", ".join(names[:SHOWN])
    if rest > 0:
        shown = _("%(names)s and %(rest)d more") % {"names": shown, "rest": rest}
    sentence = told % {"count": words.spelled(len(names)), "who": shown}
    return sentence[:1].upper() + sentence[1:]


def _hours(count: int) -> str:
    hours = round(count / 60)
    return ngettext("%(hours)d hour", "%(hours)d hours", hours) % {"hours": hours}
