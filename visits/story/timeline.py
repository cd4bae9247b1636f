"""How far we have come: the steps of the two-lane timeline, from what has happened and what is left."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final, NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from visits import rules, words
from visits.choices import RequestState
from visits.models import HistoryEntry
from visits.story import agreeing
from visits.story.case import Case

S = RequestState
FEWEST_STEPS: Final = 5  # the drawing has places for so many
MOST_STEPS: Final = 8
LOOK_BACK: Final = timedelta(days=30)


class Step(NamedTuple):
    """One step: in whose lane, what, when, and «done», «now» or «todo»."""

    lane: str
    title: str
    when: str
    state: str


def steps(case: Case) -> list[Step]:
    """Five to eight steps, what is long past left out first; none once it has ended."""
    if case.state in rules.ENDED or case.state in rules.UNSENT:
        return []
    to_come = [_now(case), *_ahead(case)]
    done = past(case)
    room = MOST_STEPS - len(to_come)
    told = [*done[:1], *done[1:][-(room - 1) :], *to_come] if len(done) > room else [*done, *to_come]
    return told if len(told) >= FEWEST_STEPS else []


def past(case: Case) -> list[Step]:
    asked = case.visit_request.submitted_at or case.visit_request.state_since
    found = [Step("you", _("You asked"), words.short_day(asked), "done")]
    for entry in case.moves:
        told = _told(entry)
        is_now = entry is case.moves[-1] and case.state == S.WAITLISTED
        if told and not is_now:
            lane, title = told
            when = meeting_days(case) if entry.what == "completed" else words.short_day(entry.at)
            found.append(Step(lane, title, when, "done"))
    return found


def _told(entry: HistoryEntry) -> tuple[str, str] | None:
    """The lane and the words of a move that the visitor is told of; the names are the deeds'."""
    return {
        "asked_question": ("us", _("We had a question")),
        "answered": ("you", _("You answered")),
        "waitlisted": ("us", _("We kept a place for you")),
        "place_taken": ("you", _("You took a place")),
        "other_days_chosen": ("you", _("You chose other days")),
        "proposed": ("us", _("We proposed a programme")),
        "change_wanted": ("you", _("You suggested a change")),
        "agreed": ("you", _("You said yes")),
        "confirmed": ("us", _("We confirmed everyone")),
        "to_be_moved": ("us", _("The visit is to be moved")),
        "move_wanted": ("you", _("You asked for other days")),
        "reopened": ("us", _("We looked again")),
        "completed": ("both", _("We met")),
        "declined": ("us", _("We could not")),
        "withdrawn": ("you", _("You took it back")),
        "cancelled": ("both", _("The visit was called off")),
        "expired": ("you", _("No answer came")),
    }.get(entry.what)


def _now(case: Case) -> Step:
    if case.state in (S.CONFIRMED, S.COMPLETED) and not agreeing.is_open(case):
        when = meeting_days(case) if case.state == S.CONFIRMED else _look_back(case)
        return Step("both", _("We meet") if case.state == S.CONFIRMED else _("We look back"), when, "now")
    when = _("by %(day)s") % {"day": words.short_day(case.due_day)} if case.due_day else ""
    if case.place is not None:
        return Step("you", _("Your answer"), when, "now")
    if agreeing.is_open(case):
        return Step(*agreeing.step_of(case), when, "now")
    lane, title = {
        S.SUBMITTED: ("us", _("We read it")),
        S.INFO_REQUESTED: ("you", _("Your answer")),
        S.WAITLISTED: ("us", _("We wait for a place")),
        S.PROPOSED: ("you", _("Your answer")),
        S.AGREED: ("us", _("We confirm everyone")),
    }.get(case.state, ("us", _planning(case)))
    return Step(lane, title, when, "now")


def _planning(case: Case) -> str:
    return _("We change the programme") if case.last_deed == "change_wanted" else _("We plan a programme")


def _ahead(case: Case) -> list[Step]:
    answer = Step("you", _("You answer"), _("if we have a question"), "todo")
    propose = Step("us", _("We propose a programme"), "", "todo")
    say_yes = Step("you", _("You say yes"), _("or what to change"), "todo")
    confirm = Step("us", _("We confirm everyone"), "", "todo")
    meet = Step("both", _("We meet"), meeting_days(case), "todo")
    look_back = Step("both", _("We look back"), _look_back(case), "todo")
    return {
        S.SUBMITTED: [answer, propose, say_yes, meet, look_back],
        S.IN_REVIEW: [say_yes, confirm, meet, look_back],
        S.INFO_REQUESTED: [propose, say_yes, meet, look_back],
        S.WAITLISTED: [propose, say_yes, meet, look_back],
        S.PROPOSED: [confirm, meet, look_back],
        S.AGREED: [confirm, meet, look_back] if agreeing.is_open(case) else [meet, look_back],
        S.CONFIRMED: [meet, look_back] if agreeing.is_open(case) else [look_back],
    }.get(case.state, [])


def meeting_days(case: Case) -> str:
    """«16–17 Mar», as short as it can be said; nothing while the days are to be moved."""
    if case.is_to_be_moved:
        return ""
    return short_range(case.first_day, case.last_day)


def short_range(first: date | None, last: date | None) -> str:
    if first is None:
        return ""
    if last is None or first == last:
        return words.short_day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{words.short_day(last)}"
    return f"{words.short_day(first)} – {words.short_day(last)}"


def _look_back(case: Case) -> str:
    return date_format(case.last_day + LOOK_BACK, "F") if case.last_day else ""
