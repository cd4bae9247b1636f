"""How scheduling says no, and how it tries again when the database asks it to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Final, ParamSpec, TypeVar

from django.db import OperationalError, connection
from django.utils.translation import gettext as _

DEADLOCK: Final = "40P01"
LOCKED: Final = "database is locked"
TRIES: Final = 3

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class InTheWay:
    """What stands in the way, told to whose time it is; `is_away` when it is time away that they wrote themselves."""

    words: str
    is_away: bool = False

    def __str__(self) -> str:
        return self.words


class Clash(Exception):
    """Somebody or some room is taken at that time; the text names what stands there, to our own people.

    `own` says it to whoever is taken, where it is known what stands there.
    """

    def __init__(self, told: str, own: InTheWay | None = None) -> None:
        super().__init__(told)
        self.own = own


class AskRefused(Exception):
    """The ask cannot be answered, or made, any more; its text says why."""


def retry_deadlocks(deed: Callable[P, R]) -> Callable[P, R]:
    """Try a deed again when the database ended it for another's sake; three times at most.

    PostgreSQL breaks a deadlock by ending one of the two, SQLite gives up waiting for
    its lock. Inside somebody else's transaction there is nothing to try again: the error
    goes on to whoever began it. Raises Clash when every try was in vain.
    """

    @wraps(deed)
    def tried_again(*args: P.args, **kwargs: P.kwargs) -> R:
        for _attempt in range(TRIES):
            try:
                return deed(*args, **kwargs)
            except OperationalError as error:
                if connection.in_atomic_block or not _is_passing(error):
                    raise
        raise Clash(_("Several people are saving at this moment, so nothing was done. Try again."))

    return tried_again


def _is_passing(error: OperationalError) -> bool:
    return getattr(error.__cause__, "pgcode", None) == DEADLOCK or LOCKED in str(error)
