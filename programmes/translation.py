"""Which texts of the catalogue exist in both languages."""

from __future__ import annotations

from modeltranslation.translator import TranslationOptions, register

from programmes.models import Area, Initiative, Offering, Programme


@register(Area)
class AreaTranslation(TranslationOptions):
    fields = ("name", "summary", "lead", "heading", "steps", "about", "questions")


@register(Offering)
class OfferingTranslation(TranslationOptions):
    fields = ("name", "summary", "access")


@register(Initiative)
class InitiativeTranslation(TranslationOptions):
    fields = ("name", "summary")


@register(Programme)
class ProgrammeTranslation(TranslationOptions):
    fields = (
        "name",
        "summary",
        "audience",
        "rung",
        "lead",
        "about",
        "themes",
        "facts",
        "year_heading",
        "year",
        "tracks",
        "aims",
        "expectations",
        "visitors",
        "visitors_text",
    )
