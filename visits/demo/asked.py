"""Questions of our own in the made-up season, what some guests have answered, and what some have written to us."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import override

from visits import questions, replies
from visits.choices import CommentSide, QuestionKind, QuestionStep, RequestState
from visits.models import Comment, HistoryEntry, Question, VisitRequest

TELL: Final[dict[str, Any]] = {
    "step": QuestionStep.BRING, "kind": QuestionKind.YES_NO, "order": 1,
    "words_en": "May we tell of your visit on our web pages?", "words_sv": "Får vi berätta om ert besök på vår webb?",
    "help_en": "You read it before anybody else does.", "help_sv": "Ni läser det före alla andra.",
}  # fmt: skip
PICTURE: Final[dict[str, Any]] = {
    "step": QuestionStep.BRING, "kind": QuestionKind.LINE, "order": 2, "only_if_answer": "yes",
    "words_en": "Who do we ask about words and pictures?", "words_sv": "Vem frågar vi om ord och bilder?",
}  # fmt: skip
HEARD: Final[dict[str, Any]] = {
    "step": QuestionStep.NEEDS, "kind": QuestionKind.CHOICE, "order": 3,
    "words_en": "How did you hear of us?", "words_sv": "Hur hörde ni talas om oss?",
    "choices_en": "From a colleague\nAt a conference\nWe have read about you\nWe have been here before",
    "choices_sv": "Av en kollega\nPå en konferens\nVi har läst om er\nVi har varit här förut",
}  # fmt: skip
# Asked once and not any more: what was answered stays.
SCREEN: Final[dict[str, Any]] = {
    "step": QuestionStep.NEEDS, "kind": QuestionKind.YES_NO, "order": 4, "is_asked": False,
    "words_en": "Will somebody of you be with us on screen?", "words_sv": "Är någon av er med på skärm?",
}  # fmt: skip
WROTE: Final = (
    "Would it be possible to see a real Esther meeting, or is that too much to ask? And may we take photographs?",
    "One of us uses a wheelchair. Is that all right everywhere?",
)
EVERY_THIRD: Final = 3


def add_asked() -> None:
    """Add the questions, and answers to them in every third request that is open or was, in its own language."""
    tell, heard, screen = (Question.objects.create(**one) for one in (TELL, HEARD, SCREEN))
    picture = Question.objects.create(**PICTURE, only_if=tell)
    rows = {one.pk: one for one in (tell, picture, heard, screen)}
    cases = VisitRequest.objects.filter(is_demo=True, submitted_at__isnull=False).order_by("pk")
    for nth, case in enumerate(cases[::EVERY_THIRD]):
        says = {tell.pk: "yes", picture.pk: case.contact_name} if nth % 2 else {tell.pk: "no"}
        options = [line.strip() for line in heard.choices_en.splitlines()]
        says |= {heard.pk: options[nth % len(options)]} | ({screen.pk: "no"} if nth % 4 == 0 else {})
        case.further = _kept(case, rows, says)
        case.save(update_fields=["further"])


def _kept(case: VisitRequest, rows: dict[int, Question], says: dict[int, str]) -> list[dict[str, Any]]:
    with override(case.language):
        asked = questions.as_asked(rows[pk] for pk in says)
    return questions.merged([], asked, says)


def add_written() -> None:
    """Let some guests wait for an answer of ours, with drafts that fit beside it."""
    replies.load()
    cases = VisitRequest.objects.filter(is_demo=True, state=RequestState.IN_REVIEW, language="en").order_by("pk")
    for case, text in zip(cases, WROTE, strict=False):
        at = timezone.now() - timedelta(hours=3)
        said = Comment.objects.create(request=case, side=CommentSide.VISITOR, author_name=case.contact_name, text=text)
        Comment.objects.filter(pk=said.pk).update(written_at=at)
        HistoryEntry.objects.create(request=case, what="visitor_wrote", by_name=case.contact_name, at=at)
