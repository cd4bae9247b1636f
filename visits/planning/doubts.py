"""What speaks against an agenda as it stands, in sentences, the gravest first.

Some of it the database refuses when it is pressed; the rest is for people to judge. Three
queries, however long the agenda is, one more for the quiet times of its sites, and one where a site has
a limit of visits a week.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby, pairwise
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import rules, scheduling, weeks, words
from visits.choices import AskState, SessionKind
from visits.models import Booking, QuietTime, Session, Visit
from visits.planning import travel
from visits.planning.checks import CLOSES, OPENS
from visits.planning.closed import closed_words
from visits.planning.timing import blocks, end_of

LONG_GAP: Final = 30  # minutes without anything, beyond the way there
NOON: Final = (time(11), time(14))
SHORTEST_LUNCH: Final = 30


@dataclass(frozen=True)
class Doubt:
    """One thing to look at: how grave (larger is graver), in words, and at which session."""

    weight: int
    words: str
    session: int | None = None
    hard: bool = False
    on_the_way: bool = False  # told at the way itself, before the session


@dataclass(frozen=True)
class Outlook:
    """What speaks against an agenda, and how the guests go between its sites."""

    doubts: Sequence[Doubt]
    legs: Sequence[travel.Leg]

    @property
    def hard(self) -> list[Doubt]:
        return [doubt for doubt in self.doubts if doubt.hard]


def outlook(visit: Visit, sessions: Sequence[Session], *, names_others: bool) -> Outlook:
    """Look at the agenda of `scheduling.sessions_of`; without `names_others` nobody reads what takes a person."""
    known = travel.ways()
    taken = _taken(visit, sessions)
    legs = travel.legs(sessions, known)
    people = visit.request.group_size or 1
    found = [
        *_rooms(sessions, taken, people, names_others),
        *_steps(sessions),
        *_people(sessions, taken, known, names_others),
        *(_way(leg) for leg in legs if not leg.fits),
        *_answers(visit, sessions),
        *_closed(visit, sessions),
        *_days(visit, sessions, legs),
        *_groups(sessions),
        *_sites(visit, sessions),
        *_quiet(sessions),
    ]
    return Outlook(sorted(found, key=lambda doubt: -doubt.weight), legs)


def _taken(visit: Visit, sessions: Iterable[Session]) -> list[Booking]:
    """What else stands in the calendars of these rooms and people over the visit's days."""
    rooms = {session.room_id for session in sessions if session.room_id}
    people = {ask.facilitator_id for session in sessions for ask in session.asks.all()}
    starts = datetime.combine(visit.first_day, time(), rules.STOCKHOLM)
    rows = Booking.objects.overlapping(starts, rules.end_of(visit.last_day)).exclude(session__visit=visit)
    rows = rows.filter(room__in=rooms) | rows.filter(facilitator__in=people)
    related = ("session__visit__request", "session__room__site", "session__site", "facilitator__user", "room")
    return list(rows.select_related(*related))


def _meets(booking: Booking, session: Session) -> bool:
    return booking.starts_at < session.ends_at and booking.ends_at > session.starts_at


def _rooms(sessions: Iterable[Session], taken: Iterable[Booking], size: int, named: bool) -> Iterator[Doubt]:
    for session in sessions:
        room, people = session.room, session.people or size
        if room is None:
            continue
        other = next((b for b in taken if b.room_id == room.pk and _meets(b, session)), None)
        if other:
            yield Doubt(100, _who_is_taken(room.name, other, named), session.pk, hard=True)
        if room.capacity < people:
            told = _("%(room)s holds %(holds)d, and %(people)d come to “%(title)s”.")
            named_values = {"room": room.name, "holds": room.capacity, "people": people, "title": session.title}
            yield Doubt(80, told % named_values, session.pk)


def _steps(sessions: Iterable[Session]) -> Iterator[Doubt]:
    """Said of every room with steps, whoever comes: what the guests need is not read here."""
    held: dict[str, list[Session]] = {}
    for session in sessions:
        if session.room and not session.room.step_free:
            held.setdefault(session.room.name, []).append(session)
    for room, there in held.items():
        one, many = (
            _("%(room)s is not step-free, and “%(title)s” is held there."),
            _("%(room)s is not step-free, and several sessions are held there, “%(title)s” first."),
        )
        told = many if len(there) > 1 else one
        yield Doubt(50, told % {"room": room, "title": there[0].title}, there[0].pk)


