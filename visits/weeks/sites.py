"""How many visits a week one of our sites receives: a ward can be quiet while the house is open.

A visit counts in every week in which it has a session at a site, once it has been proposed; so
does the same agenda on other days that an open proposal offers. The lock is the week's own:
whoever takes a place at a site has taken one in the week before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import BigIntegerField, F
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from visits import rules, season, words
from visits.choices import BookingKind, ProposalAnswer
from visits.models import Booking, Session, Site, Visit
from visits.season import Week
from visits.weeks.places import WeekFull

SiteWeek = tuple[int, Week]
AT: Final = Coalesce("room__site_id", "site_id", output_field=BigIntegerField())  # where a session is held


@dataclass(frozen=True)
class SiteLoad:
    """How many visits a site with a limit receives in one week."""

    site: Site
    week: Week
    load: int

    @property
    def most(self) -> int:
        return self.site.weekly_visits or 0

    @property
    def is_full(self) -> bool:
        return self.load >= self.most


def limited() -> list[Site]:
    """The sites that do not receive as many visits as a week takes; one query."""
    return list(Site.objects.exclude(weekly_visits=None))


def site_loads(first: date, last: date, *, without: int | None = None) -> Counter[SiteWeek]:
    """How many visits each site with a limit receives in each week that touches [first, last]; one query.

    What the request `without` has is left out.
    """
    starts, ends = _stretch(first, last)
    sessions = Session.objects.filter(visit__in=Visit.objects.taking_a_place())
    sessions = sessions.filter(starts_at__lt=ends, ends_at__gt=starts)
    there = sessions.annotate(at=AT).filter(at__in=Site.objects.exclude(weekly_visits=None).values("pk"))
    held = Booking.objects.overlapping(starts, ends).filter(
        kind=BookingKind.OPTION, option__proposal__answer=ProposalAnswer.OPEN,
        room__site__weekly_visits__isnull=False,
    )  # fmt: skip
    if without is not None:
        there, held = there.exclude(visit__request=without), held.exclude(session__visit__request=without)
    rows = there.order_by().values_list("visit__request_id", "at", "starts_at")
    others = held.order_by().values_list("session__visit__request_id", F("room__site_id"), "starts_at")
    every = {(case, site, _week(at)) for case, site, at in rows.union(others)}
    return Counter((site, week) for _case, site, week in every)


def of_week(week: Week) -> list[SiteLoad]:
    """The sites with a limit, with what they receive in a week; two queries at most."""
    sites = limited()
    loads = site_loads(week.monday, week.monday) if sites else Counter[SiteWeek]()
    return [SiteLoad(site, week, loads[site.pk, week]) for site in sites]


def full_sites(sites: Collection[Site], first: date, last: date, *, without: int | None = None) -> dict[Week, set[int]]:
    """Those of the sites, all with a limit, that receive nobody more, by week; one query, none without sites."""
    if not sites:
        return {}
    loads = site_loads(first, last, without=without)
    return {
        week: {site.pk for site in sites if loads[site.pk, week] >= (site.weekly_visits or 0)}
        for week in season.weeks_between(first, last)
    }


def beyond(sessions: Iterable[Session], *, without: int, moved: Iterable[timedelta] = (timedelta(),)) -> list[SiteLoad]:
    """Where these sessions of the request `without` are more than their sites receive in a week.

    `moved` are the ways in which the whole agenda is offered: as it stands, and so much later or sooner.
    Sessions come with their room and site. One query where one of the sites has a limit, none otherwise.
    """
    places = {(session.where, words.local_date(session.starts_at)) for session in sessions if session.where}
    wanted = {(site, day + by) for site, day in places for by in moved if site.weekly_visits is not None}
    if not wanted:
        return []
    days = [day for _site, day in wanted]
    loads = site_loads(min(days), max(days), without=without)
    weeks = sorted({(season.week_of(day), site.name, site) for site, day in wanted}, key=lambda one: one[:2])
    found = (SiteLoad(site, week, loads[site.pk, week]) for week, _name, site in weeks)
    return [one for one in found if one.is_full]


def refuse_beyond(sessions: Iterable[Session], *, without: int, moved: Iterable[timedelta] = (timedelta(),)) -> None:
    """Raises WeekFull when a site receives no visit more. The weeks are held by `take_place` before."""
    full = beyond(sessions, without=without, moved=moved)
    if full:
        raise WeekFull(" ".join(told(one) for one in full))


def told(one: SiteLoad) -> str:
    """Why nothing more fits at a site in a week, and what can be done."""
    values = {"site": one.site.name, "week": one.week.number, "most": one.most, "load": one.load}
    if one.most == 0:
        return _("%(site)s receives no visits. Choose a room elsewhere, or let it receive some again.") % values
    full = _(
        "%(site)s is full in week %(week)d: it receives %(most)d a week and has %(load)d. "
        "Choose a room elsewhere or other days, or let it receive more."
    )
    return full % values


def settled_above(site: Site, most: int) -> list[SiteLoad]:
    """The coming weeks in which guests have said yes to more visits at a site than `most`; one query."""
    stand = Visit.objects.standing().filter(last_day__gte=timezone.localdate())
    sessions = Session.objects.filter(visit__in=stand).annotate(at=AT).filter(at=site.pk)
    pairs = {(case, _week(at)) for case, at in sessions.order_by().values_list("visit", "starts_at")}
    loads = Counter(week for _case, week in pairs)
    return [SiteLoad(site, week, load) for week, load in sorted(loads.items()) if load > most]


def _week(at: datetime) -> Week:
    return season.week_of(words.local_date(at))


def _whole_weeks(first: date, last: date) -> tuple[date, date]:
    return first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())


def _stretch(first: date, last: date) -> tuple[datetime, datetime]:
    begins, ends = _whole_weeks(first, last)
    return datetime.combine(begins, time(), rules.STOCKHOLM), rules.end_of(ends)
