"""«For your visit»: what a guest has put aside in this browser, before there is a request.

The session holds only names, «kind:slug» in the order in which they were added, so that
a page can show their number without a query. `contents` looks them up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from programmes import snapshot
from programmes.models import Area, Entry, Initiative, Offering, Programme

SESSION_KEY: Final = "basket"
MOST: Final = 40
"""How many things a basket holds; more is not a visit but a catalogue."""
DAYS: Final = 30
"""How many days the browser of somebody who has not signed in keeps the basket."""


class BasketFullError(Exception):
    """The basket holds `MOST` things already."""


class SessionLike(Protocol):
    """What the basket needs of a session; a dict will do."""

    def get(self, key: str, default: Any, /) -> Any: ...

    def __setitem__(self, key: str, value: Any, /) -> None: ...


@dataclass(frozen=True)
class Basket:
    """What was chosen and can still be seen by guests, in the order of the choosing."""

    areas: list[Area] = field(default_factory=list)
    offerings: list[Offering] = field(default_factory=list)
    initiatives: list[Initiative] = field(default_factory=list)
    programmes: list[Programme] = field(default_factory=list)
    tells: list[str] = field(default_factory=list)
    """Questions of ours that the guests can tell us something about, in their language."""
    keys: list[str] = field(default_factory=list)
    """«kind:slug» of all of these."""

    @property
    def entries(self) -> list[Entry]:
        """Everything but the questions: areas first, programmes last."""
        return [*self.areas, *self.offerings, *self.initiatives, *self.programmes]


def keys(session: SessionLike) -> list[str]:
    """The names in the basket, without a query."""
    held = session.get(SESSION_KEY, [])
    return [key for key in held if isinstance(key, str)] if isinstance(held, list) else []


def add(session: SessionLike, key: str) -> None:
    """Put something in, once. Raises BasketFullError instead of forgetting the oldest."""
    held = keys(session)
    if key in held:
        return
    if len(held) >= MOST:
        raise BasketFullError
    session[SESSION_KEY] = [*held, key]


def remove(session: SessionLike, key: str) -> None:
    """Take something out; what is not there may be taken out, too."""
    session[SESSION_KEY] = [held for held in keys(session) if held != key]


def clear(session: SessionLike) -> None:
    """Empty the basket, once its request is sent."""
    session[SESSION_KEY] = []


def is_known(key: str) -> bool:
    """Whether guests can choose this now. One query."""
    shown = snapshot.current()
    return key in _entries(shown) or key in _questions(shown)


def contents(session: SessionLike, shown: snapshot.Snapshot | None = None) -> Basket:
    """What the basket holds now, however much it is: one query, none when it is empty
    or when the caller has the catalogue at hand.

    What staff have taken away from guests meanwhile is left out.
    """
    held = keys(session)
    if not held:
        return Basket()
    shown = shown or snapshot.current()
    entries, questions = _entries(shown), _questions(shown)
    chosen = [entries[key] for key in held if key in entries]
    return Basket(
        areas=[entry for entry in chosen if isinstance(entry, Area)],
        offerings=[entry for entry in chosen if isinstance(entry, Offering)],
        initiatives=[entry for entry in chosen if isinstance(entry, Initiative)],
        programmes=[entry for entry in chosen if isinstance(entry, Programme)],
        tells=[questions[key] for key in held if key in questions],
        keys=[key for key in held if key in entries or key in questions],
    )


def _entries(shown: snapshot.Snapshot) -> Mapping[str, Entry]:
    everything = (*shown.offerings, *shown.areas, *shown.initiatives, *shown.programmes)
    return {entry.basket_key: entry for entry in everything}


def _questions(shown: snapshot.Snapshot) -> Mapping[str, str]:
    return dict(pair for area in shown.areas for pair in area.question_keys)
