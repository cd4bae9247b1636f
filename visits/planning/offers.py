"""What can be offered instead, when a request cannot be met as it was asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import rules, season, words
from visits.choices import AlternativeKind, Length
from visits.models import Alternative, VisitRequest

WEEKS_AHEAD: Final = 26
FREE_WEEKS: Final = 2
PREFERRED_WEEKDAY: Final = 1  # Tuesday: nobody travels on a Sunday to be here


@dataclass(frozen=True)
class Offer:
    """One thing to offer: what the guests would read, and why it is on the list."""

    kind: AlternativeKind
    title: str
    why: str
    first_day: date | None = None

    @property
    def key(self) -> str:
        """How the form names it: «other_week:2027-03-09», «digital»."""
        return f"{self.kind}:{self.first_day.isoformat()}" if self.first_day else str(self.kind)

    def as_alternative(self) -> Alternative:
        return Alternative(kind=self.kind, first_day=self.first_day, words=self.title)


def offers_for(visit_request: VisitRequest) -> list[Offer]:
    """Weeks that are free now, their own other wishes first, and what needs no week of ours."""
    return [
        *_weeks(visit_request),
        Offer(AlternativeKind.DIGITAL, _("One hour on screen"), _("No travel, and no room. A good way to begin.")),
        Offer(AlternativeKind.FESTIVAL, _("The Microsystem Festival"),
              _("They come to Jönköping as participants. Registration is theirs to do.")),
        Offer(AlternativeKind.FELLOWSHIP, _("Fellowship at Qulturum"),
              _("For those who want a longer relation: 10 to 12 months, begun at the festival.")),
    ]  # fmt: skip


def _weeks(visit_request: VisitRequest) -> list[Offer]:
    today = timezone.localdate()
    start = max(rules.earliest_first_day(today), today)
    last = start + timedelta(weeks=WEEKS_AHEAD)
    wishes = [wish.first_day for wish in visit_request.wishes.all() if start <= wish.first_day]
    open_days = season.day_states(start, max([last, *wishes]) + timedelta(days=rules.MAX_DAYS + 2), asked_on=today)
    loads = season.week_loads(start, max([last, *wishes]))
    own = [day for day in wishes[1:] if _is_open(visit_request, day, open_days)]
    found = [_offer(visit_request, day, loads, own=True) for day in own]
    taken = {season.week_of(day) for day in wishes}
    for week in range(WEEKS_AHEAD):
        day = _tuesday(start) + timedelta(weeks=week)
        if len(found) >= FREE_WEEKS + len(wishes[1:]) or len(found) > FREE_WEEKS:
            break
        if season.week_of(day) not in taken and _is_open(visit_request, day, open_days):
            found.append(_offer(visit_request, day, loads, own=False))
    return found


def _is_open(visit_request: VisitRequest, first: date, states: dict[date, season.DayState]) -> bool:
    last = rules.last_day(first, Length(visit_request.length or Length.ONE))
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return all(states[day].kind == season.DayKind.OPEN for day in days if day.weekday() <= 4 and day in states)


def _offer(visit_request: VisitRequest, first: date, loads: dict[season.Week, int], *, own: bool) -> Offer:
    last = rules.last_day(first, Length(visit_request.length or Length.ONE))
    left = season.capacity() - loads.get(season.week_of(first), 0)
    places = ngettext("%(count)d place left that week.", "%(count)d places left that week.", left) % {"count": left}
    title = _("%(days)s, week %(week)d") % {"days": words.day_range(first, last), "week": words.week(first)}
    wished = _("Their own other wish.")
    why = f"{wished} {places}" if own else places
    return Offer(AlternativeKind.OTHER_WEEK, title, why, first)


def _tuesday(day: date) -> date:
    return day + timedelta(days=(PREFERRED_WEEKDAY - day.weekday()) % 7)
