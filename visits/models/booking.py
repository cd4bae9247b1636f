from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from visits.choices import BookingHold, BookingKind
from visits.models.constraints import NoOverlap
from visits.models.facilitator import Facilitator, Room
from visits.models.visit import ProposalOption, Session


class BookingQuerySet(models.QuerySet["Booking"]):
    def overlapping(self, starts_at: datetime, ends_at: datetime) -> Self:
        """Bookings that share an instant with [starts_at, ends_at)."""
        return self.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)

    def away(self) -> Self:
        return self.filter(kind=BookingKind.AWAY)


class Booking(models.Model):
    """One facilitator's, or one room's, time. Nobody is in two places at once.

    Time away is a booking too. Why somebody is away is not asked and not stored.
    """

    facilitator = models.ForeignKey(
        Facilitator, null=True, blank=True, on_delete=models.PROTECT, related_name="bookings",
        verbose_name=_("facilitator"),
    )  # fmt: skip
    room = models.ForeignKey(
        Room, null=True, blank=True, on_delete=models.PROTECT, related_name="bookings", verbose_name=_("room")
    )
    session = models.ForeignKey(
        Session, null=True, blank=True, on_delete=models.CASCADE, related_name="bookings", verbose_name=_("session")
    )
    option = models.ForeignKey(
        ProposalOption, null=True, blank=True, on_delete=models.CASCADE, related_name="bookings", editable=False,
        verbose_name=_("days that are offered"),
    )  # fmt: skip
    kind = models.CharField(_("kind"), max_length=7, choices=BookingKind, default=BookingKind.SESSION)
    hold = models.CharField(_("held or firm"), max_length=4, choices=BookingHold, default=BookingHold.HELD)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                name="booking_ends_after_it_starts",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("The end comes after the start."),
            ),
            models.CheckConstraint(
                name="booking_of_one_resource",
                condition=Q(facilitator__isnull=False, room=None) | Q(facilitator=None, room__isnull=False),
                violation_error_message=_("A booking is one facilitator’s or one room’s."),
            ),
            models.CheckConstraint(
                name="booking_session_or_away",
                condition=Q(kind=BookingKind.SESSION, session__isnull=False, option=None)
                | Q(kind=BookingKind.OPTION, session__isnull=False, option__isnull=False)
                | Q(kind=BookingKind.AWAY, session=None, option=None),
                violation_error_message=_("A booking is for a session, or it is time away."),
            ),
            NoOverlap(
                name="facilitator_in_one_place",
                resource="facilitator",
                violation_error_message=_("This facilitator is already booked then."),
            ),
            NoOverlap(
                name="room_for_one_session",
                resource="room",
                violation_error_message=_("This room is already booked then."),
            ),
        ]
        indexes = [
            models.Index(fields=["facilitator", "starts_at"], name="booking_of_facilitator"),
            models.Index(fields=["room", "starts_at"], name="booking_of_room"),
            models.Index(fields=["ends_at"], name="booking_still_to_come"),
        ]

    def __str__(self) -> str:
        starts, ends = (timezone.localtime(moment) for moment in (self.starts_at, self.ends_at))
        return f"{self.facilitator or self.room}: {starts:%Y-%m-%d %H.%M}–{ends:%H.%M}"
