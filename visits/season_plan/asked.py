"""The requests that a plan is for, each with what it needs and the days that it could have."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from visits import feasibility, rules
from visits.choices import AskState, CompetenceLevel, MeetingLanguage, RequestState
from visits.models import Ask, PlaceOffer, Session, VisitRequest
from visits.optimum import DAY, NOBODY, NOWHERE, Place, Settled, Span, Visit
from visits.scheduling.load import NO_ANSWER
from visits.season_plan import coming
from visits.season_plan.calendar import Calendar
from visits.season_plan.coming import Row
from visits.season_plan.drawn import LEAD, ROOM, Case, Hour, Need, Standing
from visits.season_plan.house import House
from visits.season_plan.laying import Laid, laid_out, length, wished_length

S = RequestState
OPEN: Final = (S.SUBMITTED, S.IN_REVIEW, S.WAITLISTED)  # their days are still ours to suggest
FIRM: Final = (S.AGREED, S.CONFIRMED)  # theirs stand: only who leads what is open
STAND: Final = (*FIRM, S.COMPLETED)  # in the first week of a plan some may have been already


@dataclass(frozen=True)
class Wanted:
    """A request as it is planned: the case and its arithmetic."""

    case: Case
    visit: Visit
    before: Settled | None
    has_days: bool = False  # in these weeks, whether they can be had or not


def cases(last: date) -> QuerySet[VisitRequest]:
    """What waits for a place, and what has one and lacks somebody; with everything that is asked of them."""
    sessions = Session.objects.select_related("room", "offering").prefetch_related(
        Prefetch("asks", Ask.objects.exclude(state__in=NO_ANSWER).order_by("pk"), to_attr="told")
    )
    kept = Prefetch("place_offers", PlaceOffer.objects.taking_a_place(), to_attr="kept")
    return (
        VisitRequest.objects.sent()
        .filter(state__in=(*OPEN, *FIRM))
        .select_related("visit")
        .prefetch_related("wishes", "areas", "offerings", Prefetch("visit__sessions", sessions), kept)
        .order_by("pk")
    )


def wanted(request: VisitRequest, house: House, calendar: Calendar) -> Wanted | None:
    """What a request needs and could have; None when nothing of it is open, or none of its days lies in the season.

    Nothing is open either while days are kept for the guests until they answer. One that wishes for days of the season
    and can have none of them is planned all the same: it has no place then, and the plan says why.
    """
    if request.request_state in FIRM:
        return _firm(request, house, calendar)
    if coming.waits_for_an_answer(request):
        return None
    rows, (items, left) = _rows(request, house)
    needs = [(row, need, able) for row in rows for need, able in _needs(request, row, house)]
    first_days, places = coming.places(request, rows, calendar, [row for row, _need, _able in needs], house)
    shut = () if places else tuple(coming.shut(request, rows, calendar))
    if not needs or not (places or shut):
        return None
    case = Case(
        request=request.pk, version=request.version, name=request.organisation_name,
        first_days=tuple(day.isoformat() for day in first_days),
        earliest=coming.earliest(request).isoformat(), needs=tuple(need for _row, need, _able in needs),
        items=items, left=left,
        days=length(request) if items else len(request.visit.days), wished_days=wished_length(request),
        agenda=_hours(rows, house), interpreted=_interpreted(request, needs, house),
        refused=tuple(_refused(row.session, house) if need.role == LEAD else () for row, need, _able in needs),
        smaller=tuple(_smaller(request, row, need, house) for row, need, _able in needs),
        shut=shut, hours=tuple(Span(row.start, row.end, row.site) for row, _need, _able in needs) if shut else (),
    )  # fmt: skip
    visit = Visit(tuple(able for _row, _need, able in needs), tuple(places))
    has_days = hasattr(request, "visit") and calendar.origin <= request.visit.first_day <= calendar.last
    return Wanted(case, visit, _before(request, first_days, needs, house), has_days)


def _firm(request: VisitRequest, house: House, calendar: Calendar) -> Wanted | None:
    """A visit that stands: its sessions that nobody leads."""
    today = timezone.localdate()
    sessions = [
        one for one in request.visit.sessions.all()
        if one.needs_facilitator and not _live(one) and timezone.localdate(one.starts_at) > today
    ]  # fmt: skip
    inside = calendar.origin <= request.visit.first_day and request.visit.last_day <= calendar.last
    if not sessions or not inside:
        return None
    spoken = feasibility.spoken(request.meeting_language)
    refused = tuple(_refused(one, house) for one in sessions)
    able = tuple(
        _without(
            house.able(_areas(request, one), spoken, on=timezone.localdate(one.starts_at), level=one.level), refused[n]
        )
        for n, one in enumerate(sessions)
    )
    spans = tuple(calendar.span(one.starts_at, one.ends_at, _site(one)) for one in sessions)
    needs = tuple(Need(LEAD, one.title, one.pk) for one in sessions)
    rows = [_row(request, one) for one in request.visit.sessions.all()]
    wanting = [(_row(request, one), need, able[n]) for n, (one, need) in enumerate(zip(sessions, needs, strict=True))]
    case = Case(
        request.pk, request.version, request.organisation_name, (request.visit.first_day.isoformat(),),
        request.visit.first_day.isoformat(), needs,
        days=len(request.visit.days), is_firm=True,
        agenda=_hours(rows, house), interpreted=_interpreted(request, wanting, house), refused=refused,
    )  # fmt: skip
    return Wanted(case, Visit(able, (Place(0, spans),)), None)


def standing(calendar: Calendar, known: Iterable[VisitRequest]) -> tuple[Standing, ...]:
    """What takes a place in these weeks already, of which those `known` are read; one query for the others."""
    found = {one.pk: (one.organisation_name, one.state) for one in known}
    others = {pk for pk, _first, _last in calendar.taken} - found.keys()
    rows = VisitRequest.objects.filter(pk__in=others).order_by().values_list("pk", "organisation_name", "state")
    found |= {pk: (name, state) for pk, name, state in rows}
    return tuple(
        Standing(pk, name, first.isoformat(), last.isoformat(), state in STAND)
        for pk, first, last in calendar.taken
        for name, state in (found[pk],)
    )


def _live(session: Session) -> list[Ask]:
    """Who leads it, or is to, in the order in which they were asked."""
    return [ask for ask in _told(session) if ask.is_to_lead and ask.state in rules.LIVE_ASKS]


def _told(session: Session) -> list[Ask]:
    found: list[Ask] = getattr(session, "told", [])
    return found


def _refused(session: Session | None, house: House) -> tuple[int, ...]:
    """Who has said no to a session: nobody is asked for it again, but by somebody who has talked with them."""
    last = {ask.facilitator_id: ask.state for ask in _told(session)} if session else {}
    numbers = (house.person(pk) for pk, state in last.items() if state == AskState.DECLINED)
    return tuple(sorted(number for number in numbers if number is not None))


def _site(session: Session) -> int | None:
    return session.room.site_id if session.room else session.site_id


def _areas(request: VisitRequest, session: Session) -> set[int]:
    """What whoever leads has to know: of the session's offering, else of anything that was asked for."""
    if session.offering:
        return {session.offering.area_id}
    return {area.pk for area in request.areas.all()} | {offering.area_id for offering in request.offerings.all()}