def _sites(visit: Visit, sessions: Sequence[Session]) -> Iterator[Doubt]:
    """Our sites that receive no visit more that week."""
    for full in weeks.sites.beyond(sessions, without=visit.request_id):
        there = next(session for session in sessions if session.where == full.site)
        yield Doubt(95, weeks.sites.told(full), there.pk, hard=True)


def _quiet(sessions: Sequence[Session]) -> Iterator[Doubt]:
    """What is held where and when a house would rather have no guests; a break there disturbs nobody."""
    there = [(session.where, session) for session in sessions if session.where and session.kind != SessionKind.BREAK]
    times = QuietTime.objects.filter(site__in={site for site, _session in there}).order_by("starts") if there else ()
    for quiet in times:
        for site, session in there:
            starts, ends = (at.astimezone(rules.STOCKHOLM) for at in (session.starts_at, session.ends_at))
            if site.pk == quiet.site_id and quiet.meets(starts, ends):
                yield Doubt(60, _quiet_words(quiet, session), session.pk)


def _quiet_words(quiet: QuietTime, session: Session) -> str:
    values = {
        "site": session.where, "from": words.clock(quiet.starts), "to": words.clock(quiet.ends),
        "title": session.title, "why": quiet.words,
    }  # fmt: skip
    if quiet.words:
        return _("%(site)s has quiet from %(from)s to %(to)s (%(why)s), and “%(title)s” is held there then.") % values
    return _("%(site)s has quiet from %(from)s to %(to)s, and “%(title)s” is held there then.") % values


def _who_is_taken(who: str, other: Booking, named: bool) -> str:
    if named:
        return scheduling.taken_words(who, other)
    if other.is_whole_days:
        return _("%(who)s is taken all day.") % {"who": who}
    times = {"who": who, "from": words.clock(other.starts_at), "to": words.clock(other.ends_at)}
    return _("%(who)s is taken from %(from)s to %(to)s.") % times


def _people(sessions: Iterable[Session], taken: Sequence[Booking], known: travel.Ways, named: bool) -> Iterator[Doubt]:
    """Everybody who is put down or asked: whether they are elsewhere then, and come there in time."""
    led: dict[int, list[Session]] = {}
    names: dict[int, str] = {}
    for session in sessions:
        for ask in session.asks.all():
            if ask.state in rules.LIVE_ASKS:
                led.setdefault(ask.facilitator_id, []).append(session)
                names[ask.facilitator_id] = ask.facilitator.name
    for person, rows in led.items():
        others = [booking for booking in taken if booking.facilitator_id == person]
        yield from _one_person(names[person], rows, others, known, named)


def _one_person(
    name: str, led: Sequence[Session], others: Sequence[Booking], known: travel.Ways, named: bool
) -> Iterator[Doubt]:
    for session in led:
        other = next((booking for booking in others if _meets(booking, session)), None)
        if other:
            yield Doubt(90, _who_is_taken(name, other, named), session.pk, hard=True)
    for first, second in pairwise(led):
        if second.starts_at < first.ends_at:
            told = _("%(name)s is put down for “%(one)s” and “%(other)s”, which are held at once.")
            yield Doubt(90, told % {"name": name, "one": first.title, "other": second.title}, second.pk, hard=True)
    elsewhere = [booking.session for booking in others if booking.session]
    mine = {session.pk for session in led}
    everything = sorted([*led, *elsewhere], key=lambda session: session.starts_at)
    by_day = groupby(everything, key=lambda session: words.local_date(session.starts_at))
    for _day, rows in by_day:
        for leg in travel.path(rows, known):
            if leg.minutes is not None and 0 <= leg.gap < leg.minutes:
                yield Doubt(70, _late(name, leg), leg.after.pk if leg.after.pk in mine else leg.before.pk)


def _late(name: str, leg: travel.Leg) -> str:
    told = _("%(name)s has %(gap)d minutes from %(start)s to %(end)s, and needs %(minutes)d.")
    return told % {"name": name, "gap": leg.gap, "start": leg.start.name, "end": leg.end.name, "minutes": leg.minutes}


