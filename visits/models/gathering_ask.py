from __future__ import annotations

from datetime import datetime
from typing import Final, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from visits import rules
from visits.choices import AskState
from visits.models.facilitator import Facilitator
from visits.models.week import Gathering

OF_GATHERINGS: Final = (AskState.ASKED, AskState.ACCEPTED, AskState.DECLINED, AskState.EXPIRED, AskState.WITHDRAWN)


class GatheringAskQuerySet(models.QuerySet["GatheringAsk"]):
    def live(self) -> Self:
        """Asked or accepted: the ones that somebody counts on."""
        return self.filter(state__in=rules.LIVE_ASKS)

    def waiting(self) -> Self:
        return self.filter(state=AskState.ASKED)

    def overlapping(self, starts_at: datetime, ends_at: datetime) -> Self:
        """Those about a time that shares an instant with [starts_at, ends_at)."""
        return self.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)


class GatheringAsk(models.Model):
    """A facilitator is asked to help at a gathering of a programme. Nobody is set down: they say yes or no.

    It is about the time that it was asked for: a gathering that moves is asked about anew. An ask holds no time; a
    yes does. Without `asked_at` somebody was set down by the desk before anybody was asked, which counts as a yes.
    """

    gathering = models.ForeignKey(Gathering, on_delete=models.CASCADE, related_name="asks", verbose_name=_("gathering"))
    facilitator = models.ForeignKey(
        Facilitator, on_delete=models.PROTECT, related_name="gathering_asks", verbose_name=_("facilitator")
    )
    state = models.CharField(
        _("answer"), max_length=9, choices=[(state.value, state.label) for state in OF_GATHERINGS],
        default=AskState.ASKED,
    )  # fmt: skip
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked"), null=True)
    answer_by = models.DateField(_("answer by"), null=True)
    words = models.CharField(_("what whoever asks writes to them"), max_length=500, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True)
    withdrawn_at = models.DateTimeField(_("taken back"), null=True)

    objects = GatheringAskQuerySet.as_manager()

    class Meta:
        verbose_name = _("ask to help at a gathering")
        verbose_name_plural = _("asks to help at gatherings")
        ordering = ["starts_at", "pk"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["gathering", "facilitator"],
                condition=Q(state__in=rules.LIVE_ASKS),
                name="gathering_ask_once_at_a_time",
                violation_error_message=_("This person is already asked to help at this gathering."),
            ),
            models.CheckConstraint(
                name="gathering_ask_in_a_known_state", condition=Q(state__in=[state.value for state in OF_GATHERINGS])
            ),
            models.CheckConstraint(
                name="gathering_ask_sent_has_dates",
                condition=Q(state__in=[AskState.ACCEPTED, AskState.WITHDRAWN])
                | Q(asked_at__isnull=False, answer_by__isnull=False),
            ),
            models.CheckConstraint(name="gathering_ask_ends_after_it_starts", condition=Q(ends_at__gt=F("starts_at"))),
        ]
        indexes = [models.Index(fields=["facilitator", "starts_at"], name="gathering_ask_of_facilitator")]

    def __str__(self) -> str:
        return f"{self.facilitator}: {self.gathering}"

    @property
    def is_waiting(self) -> bool:
        return self.state == AskState.ASKED
