"""Who of us helps when a programme of ours comes together: set by the desk, and booked in their calendar."""

from __future__ import annotations

from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.db.models import Count, F, QuerySet
from django.utils.translation import gettext as _

from visits.choices import BookingHold, BookingKind, FacilitatorKind
from visits.models import Booking, Facilitator, Gathering
from visits.scheduling import imported, taking
from visits.scheduling.clashes import clash_words, standing_in_the_way
from visits.scheduling.refusals import AskRefused, Clash, retry_deadlocks


def helpers() -> QuerySet[Facilitator]:
    """Who may be set down for a gathering: everybody of ours but those of the Living Library, who meet guests only."""
    active = Facilitator.objects.active().exclude(kind=FacilitatorKind.LIVING_LIBRARY)
    return active.select_related("user").order_by("user__first_name", "user__last_name", "pk")


def lacking(gatherings: QuerySet[Gathering]) -> QuerySet[Gathering]:
    """Those of the gatherings that need more people than they have, each with `count` of how many it has."""
    return gatherings.annotate(count=Count("bookings")).filter(count__lt=F("facilitators_needed"))


@retry_deadlocks
@transaction.atomic
def set_people(gathering: Gathering, people: Collection[Facilitator]) -> None:
    """Let exactly these help at a gathering, at its time as it is saved; whoever helped already stays.

    Raises Clash, naming what stands there, when one of them is taken then, AskRefused for those of the Living
    Library; then nothing has changed.
    """
    held = {one.facilitator_id: one for one in Booking.objects.select_for_update().filter(gathering=gathering)}
    wanted = {person.pk: person for person in people}
    Booking.objects.filter(pk__in=[one.pk for key, one in held.items() if key not in wanted]).delete()
    for key, person in sorted(wanted.items()):
        _refuse_unless_helper(person)
        imported.make_way(person, [(gathering.starts_at, gathering.ends_at)])
        if key not in held:
            taking.insert(_booking(gathering, person))
        elif _is_elsewhen(held[key], gathering):
            _move(held[key], gathering)


def add_people(gathering: Gathering, people: Collection[Facilitator]) -> None:
    """These help too. Raises Clash and AskRefused as `set_people`."""
    there = Facilitator.objects.filter(bookings__gathering=gathering)
    set_people(gathering, {*there.select_related("user"), *people})


def in_the_way(gathering: Gathering, people: Collection[Facilitator]) -> list[str]:
    """What keeps each of these from helping at a gathering, in sentences; empty when all can. It books nothing."""
    held = (
        {one.facilitator_id: one.pk for one in Booking.objects.filter(gathering=gathering.pk)} if gathering.pk else {}
    )
    probes = [_booking(gathering, person) for person in people]
    for probe in probes:
        probe.pk = held.get(probe.facilitator_id)
    return [clash_words(probe) for probe in probes if _is_taken(probe)]


def _is_taken(probe: Booking) -> bool:
    """Taken by something that does not give way, as what was read from their own calendar does."""
    other = standing_in_the_way(probe)
    return other is not None and not other.imported


def _booking(gathering: Gathering, person: Facilitator) -> Booking:
    return Booking(
        facilitator=person, kind=BookingKind.NETWORK, hold=BookingHold.FIRM,
        gathering=gathering if gathering.pk else None, starts_at=gathering.starts_at, ends_at=gathering.ends_at,
    )  # fmt: skip


def _is_elsewhen(booking: Booking, gathering: Gathering) -> bool:
    return (booking.starts_at, booking.ends_at) != (gathering.starts_at, gathering.ends_at)


def _move(booking: Booking, gathering: Gathering) -> None:
    booking.starts_at, booking.ends_at = gathering.starts_at, gathering.ends_at
    try:
        with transaction.atomic():
            booking.save(update_fields=["starts_at", "ends_at"])
    except IntegrityError as error:
        raise Clash(clash_words(booking)) from error


def _refuse_unless_helper(person: Facilitator) -> None:
    if person.kind == FacilitatorKind.LIVING_LIBRARY:
        told = _("%(name)s is of the Living Library, and is asked for guests only.")
        raise AskRefused(told % {"name": person.name})
