"""A plan of a season in words: what changes, why somebody has no place, and how near the best it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from django.urls import reverse
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import words
from visits.admin import plan_deeds, plan_shut
from visits.admin.plan_names import Names, clock, listed, short_days
from visits.admin.plan_ways import Link, ask_on, link_to
from visits.optimum.conflicts import Fact, Kind
from visits.rules import is_working_day
from visits.season_plan import Case, Change, Drawn, Found, Reason, Step, WayOut, placeless
from visits.season_plan.drawn import LEAD, ROOM

MOST_STEPS: Final = 4  # that are told of one request


@dataclass(frozen=True)
class Told:
    """One change in words: its number in the plan, the request, a heading, a line, how large and whether taken."""

    number: int
    request: int
    heading: str
    line: str
    size: str
    is_taken: bool = False


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
    """A request without a place: the facts that cannot all be true, and the ways out with what each takes.

    Without facts where nobody has looked for them: a plan does so for the first few.
    """

    url: str
    name: str
    facts: list[str]
    ways: list[Way]


def page_of(case: Case) -> str:
    """Where a request, or a gathering, is looked at."""
    if case.gathering is not None:
        return reverse("admin:visits_gathering_change", args=[case.gathering])
    return page_at(case.request)


def page_at(request: int) -> str:
    return reverse("admin:visits_visitrequest_change", args=[request])


class Words(Names):
    """Says a plan with the names of people, rooms and requests."""

    # -- What changes --------------------------------------------------------------------

    def change(self, change: Change, *, is_taken: bool = False) -> Told:
        sessions = _by_session(change.steps)
        told = [self._session(steps) for steps in sessions[:MOST_STEPS]]
        more = len(sessions) - len(told)
        if more > 0:
            told.append(ngettext("and %(count)d thing more", "and %(count)d things more", more) % {"count": more})
        line = "; ".join([*told, *_fewer_days(change), *_left_out(change)])
        return Told(change.number, change.case.request, self._heading(change), line, _size(change), is_taken)

    def _heading(self, change: Change) -> str:
        values = {"name": change.case.called, "days": short_days(change.case, change.day)}
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
                "title": leads[0].need.called,
                "room": self.rooms.get(rooms[0].after, ""),
            }
        return "; ".join(self._step(step) for step in steps)

    def _step(self, step: Step) -> str:
        names = self.people if step.need.role == LEAD else self.rooms
        after = names.get(step.after, "")
        values = {"title": step.need.called, "after": after, "before": names.get(step.before or 0, "")}
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
        return self._stuck(reason.number, reason)

    def all_stuck(self, found: Found) -> list[Stuck]:
        """Everybody who has no place, each with the reason as far as one was looked for."""
        reasons = {reason.number: reason for reason in found.reasons}
        return [self._stuck(number, reasons.get(number)) for number in placeless(self.drawn, found)]

    def _stuck(self, number: int, reason: Reason | None) -> Stuck:
        case = self.drawn.cases[number]
        facts = [self._fact(fact, number) for fact in reason.facts] or list(self._lacking(number)) if reason else []
        ways = [self._way(way, reason) for way in reason.ways] if reason else []
        if case.shut:
            facts = [self._fact(Fact(Kind.WISH), number), *plan_shut.told(case)]
            ways = ways or [
                Way(_("Ask them for other days"), _changes([1]), plan_deeds.takes([Fact(Kind.WISH)]), ask_on(case))
            ]
        return Stuck(page_of(case), case.called, facts, ways)

    def _lacking(self, number: int) -> Iterator[str]:
        """What no change would give: a session for which there is nobody and nothing at all."""
        visit = self.drawn.facts.visits[number]
        if self.drawn.cases[number].gathering is not None:
            yield self._left_to_ask(number)
            return
        for n in range(len(visit.needs)):
            if not visit.needs[n]:
                yield self._able(number, n)

    def _fact(self, fact: Fact, number: int) -> str:
        case = self.drawn.cases[number]
        if fact.kind == Kind.WISH:
            days = [words.short_day(day) for day in case.wished]
            return ngettext("They can come on %(days)s only", "They can come on %(days)s only", len(days)) % {
                "days": listed(days)
            }
        if fact.kind == Kind.WEEK:
            return self._full(fact.number)
        if fact.kind == Kind.ABLE:
            return self._able(number, fact.number)
        if fact.kind == Kind.SIZE:
            return self._hall_for(number, next(n for n, need in enumerate(case.needs) if need.people == fact.number))
        if fact.kind in (Kind.HOUR, Kind.SPOKEN):
            return self._as_it_is(fact, case)
        return self._about(fact)

    def _as_it_is(self, fact: Fact, case: Case) -> str:
        """That a session begins when it does, or is led in the language of the guests."""
        need = case.needs[fact.number]
        if fact.kind == Kind.SPOKEN:
            return _("“%(title)s” is led without an interpreter") % {"title": need.called}
        hour = next(one for one in case.agenda if one.session == need.session)
        return _("“%(title)s” begins at %(time)s") % {"title": need.called, "time": clock(hour.start)}

    def _about(self, fact: Fact) -> str:
        values = {"name": self.resource(fact.number)}
        if fact.kind == Kind.DAY:
            day = words.short_day(self.drawn.day(fact.day))
            return _("%(name)s leads as many sessions on %(day)s as one does in a day") % (values | {"day": day})
        if fact.kind == Kind.LEADS and fact.span and fact.task:
            other = self.drawn.cases[fact.task.visit]
            more = {"when": self.when(fact.span), "other": other.called}
            if self.is_person(fact.number):
                return _("%(name)s leads a session of %(other)s in this plan, %(when)s") % (values | more)
            return _("%(name)s has %(other)s in this plan, %(when)s") % (values | more)
        if fact.kind == Kind.BUSY and fact.span:
            more = {"when": self.when(fact.span)}
            if self.is_person(fact.number):
                return _("%(name)s is not there %(when)s") % (values | more)
            return _("%(name)s is taken %(when)s") % (values | more)
        return self._measure(fact) % values

    def _measure(self, fact: Fact) -> str:
        """That somebody has as much as they take, in a month or in the season; with %(name)s to be filled in."""
        if fact.kind != Kind.MONTH:
            return _("%(name)s leads as many sessions as they take")
        told = _("%(name)s meets guests as often as they wish in %(month)s")
        return told % {"name": "%(name)s", "month": MONTHS[self.drawn.day(fact.day).month]}

    def _left_to_ask(self, number: int) -> str:
        """Who could help at a gathering for which there are too few: nobody is asked again."""
        left = [self.resource(one) for one in self.drawn.facts.visits[number].needs[0]]
        title = self.drawn.cases[number].needs[0].called
        if not left:
            return _("Nobody is left to ask whether they help at “%(title)s”") % {"title": title}
        told = _("Only these are left to ask whether they help at “%(title)s”: %(names)s")
        return told % {"title": title, "names": listed(left)}

    def _hall_for(self, number: int, need: int) -> str:
        """Which rooms there are for so many; where there is none, the largest that fewer of them could have."""
        case, halls = self.drawn.cases[number], self.drawn.facts.visits[number].needs[need]
        people, smaller = case.needs[need].people, case.smaller[need] if case.smaller else ()
        if halls and people:
            told = ngettext("Only %(rooms)s holds %(people)d", "Only %(rooms)s hold %(people)d", len(halls))
            return told % {"rooms": listed([self.resource(hall) for hall in halls]), "people": people}
        if not smaller:
            told = _("No room of ours is right for “%(title)s” and for so many guests")
            return told % {"title": case.needs[need].called}
        is_too_small_only = all(seats < people for seats in self.seats.values())
        told = (
            _("No room holds %(people)d: the largest, %(room)s, takes %(most)d")
            if is_too_small_only
            else _("No room that they can use holds %(people)d: the largest of those, %(room)s, takes %(most)d")
        )
        return told % {"people": people, "room": self.resource(smaller[0]), "most": self.seats_of(smaller[0])}

    def _able(self, number: int, need: int) -> str:
        if self.drawn.cases[number].needs[need].role == ROOM:
            return self._hall_for(number, need)
        able = [self.resource(one) for one in self.drawn.facts.visits[number].needs[need]]
        title = self.drawn.cases[number].needs[need].called
        refused = self.drawn.cases[number].refused
        said_no = [self.resource(one) for one in refused[need]] if refused else []
        if not able and said_no:
            told = _("%(names)s said no to “%(title)s”, and nobody else can lead it in the language of the meeting")
            return told % {"names": listed(said_no), "title": title}
        if not able:
            return _("Nobody can lead “%(title)s” in the language of the meeting") % {"title": title}
        return ngettext(
            "One colleague can lead “%(title)s”: %(names)s", "Only some can lead “%(title)s”: %(names)s", len(able)
        ) % {"title": title, "names": listed(able)}

    def _full(self, number: int) -> str:
        house, week = self.week(number)
        full = (
            _("%(site)s receives no visit more in week %(week)d") if house else _("Week %(week)d takes no visit more")
        )
        return full % {"site": house, "week": week}

    def _way(self, way: WayOut, reason: Reason) -> Way:
        numbers = [reason.facts.index(fact) + 1 for fact in way.changed if fact in reason.facts]
        changes = _changes(numbers) if numbers else ""
        link = link_to(way, reason, self.drawn)
        return Way(plan_deeds.done(self, way, reason), changes, plan_deeds.takes(way.changed), link)


def _changes(numbers: Sequence[int]) -> str:
    """Which of the facts, as they are counted on the page, a way out changes."""
    told = ngettext("Changes fact %(facts)s.", "Changes facts %(facts)s.", len(numbers))
    return told % {"facts": listed([str(number) for number in numbers])}


def _by_session(steps: Iterable[Step]) -> list[list[Step]]:
    """The steps of each session together, in their order."""
    found: dict[tuple[int | None, int], list[Step]] = {}
    for step in steps:
        found.setdefault((step.need.session, step.need.item), []).append(step)
    return list(found.values())


def _fewer_days(change: Change) -> Iterator[str]:
    """That they have wished for more days than they would have."""
    case = change.case
    days = sum(is_working_day(day) for day in case.days_from(change.day))
    if days < case.wished_days:
        told = ngettext(
            "%(count)d day of the %(wished)d that they wished for",
            "%(count)d days of the %(wished)d that they wished for",
            days,
        )
        yield told % {"count": days, "wished": case.wished_days}


def _left_out(change: Change) -> Iterator[str]:
    """What is on their list, or their own, and has no hours on these days."""
    for one in change.case.left:
        told = (
            _("no day has %(time)s for what they tell") if one.is_theirs else _("no day has %(time)s for “%(title)s”")
        )
        yield told % {"time": words.minutes(one.minutes), "title": one.called}


def _size(change: Change) -> str:
    if change.is_new:
        return _("New place")
    if change.is_moved and change.was:
        same = change.was.isocalendar()[:2] == change.day.isocalendar()[:2]
        return _("Still the same week") if same else _("Another week")
    return _("Same day")


# -- How good it is ----------------------------------------------------------------------


def counted(drawn: Drawn) -> list[str]:
    """How many requests a plan is for, and how many gatherings that lack people: «13 requests», «7 gatherings»."""
    meetings = drawn.gatherings
    requests = len(drawn.cases) - meetings
    told = [ngettext("%(count)d request", "%(count)d requests", requests) % {"count": requests}]
    more = ngettext("%(count)d gathering", "%(count)d gatherings", meetings) % {"count": meetings}
    return [*told, more] if meetings else told


def goals(drawn: Drawn, found: Found) -> list[Goal]:
    """The goals in their order, with what is proven about each; turns where somebody takes them."""
    visits, placed = len(drawn.cases), sum(drawn.cases[number].gathering is None for number in found.plan)
    names = (
        (_("Places"), _("of %(cases)s") % {"cases": listed(counted(drawn))}),
        (_("Changes of what stands"), ""),
        (_("Steps down their wishes"), _("of %(count)d placed") % {"count": placed}),
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
