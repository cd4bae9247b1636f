"""What people say of our own measures: the cause of a signal, and from when new lines are drawn."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from visits.choices import Measure


class CauseNote(models.Model):
    """What was special at one point of a measure, in the words of somebody who knows."""

    measure = models.CharField(_("measure"), max_length=20, choices=Measure)
    point = models.CharField(_("point"), max_length=20)
    words = models.TextField(_("what was special"), max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("written"), auto_now_add=True)

    class Meta:
        verbose_name = _("note of a cause")
        verbose_name_plural = _("notes of causes")
        ordering = ["at", "pk"]
        permissions = [
            ("see_load_by_name", _("May see by name who leads how much")),
            ("export_people", _("May take out tables with names and addresses")),
        ]
        constraints = [
            models.CheckConstraint(
                name="cause_note_says_something",
                condition=~Q(words=""),
                violation_error_message=_("Write what was special."),
            ),
        ]
        indexes = [models.Index(fields=["measure", "point"], name="cause_note_of_point")]

    def __str__(self) -> str:
        return self.words[:60]


class Phase(models.Model):
    """From this day on a measure is another process: its lines are drawn anew."""

    measure = models.CharField(_("measure"), max_length=20, choices=Measure)
    first_day = models.DateField(_("from"))
    words = models.TextField(_("what we changed"), max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("set"), auto_now_add=True)

    class Meta:
        verbose_name = _("phase of a measure")
        verbose_name_plural = _("phases of measures")
        ordering = ["first_day"]
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "first_day"],
                name="phase_once_a_day",
                violation_error_message=_("New lines are drawn from that day already."),
            ),
            models.CheckConstraint(
                name="phase_says_why",
                condition=~Q(words=""),
                violation_error_message=_("Write what we changed."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure}, {self.first_day.isoformat()}"
