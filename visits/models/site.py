from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Expression, F, Q
from django.db.models.functions import Greatest, Least
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from visits.choices import TravelMeans, Weekday
from visits.models.ways_kept import WaysCount


class Site(models.Model):
    """A house where we receive guests: Qulturum, Ryhov, a health centre."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    address = models.CharField(_("address"), max_length=160, blank=True)
    way_en = models.TextField(_("how to get there, in English"), max_length=600, blank=True)
    way_sv = models.TextField(_("how to get there, in Swedish"), max_length=600, blank=True)
    weekly_visits = models.PositiveSmallIntegerField(
        _("receives at most so many visits a week"), null=True, blank=True,
        help_text=_("Visits with a session there. Left empty, as many as the week takes; 0 receives none."),
    )  # fmt: skip
    is_demo = models.BooleanField(_("demo"), default=False, editable=False)

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="site_receives_so_many",
                condition=Q(weekly_visits=None) | Q(weekly_visits__lte=100),
                violation_error_message=_("Write at most 100 visits a week, or leave it empty."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def way(self) -> str:
        """How to get there, in the language that is on."""
        return self.way_sv if get_language() == "sv" else self.way_en


class QuietTime(models.Model):
    """Hours in which a site would rather have no guests: rounds, meals, handing over. A break is no visit there."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="quiet_times", verbose_name=_("site"))
    weekday = models.PositiveSmallIntegerField(
        _("on"), choices=Weekday, null=True, blank=True, help_text=_("Left empty, every day.")
    )
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("to"))
    words_en = models.CharField(_("why, in English"), max_length=80, blank=True)
    words_sv = models.CharField(_("why, in Swedish"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("quiet time")
        verbose_name_plural = _("quiet times")
        ordering = ["site__name", "weekday", "starts"]
        constraints = [
            models.CheckConstraint(
                name="quiet_time_ends_after_it_starts",
                condition=Q(ends__gt=F("starts")),
                violation_error_message=_("The end comes after the start."),
            ),
            models.CheckConstraint(
                name="quiet_time_on_a_working_day", condition=Q(weekday=None) | Q(weekday__range=(1, 5))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site}, {self.starts:%H.%M}–{self.ends:%H.%M}"

    @property
    def words(self) -> str:
        """Why, in the language that is on; nothing where nobody has said."""
        return self.words_sv if get_language() == "sv" else self.words_en

    def meets(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Whether something of a day, in the time of our clocks, lies in it."""
        is_that_day = self.weekday is None or starts_at.isoweekday() == self.weekday
        return is_that_day and starts_at.time() < self.ends and ends_at.time() > self.starts


class TravelQuerySet(models.QuerySet["Travel"]):
    def between(self, one: int | Expression | F, other: int | Expression | F) -> Self:
        """The ways between two sites, whichever way round they are written down, the shortest first."""
        return self.filter(Q(one=one, other=other) | Q(one=other, other=one)).order_by("minutes")

    def shortest(self) -> dict[frozenset[int], int]:
        """Minutes of the shortest way between any two sites; one query."""
        rows = self.order_by("-minutes").values_list("one", "other", "minutes")
        return {frozenset((one, other)): minutes for one, other, minutes in rows}


class Travel(models.Model):
    """How long a group needs between two sites, doors and gathering included; the same both ways."""

    one = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+", verbose_name=_("between"))
    other = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+", verbose_name=_("and"))
    means = models.CharField(_("how"), max_length=4, choices=TravelMeans, default=TravelMeans.BUS)
    minutes = models.PositiveSmallIntegerField(_("minutes"))

    objects = TravelQuerySet.as_manager()

    class Meta:
        verbose_name = _("travel between sites")
        verbose_name_plural = _("travel between sites")
        ordering = ["one__name", "other__name", "minutes"]
        constraints = [
            models.CheckConstraint(
                name="travel_between_two_sites",
                condition=~Q(one=F("other")),
                violation_error_message=_("Choose two different sites."),
            ),
            models.CheckConstraint(
                name="travel_takes_time",
                condition=Q(minutes__gte=1, minutes__lte=600),
                violation_error_message=_("Write how many minutes, from 1 to 600."),
            ),
            models.UniqueConstraint(
                Least("one", "other"), Greatest("one", "other"), "means",
                name="travel_once_each_way",
                violation_error_message=_("This way is written down already."),
            ),
            WaysCount(name="travel_counts_between_bookings"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.one} – {self.other}"
