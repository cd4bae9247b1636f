"""What a request says, and what the house knows about it, as the rules read it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from visits.choices import FlagKind
from visits.folding import plain
from visits.likeness import digits, domain_of, name_key, tokens


@dataclass(frozen=True)
class Asked:
    """One request, as far as anything is noticed about it."""

    pk: int
    is_watched: bool = True  # there is still something to decide about it
    organisation_name: str = ""
    organisation: int | None = None
    organisation_kind: str = ""
    country: str = ""
    contact_name: str = ""
    contact_role: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    reference: str = ""
    sent: date | None = None
    group_size: int = 0
    first_day: date | None = None
    days: Sequence[date] = ()  # of their first wish
    aim: str = ""
    questions: Sequence[str] = ()
    brings: str = ""
    gifts: Sequence[str] = ()
    other_needs: str = ""
    waived_by: str = ""
    waiver: str = ""
    areas: frozenset[str] = frozenset()
    programmes: Sequence[str] = ()  # of ours that they have chosen, by name

    @cached_property
    def domain(self) -> str:
        return domain_of(self.contact_email)

    @cached_property
    def name_key(self) -> str:
        return name_key(self.organisation_name)

    @property
    def address(self) -> str:
        return self.contact_email.casefold()

    @cached_property
    def person(self) -> str:
        return plain(self.contact_name)

    @cached_property
    def phone(self) -> str:
        return digits(self.contact_phone)

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(word for word in tokens(self.aim) if len(word) > 3)

    @property
    def purpose(self) -> list[str]:
        """What they write about why they come and who comes; what they bring is told of others too."""
        return [text for text in (self.aim, *self.questions, self.other_needs) if text]


class Busy(NamedTuple):
    """Hours at which somebody is booked on one day."""

    day: str
    starts: str
    ends: str


class Named(NamedTuple):
    """Somebody of ours whom a text asks for, with when they are booked and on which days they are free."""

    pk: int
    name: str
    busy: Sequence[Busy]
    free: Sequence[str]


class Promised(NamedTuple):
    """What we have promised an organisation and not done: the thing that comes first, and how many more there are."""

    pk: int
    words: str
    due_on: date
    is_late: bool
    more: int = 0


class Before(NamedTuple):
    """What is behind us and an organisation: the last visit, what they taught us, what we owe them."""

    last_day: date | None = None  # none when nobody of them has been here
    visits: int = 0
    taught: str = ""
    owed: str = ""
    owed_since: date | None = None
    promised: Promised | None = None


@dataclass(frozen=True)
class Around:
    """What stands around a request: largest room, people asked for by name, years before, requests like it."""

    most_seats: int = 0
    named: Sequence[Named] = ()
    before: Before | None = None
    others: Sequence[Asked] = ()


@dataclass(frozen=True)
class Found:
    """Something to notice: of what kind, about what, and the facts that the sentence is made of."""

    kind: FlagKind
    about: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
