"""What a calendar program does with the files that it is given (RFC 5546), as far as it matters here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import vobject
from icalendar import Calendar

from visits import access, feeds
from visits.models import Facilitator


@dataclass
class Imported:
    """A guest's calendar: events by UID; a newer SEQUENCE replaces, CANCELLED removes, an older file does nothing."""

    events: dict[str, tuple[int, str, datetime]] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)

    def take(self, file: bytes) -> Imported:
        calendar = Calendar.from_ical(file)
        for event in calendar.walk("VEVENT"):
            uid, number = str(event["uid"]), int(event["sequence"])
            if number < self.seen.get(uid, 0):
                continue
            self.seen[uid] = number
            if str(calendar["method"]) == "CANCEL" or str(event["status"]) == "CANCELLED":
                self.events.pop(uid, None)
            else:
                self.events[uid] = (number, str(event["summary"]), event["dtstart"].dt)
        return self

    @property
    def hours(self) -> list[tuple[str, str]]:
        """What stands in it, in order: time on the wall, and title."""
        rows = sorted((start, title) for _number, title, start in self.events.values())
        return [(f"{start:%H.%M}", title) for start, title in rows]


def by_the_other_parser(file: bytes) -> list[tuple[str, datetime, str]]:
    """UID, start and title of each event as another library reads them."""
    calendar = vobject.readOne(file.decode())
    return [(event.uid.value, event.dtstart.value, event.summary.value) for event in calendar.vevent_list]


def by_the_first_parser(file: bytes) -> list[tuple[str, datetime, str]]:
    events = Calendar.from_ical(file).walk("VEVENT")
    return [(str(event["uid"]), event["dtstart"].dt, str(event["summary"])) for event in events]


def own_calendar(person: Facilitator) -> bytes:
    """A facilitator's own calendar file as their calendar program reads it now."""
    link = access.feed_link(person) or access.new_feed(person)
    file = feeds.facilitator_calendar(access.digest_of(access.token(link)))
    assert file
    return file.content
