from __future__ import annotations

from datetime import date, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from programmes.models import Offering
from visits.choices import CompetenceLevel, GroupPart, ProposalAnswer, RequestState, SessionKind
from visits.models.facilitator import Room
from visits.models.person import LANGUAGES
from visits.models.request import VisitRequest
from visits.models.site import Site


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
    practical = models.TextField(
        _("good to know"), max_length=2000, blank=True,
        help_text=_("Bus, dinner, what to bring: the guests read it with the programme."),
    )  # fmt: skip
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
        # What is still to come is little beside what has been: a stretch of days is looked up from its end.
        indexes = [
            models.Index(fields=["first_day"], name="visit_first_day"),
            models.Index(fields=["last_day", "first_day"], name="visit_days"),
        ]

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
    site = models.ForeignKey(
        Site, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("site"),
        help_text=_("Where that place is; a room says it by itself."),
    )  # fmt: skip
    group = models.CharField(_("group"), max_length=1, choices=GroupPart, blank=True)
    people = models.PositiveSmallIntegerField(_("guests in this group"), null=True, blank=True)
    offering = models.ForeignKey(Offering, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    teller = models.CharField(_("who of the guests tells"), max_length=120, blank=True)
    dialogue_minutes = models.PositiveSmallIntegerField(
        _("minutes of dialogue"), null=True, blank=True,
        help_text=_("How much of it is talking together. Left empty, half of it counts."),
    )  # fmt: skip
    level = models.PositiveSmallIntegerField(
        _("whoever leads it"), choices=CompetenceLevel, default=CompetenceLevel.LEADS,
        db_default=CompetenceLevel.LEADS,
    )  # fmt: skip
    removed_at = models.DateTimeField(null=True, editable=False)
    asks_on = models.BooleanField(_("asks the next best after a no"), default=False)
    # When a no can no longer be taken back and the portal asks on, and when it found nobody else.
    next_ask_at = models.DateTimeField(null=True, editable=False)
    nobody_left_at = models.DateTimeField(null=True, editable=False)

    objects = StandingSessions()
    everything = models.Manager["Session"]()  # with what was removed

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
        indexes = [
            models.Index(fields=["next_ask_at"], condition=Q(next_ask_at__isnull=False), name="session_asks_on_at"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    @property
    def dialogue(self) -> int:
        """Minutes of talking together: as written, else half of it; a break counts for nothing."""
        if self.kind == SessionKind.BREAK:
            return 0
        written = self.dialogue_minutes
        return self.minutes // 2 if written is None else min(written, self.minutes)

    @property
    def needs_facilitator(self) -> bool:
        return self.kind == SessionKind.HOST

    @property
    def where(self) -> Site | None:
        """The site where it is held, when anybody has said it."""
        return self.room.site if self.room else self.site

    @property
    def place_words(self) -> str:
        """Where, as the guests read it: «Large room»; «A: Large room» for one of two groups, in any language."""
        where = str(self.room) if self.room else self.place
        return ": ".join(part for part in (self.group, where) if part)

    def may_meet(self, other: Session) -> bool:
        """Whether the two can be at the same time: each is for another part of the guests."""
        return bool(self.group and other.group and self.group != other.group)

    @property
    def is_guests_own(self) -> bool:
        return self.kind == SessionKind.GUEST


class Proposal(models.Model):
    """A numbered snapshot of the agenda that the visitor answers; never changed but for the answer.

    `agenda` is a list of days: `{"day": "2027-03-16", "sessions": [{"id", "kind", "title",
    "description", "starts_at", "ends_at", "place", "people", "dialogue"}]}`, moments as ISO with
    offset, minutes as numbers; the oldest have neither "id" nor "dialogue". `reasons` says in our
    words why something is other than in the version before, by the session's id, or "days".
    """

    request = models.ForeignKey(VisitRequest, on_delete=models.CASCADE, related_name="proposals")
    number = models.PositiveSmallIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=160, blank=True)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    agenda = models.JSONField(_("agenda"))
    reasons = models.JSONField(_("why it changed"), default=dict, blank=True)
    words = models.TextField(_("words to the visitor"), max_length=2000, blank=True)
    sent_at = models.DateTimeField(_("sent"), auto_now_add=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answer_by = models.DateField(_("answer by"))
    answer = models.CharField(_("answer"), max_length=8, choices=ProposalAnswer, default=ProposalAnswer.OPEN)
    answered_at = models.DateTimeField(_("answered"), null=True)
    change_wish = models.TextField(_("what to change"), max_length=2000, blank=True)
    quote = models.JSONField(_("what it costs"), default=dict, blank=True)

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


class ProposalOption(models.Model):
    """Other days that a proposal offers for the same agenda; the proposal's own days are the first choice.

    Rooms and people are held for each of them until the proposal is answered.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="options")
    rank = models.PositiveSmallIntegerField(_("choice"))
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    chosen_at = models.DateTimeField(_("chosen"), null=True, editable=False)

    class Meta:
        verbose_name = _("days that a proposal offers")
        verbose_name_plural = _("days that proposals offer")
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "rank"], name="option_once_per_rank"),
            models.UniqueConstraint(fields=["proposal", "first_day"], name="option_once_per_day"),
            models.CheckConstraint(name="option_rank_two_or_three", condition=Q(rank__gte=2, rank__lte=3)),
            models.CheckConstraint(name="option_ends_after_it_starts", condition=Q(last_day__gte=F("first_day"))),
        ]

    def __str__(self) -> str:
        return self.first_day.isoformat()


class ParticipantQuerySet(models.QuerySet["Participant"]):
    def written(self) -> Self:
        """Who has a name: they stand in the programme and on a badge."""
        return self.exclude(name="")

    def invited(self) -> Self:
        """Who has been sent a link and has not written yet; a place is kept for them."""
        return self.filter(name="")

    def reached(self) -> Self:
        """Who has written an address of their own; the contact person has mails of theirs."""
        return self.filter(is_contact=False, written_at__isnull=False).exclude(email="")


class Participant(models.Model):
    """A person of the visiting group, as they have written it themselves; or an address that is invited.

    What somebody eats or needs is never here: that is a number in SpecialNeeds.
    """

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="participants")
    name = models.CharField(_("name"), max_length=120, blank=True)
    role = models.CharField(_("role"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES, default="en")
    curious_about = models.CharField(_("most curious about"), max_length=300, blank=True)
    introduction = models.TextField(_("a few lines about oneself"), max_length=600, blank=True)
    may_be_printed = models.BooleanField(_("may stand in the printed programme"), default=False)
    wants_news = models.BooleanField(_("news of the visit’s room by e-mail"), default=True)
    room_seen_at = models.DateTimeField(_("last in the room"), null=True, editable=False)
    is_contact = models.BooleanField(_("the contact person"), default=False, editable=False)
    invited_at = models.DateTimeField(_("link sent"), null=True, editable=False)
    written_at = models.DateTimeField(_("written"), null=True, editable=False)
    acknowledged_at = models.DateTimeField(_("has read what holds in care areas"), null=True, editable=False)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="participant_has_name_or_address",
                condition=~Q(name="") | ~Q(email=""),
                violation_error_message=_("Write a name, or an address to invite."),
            ),
            models.UniqueConstraint(
                fields=["visit"], condition=Q(is_contact=True), name="participant_one_contact"
            ),
            models.UniqueConstraint(
                "visit", Lower("email"), condition=~Q(email=""), name="participant_address_once",
                violation_error_message=_("This address is in the group already."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name or self.email
