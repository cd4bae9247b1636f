from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from visits.choices import OfferAnswer, OrganisationKind, RequestState
from visits.models.request import VisitRequest


class PlaceOfferQuerySet(models.QuerySet["PlaceOffer"]):
    def waiting(self) -> Self:
        return self.filter(answer=OfferAnswer.OPEN)

    def taking_a_place(self) -> Self:
        """Places that count against a week's capacity: kept, or taken and being planned for.

        Once the visit has been proposed it counts itself.
        """
        planned_for = Q(
            answer=OfferAnswer.YES, request__state__in=[RequestState.IN_REVIEW, RequestState.INFO_REQUESTED]
        )
        return self.filter(Q(answer=OfferAnswer.OPEN) | planned_for)


class PlaceOffer(models.Model):
    """Days that have become free and are kept for somebody in the waiting list, until they answer."""

    request = models.ForeignKey(VisitRequest, on_delete=models.CASCADE, related_name="place_offers")
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    why = models.JSONField(_("why they and why now"), default=dict, blank=True)
    offered_at = models.DateTimeField(_("offered"), auto_now_add=True)
    answer_by = models.DateField(_("answer by"))
    answer = models.CharField(_("answer"), max_length=9, choices=OfferAnswer, default=OfferAnswer.OPEN)
    answered_at = models.DateTimeField(_("answered"), null=True)

    objects = PlaceOfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offered place")
        verbose_name_plural = _("offered places")
        ordering = ["-offered_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["request"], condition=Q(answer=OfferAnswer.OPEN), name="place_offer_one_open"
            ),
            models.CheckConstraint(name="place_offer_ends_after_it_starts", condition=Q(last_day__gte=F("first_day"))),
        ]
        indexes = [models.Index(fields=["last_day", "first_day"], name="place_offer_days")]

    def __str__(self) -> str:
        return f"{self.request} {self.first_day}"


class PriceRule(models.Model):
    """One line of what a visit costs. Without any rule a visit is free."""

    class Per(models.TextChoices):
        VISIT = "visit", _("a visit")
        DAY = "day", _("a day")
        PERSON = "person", _("a person")
        PERSON_DAY = "person_day", _("a person and day")

    words_en = models.CharField(_("in English"), max_length=160)
    words_sv = models.CharField(_("in Swedish"), max_length=160)
    per = models.CharField(_("for"), max_length=10, choices=Per)
    amount = models.DecimalField(_("kronor, without VAT"), max_digits=9, decimal_places=2)
    organisation_kinds = models.JSONField(
        _("kinds of organisation"), default=list, blank=True, help_text=_("Empty: for all of them.")
    )
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("to"), null=True, blank=True)

    KINDS = tuple(OrganisationKind.values)

    class Meta:
        verbose_name = _("price rule")
        verbose_name_plural = _("price rules")
        ordering = ["valid_from", "pk"]
        constraints = [
            models.CheckConstraint(
                name="price_rule_not_negative", condition=Q(amount__gte=0),
                violation_error_message=_("Write an amount of kronor, 0 or more."),
            ),
            models.CheckConstraint(
                name="price_rule_ends_after_it_starts",
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                violation_error_message=_("The last day comes after the first."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.words_en


class InvoiceDetails(models.Model):
    """Where a bill goes, when a visit costs anything."""

    request = models.OneToOneField(
        VisitRequest, on_delete=models.CASCADE, related_name="invoice_details", primary_key=True
    )
    name = models.CharField(_("name on the invoice"), max_length=200)
    address = models.TextField(_("address"), max_length=500)
    number = models.CharField(_("organisation or VAT number"), max_length=40, blank=True)
    reference = models.CharField(_("your reference"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail for the invoice"), blank=True)

    class Meta:
        verbose_name = _("invoice details")
        verbose_name_plural = _("invoice details")

    def __str__(self) -> str:
        return self.name
