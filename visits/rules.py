"""What Qulturum has decided, as plain Python: no queries, no clock, no settings."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from visits.choices import AskState, Length, RequestState, Turn

S = RequestState
DAY: Final = timedelta(days=1)

STOCKHOLM: Final = ZoneInfo("Europe/Stockholm")
LEAD_TIME_MONTHS: Final = 3
HORIZON_MONTHS: Final = 18
MAX_WISHES: Final = 5
MAX_GROUP: Final = 60
MAX_DAYS: Final = 5  # weekends between them not counted
MAX_SPAN: Final = 7  # five days with a weekend between them
SMALLEST_SUM_SHOWN: Final = 3  # fewer could be read as a person: those who plan food and rooms see them alone
WAIVER_REASON_LENGTH: Final = 20

MOVES: Final[dict[RequestState, frozenset[RequestState]]] = {
    S.DRAFT: frozenset({S.UNVERIFIED, S.EXPIRED}),
    S.UNVERIFIED: frozenset({S.SUBMITTED, S.DRAFT, S.EXPIRED}),
    S.SUBMITTED: frozenset({S.IN_REVIEW, S.DECLINED, S.WITHDRAWN}),
    S.IN_REVIEW: frozenset({S.INFO_REQUESTED, S.WAITLISTED, S.PROPOSED, S.DECLINED, S.WITHDRAWN}),
    S.INFO_REQUESTED: frozenset({S.IN_REVIEW, S.DECLINED, S.WITHDRAWN, S.EXPIRED}),
    S.WAITLISTED: frozenset({S.IN_REVIEW, S.DECLINED, S.WITHDRAWN}),
    S.PROPOSED: frozenset({S.AGREED, S.IN_REVIEW, S.DECLINED, S.WITHDRAWN}),
    S.AGREED: frozenset({S.CONFIRMED, S.IN_REVIEW, S.CANCELLED}),
    S.CONFIRMED: frozenset({S.COMPLETED, S.IN_REVIEW, S.CANCELLED}),
    S.COMPLETED: frozenset(),
    S.DECLINED: frozenset({S.IN_REVIEW}),
    S.WITHDRAWN: frozenset({S.IN_REVIEW}),
    S.CANCELLED: frozenset(),
    S.EXPIRED: frozenset({S.IN_REVIEW}),
}

# Many deeds lead to a review; each of them only from its own states.
TO_REVIEW: Final[dict[str, frozenset[RequestState]]] = {
    "claimed": frozenset({S.SUBMITTED}),
    "answered": frozenset({S.INFO_REQUESTED}),
    "resumed": frozenset({S.INFO_REQUESTED, S.WAITLISTED, S.PROPOSED}),
    "change_wanted": frozenset({S.PROPOSED}),
    "place_taken": frozenset({S.WAITLISTED}),
    "other_days_chosen": frozenset({S.WAITLISTED}),
    "proposal_lapsed": frozenset({S.PROPOSED}),
    "to_be_moved": frozenset({S.AGREED, S.CONFIRMED}),
    "move_wanted": frozenset({S.AGREED, S.CONFIRMED}),
    "reopened": frozenset({S.DECLINED, S.WITHDRAWN, S.EXPIRED}),
}

TURNS: Final[dict[RequestState, Turn]] = {
    S.DRAFT: Turn.VISITOR,
    S.UNVERIFIED: Turn.VISITOR,
    S.SUBMITTED: Turn.OURS,
    S.IN_REVIEW: Turn.OURS,
    S.INFO_REQUESTED: Turn.VISITOR,
    S.WAITLISTED: Turn.OURS,
    S.PROPOSED: Turn.VISITOR,
    S.AGREED: Turn.OURS,
    S.CONFIRMED: Turn.TOGETHER,
    S.COMPLETED: Turn.TOGETHER,
    S.DECLINED: Turn.NOBODY,
    S.WITHDRAWN: Turn.NOBODY,
    S.CANCELLED: Turn.NOBODY,
    S.EXPIRED: Turn.NOBODY,
}

UNSENT: Final = (S.DRAFT, S.UNVERIFIED)
ENDED: Final = (S.DECLINED, S.WITHDRAWN, S.CANCELLED, S.EXPIRED)
OPEN: Final = tuple(state for state in S if TURNS[state] != Turn.NOBODY and state not in (*UNSENT, S.COMPLETED))
PLANNABLE: Final = (S.IN_REVIEW, S.PROPOSED, S.AGREED, S.CONFIRMED)
STANDING: Final = (S.AGREED, S.CONFIRMED)
PUT_ASIDE: Final = (S.SUBMITTED, S.IN_REVIEW, S.AGREED, S.WAITLISTED)  # where it is for us to move
MOST_DAYS_ASIDE: Final = 60
CHANGEABLE: Final = (S.SUBMITTED, S.IN_REVIEW, S.INFO_REQUESTED, S.WAITLISTED)  # until planning has begun

# Days that each state may last before its due moment; working days where we are
# the ones to move, calendar days where the visitor is.
WORKING_DAYS_TO_MOVE: Final = {S.SUBMITTED: 5, S.IN_REVIEW: 10, S.AGREED: 5, S.WAITLISTED: 20}
DAYS_TO_MOVE: Final = {S.DRAFT: 30, S.UNVERIFIED: 7, S.INFO_REQUESTED: 14, S.PROPOSED: 14}
EXPIRES: Final = (S.DRAFT, S.UNVERIFIED, S.INFO_REQUESTED)
WORKING_DAYS_TO_MAKE_UP: Final = 5  # when we are late: from the day that passed to the next that we name
DAYS_TO_ANSWER_ASK: Final = 7
LEAST_DAYS_TO_ANSWER_ASK: Final = 1  # with less than a day left nobody is asked by the portal itself
DAYS_TO_CHOOSE_INSTEAD: Final = 10  # another week that goes with a no is kept so long
DAYS_TO_ANSWER_PLACE: Final = 7  # a place in the waiting list is kept so long
BETWEEN_ROUNDS_OF_THE_LINE: Final = timedelta(minutes=15)
LEAST_TIME_TO_PREPARE: Final = timedelta(days=28)  # no place in the line is offered closer than this
IMPORT_KEPT: Final = timedelta(hours=12)  # a list of requests between its preview and the press
UNDO_ANSWER: Final = timedelta(minutes=10)
LINK_LIFE_AFTER_VISIT: Final = timedelta(days=400)  # the last follow-up is a year after the visit
SAVED_DAYS_BEFORE: Final = 7  # from when on a phone keeps the pages of a visit for when it has no network
SAVED_DAYS_AFTER: Final = 1
SAVED_FORGOTTEN_DAYS: Final = 7  # after the last day a saved page is not shown any more, wherever it lies
SAME_MESSAGE: Final = timedelta(minutes=1)
ROOM_OPEN_DAYS: Final = 90  # after the last day; then a visit's room is read and not written in
ROOM_FILE_BYTES: Final = 10 * 1024 * 1024
CLOSE_OF_DAY: Final = time(17, 0)

LENGTH_DAYS: Final = {
    Length.HALF: 1, Length.ONE: 1, Length.TWO: 2, Length.THREE: 3, Length.FOUR: 4, Length.FIVE: 5, Length.UNSURE: 1,
}  # fmt: skip
OPEN_ASKS: Final = (AskState.PLANNED, AskState.ASKED)
LIVE_ASKS: Final = (AskState.PLANNED, AskState.ASKED, AskState.ACCEPTED)


def may_ask_on(session_day: date, today: date) -> bool:
    """Whether a session lies so far ahead that somebody asked today has a day to answer before the day before it."""
    return session_day - DAY >= today + timedelta(days=LEAST_DAYS_TO_ANSWER_ASK)


def earliest_first_day(asked_on: date) -> date:
    """The first day on which a visit asked for on `asked_on` may begin.

    Three calendar months, clamped to the month's end: 30 November gives the last
    day of February. Source: a request reaches Qulturum at least three months in
    advance, since every meeting is prepared individually.
    """
    return _months_later(asked_on, LEAD_TIME_MONTHS)


def latest_first_day(asked_on: date) -> date:
    """The last day that can be wished for: we do not plan further than 18 months."""
    return _months_later(asked_on, HORIZON_MONTHS)


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def in_time(first_days: Iterable[date], *, asked_on: date) -> bool:
    """Whether every wished first day keeps the three months; equal is in time."""
    earliest = earliest_first_day(asked_on)
    return all(day >= earliest for day in first_days)


def days_to_spare(first_day: date, *, asked_on: date) -> int:
    """Days between the earliest possible day and the wished one; negative is too soon."""
    return (first_day - earliest_first_day(asked_on)).days


def may_be_changed(state: RequestState, *, planning_has_begun: bool) -> bool:
    """Whether the guests may still write a sent request anew by themselves.

    Planning has begun once there are days, a programme that was proposed, or a place that is kept.
    """
    return state in CHANGEABLE and not planning_has_begun


def earliest_changed_day(wished: Collection[date], *, today: date) -> date:
    """The first day to which a sent request that wishes for these days may be changed on `today`.

    A day earlier than all of them is asked for anew and keeps the three months from today; a later
    one was prepared for in time, and need only lie ahead.
    """
    anew = earliest_first_day(today)
    return min(anew, max(min(wished), today + DAY)) if wished else anew


def changed_in_time(days: Iterable[date], *, wished: Collection[date], today: date) -> bool:
    """Whether each of the days that a sent request is changed to was wished for before, or is in time now."""
    earliest = earliest_changed_day(wished, today=today)
    return all(day in wished or day >= earliest for day in days)


def last_day_to_ask_for(first_day: date) -> date:
    """A day on which `first_day` could still be asked for, three calendar months before it."""
    return _months_later(first_day, -LEAD_TIME_MONTHS)


def may_move(old: RequestState, new: RequestState, deed: str = "") -> bool:
    """Whether the table allows the step, and whether it is one that this deed takes."""
    return new in MOVES[old] and (new != S.IN_REVIEW or not deed or old in TO_REVIEW[deed])


def may_put_aside(state: RequestState, until: date, *, today: date) -> bool:
    """Whether a request may leave our list until a day: when it is for us to move, and not for ever."""
    return state in PUT_ASIDE and is_near_enough_aside(until, today=today)


def is_near_enough_aside(until: date, *, today: date) -> bool:
    """Whether something may wait until a day: from tomorrow on, and not too long."""
    return DAY <= until - today <= MOST_DAYS_ASIDE * DAY


def turn(state: RequestState) -> Turn:
    return TURNS[state]


def due_moment(state: RequestState, since: datetime, *, closed: Collection[date] = ()) -> datetime | None:
    """When whoever has the turn ought to have moved, or None when nobody must.

    At 17.00 in Stockholm on the last day. Working days leave out weekends and the
    days in `closed`.
    """
    start = since.astimezone(STOCKHOLM).date()
    if state in WORKING_DAYS_TO_MOVE:
        last = working_days_after(start, WORKING_DAYS_TO_MOVE[state], closed=closed)
    elif state in DAYS_TO_MOVE:
        last = start + timedelta(days=DAYS_TO_MOVE[state])
    else:
        return None
    return datetime.combine(last, CLOSE_OF_DAY, STOCKHOLM)


def due_anew(due_at: datetime, now: datetime, *, closed: Collection[date] = ()) -> datetime:
    """By when we answer instead when `due_at` has passed: five working days later, and so on until it is ahead."""
    while due_at < now:
        day = working_days_after(due_at.astimezone(STOCKHOLM).date(), WORKING_DAYS_TO_MAKE_UP, closed=closed)
        due_at = datetime.combine(day, CLOSE_OF_DAY, STOCKHOLM)
    return due_at


def working_days_after(start: date, count: int, *, closed: Collection[date] = ()) -> date:
    """The day that lies `count` working days after `start`."""
    day = start
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day, closed=closed)
    return day


def is_working_day(day: date, *, closed: Collection[date] = ()) -> bool:
    return day.weekday() < 5 and day not in closed


def last_day(first_day: date, length: Length) -> date:
    """The last day of a wished period, counted in days that are not weekends."""
    return working_days_after(first_day, LENGTH_DAYS[length] - 1)


def reference(year: int, number: int) -> str:
    """What a request is called in speech and mail: CL-26-001."""
    return f"CL-{year % 100:02d}-{number:03d}"


NAMES_DAYS_BEFORE: Final = 14  # badges and lunch are ordered then
DAYS_TO_AGREE: Final = timedelta(days=7)
CALL_BEFORE: Final = timedelta(weeks=6)
CALL_EARLIEST: Final = timedelta(weeks=1)
LOOK_BACK_AFTER: Final = timedelta(days=28)
MORNING: Final = time(8, 0)

# After a visit: until when a side is asked to look back and to say how it has gone, and which day is
# named to it meanwhile. On which days it is asked, and in which words, stands in `visits.ladder`.
LOOK_BACK_WITHIN: Final = 14  # days after the last one; whoever has not written by then is told a later day
LOOK_BACK_ASKED_FOR: Final = 30  # days; after that it may be written, and nobody is asked
FOLLOW_UP_MONTHS: Final = (3, 6, 12)
FOLLOW_UP_WITHIN: Final = (7, 21)  # days after it was due, by which we say that we write
FOLLOW_UP_LAPSES: Final = 60  # days after it was due


def morning_of(day: date) -> datetime:
    """When a reminder that belongs to `day` is due: 08.00 in Stockholm."""
    return datetime.combine(day, MORNING, STOCKHOLM)


def fitting_day(ladder: Iterable[int], *, days_left: int, least: int = 1) -> int | None:
    """Of reminders that go so many days before, the one that fits now: a late agreement is not sent them all.

    The nearest one whose day has come; none when fewer than `least` days are left.
    """
    return min((days for days in ladder if least <= days_left <= days), default=None)


def ask_reminders(ladder: Iterable[int], *, days_given: int) -> tuple[int, ...]:
    """On which days after it was asked somebody is reminded: who has a day or two less, on the last that they have."""
    known = sorted(ladder)
    fitting = tuple(days for days in known if days <= days_given)
    return fitting or ((days_given,) if known and days_given > 0 else ())


def is_saved(first_day: date, last_day: date, today: date) -> bool:
    """Whether a phone keeps a visit’s pages: from a week before it until the day after."""
    return first_day - SAVED_DAYS_BEFORE * DAY <= today <= last_day + SAVED_DAYS_AFTER * DAY


def end_of(day: date) -> datetime:
    """The last instant that belongs to a day in Stockholm."""
    return datetime.combine(day + timedelta(days=1), time(0, 0), STOCKHOLM)


def follow_up_day(last_day: date, months: int) -> date:
    """When it is asked how an idea stands: so many calendar months after the visit, clamped to the month's end."""
    return _months_later(last_day, months)


def last_answer_day(due_on: date) -> date:
    """The last day on which a follow-up that was due on `due_on` is waited for."""
    return due_on + timedelta(days=FOLLOW_UP_LAPSES - 1)


def day_come(ladder: Iterable[int], *, days_since: int, ends: int | None = None) -> int | None:
    """Of reminders that go so many days after, the last whose day has come; none when it is over after `ends` days."""
    is_over = ends is not None and days_since >= ends
    return None if is_over else max((days for days in ladder if days <= days_since), default=None)


def wall_moments(day: date, at: time) -> list[datetime]:
    """The moments at which a clock on a wall in Stockholm shows `at` on that day.

    One; none in the hour that is skipped in March, two in the hour that comes twice in
    October.
    """
    both = [datetime.combine(day, at.replace(fold=fold), STOCKHOLM) for fold in (0, 1)]
    real = [moment for moment in both if moment.astimezone(UTC).astimezone(STOCKHOLM).time() == at]
    return real[:1] if len(real) == 2 and real[0].utcoffset() == real[1].utcoffset() else real
