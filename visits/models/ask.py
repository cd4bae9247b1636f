from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from visits import rules
from visits.choices import AskRole, AskState, FacilitatorKind
from visits.models.facilitator import Facilitator
from visits.models.visit import Session


class AskQuerySet(models.QuerySet["Ask"]):
    def live(self) -> Self:
        """Chosen, asked or accepted: the ones that somebody counts on."""
        return self.filter(state__in=rules.LIVE_ASKS)

    def leading(self) -> Self:
        """Of those who lead, or are to; without who learns or tells beside them."""
        return self.filter(role=AskRole.LEADER)

    def waiting(self) -> Self:
        return self.filter(state=AskState.ASKED)


def names_for_guests(asks: Iterable[Ask]) -> list[str]:
    """The names that the guests may read of those who are asked for a session: who leads it first, then the voice."""
    named = [ask for ask in asks if ask.may_be_named]
    return [ask.facilitator.guest_name for ask in sorted(named, key=lambda ask: not ask.is_to_lead)]


class Ask(models.Model):
    """A facilitator is asked to lead a session. Nobody is assigned: they say yes or no.

    `planned` is chosen by staff and not told yet. An ask holds no time; a yes does. Whoever is asked as a second
    learns beside the leader, and whoever is asked as a voice tells their own story beside them: a session with
    these alone is one that nobody leads.
    """

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="asks")
    facilitator = models.ForeignKey(Facilitator, on_delete=models.PROTECT, related_name="asks")
    role = models.CharField(
        _("as what"), max_length=6, choices=AskRole, default=AskRole.LEADER, db_default=AskRole.LEADER
    )
    state = models.CharField(_("answer"), max_length=9, choices=AskState, default=AskState.PLANNED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked"), null=True)
    answer_by = models.DateField(_("answer by"), null=True)
    words = models.CharField(_("what whoever asks writes to them"), max_length=500, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True)
    other_time = models.CharField(_("when they could instead"), max_length=500, blank=True)
    in_place_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="offers",
        verbose_name=_("to take it over from"),
    )  # fmt: skip
    gave_way_to = models.ForeignKey(
        "self", null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+",
        verbose_name=_("let go for whoever said yes first"),
    )  # fmt: skip
    agreed_at = models.DateTimeField(_("would take it over"), null=True, editable=False)
    withdrawn_at = models.DateTimeField(_("taken back"), null=True)

    objects = AskQuerySet.as_manager()

    class Meta:
        verbose_name = _("ask")
        verbose_name_plural = _("asks")
        ordering = ["session__starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "facilitator"],
                condition=Q(state__in=rules.LIVE_ASKS),
                name="ask_once_at_a_time",
                violation_error_message=_("This person is already asked to lead this session."),
            ),
            models.UniqueConstraint(
                fields=["session"],
                condition=Q(state__in=rules.LIVE_ASKS, role=AskRole.SECOND),
                name="ask_one_second",
                violation_error_message=_("Somebody is already asked to be the second in this session."),
            ),
            models.UniqueConstraint(
                fields=["session"],
                # A colleague who is asked to take over stands beside whoever has said yes, until they have.
                condition=Q(role=AskRole.VOICE)
                & (Q(state=AskState.ACCEPTED) | Q(state__in=rules.OPEN_ASKS, in_place_of=None)),
                name="ask_one_voice",
                violation_error_message=_("Somebody is already asked to be the voice beside the leader."),
            ),
            models.UniqueConstraint(
                fields=["in_place_of"],
                condition=Q(state=AskState.ASKED),
                name="ask_one_colleague_to_take_over",
                violation_error_message=_("A colleague is already asked to take this over."),
            ),
            models.CheckConstraint(
                name="ask_sent_has_dates",
                condition=Q(state__in=[AskState.PLANNED, AskState.WITHDRAWN])
                | Q(asked_at__isnull=False, answer_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facilitator}: {self.session}"

    @property
    def is_second(self) -> bool:
        return self.role == AskRole.SECOND

    @property
    def is_voice(self) -> bool:
        return self.role == AskRole.VOICE

    @property
    def is_to_lead(self) -> bool:
        """Whether they lead it, or are to: without them nobody does."""
        return self.role == AskRole.LEADER

    @property
    def is_waiting(self) -> bool:
        return self.state == AskState.ASKED

    @property
    def is_offer(self) -> bool:
        """Whether somebody is asked, and has not taken over yet, what a colleague has said yes to."""
        return self.is_waiting and self.in_place_of_id is not None

    @property
    def is_agreed(self) -> bool:
        """Whether a colleague would take it over, and the coordinator has not approved yet."""
        return self.is_waiting and self.agreed_at is not None

    @property
    def may_be_named(self) -> bool:
        """Whether the guests may read who leads, or tells beside; one of the Living Library only after their own yes.

        Who is asked to take over from somebody does not lead it yet, and a second leads nothing.
        """
        if self.is_second:
            return False
        if self.in_place_of_id and self.state != AskState.ACCEPTED:
            return False
        if self.is_voice or self.facilitator.kind == FacilitatorKind.LIVING_LIBRARY:
            return self.state == AskState.ACCEPTED
        return self.state in rules.LIVE_ASKS
