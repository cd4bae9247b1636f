"""The drafts and the request as they stand, for `fitting` to choose by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from django.utils import translation

from visits import blanks, rules, words
from visits.choices import CommentSide, Gift, Lacking, Length, RequestState, Travel
from visits.models import Comment, Flag, ReplyDraft, VisitRequest
from visits.replies.fitting import Draft, Situation, fitting

# From when on the days of the visit are the guests' to know.
KNOWN_DAYS: Final = (RequestState.PROPOSED, *rules.STANDING, RequestState.COMPLETED)


def that_fit(case: VisitRequest, comments: Sequence[Comment], flags: Iterable[Flag], *, names: int = 0) -> list[Draft]:
    """The drafts that fit a request, in the guests' language, filled in with its facts: one query.

    `comments` are all of its conversation, the oldest first; `names` is how many of the group have one.
    """
    situation = situation_of(case, comments, flags, names=names)
    drafts = [_as_offered(row, case.language) for row in ReplyDraft.objects.filter(is_offered=True)]
    return fitting(drafts, situation)


def filled(row: ReplyDraft, case: VisitRequest) -> str:
    """What a draft says to the guests of a request; a fact that is not known stays a blank, to be seen."""
    return blanks.fill(row.text_in(case.language), facts_of(case))


def _as_offered(row: ReplyDraft, language: str) -> Draft:
    return Draft(
        pk=row.pk, title=row.title, summary=row.summary, text=row.text_in(language), states=frozenset(row.states),
        heard=row.words_heard, lacks=row.lacks, flag=row.flag, order=row.order,
    )  # fmt: skip


def situation_of(
    case: VisitRequest, comments: Sequence[Comment], flags: Iterable[Flag], *, names: int = 0
) -> Situation:
    theirs = [one for one in comments if one.side == CommentSide.VISITOR]
    return Situation(
        state=case.state,
        flags=frozenset(flag.kind for flag in flags if flag.dismissed_at is None),
        lacks=frozenset(lacking(case, names=names)),
        waits="\n".join(one.text for one in waiting(comments)).casefold(),
        wrote="\n".join([case.other_needs, *(one.text for one in theirs)]).casefold(),
        facts=facts_of(case),
    )


def waiting(comments: Sequence[Comment]) -> list[Comment]:
    """What the guests have written since we last wrote to them; a note between colleagues is no answer."""
    found: list[Comment] = []
    for one in reversed(comments):
        if one.side == CommentSide.OURS:
            break
        if one.side == CommentSide.VISITOR:
            found.insert(0, one)
    return found


def lacking(case: VisitRequest, *, names: int = 0) -> list[Lacking]:
    """What a request does not say yet of what we often have to ask about."""
    unknown = {
        Lacking.GIFT: not set(case.gifts) - {Gift.UNKNOWN},
        Lacking.TELLER: not case.teller,
        Lacking.QUESTIONS: not case.big_questions,
        Lacking.LENGTH: case.length in ("", Length.UNSURE),
        Lacking.LANGUAGE: not case.meeting_language,
        Lacking.TRAVEL: not set(case.travel) - {Travel.UNKNOWN},
        Lacking.NAMES: names < (case.group_size or 0),
    }
    return [what for what, is_unknown in unknown.items() if is_unknown]


def facts_of(case: VisitRequest) -> dict[str, str]:
    """What the blanks of a draft are filled in with, in the guests' language; nothing for what is open."""
    with translation.override(case.language):
        return {
            "name": case.first_name,
            "organisation": case.organisation_name,
            "reference": case.reference or "",
            "days": _days(case),
            "people": str(case.group_size or ""),
            "host": str(case.coordinator or ""),
        }


def _days(case: VisitRequest) -> str:
    visit = getattr(case, "visit", None)
    if visit is not None and case.request_state in KNOWN_DAYS:
        return words.day_range(visit.first_day, visit.last_day)
    first = case.first_choice
    return words.day_range(first, rules.last_day(first, Length(case.length or Length.ONE))) if first else ""
