from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from visits.models.person import Organisation
from visits.models.visit import Visit


class PromiseQuerySet(models.QuerySet["Promise"]):
    def still_open(self) -> Self:
        """What has not been done yet, the day that comes first on top."""
        return self.filter(kept_at=None).order_by("due_on", "pk")


class Promise(models.Model):
    """Something that one of us has said an organisation will get, and by when."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="promises", verbose_name=_("organisation")
    )
    visit = models.ForeignKey(
        Visit, null=True, blank=True, on_delete=models.SET_NULL, related_name="promises", verbose_name=_("visit")
    )
    words = models.CharField(_("what we promised"), max_length=300)
    promised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="promises", verbose_name=_("promised by")
    )
    promised_on = models.DateField(_("promised on"))
    due_on = models.DateField(_("by"))
    kept_at = models.DateTimeField(_("kept"), null=True, editable=False)
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    how = models.CharField(_("how"), max_length=300, blank=True)

    objects = PromiseQuerySet.as_manager()

    class Meta:
        verbose_name = _("promise")
        verbose_name_plural = _("promises")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="promise_kept_by_somebody",
                condition=Q(kept_at__isnull=True, kept_by__isnull=True)
                | Q(kept_at__isnull=False, kept_by__isnull=False),
                violation_error_message=_("What is kept was kept by somebody."),
            ),
            models.CheckConstraint(
                name="promise_due_after_it_was_given",
                condition=Q(due_on__gte=F("promised_on")),
                violation_error_message=_("The day comes after the promise."),
            ),
        ]
        indexes = [models.Index(fields=["due_on"], condition=Q(kept_at=None), name="promise_open")]

    def __str__(self) -> str:
        return self.words
