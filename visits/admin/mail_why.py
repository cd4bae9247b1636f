"""Why a mail leaves, and when it does not: a sentence for each reminder, from its row or before there is one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from visits import words
from visits.choices import Anchor

A = Anchor
BY_ANCHOR: Final[Mapping[Anchor, Promise]] = {
    A.QUESTION: _("%(left)s before the last day to answer our question, %(day)s. Not sent if they have answered."),
    A.PROPOSAL: _("%(left)s before the answer date, %(day)s. Not sent if they have answered."),
    A.AGREEMENT: _("%(left)s before our agreement is to be read, %(day)s. Not sent if they have agreed."),
    A.PLACE: _("%(left)s before the place is let go, %(day)s. Not sent if they have answered."),
    A.VISIT: _("%(left)s before the visit, %(day)s. Not sent if it is moved or called off."),
    A.GROUP: _("%(left)s before the names are needed, %(day)s. Not sent to those who have written theirs."),
    A.DRAFT: _("%(left)s before the unfinished request is closed, %(day)s. Not sent if they send it."),
    A.ENTERED: _("%(left)s after we wrote the request down, %(day)s. Not sent if they have taken it over."),
    A.SESSION: _("%(left)s before they meet the guests, %(day)s. Not sent if somebody else leads it."),
    A.ASK: _("%(left)s after we asked, %(day)s. Not sent to whoever has answered."),
    A.PROMISE: _("The day of the promise is %(day)s. Not sent if it is kept."),
    A.LOOK_BACK: _("%(left)s after the visit, %(day)s. Not sent if they have written what they take home."),
    A.LOOK_BACK_OURS: _("%(left)s after the visit, %(day)s. Not sent to those who have written what they take home."),
    A.FOLLOW_UP: _("%(left)s after the day to ask how it has gone, %(day)s. Not sent if they have told."),
    A.FOLLOW_UP_OURS: _("%(left)s after the day to ask how it has gone, %(day)s. Not sent to those who have told."),
}
# On the day itself, and for what was owed before each of these mails had a rung.
BY_KIND: Final[Mapping[str, Promise]] = {
    "look_back": _("The visit is over. Not sent if they have written what they take home."),
    "look_back_ours": _("The visit is over. Not sent to those who have written what they take home."),
    "follow_up": _("It was agreed to ask how it has gone. Not sent if they have told."),
    "follow_up_ours": _("It was agreed to ask how it has gone. Not sent to those who have told."),
}


def why(kind: str, data: Mapping[str, Any], due_at: datetime) -> str:
    """The reason for a reminder in a sentence; nothing for a mail that a deed has owed."""
    anchor = str(data.get("rung", "")).partition("-")[0]
    if anchor not in A.values or "day" not in data:
        return str(BY_KIND.get(kind, ""))
    day = date.fromisoformat(data["day"])
    count = abs((day - words.local_date(due_at)).days)
    if not count and kind in BY_KIND:
        return str(BY_KIND[kind])
    left = ngettext("%(count)d day", "%(count)d days", count) % {"count": count}
    return str(BY_ANCHOR[Anchor(anchor)]) % {"left": left, "day": words.weekday(day)}
