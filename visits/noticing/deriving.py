"""Everything there is to notice about one request, from what it says and what stands around it. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from visits.choices import FlagKind
from visits.noticing.asked import Around, Asked, Before, Found, Promised
from visits.noticing.clues import clues
from visits.noticing.counted import contradiction
from visits.noticing.likeness import likeness

K = FlagKind
MOST_DOUBLES: Final = 3


def things_to_notice(asked: Asked, around: Around, *, threshold: int) -> list[Found]:
    """What to notice, each thing once; two requests of `threshold` points or more are probably one visit."""
    found = [
        *_duplicates(asked, around, threshold),
        *_named(around),
        *_large(asked, around),
        *_numbers(asked),
        *clues(asked),
        *(_before(around.before) if around.before else []),
        *_waived(asked),
    ]
    return list({(one.kind, one.about): one for one in found}.values())


def _duplicates(asked: Asked, around: Around, threshold: int) -> list[Found]:
    """The likeliest few: more would only say that there are many like it."""
    alike = [(likeness(asked, other), other) for other in around.others if other.pk != asked.pk]
    likely = [(found, other) for found, other in alike if found.points >= threshold]
    likely.sort(key=lambda pair: (-pair[0].points, -pair[1].pk))
    return [duplicate(other, found.points, found.alike) for found, other in likely[:MOST_DOUBLES]]


def duplicate(other: Asked, points: int, alike: tuple[str, ...]) -> Found:
    """The flag on one request that says which other one it is probably the same as."""
    detail = {
        "reference": other.reference, "sent": other.sent.isoformat() if other.sent else "",
        "by": other.contact_name, "points": points, "alike": list(alike),
    }  # fmt: skip
    return Found(K.DUPLICATE, str(other.pk), detail)


def _named(around: Around) -> Iterator[Found]:
    for person in around.named:
        if person.busy:
            detail = {"name": person.name, "busy": [list(hours) for hours in person.busy], "free": list(person.free)}
            yield Found(K.BOOKED, str(person.pk), detail)


def _large(asked: Asked, around: Around) -> Iterator[Found]:
    if 0 < around.most_seats < asked.group_size:
        yield Found(K.LARGE, detail={"people": asked.group_size, "most": around.most_seats})


def _numbers(asked: Asked) -> Iterator[Found]:
    told = contradiction([asked.aim, asked.other_needs], asked.group_size) if asked.group_size else None
    if told:
        yield Found(K.NUMBERS, str(told.high), {"quote": told.quote, "size": asked.group_size})


def _before(before: Before) -> Iterator[Found]:
    if before.last_day:
        detail = {"visits": before.visits, "last": before.last_day.isoformat(), "taught": before.taught}
        yield Found(K.RETURNING, detail=detail)
    if before.owed and before.owed_since:
        yield Found(K.PROMISE, before.owed_since.isoformat(), {"words": before.owed, "since": str(before.owed_since)})
    if before.promised:
        yield _promised(before.promised)


def _promised(first: Promised) -> Found:
    detail = {"words": first.words, "by": first.due_on.isoformat(), "late": first.is_late, "more": first.more}
    return Found(K.PROMISE, f"promise-{first.pk}", detail)


def _waived(asked: Asked) -> Iterator[Found]:
    if asked.waiver:
        yield Found(K.WAIVED, detail={"by": asked.waived_by, "why": asked.waiver})
