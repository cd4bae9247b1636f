"""What is particular to each of the five steps; the frame around them is in `request`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import get_language

from programmes import basket
from visits import almanac, drafts, rules
from visits.choices import Gift
from visits.drafts import Answers
from visits.forms.base import Told
from visits.forms.bring import BringForm
from visits.forms.learn import LearnForm
from visits.forms.needs import NeedsForm
from visits.forms.who import WhoForm
from visits.views import wishlist
from visits.views.step_page import StepPage
from visits.views.when import WhenPage


class WhoPage(StepPage[WhoForm]):
    name = "who"

    def form(self, data: QueryDict | None) -> WhoForm:
        language = self.draft.language if self.draft else get_language() or "en"
        form = WhoForm(data, draft=self.draft, language=language)
        if self.opened.sent is not None:
            form.keep_address()
        return form

    def context(self, form: WhoForm) -> dict[str, Any]:
        return {"first_to_choose": almanac.working_day_from(rules.earliest_first_day(timezone.localdate()))}


class LearnPage(StepPage[LearnForm]):
    name = "learn"

    def prepare(self) -> None:
        self.list = wishlist.read(self.request, self.draft)
        self.removed = self.request.POST.get("remove", "")
        if self.removed:
            self.list = self.list.without(self.removed)

    def form(self, data: QueryDict | None) -> LearnForm:
        ticked = self.list.chosen.areas
        if not ticked and not (self.draft and self.draft.aim):
            ticked = self.list.areas_of_offerings  # whoever has picked Esther is after person-centred care
        form = LearnForm(data, draft=self.draft, areas=self.list.shown.areas, chosen=ticked)
        return form.ask(self.further)

    def told(self) -> list[Told]:
        """What stands in the draft, without what the list of this browser would tick."""
        areas, ticked = self.list.shown.areas, self.list.kept.areas
        return LearnForm(None, draft=self.draft, areas=areas, chosen=ticked).ask(self.further).told()

    def answers(self, form: LearnForm) -> Answers:
        chosen = self.list.chosen
        if "areas" in form.cleaned_data:
            chosen = self.list.with_areas(form.chosen_areas())
        return replace(form.answers(), chosen=chosen)

    def after_save(self, form: LearnForm) -> None:
        self.list.remember(self.request, self.answers(form).chosen or self.list.chosen)

    def context(self, form: LearnForm) -> dict[str, Any]:
        return {"lines": self.list.lines}

    def detour(self) -> str | None:
        return "#list" if self.removed else None


class BringPage(StepPage[BringForm]):
    name = "bring"

    def form(self, data: QueryDict | None) -> BringForm:
        told = [] if self.draft and self.draft.brings else basket.contents(self.request.session).tells
        ready = {"gifts": [Gift.QUESTION], "brings": "\n".join(told)[:1000]} if told else {}
        return BringForm(data, draft=self.draft, **ready).ask(self.further)

    def told(self) -> list[Told]:
        """What stands in the draft, without what this browser has put aside to tell."""
        return BringForm(None, draft=self.draft).ask(self.further).told()

    def context(self, form: BringForm) -> dict[str, Any]:
        return {"wonder": wishlist.questions(drafts.areas(self.draft))}


class NeedsPage(StepPage[NeedsForm]):
    name = "needs"

    def prepare(self) -> None:
        self.needs = drafts.needs(self.draft)

    def form(self, data: QueryDict | None) -> NeedsForm:
        return NeedsForm(data, draft=self.draft, needs=self.needs).ask(self.further)


PAGES: Final[dict[str, type[StepPage[Any]]]] = {
    page.name: page for page in (WhoPage, LearnPage, BringPage, WhenPage, NeedsPage)
}


def with_change(there: str) -> str:
    """The same place, for somebody who came from the answers to change one."""
    address, hash_mark, anchor = there.partition("#")
    return f"{address}{'&' if '?' in address else '?'}change=1{hash_mark}{anchor}"
