"""When a reminder goes, and what it says, as data that staff edit."""

from __future__ import annotations

from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from visits import anchors, text
from visits.choices import Anchor, RequestState

TAKEN: Final = _("Another reminder goes on that day already. Choose another number of days.")
FURTHEST: Final = max(about.most for about in anchors.TABLE.values())


class ReminderRung(models.Model):
    """One rung of the ladder of reminders: so many days before or after something, in these states.

    `slug` is part of the names of its mails and never changes: whoever moves a reminder to another
    day sends nobody the same mail twice. `loaded` is what the file of the repository last said; a rung
    that says something else was edited by staff, and stays.
    """

    STATES = tuple((state.value, state.label) for state in RequestState)

    slug = models.SlugField(_("short name"), max_length=30, unique=True, editable=False)
    anchor = models.CharField(_("counted from"), max_length=20, choices=Anchor, editable=False)
    kind = models.CharField(_("kind of mail"), max_length=30, editable=False)
    days = models.PositiveSmallIntegerField(_("days before or after"))
    states = models.JSONField(_("only in these states"), default=list, blank=True)
    is_on = models.BooleanField(_("in use"), default=True)
    subject_en = models.CharField(_("subject in English"), max_length=120)
    subject_sv = models.CharField(_("subject in Swedish"), max_length=120)
    text_en = models.TextField(_("text in English"), max_length=2000)
    text_sv = models.TextField(_("text in Swedish"), max_length=2000)
    order = models.PositiveSmallIntegerField(_("order"), default=100, editable=False)
    loaded = models.JSONField(default=dict, editable=False)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="rung_within_reach",
                condition=Q(days__lte=FURTHEST) & (Q(days__gte=1) | Q(days=0, anchor__in=anchors.ON_THE_DAY)),
                violation_error_message=_("Write a number of days that is not so far away."),
            ),
            models.UniqueConstraint(
                fields=["anchor", "days"],
                name="one_rung_a_day",
                violation_error_message=TAKEN,
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @classmethod
    def own(cls, anchor: Anchor) -> ReminderRung:
        """One more reminder of an anchor, not saved yet; its short name is not that of any other.

        Raises LookupError for an anchor to which none can be added.
        """
        about, named = anchors.TABLE[anchor], f"{anchor}-own-"
        if not about.own:
            raise LookupError(f"No reminder can be added that is counted from {anchor}.")
        slugs = cls.objects.filter(slug__startswith=named).values_list("slug", flat=True)
        number = max((int(slug.removeprefix(named)) for slug in slugs), default=0) + 1
        return cls(
            slug=f"{named}{number}", anchor=anchor, kind=about.own, states=[str(state) for state in about.states]
        )

    @property
    def is_own(self) -> bool:
        """Whether staff have added it; the others come with the portal."""
        return self.slug.startswith(f"{self.anchor}-own-")

    @property
    def about(self) -> anchors.About:
        return anchors.TABLE[Anchor(self.anchor)]

    @property
    def subject(self) -> str:
        return self.subject_in(get_language() or "en")

    def subject_in(self, language: str) -> str:
        return self.subject_sv if language == "sv" else self.subject_en

    def text_in(self, language: str) -> str:
        """What it says in the language of whoever gets it."""
        return self.text_sv if language == "sv" else self.text_en

    @property
    def in_key(self) -> str:
        """What tells its mails from those of another rung of the same kind."""
        return self.slug.partition("-")[2]

    def once_per(self, about: object) -> str:
        """What its mail about something is known by, where the kind alone says which of those of the repository."""
        return f"{about}-{self.slug}" if self.is_own else f"{about}"

    def fits(self, state: str) -> bool:
        """Whether it goes while the request is in a state."""
        return not self.about.states or state in self.states

    def wrong_words(self) -> dict[str, Any]:
        """By field: what in its words could not be filled in or shown, in a sentence."""
        anchor, wrong = Anchor(self.anchor), {}
        for name in ("subject_en", "subject_sv", "text_en", "text_sv"):
            words, is_text = getattr(self, name), name.startswith("text")
            look = anchors.wrong_in if is_text else anchors.wrong_in_subject
            readable = text.is_readable(words, lines=is_text)
            if told := look(words, anchor) if readable else _("There are signs in it that cannot be shown."):
                wrong[name] = told
        return wrong

    def clean(self) -> None:
        """Raises ValidationError for words that cannot be filled in, a day out of reach and states that do not fit."""
        for name in ("subject_en", "subject_sv", "text_en", "text_sv"):
            setattr(self, name, text.cleaned(getattr(self, name)))
        wrong = self.wrong_words()
        if self.days is not None and not self.about.least <= self.days <= self.about.most:
            numbers = {"least": self.about.least, "most": self.about.most}
            wrong["days"] = _("Write a number from %(least)s to %(most)s.") % numbers
        elif ReminderRung.objects.filter(anchor=self.anchor, days=self.days).exclude(pk=self.pk).exists():
            wrong["days"] = TAKEN  # no form has the anchor, so that none looks for itself
        if not isinstance(self.states, list) or not {str(one) for one in self.states} <= set(self.about.states):
            wrong["states"] = _("Choose among the states in which it makes sense.")
        elif self.about.states and not self.states:
            wrong["states"] = _("Choose at least one state, or take away the tick at “In use”.")
        if wrong:
            raise ValidationError(wrong)
