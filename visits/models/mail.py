from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from visits.choices import MessageState
from visits.models.ask import Ask
from visits.models.conversation import Comment, Enquiry
from visits.models.decision import Decision
from visits.models.gathering_ask import GatheringAsk
from visits.models.person import User
from visits.models.request import VisitRequest
from visits.models.visit import Participant, Proposal

COPY: Final = "~"  # between the key and the number of the copy
MOST_DIGITS: Final = 4
TOLD: Final = (MessageState.SENT, MessageState.SENDING, MessageState.UNCERTAIN)
# What is read with a mail, by what it is about.
JOINED: Final = {
    "request_id": ("request__coordinator", "request__visit"),
    "comment_id": ("comment",),
    "proposal_id": ("proposal__sent_by",),
    "enquiry_id": ("enquiry",),
    "ask_id": ("ask__session__room", "ask__session__visit__request__coordinator", "ask__facilitator__user"),
    "gathering_ask_id": (
        "gathering_ask__gathering__programme", "gathering_ask__gathering__site", "gathering_ask__facilitator__user",
        "gathering_ask__asked_by",
    ),
    "participant_id": ("participant__visit__request__coordinator",),
}  # fmt: skip


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, at: datetime) -> Self:
        """What may leave at a moment. While a decision can be taken back, no mail about its request does."""
        undecided = Decision.objects.pending(at).filter(request=OuterRef("request"))
        return self.filter(~Exists(undecided), state=MessageState.DUE, due_at__lte=at)

    def told(self) -> Self:
        """What has reached somebody, or may have."""
        return self.filter(state__in=TOLD)

    def known_as(self, told: str) -> Self:
        """The mail that carries this key outside as it was sent last."""
        key, _copy, copies = told.rpartition(COPY)
        first = Q(key=told, copies=0)
        is_copy = copies.isascii() and copies.isdigit() and len(copies) <= MOST_DIGITS
        return self.filter(first | Q(key=key, copies=int(copies), copies__gt=0) if is_copy else first)

    def abandoned(self, at: datetime) -> Self:
        """Claimed by a sender whose lease has run out: nobody knows whether it went."""
        return self.filter(state=MessageState.SENDING, lease_until__lt=at)

    def with_phone(self) -> Self:
        """With what `phone` reads."""
        return self.select_related("request", "ask__facilitator__user", "gathering_ask__facilitator__user")

    def for_writing(self, about: Iterable[str] = tuple(JOINED)) -> Self:
        """With the rows that nearly every text speaks of which is about these, named as in JOINED."""
        return self.select_related(*(path for name in about for path in JOINED[name]))


class Message(models.Model):
    """One outgoing mail: the outbox. Written in the transaction of the deed that owes it.

    The text is made when it is sent, from the rows as they are then, so nothing stale
    leaves the house and no secret address is stored. `key` says what the mail is and is
    unique: owing the same mail twice changes nothing.
    """

    key = models.CharField(_("key"), max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=30)
    to_email = models.EmailField(_("to"))
    to_name = models.CharField(_("name"), max_length=150, blank=True)
    language = models.CharField(_("language"), max_length=2)
    request = models.ForeignKey(VisitRequest, null=True, on_delete=models.CASCADE, related_name="mails")
    comment = models.ForeignKey(Comment, null=True, on_delete=models.CASCADE, related_name="+")
    proposal = models.ForeignKey(Proposal, null=True, on_delete=models.CASCADE, related_name="+")
    ask = models.ForeignKey(Ask, null=True, on_delete=models.CASCADE, related_name="+")
    gathering_ask = models.ForeignKey(GatheringAsk, null=True, on_delete=models.SET_NULL, related_name="+")
    enquiry = models.ForeignKey(Enquiry, null=True, on_delete=models.CASCADE, related_name="+")
    participant = models.ForeignKey(Participant, null=True, on_delete=models.CASCADE, related_name="mails")
    data = models.JSONField(_("what else the text needs"), default=dict)
    state = models.CharField(_("state"), max_length=9, choices=MessageState, default=MessageState.DUE)
    due_at = models.DateTimeField(_("due"))
    queued_at = models.DateTimeField(_("queued"), auto_now_add=True)
    attempt = models.PositiveSmallIntegerField(_("attempts"), default=0)
    lease_until = models.DateTimeField(null=True)
    deaths = models.PositiveSmallIntegerField(_("times that a sender stopped at it"), default=0)
    sent_at = models.DateTimeField(_("sent"), null=True)
    returned_at = models.DateTimeField(_("came back"), null=True)
    copies = models.PositiveSmallIntegerField(_("times that it came back and was sent again"), default=0)
    subject = models.CharField(_("subject"), max_length=250, blank=True, help_text=_("As sent."))
    problem = models.TextField(_("what went wrong"), blank=True)
    held_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    held_at = models.DateTimeField(_("held since"), null=True, blank=True)
    held_why = models.CharField(_("why it is held"), max_length=200, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ["-due_at"]
        constraints = [
            models.CheckConstraint(
                name="mail_held_by_somebody",
                condition=~Q(state=MessageState.HELD) | Q(held_by__isnull=False, held_at__isnull=False),
                violation_error_message=_("A mail on hold says who holds it, and since when."),
            ),
        ]
        indexes = [
            models.Index(fields=["state"], name="message_state"),
            models.Index(fields=["due_at"], condition=Q(state=MessageState.DUE), name="message_due"),
            models.Index(fields=["lease_until"], condition=Q(state=MessageState.SENDING), name="message_leased"),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def known_as(self) -> str:
        """The key that it carries outside: one that came back and is sent again is another mail to the relay."""
        return f"{self.key}{COPY}{self.copies}" if self.copies else self.key

    @property
    def phone(self) -> str:
        """The number of whom it is for, to be rung when no mail reaches them; empty when we have none."""
        asked = self.ask or self.gathering_ask
        if asked is not None:
            return asked.facilitator.phone or asked.facilitator.user.phone
        is_for_contact = self.request is not None and self.to_email.casefold() == self.request.contact_email.casefold()
        return self.request.contact_phone if self.request is not None and is_for_contact else ""


class Heartbeat(models.Model):
    """When something that must go on for ever was last seen, for instance the sweep."""

    NAME = 30

    name = models.CharField(max_length=NAME, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.name}: {self.at}"
