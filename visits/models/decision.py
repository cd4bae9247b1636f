from __future__ import annotations

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from visits.models.request import VisitRequest


def pending_at(at: datetime) -> Q:
    """Decisions that can still be taken back, and whose mails have not left."""
    return Q(undone_at=None, settled_at=None, until__gt=at)


class DecisionQuerySet(models.QuerySet["Decision"]):
    def pending(self, at: datetime) -> Self:
        return self.filter(pending_at(at))

    def settle(self, visit_request: VisitRequest, at: datetime) -> int:
        """End the time in which a request's decisions can be taken back; return how many there were."""
        return self.pending(at).filter(request=visit_request).update(settled_at=at)


class DecidedTogether(models.Model):
    """Several requests decided in one press: what was not done stays here, with its reason."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"))
    refused = models.JSONField(_("not done"), default=list, blank=True)

    class Meta:
        verbose_name = _("press for several requests")
        verbose_name_plural = _("presses for several requests")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.by}, {self.at:%Y-%m-%d %H.%M}"


class Decision(models.Model):
    """What one of us decided about a request, with enough to go back until its mails leave.

    `changes` lists the rows that it made, changed and took away, each with what it said before;
    it is emptied when nothing can be taken back any more. `version` is the request's after it,
    `first_entry` and `last_entry` are the numbers of its lines in the history.
    """

    request = models.ForeignKey(VisitRequest, on_delete=models.CASCADE, related_name="decisions")
    what = models.CharField(_("what"), max_length=30, help_text=_("The deed, as it is named in the code."))
    detail = models.JSONField(_("detail"), default=dict, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"))
    until = models.DateTimeField(_("can be taken back until"))
    mails = models.PositiveSmallIntegerField(_("mails"), default=0)
    changes = models.JSONField(_("what it changed"), default=list, blank=True)
    version = models.PositiveIntegerField(default=0)
    first_entry = models.PositiveBigIntegerField(default=0)
    last_entry = models.PositiveBigIntegerField(default=0)
    together = models.ForeignKey(
        DecidedTogether, null=True, blank=True, on_delete=models.SET_NULL, related_name="decisions"
    )
    undone_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField(_("settled before its time"), null=True, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(name="decision_ends_after_it_begins", condition=Q(until__gte=F("at"))),
            models.CheckConstraint(name="decision_undone_or_settled", condition=Q(undone_at=None) | Q(settled_at=None)),
        ]
        indexes = [
            models.Index(
                fields=["request", "until"],
                condition=Q(undone_at=None, settled_at=None),
                name="decision_pending",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.request}: {self.what}"
