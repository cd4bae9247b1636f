from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from visits.models.constraints import FixedOnceSet
from visits.models.request import VisitRequest


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def current(self) -> Self:
        """The version that stands; the ones before it are history."""
        return self.filter(superseded_at=None)

    def agreed(self) -> Self:
        """Versions that both sides have said yes to."""
        return self.filter(ours_at__isnull=False, guests_at__isnull=False)


class Agreement(models.Model):
    """What both partners promise one another, in four parts: numbered, and fixed once somebody agrees.

    The model is the patient contract: what we both want, who teaches what to whom, when we are
    next in touch, one named person on each side. `content` is the whole text as data;
    `digest` is the SHA-256 of its canonical JSON, so that a printed copy can be told from another.
    """

    request = models.ForeignKey(VisitRequest, on_delete=models.CASCADE, related_name="agreements")
    number = models.PositiveSmallIntegerField(_("version"))
    content = models.JSONField(_("content"))
    digest = models.CharField(_("fingerprint"), max_length=64)
    because = models.JSONField(_("what has changed"), default=list, blank=True)
    written_at = models.DateTimeField(_("written"), auto_now_add=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    answer_by = models.DateField(_("agree by"), null=True, blank=True)
    ours_at = models.DateTimeField(_("Qulturum agreed"), null=True)
    ours_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    guests_at = models.DateTimeField(_("the guests agreed"), null=True)
    guests_by = models.CharField(_("who agreed for the guests"), max_length=120, blank=True)
    superseded_at = models.DateTimeField(_("replaced"), null=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["number"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["request", "number"], name="agreement_numbered_once"),
            models.UniqueConstraint(fields=["request"], condition=Q(superseded_at=None), name="agreement_one_current"),
            models.CheckConstraint(
                name="agreement_ours_has_a_name", condition=Q(ours_at=None) | Q(ours_by__isnull=False)
            ),
            FixedOnceSet(
                name="agreement_text_stays",
                fields=["request", "number", "content", "digest"],
                when=["ours_at", "guests_at"],
            ),
            models.CheckConstraint(name="agreement_guests_has_a_name", condition=Q(guests_at=None) | ~Q(guests_by="")),
        ]

    def __str__(self) -> str:
        return f"{self.request} {self.number}"

    @property
    def is_agreed(self) -> bool:
        return self.ours_at is not None and self.guests_at is not None
