"""What is to be noticed, as a sentence in the language that is on, with the drawing that stands beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from visits import words
from visits.choices import FlagKind
from visits.models import Flag

K = FlagKind
Detail = Mapping[str, Any]
ALIKE: Final[dict[str, Promise]] = {
    "organisation": gettext_lazy("same organisation"),
    "domain": gettext_lazy("same e-mail domain"),
    "person": gettext_lazy("same person"),
    "days": gettext_lazy("same days"),
    "near_days": gettext_lazy("days close to each other"),
    "subject": gettext_lazy("same subject"),
    "words": gettext_lazy("much the same text"),
    "size": gettext_lazy("as many people"),
    "near_size": gettext_lazy("nearly as many people"),
}
# The drawing, and how it is coloured: something to mend, something wrong, something good to know.
DRAWN: Final[dict[str, tuple[str, str]]] = {
    K.DUPLICATE: ("swap", "warn-i"),
    K.BOOKED: ("people", "muted"),
    K.LARGE: ("home", "warn-i"),
    K.NUMBERS: ("people", "warn-i"),
    K.NOTHING: ("gift", "warn-i"),
    K.PROGRAMME: ("ladder", "muted"),
    K.MINORS: ("people", "warn-i"),
    K.PRESS: ("chat", "warn-i"),
    K.COMMERCIAL: ("hand", "warn-i"),
    K.SPAM: ("warn", "bad-i"),
    K.RETURNING: ("undo", "ok-i"),
    K.PROMISE: ("clock", "bad-i"),
    K.WAIVED: ("flag", "muted"),
}


@dataclass(frozen=True)
class Told:
    """One thing to notice as it is read; `reference` is a part of the sentence that may lead to the other request."""

    flag: Flag
    sentence: str
    reference: str = ""

    @property
    def icon(self) -> str:
        return DRAWN[self.flag.kind][0]

    @property
    def css(self) -> str:
        return DRAWN[self.flag.kind][1]

    @property
    def parts(self) -> tuple[str, str, str]:
        """The sentence before the other request's number, the number, and the sentence after it."""
        return self.sentence.partition(self.reference) if self.reference else (self.sentence, "", "")

    @property
    def other(self) -> int | None:
        """The request that this one is probably the same as."""
        return int(self.flag.about) if self.flag.kind == K.DUPLICATE else None


def told(flag: Flag) -> Told:
    """A flag as a sentence; its kind alone where a fact is missing that an older version of the portal did not keep."""
    reference = str(flag.detail.get("reference", "")) if flag.kind == K.DUPLICATE else ""
    try:
        sentence = SENTENCES[flag.kind](_unended(flag.detail))
    except (KeyError, TypeError, ValueError):
        sentence = f"{flag.get_kind_display()}."
    return Told(flag, sentence, reference)


def _unended(detail: Detail) -> Detail:
    """The facts, where what is quoted ends without a full stop: the sentence around it has one."""
    return {name: fact.rstrip(".") if isinstance(fact, str) else fact for name, fact in detail.items()}


def _duplicate(detail: Detail) -> str:
    alike = ", ".join(str(ALIKE[name]) for name in detail["alike"] if name in ALIKE)
    values = {"reference": detail["reference"], "name": detail["by"], "alike": alike, "day": _day(detail["sent"])}
    return _("Probably the same visit as %(reference)s, sent by %(name)s on %(day)s: %(alike)s.") % values


def _booked(detail: Detail) -> str:
    day, starts, ends = detail["busy"][0]
    values = {"name": detail["name"], "day": _day(day), "from": starts, "to": ends}
    told = _("Asks for %(name)s, who is booked on %(day)s from %(from)s to %(to)s.") % values
    if not detail["free"]:
        return told
    free = _("Free on %(days)s.") % {"days": ", ".join(_day(day) for day in detail["free"])}
    return f"{told} {free}"


def _large(detail: Detail) -> str:
    return _("They are %(people)d, and our largest room holds %(most)d.") % detail


def _numbers(detail: Detail) -> str:
    return _("They write “%(quote)s”, and the form says %(size)d.") % detail


def _nothing(detail: Detail) -> str:
    if detail["how"] == "learn":
        return _("Brings nothing yet, only the wish to learn: “%(quote)s”.") % detail
    return _("Brings nothing yet: “%(quote)s”.") % detail


def _programme(detail: Detail) -> str:
    if detail.get("chosen"):
        return _("Has chosen %(names)s, which is a programme and not a visit.") % {"names": ", ".join(detail["chosen"])}
    if detail["fellowship"]:
        return _("May want the Fellowship: “%(quote)s”.") % detail
    return _("May want a leadership programme: “%(quote)s”.") % detail


def _spam(detail: Detail) -> str:
    if detail["why"] == "links":
        count = detail["count"]
        return ngettext("Looks like spam: %(count)d link.", "Looks like spam: %(count)d links.", count) % detail
    if detail["why"] == "alphabets":
        return _("Looks like spam: letters of two alphabets in “%(quote)s”.") % detail
    return _("Looks like spam: “%(quote)s”.") % detail


def _returning(detail: Detail) -> str:
    count = detail["visits"]
    told = ngettext(
        "Has been here before, in %(month)s.", "Has been here %(count)d times, the last in %(month)s.", count
    )
    told %= {"count": count, "month": words.month(date.fromisoformat(detail["last"]))}
    taught = _("They taught us: “%(taught)s”.") % detail if detail["taught"] else ""
    return f"{told} {taught}".strip()


def _promise(detail: Detail) -> str:
    """A follow-up of the ledger that waits for our word, or something that one of us has promised them."""
    if "by" in detail:
        return _promised(detail)
    since = {"month": words.month(date.fromisoformat(detail["since"])), "words": detail["words"]}
    return _("We owe them a word since %(month)s: how it goes with “%(words)s”.") % since


def _promised(detail: Detail) -> str:
    values = {"words": detail["words"], "day": words.plain_day(date.fromisoformat(detail["by"])), "n": detail["more"]}
    told = _("We promised them “%(words)s” by %(day)s.") % values
    if detail["late"]:
        told = _("We promised them “%(words)s” by %(day)s, and it is late.") % values
    more = ngettext("%(n)d more promise is open.", "%(n)d more promises are open.", detail["more"]) % values
    return f"{told} {more}" if detail["more"] else told


def _waived(detail: Detail) -> str:
    return _("Three months waived by %(by)s: “%(why)s”.") % detail


def _day(written: str) -> str:
    return words.month_day(date.fromisoformat(written)) if written else "–"


SENTENCES: Final[dict[str, Callable[[Detail], str]]] = {
    K.DUPLICATE: _duplicate,
    K.BOOKED: _booked,
    K.LARGE: _large,
    K.NUMBERS: _numbers,
    K.NOTHING: _nothing,
    K.PROGRAMME: _programme,
    K.MINORS: lambda d: _("There may be minors in the group: “%(quote)s”.") % d,
    K.PRESS: lambda d: _("May be press: “%(quote)s”.") % d,
    K.COMMERCIAL: lambda d: _("May want to sell something: “%(quote)s”.") % d,
    K.SPAM: _spam,
    K.RETURNING: _returning,
    K.PROMISE: _promise,
    K.WAIVED: _waived,
}
