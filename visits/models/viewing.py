from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from visits.models.constraints import AppendOnly
from visits.models.request import VisitRequest


class Part(models.TextChoices):
    """What of a request somebody had before them."""

    PLAN = "plan", _("Plan")
    REQUEST = "request", _("Request")
    MESSAGES = "messages", _("Messages")
    AGREEMENT = "agreement", _("Agreement")
    GROUP = "group", _("Group")
    ROOM = "room", _("Room")
    AFTERWARDS = "afterwards", _("Afterwards")
    TO_DO = "to_do", _("To do")
    HISTORY = "history", _("History")
    NEEDS = "needs", _("Food and access")


class ViewingQuerySet(models.QuerySet["Viewing"]):
    def pages(self) -> Self:
        """Looks at a request's own pages; the numbers of food and access are looked at among those of others."""
        return self.exclude(part=Part.NEEDS)

    def newest_of_each(self, after: datetime) -> Self:
        """The last page that each person opened, when that was later than `after`."""
        later = Viewing.objects.pages().filter(user=OuterRef("user"), pk__gt=OuterRef("pk"))
        return self.pages().filter(~Exists(later), at__gt=after)


class Viewing(models.Model):
    """Somebody of ours has looked at a part of a request: who saw what, and when. Only ever added to."""

    request = models.ForeignKey(VisitRequest, on_delete=models.PROTECT, related_name="viewings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(_("what"), max_length=12, choices=Part)
    at = models.DateTimeField(_("when"))
    since = models.DateTimeField(_("reads it since"), help_text=_("When the same stay at the request began."))

    objects = ViewingQuerySet.as_manager()

    class Meta:
        verbose_name = _("look at a request")
        verbose_name_plural = _("looks at requests")
        ordering = ["-pk"]
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["request", "part", "id"], name="viewing_of_request"),
            models.Index(fields=["user", "id"], name="viewing_of_user"),
            models.Index(fields=["at"], name="viewing_at"),
        ]
        constraints = [
            AppendOnly(
                name="viewing_append_only",
                violation_error_message=_("Who has looked is only ever added to."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_part_display()}"
