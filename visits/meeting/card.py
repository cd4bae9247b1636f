"""What a visit's own page tells of its room."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import ngettext

from visits import words
from visits.meeting.doors import Speaker
from visits.meeting.items import Item, items_between
from visits.meeting.opening import Stage, stage_of
from visits.meeting.reading import FAR_BACK


@dataclass(frozen=True)
class Card:
    """The room in a few words: whether it is open, and what is new there for whoever reads."""

    stage: Stage
    news: list[str]

    @property
    def is_open(self) -> bool:
        return self.stage is Stage.OPEN


def card_of(speaker: Speaker, at: datetime) -> Card:
    """The card of a guest; one query, another one where the state does not tell whether the room was ever open."""
    visit_request = speaker.visit_request
    stage = stage_of(visit_request, words.local_date(at))
    if stage is not Stage.OPEN:
        return Card(stage, [])
    own = speaker.participant
    found = items_between((own.room_seen_at if own else None) or FAR_BACK, at, visit_request.pk)
    mine = {own.pk, None} if own and own.is_contact else {own.pk if own else None}
    return Card(stage, _told([item for item in found if item.author_id or item.participant_id not in mine]))


def _told(items: list[Item]) -> list[str]:
    counts = Counter(item.what for item in items)
    told = {
        "reply": ngettext("%(count)d new answer", "%(count)d new answers", counts["reply"]),
        "question": ngettext("%(count)d new question", "%(count)d new questions", counts["question"]),
        "file": ngettext("%(count)d new file", "%(count)d new files", counts["file"]),
    }
    return [words % {"count": counts[what]} for what, words in told.items() if counts[what]]
