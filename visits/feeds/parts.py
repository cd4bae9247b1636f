"""What every calendar file is made of."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final

from django.utils import timezone
from django.utils.http import quote_etag
from icalendar import Calendar, Event, Timezone

from visits import rules, text
from visits.choices import GroupPart
from visits.models import Session

PRODUCT: Final = "-//Qulturum//Co-learning visits//EN"
DOMAIN: Final = "colearning.qulturum"  # of the UIDs; it stays the same when the portal moves
# As a rule, which every program follows: a list of all dates is left aside by some, and is long.
SWEDISH_TIME: Final = """BEGIN:VTIMEZONE
TZID:Europe/Stockholm
BEGIN:DAYLIGHT
DTSTART:19810329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
""".replace("\n", "\r\n")
REFRESH: Final = timedelta(hours=1)
_END: Final = b"END:VCALENDAR\r\n"
_HAS_A_MOMENT: Final = b"\r\nDTSTART;TZID="


def calendar(name: str, *, method: str = "PUBLISH") -> Calendar:
    """An empty calendar that programs look at again each hour."""
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", method)
    made.add("x-wr-calname", text.single_line(name))
    made.add("x-wr-timezone", rules.STOCKHOLM.key)
    made.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    made.add("x-published-ttl", "PT1H")
    return made


def written(made: Calendar) -> bytes:
    """The file, with the time zone of its moments first."""
    if any(event.start and isinstance(event.start, datetime) for event in made.events):
        made.subcomponents.insert(0, Timezone.from_ical(SWEDISH_TIME))
    file: bytes = made.to_ical()
    return file


def joined(made: Calendar, events: Sequence[bytes]) -> bytes:
    """The same file with events that are written already."""
    if any(_HAS_A_MOMENT in event for event in events):
        made.subcomponents.insert(0, Timezone.from_ical(SWEDISH_TIME))
    file: bytes = made.to_ical()
    return b"".join([file.removesuffix(_END), *events, _END])


def etag_of(file: bytes) -> str:
    """What names a file as it is: another one when anything in it changes."""
    return quote_etag(hashlib.sha256(file).hexdigest()[:32])


def event_bytes(made: Event) -> bytes:
    """One event as it stands in a file."""
    file: bytes = made.to_ical()
    return file


def event(uid: str, *, sequence: int = 0, stamp: datetime | None) -> Event:
    """An event known by `uid` for ever; `sequence` grows when it says something else."""
    made = Event()
    made.add("uid", f"{uid}@{DOMAIN}")
    made.add("sequence", sequence)
    # Not the clock: the same rows give the same bytes.
    made.add("dtstamp", (stamp or timezone.now()).astimezone(UTC))
    return made


def when(made: Event, starts_at: datetime, ends_at: datetime) -> None:
    """Moments by the clock in Stockholm; whole days as days."""
    start, end = starts_at.astimezone(rules.STOCKHOLM), ends_at.astimezone(rules.STOCKHOLM)
    whole = {(moment.hour, moment.minute, moment.second) for moment in (start, end)} == {(0, 0, 0)}
    made.add("dtstart", _day(start) if whole else start)
    made.add("dtend", _day(end) if whole else end)


def _day(moment: datetime) -> date:
    return moment.date()


def title(session: Session) -> str:
    """«Meet Esther»; «Group A: Meet Esther» while the guests are in two groups, each at a place of its own."""
    return title_of(session.title, GroupPart(session.group) if session.group else None)


def title_of(title: str, group: GroupPart | None) -> str:
    """The same of plain values."""
    return f"{group.label}: {title}" if group else title


def place(session: Session) -> str:
    """Where it is, and in which house where anybody has said it."""
    room, house = session.room, session.site.name if session.site else None
    name, room_house = (room.name, room.site.name) if room else (None, None)
    return place_of(session.place, house=house, room=name, room_house=room_house)


def place_of(place: str, *, house: str | None, room: str | None, room_house: str | None) -> str:
    """The same of plain values."""
    if room:
        return f"{room}, {room_house}"
    return place if not house or house in place else ", ".join(part for part in (place, house) if part)


def lines(*parts: str) -> str:
    """Lines without the characters that break a calendar file: NUL, VT, U+2028 and their like."""
    return "\n".join(text.single_line(line) for part in parts if part for line in part.split("\n"))
