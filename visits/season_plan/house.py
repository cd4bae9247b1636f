"""Our people and rooms as the planner sees them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Any, Final

from visits import rules, words
from visits.choices import AskState, CompetenceLevel
from visits.models import Ask, Booking, Facilitator, QuietTime, Room, SpecialNeeds, Travel
from visits.optimum import DAY, Limit, Resource, Span
from visits.scheduling import living
from visits.season_plan.calendar import Calendar

A_MONTH: Final = timedelta(days=31)  # a month that the season begins or ends in is counted whole
MOST_A_DAY: Final = 4  # sessions that one person leads
Taken = dict[int, list[Span]]


@dataclass(frozen=True)
class House:
    """People and then rooms; their numbers are their places in the two lists, one after the other."""

    people: tuple[Facilitator, ...]  # with their areas
    rooms: tuple[Room, ...]
    people_taken: Taken
    rooms_taken: Taken
    led: Mapping[int, int]
    days_led: Mapping[int, Sequence[date]]  # also shortly before and after the season
    ways: Mapping[tuple[int, int], int]
    step_free: frozenset[int]  # the requests whose guests need it
    quiet: tuple[QuietTime, ...] = ()

    def person(self, pk: int) -> int | None:
        return next((number for number, one in enumerate(self.people) if one.pk == pk), None)

    def room(self, pk: int) -> int | None:
        return next((len(self.people) + number for number, one in enumerate(self.rooms) if one.pk == pk), None)

    def able(
        self, areas: Collection[int], languages: Collection[str], *, on: date, level: int = CompetenceLevel.LEADS
    ) -> tuple[int, ...]:
        """Who can do so much on a day in one of the areas, where there are any, and speaks one of the languages.

        Of the Living Library those who have agreed to it.
        """
        return tuple(
            number
            for number, person in enumerate(self.people)
            if _knows(person, areas, level, on)
            and set(languages) & set(person.languages)
            and living.may_be_asked(person)
        )

    @property
    def helpers(self) -> tuple[int, ...]:
        """Who may help at a gathering, where Swedish is spoken; those of the Living Library meet guests only."""
        return tuple(
            number for number, person in enumerate(self.people)
            if not living.is_living(person) and "sv" in person.languages
        )  # fmt: skip

    def halls(self, people: int, *, step_free: bool, site: int | None = None) -> tuple[int, ...]:
        """The rooms that hold so many, the smallest first; at one site where that is said.

        Without one, in the houses that receive as many as the week takes: the others only by choice.
        """
        fitting = [
            (room.capacity, len(self.people) + number)
            for number, room in enumerate(self.rooms)
            if room.capacity >= people and (room.step_free or not step_free) and _is_at(room, site)
        ]
        return tuple(number for _capacity, number in sorted(fitting))

    def home(self, people: int, *, step_free: bool) -> int | None:
        """The house with a limit to which guests come when no other has a room for them; None where one has."""
        if self.halls(people, step_free=step_free):
            return None
        limited = {room.site_id for room in self.rooms if room.site.weekly_visits}
        halls = {site: len(self.halls(people, step_free=step_free, site=site)) for site in limited}
        return min((site for site in halls if halls[site]), key=lambda site: (-halls[site], site), default=None)

    def at_ease(self, halls: tuple[int, ...], starts: time, ends: time) -> tuple[int, ...]:
        """Those of the rooms whose house has no quiet time then on any day; all of them where every house has."""
        loud = tuple(number for number in halls if not self._is_quiet(self._site_of(number), starts, ends))
        return loud or halls

    def _site_of(self, hall: int) -> int:
        return self.rooms[hall - len(self.people)].site_id

    def _is_quiet(self, site: int, starts: time, ends: time) -> bool:
        return any(one.site_id == site and starts < one.ends and ends > one.starts for one in self.quiet)

    def resources(self, calendar: Calendar, sessions: int) -> tuple[Resource, ...]:
        """Everybody with what they have already; `sessions` are still to be led by somebody."""
        shares = self._shares(sessions)
        people = [
            Resource(
                busy=tuple(
                    sorted(
                        {
                            *self.people_taken.get(one.pk, ()),
                            *_resting(one, calendar),
                            *_recovering(one, calendar, self.days_led.get(one.pk, ())),
                        }
                    )
                ),
                most_a_day=MOST_A_DAY,
                share=shares[one.pk],
                led=self.led.get(one.pk, 0),
                **_in_the_library(one, calendar, self.days_led.get(one.pk, ())),
            )
            for one in self.people
        ]
        return (*people, *(Resource(busy=tuple(sorted(self.rooms_taken.get(room.pk, ())))) for room in self.rooms))

    def _shares(self, sessions: int) -> dict[int, int]:
        """How many sessions of the season would be fair: by the hours that were agreed on, else like the middle."""
        agreed = [one.hours_a_year for one in self.people if one.hours_a_year]
        middle = median(agreed) if agreed else 1
        weights = {one.pk: one.hours_a_year or middle for one in self.people}
        whole = sum(weights.values()) or 1
        all_sessions = sessions + sum(self.led.values())
        return {pk: round(all_sessions * weight / whole) for pk, weight in weights.items()}


def _is_at(room: Room, site: int | None) -> bool:
    return room.site.weekly_visits is None if site is None else room.site_id == site


def _resting(person: Facilitator, calendar: Calendar) -> list[Span]:
    """The whole days that do not suit somebody."""
    days = range(calendar.number(calendar.last) + 1)
    unsuited = (n for n in days if (calendar.origin + timedelta(days=n)).isoweekday() not in person.weekdays)
    return [Span(n * DAY, (n + 1) * DAY) for n in unsuited if _is_workday(calendar, n)]


def _recovering(person: Facilitator, calendar: Calendar, days_led: Iterable[date]) -> list[Span]:
    """The days of rest that what stands already leaves somebody of the Living Library; those days themselves not."""
    terms = living.terms_of(person)
    rest = terms.rest_days if terms else 0
    led = {calendar.number(day) for day in days_led}
    near = {n for day in led for n in range(day - rest, day + rest + 1)} - led
    return [Span(n * DAY, (n + 1) * DAY) for n in sorted(near)]


def _in_the_library(person: Facilitator, calendar: Calendar, days_led: Collection[date]) -> dict[str, Any]:
    """What somebody of the Living Library has agreed to, as the planner keeps it; nothing for all others."""
    terms, row = living.terms_of(person), living.row_of(person)
    if terms is None:
        return {}
    if row is None:
        return {"varied": True}
    return {
        "before": row.preparation_minutes,
        "after": row.debrief_minutes,
        "rest": terms.rest_days,
        "limits": tuple(_months(terms.sessions_a_month, calendar, days_led)),
        "varied": True,
    }


def _months(most: int | None, calendar: Calendar, days_led: Collection[date]) -> Iterator[Limit]:
    """What is left of somebody's measure in each month of the season."""
    first = calendar.origin.replace(day=1)
    while most is not None and first <= calendar.last:
        after = (first + timedelta(days=31)).replace(day=1)
        led = sum(first <= day < after for day in days_led)
        yield Limit(calendar.number(first), calendar.number(after) - 1, max(most - led, 0))
        first = after


