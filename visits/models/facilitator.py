from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programmes.models import Area
from visits.choices import FacilitatorKind


class Room(models.Model):
    """A place of ours where a session can be held."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    site = models.CharField(_("site"), max_length=80, default="Qulturum")
    capacity = models.PositiveSmallIntegerField(_("people"))
    step_free = models.BooleanField(_("step-free"), default=False)
    is_demo = models.BooleanField(_("demo"), default=False, editable=False)

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        ordering = ["site", "name"]
        constraints = [
            models.CheckConstraint(
                name="room_holds_somebody",
                condition=Q(capacity__gte=1),
                violation_error_message=_("A room holds at least one person."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FacilitatorQuerySet(models.QuerySet["Facilitator"]):
    def active(self) -> Self:
        return self.filter(is_active=True, user__is_active=True)


class Facilitator(models.Model):
    """Somebody who leads sessions: staff, a clinician, or a person of the Living Library."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="facilitator", verbose_name=_("account")
    )
    kind = models.CharField(_("kind"), max_length=14, choices=FacilitatorKind, default=FacilitatorKind.STAFF)
    areas = models.ManyToManyField(Area, blank=True, related_name="facilitators", verbose_name=_("areas"))
    languages = models.JSONField(_("languages"), default=list, help_text=_('For instance ["en", "sv"].'))
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    is_active = models.BooleanField(_("can be asked"), default=True)
    is_demo = models.BooleanField(_("demo"), default=False, editable=False)

    objects = FacilitatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("facilitator")
        verbose_name_plural = _("facilitators")
        ordering = ["user__last_name", "user__first_name"]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def name(self) -> str:
        return str(self.user)

    @property
    def guest_name(self) -> str:
        """The name as guests read it: a person of the Living Library by first name only."""
        by_first_name = self.kind == FacilitatorKind.LIVING_LIBRARY and self.user.first_name
        return self.user.first_name if by_first_name else self.name
