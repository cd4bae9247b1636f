from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from visits.choices import Source
from visits.models.request import VisitRequest


class Entry(models.Model):
    """That one of us wrote a request down for somebody; until they take it over, nobody has confirmed the address.

    `fingerprint` is that of the row of a file, or of the page, that it was read from: the same makes one request,
    however often it is pressed.
    """

    request = models.OneToOneField(VisitRequest, on_delete=models.CASCADE, related_name="entry", primary_key=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("entered"), auto_now_add=True)
    source = models.CharField(_("how it came"), max_length=6, choices=Source)
    words = models.TextField(_("their own words"), max_length=1000, blank=True)
    taken_over_at = models.DateTimeField(_("taken over by the visitor"), null=True)
    fingerprint = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("request entered by one of us")
        verbose_name_plural = _("requests entered by one of us")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["fingerprint"], condition=~models.Q(fingerprint=""), name="entry_once"),
        ]

    def __str__(self) -> str:
        return str(self.request)


class ImportedFile(models.Model):
    """A list of requests that somebody has sent in and not pressed yet: theirs alone, kept for a few hours."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("file"), max_length=120)
    rows = models.JSONField(default=list)
    sent_in_at = models.DateTimeField(_("sent in"), auto_now_add=True)

    class Meta:
        verbose_name = _("list of requests")
        verbose_name_plural = _("lists of requests")
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
