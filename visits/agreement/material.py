"""What differs between two contents, and which of it both have to read again. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, TypedDict

from visits.agreement.content import QUESTIONS, SIDES, Content

MATERIAL: Final = frozenset({"days", "size", "subjects", "guests_part"})


class Change(TypedDict):
    """One difference: `what` it is about, a `key` that says which, and what it `was` and is `now`."""

    what: str
    key: str
    was: Any
    now: Any


def differences(before: Content, after: Content) -> list[Change]:
    """Everything that differs, the plan first; `because` of a new version is such a list."""
    return [change for look in LOOKS for change in look(before, after)]


def is_material(change: Change) -> bool:
    """Whether both read the agreement again for this: other days, a size that differs by more than a fifth,
    another area or offering, another part of the guests' own. What somebody writes into it is another matter.
    """
    if change["what"] == "size":
        return is_another_size(change["was"], change["now"])
    return change["what"] in MATERIAL


def is_another_size(was: int, now: int) -> bool:
    """Whether a group has grown or shrunk by more than a fifth; a fifth exactly is still the same group."""
    return abs(now - was) * 5 > was


def _change(what: str, was: Any, now: Any, key: str = "") -> Iterator[Change]:
    if was != now:
        yield Change(what=what, key=key, was=was, now=now)


def _days(before: Content, after: Content) -> Iterator[Change]:
    was, now = ([c["plan"]["first_day"], c["plan"]["last_day"]] for c in (before, after))
    yield from _change("days", was, now)


def _size(before: Content, after: Content) -> Iterator[Change]:
    yield from _change("size", before["plan"]["group_size"], after["plan"]["group_size"])


def _subjects(before: Content, after: Content) -> Iterator[Change]:
    was, now = ({row["key"]: row for row in c["plan"]["subjects"]} for c in (before, after))
    for key in [*was, *(key for key in now if key not in was)]:
        if (key in was) != (key in now):
            yield from _change("subjects", was.get(key), now.get(key), key)


def _teaching(what: str, side: str) -> Callable[[Content, Content], Iterator[Change]]:
    def look(before: Content, after: Content) -> Iterator[Change]:
        was, now = (_minutes(c["teaching"][side]) for c in (before, after))
        for title in [*was, *(title for title in now if title not in was)]:
            yield from _change(what, was.get(title), now.get(title), title)

    return look


def _minutes(rows: list[dict[str, Any]]) -> dict[str, int]:
    """Minutes by title; two sessions of one name count together."""
    found: dict[str, int] = {}
    for row in rows:
        found[row["title"]] = found.get(row["title"], 0) + row["minutes"]
    return found


def _answers(before: Content, after: Content) -> Iterator[Change]:
    for question in QUESTIONS:
        for side in SIDES:
            was, now = (c["wants"][question][side] for c in (before, after))
            yield from _change("answer", was, now, f"{question}.{side}")


def _contacts(before: Content, after: Content) -> Iterator[Change]:
    was, now = ([row for row in c["contacts"] if row["kind"] != "visit"] for c in (before, after))
    gone = [row for row in was if row not in now]
    come = [row for row in now if row not in was]
    for number in range(max(len(gone), len(come))):
        left, right = (rows[number] if number < len(rows) else None for rows in (gone, come))
        yield from _change("contact", left, right)


def _persons(before: Content, after: Content) -> Iterator[Change]:
    for side in SIDES:
        yield from _change("person", before["persons"][side], after["persons"][side], side)


LOOKS: Final[tuple[Callable[[Content, Content], Iterator[Change]], ...]] = (
    _days, _size, _subjects, _teaching("guests_part", "guests"), _teaching("ours_part", "ours"),
    _answers, _contacts, _persons,
)  # fmt: skip
