from __future__ import annotations

from datetime import date, datetime
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from programmes.models import Area, Initiative, Offering, Programme
from visits import choices, rules
from visits.choices import RequestState, Turn
from visits.models.constraints import ThreeMonthsAfter
from visits.models.person import LANGUAGES, Organisation, Visitor
from visits.models.search_kept import SearchTextKept

SENT = Q(submitted_at__isnull=False)
TURN_STATES = {turn: [state for state, whose in rules.TURNS.items() if whose == turn] for turn in Turn}


class VisitRequestQuerySet(models.QuerySet["VisitRequest"]):
    def sent(self) -> Self:
        """What Qulturum may read: everything whose sender has confirmed the address."""
        return self.filter(submitted_at__isnull=False)

    def each_once(self) -> Self:
        """What was sent, without what was put together with another: one visit that was asked for counts once."""
        return self.sent().filter(absorbed_into=None)

    def with_turn(self, turn: Turn) -> Self:
        return self.sent().filter(state__in=TURN_STATES[turn])

    def agreement_waits_for(self, turn: Turn) -> Self:
        """Agreed and confirmed visits whose agreement the guests (VISITOR), or we (OURS), have still to agree to.

        Where both have to, and where nobody has agreed yet, it waits for us.
        """
        ours_first = turn == Turn.OURS
        told = {} if ours_first else {"agreements__guests_at": None}
        standing = {"agreements__superseded_at": None, "agreements__ours_at__isnull": ours_first}
        return self.filter(state__in=rules.STANDING, agreements__number__gte=1, **standing, **told)

    def waiting_for_us(self) -> Self:
        """What somebody of ours is to do something about this morning; the line is looked at by the week."""
        everyday = (RequestState.SUBMITTED, RequestState.IN_REVIEW, RequestState.AGREED)
        theirs = self.agreement_waits_for(Turn.VISITOR)
        reopened = self.filter(state=RequestState.CONFIRMED).agreement_waits_for(Turn.OURS)
        ours = self.filter(state__in=everyday).exclude(pk__in=theirs.values("pk"))
        return self.filter(Q(pk__in=ours.values("pk")) | Q(pk__in=reopened.values("pk")))

    def waiting_for_us_before(self, moment: datetime) -> Self:
        """Of these, what was ours to do something about already at a moment.

        A state is no older than its turn, but for an agreement: the guests may agree, or it may be opened again, in
        the midst of one.
        """
        answered = Q(agreements__guests_at__gte=moment)
        opened = Q(state=RequestState.CONFIRMED, agreements__written_at__gte=moment)
        turned = VisitRequest.objects.filter(answered | opened, agreements__superseded_at=None)
        return self.waiting_for_us().filter(state_since__lt=moment).exclude(pk__in=turned.values("pk"))

    def by_due(self) -> Self:
        """The one that ought to move first comes first."""
        return self.order_by(F("due_at").asc(nulls_last=True), "pk")

    def with_first_wish(self) -> Self:
        """With `first_wish`, the first day of what the guests wish for most, read with the row."""
        most = WishedPeriod.objects.filter(request=OuterRef("pk")).order_by("rank").values("first_day")[:1]
        return self.annotate(first_wish=Subquery(most))

    def of_address(self, email: str) -> Self:
        """Visits and unfinished requests whose contact person has this address."""
        found = self.alias(address=Lower("contact_email")).filter(address=email.lower())
        return found.exclude(state=RequestState.EXPIRED, submitted_at=None)

    def of(self, visitor: Visitor) -> Self:
        return self.filter(visitor=visitor)


