from __future__ import annotations

from datetime import date
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from visits.choices import ChecklistRole, Length, RequestState
from visits.models.visit import Visit


class ChecklistTemplate(models.Model):
    """What is to be done around a visit of one kind. Its rows become items of each visit that it suits."""

    LENGTHS = tuple(Length.values)

    slug = models.SlugField(_("short name"), unique=True)
    name_en = models.CharField(_("in English"), max_length=80)
    name_sv = models.CharField(_("in Swedish"), max_length=80)
    lengths = models.JSONField(
        _("lengths of visits"), default=list, blank=True,
        help_text=_('For instance ["two", "three"]. Empty: visits of any length.'),
    )  # fmt: skip
    site = models.CharField(
        _("site"), max_length=80, blank=True, help_text=_("Visits with a session there. Empty: anywhere.")
    )
    needs_bus = models.BooleanField(_("only visits at more than one site"), default=False)
    needs_letter = models.BooleanField(_("only guests who need a letter of invitation"), default=False)
    is_used = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("checklist")
        verbose_name_plural = _("checklists")
        ordering = ["slug"]

    def clean(self) -> None:
        """Raises ValidationError for lengths that no visit has."""
        known = isinstance(self.lengths, list) and set(map(str, self.lengths)) <= set(self.LENGTHS)
        if not known:
            sentence = _("Write a list of these, or leave it empty: %(lengths)s.")
            raise ValidationError({"lengths": sentence % {"lengths": ", ".join(self.LENGTHS)}})

    def __str__(self) -> str:
        return self.name_sv if get_language() == "sv" else self.name_en


class Told(models.Model):
    """Something to do, in both languages, with whose it is and when: days from the visit's first day."""

    words_en = models.CharField(_("in English"), max_length=160)
    words_sv = models.CharField(_("in Swedish"), max_length=160)
    role = models.CharField(_("whose it is"), max_length=11, choices=ChecklistRole, default=ChecklistRole.COORDINATOR)
    days = models.SmallIntegerField(
        _("days"), help_text=_("Below 0: before the first day. 0 and above: after the last one.")
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.words

    @property
    def words(self) -> str:
        return self.words_sv if get_language() == "sv" else self.words_en


class ChecklistRow(Told):
    """One line of a checklist."""

    template = models.ForeignKey(ChecklistTemplate, on_delete=models.CASCADE, related_name="rows")
    key = models.SlugField(_("short name"))

    class Meta(Told.Meta):
        verbose_name = _("line of a checklist")
        verbose_name_plural = _("lines of checklists")
        ordering = ["days", "pk"]
        constraints = [models.UniqueConstraint(fields=["template", "key"], name="checklist_row_once")]


class ChecklistItemQuerySet(models.QuerySet["ChecklistItem"]):
    def current(self) -> Self:
        """Of visits that stand or have been: what was laid out for one that fell through is of no use."""
        states = [RequestState.AGREED, RequestState.CONFIRMED, RequestState.COMPLETED]
        # Asked of each item in its turn: what is due is little, the visits of all years are many.
        return self.filter(Exists(Visit.objects.filter(pk=OuterRef("visit"), request__state__in=states)))

    def to_do(self) -> Self:
        return self.current().filter(done_at=None)

    def overdue(self, today: date) -> Self:
        return self.to_do().filter(due_on__lt=today)


class ChecklistItem(Told):
    """Something to do for one visit, done or not. Its own words, so that an edited list changes no promise."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="checklist")
    row = models.ForeignKey(ChecklistRow, null=True, on_delete=models.SET_NULL, related_name="+", editable=False)
    due_on = models.DateField(_("by"))
    done_at = models.DateTimeField(_("done"), null=True, editable=False)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    done_by_name = models.CharField(_("by whom"), max_length=120, blank=True, editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )

    objects = ChecklistItemQuerySet.as_manager()

    class Meta(Told.Meta):
        verbose_name = _("thing to do")
        verbose_name_plural = _("things to do")
        ordering = ["due_on", "pk"]
        constraints = [models.UniqueConstraint(fields=["visit", "row"], name="checklist_item_once")]
        indexes = [models.Index(fields=["due_on"], condition=models.Q(done_at=None), name="checklist_item_open")]
