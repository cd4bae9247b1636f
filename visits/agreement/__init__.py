"""The two-way agreement of a visit: what both want, who teaches what, the next contacts, one person on each side.

It is written when the guests say yes to a programme, numbered, and agreed by both. What
somebody has agreed to is never changed: another text is another version, and a material
change of the visit asks both again.
"""

from visits.agreement.content import Content, canonical, digest, share
from visits.agreement.deeds import (
    AgreementRefused,
    agree_for_guests,
    agree_for_us,
    change_answers,
    read_again_if_changed,
    write,
    write_ours,
)
from visits.agreement.material import Change, differences, is_material
from visits.agreement.reading import SHORT, Reading, read
from visits.agreement.standing import (
    Stage,
    before,
    current,
    is_genuine,
    is_settled,
    missing_for_confirmation,
    moved_at,
    stage_of,
    turn,
    turn_at,
    turn_came_at,
)
from visits.agreement.wording import Reason, Told, change_words, missing_words, told

__all__ = [
    "SHORT",
    "AgreementRefused",
    "Change",
    "Content",
    "Reading",
    "Reason",
    "Stage",
    "Told",
    "agree_for_guests",
    "agree_for_us",
    "before",
    "canonical",
    "change_answers",
    "change_words",
    "current",
    "differences",
    "digest",
    "is_genuine",
    "is_material",
    "is_settled",
    "missing_for_confirmation",
    "missing_words",
    "moved_at",
    "read",
    "read_again_if_changed",
    "share",
    "stage_of",
    "told",
    "turn",
    "turn_at",
    "turn_came_at",
    "write",
    "write_ours",
]
