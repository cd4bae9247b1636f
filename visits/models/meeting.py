"""What is said in a visit's room: before we meet, and for ninety days after."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from visits.choices import Side
from visits.models.visit import Participant, Visit


class RoomQuestion(models.Model):
    """A question from one partner to the other; `big` is its place among the request's big questions."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="questions")
    side = models.CharField(_("from"), max_length=6, choices=Side)
    big = models.PositiveSmallIntegerField(_("big question"), null=True, blank=True)
    text = models.TextField(_("question"), max_length=1000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    participant = models.ForeignKey(Participant, null=True, on_delete=models.SET_NULL, related_name="+")
    author_name = models.CharField(_("name"), max_length=120)
    asked_at = models.DateTimeField(_("asked"), auto_now_add=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("who takes it with them"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("question in a room")
        verbose_name_plural = _("questions in rooms")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "big"], condition=Q(big__isnull=False), name="room_question_big_once"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class RoomReply(models.Model):
    """An answer, or a question back."""

    question = models.ForeignKey(RoomQuestion, on_delete=models.CASCADE, related_name="replies")
    side = models.CharField(_("from"), max_length=6, choices=Side)
    text = models.TextField(_("text"), max_length=4000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    participant = models.ForeignKey(Participant, null=True, on_delete=models.SET_NULL, related_name="+")
    author_name = models.CharField(_("name"), max_length=120)
    author_role = models.CharField(_("role"), max_length=120, blank=True)
    written_at = models.DateTimeField(_("written"), auto_now_add=True)

    class Meta:
        verbose_name = _("answer in a room")
        verbose_name_plural = _("answers in rooms")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text[:60]


class HostIntroduction(models.Model):
    """One of us in the room of one visit: how they say hello, when they last looked in, whether they want news."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="introductions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("a few lines about oneself"), max_length=600, blank=True)
    written_at = models.DateTimeField(_("written"), auto_now=True)
    wants_news = models.BooleanField(_("news of the visit’s room by e-mail"), default=True)
    seen_at = models.DateTimeField(_("last in the room"), null=True, editable=False)

    class Meta:
        verbose_name = _("introduction")
        verbose_name_plural = _("introductions")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["visit", "user"], name="introduction_once_per_person")]

    def __str__(self) -> str:
        return self.text[:60]


class RoomFile(models.Model):
    """A file that one of us has put into the room; guests cannot upload."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="files")
    title = models.CharField(_("title"), max_length=160)
    file = models.FileField(_("file"), upload_to="rooms/%Y/")
    name = models.CharField(_("name of the file"), max_length=160)
    kind = models.CharField(_("kind"), max_length=100)
    size = models.PositiveIntegerField(_("bytes"))
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        verbose_name = _("file in a room")
        verbose_name_plural = _("files in rooms")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title
