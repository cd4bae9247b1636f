"""The names of people, rooms, houses, days and weeks in a plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from visits import words
from visits.admin.queue.line import short_range
from visits.models import Facilitator, Room, Site
from visits.optimum import DAY, Span
from visits.season_plan import Case, Drawn


class Names:
    """What the numbers of a plan are called; two queries, and one for houses with a limit."""

    def __init__(self, drawn: Drawn) -> None:
        self.drawn = drawn
        self.people = dict(_names(drawn.people))
        rooms = list(Room.objects.filter(pk__in=drawn.rooms).order_by().values_list("pk", "name", "capacity"))
        self.rooms: Mapping[int, str] = {pk: name for pk, name, _seats in rooms}
        self.seats: Mapping[int, int] = {pk: seats for pk, _name, seats in rooms}
        houses = {site for site, _week, _number in drawn.site_weeks}
        self.sites: Mapping[int, str] = dict(Site.objects.filter(pk__in=houses).order_by().values_list("pk", "name"))

    def resource(self, number: int) -> str:
        row = self.drawn.row_of(number)
        if self.is_person(number):
            return self.people.get(row, _("Somebody who has left"))
        return self.rooms.get(row, _("A room that is gone"))

    def is_person(self, number: int) -> bool:
        return number < len(self.drawn.people)

    def seats_of(self, hall: int) -> int:
        """How many a room takes."""
        return self.seats.get(self.drawn.row_of(hall), 0)

    def when(self, span: Span) -> str:
        first, last = self.drawn.day(span.day), self.drawn.day((span.end - 1) // DAY)
        if last > first:
            return short_range(first, last)
        if span.end - span.start >= DAY:
            return words.short_day(first)
        return f"{words.short_day(first)} {clock(span.start)}–{clock(span.end)}"

    def week(self, number: int) -> tuple[str, int]:
        """The house, where it is a week of one, and the number that a week has in its year."""
        site, monday = self.drawn.week_of(number)
        return self.sites.get(site, "") if site is not None else "", words.week(monday)


def short_days(case: Case, first: date) -> str:
    """«9 Mar», «9–10 Mar»."""
    return short_range(first, case.last_day(first))


def listed(several: Sequence[str]) -> str:
    return str(get_text_list(list(several), _("and")))


def clock(minute: int) -> str:
    hour, rest = divmod(minute % DAY, 60)
    return f"{hour:02d}.{rest:02d}"


def _names(keys: Iterable[int]) -> Iterable[tuple[int, str]]:
    people = Facilitator.objects.filter(pk__in=keys).select_related("user").order_by()
    return ((one.pk, one.name) for one in people)
