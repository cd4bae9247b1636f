from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programmes.models import Area
from visits.choices import CompetenceLevel
from visits.models.facilitator import Facilitator


class Competence(models.Model):
    """What staff have approved that somebody can do in an area, and until when.

    An area that somebody leads stands in `Facilitator.areas`, whether there is a row here or not; the row says that
    they can teach it too, or until which day it holds. Who can only assist has a row, and the area does not stand
    there. Changes only through `visits.scheduling.competence`.
    """

    facilitator = models.ForeignKey(
        Facilitator, on_delete=models.CASCADE, related_name="competences", verbose_name=_("facilitator")
    )
    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="competences", verbose_name=_("area"))
    level = models.PositiveSmallIntegerField(_("level"), choices=CompetenceLevel)
    until = models.DateField(_("holds until"), null=True, blank=True, help_text=_("Left empty, it has no end."))
    approved_at = models.DateTimeField(_("approved"), auto_now=True)

    class Meta:
        verbose_name = _("competence")
        verbose_name_plural = _("competences")
        ordering = ["facilitator__user__last_name", "facilitator__user__first_name", "area__order"]
        constraints = [
            models.UniqueConstraint(fields=["facilitator", "area"], name="competence_once_in_an_area"),
            models.CheckConstraint(
                name="competence_of_a_level",
                condition=Q(level__in=CompetenceLevel.values),
                violation_error_message=_("Choose a level from the list."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facilitator}: {self.area} ({self.get_level_display()})"

    def holds_on(self, day: date) -> bool:
        return self.until is None or day <= self.until


class CompetenceClaim(models.Model):
    """What somebody says that they can do in an area; it counts when staff have approved it, which ends the row.

    Without a `level` they do not want to be asked for it any more.
    """

    facilitator = models.ForeignKey(
        Facilitator, on_delete=models.CASCADE, related_name="claims", verbose_name=_("facilitator")
    )
    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="+", verbose_name=_("area"))
    level = models.PositiveSmallIntegerField(_("level"), choices=CompetenceLevel, null=True, blank=True)
    until = models.DateField(_("holds until"), null=True, blank=True)
    said_at = models.DateTimeField(_("said"), auto_now=True)
    now: CompetenceLevel | None = None  # what holds, where it was read

    class Meta:
        verbose_name = _("competence to approve")
        verbose_name_plural = _("competences to approve")
        ordering = ["said_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["facilitator", "area"], name="competence_claimed_once_in_an_area"),
            models.CheckConstraint(
                name="competence_claimed_of_a_level",
                condition=Q(level=None) | Q(level__in=CompetenceLevel.values),
                violation_error_message=_("Choose a level from the list."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facilitator}: {self.area} ({self.get_level_display() or _('not any more')})"
