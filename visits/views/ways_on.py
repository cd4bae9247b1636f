"""The ways on from a no, as true as step «when»: days that were offered are looked up again when they are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from django.utils import timezone

from visits import feasibility, story, words
from visits.choices import AlternativeKind, RequestState
from visits.feasibility import Fit, WayKind
from visits.models import Alternative, VisitRequest
from visits.season import week_of
from visits.story import WayOn
from visits.views import fits

LOOKED_UP: Final = (AlternativeKind.OTHER_WEEK, AlternativeKind.FESTIVAL)


def ways_on(visit_request: VisitRequest) -> dict[str, WayOn]:
    """What one press on the page of a no can do, by the key that it sends; nothing in any other state.

    Days that cannot be planned any more give way to the nearest that can, under a key of its
    own: whoever pressed an older page is shown the new one. Fourteen queries at most.
    """
    if visit_request.request_state != RequestState.DECLINED:
        return {}
    offered = list(visit_request.alternatives.order_by("pk"))
    if not any(one.kind in LOOKED_UP for one in offered):
        return {str(one.pk): story.way_on(one) for one in offered}
    return _LookedUp(visit_request, offered).ways()


class _LookedUp:
    def __init__(self, visit_request: VisitRequest, offered: Sequence[Alternative]) -> None:
        self.offered = offered
        days = [one.first_day for one in offered if one.first_day]
        today = timezone.localdate()
        middle = days[0] if days else visit_request.first_choice or today
        wants = feasibility.wants_of(visit_request)
        self.found = feasibility.around(wants, middle, others=days, asked_on=today)
        again = visit_request.history.filter(what="asked_again").values_list("detail", flat=True)
        self.asked = {date.fromisoformat(detail["day"]): detail["reference"] for detail in again}
        self.told = {week_of(day) for day in days if self._stands(day)}

    def ways(self) -> dict[str, WayOn]:
        return dict(self._way(one) for one in self.offered)

    def _way(self, one: Alternative) -> tuple[str, WayOn]:
        if one.kind == AlternativeKind.FESTIVAL:
            return str(one.pk), self._festival(story.way_on(one))
        if one.kind == AlternativeKind.OTHER_WEEK and one.first_day:
            return self._other_week(str(one.pk), one.first_day)
        return str(one.pk), story.way_on(one)

    def _festival(self, way: WayOn) -> WayOn:
        near = next((other for other in self.found.elsewhere() if other.kind is WayKind.FESTIVAL), None)
        if near is None or near.first_day is None:
            return way
        return replace(way, detail=f"{words.day_range(near.first_day, near.last_day)}. {way.detail}")

    def _other_week(self, key: str, day: date) -> tuple[str, WayOn]:
        if self._stands(day):
            return key, self._from(day)
        gone = story.not_open_now(day, self._last(day))
        instead = self._instead(day)
        if instead:
            self.told.add(week_of(instead))
            way = self._from(instead)
            return f"{key}:{instead.isoformat()}", replace(way, detail=f"{gone} {way.detail}")
        if self.found.may_be_asked_for(day):
            return key, self._from(day)
        return key, story.no_other_week(day, self._last(day))

    def _stands(self, day: date) -> bool:
        return day in self.asked or self.found.can_be_planned(day)

    def _from(self, day: date) -> WayOn:
        last = self._last(day)
        if day in self.asked:
            return story.asked_again(day, last, self.asked[day])
        days = words.day_range(day, last)
        return story.other_week(day, last, fits.verdict_words(self.found, day, when=days))

    def _instead(self, day: date) -> date | None:
        """The nearest day that can be planned, in a week of its own: an open one, failing that a tight one."""
        near = (other for fit in (Fit.OPEN, Fit.TIGHT) for other in self.found.near(day, fit))
        return next((other for other in near if week_of(other) not in self.told), None)

    def _last(self, day: date) -> date:
        return self.found.answering.stay(day)[-1]