def _way(leg: travel.Leg) -> Doubt:
    places = {"start": leg.start.name, "end": leg.end.name, "title": leg.after.title}
    if leg.minutes is None:
        told = _("Nobody has written down how long it takes from %(start)s to %(end)s.")
        return Doubt(30, told % places, leg.after.pk, on_the_way=True)
    late = ngettext("From %(start)s to %(end)s the guests come %(late)d minute late to “%(title)s”.",
                    "From %(start)s to %(end)s the guests come %(late)d minutes late to “%(title)s”.",
                    -leg.spare)  # fmt: skip
    return Doubt(75, late % (places | {"late": -leg.spare}), leg.after.pk, on_the_way=True)


def _answers(visit: Visit, sessions: Iterable[Session]) -> Iterator[Doubt]:
    waiting: dict[str, int] = {}
    for session in sessions:
        live = [ask for ask in session.asks.all() if ask.state in rules.LIVE_ASKS and ask.is_to_lead]
        if not session.needs_facilitator or any(ask.state == AskState.ACCEPTED for ask in live):
            continue
        waiting |= {ask.facilitator.name: session.pk for ask in live if ask.state == AskState.ASKED}
        if not live:
            yield Doubt(45, _("Nobody leads “%(title)s” yet.") % {"title": session.title}, session.pk)
    if waiting:
        yield Doubt(5, _missing(visit, list(waiting)))


def _missing(visit: Visit, names: Sequence[str]) -> str:
    told = ngettext("One answer is missing: %(names)s. You may propose before it comes.",
                    "%(count)s answers are missing: %(names)s. You may propose before they come.",
                    len(names))  # fmt: skip
    if visit.request.request_state in rules.STANDING:
        told = ngettext("One answer is missing: %(names)s.", "%(count)s answers are missing: %(names)s.", len(names))
    return told % {"names": ", ".join(names), "count": words.spelled(len(names)).capitalize()}


def _closed(visit: Visit, sessions: Iterable[Session]) -> Iterator[Doubt]:
    """Days that guests cannot choose by themselves: we may, and are told."""
    held = {words.local_date(session.starts_at) for session in sessions}
    for told in closed_words(visit.first_day, visit.last_day, held=held):
        yield Doubt(65, told)


def _days(visit: Visit, sessions: Sequence[Session], legs: Sequence[travel.Leg]) -> Iterator[Doubt]:
    for day in visit.days:
        rows = [session for session in sessions if words.local_date(session.starts_at) == day]
        if rows:
            yield from _hours(day, rows)
            yield from _pauses(rows, legs)
        elif rules.is_working_day(day) or day in (visit.first_day, visit.last_day):
            yield Doubt(40, _("%(day)s has no session yet.") % {"day": _begins(words.weekday(day))})


def _begins(told: str) -> str:
    return told[:1].upper() + told[1:]


def _hours(day: date, rows: Sequence[Session]) -> Iterator[Doubt]:
    opens, closes, noon, after = (datetime.combine(day, hour, rules.STOCKHOLM) for hour in (OPENS, CLOSES, *NOON))
    for row in rows:
        if row.starts_at < opens or row.ends_at > closes:
            told = _("“%(title)s” is outside our hours, %(opens)s to %(closes)s.")
            yield Doubt(35, told % {"title": row.title, "opens": words.clock(OPENS), "closes": words.clock(CLOSES)},
                        row.pk)  # fmt: skip
    eats = any(row.kind == SessionKind.BREAK and row.minutes >= SHORTEST_LUNCH and row.starts_at < after
               and row.ends_at > noon for row in rows)  # fmt: skip
    if rows[0].starts_at < noon and end_of(rows) > after and not eats:
        yield Doubt(38, _("%(day)s has no lunch.") % {"day": _begins(words.weekday(day))}, rows[0].pk)


def _pauses(rows: Sequence[Session], legs: Sequence[travel.Leg]) -> Iterator[Doubt]:
    on_the_way = {leg.after.pk: leg.minutes or 0 for leg in legs}
    for before, after in pairwise(blocks(rows)):
        minutes = int((after[0].starts_at - end_of(before)).total_seconds() // 60)
        if minutes - on_the_way.get(after[0].pk, 0) > LONG_GAP:
            told = _("%(time)s before “%(title)s” have nothing in them.")
            yield Doubt(10, told % {"time": words.minutes(minutes), "title": after[0].title}, after[0].pk)


def _groups(sessions: Iterable[Session]) -> Iterator[Doubt]:
    for block in blocks(sessions):
        parts = {session.group for session in block}
        if len(parts) == 1 and "" not in parts:
            told = _("Only one group has “%(title)s”, and the others nothing meanwhile.")
            yield Doubt(42, told % {"title": block[0].title}, block[0].pk)
