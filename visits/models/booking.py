from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final, Self

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from visits import words
from visits.choices import BookingHold, BookingKind
from visits.models.away import AwaySeries
from visits.models.constraints import KeptByEngine, NoOverlap
from visits.models.facilitator import Facilitator, Room
from visits.models.on_the_way import A_MINUTE, TooNear, nearby
from visits.models.site import Site, Travel
from visits.models.triggers import Trigger
from visits.models.visit import ProposalOption, Session
from visits.models.ways_kept import triggers
from visits.models.week import Gathering

WAY: Final = "way_to_{}"
AROUND: Final = (BookingKind.PREPARE, BookingKind.DEBRIEF)  # a session, for whoever leads it


class BookingQuerySet(models.QuerySet["Booking"]):
    def overlapping(self, starts_at: datetime, ends_at: datetime) -> Self:
        """Bookings that share an instant with [starts_at, ends_at)."""
        return self.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)

    def near(self, starts_at: datetime, ends_at: datetime) -> Self:
        """Bookings that somebody may have to travel from, or to, around [starts_at, ends_at); those in it too."""
        return self.overlapping(*nearby(starts_at, ends_at))

    def with_ways_to(self, *sites: int) -> Self:
        """Each booking with the shortest ways between its site and these, for its `way_to`."""
        found = self
        for site in sites:
            ways = Travel.objects.between(OuterRef("site"), site).values("minutes")
            found = found.annotate(**{WAY.format(site): Subquery(ways[:1])})
        return found

    def away(self) -> Self:
        return self.filter(kind=BookingKind.AWAY)

    def around_sessions(self) -> Self:
        """Preparation and debriefing of those of the Living Library."""
        return self.filter(kind__in=AROUND)

    def imported(self) -> Self:
        """Read from somebody's own calendar."""
        return self.filter(imported=True)

    def written(self) -> Self:
        """Everything that people have made: sessions, days that are offered, and time away by hand."""
        return self.filter(imported=False)


class SiteOfSession(models.ForeignKey["Site | None", "Site | None"]):
    """The site of a booking's session, or gathering, read from it whenever the booking is saved, whoever saves it."""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        if isinstance(model_instance, Booking):
            model_instance.site_id = model_instance.site_of_session
        return super().pre_save(model_instance, add)


