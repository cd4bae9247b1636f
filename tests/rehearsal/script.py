"""What the people of a made-up region do, and when. Plain data, drawn by lot; the portal is not asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Deed:
    """Somebody does something, by the clock on the wall in Stockholm; planned and promised is for a day."""

    at: datetime
    what: str
    first_day: date | None = None


@dataclass(frozen=True)
class Tale:
    """One request from its first day on: what is done to it, in order."""

    number: int
    language: str
    group: int
    deeds: tuple[Deed, ...] = field(default=())

    def when(self, what: str) -> list[Deed]:
        return [deed for deed in self.deeds if deed.what == what]


def region(start: date, days: int, *, count: int = 0, seed: int = 1) -> list[Tale]:
    """So many tales, or as many as a small region has in that time; the same for the same seed."""
    lot, tales = Random(seed), []
    for number in range(count or max(days // 7, len(TALES))):
        asked = start + timedelta(days=min(number * 5, days - 1) + lot.randrange(3))
        make = TALES[number % len(TALES)]
        language, group = lot.choice(["en", "sv"]), lot.choice([1, 6])
        tales.append(Tale(number, language, 6 if make is _group else group, tuple(make(_Pen(lot, asked, number)))))
    return tales


@dataclass
class _Pen:
    """Writes one tale: each deed some days after the one before, at an hour of the working day."""

    lot: Random
    day: date
    number: int

    def write(self, what: str, after: int = 0, up_to: int = 0, *, first_day: date | None = None) -> Deed:
        self.day += timedelta(days=self.lot.randint(after, max(after, up_to)))
        # Each deed in a minute of its own, later in the day than those before it.
        self.minute = (
            max(getattr(self, "minute", 0) + 1, self.lot.randrange(500)) if not after else self.lot.randrange(300)
        )
        at = datetime.combine(self.day, time(9)) + timedelta(minutes=self.minute)
        return Deed(at, what, first_day)

    def a_tuesday(self, least: int) -> date:
        """A Tuesday of its own for each tale, so that no two of them stand in one another's way."""
        day = self.day + timedelta(days=least)
        return day + timedelta(days=(1 - day.weekday()) % 7)


def _to_agreed(pen: _Pen, first: date, *, leader: bool, patience: int) -> list[Deed]:
    return [
        pen.write("asked"),
        pen.write("claimed", 1, 3),
        pen.write("planned_with_leader" if leader else "planned", 2, 20, first_day=first),
        pen.write("proposed", 0),
        pen.write("said_yes", 1, patience),
    ]


def _visit(pen: _Pen) -> list[Deed]:
    """Asked, proposed, agreed, led by somebody who takes their time, confirmed, held, and looked back on."""
    first = pen.a_tuesday(96)
    deeds = _to_agreed(pen, first, leader=True, patience=12)
    deeds += [pen.write("leader_said_yes", 0, 6), pen.write("we_agreed", 1, 2), pen.write("guests_agreed", 0, 6)]
    # The guests look back, after they were asked two times; without a lot, so that the other tales stay as they are.
    looked_back = datetime.combine(first + 5 * DAY, time(10, pen.number % 60))
    return [*deeds, pen.write("confirmed", 0, 1), Deed(looked_back, "looked_back")]


def _late_visit(pen: _Pen) -> list[Deed]:
    """Planned so late that the first reminders do not fit any more."""
    first = pen.a_tuesday(96)
    deeds = [pen.write("asked"), pen.write("claimed", 1, 3), pen.write("planned_with_leader", 58, 75, first_day=first)]
    deeds += [pen.write("proposed"), pen.write("said_yes", 1, 6), pen.write("leader_said_yes", 0, 3)]
    return [*deeds, pen.write("we_agreed"), pen.write("guests_agreed"), pen.write("confirmed")]


def _moved(pen: _Pen) -> list[Deed]:
    """Agreed, moved by us to other days after the first reminders, and agreed once more."""
    first = pen.a_tuesday(96)
    deeds = _to_agreed(pen, first, leader=False, patience=5)
    pen.day = max(pen.day + DAY, first - timedelta(days=pen.lot.choice([41, 30, 27, 9])))
    later = first + timedelta(weeks=pen.lot.choice([5, 8]))
    deeds += [pen.write("to_be_moved"), pen.write("planned", 0, 1, first_day=later), pen.write("proposed")]
    return [*deeds, pen.write("said_yes", 1, 3)]


