from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from programmes.models import Offering
from visits.choices import ClosureKind


class ClosureQuerySet(models.QuerySet["Closure"]):
    def touching(self, first: date, last: date) -> Self:
        return self.filter(first_day__lte=last, last_day__gte=first)


class Closure(models.Model):
    """Days on which we are closed, hold the festival, or are few. Public holidays are not here."""

    kind = models.CharField(_("kind"), max_length=8, choices=ClosureKind)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    words_en = models.CharField(_("in English"), max_length=160)
    words_sv = models.CharField(_("in Swedish"), max_length=160)
    is_demo = models.BooleanField(_("demo"), default=False, editable=False)

    objects = ClosureQuerySet.as_manager()

    class Meta:
        verbose_name = _("closure")
        verbose_name_plural = _("closures")
        ordering = ["first_day"]
        constraints = [
            models.CheckConstraint(
                name="closure_ends_after_it_starts",
                condition=Q(last_day__gte=F("first_day")),
                violation_error_message=_("The last day comes after the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.words_en


class PauseQuerySet(models.QuerySet["Pause"]):
    def touching(self, first: date, last: date) -> Self:
        return self.filter(first_day__lte=last, last_day__gte=first)


class Pause(models.Model):
    """Days on which one offering receives no guests, though the house is open."""

    offering = models.ForeignKey(Offering, on_delete=models.CASCADE, related_name="pauses", verbose_name=_("offering"))
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    words_en = models.CharField(_("in English"), max_length=160)
    words_sv = models.CharField(_("in Swedish"), max_length=160)
    is_demo = models.BooleanField(_("demo"), default=False, editable=False)

    objects = PauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("pause of an offering")
        verbose_name_plural = _("pauses of offerings")
        ordering = ["first_day"]
        constraints = [
            models.CheckConstraint(
                name="pause_ends_after_it_starts",
                condition=Q(last_day__gte=F("first_day")),
                violation_error_message=_("The last day comes after the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.words_en
