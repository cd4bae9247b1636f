"""Who comes into a visit's room, by which door, and what each of them may do there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from visits.choices import AskState, Side
from visits.models import Ask, Facilitator, Participant, User, VisitRequest
from visits.models.ask import AskQuerySet


class Door(Enum):
    """How somebody has come in."""

    CONTACT = auto()
    MEMBER = auto()
    FACILITATOR = auto()
    STAFF = auto()


class Act(Enum):
    """What can be done in a room."""

    READ = auto()
    ASK = auto()
    REPLY = auto()
    TAKE = auto()  # a question with oneself to the meeting
    INTRODUCE = auto()
    CHOOSE_NEWS = auto()
    ADD_FILE = auto()
    REMOVE_OWN_FILE = auto()
    REMOVE_ANY_FILE = auto()


ALL: Final = frozenset(Door)
OURS: Final = frozenset({Door.FACILITATOR, Door.STAFF})

MAY: Final[Mapping[Act, frozenset[Door]]] = {
    Act.READ: ALL,
    Act.ASK: ALL,
    Act.REPLY: ALL,
    Act.TAKE: OURS,
    Act.INTRODUCE: ALL,
    Act.CHOOSE_NEWS: ALL,
    Act.ADD_FILE: OURS,
    Act.REMOVE_OWN_FILE: OURS,
    Act.REMOVE_ANY_FILE: frozenset({Door.STAFF}),
}
# What a person of the Living Library may do before their own yes: guests do not know them yet.
BEFORE_THE_YES: Final = frozenset({Act.READ, Act.CHOOSE_NEWS})
PRESENT: Final = (AskState.ASKED, AskState.ACCEPTED)


@dataclass(frozen=True)
class Speaker:
    """Somebody in the room of one visit, by the name and role that guests read."""

    door: Door
    visit_request: VisitRequest
    name: str
    role: str = ""
    user: User | None = None
    participant: Participant | None = None
    may_be_named: bool = True

    @property
    def side(self) -> Side:
        return Side.OURS if self.door in OURS else Side.GUESTS

    @property
    def is_host(self) -> bool:
        return self.side == Side.OURS

    def may(self, act: Act) -> bool:
        """Whether this door leads to that act, while the room is open."""
        return self.door in MAY[act] and (self.may_be_named or act in BEFORE_THE_YES)


def as_guest(visit_request: VisitRequest, member: Participant | None) -> Speaker:
    """The contact person, or one of the group by their own link."""
    if member is not None:
        return Speaker(Door.MEMBER, visit_request, member.name, member.role, participant=member)
    own = Participant.objects.filter(visit__request=visit_request, is_contact=True).first()
    return Speaker(
        Door.CONTACT, visit_request, visit_request.contact_name, visit_request.contact_role, participant=own
    )  # fmt: skip


def as_facilitator(facilitator: Facilitator, reference: str) -> Speaker | None:
    """Somebody who has been asked to lead a session of that visit, or None: a no, theirs or ours, closes the door."""
    asks = list(asks_of(facilitator).filter(session__visit__request__reference=reference))
    if not asks:
        return None
    return Speaker(
        Door.FACILITATOR,
        asks[0].session.visit.request,
        facilitator.guest_name,
        asks[0].session.title[:120],
        user=facilitator.user,
        may_be_named=any(ask.may_be_named for ask in asks),
    )


def as_staff(user: User, visit_request: VisitRequest) -> Speaker:
    """A colleague at the desk; who of them is the host is told when it is read."""
    return Speaker(Door.STAFF, visit_request, str(user), user=user)


def asks_of(facilitator: Facilitator) -> AskQuerySet:
    """The asks that let a facilitator into rooms."""
    rows = present().filter(facilitator=facilitator)
    return rows.select_related("session__visit__request__coordinator", "facilitator__user")


def present() -> AskQuerySet:
    """Asks that somebody has been told of and that nobody has said no to, for sessions that stand."""
    return Ask.objects.filter(state__in=PRESENT, session__removed_at=None).order_by("session__starts_at", "pk")
