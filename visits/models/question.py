from __future__ import annotations

from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from programmes.models import Area, Programme
from visits.choices import QuestionKind, QuestionStep


class QuestionQuerySet(models.QuerySet["Question"]):
    def asked(self) -> Self:
        """Those that the form asks now, in their order."""
        return self.filter(is_asked=True).order_by("order", "pk")


class Question(models.Model):
    """A question of ours that the visitor's form asks beside its own, where it suits.

    An answer is kept in the request with the words it was asked in: a question that is reworded,
    or asked no more, changes no answer.
    """

    step = models.CharField(_("where it is asked"), max_length=5, choices=QuestionStep)
    kind = models.CharField(_("kind of answer"), max_length=6, choices=QuestionKind, default=QuestionKind.LINE)
    words_en = models.CharField(_("in English"), max_length=160)
    words_sv = models.CharField(_("in Swedish"), max_length=160)
    help_en = models.CharField(_("help in English"), max_length=200, blank=True)
    help_sv = models.CharField(_("help in Swedish"), max_length=200, blank=True)
    choices_en = models.TextField(
        _("answers in English"), max_length=1000, blank=True,
        help_text=_("For one of some answers: one on each line, in the same order in both languages."),
    )  # fmt: skip
    choices_sv = models.TextField(_("answers in Swedish"), max_length=1000, blank=True)
    is_required = models.BooleanField(_("must be answered"), default=False)
    areas = models.ManyToManyField(
        Area, blank=True, related_name="+", verbose_name=_("only for these areas"),
        help_text=_("None ticked: for all of them."),
    )  # fmt: skip
    programmes = models.ManyToManyField(
        Programme, blank=True, related_name="+", verbose_name=_("only for these programmes"),
        help_text=_("None ticked: for all of them."),
    )  # fmt: skip
    organisation_kinds = models.JSONField(_("kinds of organisation"), default=list, blank=True)
    only_if = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="depending",
        verbose_name=_("only if this question"),
    )  # fmt: skip
    only_if_answer = models.CharField(
        _("is answered so"), max_length=160, blank=True,
        help_text=_("“yes” or “no”, or one of its answers in English."),
    )  # fmt: skip
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_asked = models.BooleanField(
        _("is asked"), default=True, help_text=_("Untick it to ask no more. What was answered stays.")
    )

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question of the form")
        verbose_name_plural = _("questions of the form")
        ordering = ["step", "order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="question_has_its_answers",
                condition=~Q(kind=QuestionKind.CHOICE) | (~Q(choices_en="") & ~Q(choices_sv="")),
                violation_error_message=_("Write the answers to choose from, in both languages."),
            ),
            models.CheckConstraint(
                name="question_only_if_whole",
                condition=Q(only_if=None, only_if_answer="") | (Q(only_if__isnull=False) & ~Q(only_if_answer="")),
                violation_error_message=_("Choose both the question and its answer, or neither."),
            ),
            models.CheckConstraint(
                name="question_not_of_itself",
                condition=Q(only_if=None) | ~Q(only_if=F("id")),
                violation_error_message=_("A question cannot depend on itself."),
            ),
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def words(self) -> str:
        return self.words_sv if get_language() == "sv" else self.words_en

    @property
    def help(self) -> str:
        return self.help_sv if get_language() == "sv" else self.help_en

    @property
    def answers(self) -> list[tuple[str, str]]:
        """The answers to choose from: as they are kept, and in the language that is on."""
        english, swedish = (_lines(text) for text in (self.choices_en, self.choices_sv))
        return list(zip(english, swedish if get_language() == "sv" else english, strict=False))

    def clean(self) -> None:
        """Raises ValidationError for answers that are not as many in both languages, and for a circle of conditions."""
        english, swedish = _lines(self.choices_en), _lines(self.choices_sv)
        if len(english) != len(swedish) or len(set(english)) != len(english):
            raise ValidationError({"choices_sv": _("Write as many answers in Swedish as in English, each once.")})
        above, seen = self.only_if, {self.pk}
        while above is not None:
            if above.pk in seen:
                raise ValidationError({"only_if": _("These questions would wait for one another.")})
            seen.add(above.pk)
            above = above.only_if


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
