from __future__ import annotations

from datetime import date, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from programmes.models import Offering
from visits.choices import ProposalAnswer, RequestState, SessionKind
from visits.models.facilitator import Room
from visits.models.request import VisitRequest


class VisitQuerySet(models.QuerySet["Visit"]):
    def standing(self) -> Self:
        """Visits that will take place as far as anybody knows."""
        return self.filter(request__state__in=[RequestState.AGREED, RequestState.CONFIRMED])

    def taking_a_place(self) -> Self:
        """Visits that count against a week's capacity: proposed, agreed, confirmed, done."""
        return self.filter(
            request__state__in=[
                RequestState.PROPOSED, RequestState.AGREED, RequestState.CONFIRMED, RequestState.COMPLETED,
            ]
        )  # fmt: skip


class Visit(models.Model):
    """What we agreed, or are about to: days, place and agenda. One to one with its request."""

    request = models.OneToOneField(VisitRequest, on_delete=models.CASCADE, related_name="visit")
    title = models.CharField(_("what the visit is about"), max_length=160, blank=True)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    place = models.CharField(_("place"), max_length=160, default="Qulturum, Jönköping")
    sequence = models.PositiveIntegerField(default=0, editable=False, help_text=_("Grows when a calendar must update."))
    changed_at = models.DateTimeField(auto_now=True)
    agreed_at = models.DateTimeField(null=True, editable=False)
    confirmed_at = models.DateTimeField(null=True, editable=False)
    cancelled_at = models.DateTimeField(null=True, editable=False)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ["first_day"]
        constraints = [
            models.CheckConstraint(
                name="visit_ends_after_it_starts",
                condition=Q(last_day__gte=F("first_day")),
                violation_error_message=_("The last day comes after the first."),
            ),
        ]
        indexes = [models.Index(fields=["first_day"], name="visit_first_day")]

    def __str__(self) -> str:
        return str(self.request)

    @property
    def days(self) -> list[date]:
        return [self.first_day + timedelta(days=n) for n in range((self.last_day - self.first_day).days + 1)]


class StandingSessions(models.Manager["Session"]):
    """What is in the agenda; a removed row is found only from the asks and mails that name it."""

    def get_queryset(self) -> models.QuerySet[Session]:
        return super().get_queryset().filter(removed_at=None)


class Session(models.Model):
    """One row of the agenda: ours, the guests' own, or a break."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="sessions")
    kind = models.CharField(_("who leads"), max_length=5, choices=SessionKind)
    title = models.CharField(_("title"), max_length=160)
    description = models.CharField(_("in a sentence"), max_length=300, blank=True)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    room = models.ForeignKey(Room, null=True, blank=True, on_delete=models.PROTECT, related_name="sessions")
    place = models.CharField(_("place"), max_length=160, blank=True, help_text=_("When it is not in one of our rooms."))
    offering = models.ForeignKey(Offering, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    teller = models.CharField(_("who of the guests tells"), max_length=120, blank=True)
    removed_at = models.DateTimeField(null=True, editable=False)

    objects = StandingSessions()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="session_ends_after_it_starts",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("The end comes after the start."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    @property
    def needs_facilitator(self) -> bool:
        return self.kind == SessionKind.HOST

    @property
    def is_guests_own(self) -> bool:
        return self.kind == SessionKind.GUEST


class Proposal(models.Model):
    """A numbered snapshot of the agenda that the visitor answers; never changed but for the answer.

    `agenda` is a list of days: `{"day": "2027-03-16", "sessions": [{"kind", "title",
    "description", "starts_at", "ends_at", "place", "people"}]}`, moments as ISO with offset.
    """

    request = models.ForeignKey(VisitRequest, on_delete=models.CASCADE, related_name="proposals")
    number = models.PositiveSmallIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=160, blank=True)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    agenda = models.JSONField(_("agenda"))
    words = models.TextField(_("words to the visitor"), max_length=2000, blank=True)
    sent_at = models.DateTimeField(_("sent"), auto_now_add=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answer_by = models.DateField(_("answer by"))
    answer = models.CharField(_("answer"), max_length=8, choices=ProposalAnswer, default=ProposalAnswer.OPEN)
    answered_at = models.DateTimeField(_("answered"), null=True)
    change_wish = models.TextField(_("what to change"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["request", "number"], name="proposal_numbered_once"),
            models.UniqueConstraint(
                fields=["request"], condition=Q(answer=ProposalAnswer.OPEN), name="proposal_one_open"
            ),
            models.CheckConstraint(name="proposal_ends_after_it_starts", condition=Q(last_day__gte=F("first_day"))),
        ]

    def __str__(self) -> str:
        return f"{self.request} v{self.number}"


class Participant(models.Model):
    """A person of the visiting group, as the group itself has written it."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="participants")
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