def _is_workday(calendar: Calendar, number: int) -> bool:
    return (calendar.origin + timedelta(days=number)).weekday() < 5


def _knows(person: Facilitator, areas: Collection[int], level: int, on: date) -> bool:
    """Whether somebody can do so much on a day in one of the areas; an area that they lead needs no row to say so."""
    rows = {row.area_id: row for row in person.competences.all()}
    led = [area.pk for area in person.areas.all() if area.pk in areas]
    return not areas or any(
        rows[pk].level >= level and rows[pk].holds_on(on) if pk in rows else level <= CompetenceLevel.LEADS
        for pk in led
    )


def house(calendar: Calendar, *, movable: Collection[int]) -> House:
    """Who there is, and what takes their time but the requests `movable`, which are planned anew; nine queries."""
    people = Facilitator.objects.active().select_related("user", "living").prefetch_related("areas", "competences")
    begins = datetime.combine(calendar.origin, time(), rules.STOCKHOLM)
    ends = datetime.combine(calendar.last + rules.DAY, time(), rules.STOCKHOLM)
    people_taken, rooms_taken = _taken(calendar, begins, ends, movable)
    led, days_led = _led(begins, ends, movable)
    return House(
        people=tuple(people.order_by("pk")),
        rooms=tuple(Room.objects.select_related("site").order_by("pk")),
        people_taken=people_taken,
        rooms_taken=rooms_taken,
        led=led,
        days_led=days_led,
        ways=_ways(),
        step_free=frozenset(pk for pk, guests in SpecialNeeds.objects.values_list("request", "step_free") if guests),
        quiet=tuple(QuietTime.objects.order_by("pk")),
    )


def _led(begins: datetime, ends: datetime, movable: Collection[int]) -> tuple[dict[int, int], dict[int, list[date]]]:
    """How many sessions each has said yes to in the season, and on which days around it."""
    count: dict[int, int] = defaultdict(int)
    days: dict[int, list[date]] = defaultdict(list)
    around = (begins - A_MONTH, ends + A_MONTH)
    yes = Ask.objects.filter(state=AskState.ACCEPTED, session__starts_at__range=around)
    rows = yes.exclude(session__visit__request__in=movable).order_by()
    for pk, starts_at in rows.values_list("facilitator", "session__starts_at"):
        count[pk] += begins <= starts_at < ends
        days[pk].append(words.local_date(starts_at))
    return dict(count), dict(days)


def _taken(calendar: Calendar, begins: datetime, ends: datetime, movable: Collection[int]) -> tuple[Taken, Taken]:
    people: Taken = defaultdict(list)
    rooms: Taken = defaultdict(list)
    rows = Booking.objects.overlapping(begins, ends).exclude(session__visit__request__in=movable).order_by()
    for person, room, starts_at, ends_at, site in rows.values_list(
        "facilitator", "room", "starts_at", "ends_at", "site"
    ):
        span = calendar.span(starts_at, ends_at, site)
        (people[person] if person else rooms[room]).append(span)
    return people, rooms


def _ways() -> dict[tuple[int, int], int]:
    """The shortest way between any two sites, the smaller number first."""
    found: dict[tuple[int, int], int] = {}
    for one, other, minutes in Travel.objects.order_by("-minutes").values_list("one", "other", "minutes"):
        found[min(one, other), max(one, other)] = minutes
    return found
