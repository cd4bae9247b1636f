from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from visits.choices import LinkPurpose
from visits.models.ask import Ask
from visits.models.facilitator import Facilitator
from visits.models.gathering_ask import GatheringAsk
from visits.models.ledger import LookBack
from visits.models.request import VisitRequest
from visits.models.visit import Participant


class AccessLinkQuerySet(models.QuerySet["AccessLink"]):
    def usable(self, at: datetime) -> Self:
        return self.filter(revoked_at=None).filter(Q(expires_at=None) | Q(expires_at__gt=at))


class AccessLink(models.Model):
    """A capability: whoever holds the secret in its address may do one thing.

    Only the digest of the secret is stored; the secret itself is made again from the
    portal's key when a mail is written (`visits.access`).
    """

    purpose = models.CharField(_("for"), max_length=9, choices=LinkPurpose)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    nonce = models.CharField(max_length=32, unique=True, editable=False)
    request = models.ForeignKey(VisitRequest, null=True, on_delete=models.CASCADE, related_name="links")
    ask = models.ForeignKey(Ask, null=True, on_delete=models.CASCADE, related_name="links")
    gathering_ask = models.ForeignKey(GatheringAsk, null=True, on_delete=models.CASCADE, related_name="links")
    facilitator = models.ForeignKey(Facilitator, null=True, on_delete=models.CASCADE, related_name="links")
    participant = models.ForeignKey(Participant, null=True, on_delete=models.CASCADE, related_name="links")
    look_back = models.ForeignKey(LookBack, null=True, on_delete=models.CASCADE, related_name="links")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = AccessLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"