class TimeToTravel(KeptByEngine):
    """Nobody is booked at two sites with less time between them than the shortest way that is written down.

    Bookings without a facilitator or a site are left alone, and so are sites with no way between them.
    What was booked before a way was written down, or made longer, stands until it is moved. Both engines:
    triggers before INSERT and UPDATE.
    """

    def _triggers(self, model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> Iterator[Trigger]:
        return triggers(editor)

    def validate(
        self, model: type[models.Model], instance: models.Model, exclude: Any = None, using: str = DEFAULT_DB_ALIAS
    ) -> None:
        if not isinstance(instance, Booking) or None in (instance.starts_at, instance.ends_at):
            return
        found = instance.too_near_another(using)
        if found is not None:
            other, near = found
            told = f"{self.get_violation_error_message()} {near.words}. ({other})"
            raise ValidationError(told, code=self.violation_error_code)


class Booking(models.Model):
    """One facilitator's, or one room's, time. Nobody is in two places at once.

    Time away is a booking too. Why somebody is away is not asked and not stored. What is `imported` was read
    from their own calendar: it gives way to everything else, and the next reading writes it anew.
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
    gathering = models.ForeignKey(
        Gathering, null=True, blank=True, on_delete=models.CASCADE, related_name="bookings", editable=False,
        verbose_name=_("gathering"),
    )  # fmt: skip
    site = SiteOfSession(
        Site, null=True, blank=True, on_delete=models.PROTECT, db_index=False, related_name="+", editable=False,
        verbose_name=_("site"), help_text=_("Where the facilitator has to be then; it comes with the session."),
    )  # fmt: skip
    kind = models.CharField(_("kind"), max_length=7, choices=BookingKind, default=BookingKind.SESSION)
    hold = models.CharField(_("held or firm"), max_length=4, choices=BookingHold, default=BookingHold.HELD)
    series = models.ForeignKey(
        AwaySeries, null=True, blank=True, on_delete=models.CASCADE, related_name="bookings", editable=False,
        verbose_name=_("repeating time away"),
    )  # fmt: skip
    imported = models.BooleanField(_("read from their own calendar"), default=False, db_default=False, editable=False)
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
                | Q(kind=BookingKind.AWAY, session=None, option=None)
                | Q(kind__in=AROUND, session__isnull=False, option=None, facilitator__isnull=False)
                | Q(kind=BookingKind.NETWORK, session=None, option=None, facilitator__isnull=False),
                violation_error_message=_("A booking is for a session, or it is time away."),
            ),
            models.CheckConstraint(
                name="booking_of_a_gathering",
                condition=Q(kind=BookingKind.NETWORK, gathering__isnull=False)
                | (~Q(kind=BookingKind.NETWORK) & Q(gathering=None)),
                violation_error_message=_("Who helps at a gathering is chosen on the page of the gathering."),
            ),
            models.CheckConstraint(
                name="booking_series_is_away",
                condition=Q(series=None) | Q(kind=BookingKind.AWAY, imported=False),
                violation_error_message=_("Only time away comes again and again."),
            ),
            models.CheckConstraint(
                name="booking_imported_is_away",
                condition=Q(imported=False) | Q(kind=BookingKind.AWAY, facilitator__isnull=False),
                violation_error_message=_("Only time away is read from somebody’s own calendar."),
            ),
            NoOverlap(
                name="facilitator_in_one_place",
                resource="facilitator",
                violation_error_message=_("This facilitator is already booked then."),
            ),
            TimeToTravel(
                name="facilitator_has_time_to_travel",
                violation_error_message=_("This facilitator would not get there in time."),
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

    @property
    def first_day(self) -> date:
        """In Stockholm, as is the last day; one that it ends with at midnight is in it, the next one is not."""
        return words.local_date(self.starts_at)

    @property
    def last_day(self) -> date:
        return words.local_date(self.ends_at - timedelta(microseconds=1))

    @property
    def is_whole_days(self) -> bool:
        return words.clock(self.starts_at) == words.clock(self.ends_at) == "00.00"

    @property
    def site_of_session(self) -> int | None:
        """Where a facilitator has to be for the session, or gathering; a room is where it is, the away are nowhere."""
        session = self.session
        if self.facilitator_id is None:
            return None
        if session is None:
            return self.gathering.site_id if self.gathering else None
        return session.room.site_id if session.room else session.site_id

    def too_near_another(self, using: str = DEFAULT_DB_ALIAS) -> tuple[Booking, TooNear] | None:
        """The first other booking of its facilitator that leaves too little time for the way; one query."""
        site = self.site_of_session
        if site is None:
            return None
        others = Booking.objects.using(using).near(self.starts_at, self.ends_at).filter(facilitator=self.facilitator_id)
        others = others.exclude(pk=self.pk).exclude(site=site).with_ways_to(site)
        for other in others.select_related("site", "facilitator__user", "session__visit__request"):
            near = other.too_near(self.starts_at, self.ends_at, other.way_to(site))
            if near is not None:
                return other, near
        return None

    def way_to(self, site: int | None) -> int | None:
        """Minutes of the shortest way between here and a site that `with_ways_to` was asked for; None for no way."""
        way: int | None = getattr(self, WAY.format(site), None)
        return way

    def too_near(self, starts_at: datetime, ends_at: datetime, way: int | None) -> TooNear | None:
        """What is too short between this booking and one from `starts_at` to `ends_at`, `way` minutes from here."""
        if way is None or self.site is None:
            return None
        comes_from = self.ends_at <= starts_at
        gap = starts_at - self.ends_at if comes_from else self.starts_at - ends_at
        return TooNear(self.site, way, max(gap // A_MINUTE, 0), comes_from) if gap < way * A_MINUTE else None

    def clean(self) -> None:
        self.site_id = self.site_of_session
