from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from visits.models.facilitator import Facilitator

MOST_WEEKS: int = 4


class AwaySeries(models.Model):
    """Time away that comes again: the weekday of its first day, every week or every few, until its last day.

    Each time is a booking of its own, by the clock in Stockholm. Without times it is whole days.
    """

    facilitator = models.ForeignKey(
        Facilitator, on_delete=models.CASCADE, related_name="away_series", verbose_name=_("facilitator")
    )
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    every = models.PositiveSmallIntegerField(
        _("every so many weeks"), default=1, validators=[MinValueValidator(1), MaxValueValidator(MOST_WEEKS)]
    )
    starts = models.TimeField(_("from"), null=True, blank=True)
    ends = models.TimeField(_("to"), null=True, blank=True)

    class Meta:
        verbose_name = _("repeating time away")
        verbose_name_plural = _("repeating times away")
        default_permissions = ()
        ordering = ["first_day", "pk"]
        constraints = [
            models.CheckConstraint(
                name="away_series_ends_after_it_starts", condition=Q(last_day__gte=F("first_day")),
                violation_error_message=_("The last day comes after the first."),
            ),
            models.CheckConstraint(name="away_series_every_few_weeks", condition=Q(every__range=(1, MOST_WEEKS))),
            models.CheckConstraint(
                name="away_series_whole_days_or_hours",
                condition=Q(starts=None, ends=None) | Q(starts__isnull=False, ends__isnull=False, ends__gt=F("starts")),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.facilitator}: {self.first_day} – {self.last_day}"
