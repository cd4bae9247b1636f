"""The triage aid: five questions about a request, each with its points and the reason in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programmes.models import Area
from visits import season
from visits.choices import Criterion, MeetingLanguage
from visits.foresight import points
from visits.foresight.past import Past
from visits.models import TriageWeight, VisitRequest
from visits.noticing.clues import brings_nothing
from visits.planning.checks import LANGUAGES, House
from visits.planning.told import spare_words

C = Criterion
Reasoned = tuple[float, str]


@dataclass(frozen=True)
class Answer:
    """One question of the aid: its points of how many, and why."""

    question: str
    points: int
    most: int
    why: str


@dataclass(frozen=True)
class Aid:
    """All of it. A help to look at what is easily forgotten: it decides nothing and sorts nothing."""

    answers: Sequence[Answer]

    @property
    def points(self) -> int:
        return sum(answer.points for answer in self.answers)

    @property
    def most(self) -> int:
        return sum(answer.most for answer in self.answers)


def aid_for(case: VisitRequest, house: House, past: Past) -> Aid:
    """The aid for a request whose wishes, areas and offerings came with it; one query, or two."""
    weights = points.weights(dict(TriageWeight.objects.values_list("criterion", "points")))
    reasoned: dict[Criterion, Reasoned] = {
        C.FIT: _fit(case, house), C.OFFER: _offer(case), C.PARTNER: _partner(case, past), C.ROOM: _room(case, house),
        C.TIME: _time(case),
    }  # fmt: skip
    return Aid([
        Answer(str(criterion.label), points.weighed(share, weights[criterion]), weights[criterion], why)
        for criterion, (share, why) in reasoned.items()
    ])  # fmt: skip


def _fit(case: VisitRequest, house: House) -> Reasoned:
    asked = {area.pk for area in case.areas.all()} | {offering.area_id for offering in case.offerings.all()}
    if not asked:
        return points.fit([], []), _("They have chosen no area, so we cannot say.")
    spoken = LANGUAGES.get(MeetingLanguage(case.meeting_language or MeetingLanguage.ENGLISH))
    able = [person for person in house.people.values() if spoken is None or spoken & person.languages]
    led = {area for person in able for area in person.areas & asked}
    return points.fit(asked, led), _fit_words(asked, led)


def _fit_words(asked: set[int], led: set[int]) -> str:
    if asked <= led:
        return _("Somebody of ours can lead every area that they ask for, in their language.")
    missing = Area.objects.filter(pk__in=asked - led)
    return _("Nobody of ours leads this in their language: %(areas)s.") % {"areas": ", ".join(map(str, missing))}


def _offer(case: VisitRequest) -> Reasoned:
    if brings_nothing(case.brings, case.gifts):
        return 0.0, _("They have not said yet what they bring.")
    told = {
        _("of what kind it is"): bool(case.gifts),
        _("how long it takes"): bool(case.own_time),
        _("who tells it"): bool(case.teller),
    }
    said, unsaid = ([name for name, is_told in told.items() if is_told == wanted] for wanted in (True, False))
    share = points.offer(
        brings_something=True, is_described=bool(case.gifts), has_time=bool(case.own_time), has_teller=bool(case.teller)
    )
    sentence = _("They bring something of their own.")
    if said:
        sentence += " " + _("They say %(what)s.") % {"what": ", ".join(said)}
    if unsaid:
        sentence += " " + _("Not said yet: %(what)s.") % {"what": ", ".join(unsaid)}
    return share, sentence


def _partner(case: VisitRequest, past: Past) -> Reasoned:
    if not past.visits:
        return 0.0, _("Their first visit: that is no fault, only nothing to build on.")
    told = ngettext("They have been here %(count)d time.", "They have been here %(count)d times.", past.visits)
    return points.partner(past.visits), told % {"count": past.visits}


def _room(case: VisitRequest, house: House) -> Reasoned:
    weeks = {season.week_of(wish.first_day) for wish in case.wishes.all()}
    if not weeks:
        return 0.0, _("No day has been wished for.")
    loads = {week: house.load_beside(week, case.pk) for week in sorted(weeks)}
    best = min(loads, key=lambda week: loads[week])
    told = _("Of the weeks that they wish for, week %(week)d is the emptiest: %(load)d of %(most)d visits.")
    values = {"week": best.number, "load": loads[best], "most": season.capacity()}
    return points.room(list(loads.values()), season.capacity()), told % values


def _time(case: VisitRequest) -> Reasoned:
    spare = case.days_to_spare
    if spare is None:
        return 0.0, _("No day has been wished for.")
    plenty = _("All points from %(days)s on.") % {"days": spare_words(points.PLENTY_OF_TIME)}
    return points.time(spare), f"{spare_words(spare)}. {plenty}"
