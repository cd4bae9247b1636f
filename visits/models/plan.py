from __future__ import annotations

from typing import Final, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from visits.choices import PlanState

AT_WORK: Final = (PlanState.WAITING, PlanState.WORKING)
MOST_SECONDS: Final = 600


class SeasonPlanQuerySet(models.QuerySet["SeasonPlan"]):
    def at_work(self) -> Self:
        """Asked for, and not ready yet."""
        return self.filter(state__in=AT_WORK)


class SeasonPlan(models.Model):
    """A plan for all that waits in some weeks, asked for by somebody and worked out by the planner.

    One that `mends` gives nobody new a place: it is for what stands, after somebody fell ill.

    Nothing is booked by it. `drawn` is the season as it stood when it was asked for, `found` what was
    found; both are read by `visits.season_plan` alone.
    """

    first_day = models.DateField(_("from"))
    last_day = models.DateField(_("to"))
    state = models.CharField(_("state"), max_length=7, choices=PlanState, default=PlanState.WAITING)
    seconds = models.PositiveSmallIntegerField(_("seconds of work, at most"), default=60)
    mends = models.BooleanField(_("only mends what stands"), default=False, db_default=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("asked for by")
    )
    asked_at = models.DateTimeField(_("asked for"), auto_now_add=True)
    drawn = models.JSONField(default=dict, editable=False)
    found = models.JSONField(default=dict, editable=False)
    progress = models.JSONField(default=list, editable=False)  # [seconds, visits with a place, at most]
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    stop_asked_at = models.DateTimeField(null=True, editable=False)
    finished_at = models.DateTimeField(_("ready"), null=True, editable=False)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, editable=False)

    objects = SeasonPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan of a season")
        verbose_name_plural = _("plans of seasons")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="season_plan_ends_after_it_starts",
                condition=Q(last_day__gte=F("first_day")),
                violation_error_message=_("The last day comes after the first."),
            ),
            models.CheckConstraint(
                name="season_plan_works_for_a_while",
                condition=Q(seconds__range=(1, MOST_SECONDS)),
                violation_error_message=_("Choose between one second and ten minutes."),
            ),
            models.UniqueConstraint(
                fields=["first_day", "last_day", "mends"],
                condition=Q(state__in=AT_WORK),
                name="season_plan_one_at_work",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_day.isoformat()}–{self.last_day.isoformat()}"