def _rows(request: VisitRequest, house: House) -> tuple[list[Row], Laid]:
    """The agenda of a request; where it has none yet, one session for each thing on its list, one after another."""
    sessions = list(request.visit.sessions.all()) if hasattr(request, "visit") else []
    if sessions:
        return [_row(request, one) for one in sessions], Laid((), ())
    laid = laid_out(request)
    site = house.home(request.group_size or 1, step_free=request.pk in house.step_free)
    return [
        Row(
            one.title,
            one.day * DAY + one.minute,
            one.day * DAY + one.minute + one.minutes,
            item=n,
            areas=frozenset({one.area} if one.area else ()),
            site=site,
            title_sv=one.title_sv,
            is_theirs=one.is_theirs,
        )
        for n, one in enumerate(laid.items)
    ], laid


def _row(request: VisitRequest, session: Session) -> Row:
    begins = timezone.localtime(session.starts_at, rules.STOCKHOLM)
    start = (begins.date() - request.visit.first_day).days * DAY + begins.hour * 60 + begins.minute
    return Row(session.title, start, start + session.minutes, session, areas=frozenset(_areas(request, session)),
               site=_site(session))  # fmt: skip


def _needs(request: VisitRequest, row: Row, house: House) -> Iterator[tuple[Need, tuple[int, ...]]]:
    """Somebody who leads it, where it is ours, and a room, where it is held in one."""
    session = row.session
    if session.needs_facilitator if session else not row.is_theirs:
        able = _able(request, row, house, feasibility.spoken(request.meeting_language))
        yield Need(LEAD, row.title, session.pk if session else None, row.item, row.title_sv), able
    if session is None or session.room:
        step_free = request.pk in house.step_free
        seats = _seats(request, session)
        halls = house.halls(seats, step_free=step_free, site=row.site)
        if session is None:
            halls = house.at_ease(halls, *row.clock)
        yield Need(ROOM, row.title, session.pk if session else None, row.item, row.title_sv, seats), halls


