"""What a yes would mean to somebody: how far it is from where they work, who else is there, and their week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from django.db.models import F, FilteredRelation, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import words
from visits.choices import AskRole, AskState, BookingKind, FacilitatorKind
from visits.models import Ask, Booking, Facilitator, GatheringAsk, Session, Site, Travel
from visits.models.booking import BookingQuerySet
from visits.models.on_the_way import nearby
from visits.scheduling import living
from visits.scheduling.beyond import Beyond, beyond
from visits.scheduling.clashes import known_in_the_way, site_of
from visits.scheduling.diary import start_of
from visits.scheduling.load import NOTHING
from visits.scheduling.refusals import InTheWay

COUNTS: Final = (BookingKind.SESSION, BookingKind.NETWORK)  # in what somebody leads, or helps at, in a week
A_WEEK: Final = timedelta(weeks=1)


@dataclass(frozen=True)
class OwnWay:
    """The way from where somebody works: none for what is held there, else so many minutes each way."""

    site: Site
    minutes: int

    @property
    def words(self) -> str:
        """Said to themselves."""
        if not self.minutes:
            return _("No travel for you")
        told = ngettext("%(minutes)d minute each way", "%(minutes)d minutes each way", self.minutes)
        return told % {"minutes": self.minutes}


class OwnWays:
    """The ways from where somebody works to our sites; one query, none where they have not said where that is."""

    def __init__(self, person: Facilitator) -> None:
        self.home = person.site_id
        self._ways: Mapping[frozenset[int], int] = Travel.objects.shortest() if self.home else {}

    def to(self, site: Site | None) -> OwnWay | None:
        """None where nothing is known of the way."""
        if site is None or self.home is None:
            return None
        minutes = 0 if site.pk == self.home else self._ways.get(frozenset((site.pk, self.home)))
        return None if minutes is None else OwnWay(site, minutes)


def own_bookings(person: Facilitator, today: date, asked: Iterable[Session | GatheringAsk] = ()) -> list[Booking]:
    """Their time that is taken, from the first day of this week on, the soonest first: all of a week counts in it.

    With what it is taken by, and with the ways from there to where they are `asked` to be; one query.
    """
    since = start_of(today - timedelta(days=today.weekday()))
    rows = Booking.objects.filter(facilitator=person, ends_at__gt=since).order_by("starts_at")
    return list(_told(rows, asked))


def _told(rows: BookingQuerySet, asked: Iterable[Session | GatheringAsk]) -> BookingQuerySet:
    places = sorted({place for place in map(site_of, asked) if place is not None})
    return rows.select_related("session", "gathering__programme", "site").with_ways_to(*places)


def before_a_yes(
    person: Facilitator, asked: Session | GatheringAsk, bookings: Collection[Booking] | None = None
) -> InTheWay | None:
    """What stands in the way of a yes, told to themselves before they answer.

    `bookings` are theirs as `own_bookings` reads them; without them those around it are read, in one query.
    """
    with_it = living.around(person, asked) if isinstance(asked, Session) else []
    if bookings is None:
        first, last = nearby(asked.starts_at - living.LONGEST, asked.ends_at + living.LONGEST)
        near = Booking.objects.filter(facilitator=person).overlapping(first, last).order_by("starts_at")
        bookings = list(_told(near, [asked]))
    return known_in_the_way(asked, bookings, with_it)


@dataclass(frozen=True)
class Beside:
    """Who else has said yes to a session, as one of ours reads it."""

    leads: list[str] = field(default_factory=list)  # where they themselves would learn beside
    helps: list[str] = field(default_factory=list)
    tells: list[str] = field(default_factory=list)  # of the Living Library


class _Yes(NamedTuple):
    """One who has said yes to a session, as plain values."""

    session: int
    ask: int
    role: str
    kind: str
    first_name: str
    last_name: str
    email: str

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.email


WHO: Final = ("role", "facilitator__kind", *(f"facilitator__user__{n}" for n in ("first_name", "last_name", "email")))


def beside(ask: Ask) -> Beside:
    """Who else has said yes to the session of an ask; one query."""
    yes = Ask.objects.filter(session=ask.session_id, state=AskState.ACCEPTED).order_by("pk")
    return _beside(ask, [_Yes(*row) for row in yes.values_list("session", "pk", *WHO)])


def agendas(asks: Collection[Ask]) -> tuple[dict[int, list[Session]], dict[int, Beside]]:
    """The sessions of the visits that some asks are about, by the visit's number, and who is beside, by the ask's.

    One query for both, none for no asks.
    """
    sessions: defaultdict[int, dict[int, Session]] = defaultdict(dict)
    found: defaultdict[int, list[_Yes]] = defaultdict(list)
    yes = FilteredRelation("asks", condition=Q(asks__state=AskState.ACCEPTED))
    rows: Any = Session.objects.filter(visit__in={ask.session.visit_id for ask in asks}).annotate(yes=yes)
    columns = {f"yes_{n}": F(f"yes__{path}") for n, path in enumerate(("pk", *WHO))}
    for row in rows.annotate(**columns).order_by("starts_at", "pk", "yes_0") if asks else ():
        sessions[row.visit_id].setdefault(row.pk, row)
        who = [getattr(row, name) for name in columns]
        if who[0] is not None:
            found[row.pk].append(_Yes(row.pk, *who))
    by_visit = {visit: list(there.values()) for visit, there in sessions.items()}
    return by_visit, {ask.pk: _beside(ask, found[ask.session_id]) for ask in asks}


def _beside(ask: Ask, found: Iterable[_Yes]) -> Beside:
    told = Beside()
    for one in found:
        names = told.helps
        if one.role == AskRole.VOICE or (one.kind == FacilitatorKind.LIVING_LIBRARY and ask.is_to_lead):
            names = told.tells
        elif one.role == AskRole.LEADER and not ask.is_to_lead:
            names = told.leads
        if one.ask != ask.pk:
            names.append(one.name)
    return told


@dataclass(frozen=True)
class OwnWeek:
    """How often somebody would lead, or help, in a week, and how often they chose to at most."""

    times: int
    most: int

    @property
    def is_beyond(self) -> bool:
        return self.times > self.most

    @property
    def words(self) -> str:
        """Said to themselves."""
        told = ngettext(
            "With this you lead or help once that week. You wrote “at most %(most)s”.",
            "With this you lead or help %(count)s times that week. You wrote “at most %(most)s”.",
            self.times,
        )
        return told % {"count": words.spelled(self.times), "most": words.spelled(self.most)}


def own_week(person: Facilitator, starts_at: datetime, bookings: Iterable[Booking]) -> OwnWeek | None:
    """What a yes to something at that time makes of their week; None for whoever has set no limit to it.

    `bookings` holds theirs of that week.
    """
    if person.sessions_a_week is None:
        return None
    monday = _monday(words.local_date(starts_at))
    there = [one for one in bookings if one.kind in COUNTS and _monday(words.local_date(one.starts_at)) == monday]
    return OwnWeek(len(there) + 1, person.sessions_a_week)


def beyond_with(people: Collection[Facilitator], starts_at: datetime, ends_at: datetime) -> dict[int, Beyond]:
    """Whoever would lead or help more than they chose to with something at that time, by number; one query.

    What they do at that very time is not counted: it may be this.
    """
    day = words.local_date(starts_at)
    monday = _monday(day)
    near = Booking.objects.filter(kind__in=COUNTS, facilitator__in=[one.pk for one in people])
    near = near.overlapping(start_of(monday), start_of(monday + A_WEEK))
    counted: defaultdict[int, int] = defaultdict(int)
    for who, begins, ends in near.order_by().values_list("facilitator", "starts_at", "ends_at"):
        counted[who or 0] += begins >= ends_at or ends <= starts_at
    loads = {one.pk: NOTHING._replace(sessions_that_week=counted[one.pk]) for one in people}
    found = {one.pk: beyond(one, day, loads[one.pk]) for one in people}
    return {key: said for key, said in found.items() if said is not None}


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
