"""A plan of a season in words: what changes, why somebody has no place, and how near the best it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, NamedTuple

from django.urls import reverse
from django.utils.dates import MONTHS
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import words
from visits.admin.plan_ways import Link, link_to
from visits.admin.queue.line import short_range
from visits.models import Facilitator, Room, Site
from visits.optimum import DAY, Span
from visits.optimum.conflicts import Fact, Kind
from visits.season_plan import Case, Change, Drawn, Found, Reason, Step, WayOut
from visits.season_plan.drawn import LEAD

MOST_STEPS: Final = 4  # that are told of one request


@dataclass(frozen=True)
class Told:
    """One change in words: its number in the plan, the request, a heading, a line, and how large it is."""

    number: int
    request: int
    heading: str
    line: str
    size: str


@dataclass(frozen=True)
class Goal:
    """One goal of the planner: what the plan has, what is proven, and whether that is the same."""

    name: str
    beside: str
    plan: str
    best: str
    is_reached: bool


class Way(NamedTuple):
    """A way out: what would be done, which facts it changes, what it takes, and the form that does it."""

    done: str
    changes: str
    takes: str
    link: Link


@dataclass(frozen=True)
class Stuck:
    """A request without a place: the facts that cannot all be true, and the ways out with what each takes."""

    url: str
    name: str
    facts: list[str]
    ways: list[Way]


def page_of(case: Case) -> str:
    """Where a request, or a gathering, is looked at."""
    if case.gathering is not None:
        return reverse("admin:visits_gathering_change", args=[case.gathering])
    return reverse("admin:visits_visitrequest_change", args=[case.request])


class Words:
    """Says a plan with the names of people, rooms and requests; two queries, and one for houses with a limit."""

    def __init__(self, drawn: Drawn) -> None:
        self.drawn = drawn
        self.people = dict(_names(drawn.people))
        rooms = Room.objects.filter(pk__in=drawn.rooms).order_by()
        self.rooms: Mapping[int, str] = dict(rooms.values_list("pk", "name"))
        houses = {site for site, _week, _number in drawn.site_weeks}
        self.sites: Mapping[int, str] = dict(Site.objects.filter(pk__in=houses).order_by().values_list("pk", "name"))

    def resource(self, number: int) -> str:
        row = self.drawn.row_of(number)
        if self._is_person(number):
            return self.people.get(row, _("Somebody who has left"))
        return self.rooms.get(row, _("A room that is gone"))

    def _is_person(self, number: int) -> bool:
        return number < len(self.drawn.people)

    # -- What changes --------------------------------------------------------------------

    def change(self, change: Change) -> Told:
        sessions = _by_session(change.steps)
        told = [self._session(steps) for steps in sessions[:MOST_STEPS]]
        more = len(sessions) - len(told)
        if more > 0:
            told.append(ngettext("and %(count)d thing more", "and %(count)d things more", more) % {"count": more})
        line = "; ".join(told)
        return Told(change.number, change.case.request, self._heading(change), line, _size(change))

    def _heading(self, change: Change) -> str:
        values = {"name": change.case.name, "days": short_days(change.day, change.case.days)}
        if change.is_new:
            return _("%(name)s: no place → %(days)s") % values
        if change.is_moved and change.was:
            return _("%(name)s: %(was)s → %(days)s") % (values | {"was": words.short_day(change.was)})
        return _("%(name)s, %(days)s") % values

    def _session(self, steps: Sequence[Step]) -> str:
        """Who leads a session and where, in one: «Fatima leads “Esther” in Attic»."""
        leads, rooms = ([one for one in steps if (one.need.role == LEAD) is is_lead] for is_lead in (True, False))
        if len(leads) == len(rooms) == 1 and leads[0].before is None and rooms[0].before is None:
            return _("%(who)s leads “%(title)s” in %(room)s") % {
                "who": self.people.get(leads[0].after, ""),
                "title": leads[0].need.title,
                "room": self.rooms.get(rooms[0].after, ""),
            }
        return "; ".join(self._step(step) for step in steps)

    def _step(self, step: Step) -> str:
        names = self.people if step.need.role == LEAD else self.rooms
        after = names.get(step.after, "")
        values = {"title": step.need.title, "after": after, "before": names.get(step.before or 0, "")}
        if step.need.role == LEAD:
            if step.need.session is None and step.need.item < 0:
                return _("%(after)s helps") % values
            if step.before is None:
                return _("%(after)s leads “%(title)s”") % values
            return _("%(before)s → %(after)s leads “%(title)s”") % values
        if step.before is None:
            return _("“%(title)s” in %(after)s") % values
        return _("“%(title)s”: %(before)s → %(after)s") % values

    # -- Who has no place ----------------------------------------------------------------

    def stuck(self, reason: Reason) -> Stuck:
        case = self.drawn.cases[reason.number]
        facts = [self._fact(fact, reason.number) for fact in reason.facts]
        return Stuck(page_of(case), case.name, facts, [self._way(way, reason) for way in reason.ways])

    def _fact(self, fact: Fact, number: int) -> str:
        case = self.drawn.cases[number]
        if fact.kind == Kind.WISH:
            days = [words.short_day(case.first_day(place)) for place in range(len(case.first_days))]
            return ngettext("They can come on %(days)s only", "They can come on %(days)s only", len(days)) % {
                "days": _listed(days)
            }
        if fact.kind == Kind.WEEK:
            return self._full(fact.number)
        if fact.kind == Kind.ABLE:
            return self._able(number, fact.number)
        return self._about(fact)

    def _about(self, fact: Fact) -> str:
        values = {"name": self.resource(fact.number)}
        if fact.kind == Kind.DAY:
            day = words.short_day(self.drawn.day(fact.day))
            return _("%(name)s leads as many sessions on %(day)s as one does in a day") % (values | {"day": day})
        if fact.kind == Kind.LEADS and fact.span and fact.task:
            other = self.drawn.cases[fact.task.visit]
            more = {"when": self._when(fact.span), "other": other.name}
            if self._is_person(fact.number):
                return _("%(name)s leads a session of %(other)s in this plan, %(when)s") % (values | more)
            return _("%(name)s has %(other)s in this plan, %(when)s") % (values | more)
        if fact.kind == Kind.BUSY and fact.span:
            more = {"when": self._when(fact.span)}
            if self._is_person(fact.number):
                return _("%(name)s is not there %(when)s") % (values | more)
            return _("%(name)s is taken %(when)s") % (values | more)
        return self._measure(fact) % values

    def _measure(self, fact: Fact) -> str:
        """That somebody has as much as they take, in a month or in the season; with %(name)s to be filled in."""
        if fact.kind != Kind.MONTH:
            return _("%(name)s leads as many sessions as they take")
        told = _("%(name)s meets guests as often as they wish in %(month)s")
        return told % {"name": "%(name)s", "month": MONTHS[self.drawn.day(fact.day).month]}

    def _able(self, number: int, need: int) -> str:
        able = [self.resource(one) for one in self.drawn.facts.visits[number].needs[need]]
        title = self.drawn.cases[number].needs[need].title
        if not able:
            return _("Nobody can lead “%(title)s” in the language of the meeting") % {"title": title}
        return ngettext(
            "One colleague can lead “%(title)s”: %(names)s", "Only some can lead “%(title)s”: %(names)s", len(able)
        ) % {"title": title, "names": _listed(able)}

    def _when(self, span: Span) -> str:
        first, last = self.drawn.day(span.day), self.drawn.day((span.end - 1) // DAY)
        if last > first:
            return short_range(first, last)
        if span.end - span.start >= DAY:
            return words.short_day(first)
        clock = f"{_clock(span.start)}–{_clock(span.end)}"
        return f"{words.short_day(first)} {clock}"

    def _full(self, number: int) -> str:
        site, monday = self.drawn.week_of(number)
        if site is None:
            return _("Week %(week)d takes no visit more") % {"week": words.week(monday)}
        full = _("%(site)s receives no visit more in week %(week)d")
        return full % {"site": self.sites.get(site, ""), "week": words.week(monday)}

    def _way(self, way: WayOut, reason: Reason) -> Way:
        facts = [fact for fact in way.changed if fact.kind != Kind.WISH]
        day = words.short_day(way.day)
        numbers = [reason.facts.index(fact) + 1 for fact in way.changed if fact in reason.facts]
        line = "; ".join(self._fact(fact, reason.number) for fact in facts)
        about = ngettext("Changes fact %(facts)s.", "Changes facts %(facts)s.", len(numbers)) % {
            "facts": _listed([str(number) for number in numbers])
        }
        wishes = len(facts) < len(way.changed)
        if wishes and not facts:
            asking = _("Ask them to come on %(day)s") % {"day": day}
            return Way(asking, about if numbers else "", _("One question"), link_to(way, reason, self.drawn))
        done = _("Ask them to come on %(day)s, and change this:") if wishes else _("Come on %(day)s, and change this:")
        link = link_to(way, reason, self.drawn)
        return Way(done % {"day": day} + f" {line}", about if numbers else "", _takes(facts), link)


def _takes(facts: Iterable[Fact]) -> str:
    kinds = {fact.kind for fact in facts}
    if Kind.ABLE in kinds:
        return _("Somebody learns it")
    if Kind.WEEK in kinds:
        return _("A wider week")
    return _("One ask") if len(kinds) == 1 else _("Several things")


def _by_session(steps: Iterable[Step]) -> list[list[Step]]:
    """The steps of each session together, in their order."""
    found: dict[tuple[int | None, int], list[Step]] = {}
    for step in steps:
        found.setdefault((step.need.session, step.need.item), []).append(step)
    return list(found.values())


def short_days(first: date, days: int) -> str:
    """«9 Mar», «9–10 Mar»."""
    return short_range(first, first + timedelta(days=days - 1))


def _listed(several: list[str]) -> str:
    return str(get_text_list(several, _("and")))


def _clock(minute: int) -> str:
    hour, rest = divmod(minute % DAY, 60)
    return f"{hour:02d}.{rest:02d}"


def _size(change: Change) -> str:
    if change.is_new:
        return _("New place")
    if change.is_moved and change.was:
        same = change.was.isocalendar()[:2] == change.day.isocalendar()[:2]
        return _("Still the same week") if same else _("Another week")
    return _("Same day")


def _names(keys: Iterable[int]) -> Iterable[tuple[int, str]]:
    people = Facilitator.objects.filter(pk__in=keys).select_related("user").order_by()
    return ((one.pk, one.name) for one in people)


# -- How good it is ----------------------------------------------------------------------


def goals(drawn: Drawn, found: Found) -> list[Goal]:
    """The goals in their order, with what is proven about each; turns where somebody takes them."""
    visits, score = len(drawn.cases), found.score
    names = (
        (_("Places"), _("of %(count)d requests") % {"count": visits}),
        (_("Changes of what stands"), ""),
        (_("Steps down their wishes"), _("of %(count)d placed") % {"count": visits - score.refused}),
        (_("Sessions between most and fewest"), _("against each one’s share")),
        (_("Travel between places"), _("in the season")),
        *([(_("Sessions of whoever has most in the Living Library"), "")] if drawn.facts.varied else ()),
    )
    return [_goal(n, name, beside, found, visits) for n, (name, beside) in enumerate(names)]


def _goal(n: int, name: str, beside: str, found: Found, visits: int) -> Goal:
    reached = found.score[n]
    known = n < len(found.least)
    best = found.least[n] if known else None
    proven = _("not proven") if best is None else _amount(n, best, visits)
    return Goal(name, beside, _amount(n, reached, visits), proven, best == reached)


def _amount(n: int, value: int, visits: int) -> str:
    if n == 0:
        return str(visits - value)
    return words.minutes(value) if n == 4 else str(value)
