"""Two have written in the same form: the page on which the second one chooses, and what is kept of both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import words
from visits.forms import drawn
from visits.forms.desk import SeenForm
from visits.forms.drawn import Asked, Posted
from visits.merging import Changed
from visits.models import User, VisitRequest

CONFLICT: Final = 409
DELETED: Final = "-DELETE"
AGAINST: Final = "against"
NOT_SENT_AGAIN: Final = ("csrfmiddlewaretoken", AGAINST, "show_result")


@dataclass(frozen=True)
class Other:
    """Who was first, and when; without a name nobody knows."""

    name: str
    at: datetime | None
    is_me: bool = False
    email: str = ""

    @property
    def title(self) -> str:
        if self.is_me:
            return _("You have saved this yourself meanwhile")
        return _("%(who)s was first") % {"who": self.name or _("Somebody else")}

    @property
    def owner(self) -> str:
        """Whose version it is, over its column."""
        if self.is_me:
            return _("Saved before")
        return _("By %(who)s") % {"who": self.name or _("somebody else")}

    @property
    def time(self) -> str:
        return words.clock(self.at) if self.at else ""

    @property
    def initials(self) -> str:
        return words.initials(self.name) if self.name else "?"


@dataclass(frozen=True)
class Settled:
    """One form beside what stands now: what each side changed, and the form's data with both sides in it."""

    asked: Sequence[Asked]
    data: QueryDict
    now: Posted

    @property
    def to_choose(self) -> list[Asked]:
        return [one for one in self.asked if one.changed == Changed.BOTH]

    @property
    def is_open(self) -> bool:
        return any(one.taken is None for one in self.to_choose)

    @property
    def kept_as_is(self) -> list[Asked]:
        """What only one of the two changed."""
        return [one for one in self.asked if one.changed in (Changed.MINE, Changed.THEIRS)]

    @property
    def theirs(self) -> list[Asked]:
        return [one for one in self.asked if one.changed == Changed.THEIRS]

    @property
    def is_mixed(self) -> bool:
        """Whether something of theirs is to be kept."""
        return bool(self.theirs or self.to_choose)

    @property
    def chosen(self) -> dict[str, str]:
        return {one.label: one.result for one in self.to_choose}


def settle(forms: Sequence[Any], data: QueryDict, before: Posted | None, now: Posted) -> Settled:
    """Hold what was typed beside what stands now, and put both together as far as they do not meet.

    Without `before` everything that differs is asked. A choice counts only between the two that were
    shown: who meets a third one is asked again.
    """
    against = drawn.read_mark(data.get(AGAINST)) or {}
    asked = [
        one if against.get(one.name) == now[one.name] else replace(one, taken=None)
        for form in forms
        for one in drawn.compare(form, data, before=before, now=now)
    ]
    asked = _about_deleted_rows(asked, against, now)
    return Settled(asked, drawn.resolved(data, asked, now), now)


def _about_deleted_rows(asked: list[Asked], against: Posted, now: Posted) -> list[Asked]:
    """Who deletes a row of a page is asked when somebody has changed it since: what they wrote would go with it."""
    return [_about_deleted(one, asked, against, now) if one.name.endswith(DELETED) else one for one in asked]


def _about_deleted(one: Asked, asked: list[Asked], against: Posted, now: Posted) -> Asked:
    row = one.name.removesuffix(DELETED) + "-"
    theirs = [
        other for other in asked if other.name.startswith(row) and other.changed in (Changed.THEIRS, Changed.BOTH)
    ]
    if one.changed != Changed.MINE or not theirs:
        return one
    was_shown = all(against.get(name) == boxes for name, boxes in now.items() if name.startswith(row))
    words_now = "; ".join(f"{other.label.removeprefix(other.row)}: {other.theirs}" for other in theirs)
    return replace(one, changed=Changed.BOTH, theirs=words_now, taken=one.taken if was_shown else None)


def of_deed(form: SeenForm, data: QueryDict) -> Settled | None:
    """The same for a form of the desk that is valid; nothing when it writes over nothing, or carries no mark."""
    boxes, before = form.written_over, drawn.read_mark(data.get(drawn.NAME))
    stored = boxes.stored() if boxes else None
    if boxes is None or before is None or stored is None:
        return None
    settled = settle([boxes], data, before, drawn.as_posted(boxes, {name: stored[name] for name in boxes.facts}))
    settled.data["seen"] = str(form.visit_request.version)
    for name in set(stored) - set(boxes.facts):
        settled.data[boxes.add_prefix(name)] = str(stored[name])
    return settled


def who_was_first(case: VisitRequest, me: User) -> Other:
    """Who has changed the request last: somebody else if there is one in what has happened lately."""
    lately = list(case.history.all()[:5])
    others = [entry for entry in lately if entry.by_id != me.pk]
    last = next(iter([*others, *lately]), None)
    if last is None:
        return Other("", None)
    return Other(last.by_name, last.at, last.by_id == me.pk, last.by.email if last.by else "")


def page(
    request: HttpRequest, settled: Settled, other: Other, *, back: str, crumb: str, frame: Mapping[str, Any]
) -> HttpResponse:
    """Both versions side by side. Nothing is saved yet, and everything that was typed stands in the page."""
    count = len(settled.to_choose)
    sent = [(name, values) for name, values in request.POST.lists()
            if name not in NOT_SENT_AGAIN and not name.startswith(drawn.TAKE)]  # fmt: skip
    context = {
        "settled": settled,
        "other": other,
        "heading": ngettext("One thing to choose", "%(count)s things to choose", count)
        % {"count": words.spelled(count).capitalize()},
        "sent": sent,
        "against": drawn.mark(settled.now),
        "back": back,
        "crumb": crumb,
        "action": request.get_full_path(),
        "me": str(request.user),
    }
    return render(request, "desk/conflict.html", {**frame, **context}, status=CONFLICT)


def told(settled: Settled, other: Other) -> str:
    """What is said when both could be kept without asking, or once somebody has chosen."""
    if not settled.theirs or other.is_me:
        return ""
    changes = ", ".join(one.label for one in settled.theirs)
    return _("%(who)s has changed this meanwhile, and it is kept too: %(changes)s.") % {
        "who": other.name or _("Somebody else"),
        "changes": changes,
    }
