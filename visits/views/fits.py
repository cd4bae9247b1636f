"""What the step «when» answers: months, days that are not open, and where each way on leads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programmes.snapshot import Snapshot
from visits import rules, words
from visits.drafts import Chosen
from visits.feasibility import BEST_FIRST, Fit, Outlook, Wants, Way, WayKind, months, outlook, telling
from visits.scheduling.spoken import language_name
from visits.views import calendar

LISTED: Final = 5  # months in the list
ABOUT: Final = {WayKind.DIGITAL: "digital", WayKind.FESTIVAL: "festival"}


class Link(NamedTuple):
    """A way on as the page shows it."""

    words: str
    href: str


class MonthRow(NamedTuple):
    """A month of the list; `value` names it for the button that shows it, empty while it is shown."""

    name: str
    fit: Fit
    word: str
    told: str
    links: list[Link]
    value: str


class WhyRow(NamedTuple):
    """Days that are not open, why, and the way on."""

    days: str
    told: str
    links: list[Link]


class Reckoned(NamedTuple):
    """All that the page says about what fits."""

    outlook: Outlook
    page: calendar.Page
    months: list[MonthRow]
    headline: str
    first_fitting: date | None
    why: list[WhyRow]
    turns: bool

    @property
    def nothing_fits(self) -> bool:
        return all(month.fit is Fit.NO for month in self.months)


def without(chosen: Chosen, leave: Iterable[str], shown: Snapshot) -> Chosen:
    """A list without some things. With its last offering an area goes too: it is the same people who lead it."""
    left = set(leave)
    gone = frozenset(pk for pk in chosen.offerings if f"offering:{pk}" in left)
    areas = {offering.pk: offering.area_id for offering in shown.offerings}
    kept = {areas.get(pk) for pk in chosen.offerings - gone}
    empty = {areas.get(pk) for pk in gone} - kept
    areas_gone = frozenset(pk for pk in chosen.areas if f"area:{pk}" in left or pk in empty)
    return replace(chosen, areas=chosen.areas - areas_gone, offerings=chosen.offerings - gone)


class Where:
    """Addresses of this page that carry on what it shows, with one thing changed."""

    def __init__(self, state: Mapping[str, Any]) -> None:
        self.state = {name: value for name, value in state.items() if value not in (None, "", [], ())}

    def link(self, anchor: str, **changes: Any) -> str:
        return f"?{urlencode({**self.state, **changes}, doseq=True)}#{anchor}"

    def way(self, way: Way) -> Link:
        return Link(way.words, self._href(way))

    def _href(self, way: Way) -> str:
        if way.kind is WayKind.FELLOWSHIP:
            return reverse("programmes:programme", args=["fellowship"])
        if way.kind in ABOUT:
            return f"{reverse('visits:contact')}?{urlencode({'about': ABOUT[way.kind]})}"
        if way.first_day:
            return self.link("calendar", first=way.first_day.isoformat(), month=f"{way.first_day:%Y-%m}")
        return self.link("fits", **self._changes(way))

    def _changes(self, way: Way) -> dict[str, Any]:
        """What the guests would ask for instead."""
        changes = {
            "meeting_language": way.language and way.language.value,
            "length": way.length and way.length.value,
            "group_size": way.group_size,
            "leave": [*self.state.get("leave", []), *way.leave],
        }
        return {name: value for name, value in changes.items() if value}


def reckon(
    wants: Wants, *, shown: date | None, chosen: date | None, wished: list[date], today: date, where: Where
) -> Reckoned:
    """Answer for the months around what is shown; without anything to show, around the best month."""
    anchor = calendar.month_within(shown or chosen or today, today)
    listed = _listed(anchor, today)
    earliest, latest = rules.earliest_first_day(today), rules.latest_first_day(today)
    days = [day for day in wished if earliest <= day <= latest]
    first, last = listed[0], calendar.end_of_month(listed[-1])
    found = outlook(wants, min([first, *days]), max([last, *days]), asked_on=today)
    answers = [months.month_answer(found, month) for month in listed]
    if not (shown or chosen):
        best = min(answers, key=lambda answer: BEST_FIRST.index(answer.fit)).first
        anchor = min(best, listed[-calendar.SHOWN])
    page = calendar.page(found, shown=anchor, chosen=chosen, today=today)
    spells = months.spells(found, page.first, page.last)
    return Reckoned(
        outlook=found,
        page=page,
        months=[_month_row(answer, page, where) for answer in answers],
        headline=months.headline(answers),
        first_fitting=next(iter(found.open_days()), None),
        why=[WhyRow(spell.days, _why(spell), [where.way(way) for way in spell.ways[:1]]) for spell in spells],
        turns=bool(found.answering.programmes.in_turns(found.answering.items)),
    )


def _listed(anchor: date, today: date) -> list[date]:
    """The months of the list: from the first possible one, as long as that shows the anchor and the next."""
    earliest = calendar.month_within(rules.earliest_first_day(today), today)
    latest = calendar.month_within(rules.latest_first_day(today), today)
    first = (
        earliest
        if calendar.next_month(earliest, LISTED - calendar.SHOWN) >= anchor
        else calendar.next_month(anchor, -1)
    )
    every = (calendar.next_month(first, n) for n in range(LISTED))
    return [month for month in every if month <= max(latest, calendar.next_month(anchor, 1))]


def _month_row(answer: months.MonthAnswer, page: calendar.Page, where: Where) -> MonthRow:
    is_shown = page.first <= answer.first <= page.last
    return MonthRow(
        name=telling.month_name(answer.first),
        fit=answer.fit,
        word=telling.fit_word(answer.fit),
        told=answer.words,
        links=[where.way(way) for way in answer.ways],
        value="" if is_shown else f"{answer.first:%Y-%m}",
    )


def _why(spell: months.Spell) -> str:
    return f"{telling.fit_word(spell.fit)}. {spell.words}" if spell.fit is Fit.TIGHT else spell.words


def verdict_words(found: Outlook, day: date, *, when: str = "") -> str:
    """«Week 11, open for 18 people in English. Everything on your list fits.»

    It can begin with other words for the days: «16–17 March 2027, open for …».
    """
    when = when or _("Week %(week)d") % {"week": words.week(day)}
    verdict, told = found.verdict(day), found.words(day)
    if verdict.fit is Fit.OPEN:
        fits = _("Everything on your list fits.") if found.answering.is_about_something else ""
        return f"{_open_for(found, when)} {fits}".strip()
    states = {Fit.TIGHT: _("tight"), Fit.BUSY: _("busy"), Fit.NO: _("not this time")}
    state = _("%(when)s, %(state)s.") % {"when": when, "state": states[verdict.fit]}
    ask = _("You can ask, and we may suggest another date.") if verdict.fit is Fit.BUSY else ""
    return " ".join(part for part in (state, told, ask) if part)


def _open_for(found: Outlook, when: str) -> str:
    group = found.answering.group
    people = ngettext("%(count)d person", "%(count)d people", group.size) % {"count": group.size}
    if len(group.languages) == 1:
        language = language_name(next(iter(group.languages)))
        told = _("%(when)s, open for %(people)s in %(language)s.")
        return told % {"when": when, "people": people, "language": language}
    return _("%(when)s, open for %(people)s.") % {"when": when, "people": people}
