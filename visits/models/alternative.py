from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from visits import choices
from visits.choices import RequestState
from visits.models.request import VisitRequest


class AlternativeQuerySet(models.QuerySet["Alternative"]):
    def taking_a_place(self, today: date) -> Self:
        """Other weeks that are kept for those whom we said no to, for as long as that stands."""
        return self.filter(held_until__gte=today, request__state=RequestState.DECLINED)


class Alternative(models.Model):
    """What we offered instead, when we said no."""

    request = models.ForeignKey(VisitRequest, on_delete=models.CASCADE, related_name="alternatives")
    kind = models.CharField(_("kind"), max_length=10, choices=choices.AlternativeKind)
    first_day = models.DateField(_("first day"), null=True, blank=True)
    words = models.CharField(_("in our own words"), max_length=300, blank=True)
    held_until = models.DateField(_("kept for them until"), null=True, blank=True, editable=False)

    objects = AlternativeQuerySet.as_manager()

    class Meta:
        verbose_name = _("alternative")
        verbose_name_plural = _("alternatives")
        constraints = [
            models.CheckConstraint(
                name="alternative_week_has_a_day",
                condition=~Q(kind=choices.AlternativeKind.OTHER_WEEK) | Q(first_day__isnull=False),
                violation_error_message=_("Write the first day of the other week."),
            ),
        ]
        indexes = [models.Index(fields=["first_day"], name="alternative_first_day")]

    def __str__(self) -> str:
        return self.get_kind_display()
