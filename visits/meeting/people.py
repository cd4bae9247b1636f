"""Those in a visit's room: how they introduce themselves, what each has chosen, and when they last looked in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.utils.translation import gettext as _

from visits.meeting.doors import Speaker, present
from visits.meeting.opening import visit_of
from visits.models import HostIntroduction, Participant, User, Visit, VisitRequest


@dataclass(frozen=True)
class Person:
    """Somebody who has said hello."""

    name: str
    role: str
    text: str
    is_guest: bool


@dataclass(frozen=True)
class Own:
    """What one of those in the room has chosen and written for themselves."""

    words: str = ""
    wants_news: bool = True
    seen_at: datetime | None = None


class Hello:
    """The group and the hosts of a visit, and how they have introduced themselves; three queries."""

    def __init__(self, visit_request: VisitRequest, visit: Visit) -> None:
        self.visit_request = visit_request
        self.guests = list(Participant.objects.filter(visit=visit).exclude(name=""))
        self.asks = list(present().filter(session__visit=visit).select_related("session", "facilitator__user"))
        rows = HostIntroduction.objects.filter(visit=visit).select_related("user__facilitator__user").order_by("pk")
        self.introductions = list(rows)

    @cached_property
    def hosts(self) -> dict[int, str]:
        """Those of us whom the guests meet, with what they do, by the number of their account."""
        found: dict[int, str] = {}
        if self.visit_request.coordinator_id is not None:
            found[self.visit_request.coordinator_id] = _("Your host")
        for ask in self.asks:
            if ask.may_be_named:
                found.setdefault(ask.facilitator.user_id, ask.session.title)
        return found

    @property
    def people(self) -> list[Person]:
        """Who has said hello, hosts and guests by turns, as one meets."""
        host = self.visit_request.coordinator_id
        here = [row for row in self.introductions if row.text and self._is_here(row.user)]
        ours = [self._host(row) for row in sorted(here, key=lambda row: (row.user_id != host, row.pk))]
        theirs = [Person(row.name, row.role, row.introduction, is_guest=True) for row in self._guests_first_contact()]
        return _by_turns(ours, [person for person in theirs if person.text])

    def of(self, speaker: Speaker) -> Own:
        if speaker.user is not None:
            mine = next((row for row in self.introductions if row.user_id == speaker.user.pk), None)
            return Own(mine.text, mine.wants_news, mine.seen_at) if mine else Own()
        row = speaker.participant
        return Own(row.introduction, row.wants_news, row.room_seen_at) if row else Own()

    def _is_here(self, user: User) -> bool:
        return user.pk in self.hosts or (user.is_staff and user.is_active)

    def _host(self, row: HostIntroduction) -> Person:
        role = self.hosts.get(row.user_id) or "Qulturum"
        return Person(guest_name(row.user), role, row.text, is_guest=False)

    def _guests_first_contact(self) -> list[Participant]:
        return sorted(self.guests, key=lambda row: (not row.is_contact, row.pk))


def _by_turns(one: Sequence[Person], other: Sequence[Person]) -> list[Person]:
    longest = max(len(one), len(other))
    return [person for n in range(longest) for row in (one, other) for person in row[n : n + 1]]


def look_in(speaker: Speaker, at: datetime) -> None:
    """Remember that somebody has read the room, so that they are told only of what comes after."""
    if speaker.participant is not None:
        Participant.objects.filter(pk=speaker.participant.pk).update(room_seen_at=at)
        return
    if speaker.user is None:
        Participant.objects.filter(visit__request=speaker.visit_request, is_contact=True).update(room_seen_at=at)
        return
    rows = HostIntroduction.objects.filter(visit__request=speaker.visit_request, user=speaker.user)
    visit = visit_of(speaker.visit_request)
    if not rows.update(seen_at=at) and visit is not None:
        row = HostIntroduction(visit=visit, user=speaker.user, seen_at=at)
        HostIntroduction.objects.bulk_create([row], ignore_conflicts=True)


def guest_name(user: User) -> str:
    """The name of one of us as guests read it."""
    facilitator = getattr(user, "facilitator", None)
    return facilitator.guest_name if facilitator else str(user)
