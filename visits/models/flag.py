"""What the portal itself has noticed about a request, and what it keeps to notice cheaply."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from visits.choices import Criterion, FlagKind
from visits.models.request import VisitRequest


class FlagQuerySet(models.QuerySet["Flag"]):
    def open(self) -> Self:
        """What nobody has said «not so» to."""
        return self.filter(dismissed_at=None)


class Flag(models.Model):
    """One thing to notice about a request. It tells; nothing in the portal decides by it.

    `about` keeps two of one kind apart: the other request, the number, the person. `detail`
    holds the facts, and the sentence is made of them in the reader's language.
    """

    request = models.ForeignKey(VisitRequest, on_delete=models.CASCADE, related_name="flags")
    kind = models.CharField(_("kind"), max_length=9, choices=FlagKind)
    about = models.CharField(_("what it is about"), max_length=80, blank=True)
    detail = models.JSONField(_("the facts"), default=dict, blank=True)
    raised_at = models.DateTimeField(_("noticed"), default=timezone.now)
    dismissed_at = models.DateTimeField(_("not so, since"), null=True, blank=True)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("who said so"),
    )  # fmt: skip
    dismissed_why = models.CharField(_("why not"), max_length=300, blank=True)

    objects = FlagQuerySet.as_manager()

    class Meta:
        verbose_name = _("thing to notice")
        verbose_name_plural = _("things to notice")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["request", "kind", "about"], name="flag_once_about_a_thing"),
            models.CheckConstraint(
                name="flag_dismissed_by_somebody",
                condition=Q(dismissed_at=None, dismissed_by=None, dismissed_why="")
                | Q(dismissed_at__isnull=False, dismissed_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["request"], condition=Q(dismissed_at=None), name="flag_open_of_request"),
            models.Index(fields=["kind", "request"], condition=Q(dismissed_at=None), name="flag_open_by_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.about}".strip()


class Noticed(models.Model):
    """When the portal last looked at an open request, at which version, and by what its double would be found.

    `domain` is empty for an address at a public mail service: half the world shares it.
    """

    request = models.OneToOneField(VisitRequest, on_delete=models.CASCADE, primary_key=True, related_name="noticed")
    version = models.PositiveIntegerField()
    at = models.DateTimeField()
    domain = models.CharField(max_length=190, blank=True)
    name_key = models.CharField(max_length=200, blank=True)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["at"], name="noticed_longest_ago"),
            models.Index(fields=["domain"], condition=~Q(domain=""), name="noticed_by_domain"),
            models.Index(fields=["name_key"], condition=~Q(name_key=""), name="noticed_by_name"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.version}"


class TriageWeight(models.Model):
    """How many points of the aid one question is worth; managers change it, and all of them need not make a hundred."""

    criterion = models.CharField(_("question"), max_length=8, choices=Criterion, unique=True)
    points = models.PositiveSmallIntegerField(_("points at most"))

    class Meta:
        verbose_name = _("weight of the triage aid")
        verbose_name_plural = _("weights of the triage aid")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="triage_weight_within_a_hundred",
                condition=Q(points__lte=100),
                violation_error_message=_("Write a number from 0 to 100."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_criterion_display())
