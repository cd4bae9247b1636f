"""From what a side has written to the rows of the ledger: pure, no query and no clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from visits import rules
from visits.choices import Side
from visits.models import LedgerEntry, LedgerPoint, VisitRequest

Answers = Mapping[str, Any]
Names = Mapping[str, str]

OTHER: Final = "other"  # somebody who is not in the list
TRIED: Final = ("tries", "begins", "begins_when", "measure")


def questions_of(visit_request: VisitRequest) -> list[str]:
    """The big questions that the guests came with; without them, what they wanted to learn."""
    return [*visit_request.big_questions] or [one for one in (visit_request.aim,) if one]


def guests_entries(questions: Sequence[str], answers: Answers, helpers: Names) -> Iterator[LedgerEntry]:
    """What the guests learn: each question, and the thing they try, beside its question when it has one."""
    about = answers.get("about", "")
    tried = _tried(answers)
    beside = about.isdigit() and 0 < int(about) <= len(questions)
    for number, words in enumerate(questions, start=1):
        yield LedgerEntry(
            learner=Side.GUESTS,
            number=number,
            big=number,
            words=words,
            closer=answers.get(f"closer_{number}", ""),
            helped_by=_people(answers.get(f"helped_{number}", []), helpers),
            helped_how=answers.get(f"sentence_{number}", ""),
            **(tried if beside and number == int(about) else {}),
        )
    if not beside and tried["tries"]:
        yield LedgerEntry(learner=Side.GUESTS, number=len(questions) + 1, words=tried["tries"], **tried)


def our_entry(number: int, answers: Answers, tellers: Names) -> LedgerEntry:
    """What one of us learns from the guests, and what they try because of it."""
    return LedgerEntry(
        learner=Side.OURS,
        number=number,
        words=answers["takes_home"],
        helped_by=_people(answers.get("told_by", []), tellers),
        **_tried(answers),
    )


def points(entry: LedgerEntry, months: Iterable[int], *, last_day: date, written_on: date) -> Iterator[LedgerPoint]:
    """When it is asked how the idea stands: only of what is tried, and only on days to come."""
    if not entry.tries:
        return
    for count in sorted(set(months)):
        due_on = rules.follow_up_day(last_day, count)
        if due_on > written_on:
            yield LedgerPoint(entry=entry, months=count, due_on=due_on)


def _tried(answers: Answers) -> dict[str, str]:
    return {name: answers.get(name, "") for name in TRIED}


def _people(chosen: Iterable[str], names: Names) -> list[dict[str, str]]:
    """Who was ticked, as it is kept: the number they had in the list, and the name they had that day."""
    return [{"who": who, "name": names.get(who, "")} for who in chosen if who == OTHER or who in names]
