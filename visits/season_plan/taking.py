"""Taking a plan, whole or in part: days, rooms and who is put down to lead, all of it or nothing.

Guests are told nothing by it. Whoever is put down is asked when they have said yes, as always, and at once where a
visit stands already and lacks them, or a gathering does.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from programmes.models import Area, Offering
from visits import planning, scheduling, workflow
from visits.choices import PlanState, RequestState, SessionKind
from visits.models import (
    Ask,
    Booking,
    Facilitator,
    Gathering,
    PlaceOffer,
    Room,
    SeasonPlan,
    Session,
    User,
    VisitRequest,
)
from visits.season_plan.asking import PlanNotMade
from visits.season_plan.changes import Change, changes
from visits.season_plan.drawn import LEAD, ROOM, Drawn, Item, Need
from visits.season_plan.found import Found, drawn_of, found_of

REFUSALS = (planning.PlanRefused, workflow.MoveRefused, scheduling.Clash, scheduling.AskRefused)


@scheduling.retry_deadlocks
@transaction.atomic
def take(plan: SeasonPlan, chosen: Collection[int], *, by: User) -> list[Change]:
    """Do what a plan says of the requests `chosen`, by their numbers in it; what was done.

    Raises PlanNotMade when the plan is not there to be taken any more, when nothing was chosen, or when the world has
    moved on: it says for which request and why, and then nothing has happened.
    """
    if not SeasonPlan.objects.filter(pk=plan.pk, state=PlanState.READY).update(
        state=PlanState.TAKEN, closed_by=by, closed_at=timezone.now()
    ):
        raise PlanNotMade(_("This plan has been taken or put aside already."))
    now = SeasonPlan.objects.get(pk=plan.pk)
    drawn, found = drawn_of(now), found_of(now)
    wanted = [one for one in changes_of(drawn, found) if one.number in chosen] if found else []
    if not wanted or found is None:
        raise PlanNotMade(_("Choose at least one change, or put the plan aside."))
    takers = [_taker(one, drawn, found, by) for one in wanted]
    # What one request lets go, another may be about to take.
    for taker in takers:
        _done(taker, taker.let_go)
    for taker in takers:
        _done(taker, taker.take)
    found = replace(found, taken={one.number: one.was for one in wanted})
    SeasonPlan.objects.filter(pk=plan.pk).update(found=found.to_json())
    return wanted


def _done(taker: _Taken, step: Callable[[], None]) -> None:
    """Take a step; what refuses it is told with the name of the request."""
    try:
        step()
    except REFUSALS as why:
        raise PlanNotMade(f"{taker.change.case.called}: {why}") from why


def _taker(change: Change, drawn: Drawn, found: Found, by: User) -> _Taken:
    return _Taker(change, drawn, found, by) if change.case.gathering is None else _Manned(change, by)


def changes_of(drawn: Drawn, found: Found) -> list[Change]:
    """What a plan changes of what stands now, and what it has changed of what stood; one query."""
    keys = [case.request for case in drawn.cases]
    rows = VisitRequest.objects.filter(pk__in=keys, visit__isnull=False).order_by()
    now: dict[int, date | None] = dict(rows.values_list("pk", "visit__first_day"))
    now |= {drawn.cases[number].request: was for number, was in found.taken.items()}
    return changes(drawn, found, now)


class _Taken(ABC):
    """What a plan changes, on its way from what stands to what the plan says."""

    change: Change

    @abstractmethod
    def let_go(self) -> None:
        """What the plan gives to another."""

    @abstractmethod
    def take(self) -> None:
        """What the plan gives to this one."""


class _Manned(_Taken):
    """A gathering whose people, as the plan has them, are asked."""

    def __init__(self, change: Change, by: User) -> None:
        self.change, self.by = change, by
        self.gathering = Gathering.objects.select_for_update(no_key=True).filter(pk=change.case.gathering or 0).first()

    def let_go(self) -> None:
        """Nobody is let go of; but it has to be at the time for which the plan was made."""
        if self.gathering is None or self.gathering.sequence != self.change.case.version:
            raise workflow.MoveRefused(_("this gathering has been changed since the plan was made. Plan again."))
        if self.gathering.ends_at <= timezone.now():
            raise workflow.MoveRefused(_("It is over, so nobody can be asked any more."))
        if self.gathering.asks.live().count() + len(self.change.leaders) > self.gathering.facilitators_needed:
            raise workflow.MoveRefused(_("somebody else helps at this gathering, or is asked, by now. Plan again."))

    def take(self) -> None:
        if self.gathering is not None:
            chosen = [step.after for step in self.change.leaders]
            people = Facilitator.objects.select_related("user").filter(pk__in=chosen)
            scheduling.ask_more_people(self.gathering, people, by=self.by)


class _Taker(_Taken):
    """One request on its way from what stands to what the plan says."""

    def __init__(self, change: Change, drawn: Drawn, found: Found, by: User) -> None:
        self.change, self.by = change, by
        self.filled = list(zip(change.case.needs, self._rows(drawn, found), strict=True))
        self.request = VisitRequest.objects.select_for_update(of=("self",)).get(pk=change.case.request)

    def _rows(self, drawn: Drawn, found: Found) -> Iterator[int]:
        return (drawn.row_of(resource) for resource in found.plan[self.change.number].resources)

    def let_go(self) -> None:
        """What the plan gives to another: rooms of what moves or changes, and who is put down instead of whom."""
        if self.request.version != self.change.case.version:
            raise workflow.MoveRefused(_("this request has been changed since the plan was made. Plan again."))
        if PlaceOffer.objects.waiting().filter(request=self.request).exists():
            raise workflow.MoveRefused(_("days are kept for these guests until they answer. Plan again."))
        for step in self.change.leaders:
            for ask in Ask.objects.live().filter(session=step.need.session, facilitator=step.before):
                scheduling.withdraw_ask(ask, by=self.by)
        rooms = self.change.case.needs if self.change.is_moved else [step.need for step in self.change.rooms]
        sessions = [need.session for need in rooms if need.role == ROOM and need.session]
        Booking.objects.filter(session__in=sessions, room__isnull=False).delete()
        Session.objects.filter(pk__in=sessions).update(room=None)

    def take(self) -> None:
        """The days, the agenda where there is none yet, the rooms, and who leads what."""
        if not self.change.case.is_firm:
            self._take_up()
            self._days()
        sessions = {n: self._make(item) for n, item in enumerate(self.change.case.items)}
        for need, row in self.filled:
            session = sessions[need.item] if need.session is None else Session.objects.get(pk=need.session)
            if need.role == ROOM:
                self._place(session, Room.objects.get(pk=row))
        for need, row in self._to_put_down():
            session = sessions[need.item] if need.session is None else Session.objects.get(pk=need.session)
            who = Facilitator.objects.select_related("user").get(pk=row)
            planning.put_down(session, who, by=self.by, ask_now=self.change.case.is_firm)

    def _to_put_down(self) -> Iterable[tuple[Need, int]]:
        changed = {id(step.need) for step in self.change.steps}
        return [(need, row) for need, row in self.filled if need.role == LEAD and id(need) in changed]

    def _take_up(self) -> None:
        """A request that nobody has taken, or that waits in the line, is in review from now on."""
        if self.request.request_state == RequestState.SUBMITTED:
            workflow.claim(self.request, by=self.by, seen=self.request.version)
        elif self.request.request_state == RequestState.WAITLISTED:
            workflow.resume(self.request, by=self.by, seen=self.request.version)
        self.request.refresh_from_db()

    def _days(self) -> None:
        visit = getattr(self.request, "visit", None)
        if visit is not None and visit.first_day == self.change.day:
            return
        last = self.change.case.last_day(self.change.day)
        title = visit.title if visit else ""
        planning.choose_days(
            self.request, first_day=self.change.day, last_day=last, title=title, by=self.by, seen=self.request.version
        )
        self.request = VisitRequest.objects.select_related("visit").get(pk=self.request.pk)

    def _make(self, item: Item) -> Session:
        """A session of the agenda, in the language of the guests."""
        starts_at = item.moment(self.change.day)
        session = Session(
            kind=SessionKind.GUEST if item.is_theirs else SessionKind.HOST,
            title=_title(item, self.request.language), offering_id=item.offering,
            teller=self.request.teller if item.is_theirs else "",
            starts_at=starts_at, ends_at=starts_at + timedelta(minutes=item.minutes),
        )  # fmt: skip
        made = planning.add_session(self.request, session, by=self.by, seen=self.request.version)
        self.request.refresh_from_db(fields=["version"])
        return made

    def _place(self, session: Session, room: Room) -> None:
        if session.room_id == room.pk:
            return
        session.room = room
        planning.change_session(session, by=self.by, seen=self._version())

    def _version(self) -> int:
        self.request.refresh_from_db(fields=["version"])
        return self.request.version


def _title(item: Item, language: str) -> str:
    if item.area is None:
        return item.title_sv if language == "sv" else item.title
    named = Offering.objects.filter(pk=item.offering) if item.offering else Area.objects.filter(pk=item.area)
    found = named.values_list("name_sv" if language == "sv" else "name_en", flat=True).first()
    return str(found or item.title)
