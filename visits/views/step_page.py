"""What the five steps have in common."""

from __future__ import annotations

from typing import Any, ClassVar, Generic, TypeVar

from django.http import HttpRequest, QueryDict

from visits.drafts import Answers
from visits.forms.base import StepForm
from visits.views.drafting import Opened

AForm = TypeVar("AForm", bound=StepForm)


class StepPage(Generic[AForm]):
    """One step: its form, what it says, and what else its page shows."""

    name: ClassVar[str]

    def __init__(self, request: HttpRequest, opened: Opened) -> None:
        self.request, self.opened, self.draft = request, opened, opened.draft
        self.prepare()

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

    def detour(self) -> str | None:
        """Where on this page to come back to, when another button than «Continue» was pressed."""
        return None
