"""What is new in rooms, and who is owed a mail about it: one a day at most, and only of what others wrote there:
the big questions of a request came with it, and are no news when the room opens.

Derived anew at each sweep, like every reminder: who has read the room meanwhile is owed
nothing, and a mail that waits to leave is derived once more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Max

from visits import words
from visits.choices import AskState, MessageState
from visits.meeting.doors import present
from visits.meeting.items import Item, items_between
from visits.meeting.opening import OPEN_STATES
from visits.meeting.people import guest_name
from visits.models import Ask, HostIntroduction, Message, Participant, User, Visit
from visits.outbox import Owed

TO_GUESTS, TO_HOST, TO_DESK = "room_news", "room_news_host", "room_news_desk"
KINDS: Final = frozenset({TO_GUESTS, TO_HOST, TO_DESK})
LOOKS_BACK: Final = timedelta(days=7)


@dataclass(frozen=True)
class Reader:
    """Somebody who may be owed the news of a room, and since when it is news to them."""

    owed: Owed
    seen_at: datetime | None
    users: frozenset[int | None]
    participants: frozenset[int | None]

    def wrote(self, item: Item) -> bool:
        if item.author_id is not None:
            return item.author_id in self.users
        return item.participant_id in self.participants


def wanted(morning: datetime, only: int | None = None) -> Iterator[Owed]:
    """The mails with news that a morning asks for; with `only`, those about one request.

    One query while nothing is new, six otherwise.
    """
    items: defaultdict[int, list[Item]] = defaultdict(list)
    for item in items_between(morning - LOOKS_BACK, morning, only, without_big=True):
        items[item.visit_id].append(item)
    if not items:
        return
    open_ones = Visit.objects.filter(pk__in=items, request__state__in=OPEN_STATES)
    visits = list(open_ones.select_related("request__coordinator"))
    told = _told(visits, morning)
    for reader in _readers(visits, morning):
        owed = reader.owed
        since = max(told.get(_person(owed), morning - LOOKS_BACK), reader.seen_at or morning - LOOKS_BACK)
        if any(item.at > since and not reader.wrote(item) for item in items[_visit_id(owed)]):
            owed.data["since"] = since.isoformat()
            yield owed


def told_in(message: Message) -> list[Item]:
    """What a mail with news tells of, the oldest first."""
    if message.request_id is None:
        raise LookupError(f"The mail {message.key} is about no request.")
    since = datetime.fromisoformat(message.data["since"])
    own_user, own_rows = message.data.get("user"), message.data.get("participants", [])
    found = items_between(since, message.due_at, message.request_id, without_big=True)
    others = (i for i in found if (i.author_id != own_user if i.author_id else i.participant_id not in own_rows))
    return _named(sorted(others, key=lambda item: item.at))


def _named(items: list[Item]) -> list[Item]:
    """Files carry no name of their own: that of whoever put them there, as guests read it."""
    owners = User.objects.select_related("facilitator__user").in_bulk([i.author_id for i in items if not i.name])
    return [i if i.name or i.author_id is None else _with_name(i, guest_name(owners[i.author_id])) for i in items]


def _with_name(item: Item, name: str) -> Item:
    return Item(item.visit_id, item.what, item.at, item.author_id, item.participant_id, name, item.text)


def _told(visits: Iterable[Visit], morning: datetime) -> dict[tuple[int | None, str], datetime]:
    """When each person was last told of a room, before this morning."""
    before = Message.objects.filter(
        kind__in=KINDS, request__in=[visit.request_id for visit in visits], due_at__lt=morning
    ).exclude(state=MessageState.SKIPPED)
    rows = before.order_by().values_list("request_id", "to_email").annotate(last=Max("due_at"))
    return {(request_id, email.casefold()): last for request_id, email, last in rows}


def _person(owed: Owed) -> tuple[int | None, str]:
    return owed.request.pk if owed.request else None, owed.row().to_email.casefold()


def _visit_id(owed: Owed) -> int:
    return int(owed.data["visit"])


def _readers(visits: list[Visit], morning: datetime) -> Iterator[Reader]:
    """Everybody who wants the news of these rooms."""
    guests: defaultdict[int, list[Participant]] = defaultdict(list)
    for participant in Participant.objects.filter(visit__in=visits):
        guests[participant.visit_id].append(participant)
    asks: defaultdict[int, dict[int, Ask]] = defaultdict(dict)
    rows = present().filter(session__visit__in=visits, state=AskState.ACCEPTED)
    for ask in rows.select_related("session", "facilitator__user"):
        asks[ask.session.visit_id].setdefault(ask.facilitator.user_id, ask)
    hosts = {(row.visit_id, row.user_id): row for row in HostIntroduction.objects.filter(visit__in=visits)}
    for visit in visits:
        yield from _guests(visit, guests[visit.pk], morning)
        yield from _hosts(visit, asks[visit.pk], hosts, morning)


def _guests(visit: Visit, group: list[Participant], morning: datetime) -> Iterator[Reader]:
    contact = next((row for row in group if row.is_contact), None)
    if contact is None or contact.wants_news:
        own = frozenset({contact.pk if contact else None, None})
        yield _reader(TO_GUESTS, visit, visit.request, morning, contact.room_seen_at if contact else None, guests=own)
    for row in group:
        if row.wants_news and row.email and row.written_at and not row.is_contact:
            row.visit = visit
            yield _reader(TO_GUESTS, visit, row, morning, row.room_seen_at, guests=frozenset({row.pk}))


def _hosts(
    visit: Visit, asks: dict[int, Ask], rows: dict[tuple[int, int], HostIntroduction], morning: datetime
) -> Iterator[Reader]:
    coordinator = visit.request.coordinator
    people: list[tuple[str, User, Ask | None]] = [
        (TO_HOST, ask.facilitator.user, ask) for pk, ask in asks.items() if not coordinator or pk != coordinator.pk
    ]
    if coordinator is not None:
        people.append((TO_DESK, coordinator, None))
    for kind, user, ask in people:
        row = rows.get((visit.pk, user.pk))
        if user.is_active and (row is None or row.wants_news):
            yield _reader(kind, visit, user, morning, row.seen_at if row else None, ask=ask)


def _reader(
    kind: str,
    visit: Visit,
    to: Any,
    morning: datetime,
    seen_at: datetime | None,
    *,
    ask: Ask | None = None,
    guests: frozenset[int | None] = frozenset(),
) -> Reader:
    user = to.pk if isinstance(to, User) else None
    member = to if isinstance(to, Participant) else None
    about = f"participant-{member.pk}" if member else f"visit-{visit.pk}"
    data = {"visit": visit.pk, "user": user, "participants": sorted(guests, key=str)}
    day = words.local_date(morning)
    owed = Owed(kind, about, day, to, morning, request=visit.request, ask=ask, participant=member, data=data)
    return Reader(owed, seen_at, frozenset({user} if user else ()), guests)