def _called_off(pen: _Pen) -> list[Deed]:
    """A confirmed visit that we call off some time before it."""
    first = pen.a_tuesday(96)
    deeds = _visit_until_confirmed(pen, first)
    pen.day = max(pen.day + DAY, first - timedelta(days=pen.lot.choice([43, 20, 7, 2])))
    return [*deeds, pen.write("called_off")]


def _visit_until_confirmed(pen: _Pen, first: date) -> list[Deed]:
    deeds = _to_agreed(pen, first, leader=True, patience=5)
    deeds += [pen.write("leader_said_yes", 0, 4), pen.write("we_agreed"), pen.write("guests_agreed", 0, 2)]
    return [*deeds, pen.write("confirmed")]


def _no_answer(pen: _Pen) -> list[Deed]:
    """A question that nobody answers."""
    return [pen.write("asked"), pen.write("claimed", 0, 2), pen.write("question", 1, 4)]


def _answer(pen: _Pen) -> list[Deed]:
    """A question that is answered, before the reminder or after it."""
    return [*_no_answer(pen), pen.write("answered", 1, 13)]


def _no_yes(pen: _Pen) -> list[Deed]:
    """A programme that nobody answers."""
    return _to_agreed(pen, pen.a_tuesday(96), leader=False, patience=1)[:-1]


def _draft(pen: _Pen) -> list[Deed]:
    """Begun, asked for the way back, and left."""
    return [pen.write("drafted")]


def _promises(pen: _Pen) -> list[Deed]:
    """Four things are promised: one is kept early, one at the last moment, one late, and one never."""
    deeds = [pen.write("asked"), pen.write("claimed", 0, 2)]
    soon, early, never, last = (pen.day + timedelta(days=days) for days in (2, 12, 15, 30))
    deeds += [pen.write("promised", first_day=day) for day in (soon, early, never, last)]
    deeds.append(pen.write("question", 1, 2))
    for kept, on in ((early, early - 5 * DAY), (soon, soon + 8 * DAY), (last, last - DAY)):
        pen.day = on
        deeds.append(pen.write("kept", first_day=kept))
    return deeds


def _place(pen: _Pen) -> list[Deed]:
    """Waits in the line, and takes the days that are kept, before the reminder or after it."""
    deeds = [pen.write("asked"), pen.write("claimed", 0, 2), pen.write("waitlisted", 1, 3)]
    return [*deeds, pen.write("took_place", 1, 7), pen.write("question", 1, 3)]


def _no_place(pen: _Pen) -> list[Deed]:
    """Waits in the line, lets a place go by, and leaves while the next one is kept."""
    deeds = [pen.write("asked"), pen.write("claimed", 0, 2), pen.write("waitlisted", 1, 3)]
    return [*deeds, pen.write("withdrew", 9, 14)]


def _group(pen: _Pen) -> list[Deed]:
    """Two of a group are invited by mail; one writes down who they are, early or late, and one never does."""
    first = pen.a_tuesday(96)
    deeds = [*_to_agreed(pen, first, leader=False, patience=5), pen.write("invited", 1, 5)]
    pen.day = max(pen.day + DAY, first - timedelta(days=pen.lot.choice([40, 22, 20])))
    return [*deeds, pen.write("wrote_name")]


def _swap(pen: _Pen) -> list[Deed]:
    """Who leads asks a colleague to take it over, who takes their time and then does; then it is confirmed."""
    deeds = _to_agreed(pen, pen.a_tuesday(96), leader=True, patience=5)
    deeds += [pen.write("leader_said_yes", 0, 2), pen.write("swap_offered", 1, 3), pen.write("swap_taken", 1, 6)]
    return [*deeds, pen.write("we_agreed", 1, 2), pen.write("guests_agreed", 0, 2), pen.write("confirmed")]


# No two that wait in the line stand so near that they could wait at the same time.
TALES = (
    _visit, _moved, _no_answer, _place, _called_off, _promises, _late_visit, _no_yes, _swap, _no_place, _answer, _group,
    _visit, _draft,
)  # fmt: skip
