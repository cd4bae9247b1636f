from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from visits.models.facilitator import Facilitator

MOST_REST: Final = 14  # days
MOST_A_MONTH: Final = 12  # sessions
MOST_MINUTES: Final = 120  # of preparation, and of debriefing


class LivingTerms(models.Model):
    """On what terms a person of the Living Library meets guests.

    What they will speak about are their areas, which they choose themselves, like all of this but the note; while
    `agreed_at` is empty they have not agreed to anything and nobody may ask them. Changes only through
    `visits.scheduling.living`.
    """

    facilitator = models.OneToOneField(
        Facilitator, on_delete=models.CASCADE, related_name="living", verbose_name=_("facilitator")
    )
    agreed_at = models.DateTimeField(_("agreed"), null=True, blank=True, editable=False)
    rest_days = models.PositiveSmallIntegerField(_("days of rest after guests"), default=2)
    sessions_a_month = models.PositiveSmallIntegerField(
        _("sessions in a month, at most"), null=True, blank=True, default=4
    )
    preparation_minutes = models.PositiveSmallIntegerField(_("minutes of preparation"), default=30)
    debrief_minutes = models.PositiveSmallIntegerField(_("minutes of debriefing"), default=30)
    story = models.CharField(
        _("what their story is about"), max_length=300, blank=True,
        help_text=_("In their own words. Colleagues of the desk read it when a voice beside the leader is looked for."),
    )  # fmt: skip
    compensation = models.TextField(
        _("compensation"), max_length=500, blank=True,
        help_text=_("What has been agreed, and how it is paid. Colleagues of the desk alone read it."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("terms in the Living Library")
        verbose_name_plural = _("terms in the Living Library")
        ordering = ["facilitator__user__last_name", "facilitator__user__first_name"]
        constraints = [
            models.CheckConstraint(
                name="living_terms_rest",
                condition=Q(rest_days__lte=MOST_REST),
                violation_error_message=_("Choose at most 14 days of rest."),
            ),
            models.CheckConstraint(
                name="living_terms_in_a_month",
                condition=Q(sessions_a_month=None) | Q(sessions_a_month__range=(1, MOST_A_MONTH)),
                violation_error_message=_("Choose between 1 and 12 sessions a month, or leave it empty."),
            ),
            models.CheckConstraint(
                name="living_terms_minutes",
                condition=Q(preparation_minutes__lte=MOST_MINUTES, debrief_minutes__lte=MOST_MINUTES),
                violation_error_message=_("Write at most 120 minutes."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.facilitator)
