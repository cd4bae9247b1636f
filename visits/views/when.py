"""Step 4: the calendar, the typed day, and the list of up to three wished days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.contrib import messages
from django.http import QueryDict
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import drafts, rules, words
from visits.choices import Length
from visits.drafts import Answers
from visits.forms.when import WhenForm
from visits.views import calendar
from visits.views.step_page import StepPage


class Choice(NamedTuple):
    """One wished first day, or room for one, as the list «Your dates» shows it."""

    rank: int
    name: str
    flexible: bool = False
    days: str = ""
    week: int = 0
    about: str = ""


class WhenPage(StepPage[WhenForm]):
    name = "when"

    def prepare(self) -> None:
        self.today = timezone.localdate()
        self.wishes = drafts.wishes(self.draft)
        asked = self.request.POST or self.request.GET
        self.choice = _number(asked.get("choice", ""))

    def form(self, data: QueryDict | None) -> WhenForm:
        return WhenForm(data, draft=self.draft, wishes=self.wishes, choice=self.choice, today=self.today)

    def answers(self, form: WhenForm) -> Answers:
        answers = form.answers()
        removed = _number(self.request.POST.get("remove", ""), none=0)
        kept = [wish for rank, wish in enumerate(answers.wishes or [], start=1) if rank != removed]
        return replace(answers, wishes=kept)

    def after_save(self, form: WhenForm) -> None:
        day: date | None = form.cleaned_data.get("day")
        warning = drafts.warning(day) if day else ""
        if day and warning:
            messages.warning(self.request, f"{words.day(day)}: {warning}")

    def context(self, form: WhenForm) -> dict[str, Any]:
        chosen, length = _iso(form["first"].value()), str(form["length"].value() or "")
        month = calendar.parse_month(self.request.GET.get("month", "")) if form.is_bound is False else None
        page = calendar.page(shown=month or chosen or self.today, chosen=chosen, length=length, today=self.today)
        return {
            "calendar": page,
            "today": self.today,
            "earliest": rules.earliest_first_day(self.today),
            **self._dates(form, page, length),
        }

    def _dates(self, form: WhenForm, page: calendar.Page, length: str) -> dict[str, Any]:
        """The list of choices: what is chosen, what the calendar is open for, and room for one more."""

        def ticked(rank: int, saved: bool) -> bool:
            return f"flexible_{rank}" in form.data if form.is_bound else saved

        choices = [
            _choice(rank, wish, length, self.today, page.words.get(wish.first_day, ""))
            for rank, wish in enumerate(self.wishes, start=1)
        ]
        more = max(len(self.wishes), form.choice) + 1
        return {
            "choice": form.choice,
            "choices": [choice._replace(flexible=ticked(choice.rank, choice.flexible)) for choice in choices],
            "pending": Choice(form.choice, _ordinal(form.choice), ticked(form.choice, False))
            if form.choice > len(self.wishes)
            else None,
            "add": Choice(more, _ordinal(more)) if more <= rules.MAX_WISHES else None,
        }

    def detour(self) -> str | None:
        sent = self.request.POST
        if "go" in sent:
            return f"?{urlencode({'month': sent['go'], 'choice': self.choice})}#calendar"
        if "edit" in sent:
            return f"?{urlencode({'choice': _number(sent['edit'])})}#calendar"
        return "#dates" if "remove" in sent else None


def _ordinal(rank: int) -> str:
    return (_("first choice"), _("second choice"), _("third choice"))[rank - 1]


def _choice(rank: int, wish: drafts.Wish, length: str, today: date, state: str) -> Choice:
    stay = Length(length) if length in Length.values else Length.UNSURE
    week, away = words.week(wish.first_day), (wish.first_day - today).days // 7
    known = _("Week %(week)d, %(state)s.") if state else _("Week %(week)d.")
    from_now = ngettext("%(weeks)d week from now.", "%(weeks)d weeks from now.", away) % {"weeks": away}
    about = [known % {"week": week, "state": state}, from_now, drafts.warning(wish.first_day)]
    return Choice(
        rank=rank,
        name=_ordinal(rank),
        flexible=wish.flexible,
        days=capfirst(words.weekday_range(wish.first_day, rules.last_day(wish.first_day, stay))),
        week=week,
        about=" ".join(part for part in about if part),
    )


def _number(typed: str, none: int = 1) -> int:
    """The choice that a link or button names; the first one for anything else."""
    return int(typed) if typed in {"1", "2", "3"} else none


def _iso(typed: Any) -> date | None:
    try:
        return date.fromisoformat(typed) if typed else None
    except (TypeError, ValueError):
        return None
