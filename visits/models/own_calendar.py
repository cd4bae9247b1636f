from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from visits.choices import CalendarProblem
from visits.models.facilitator import Facilitator
from visits.models.visit import Session


class OwnCalendarQuerySet(models.QuerySet["OwnCalendar"]):
    def due(self, at: datetime) -> Self:
        """To be read at a moment, and in nobody's hands."""
        return self.claimable(at).filter(facilitator__is_active=True, facilitator__user__is_active=True)

    def claimable(self, at: datetime) -> Self:
        """The same by the row's own columns alone, for the UPDATE that claims it.

        With a join the condition would stand in a subquery, which PostgreSQL does not look at again when the
        UPDATE has waited for another's: both would have the row.
        """
        free = Q(lease_until=None) | Q(lease_until__lt=at)
        return self.filter(free, due_at__lte=at)


class OwnCalendar(models.Model):
    """A facilitator's own calendar elsewhere, of which the portal reads when they are busy, and nothing else.

    Its address is a secret: it is sealed with the portal's key, and only `visits.busy` opens it. A reading
    claims the row with `lease_until` and a number of attempt; whoever comes late with an older one changes nothing.
    """

    facilitator = models.OneToOneField(
        Facilitator, on_delete=models.CASCADE, related_name="own_calendar", verbose_name=_("facilitator")
    )
    sealed_address = models.TextField(editable=False)
    etag = models.CharField(max_length=200, blank=True, help_text="Empty when it has to be read whole.")
    due_at = models.DateTimeField()
    attempt = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True, help_text="When it was last read well.")
    whole_at = models.DateTimeField(null=True, help_text="When its times were last read, not only that it is the same.")
    reaches = models.DateTimeField(null=True, help_text="Until when, if it holds more than is kept.")
    problem = models.CharField(max_length=12, blank=True, default="")
    failing_since = models.DateTimeField(null=True)
    busy_during = models.ManyToManyField(Session, related_name="busy_calendars", blank=True)

    objects = OwnCalendarQuerySet.as_manager()

    class Meta:
        verbose_name = _("own calendar")
        verbose_name_plural = _("own calendars")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="own_calendar_problem_has_a_beginning",
                condition=Q(problem="", failing_since=None) | (~Q(problem="") & Q(failing_since__isnull=False)),
            ),
        ]
        indexes = [models.Index(fields=["due_at"], name="own_calendar_due")]

    def __str__(self) -> str:
        return str(self.facilitator)  # never the address

    @property
    def problem_words(self) -> str:
        """What is wrong, and what its owner can do; empty for nothing."""
        return str(CalendarProblem(self.problem).label) if self.problem else ""
