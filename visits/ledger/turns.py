"""Whose turn it is when a visit is over, in sentences to its guests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from visits import rules, words
from visits.choices import Side, Turn
from visits.ledger import standing
from visits.ledger.looking import write_by
from visits.ledger.reading import day_words
from visits.models import LookBack, Visit

PASSED: Final[dict[int, Promise]] = {
    3: gettext_lazy("Three months have passed."),
    6: gettext_lazy("Six months have passed."),
    12: gettext_lazy("A year has passed."),
}


@dataclass(frozen=True)
class Afterwards:
    """What a visit that is over waits for: the look-backs, and a word on what was tried."""

    today: date
    last_day: date
    look_backs: list[LookBack]
    waiting: standing.Waiting

    @property
    def guests_shared(self) -> bool:
        return any(one.side == Side.GUESTS and one.shared_at for one in self.look_backs)

    @property
    def guests_began(self) -> bool:
        return any(one.side == Side.GUESTS and not one.shared_at for one in self.look_backs)

    @property
    def hosts_shared(self) -> list[str]:
        """Who of ours has shared what they take home, by name."""
        return [one.author_name for one in self.look_backs if one.side == Side.OURS and one.shared_at]

    @property
    def is_asked(self) -> bool:
        """Whether the guests are still asked to look back; after thirty days they may, and nobody asks."""
        return not self.guests_shared and (self.today - self.last_day).days < rules.LOOK_BACK_ASKED_FOR


@dataclass(frozen=True)
class Call:
    """Whose turn it is, the sentence, and the way: an address' end and its words, when there is one."""

    turn: Turn
    text: str
    go: str = ""
    point: int | None = None


def afterwards(visit: Visit, today: date) -> Afterwards:
    """How a visit that is over stands; three queries."""
    entries = list(visit.ledger.prefetch_related("points"))
    return Afterwards(today, visit.last_day, list(visit.look_backs.all()), standing.waiting(entries, today))


def look_back_call(found: Afterwards, visit: Visit) -> Call:
    """The guests have not shared yet: by when, and who of ours has."""
    names = found.hosts_shared
    written = ngettext("%(names)s has written.", "%(names)s have written theirs.", len(names)) if names else ""
    by = words.weekday(write_by(visit, found.today))
    if not found.is_asked:
        return Call(Turn.TOGETHER, _("Thank you for coming. You can still tell what you took home."), _("Look back"))
    ask = _("What do you take home? Write it together by %(day)s; it takes five minutes.") % {"day": by}
    go = _("Go on with the look-back") if found.guests_began else _("Look back together")
    return Call(Turn.VISITOR, f"{ask} {written % {'names': ', '.join(names)}}".strip(), go)


def ledger_call(waiting: standing.Waiting, today: date) -> Call:
    """Whose word the ledger waits for; when nobody's, when we ask again."""
    if waiting.guests:
        first = waiting.guests[0]
        told = [str(PASSED[first.months]), _yours(len(waiting.guests), len(waiting.ours)), _("Two lines are enough.")]
        return Call(Turn.VISITOR, " ".join(told), _("Write two lines"), first.pk)
    if waiting.ours:
        sentence = ngettext(
            "One thing of ours waits for a word. You read it here when it is written.",
            "%(count)s things of ours wait for a word. You read them here when they are written.",
            len(waiting.ours),
        )
        return Call(Turn.OURS, _capital(sentence % {"count": words.spelled(len(waiting.ours))}))
    if waiting.next_day:
        day = day_words(waiting.next_day, today)
        return Call(Turn.TOGETHER, _("Nothing waits for a word now. We ask how it goes on %(day)s.") % {"day": day})
    return Call(Turn.TOGETHER, _("Everything is told, and we ask no more. Thank you for learning with us."))


def _yours(yours: int, ours: int) -> str:
    told = ngettext("One thing of yours waits for a word", "%(count)s things of yours wait for a word", yours)
    also = ngettext(", and one of ours.", ", and %(count)s of ours.", ours) if ours else "."
    return _capital(told % {"count": words.spelled(yours)}) + also % {"count": words.spelled(ours)}


def _capital(sentence: str) -> str:
    """The sentence with a large first letter: it may begin with a number in words."""
    return sentence[:1].upper() + sentence[1:]
