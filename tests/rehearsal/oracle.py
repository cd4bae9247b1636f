"""Which mails, states and bookings ought to come of a script.

Written from DOMAIN and HOUSE, day by day and as simply as can be; nothing of the portal is imported here, so
that the same mistake is not made twice. All times are those of the clock on a wall in Stockholm.

- A reminder belongs to a morning at eight, and whoever did something after eight is not reminded of it that day.
- A visit: who is coming at 42 days (while names are missing), a month at 28, a week at 7, the day before. Of those
  whose day has come the nearest one goes, each once for the same first day.
- An answer is reminded of three days before its last day, which is 14 days after the question or programme, at 17.00.
- Who leads: 2 and 5 days after they were asked while they have not answered; a briefing a week before; the day before.
- Our agreement: a week to read it, reminded of three days before.
- A draft: 30 days, warned five days before. The night moves what has waited too long, at 01.10 by the clock of UTC.
- What was never sent is forgotten, with its mails, ninety days after its time was over.
- After a visit: a day, a week and two weeks later, guests and hosts are asked what they take home.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tests.rehearsal.script import Deed, Tale

STOCKHOLM = ZoneInfo("Europe/Stockholm")
DAY = timedelta(days=1)
EIGHT = time(8)
GUEST, LEADER, HOST = "guest", "leader", "host"


class Mail(NamedTuple):
    """A mail that left: of which tale, what, to whom, and in which minute."""

    tale: int
    kind: str
    to: str
    at: datetime


class Taken(NamedTuple):
    """An hour of somebody's calendar, by the clock of UTC, and whether it is only held."""

    tale: int
    starts_at: datetime
    ends_at: datetime
    firm: bool


@dataclass(frozen=True)
class Expected:
    mails: set[Mail]
    states: dict[int, str]
    calendar: set[Taken]


def expected(tales: list[Tale], start: date, until: datetime) -> Expected:
    """What ought to have come of the script when the clock shows `until`."""
    lives = [life for life in (_Life(tale, until) for tale in tales) if not life.is_forgotten]
    mails = {mail for life in lives for mail in life.mails() if start <= mail.at.date() and mail.at <= until}
    states = {life.tale.number: life.state for life in lives if life.state}
    return Expected(mails, states, {taken for life in lives for taken in life.calendar()})


def night_after(day: date) -> datetime:
    """The first round of the night after a day is over."""
    return datetime.combine(day + DAY, time(1, 10), UTC).astimezone(STOCKHOLM).replace(tzinfo=None)


