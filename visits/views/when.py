"""Step 4: who comes and for how long, what each day answers to that, and the wished days in their order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cached_property, partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.text import capfirst

from visits import drafts, rules, words
from visits.choices import Length, MeetingLanguage
from visits.drafts import Answers
from visits.feasibility import Wants, spoken
from visits.forms.base import Told
from visits.forms.when import WhenForm
from visits.views import calendar, fits, wished_days, wishlist
from visits.views.fits import Where
from visits.views.step_page import StepPage
from visits.views.wishlist import Wishlist

LOOKED_AT = ("group_size", "length", "meeting_language", "first", "typed_0", "typed_1", "typed_2")


class WhenPage(StepPage[WhenForm]):
    name = "when"

    def prepare(self) -> None:
        self.today = timezone.localdate()
        self.wishes = drafts.wishes(self.draft)
        self.asked_on = self._asked_on()
        asked = self.request.POST or self.request.GET
        self.choice = _number(asked.get("choice", ""))
        self.leave = asked.getlist("leave")

    def _asked_on(self) -> date:
        """From which day the three months are counted: days that a sent request was in time for stay in time."""
        if self.opened.sent is None:
            return self.today
        earliest = rules.earliest_changed_day([wish.first_day for wish in self.wishes], today=self.today)
        return min(self.today, rules.last_day_to_ask_for(earliest))

    @cached_property
    def picked(self) -> Wishlist:
        return wishlist.read(self.request, self.draft)

    def form(self, data: QueryDict | None) -> WhenForm:
        return self._form(data, _asked(self.request.GET))

    def _form(self, data: QueryDict | None, asked: dict[str, Any]) -> WhenForm:
        return WhenForm(
            data, draft=self.draft, wishes=self.wishes, choice=self.choice, today=self.today, asked=asked,
            is_sent=self.opened.sent is not None,
        )  # fmt: skip

    def told(self) -> list[Told]:
        """What the draft says, whatever the address asks for instead."""
        return self._form(None, {}).told()

    def answers(self, form: WhenForm) -> Answers:
        answers = form.answers()
        removed = _number(self.request.POST.get("remove", ""), none=0)
        kept = [wish for rank, wish in enumerate(answers.wishes or [], start=1) if rank != removed]
        chosen = fits.without(self.picked.chosen, self.leave, self.picked.shown) if self.leave else None
        return replace(answers, wishes=kept, chosen=chosen)

    def after_save(self, form: WhenForm) -> None:
        if self.leave:
            self.picked.remember(self.request, self.answers(form).chosen or self.picked.chosen)
        day: date | None = form.cleaned_data.get("day")
        warning = drafts.warning(day) if day else ""
        if day and warning:
            messages.warning(self.request, f"{capfirst(words.day(day))}: {warning}")

    def glance(self, form: WhenForm) -> str | None:
        """«Check again», or other months: the same page, with all that was typed in its address, and nothing kept."""
        if form.is_unreadable:
            return None
        typed = {name: self.request.POST.get(name, "") for name in LOOKED_AT}
        ticked = {name: "on" for name in self.request.POST if name.startswith("flexible_")}
        state = {**typed, **ticked, "choice": form.choice, "leave": self.leave}
        go = self.request.POST.get("go", "")
        return Where(state).link("calendar", month=go) if go else Where(state).link("fits")

    def context(self, form: WhenForm) -> dict[str, Any]:
        chosen = self._within(_iso(form["first"].value()))
        month = None if form.is_bound else calendar.parse_month(self.request.GET.get("month", ""))
        where = Where(self._state(form))
        wished = self._wished(form, chosen)
        reckoned = fits.reckon(
            self._wants(form), shown=month, chosen=chosen, wished=wished, today=self.asked_on, where=where
        )
        return {
            "reckoned": reckoned,
            "reckon_fields": [form[name] for name in WhenForm.kept],
            "calendar": reckoned.page,
            "asked": bool(self.draft and (self.draft.group_size or self.draft.length)) or form.now("length"),
            "today": self.today,
            "first_to_choose": reckoned.outlook.first_there(rules.earliest_first_day(self.asked_on)),
            "tags": [item.name for item in reckoned.outlook.answering.items if item.name],
            "others": [line.name for line in self.picked.lines if line.key.split(":")[0] != "offering"],
            "leave": self.leave,
            "whole_list": where.link("fits", leave=[]),
            "choice": form.choice,
            "dates": wished_days.rows(
                wished, form.choice, reckoned.outlook, where, today=self.today, ticked=partial(self._is_ticked, form)
            ),
        }

    def _within(self, day: date | None) -> date | None:
        """A day that a calendar of ours holds."""
        earliest, latest = rules.earliest_first_day(self.asked_on), rules.latest_first_day(self.asked_on)
        return day if day and earliest <= day <= latest else None

    def _state(self, form: WhenForm) -> dict[str, Any]:
        """What a link of this page carries on, so that it changes one thing only."""
        change = {"change": "1"} if "change" in self.request.GET else {}
        first = self._within(_iso(form["first"].value()))
        return {
            **{name: form.now(name) for name in WhenForm.kept},
            "first": first.isoformat() if first else "",
            "choice": form.choice,
            "leave": self.leave,
            **change,
        }

    def _wants(self, form: WhenForm) -> Wants:
        chosen = fits.without(self.picked.chosen, self.leave, self.picked.shown)
        length, language = form.now("length"), form.now("meeting_language")
        return Wants(
            areas=chosen.areas,
            offerings=chosen.offerings,
            languages=spoken(language or ""),
            group_size=form.size,
            length=Length(length or Length.ONE),
            step_free=bool(drafts.needs(self.draft).get("step_free")),
            request=self.opened.sent.pk if self.opened.sent is not None else None,
        )

    def _wished(self, form: WhenForm, chosen: date | None) -> list[date]:
        """The wished days as they would be with the one that is chosen now."""
        days = [wish.first_day for wish in self.wishes]
        if chosen:
            days[form.choice - 1 : form.choice] = [chosen]
        return days

    def _is_ticked(self, form: WhenForm, rank: int) -> bool:
        """Whether other days that week will do: as it was just ticked, else as it is kept."""
        name, given = f"flexible_{rank}", form.data if form.is_bound else self.request.GET
        if form.is_bound or "group_size" in given:
            return name in given
        return rank <= len(self.wishes) and self.wishes[rank - 1].flexible

    def detour(self) -> str | None:
        sent = self.request.POST
        if "go" in sent:
            return Where({"month": sent["go"], "choice": self.choice}).link("calendar")
        if "edit" in sent:
            return Where({"choice": _number(sent["edit"])}).link("calendar")
        return "#dates" if "remove" in sent else None


def _asked(query: QueryDict) -> dict[str, Any]:
    """What the address says over what the draft says; nothing of what cannot be read."""
    asked: dict[str, Any] = {}
    try:
        asked["group_size"] = WhenForm.base_fields["group_size"].clean(query.get("group_size", ""))
    except ValidationError:
        asked["group_size"] = None
    asked["length"] = query.get("length") if query.get("length") in Length.values else None
    asked["first"] = _iso(query.get("first", ""))
    found = {name: value for name, value in asked.items() if value}
    if "meeting_language" in query and query["meeting_language"] in ["", *MeetingLanguage.values]:
        found["meeting_language"] = query["meeting_language"]
    typed = [query.get(f"typed_{n}", "") for n in range(3)]
    return {**found, "typed": typed} if any(typed) else found


def _number(typed: str, none: int = 1) -> int:
    """The choice that a link or button names; the first one for anything else."""
    return int(typed) if typed in {str(n) for n in range(1, rules.MAX_WISHES + 1)} else none


def _iso(typed: Any) -> date | None:
    try:
        return typed if isinstance(typed, date) else date.fromisoformat(typed) if typed else None
    except (TypeError, ValueError):
        return None