class VisitRequest(models.Model):
    """What somebody asked for: the case, from the first draft to its end.

    `state` and what goes with it change only through `visits.workflow`.
    """

    # A draft has none, and many drafts may have none: only NULL is unlike itself.
    reference = models.CharField(_("reference"), max_length=12, unique=True, null=True, editable=False)  # noqa: DJ001
    state = models.CharField(
        _("state"), max_length=14, choices=RequestState, default=RequestState.DRAFT, editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    state_since = models.DateTimeField(_("in this state since"), editable=False)
    due_at = models.DateTimeField(_("to be moved by"), null=True, editable=False)
    aside_until = models.DateField(_("put aside until"), null=True, editable=False)
    coordinator = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="requests",
        verbose_name=_("coordinator"),
    )  # fmt: skip
    visitor = models.ForeignKey(Visitor, null=True, on_delete=models.PROTECT, related_name="requests", editable=False)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="requests"
    )
    is_demo = models.BooleanField(_("demo"), default=False, editable=False)
    # The same visit asked for twice: this one has been put into that one, which goes on.
    absorbed_into = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="absorbed", editable=False,
        verbose_name=_("goes on in"),
    )  # fmt: skip

    names_erased_at = models.DateTimeField(_("names erased"), null=True, editable=False)

    # Who
    organisation_name = models.CharField(_("name of the organisation"), max_length=200, blank=True)
    country = CountryField(_("country"), blank=True)
    town = models.CharField(_("town or region"), max_length=120, blank=True)
    organisation_kind = models.CharField(
        _("kind of organisation"), max_length=12, choices=choices.OrganisationKind, blank=True
    )
    contact_name = models.CharField(_("name"), max_length=120, blank=True)
    contact_role = models.CharField(_("role"), max_length=120, blank=True)
    contact_email = models.EmailField(_("e-mail"), blank=True)
    contact_phone = models.CharField(_("phone"), max_length=40, blank=True)
    language = models.CharField(_("language of our letters"), max_length=2, choices=LANGUAGES, default="en")
    group_size = models.PositiveSmallIntegerField(_("group size"), null=True, blank=True)
    professions = models.JSONField(_("who comes"), default=list, blank=True)

    # What they want to learn
    areas = models.ManyToManyField(Area, blank=True, related_name="+", verbose_name=_("areas of interest"))
    offerings = models.ManyToManyField(Offering, blank=True, related_name="+", verbose_name=_("offerings"))
    initiatives = models.ManyToManyField(Initiative, blank=True, related_name="+", verbose_name=_("initiatives"))
    programmes = models.ManyToManyField(Programme, blank=True, related_name="+", verbose_name=_("programmes"))
    other_area = models.BooleanField(_("something else"), default=False)
    aim = models.TextField(_("what they want to learn"), max_length=1000, blank=True)
    big_questions = models.JSONField(_("big questions"), default=list, blank=True)
    better_at_home = models.TextField(_("what would be better at home"), max_length=1000, blank=True)
    measure = models.TextField(_("how they see that it is better"), max_length=1000, blank=True)
    first_test = models.TextField(_("what they will try first"), max_length=1000, blank=True)

    # What they bring
    gifts = models.JSONField(_("what it is"), default=list, blank=True)
    brings = models.TextField(_("what they bring to us"), max_length=1000, blank=True)
    sharing = models.JSONField(_("how they like to share it"), default=list, blank=True)
    own_time = models.CharField(_("their part of the programme"), max_length=10, choices=choices.OwnTime, blank=True)
    teller = models.CharField(_("who tells it"), max_length=120, blank=True)

    # When
    length = models.CharField(_("length"), max_length=6, choices=choices.Length, blank=True)
    first_wished_day = models.DateField(_("earliest wished day"), null=True, blank=True, editable=False)
    submitted_on = models.DateField(_("asked on"), null=True, blank=True, editable=False)
    waiver_reason = models.TextField(_("why three months were waived"), blank=True, editable=False)
    waived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )

    # What they need; the numbers are in SpecialNeeds
    meeting_language = models.CharField(
        _("language of the meeting"), max_length=11, choices=choices.MeetingLanguage, blank=True
    )
    travel = models.JSONField(_("how they travel"), default=list, blank=True)
    needs_invitation_letter = models.BooleanField(_("needs a letter of invitation"), default=False)
    other_needs = models.TextField(_("other needs"), max_length=1000, blank=True)

    # Answers to questions of our own, each with the words it was asked in, in the order of the form
    further = models.JSONField(_("what else we asked"), default=list, blank=True)

    # Words of a draft that no answer can hold yet, by step and field: half an address, a number not finished
    unfinished = models.JSONField(default=dict, blank=True, editable=False)

    # How it went
    created_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(auto_now=True)
    sent_at = models.DateTimeField(_("sent by the visitor"), null=True, editable=False)
    submitted_at = models.DateTimeField(_("reached us"), null=True, editable=False)
    decline_reason = models.CharField(_("reason"), max_length=12, choices=choices.DeclineReason, blank=True)
    decline_words = models.TextField(_("in our own words"), max_length=2000, blank=True)
    waitlist_words = models.TextField(_("what we wait for"), max_length=1000, blank=True)
    waitlist_months = models.JSONField(
        _("months that they wait for"), default=list, blank=True, help_text=_('For instance ["2027-04", "2027-05"].')
    )

    objects = VisitRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit request")
        verbose_name_plural = _("visit requests")
        permissions = [
            ("waive_lead_time", _("May waive the three months")),
            ("see_special_needs", _("May see diet and access needs")),
            ("overrule", _("May overrule a colleague’s plan")),
        ]
        constraints = [
            models.CheckConstraint(
                name="visit_request_group_size",
                condition=Q(group_size=None) | Q(group_size__gte=1, group_size__lte=rules.MAX_GROUP),
                violation_error_message=_("Write how many you are, as a number from 1 to 60."),
            ),
            models.CheckConstraint(
                name="visit_request_lead_time",
                condition=Q(submitted_on=None)
                | Q(first_wished_day__gte=ThreeMonthsAfter("submitted_on"))
                | ~Q(waiver_reason=""),
                violation_error_message=_("We need three months to prepare. Choose a later day."),
            ),
            models.CheckConstraint(
                name="visit_request_sent_is_whole",
                condition=Q(state__in=[RequestState.DRAFT, RequestState.EXPIRED])
                | (
                    Q(group_size__gte=1, first_wished_day__isnull=False, submitted_on__isnull=False)
                    & (~Q(contact_email="") | Q(names_erased_at__isnull=False))
                    & ~Q(brings="")
                    & ~Q(organisation_name="")
                ),
                violation_error_message=_("A sent request says who, what, what they bring, and when."),
            ),
            models.CheckConstraint(
                name="visit_request_declined_with_reason",
                condition=~Q(state=RequestState.DECLINED) | ~Q(decline_reason=""),
                violation_error_message=_("Say why we cannot."),
            ),
            SearchTextKept(
                name="visit_request_search_text",
                fields=["reference", "organisation_name", "contact_name", "contact_email", "aim", "brings"],
                when="submitted_at",
                into="visits_searchtext",
            ),
            models.CheckConstraint(
                name="visit_request_erased_names_nobody",
                condition=Q(names_erased_at=None)
                | Q(contact_name="", contact_role="", contact_email="", contact_phone="", visitor=None),
            ),
            models.CheckConstraint(
                name="visit_request_absorbed_has_ended",
                condition=Q(absorbed_into=None) | (Q(state=RequestState.WITHDRAWN) & ~Q(absorbed_into=F("id"))),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_at", "id"], name="visit_request_queue"),
            models.Index(fields=["first_wished_day"], name="visit_request_first_day"),
            models.Index(
                fields=["state", "due_at", "id"],
                condition=Q(submitted_at__isnull=False),
                name="visit_request_desk",
            ),
            models.Index(Lower("contact_email"), name="visit_request_address"),
            # The queue's filters, each in the order in which it is read; and its counts, from an index alone.
            models.Index(fields=["coordinator", "state", "due_at", "id"], condition=SENT, name="visit_request_whose"),
            models.Index(fields=["country", "state", "due_at", "id"], condition=SENT, name="visit_request_from"),
            models.Index(fields=["country", "id"], condition=SENT, name="visit_request_newest_from"),
            # SQLite reads the rows of an index that does not hold what the index is limited by.
            models.Index(fields=["state", "coordinator", "submitted_at"], condition=SENT, name="visit_request_counted"),
            models.Index(
                fields=["aside_until", "id"], condition=Q(aside_until__isnull=False), name="visit_request_aside"
            ),
            models.Index(fields=["submitted_on", "id"], name="visit_request_asked_on"),
        ]

    def __str__(self) -> str:
        return f"{self.reference or _('Draft')} {self.organisation_name}".strip()

    def get_absolute_url(self) -> str:
        return reverse("visits:visit", args=[self.reference])

    @property
    def spoken(self) -> str:
        """The language of the meeting as it reads within a sentence; nothing where either will do."""
        return choices.MeetingLanguage(self.meeting_language).in_a_sentence if self.meeting_language else ""

    @property
    def request_state(self) -> RequestState:
        return RequestState(self.state)

    @property
    def turn(self) -> Turn:
        return rules.turn(self.request_state)

    @property
    def is_open(self) -> bool:
        return self.turn != Turn.NOBODY

    @property
    def is_waived(self) -> bool:
        return bool(self.waiver_reason)

    @property
    def first_choice(self) -> date | None:
        """The first day of what the guests wish for most; one query unless the wishes came with the row."""
        first = next(iter(self.wishes.all()), None)
        return first.first_day if first else self.first_wished_day

    @property
    def days_to_spare(self) -> int | None:
        """Days between the three months and the first wished day; negative is too soon."""
        if self.first_wished_day is None or self.submitted_on is None:
            return None
        return rules.days_to_spare(self.first_wished_day, asked_on=self.submitted_on)

    @property
    def first_name(self) -> str:
        return self.contact_name.split(" ")[0]

    def is_overdue(self, at: datetime) -> bool:
        return self.due_at is not None and self.due_at < at


class WishedPeriod(models.Model):
    """A first day that the guests wish for, in their order; the length is the request's."""

    request = models.ForeignKey(VisitRequest, on_delete=models.CASCADE, related_name="wishes")
    rank = models.PositiveSmallIntegerField(_("choice"))
    first_day = models.DateField(_("first day"))
    flexible = models.BooleanField(_("other days that week work too"), default=False)

    class Meta:
        verbose_name = _("wished period")
        verbose_name_plural = _("wished periods")
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["request", "rank"], name="wish_once_per_rank"),
            models.UniqueConstraint(
                fields=["request", "first_day"],
                name="wish_once_per_day",
                violation_error_message=_("You have chosen this day already. Choose another one, or leave it out."),
            ),
            models.CheckConstraint(name="wish_rank_one_to_five", condition=Q(rank__gte=1, rank__lte=rules.MAX_WISHES)),
        ]
        indexes = [models.Index(fields=["first_day", "request"], name="wish_first_day")]

    def __str__(self) -> str:
        return self.first_day.isoformat()

    @property
    def last_day(self) -> date:
        return rules.last_day(self.first_day, choices.Length(self.request.length or choices.Length.ONE))