class _Life:
    """One tale, lived through until a moment."""

    def __init__(self, tale: Tale, until: datetime) -> None:
        self.tale, self.until = tale, until
        self.deeds = [deed for deed in tale.deeds if deed.at <= until]
        self.state, self.since = self._state()

    def _at(self, what: str) -> datetime | None:
        return next((deed.at for deed in reversed(self.deeds) if deed.what == what), None)

    # -- States ------------------------------------------------------------------------

    def _state(self) -> tuple[str, datetime | None]:
        state, since = "", None
        for deed in self.deeds:
            new = AFTER.get(deed.what)
            if new:
                state, since = new, deed.at
        end = self._by_clock(state, since)
        return (end[0], end[1]) if end and end[1] <= self.until else (state, since)

    def _by_clock(self, state: str, since: datetime | None) -> tuple[str, datetime] | None:
        """What the night does when nobody does anything, and when."""
        if since is None:
            return None
        if state == "draft":
            return "expired", night_after(since.date() + 30 * DAY)
        if state == "info_requested":
            return "expired", night_after(since.date() + 14 * DAY)
        if state == "proposed":
            return "in_review", night_after(since.date() + 14 * DAY)
        if state == "confirmed":
            return "completed", night_after(self._last_first_day())
        return None

    def _last_first_day(self) -> date:
        return next(deed.first_day for deed in reversed(self.deeds) if deed.first_day)

    @property
    def is_forgotten(self) -> bool:
        """Whether a night has come more than ninety days after a draft ran out."""
        ran_out = self.since if self.state == "expired" and self._at("drafted") else None
        return ran_out is not None and ran_out + 90 * DAY < self._last_night()

    def _last_night(self) -> datetime:
        tonight = night_after(self.until.date() - DAY)
        return tonight if tonight <= self.until else night_after(self.until.date() - 2 * DAY)

    # -- Mails -------------------------------------------------------------------------

    def mails(self) -> Iterator[Mail]:
        yield from self._of_deeds()
        yield from self._answers()
        yield from self._visit_ladder()
        yield from self._leader()
        yield from self._agreement()
        yield from self._nights()
        yield from self._afterwards()

    def _mail(self, kind: str, to: str, at: datetime) -> Mail:
        return Mail(self.tale.number, kind, to, at)

    def _of_deeds(self) -> Iterator[Mail]:
        led = bool(self.tale.when("planned_with_leader"))
        for deed in self.deeds:
            for kind, to in TOLD.get(deed.what, ()):
                if to != LEADER or led:
                    yield self._mail(kind, to, deed.at)

    def _answers(self) -> Iterator[Mail]:
        """A question, and a programme: three days before their last day, if they are still open that morning."""
        for asked, ending in (("question", ("answered",)), ("proposed", ("said_yes",))):
            for deed in self._done(asked):
                reminded = datetime.combine(deed.at.date() + 11 * DAY, EIGHT)
                answered = min((one.at for one in self.deeds if one.what in ending and one.at > deed.at), default=None)
                if answered is None or answered > reminded:
                    yield self._mail("answer_reminder", GUEST, reminded)
        for deed in self._done("drafted"):
            yield self._mail("draft_warning", GUEST, datetime.combine(deed.at.date() + 25 * DAY, EIGHT))

    def _visit_ladder(self) -> Iterator[Mail]:
        sent: set[tuple[str, date]] = set()
        for morning in self._mornings():
            agreed = self._agreed_on(morning)
            if agreed is None:
                continue
            first_day, since = agreed
            left = (first_day - morning.date()).days
            come = [(days, kind) for days, kind in LADDER if 0 < left <= days]
            if since >= morning or not come:
                continue
            kind = min(come)[1]
            if kind == "names_wanted" and self.tale.group == 1:
                continue
            if (kind, first_day) not in sent:
                sent.add((kind, first_day))
                yield self._mail(kind, GUEST, morning)

    def _agreed_on(self, morning: datetime) -> tuple[date, datetime] | None:
        """The first day that stands agreed on a morning, and since when both have said yes to it."""
        first_day, since = None, None
        for deed in self.tale.deeds:
            if deed.at >= morning:
                break
            first_day = deed.first_day or first_day
            if deed.what == "said_yes":
                since = deed.at
            elif deed.what in {"to_be_moved", "called_off"}:
                since = None
        return (first_day, since) if first_day and since else None

    def _leader(self) -> Iterator[Mail]:
        asked, led = self._at("said_yes"), self.tale.when("planned_with_leader")
        if asked is None or not led:
            return
        answered, first_day = self._at("leader_said_yes"), led[0].first_day
        for days in (2, 5):
            reminded = datetime.combine(asked.date() + days * DAY, EIGHT)
            if answered is None or answered > reminded:
                yield self._mail("ask_reminder", LEADER, reminded)
        off = self._at("called_off")
        sent: set[str] = set()
        for morning in self._mornings():
            left = (first_day - morning.date()).days
            kind = "session_tomorrow" if left == 1 else "briefing" if 1 < left <= 7 else ""
            stands = answered is not None and answered < morning and (off is None or off > morning)
            if kind and stands and kind not in sent:
                sent.add(kind)
                yield self._mail(kind, LEADER, morning)

    def _agreement(self) -> Iterator[Mail]:
        ours, theirs = self._at("we_agreed"), self._at("guests_agreed")
        if ours:
            reminded = datetime.combine(ours.date() + 4 * DAY, EIGHT)
            if theirs is None or theirs > reminded:
                yield self._mail("agreement_reminder", GUEST, reminded)

    def _nights(self) -> Iterator[Mail]:
        """What the night says to guests goes in the minute of the night's round."""
        if self.state == "expired" and self._at("question") and self.since:
            yield self._mail("expired", GUEST, self.since)
        if self.state == "in_review" and self.since and self._at("proposed") and self.deeds[-1].what == "proposed":
            yield self._mail("proposal_lapsed", GUEST, self.since)

    def _afterwards(self) -> Iterator[Mail]:
        if self.state != "completed":
            return
        for days in (1, 7, 14):
            morning = datetime.combine(self._last_first_day() + days * DAY, EIGHT)
            yield self._mail("look_back", GUEST, morning)
            yield self._mail("look_back_ours", HOST, morning)
            yield self._mail("look_back_ours", LEADER, morning)

    def _done(self, what: str) -> list[Deed]:
        return [deed for deed in self.deeds if deed.what == what]

    def _mornings(self) -> Iterator[datetime]:
        day = self.tale.deeds[0].at.date()
        while datetime.combine(day, EIGHT) <= self.until:
            yield datetime.combine(day, EIGHT)
            day += DAY

    # -- Calendar ----------------------------------------------------------------------

    def calendar(self) -> Iterator[Taken]:
        """The hour from nine of who has said yes to leading it: held, and firm once the visit is confirmed."""
        led = self.tale.when("planned_with_leader")
        if not led or self._at("leader_said_yes") is None or self._at("called_off"):
            return
        nine = datetime.combine(led[0].first_day, time(9), STOCKHOLM).astimezone(UTC)
        yield Taken(self.tale.number, nine, nine + timedelta(hours=1), self._at("confirmed") is not None)


LADDER = ((42, "names_wanted"), (28, "visit_in_four_weeks"), (7, "visit_in_one_week"), (1, "visit_tomorrow"))
AFTER = {
    "drafted": "draft", "asked": "submitted", "claimed": "in_review", "question": "info_requested",
    "answered": "in_review", "proposed": "proposed", "said_yes": "agreed", "confirmed": "confirmed",
    "to_be_moved": "in_review", "called_off": "cancelled",
}  # fmt: skip
TOLD: dict[str, tuple[tuple[str, str], ...]] = {
    "drafted": (("draft_link", GUEST),),
    "question": (("question", GUEST),),
    "proposed": (("proposal", GUEST),),
    "said_yes": (("ask", LEADER),),
    "we_agreed": (("agreement_ready", GUEST),),
    "guests_agreed": (("agreement_settled", GUEST), ("agreement_settled_us", HOST)),
    "confirmed": (("confirmed", GUEST), ("session_confirmed", LEADER)),
    "to_be_moved": (("to_be_moved", GUEST),),
    "called_off": (("cancelled", GUEST), ("session_cancelled", LEADER)),
}
