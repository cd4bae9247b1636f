"""What both partners take home, and what came of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from visits.choices import Closer, PointState, Side, Worth
from visits.models.visit import Participant, Visit

MONTHS = (3, 6, 12)


class LookBack(models.Model):
    """What one side writes the day after: the guests together, each of the hosts their own."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="look_backs")
    side = models.CharField(_("side"), max_length=6, choices=Side)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    author_name = models.CharField(_("name"), max_length=120)
    takes_home = models.TextField(_("what we take home"), max_length=1000, blank=True)
    seen = models.TextField(_("what you saw that we no longer see"), max_length=1000, blank=True)
    worth = models.CharField(_("worth the journey"), max_length=7, choices=Worth, blank=True)
    better = models.TextField(_("what would have made it better"), max_length=1000, blank=True)
    may_ask_after = models.JSONField(_("months after which we may ask"), default=list, blank=True)
    answers = models.JSONField(_("as written so far"), default=dict, blank=True)
    saved_at = models.DateTimeField(_("saved"), auto_now=True)
    shared_at = models.DateTimeField(_("shared"), null=True)

    class Meta:
        verbose_name = _("look-back")
        verbose_name_plural = _("look-backs")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["visit"], condition=Q(side=Side.GUESTS), name="look_back_guests_once"),
            models.UniqueConstraint(
                fields=["visit", "user"], condition=Q(side=Side.OURS), name="look_back_once_per_host"
            ),
            models.CheckConstraint(
                name="look_back_ours_has_a_user", condition=~Q(side=Side.OURS) | Q(user__isnull=False)
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.visit}, {self.author_name}"


class LedgerEntry(models.Model):
    """One thing that one side learns from the other: the question or lesson, who helped, what is tried."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="ledger")
    look_back = models.ForeignKey(LookBack, on_delete=models.CASCADE, related_name="entries")
    learner = models.CharField(_("who learns"), max_length=6, choices=Side)
    number = models.PositiveSmallIntegerField(_("number"))
    big = models.PositiveSmallIntegerField(_("big question"), null=True, blank=True)
    words = models.TextField(_("question or lesson"), max_length=1000)
    closer = models.CharField(_("came closer to an answer"), max_length=7, choices=Closer, blank=True)
    helped_by = models.JSONField(_("who helped"), default=list, blank=True)
    helped_how = models.TextField(_("in one sentence"), max_length=500, blank=True)
    tries = models.TextField(_("what is tried"), max_length=1000, blank=True)
    begins = models.CharField(_("who begins"), max_length=120, blank=True)
    begins_when = models.CharField(_("when"), max_length=120, blank=True)
    measure = models.CharField(_("how one sees that it is better"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("row of the learning ledger")
        verbose_name_plural = _("rows of the learning ledger")
        ordering = ["learner", "number"]
        constraints = [
            models.UniqueConstraint(fields=["visit", "learner", "number"], name="ledger_entry_numbered_once"),
        ]

    def __str__(self) -> str:
        return self.words[:60]


class LedgerPoint(models.Model):
    """How one thing stood three, six or twelve months after the visit."""

    entry = models.ForeignKey(LedgerEntry, on_delete=models.CASCADE, related_name="points")
    months = models.PositiveSmallIntegerField(_("months after"))
    due_on = models.DateField(_("asked on"))
    state = models.CharField(_("how it stands"), max_length=9, choices=PointState, default=PointState.LATER)
    words = models.TextField(_("in a few lines"), max_length=1000, blank=True)
    result = models.CharField(_("what the measure says"), max_length=300, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True)
    answered_by = models.CharField(_("who answered"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ["months"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "months"], name="ledger_point_once"),
            models.CheckConstraint(name="ledger_point_months", condition=Q(months__in=MONTHS)),
        ]

    def __str__(self) -> str:
        return f"{self.entry}: {self.months}"


class Certificate(models.Model):
    """That somebody took part in a visit, with a number that anybody can check."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="certificates")
    participant = models.ForeignKey(Participant, null=True, on_delete=models.SET_NULL, related_name="certificates")
    number = models.CharField(_("number"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=120)
    organisation_name = models.CharField(_("organisation"), max_length=200)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    minutes = models.PositiveIntegerField(_("minutes of learning together"))
    issued_at = models.DateTimeField(_("issued"), auto_now_add=True)
    revoked_at = models.DateTimeField(_("called back"), null=True)

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "participant"], condition=Q(participant__isnull=False, revoked_at=None),
                name="certificate_one_per_person",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number
