"""Which questions are asked, given what somebody has chosen and answered. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from visits.choices import QuestionKind

PREFIX: Final = "further_"  # what the fields of these questions are called by, before their number
Answered = Mapping[int, str]  # by the question: what was answered; what is empty is no answer


@dataclass(frozen=True)
class Asked:
    """A question as the form knows it, in the language that is on. An empty limit is none."""

    pk: int
    step: str
    kind: QuestionKind
    words: str
    help: str = ""
    options: tuple[tuple[str, str], ...] = ()
    is_required: bool = False
    areas: frozenset[int] = frozenset()
    programmes: frozenset[int] = frozenset()
    kinds: frozenset[str] = frozenset()
    only_if: int | None = None
    only_if_answer: str = ""

    @property
    def name(self) -> str:
        """What its field is called."""
        return f"{PREFIX}{self.pk}"

    def label_of(self, answer: str) -> str:
        """An answer as it is read."""
        return dict(self.options).get(answer, answer)


@dataclass(frozen=True)
class Chosen:
    """Who asks, and about what."""

    areas: frozenset[int] = frozenset()
    programmes: frozenset[int] = frozenset()
    kind: str = ""

    def suits(self, question: Asked) -> bool:
        """Whether a question is meant for them: each of its limits is none, or is met."""
        return (
            (not question.areas or bool(question.areas & self.areas))
            and (not question.programmes or bool(question.programmes & self.programmes))
            and (not question.kinds or self.kind in question.kinds)
        )


def holds(question: Asked, every: Iterable[Asked], chosen: Chosen, answered: Answered) -> bool:
    """Whether the condition of a question is met: what it depends on is asked itself, and answered so."""
    if question.only_if is None:
        return True
    above = {one.pk: one for one in every}
    seen, below = {question.pk}, question
    while below.only_if is not None:
        parent = above.get(below.only_if)
        if parent is None or parent.pk in seen or not chosen.suits(parent):
            return False
        if answered.get(parent.pk, "") != below.only_if_answer:
            return False
        seen.add(parent.pk)
        below = parent
    return True


def is_asked(question: Asked, every: Iterable[Asked], chosen: Chosen, answered: Answered) -> bool:
    """Whether an answer is wanted: the question suits, and its condition is met."""
    return chosen.suits(question) and holds(question, every, chosen, answered)


def answerable(every: Iterable[Asked]) -> list[Asked]:
    """What may be answered on a page that asks for no programme: all but what is asked of a programme alone."""
    questions = {one.pk: one for one in every}

    def is_open(question: Asked, seen: frozenset[int] = frozenset()) -> bool:
        if question.programmes or question.pk in seen:
            return False
        above = questions.get(question.only_if) if question.only_if else None
        return question.only_if is None or (above is not None and is_open(above, seen | {question.pk}))

    return [one for one in questions.values() if is_open(one)]


def offered(every: Iterable[Asked], step: str, chosen: Chosen, answered: Answered) -> list[Asked]:
    """What a page shows, in its order: all that is asked, and what waits for an answer on the same page."""
    questions = list(every)
    on_page: dict[int, Asked] = {}
    here = [one for one in questions if one.step == step and chosen.suits(one)]
    shown = True
    while shown:
        shown = False
        for one in here:
            waits_here = one.only_if in on_page
            if one.pk not in on_page and (waits_here or holds(one, questions, chosen, answered)):
                on_page[one.pk] = one
                shown = True
    return [one for one in here if one.pk in on_page]


def lacks(every: Iterable[Asked], chosen: Chosen, answered: Answered) -> list[Asked]:
    """What must be answered and is not."""
    questions = list(every)
    return [
        one
        for one in questions
        if one.is_required and not answered.get(one.pk) and is_asked(one, questions, chosen, answered)
    ]
