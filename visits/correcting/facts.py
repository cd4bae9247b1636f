"""Which facts of a request one of us may correct, and when. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from visits import rules
from visits.choices import RequestState

# By the part of the request in which they stand.
FACTS: Final[Mapping[str, tuple[str, ...]]] = {
    "who": (
        "organisation_name", "country", "town", "organisation_kind", "contact_name", "contact_role", "contact_email",
        "contact_phone", "language", "group_size", "professions", "meeting_language",
    ),
    "learn": ("aim", "big_questions", "better_at_home", "measure", "first_test"),
    "bring": ("brings", "gifts", "sharing", "own_time", "teller"),
    "when": ("wishes", "length"),
    "needs": ("travel", "needs_invitation_letter", "other_needs"),
    "further": ("further",),
}  # fmt: skip
EVERY: Final = frozenset(name for names in FACTS.values() for name in names)
WISHED: Final = frozenset(FACTS["when"])
COME: Final = frozenset({"group_size", "professions", "meeting_language"})
ADDRESS: Final = frozenset({"contact_email"})


def correctable(state: RequestState, *, planning_has_begun: bool, is_taken_over: bool) -> frozenset[str]:
    """The facts that may be corrected now.

    As long as a request is open; after the visit only who they are, since we write to them for a
    year. What they wish for gives way to the plan once planning has begun. The address of a request
    that nobody has taken over yet has a deed of its own, which sends the link there.
    """
    if state == RequestState.COMPLETED:
        found = frozenset(FACTS["who"]) - COME
    elif state in rules.OPEN:
        found = EVERY if not planning_has_begun and state in rules.CHANGEABLE else EVERY - WISHED
    else:
        found = frozenset()
    return found if is_taken_over else found - ADDRESS
