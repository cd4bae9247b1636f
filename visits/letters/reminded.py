"""The reminder of what somebody of ours is asked: one mail a morning, whatever waits for their answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import outbox, reminders, words
from visits.letters import facilitators, gatherings, links
from visits.letters.frames import to_facilitator
from visits.letters.letter import Block, Button, Facts, Letter, Links, Whose, say, title
from visits.letters.worded import worded
from visits.models import Ask, GatheringAsk, Message


@dataclass(frozen=True)
class _Asked:
    """One thing that waits for an answer: what the words of its rung are filled in with, and where it is answered."""

    row: Message
    about: Ask | GatheringAsk
    name: str
    told: dict[str, object]
    facts: Facts
    link: str

    @property
    def starts_at(self) -> datetime:
        return self.about.session.starts_at if isinstance(self.about, Ask) else self.about.starts_at

    @property
    def words(self) -> tuple[str, list[Block]]:
        """The subject and the text of its rung."""
        day = words.weekday(self.about.answer_by) if self.about.answer_by else ""
        return worded(self.row, self.told | {"day": day})


def ask_reminder(message: Message) -> Letter:
    """In the words of its rung; of several the list, each with its own way to answer."""
    waits = [_asked(row) for row in _told(message)]
    return _several(message, waits) if len(waits) > 1 else _one(waits[0])


def _told(message: Message) -> list[Message]:
    """Its own, and what it carries: of several those that are still asked for as it leaves."""
    if not outbox.carries(message):
        return [message]
    return reminders.still_wanted(message, timezone.now()) or [message]


def _one(asked: _Asked) -> Letter:
    subject, blocks = asked.words
    to_answer = facilitators.to_answer if isinstance(asked.about, Ask) else gatherings.to_answer
    return to_answer(asked.row, subject, *blocks)


def _several(message: Message, waits: Sequence[_Asked]) -> Letter:
    in_order = sorted(waits, key=lambda one: (str(one.about.answer_by), one.starts_at))
    texts = [one.words[1] for one in in_order]
    is_same = all(text == texts[0] for text in texts)
    blocks: list[Block] = [*texts[0]] if is_same else []
    for one, text in zip(in_order, texts, strict=True):
        blocks += [say("*%(name)s*", name=one.name), *([] if is_same else text), *_to_answer(one)]
    askers = {one.about.asked_by_id for one in waits}
    return to_facilitator(
        message,
        Whose.YOURS,
        title(
            ngettext(
                "%(count)s question waits for your answer", "%(count)s questions wait for your answer", len(waits)
            ),
            count=len(waits),
        ),
        *blocks,
        say(_("Nothing is in your calendar until you say yes, and a no needs no reason.")),
        button=Button(_("See all that you are asked"), links.page("visits:asked")),
        coordinator=waits[0].about.asked_by if len(askers) == 1 else None,
    )


def _to_answer(one: _Asked) -> list[Block]:
    by = words.weekday(one.about.answer_by) if one.about.answer_by else ""
    rows = (*one.facts.rows, *(((_("Answer by"), by),) if by else ()))
    return [Facts(rows), Links(((title(_("Answer: %(name)s"), name=one.name), one.link),))]


def _asked(row: Message) -> _Asked:
    return _of_gathering(row, row.gathering_ask) if row.gathering_ask else _of_session(row, facilitators.ask_of(row))


def _of_session(row: Message, asked: Ask) -> _Asked:
    day = words.short_day(asked.session.starts_at)
    return _Asked(
        row, asked, f"{words.with_stop(asked.session.title, ',')} {day}",
        facilitators.told_of(asked) | {"session": day}, facilitators.session_facts(asked), links.ask(asked),
    )  # fmt: skip


def _of_gathering(row: Message, asked: GatheringAsk) -> _Asked:
    day = words.short_day(asked.starts_at)
    return _Asked(
        row, asked, f"{words.with_stop(asked.gathering.words, ',')} {day}",
        {"organisation": asked.gathering.words, "reference": "", "session": day}, gatherings.facts_of(asked),
        links.helping(asked),
    )  # fmt: skip
