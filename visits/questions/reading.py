"""The questions as they stand, and the answers as a request keeps them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from visits.choices import QuestionKind, QuestionStep
from visits.models import Question, VisitRequest
from visits.models.person import LANGUAGES
from visits.questions import which
from visits.questions.which import Asked, Chosen

Entry = dict[str, Any]


def every() -> list[Asked]:
    """All that are asked, in their order; one query, and two for their limits when there are any."""
    rows = Question.objects.asked().prefetch_related("areas", "programmes")
    return [_asked(row) for row in rows]


def in_both() -> dict[str, list[Asked]]:
    """The same in each language, in the same order; no more queries."""
    rows = list(Question.objects.asked().prefetch_related("areas", "programmes"))
    found = {}
    for language, _name in LANGUAGES:
        with override(language):
            found[language] = [_asked(row) for row in rows]
    return found


def columns(both: Mapping[str, Iterable[Asked]]) -> dict[str, tuple[str, str]]:
    """What the columns of a list are called in English and in Swedish, by the name of the question's field."""
    english, swedish = (which.answerable(both.get(language, ())) for language in ("en", "sv"))
    return {one.name: (one.words, other.words) for one, other in zip(english, swedish, strict=True)}


def asked_no_more() -> set[str]:
    """The words of questions that the form has asked, in both languages; one query."""
    pairs = Question.objects.filter(is_asked=False).values_list("words_en", "words_sv")
    return {words for pair in pairs for words in pair}


def as_asked(rows: Iterable[Question]) -> list[Asked]:
    """Rows that are in hand, in the language that is on."""
    return [_asked(row) for row in rows]


def _asked(row: Question) -> Asked:
    return Asked(
        pk=row.pk,
        step=row.step,
        kind=QuestionKind(row.kind),
        words=row.words,
        help=row.help,
        options=_options(row),
        is_required=row.is_required,
        areas=frozenset(area.pk for area in row.areas.all()),
        programmes=frozenset(programme.pk for programme in row.programmes.all()),
        kinds=frozenset(row.organisation_kinds),
        only_if=row.only_if_id,
        only_if_answer=row.only_if_answer,
    )


def _options(row: Question) -> tuple[tuple[str, str], ...]:
    if row.kind == QuestionKind.YES_NO:
        return (("yes", _("Yes")), ("no", _("No")))
    return tuple(row.answers) if row.kind == QuestionKind.CHOICE else ()


def to_correct(visit_request: VisitRequest) -> tuple[list[Asked], list[Asked], Chosen]:
    """What somebody may correct of what was answered, all that is asked now, and what decides between them.

    The questions that are asked of them now, and those that they have answered, whether these are still
    asked or not. Three queries, and two for their limits.
    """
    answered = answers_of(visit_request)
    rows = list(
        Question.objects.filter(Q(is_asked=True) | Q(pk__in=answered)).order_by("order", "pk")
        .prefetch_related("areas", "programmes")
    )  # fmt: skip
    found, chosen = [_asked(row) for row in rows if row.is_asked], chosen_by(visit_request)
    shown = {one.pk for step in QuestionStep.values for one in which.offered(found, step, chosen, answered)}
    steps = list(QuestionStep.values)
    wanted = [_asked(row) for row in rows if row.pk in shown or row.pk in answered]
    return sorted(wanted, key=lambda one: steps.index(one.step)), found, chosen


def in_words_of(language: str, wanted: Iterable[Asked]) -> list[Asked]:
    """The same questions in the language of a request's letters; one query, and two for their limits."""
    known = {row.pk: row for row in Question.objects.filter(pk__in=[one.pk for one in wanted]).prefetch_related(
        "areas", "programmes")}  # fmt: skip
    with override(language):
        return [_asked(known[one.pk]) for one in wanted if one.pk in known]


ASKING: Final = frozenset(QuestionStep.values)


def on_step(step: str, draft: VisitRequest | None) -> tuple[list[Asked], list[Asked], Chosen]:
    """What a page shows, all questions, and what decides between them.

    One query where there is no question; none for a page that asks none.
    """
    found = every() if step in ASKING else []
    chosen = chosen_by(draft) if found else Chosen()
    return which.offered(found, step, chosen, answers_of(draft)), found, chosen


def chosen_by(draft: VisitRequest | None) -> Chosen:
    """What a draft has chosen that decides which questions are asked; two queries."""
    if draft is None:
        return Chosen()
    areas, programmes = (frozenset(rows.values_list("pk", flat=True)) for rows in (draft.areas, draft.programmes))
    return Chosen(areas, programmes, draft.organisation_kind)


def answers_of(draft: VisitRequest | None) -> dict[int, str]:
    """What a draft has answered, by question."""
    return {one["question"]: one["answer"] for one in draft.further} if draft is not None else {}


def entry(question: Asked, answer: str) -> Entry:
    """An answer as it is kept: with the words that it was asked in, and those that were chosen."""
    return {
        "question": question.pk,
        "step": question.step,
        "asked": question.words,
        "answer": answer,
        "said": question.label_of(answer),
    }


def merged(before: Iterable[Entry], shown: Iterable[Asked], answered: Mapping[int, str | None]) -> list[Entry]:
    """What a request keeps when one page is answered: the page's answers in its order, the others as they were.

    None leaves an answer as it was; an answer that is the same keeps the words it was asked in.
    """
    stood = list(before)
    known = {one["question"]: one for one in stood}
    here = list(shown)
    kept = [one for one in known.values() if one["question"] not in {question.pk for question in here}]
    for question in here:
        old, new = known.get(question.pk), answered.get(question.pk, "")
        if old is not None and (new is None or new == old["answer"]):
            kept.append(old)
        elif new:
            kept.append(entry(question, new))
    if {one["question"]: one for one in kept} == known:
        return stood  # another order is no other answer
    steps = list(QuestionStep.values)
    return sorted(kept, key=lambda one: steps.index(one["step"]))


def lacking(draft: VisitRequest, found: list[Asked]) -> list[Asked]:
    """What of these a draft must answer before it can be sent, and has not; no query where there is none."""
    return which.lacks(found, chosen_by(draft), answers_of(draft)) if found else []


def steps_with_answers(visit_request: VisitRequest) -> dict[str, list[Entry]]:
    """What was answered, by the page on which it was asked."""
    return {
        step: found for step in QuestionStep.values
        if (found := [one for one in visit_request.further if one.get("step") == step])
    }  # fmt: skip
