"""Who of them, and who of us: names as long as we keep them, and what they have done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits.choices import CommentSide, RequestState
from visits.models import Comment, Participant, User, VisitRequest

NAMES_KEPT: Final = timedelta(days=730)  # after the last day of a visit
MOST_NAMED: Final = 8


@dataclass(frozen=True)
class Person:
    """Somebody with a name, and a line that says what they have to do with this."""

    name: str
    told: str
    is_ours: bool = False


def are_kept(case: VisitRequest, today: date) -> bool:
    """Whether the names of a request are still there: while it is open, and two years after a visit or its end."""
    if case.names_erased_at is not None:
        return False
    visit = getattr(case, "visit", None)
    if case.is_open and case.request_state != RequestState.COMPLETED:
        return True
    ended = visit.last_day if visit else case.state_since.date()
    return today <= ended + NAMES_KEPT


def guests(cases: Sequence[VisitRequest], today: date) -> list[Person]:
    """The people of the organisation whose names we keep, contact persons first; one query."""
    kept = [case for case in cases if are_kept(case, today)]
    told: dict[str, Person] = {}
    for case in kept:
        if case.contact_name:
            told.setdefault(case.contact_name.casefold(), Person(case.contact_name, _contact(case)))
    came = [case for case in kept if case.request_state == RequestState.COMPLETED]
    written = Participant.objects.written().filter(visit__request__in=came).select_related("visit")
    for one in written.order_by("-visit__last_day", "pk"):
        told.setdefault(one.name.casefold(), Person(one.name, _came(one.role, one.visit.last_day)))
    return list(told.values())[:MOST_NAMED]


def _contact(case: VisitRequest) -> str:
    visit = getattr(case, "visit", None)
    if case.request_state == RequestState.COMPLETED and visit:
        return _came(case.contact_role, visit.last_day)
    now = _("asks now") if case.is_open else _("has asked")
    return f"{case.contact_role}. {now[:1].upper()}{now[1:]}" if case.contact_role else f"{now[:1].upper()}{now[1:]}"


def _came(role: str, last_day: date) -> str:
    was = _("Was here in %(year)d") % {"year": last_day.year}
    return f"{role}. {was}" if role else was


def best_known_by(cases: Iterable[VisitRequest]) -> Person | None:
    """Who of us knows them best: by the visits they have hosted here, then by what they have written; one query."""
    listed = list(cases)
    been = [case for case in listed if case.request_state == RequestState.COMPLETED and hasattr(case, "visit")]
    hosted = Counter(case.coordinator for case in been if case.coordinator)
    ours = Comment.objects.filter(request__in=listed, side=CommentSide.OURS, author__isnull=False)
    wrote = Counter(comment.author for comment in ours.select_related("author"))
    everybody: set[User] = {one for one in (*hosted, *wrote) if one is not None}
    if not everybody:
        return None
    best = max(everybody, key=lambda user: (hosted[user], wrote[user], -user.pk))
    return Person(str(best), _known(hosted[best], wrote[best]), is_ours=True)


def _known(visits: int, letters: int) -> str:
    parts = []
    if visits:
        parts.append(ngettext("%(count)d visit", "%(count)d visits", visits) % {"count": visits})
    if letters:
        parts.append(ngettext("%(count)d message", "%(count)d messages", letters) % {"count": letters})
    return _("Knows them best: %(what)s") % {"what": ", ".join(parts)}


def years_without_names(cases: Iterable[VisitRequest], today: date) -> list[int]:
    """The years of visits whose names are gone, the first one first."""
    been = (case for case in cases if case.request_state == RequestState.COMPLETED and hasattr(case, "visit"))
    return sorted({case.visit.last_day.year for case in been if not are_kept(case, today)})
