"""What a step says goes into its draft, unless somebody has written otherwise there meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language

from visits import drafts
from visits.drafts import Answers, DraftClosed
from visits.forms.base import StepForm, Told
from visits.views import steps
from visits.views.drafting import Opened
from visits.views.step_page import StepPage


@dataclass
class Written:
    """How the writing went: `closed` when the draft takes nothing more, `theirs` what it says instead."""

    page: StepPage[Any]
    form: StepForm
    closed: bool = False
    theirs: list[Told] = field(default_factory=list)

    @property
    def is_kept(self) -> bool:
        return not (self.closed or self.theirs)

    @property
    def seen(self) -> str:
        """A print of what the draft says to this step now, for the page that comes next."""
        return steps.PAGES[self.page.name](self.page.request, self.page.opened).seen


def write(request: HttpRequest, step: str, opened: Opened) -> Written:
    """Keep what is good of a form that was sent, and the words of the rest.

    Nothing is kept when the draft is closed, or when its answers to this step were changed
    after the form's page was made and differ from the form's.
    """
    if opened.closed:
        return _read(request, step, opened)
    with drafts.alone(opened.link):
        written = _read(request, step, opened)
        written.theirs = written.page.otherwise(written.form)
        if written.is_kept:
            try:
                written.page.opened = _kept(written.page, written.form)
            except DraftClosed:
                written.closed = True
    return written


def _read(request: HttpRequest, step: str, opened: Opened) -> Written:
    page = steps.PAGES[step](request, opened)
    form = page.form(request.POST)
    form.is_valid()
    return Written(page, form, closed=opened.closed)


def _kept(page: StepPage[Any], form: StepForm) -> Opened:
    """No draft is made for a page on which nothing was written, nor for a machine."""
    answers = replace(page.answers(form), unfinished={page.name: form.unfinished()})
    if "website" in form.errors or not (page.opened.link or _says_something(answers)):
        return page.opened
    language = get_language() or "en"
    link = drafts.save(page.opened.link, answers, language=language, nonce=page.opened.nonce)
    page.after_save(form)
    return Opened(link)


def _says_something(answers: Answers) -> bool:
    """Whether somebody has answered; the language of the page stands ready by itself."""
    fields = {name: said for name, said in answers.fields.items() if name != "language"}
    return replace(answers, fields=fields).say_something
