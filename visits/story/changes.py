"""The differences of two versions in words: what, and why where somebody has said it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import words
from visits.choices import ProposalAnswer, SessionKind
from visits.models import HistoryEntry, Proposal
from visits.story.difference import Difference, Pair, compare, version_of
from visits.story.programme import Row

DAYS: Final = "days"  # how a reason, or a wish, names the days of the whole visit


class Change(NamedTuple):
    """One thing that is different: what, in words, and why; `key` is the session's number or «days»."""

    key: str
    title: str
    words: str
    why: str = ""

    @property
    def anchor(self) -> str:
        """The id of its row on the page."""
        return f"c{self.key}" if self.key else ""


@dataclass(frozen=True)
class Versions:
    """All versions that were sent, the oldest first, and what the guests asked to have changed.

    `wishes` are the history entries «change_wanted»: whose `detail` names the version, the
    sessions and the days that they were about.
    """

    proposals: Sequence[Proposal]
    wishes: Sequence[HistoryEntry] = field(default=())

    @property
    def newest(self) -> Proposal | None:
        return self.proposals[-1] if self.proposals else None

    @property
    def open(self) -> Proposal | None:
        """The version that waits for an answer."""
        return next((proposal for proposal in self.proposals if proposal.answer == ProposalAnswer.OPEN), None)

    def numbered(self, number: int | None) -> Proposal | None:
        return next((proposal for proposal in self.proposals if proposal.number == number), None)

    def before(self, proposal: Proposal) -> list[Proposal]:
        """The earlier versions, which one may be compared with."""
        return [earlier for earlier in self.proposals if earlier.number < proposal.number]

    def changes(self, proposal: Proposal, against: Proposal) -> list[Change]:
        """What is different from an earlier version, each with its reason where there is one."""
        difference = compare(version_of(against), version_of(proposal))
        said, asked = self._said(against, proposal), self._asked(against, proposal)
        return [
            change._replace(why=why_words(said.get(change.key, ""), asked.get(change.key)))
            for change in in_words(difference)
        ]

    def _said(self, after: Proposal, until: Proposal) -> dict[str, str]:
        """Our own words for every change on the way from one version to the other; the newest count."""
        between = [proposal for proposal in self.proposals if after.number < proposal.number <= until.number]
        return {key: str(why) for proposal in between for key, why in proposal.reasons.items()}

    def _asked(self, after: Proposal, until: Proposal) -> dict[str, date]:
        """What the guests asked for on that way, and when."""
        found: dict[str, date] = {}
        for wish in self.wishes:
            if after.number <= int(wish.detail.get("version", 0)) < until.number:
                keys = [str(key) for key in wish.detail.get("sessions", [])]
                found |= dict.fromkeys([*keys, *([DAYS] if wish.detail.get("days") else [])], words.local_date(wish.at))
        return found


def why_words(said: str, asked: date | None) -> str:
    """«You asked, 24 November: the bus leaves at 08.40», as much of it as there is."""
    if asked is None:
        return said
    told = _("You asked, %(day)s") % {"day": words.month_day(asked)}
    return f"{told}: {said}" if said else told


def in_words(difference: Difference) -> list[Change]:
    """One line for the days, and one for each session that is not the same."""
    told = [Change(DAYS, _("The days"), _days(difference))] if difference.other_days else []
    return told + [Change(_key(pair), pair.row.title, _told(pair)) for pair in difference.pairs]


def count_words(changes: Sequence[Change], number: int) -> str:
    """«Four things are different from version 2»."""
    if not changes:
        return _("Nothing is different from version %(number)d") % {"number": number}
    sentence = ngettext(
        "One thing is different from version %(number)d", "%(count)s things are different from version %(number)d",
        len(changes),
    )  # fmt: skip
    return sentence % {"count": words.spelled(len(changes)).capitalize(), "number": number}


def _key(pair: Pair) -> str:
    key = pair.row.key
    return "" if key is None else str(key)


def _days(difference: Difference) -> str:
    old, new = difference.old, difference.new
    return _("are %(new)s instead of %(old)s") % {
        "new": words.day_range(new.first_day, new.last_day),
        "old": words.day_range(old.first_day, old.last_day),
    }


def _told(pair: Pair) -> str:
    if pair.old is None:
        return _("is new")
    if pair.new is None:
        return _("is left out")
    return ", ".join(part for tell in TELLING for part in tell(pair.old, pair.new))


def _time(old: Row, new: Row) -> Iterable[str]:
    if words.local_date(old.starts_at) != words.local_date(new.starts_at):
        yield _("moves to %(day)s, %(time)s") % {
            "day": words.weekday(new.starts_at),
            "time": words.clock(new.starts_at),
        }
    elif old.starts_at != new.starts_at:
        times = {"old": words.clock(old.starts_at), "new": words.clock(new.starts_at)}
        yield _("starts at %(new)s instead of %(old)s") % times


def _length(old: Row, new: Row) -> Iterable[str]:
    if old.minutes != new.minutes:
        sentence = _("is %(length)s longer") if new.minutes > old.minutes else _("is %(length)s shorter")
        yield sentence % {"length": words.minutes(abs(new.minutes - old.minutes))}


def _place(old: Row, new: Row) -> Iterable[str]:
    if old.place != new.place:
        yield _("is held at %(place)s") % {"place": new.place} if new.place else _("has no place yet")


def _people(old: Row, new: Row) -> Iterable[str]:
    if old.people == new.people:
        return
    if not new.people:
        yield _("has nobody named yet")
    elif new.kind == SessionKind.GUEST:
        yield _("is told by %(people)s") % {"people": ", ".join(new.people)}
    else:
        yield _("is led by %(people)s") % {"people": ", ".join(new.people)}


def _voices(old: Row, new: Row) -> Iterable[str]:
    if old.voices == new.voices:
        return
    if new.voices:
        yield _("has %(names)s telling their own story") % {"names": ", ".join(new.voices)}
    else:
        yield _("is held without %(names)s") % {"names": ", ".join(old.voices)}


def _owner(old: Row, new: Row) -> Iterable[str]:
    if old.kind != new.kind:
        yield {
            SessionKind.GUEST.value: _("is your own part now"),
            SessionKind.HOST.value: _("is led by us now"),
        }.get(new.kind, _("is a break now"))


def _name(old: Row, new: Row) -> Iterable[str]:
    if old.title != new.title:
        yield _("was called “%(title)s”") % {"title": old.title}
    if old.description != new.description:
        yield _("is described in other words")


TELLING: Final = (_time, _length, _place, _people, _voices, _owner, _name)
