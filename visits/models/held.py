from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from visits.models.visit import Session


class SessionHeld(models.Model):
    """What became of one session on the day: how many were there, or why it was not held.

    `key` names the press that wrote it last: a phone that sends the same press twice changes nothing.
    """

    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="held", primary_key=True)
    people = models.PositiveSmallIntegerField(_("how many were there"), null=True, blank=True)
    why_not = models.CharField(_("why it was not held"), max_length=200, blank=True)
    told_at = models.DateTimeField(_("told"))
    told_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = _("session held or not")
        verbose_name_plural = _("sessions held or not")
        constraints = [
            models.CheckConstraint(
                name="session_held_or_why_not",
                condition=Q(people__isnull=False, why_not="") | (Q(people=None) & ~Q(why_not="")),
                violation_error_message=_("Say how many were there, or why it was not held."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.session)

    @property
    def was_held(self) -> bool:
        return self.people is not None
