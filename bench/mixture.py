"""Operations of every kind, drawn at random, that many writers do to the same calendars at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from random import Random
from typing import Final

from django.db import transaction

from bench.contest import Deed, Scene
from visits import scheduling
from visits.models import Ask, Booking, Session

SPOTS: Final = 1200  # of which an operation takes one: as many as make people's days full, and refusals frequent
SESSIONS: Final = 400


class Mixture:
    """What an operation may be; each works on what it draws, whatever has become of it meanwhile."""

    def __init__(self, there: Scene, held: Sequence[Session]) -> None:
        self.there, self.held = there, [session.pk for session in held]
        self.kinds: dict[str, tuple[int, Callable[[Random], object]]] = {
            "away": (3, self.away), "back": (3, self.back), "move": (3, self.move), "ask": (4, self.ask),
            "accept": (6, self.accept), "decline": (2, self.decline), "take back": (2, self.take_back),
            "withdraw": (2, self.withdraw), "elsewhere": (2, self.elsewhere),
        }  # fmt: skip

    def operation(self, seed: int) -> Deed:
        """One operation for each number, the same ones for the same seed."""
        names = list(self.kinds)
        weights = [weight for weight, _do in self.kinds.values()]

        def deed(number: int) -> str:
            chance = Random(f"{seed}-{number}")
            name = chance.choices(names, weights)[0]
            scheduling.retry_deadlocks(self.kinds[name][1])(chance)
            return name

        return deed

    def away(self, chance: Random) -> None:
        person, starts_at, ends_at = self.there.spot(chance.randrange(SPOTS))
        scheduling.add_time_away(person, starts_at=starts_at, ends_at=ends_at)

    def back(self, chance: Random) -> None:
        booking = self._time_away(chance)
        if booking:
            scheduling.remove_time_away(booking)

    def move(self, chance: Random) -> None:
        booking = self._time_away(chance)
        if booking:
            by = timedelta(minutes=10 * chance.randrange(-6, 7))
            with transaction.atomic():
                moved = {"starts_at": booking.starts_at + by, "ends_at": booking.ends_at + by}
                Booking.objects.filter(pk=booking.pk).update(**moved)

    @transaction.atomic
    def ask(self, chance: Random) -> None:
        session = Session.objects.select_related("visit__request").get(pk=chance.choice(self.held))
        ask = scheduling.choose(session, chance.choice(self.there.people), by=self.there.by)
        scheduling.send_ask(ask, by=self.there.by)

    def accept(self, chance: Random) -> None:
        self._answer(chance, scheduling.accept)

    def decline(self, chance: Random) -> None:
        self._answer(chance, scheduling.decline)

    def take_back(self, chance: Random) -> None:
        self._answer(chance, scheduling.take_back_answer)

    def withdraw(self, chance: Random) -> None:
        self._answer(chance, lambda ask: scheduling.withdraw_ask(ask, by=None))

    @transaction.atomic
    def elsewhere(self, chance: Random) -> None:
        """The session is held in another room, or in none."""
        session = Session.objects.select_for_update().get(pk=chance.choice(self.held))
        session.room = chance.choice([*self.there.rooms, None])
        session.save(update_fields=["room"])
        scheduling.follow_place(session)

    def _answer(self, chance: Random, deed: Callable[[Ask], object]) -> None:
        live = Ask.objects.live().filter(facilitator=chance.choice(self.there.people)).order_by("pk")
        asks = list(live.values_list("pk", flat=True))
        if asks:
            deed(Ask(pk=chance.choice(asks)))

    def _time_away(self, chance: Random) -> Booking | None:
        rows = list(Booking.objects.away().filter(facilitator=chance.choice(self.there.people)))
        return chance.choice(rows) if rows else None
