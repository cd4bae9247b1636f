"""A session, or a whole room, is held elsewhere: whoever is booked for it has to be there."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from visits.models import Ask, Booking, Room, Session, Site
from visits.models.booking import BookingQuerySet
from visits.scheduling.bookings import book_room
from visits.scheduling.clashes import clash


def follow_place(session: Session) -> None:
    """The session is saved with another room or site: it holds the new one, and who leads it is booked there.

    Raises Clash when the room is taken, or when somebody would not get there, or on from there, in time.
    """
    book_room(session)
    _hold_answers(session)
    _follow(Booking.objects.filter(session=session))


def follow_room(room: Room) -> None:
    """The room is at another site now, and so is whoever is booked in it from now on.

    Raises Clash as `follow_place` does. What has been was where it was.
    """
    now = timezone.now()
    _hold_answers(*room.sessions.filter(ends_at__gt=now))
    _follow(Booking.objects.filter(session__room=room, ends_at__gt=now))


def refuse_to_move(room: Room, site: Site) -> None:
    """Raises Clash when `follow_room` would, were the room at that site. Nothing changes."""
    with transaction.atomic():
        Room.objects.filter(pk=room.pk).update(site=site)
        follow_room(room)
        transaction.set_rollback(True)


def _hold_answers(*sessions: Session) -> None:
    """Whoever says yes meanwhile waits, and is booked where the session is then."""
    list(Ask.objects.select_for_update().filter(session__in=sessions).order_by("pk").values_list("pk"))


@transaction.atomic
def _follow(moved: BookingQuerySet) -> None:
    rows = list(moved.filter(facilitator__isnull=False).select_related("facilitator__user", "session__room"))
    # Nowhere first: whoever leads two in a row there goes with both.
    Booking.objects.filter(pk__in=[booking.pk for booking in rows]).update(site=None)
    for booking in rows:
        _keep_site(booking)


def _keep_site(booking: Booking) -> None:
    try:
        with transaction.atomic():
            booking.save(update_fields=["site"])
    except IntegrityError as error:
        raise clash(booking) from error
