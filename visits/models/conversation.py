from __future__ import annotations

from datetime import datetime
from typing import Final, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from visits.choices import CommentSide
from visits.models.constraints import AppendOnly
from visits.models.decision import Decision, pending_at
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


# What of a line's detail can hold words or names of guests; nothing else of it is ever taken away.
FORGOTTEN_WORDS: Final = ("changes", "chosen_between", "question", "title", "who", "why")


def _decided() -> QuerySet[Decision]:
    """The decisions that a line of the history belongs to."""
    return Decision.objects.filter(
        request=OuterRef("request"), first_entry__lte=OuterRef("pk"), last_entry__gte=OuterRef("pk")
    )


class HistoryQuerySet(models.QuerySet["HistoryEntry"]):
    def known_outside(self, at: datetime) -> Self:
        """What has left the house: nothing that was taken back, and nothing that still can be."""
        return self.exclude(Exists(_decided().filter(Q(undone_at__isnull=False) | pending_at(at))))

    def not_taken_back(self) -> Self:
        """What holds, for us who see it before it leaves the house."""
        return self.exclude(Exists(_decided().filter(undone_at__isnull=False)))


class HistoryEntry(models.Model):
    """Something that happened to a request: who, when, what. Only ever added to.

    The database refuses every change and every deletion, by whatever door, but for three: `visits.seals`
    writes the seal once, the words of guests are forgotten after their time (`FORGOTTEN_WORDS` and
    `by_name`, all or nothing), and the lines of a draft that never reached us go with it.
    """

    request = models.ForeignKey(VisitRequest, on_delete=models.CASCADE, related_name="history")
    what = models.CharField(_("what"), max_length=30, help_text=_("The deed, as it is named in the code."))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(_("who"), max_length=120)
    at = models.DateTimeField(_("when"), default=timezone.now, editable=False)
    detail = models.JSONField(_("detail"), default=dict)
    of_draft = models.BooleanField(default=False, editable=False)  # written before the request reached us

    # The chain of a request: each link is sealed over its content and the seal before it.
    link = models.PositiveIntegerField(null=True, editable=False)
    salt = models.CharField(max_length=32, blank=True, editable=False)
    words_digest = models.CharField(max_length=64, blank=True, editable=False)
    seal = models.CharField(max_length=64, blank=True, editable=False)

    objects = HistoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("history entry")
        verbose_name_plural = _("history entries")
        ordering = ["-at", "-pk"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["request", "link"], name="history_entry_linked_once"),
            AppendOnly(
                name="history_only_added_to",
                fill_once=["link", "salt", "words_digest", "seal"],
                may_blank=["by_name", "salt"],
                may_drop={"detail": FORGOTTEN_WORDS},
                loose="of_draft",
                fixed_by="seal",
            ),
        ]
        indexes = [models.Index(fields=["id"], condition=models.Q(seal=""), name="history_entry_unsealed")]

    def __str__(self) -> str:
        return f"{self.what}, {self.by_name}"

    @property
    def is_forgotten(self) -> bool:
        """Whether the words of guests in this line have been taken away after their time."""
        return bool(self.seal) and not self.salt


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
