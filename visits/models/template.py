from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from programmes.models import Offering
from visits.choices import CompetenceLevel, FacilitatorKind, SessionKind
from visits.models.facilitator import Room
from visits.models.site import Site


class AgendaTemplate(models.Model):
    """An agenda that has worked before, without dates: half a day with Esther, two days of leadership.

    `loaded` is what the file of the repository last said; a template that says something else
    was edited by staff, and stays as they wrote it.
    """

    slug = models.SlugField(_("address"), max_length=60, unique=True)
    name_en = models.CharField(_("name in English"), max_length=120)
    name_sv = models.CharField(_("name in Swedish"), max_length=120)
    summary_en = models.CharField(_("in a sentence, in English"), max_length=200, blank=True)
    summary_sv = models.CharField(_("in a sentence, in Swedish"), max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    is_offered = models.BooleanField(_("offered to planners"), default=True)
    loaded = models.JSONField(default=dict, editable=False)

    class Meta:
        verbose_name = _("agenda template")
        verbose_name_plural = _("agenda templates")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_sv if get_language() == "sv" else self.name_en

    @property
    def summary(self) -> str:
        return self.summary_sv if get_language() == "sv" else self.summary_en


class AgendaTemplateRow(models.Model):
    """One row of a template: which day of the visit, when, whose, and what it wishes for."""

    template = models.ForeignKey(AgendaTemplate, on_delete=models.CASCADE, related_name="rows")
    day = models.PositiveSmallIntegerField(_("day of the visit"), default=1)
    starts = models.TimeField(_("start"))
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    kind = models.CharField(_("who leads"), max_length=5, choices=SessionKind, default=SessionKind.HOST)
    title_en = models.CharField(_("title in English"), max_length=160)
    title_sv = models.CharField(_("title in Swedish"), max_length=160)
    description_en = models.CharField(_("in a sentence, in English"), max_length=300, blank=True)
    description_sv = models.CharField(_("in a sentence, in Swedish"), max_length=300, blank=True)
    dialogue_minutes = models.PositiveSmallIntegerField(_("minutes of dialogue"), null=True, blank=True)
    offering = models.ForeignKey(
        Offering, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("offering")
    )
    level = models.PositiveSmallIntegerField(
        _("whoever leads it"), choices=[one for one in CompetenceLevel.choices if one[0] >= CompetenceLevel.LEADS],
        default=CompetenceLevel.LEADS, db_default=CompetenceLevel.LEADS,
    )  # fmt: skip
    role = models.CharField(_("led by"), max_length=14, choices=FacilitatorKind, blank=True)
    site = models.ForeignKey(
        Site, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("site")
    )
    room = models.ForeignKey(
        Room, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("room, if it is free")
    )

    class Meta:
        verbose_name = _("row of an agenda template")
        verbose_name_plural = _("rows of agenda templates")
        ordering = ["day", "starts", "pk"]
        constraints = [
            models.CheckConstraint(
                name="template_row_on_a_day",
                condition=Q(day__gte=1, day__lte=7),
                violation_error_message=_("Write which day of the visit, from 1 to 7."),
            ),
            models.CheckConstraint(
                name="template_row_takes_time",
                condition=Q(minutes__gte=5, minutes__lte=600),
                violation_error_message=_("Write how many minutes, from 5 to 600."),
            ),
        ]

    def __str__(self) -> str:
        return self.title_en