class SpecialNeeds(models.Model):
    """How many of a group need what: numbers, never names.

    A table of its own, with a permission of its own, erased after the visit.
    Never searched, filtered, exported, mailed or logged.
    """

    request = models.OneToOneField(VisitRequest, on_delete=models.CASCADE, related_name="needs", primary_key=True)
    step_free = models.PositiveSmallIntegerField(_("step-free routes"), default=0)
    hearing_loop = models.PositiveSmallIntegerField(_("hearing loop"), default=0)
    sign_language = models.PositiveSmallIntegerField(_("sign language interpreter"), default=0)
    large_print = models.PositiveSmallIntegerField(_("large print or screen reader files"), default=0)
    quiet_room = models.PositiveSmallIntegerField(_("a quiet room to rest in"), default=0)
    assistant = models.PositiveSmallIntegerField(_("a personal assistant comes along"), default=0)
    vegetarian = models.PositiveSmallIntegerField(_("vegetarian"), default=0)
    vegan = models.PositiveSmallIntegerField(_("vegan"), default=0)
    without_gluten = models.PositiveSmallIntegerField(_("without gluten"), default=0)
    without_lactose = models.PositiveSmallIntegerField(_("without lactose"), default=0)
    halal = models.PositiveSmallIntegerField(_("halal"), default=0)
    kosher = models.PositiveSmallIntegerField(_("kosher"), default=0)
    without_nuts = models.PositiveSmallIntegerField(_("without nuts"), default=0)
    other_food = models.PositiveSmallIntegerField(_("something else"), default=0)

    ACCESS = ("step_free", "hearing_loop", "sign_language", "large_print", "quiet_room", "assistant")
    FOOD = (
        "vegetarian", "vegan", "without_gluten", "without_lactose", "halal", "kosher", "without_nuts", "other_food",
    )  # fmt: skip

    class Meta:
        verbose_name = _("special needs")
        verbose_name_plural = _("special needs")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.request_id)


class ReferenceCounter(models.Model):
    """The last number given in a year; taken inside the deed's own transaction."""

    year = models.PositiveSmallIntegerField(primary_key=True, validators=[MaxValueValidator(9999)])
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("reference counter")
        verbose_name_plural = _("reference counters")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"
