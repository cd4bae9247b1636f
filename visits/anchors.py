"""What a reminder may be counted from, and what its words may be filled in with. Pure.

A reminder belongs to one of `Anchor`: so many days before or after something. The table says in
which states of the request it makes sense, how far away it may lie, and which blanks its words
have: nothing else can be written into them. A blank of `PARTS` stands on a line of its own and
becomes what its name says, such as the programme.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visits import blanks, rules
from visits.choices import Anchor, RequestState

A, S = Anchor, RequestState

BLANKS: Final[Mapping[str, Promise]] = {
    "name": gettext_lazy("the guest’s first name"),
    "contact": gettext_lazy("the guest’s whole name"),
    "organisation": gettext_lazy("the guests’ organisation"),
    "reference": gettext_lazy("the number of the visit"),
    "host": gettext_lazy("who of us has the request"),
    "colleague": gettext_lazy("who of us wrote the request down"),
    "day": gettext_lazy("the day that it is about: the last day to answer, or the day on which we meet"),
    "days": gettext_lazy("the days of the visit"),
    "left": gettext_lazy("how long it is until then, such as “4 weeks”"),
    "place": gettext_lazy("where we meet"),
    "session": gettext_lazy("the day of the session"),
}
PARTS: Final[Mapping[str, Promise]] = {
    "question": gettext_lazy("what we asked"),
    "condition": gettext_lazy("what there is to know about the days, if anything"),
    "programme": gettext_lazy("the programme, day by day"),
    "missing": gettext_lazy("how many names we have and by when we need the others, while some are missing"),
    "yours": gettext_lazy("what is the guests’ own to tell, if anything"),
    "call": gettext_lazy("whom to call on the day"),
    "where": gettext_lazy("when, where and with whom"),
    "sessions": gettext_lazy("what the colleague leads, and who the guests are"),
    "wishes": gettext_lazy("what the guests want to learn and what they bring"),
    "promise": gettext_lazy("what was promised"),
}


@dataclass(frozen=True)
class About:
    """One row of the table. No state means that a reminder does not depend on any."""

    blanks: tuple[str, ...]
    states: tuple[RequestState, ...] = ()
    most: int = 30
    after: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """The blanks that become words in a line: the only ones that a subject may have."""
        return tuple(name for name in self.blanks if name in BLANKS)


TABLE: Final[Mapping[Anchor, About]] = {
    A.QUESTION: About(("name", "organisation", "reference", "host", "day", "question"), (S.INFO_REQUESTED,), 20),
    A.PROPOSAL: About(("name", "organisation", "reference", "host", "day", "days"), (S.PROPOSED,), 20),
    A.AGREEMENT: About(("name", "organisation", "reference", "host", "day"), rules.STANDING, 20),
    A.PLACE: About(("name", "organisation", "reference", "host", "day", "days", "condition"), (S.WAITLISTED,), 6),
    A.VISIT: About(
        ("name", "organisation", "reference", "host", "day", "days", "left", "place", "programme", "missing", "yours",
         "call"),
        rules.STANDING, 180,
    ),
    A.GROUP: About(("name", "contact", "day", "days", "where"), rules.STANDING, 60),
    # To an address that nobody has confirmed: not one word that was typed in a form.
    A.DRAFT: About(("day",), (S.DRAFT,), 20),
    A.ENTERED: About(("colleague", "reference"), rules.OPEN, 60, after=True),
    A.SESSION: About(("organisation", "reference", "day", "sessions", "wishes"), rules.STANDING, 60),
    A.ASK: About(("organisation", "reference", "day", "session"), (), 6, after=True),
    A.PROMISE: About(("organisation", "day", "promise"), (), 30),
}  # fmt: skip


def wrong_in(text: str, anchor: Anchor) -> str:
    """What in the words of a reminder could not be filled in, in a sentence; or nothing."""
    about = TABLE[anchor]
    if wrong := blanks.wrong_in(text, about.blanks):
        return wrong
    for line in text.splitlines():
        parts = blanks.blanks_in(line) & PARTS.keys()
        if parts and line.strip() != f"{{{min(parts)}}}":
            return _("Write {%(name)s} on a line of its own: it is more than a word.") % {"name": min(parts)}
    return ""


def wrong_in_subject(text: str, anchor: Anchor) -> str:
    """The same for a subject, which is one line of words."""
    return blanks.wrong_in(text, TABLE[anchor].words)


def named(anchor: Anchor) -> str:
    """The blanks of an anchor and what they become, for who writes the words."""
    about = TABLE[anchor]
    return "; ".join(f"{{{name}}} – {BLANKS.get(name) or PARTS[name]}" for name in about.blanks)
