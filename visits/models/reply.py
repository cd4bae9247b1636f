"""What we write to guests again and again, as data that staff edit."""

from __future__ import annotations

from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from visits import blanks, text
from visits.choices import FlagKind, Lacking, RequestState

NOT_READ_BY_US: Final = (RequestState.DRAFT, RequestState.UNVERIFIED)


class ReplyDraft(models.Model):
    """A draft of an answer that whoever writes to guests may put into the box; it is never sent by itself.

    It is offered where all of its conditions are met; one that is empty is none. `loaded` is what the
    file of the repository last said: a draft that says something else was edited by staff, and stays.
    """

    STATES = tuple((state.value, state.label) for state in RequestState if state not in NOT_READ_BY_US)

    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    title_en = models.CharField(_("title in English"), max_length=80)
    title_sv = models.CharField(_("title in Swedish"), max_length=80)
    summary_en = models.CharField(_("in a few words, in English"), max_length=120, blank=True)
    summary_sv = models.CharField(_("in a few words, in Swedish"), max_length=120, blank=True)
    text_en = models.TextField(_("text in English"), max_length=2000)
    text_sv = models.TextField(_("text in Swedish"), max_length=2000)
    states = models.JSONField(_("only in these states"), default=list, blank=True)
    heard = models.TextField(
        _("only when they have written one of these words"), max_length=500, blank=True,
        help_text=_("One on each line, in the languages that guests write in; the beginning of a word is enough."),
    )  # fmt: skip
    lacks = models.CharField(_("only when this is missing"), max_length=9, choices=Lacking, blank=True)
    flag = models.CharField(_("only when this is noticed"), max_length=9, choices=FlagKind, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    is_offered = models.BooleanField(_("offered"), default=True)
    loaded = models.JSONField(default=dict, editable=False)

    class Meta:
        verbose_name = _("draft of a reply")
        verbose_name_plural = _("drafts of replies")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return self.title_sv if get_language() == "sv" else self.title_en

    @property
    def summary(self) -> str:
        return self.summary_sv if get_language() == "sv" else self.summary_en

    def text_in(self, language: str) -> str:
        """What it says in the language of the guests' letters."""
        return self.text_sv if language == "sv" else self.text_en

    @property
    def words_heard(self) -> tuple[str, ...]:
        return tuple(line.strip().casefold() for line in self.heard.splitlines() if line.strip())

    def clean(self) -> None:
        """Raises ValidationError for what nothing fills in or nobody can read, and for states that no request has."""
        wrong: dict[str, Any] = {}
        for name in ("text_en", "text_sv"):
            words = text.cleaned(getattr(self, name))
            setattr(self, name, words)
            unreadable = "" if text.is_readable(words, lines=True) else _("There are signs in it that cannot be shown.")
            if told := unreadable or blanks.wrong_in(words):
                wrong[name] = told
        if blanks.blanks_in(self.text_en) != blanks.blanks_in(self.text_sv) and not wrong:
            wrong["text_sv"] = _("Fill in the same facts in both languages.")
        if not isinstance(self.states, list) or not {str(one) for one in self.states} <= dict(self.STATES).keys():
            wrong["states"] = _("Choose among the states of a request.")
        if wrong:
            raise ValidationError(wrong)
