from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from visits.models.person import Organisation


class OrganisationNote(models.Model):
    """What is good to remember about an organisation; read by colleagues alone, changed by its writer."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="notes")
    text = models.TextField(_("good to remember"), max_length=1000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(_("written"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed"), null=True)

    class Meta:
        verbose_name = _("note about an organisation")
        verbose_name_plural = _("notes about organisations")
        ordering = ["-written_at", "-pk"]

    def __str__(self) -> str:
        return self.text[:60]


class OrganisationMerge(models.Model):
    """That two organisations were found to be one: what went over, so that it can be taken apart again.

    `moved` holds the keys of the rows that went from `gone` to `kept`, by kind; `before` and
    `after` the facts of both as they were and as the merge left them.
    """

    kept = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="merges")
    gone = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    moved = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("put together"), auto_now_add=True)
    undone_at = models.DateTimeField(_("taken apart"), null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("organisations put together")
        verbose_name_plural = _("organisations put together")
        ordering = ["-at", "-pk"]
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(name="merge_of_two", condition=~Q(kept=F("gone"))),
            models.UniqueConstraint(fields=["gone"], condition=Q(undone_at=None), name="merge_stands_once"),
            models.CheckConstraint(
                name="merge_undone_by_somebody",
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gone} → {self.kept}"
