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
    "passed": gettext_lazy("how long ago the visit was, such as “3 months”"),
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
    "written": gettext_lazy("who of us has written already what they take home"),
    "brings": gettext_lazy("what the guests brought to us"),
    "ideas": gettext_lazy("what they wanted to try, with who began it and the measure"),
}
CONTACT: Final = gettext_lazy("It goes to the contact person.")
OURS: Final = gettext_lazy("It goes to each of us who met the guests.")


@dataclass(frozen=True)
class About:
    """One row of the table. No state means that a reminder does not depend on any.

    `own` is the kind of mail that a reminder becomes which staff add themselves, and `to` says whom it
    goes to; where there is no kind, none can be added.
    """

    blanks: tuple[str, ...]
    states: tuple[RequestState, ...] = ()
    most: int = 30
    least: int = 1
    after: bool = False
    own: str = ""
    to: Promise = CONTACT

    @property
    def words(self) -> tuple[str, ...]:
        """The blanks that become words in a line: the only ones that a subject may have."""
        return tuple(name for name in self.blanks if name in BLANKS)


GUESTS: Final = ("name", "organisation", "reference", "host")
TABLE: Final[Mapping[Anchor, About]] = {
    A.QUESTION: About((*GUESTS, "day", "question"), (S.INFO_REQUESTED,), 20, own="answer_reminder"),
    A.PROPOSAL: About((*GUESTS, "day", "days"), (S.PROPOSED,), 20, own="answer_reminder"),
    A.AGREEMENT: About((*GUESTS, "day"), rules.STANDING, 20, own="agreement_reminder"),
    A.PLACE: About((*GUESTS, "day", "days", "condition"), (S.WAITLISTED,), 6, own="place_reminder"),
    A.VISIT: About(
        (*GUESTS, "day", "days", "left", "place", "programme", "missing", "yours", "call"),
        rules.STANDING, 180, own="visit_reminder",
    ),
    A.GROUP: About(
        ("name", "contact", "day", "days", "where"), rules.STANDING, 60, own="group_reminder",
        to=gettext_lazy("It goes to who was invited by mail and has not written their name."),
    ),
    # To an address that nobody has confirmed: not one word that was typed in a form.
    A.DRAFT: About(("day",), (S.DRAFT,), 20),
    A.ENTERED: About(("colleague", "reference"), rules.OPEN, 60, after=True),
    A.SESSION: About(
        ("organisation", "reference", "day", "sessions", "wishes"), rules.STANDING, 60, own="briefing",
        to=gettext_lazy("It goes to each of us who leads a session, before their first day with the guests."),
    ),
    A.ASK: About(("organisation", "reference", "day", "session"), (), 6, after=True),
    A.PROMISE: About(("organisation", "day", "promise"), (), 30),
    A.LOOK_BACK: About(
        (*GUESTS, "day", "days", "written"), (S.COMPLETED,), rules.LOOK_BACK_ASKED_FOR - 1, after=True, own="look_back",
    ),
    A.LOOK_BACK_OURS: About(
        ("organisation", "reference", "day", "days", "brings"), (S.COMPLETED,), rules.LOOK_BACK_ASKED_FOR - 1,
        after=True, own="look_back_ours", to=OURS,
    ),
    A.FOLLOW_UP: About(
        (*GUESTS, "days", "passed", "ideas"), (S.COMPLETED,), rules.FOLLOW_UP_LAPSES - 1, least=0, after=True,
        own="follow_up",
    ),
    A.FOLLOW_UP_OURS: About(
        ("organisation", "reference", "days", "passed", "ideas"), (S.COMPLETED,), rules.FOLLOW_UP_LAPSES - 1, least=0,
        after=True, own="follow_up_ours",
        to=gettext_lazy("It goes to each of us who wanted to try something."),
    ),
}  # fmt: skip
OWN: Final = tuple(anchor for anchor, about in TABLE.items() if about.own)  # where staff may add some of their own
ON_THE_DAY: Final = tuple(anchor for anchor, about in TABLE.items() if not about.least)


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
