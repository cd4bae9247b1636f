from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from programmes.models import Programme
from visits import rules
from visits.models.site import Site


class WeekPlanQuerySet(models.QuerySet["WeekPlan"]):
    def touching(self, first: date, last: date) -> Self:
        """The weeks that share a day with a period."""
        return self.filter(monday__gte=first - timedelta(days=first.weekday()), monday__lte=last)


class WeekPlan(models.Model):
    """How many visits one week takes, when that is other than usual; the lock of a week's places as well.

    Without a number the week takes what every week takes; with 0 it is closed to guests.
    Changes only through `visits.weeks`.
    """

    monday = models.DateField(_("Monday"), unique=True)
    capacity = models.PositiveSmallIntegerField(_("room for so many visits"), null=True, blank=True)
    words_en = models.CharField(_("what guests read, in English"), max_length=160, blank=True)
    words_sv = models.CharField(_("what guests read, in Swedish"), max_length=160, blank=True)
    overruled_because = models.CharField(_("why it takes fewer than are confirmed"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField(_("changed"), null=True, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )

    objects = WeekPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan of a week")
        verbose_name_plural = _("plans of weeks")
        ordering = ["monday"]
        constraints = [
            models.CheckConstraint(
                name="week_plan_begins_on_monday",
                condition=Q(monday__iso_week_day=1),
                violation_error_message=_("A week begins on a Monday."),
            ),
        ]

    def __str__(self) -> str:
        return self.monday.isoformat()

    @property
    def words(self) -> str:
        """What guests read about the week, in the language that is on."""
        return self.words_sv if get_language() == "sv" else self.words_en


class GatheringQuerySet(models.QuerySet["Gathering"]):
    def touching(self, first: date, last: date) -> Self:
        return self.filter(day__gte=first, day__lte=last)


class StandingGatherings(models.Manager["Gathering"]):
    """Those that take place: one that was called off stays for whoever was to help, and for nobody else."""

    def get_queryset(self) -> GatheringQuerySet:
        return GatheringQuerySet(self.model, using=self._db).filter(called_off_at=None)

    def touching(self, first: date, last: date) -> GatheringQuerySet:
        """Those on a day from `first` to `last`, both included."""
        return self.get_queryset().touching(first, last)


class Gathering(models.Model):
    """A meeting of one of our programmes: a learning network comes together and needs people of ours.

    One that is called off is kept for a while, for the calendars of those who were to help; `objects` leaves it out.
    """

    programme = models.ForeignKey(
        Programme, on_delete=models.CASCADE, related_name="gatherings", verbose_name=_("programme")
    )
    day = models.DateField(_("day"))
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("to"))
    site = models.ForeignKey(
        Site, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("site"),
        help_text=_("Where it is held; whoever helps is told how far it is for them."),
    )  # fmt: skip
    facilitators_needed = models.PositiveSmallIntegerField(_("facilitators needed"), default=1)
    words_en = models.CharField(_("in English"), max_length=160, blank=True)
    words_sv = models.CharField(_("in Swedish"), max_length=160, blank=True)
    sequence = models.PositiveIntegerField(default=0, db_default=0, editable=False)  # grows when it is at another time
    called_off_at = models.DateTimeField(_("called off"), null=True, editable=False)
    is_demo = models.BooleanField(_("demo"), default=False, editable=False)

    objects = StandingGatherings()
    ever = GatheringQuerySet.as_manager()

    class Meta:
        verbose_name = _("gathering")
        verbose_name_plural = _("gatherings")
        ordering = ["day", "starts"]
        constraints = [
            models.CheckConstraint(
                name="gathering_ends_after_it_starts",
                condition=Q(ends__gt=F("starts")),
                violation_error_message=_("The end comes after the start."),
            ),
        ]
        indexes = [models.Index(fields=["day"], name="gathering_day")]

    def __str__(self) -> str:
        return f"{self.programme}, {self.day}"

    @property
    def starts_at(self) -> datetime:
        """By the clock in Stockholm."""
        return datetime.combine(self.day, self.starts, rules.STOCKHOLM)

    @property
    def ends_at(self) -> datetime:
        return datetime.combine(self.day, self.ends, rules.STOCKHOLM)

    @property
    def words(self) -> str:
        """What it is called: its own words, else its programme's name."""
        return self.words_in(get_language() or "en")

    def words_in(self, language: str) -> str:
        """The same in a language."""
        own = self.words_sv if language == "sv" else self.words_en
        return own or str(getattr(self.programme, f"name_{language}", "") or self.programme)
