from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from visits.choices import CommentSide
from visits.models.request import VisitRequest


class CommentQuerySet(models.QuerySet["Comment"]):
    def shared(self) -> Self:
        """What the visitor reads too: everything but notes between colleagues."""
        return self.exclude(side=CommentSide.NOTE)


class Comment(models.Model):
    """One message in the conversation between the visitor and the coordinator."""

    request = models.ForeignKey(VisitRequest, on_delete=models.CASCADE, related_name="comments")
    side = models.CharField(_("from"), max_length=7, choices=CommentSide)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    author_name = models.CharField(_("name"), max_length=120)
    text = models.TextField(_("text"), max_length=4000)
    written_at = models.DateTimeField(_("written"), auto_now_add=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("message in the conversation")
        verbose_name_plural = _("messages in the conversation")
        ordering = ["written_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="comment_ours_has_author",
                condition=models.Q(side=CommentSide.VISITOR) | models.Q(author__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.author_name}: {self.text[:60]}"


class HistoryEntry(models.Model):
    """Something that happened to a request: who, when, what. Only ever added to."""

    request = models.ForeignKey(VisitRequest, on_delete=models.CASCADE, related_name="history")
    what = models.CharField(_("what"), max_length=30, help_text=_("The deed, as it is named in the code."))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(_("who"), max_length=120)
    at = models.DateTimeField(_("when"), auto_now_add=True)
    detail = models.JSONField(_("detail"), default=dict)

    class Meta:
        verbose_name = _("history entry")
        verbose_name_plural = _("history entries")
        ordering = ["-at", "-pk"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.what}, {self.by_name}"


class Enquiry(models.Model):
    """A message from somebody who has no request: sooner than three months, or a question."""

    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail"))
    organisation_name = models.CharField(_("organisation"), max_length=200, blank=True)
    text = models.TextField(_("message"), max_length=4000)
    language = models.CharField(_("language"), max_length=2, default="en")
    about_sooner = models.BooleanField(_("needs to come sooner"), default=False)
    written_at = models.DateTimeField(_("written"), auto_now_add=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    class Meta:
        verbose_name = _("enquiry")
        verbose_name_plural = _("enquiries")
        ordering = ["-written_at"]

    def __str__(self) -> str:
        return f"{self.name}: {self.text[:60]}"
