from __future__ import annotations

from typing import Final, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programmes.models import Area
from visits.choices import FacilitatorKind
from visits.models.site import Site

MOST_HOURS: Final = 2000  # what somebody works in a whole year
MOST_VISITS: Final = 5  # in one week: a visit for every day
MOST_SESSIONS_A_WEEK, MOST_SESSIONS_A_TERM = 20, 200


class Room(models.Model):
    """A place of ours where a session can be held."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="rooms", verbose_name=_("site"))
    capacity = models.PositiveSmallIntegerField(_("people"))
    step_free = models.BooleanField(_("step-free"), default=False)
    is_demo = models.BooleanField(_("demo"), default=False, editable=False)

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        ordering = ["site__name", "name"]
        constraints = [
            models.CheckConstraint(
                name="room_holds_somebody",
                condition=Q(capacity__gte=1),
                violation_error_message=_("A room holds at least one person."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


def all_weekdays() -> list[int]:
    """Monday to Friday, as ISO numbers them."""
    return [1, 2, 3, 4, 5]


class FacilitatorQuerySet(models.QuerySet["Facilitator"]):
    def active(self) -> Self:
        return self.filter(is_active=True, user__is_active=True)


class Facilitator(models.Model):
    """Somebody who leads sessions: staff, a clinician, or a person of the Living Library."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="facilitator", verbose_name=_("account")
    )
    kind = models.CharField(_("kind"), max_length=14, choices=FacilitatorKind, default=FacilitatorKind.STAFF)
    areas = models.ManyToManyField(Area, blank=True, related_name="facilitators", verbose_name=_("areas"))
    languages = models.JSONField(_("languages"), default=list, help_text=_('For instance ["en", "sv"].'))
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    is_active = models.BooleanField(_("can be asked"), default=True)
    hours_a_year = models.PositiveSmallIntegerField(
        _("own hours a year"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(MOST_HOURS)],
        help_text=_("What they and their manager have agreed on. Left empty, nothing is held against it."),
    )  # fmt: skip
    weekdays = models.JSONField(
        _("days that suit them"), default=all_weekdays, help_text=_("1 is Monday, 5 is Friday. Guests never see it.")
    )
    visits_a_week = models.PositiveSmallIntegerField(
        _("visits in a week, at most"), null=True, blank=True,
        help_text=_("What they chose for themselves. Left empty, there is no limit."),
    )  # fmt: skip
    sessions_a_week = models.PositiveSmallIntegerField(
        _("sessions in a week, at most"), null=True, blank=True,
        help_text=_("What they chose for themselves. Left empty, there is no limit."),
    )  # fmt: skip
    sessions_a_term = models.PositiveSmallIntegerField(
        _("sessions in a half-year, at most"), null=True, blank=True,
        help_text=_("From January to June, and from July to December. Left empty, there is no limit."),
    )  # fmt: skip
    site = models.ForeignKey(
        Site, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("where they work"),
        help_text=_("Whoever is asked reads how far it is from here. Left empty, nothing is said of the way."),
    )  # fmt: skip
    is_demo = models.BooleanField(_("demo"), default=False, editable=False)

    objects = FacilitatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("facilitator")
        verbose_name_plural = _("facilitators")
        ordering = ["user__last_name", "user__first_name"]
        constraints = [
            models.CheckConstraint(
                name="facilitator_own_hours_in_a_year",
                condition=Q(hours_a_year=None) | Q(hours_a_year__range=(1, MOST_HOURS)),
                violation_error_message=_("Write between 1 and 2,000 hours, or leave it empty."),
            ),
            models.CheckConstraint(
                name="facilitator_visits_in_a_week",
                condition=Q(visits_a_week=None) | Q(visits_a_week__range=(1, MOST_VISITS)),
                violation_error_message=_("Choose between 1 and 5 visits a week, or leave it empty."),
            ),
            models.CheckConstraint(
                name="facilitator_sessions_in_a_week",
                condition=Q(sessions_a_week=None) | Q(sessions_a_week__range=(1, MOST_SESSIONS_A_WEEK)),
                violation_error_message=_("Write between 1 and 20 sessions a week, or leave it empty."),
            ),
            models.CheckConstraint(
                name="facilitator_sessions_in_a_term",
                condition=Q(sessions_a_term=None) | Q(sessions_a_term__range=(1, MOST_SESSIONS_A_TERM)),
                violation_error_message=_("Write between 1 and 200 sessions a half-year, or leave it empty."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def name(self) -> str:
        return str(self.user)

    @property
    def guest_name(self) -> str:
        """The name as guests read it: a person of the Living Library by first name only."""
        by_first_name = self.kind == FacilitatorKind.LIVING_LIBRARY and self.user.first_name
        return self.user.first_name if by_first_name else self.name