def _seats(request: VisitRequest, session: Session | None) -> int:
    return (session.people if session else None) or request.group_size or 1


def _smaller(request: VisitRequest, row: Row, need: Need, house: House) -> tuple[int, ...]:
    """The rooms that would do if fewer came, the largest first."""
    if need.role != ROOM:
        return ()
    step_free = request.pk in house.step_free
    enough = house.halls(need.people, step_free=step_free, site=row.site)
    return tuple(hall for hall in reversed(house.halls(1, step_free=step_free, site=row.site)) if hall not in enough)


def _hours(rows: Iterable[Row], house: House) -> tuple[Hour, ...]:
    """When each session of an agenda is held, and in which room."""
    return tuple(
        Hour(one.session.pk, one.start, one.end, _hall(one.session, house), one.site) for one in rows if one.session
    )


def _hall(session: Session, house: House) -> int:
    room = house.room(session.room.pk) if session.room else None
    return NOBODY if room is None else room


def _interpreted(
    request: VisitRequest, needs: Iterable[tuple[Row, Need, Collection[int]]], house: House
) -> tuple[tuple[int, ...], ...]:
    """For each need who could lead it if the guests brought an interpreter, and cannot in their language."""
    either = feasibility.spoken(MeetingLanguage.INTERPRETER)
    if feasibility.spoken(request.meeting_language) >= either:
        return ()
    return tuple(
        tuple(one for one in _able(request, row, house, either) if one not in able) if need.role == LEAD else ()
        for row, need, able in needs
    )


def _able(request: VisitRequest, row: Row, house: House, spoken: Collection[str]) -> tuple[int, ...]:
    """Who can lead a session in one of these languages, and has not said no to it.

    Nobody knows yet which of the days it will be: who can do it on the last of them can on each.
    """
    last = max(coming.wished(request), default=timezone.localdate())
    on = last + timedelta(days=row.day_of(last))
    level = row.session.level if row.session else CompetenceLevel.LEADS
    return _without(house.able(row.areas, spoken, on=on, level=level), _refused(row.session, house))


def _without(people: Iterable[int], refused: Collection[int]) -> tuple[int, ...]:
    return tuple(one for one in people if one not in refused)


def _before(
    request: VisitRequest,
    first_days: Sequence[date],
    needs: Sequence[tuple[Row, Need, Collection[int]]],
    house: House,
) -> Settled | None:
    """The agenda as it stands, where it has days: on one of those that it could have, or on none of them."""
    if not hasattr(request, "visit"):
        return None
    now = request.visit.first_day
    place = first_days.index(now) if now in first_days else NOWHERE
    return Settled(place, tuple(_now(row, need, house) for row, need, _able in needs))


def _now(row: Row, need: Need, house: House) -> int:
    """Who is down for a session now, or which room it has."""
    if row.session is None:
        return NOBODY
    if need.role == ROOM:
        number = house.room(row.session.room.pk) if row.session.room else None
    else:
        asks = _live(row.session)
        number = house.person(asks[0].facilitator_id) if asks else None
    return NOBODY if number is None else number
