"""What the five steps have in common."""

from __future__ import annotations

import hashlib
import json
from functools import cached_property
from typing import Any, ClassVar, Generic, TypeVar

from django.http import HttpRequest, QueryDict

from visits import questions
from visits.drafts import Answers
from visits.forms.base import StepForm, Told
from visits.forms.further import Further
from visits.views.drafting import Opened

AForm = TypeVar("AForm", bound=StepForm)


class StepPage(Generic[AForm]):
    """One step: its form, what it says, and what else its page shows."""

    name: ClassVar[str]

    def __init__(self, request: HttpRequest, opened: Opened) -> None:
        self.request, self.opened, self.draft = request, opened, opened.draft
        self.prepare()

    @cached_property
    def further(self) -> Further:
        """Our own questions of this step; read once for a page."""
        return Further(*questions.on_step(self.name, self.draft))

    def prepare(self) -> None:
        """Read what both the form and the page need."""

    def form(self, data: QueryDict | None) -> AForm:
        raise NotImplementedError

    def answers(self, form: AForm) -> Answers:
        return form.answers()

    def after_save(self, form: AForm) -> None:
        """What is to be remembered outside the draft."""

    def context(self, form: AForm) -> dict[str, Any]:
        return {}

    def told(self) -> list[Told]:
        """What the draft itself says to the questions of this step."""
        return self.form(None).told()

    def said(self, form: AForm) -> list[Told]:
        """What was sent, in the same words."""
        return form.told()

    @property
    def seen(self) -> str:
        """A print of what the draft says to this step: tells a page whether somebody else has been there since."""
        told = json.dumps([(one.name, one.words) for one in self.told()])
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    def otherwise(self, form: AForm) -> list[Told]:
        """What the draft says otherwise than this form, if it has changed since the form's page was made."""
        seen = self.request.POST.get("seen", "")
        if not seen or self.draft is None or seen == self.seen:
            return []
        mine = {one.name: one.words for one in self.said(form)}
        return [one for one in self.told() if one.words != mine.get(one.name)]

    def glance(self, form: AForm) -> str | None:
        """Where on this page to look at what was typed, when it is not to be kept yet."""
        return None

    def detour(self) -> str | None:
        """Where on this page to come back to, when another button than «Continue» was pressed."""
        return None
