"""What can be offered instead, when a request cannot be met as it was asked: the ways on that are true now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import feasibility, rules, season, words
from visits.choices import AlternativeKind
from visits.feasibility import Fit, Outlook, Way
from visits.models import Alternative, Facilitator, VisitRequest

OTHER_WEEKS: Final = 2


@dataclass(frozen=True)
class Offer:
    """One thing to offer: what the guests would read, and why it is on the list.

    A week has its first day, and how well it fits: open, or tight with the condition told in `why`.
    """

    kind: AlternativeKind
    title: str
    why: str
    first_day: date | None = None
    fit: Fit | None = None

    @property
    def key(self) -> str:
        """How the form names it: «other_week:2027-03-09», «digital»."""
        return f"{self.kind}:{self.first_day.isoformat()}" if self.first_day else str(self.kind)

    def as_alternative(self) -> Alternative:
        """What is kept. Its words are said anew in the language of whoever reads it."""
        return Alternative(kind=self.kind, first_day=self.first_day)


def offers_for(visit_request: VisitRequest) -> list[Offer]:
    """Weeks in which just this visit can be planned now, and what needs no week of ours; thirteen queries at most.

    First the other days that they wished for, then the nearest other weeks, open ones before
    tight ones. The festival is there when one is in sight.
    """
    today = timezone.localdate()
    wishes = [wish.first_day for wish in visit_request.wishes.all()]
    asked_for = wishes[0] if wishes else rules.earliest_first_day(today)
    found = feasibility.around(feasibility.wants_of(visit_request), asked_for, others=wishes[1:], asked_on=today)
    ways = ((way, way.kind.alternative) for way in found.elsewhere())
    return [*_weeks(found, asked_for, wishes[1:]), *(_elsewhere(way, kind) for way, kind in ways if kind)]


def _weeks(found: Outlook, asked_for: date, other_wishes: list[date]) -> list[Offer]:
    own = [day for day in other_wishes if found.can_be_planned(day)]
    weeks = {season.week_of(day) for day in other_wishes}
    others = (day for day in found.in_other_weeks(asked_for) if season.week_of(day) not in weeks)
    days = [*own, *islice(others, OTHER_WEEKS)]
    leaders = {day: [pk for session in found.plan(day) for pk in session.leaders] for day in days}
    names = _names({pk for led in leaders.values() for pk in led})
    return [_week(found, day, own=day in own, names=[names[pk] for pk in dict.fromkeys(leaders[day])]) for day in days]


def _names(leaders: Iterable[int]) -> dict[int, str]:
    people = Facilitator.objects.filter(pk__in=leaders).select_related("user")
    return {person.pk: person.name for person in people}


def _week(found: Outlook, first: date, *, own: bool, names: list[str]) -> Offer:
    fit = found.verdict(first).fit
    why = [
        _("Their own other wish.") if own else "",
        _room(found, first) if fit is Fit.OPEN else found.words(first),
        _("%(names)s could lead it.") % {"names": feasibility.telling.listed(names)} if names else "",
    ]
    title = _("%(days)s, week %(week)d") % {
        "days": words.day_range(first, found.answering.stay(first)[-1]),
        "week": words.week(first),
    }
    return Offer(AlternativeKind.OTHER_WEEK, title, " ".join(part for part in why if part), first, fit)


def _room(found: Outlook, first: date) -> str:
    fits = _("Everything on their list fits.") if found.answering.is_about_something else ""
    left = found.answering.places_left(first)
    places = ngettext("%(count)d place left that week.", "%(count)d places left that week.", left) % {"count": left}
    return f"{fits} {places}".strip()


def _elsewhere(way: Way, kind: AlternativeKind) -> Offer:
    why = {
        AlternativeKind.DIGITAL: _("No travel, and no room. A good way to begin."),
        AlternativeKind.FESTIVAL: _("They come to Jönköping as participants. Registration is theirs to do."),
        AlternativeKind.FELLOWSHIP: _("For those who want a longer relation: 10 to 12 months, begun at the festival."),
    }[kind]
    title = str(kind.label)
    if way.first_day:
        title = f"{title}, {words.day_range(way.first_day, way.last_day)}"
    return Offer(kind, title, why)
