"""Which mails, states and bookings ought to come of a script.

Written from DOMAIN and HOUSE, day by day and as simply as can be; nothing of the portal is imported here, so
that the same mistake is not made twice. All times are those of the clock on a wall in Stockholm.

- A reminder belongs to a morning at eight, and whoever did something after eight is not reminded of it that day.
- A visit: who is coming at 42 days (while names are missing), a month at 28, what staff have added at 14, a week at 7,
  the day before. Of those whose day has come the nearest one goes, each once for the same first day.
- An answer is reminded of three days before its last day, which is 14 days after the question or programme, at 17.00.
- Who leads: 2 and 5 days after they were asked while they have not answered; a briefing a week before; the day before.
- Our agreement: a week to read it, reminded of three days before.
- A draft: 30 days, warned five days before. The night moves what has waited too long, at 01.10 by the clock of UTC,
  and tells it at seven.
- What was never sent is forgotten, with its mails, ninety days after its time was over.
- A promise: two days before its day, and once more on the morning after it when it has not been kept.
- The line: whoever comes into it is offered days at once, keeps them for a week, is reminded two days before its end,
  and is offered others when the night has let them go. What the clock offers is told by day. The host hears of it.
- A group: invited by mail, and reminded a week before the names are needed, which is two weeks before the visit.
- A colleague who is asked to take over from who leads is reminded as they were; from their yes on it is theirs.
- The desk: on the morning of a working day a list goes to whoever has something waiting that waited already when the
  morning came: what has been asked, what is being worked on, and what is agreed unless the guests are to agree first.
- After a visit: a day, a week and two weeks later, guests and hosts are asked what they take home. What the guests
  try they are asked about three, six and twelve months later, and a week and three weeks after each of these days.
- Staff have added one more to each of these (OWN says how many days away); to those before the visit, that at 14 days.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tests.rehearsal.script import Deed, Tale

STOCKHOLM = ZoneInfo("Europe/Stockholm")
DAY = timedelta(days=1)
EIGHT = time(8)
GUEST, MEMBER, LEADER, COLLEAGUE, HOST = "guest", "member of the group", "leader", "colleague", "host"
NOBODYS = -1  # the number of the tale that a mail has which is about all of them


class Mail(NamedTuple):
    """A mail that left: of which tale, what, to whom, and in which minute."""

    tale: int
    kind: str
    to: str
    at: datetime

    def __str__(self) -> str:
        about = "" if self.tale == NOBODYS else f" of request {self.tale}"
        return f"“{self.kind}”{about} to the {self.to} at {self.at:%Y-%m-%d %H.%M}"


class Taken(NamedTuple):
    """An hour of somebody's calendar, by the clock of UTC, whether it is only held, and whose."""

    tale: int
    starts_at: datetime
    ends_at: datetime
    firm: bool
    who: str

    def __str__(self) -> str:
        kept = "firm" if self.firm else "held"
        hours = f"{self.starts_at:%Y-%m-%d %H.%M} to {self.ends_at:%H.%M}"
        return f"{hours} (UTC) of the {self.who} of request {self.tale}, {kept},"


@dataclass(frozen=True)
class Expected:
    """Mails as often as each leaves, states and calendar; `moments` are the minutes in which any of it comes about."""

    mails: Counter[Mail]
    states: dict[int, str]
    calendar: set[Taken]
    moments: frozenset[datetime] = frozenset()


def expected(tales: list[Tale], start: date, until: datetime) -> Expected:
    """What ought to have come of the script when the clock shows `until`."""
    lives = [_Life(tale, until) for tale in tales]
    left = [*(mail for life in lives for mail in life.mails()), *_digests(tales, start, until)]
    mails = Counter(mail for mail in left if start <= mail.at.date() and mail.at <= until)
    states = {life.tale.number: life.state for life in lives if life.state and not life.is_forgotten}
    calendar = {taken for life in lives for taken in life.calendar()}
    since = {life.since for life in lives if life.since}
    return Expected(mails, states, calendar, frozenset({mail.at for mail in mails} | since))


def _digests(tales: list[Tale], start: date, until: datetime) -> Iterator[Mail]:
    day = start
    while (morning := datetime.combine(day, EIGHT)) <= until:
        if day.weekday() < 5 and day not in closed(day.year) and any(_Life(tale, morning).waits for tale in tales):
            yield Mail(NOBODYS, "morning_digest", HOST, morning)
        day += DAY


def closed(year: int) -> set[date]:
    """When Sweden is closed besides weekends, the eves too; Easter by the rule of Gauss, as printed in almanacs."""
    a, b, c = year % 19, year % 4, year % 7
    d = (19 * a + 24) % 30
    easter = date(year, 3, 22) + (d + (2 * b + 4 * c + 6 * d + 5) % 7) * DAY
    midsummer_eve = next(day for n in range(19, 26) if (day := date(year, 6, n)).weekday() == 4)
    fixed = {(1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31)}
    return {date(year, *one) for one in fixed} | {easter - 2 * DAY, easter + DAY, easter + 39 * DAY, midsummer_eve}


def months_after(day: date, months: int) -> date:
    """The same day of a later month; its last one when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first, following = date(year, month + 1, 1), date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(first + (day.day - 1) * DAY, following - DAY)


def night_after(day: date) -> datetime:
    """The first round of the night after a day is over."""
    return datetime.combine(day + DAY, time(1, 10), UTC).astimezone(STOCKHOLM).replace(tzinfo=None)


def _by_day(at: datetime) -> datetime:
    """Nobody is mailed between seven in the evening and seven in the morning of what the clock alone has done."""
    seven = datetime.combine(at.date(), time(7))
    return seven if at < seven else at if at.hour < 19 else seven + DAY


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

    @property
    def waits(self) -> bool:
        """Whether something is for the desk to do, and was so before this moment."""
        theirs = self._at("we_agreed") is not None and self._at("guests_agreed") is None
        everyday = self.state in {"submitted", "in_review"} or (self.state == "agreed" and not theirs)
        return everyday and self.since is not None and self.since < self.until

    # -- Mails -------------------------------------------------------------------------

    def mails(self) -> Iterator[Mail]:
        yield from self._of_deeds()
        yield from self._answers()
        yield from self._visit_ladder()
        yield from self._leader()
        yield from self._agreement()
        yield from self._nights()
        yield from self._afterwards()
        yield from self._promises()
        yield from self._line()
        yield from self._group()

    def _mail(self, kind: str, to: str, at: datetime) -> Mail:
        return Mail(self.tale.number, kind, to, at)

    def _of_deeds(self) -> Iterator[Mail]:
        led = bool(self.tale.when("planned_with_leader"))
        for deed in self.deeds:
            for kind, to in TOLD.get(deed.what, ()):
                if to != LEADER or led:
                    yield self._mail(kind, self._leads(deed.at) if to == LEADER else to, deed.at)

    def _leads(self, at: datetime) -> str:
        taken = self._at("swap_taken")
        return COLLEAGUE if taken and taken < at else LEADER

    def _answers(self) -> Iterator[Mail]:
        """A question, and a programme: three days before their last day, if they are still open that morning."""
        for asked, ending in (("question", ("answered",)), ("proposed", ("said_yes",))):
            for deed in self._done(asked):
                answered = min((one.at for one in self.deeds if one.what in ending and one.at > deed.at), default=None)
                for before in (OWN["answer"], 3):
                    reminded = datetime.combine(deed.at.date() + (14 - before) * DAY, EIGHT)
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
        yield from self._until_answered(asked, answered, LEADER)
        if offered := self._at("swap_offered"):
            yield from self._until_answered(offered, self._at("swap_taken"), COLLEAGUE)
        off = self._at("called_off")
        sent: set[int] = set()
        for morning in self._mornings():
            left = (first_day - morning.date()).days
            rung = min((days for days in (1, OWN["session"], 7) if 0 < left <= days), default=0)
            stands = answered is not None and answered < morning and (off is None or off > morning)
            if rung and stands and rung not in sent:
                sent.add(rung)
                yield self._mail("session_tomorrow" if rung == 1 else "briefing", self._leads(morning), morning)

    def _until_answered(self, asked: datetime, answered: datetime | None, who: str) -> Iterator[Mail]:
        for days in (2, 5):
            reminded = datetime.combine(asked.date() + days * DAY, EIGHT)
            if answered is None or answered > reminded:
                yield self._mail("ask_reminder", who, reminded)

    def _agreement(self) -> Iterator[Mail]:
        ours, theirs = self._at("we_agreed"), self._at("guests_agreed")
        if ours:
            for before in (OWN["agreement"], 3):
                reminded = datetime.combine(ours.date() + (7 - before) * DAY, EIGHT)
                if theirs is None or theirs > reminded:
                    yield self._mail("agreement_reminder", GUEST, reminded)

    def _nights(self) -> Iterator[Mail]:
        """What the night has decided is told when its quiet hours are over."""
        if self.state == "expired" and self._at("question") and self.since:
            yield self._mail("expired", GUEST, _by_day(self.since))
        if self.state == "in_review" and self.since and self._at("proposed") and self.deeds[-1].what == "proposed":
            yield self._mail("proposal_lapsed", GUEST, _by_day(self.since))

    def _afterwards(self) -> Iterator[Mail]:
        if self.state != "completed":
            return
        over, shared = self._last_first_day(), self._at("looked_back")
        for days in (1, OWN["look_back"], 7, 14):
            morning = datetime.combine(over + days * DAY, EIGHT)
            if shared is None or shared > morning:
                yield self._mail("look_back", GUEST, morning)
            yield self._mail("look_back_ours", HOST, morning)
            yield self._mail("look_back_ours", self._leads(morning), morning)
        for months in (3, 6, 12) if shared else ():
            for days in (0, OWN["follow_up"], 7, 21):
                yield self._mail("follow_up", GUEST, datetime.combine(months_after(over, months) + days * DAY, EIGHT))

    def _line(self) -> Iterator[Mail]:
        """One place after the other is kept, until it is taken or the guests leave the line."""
        offered = self._at("waitlisted")
        left = min((one.at for what in ("took_place", "withdrew") for one in self._done(what)), default=self.until)
        while offered is not None and offered <= left:
            yield self._mail("place_offered", GUEST, _by_day(offered))
            yield self._mail("line_moved", HOST, _by_day(offered))
            for before in (OWN["place"], 2):
                reminded = datetime.combine(offered.date() + (7 - before) * DAY, EIGHT)
                if reminded < left:
                    yield self._mail("place_reminder", GUEST, reminded)
            lapses = night_after(offered.date() + 7 * DAY)
            if lapses < left:
                yield self._mail("place_lapsed", GUEST, _by_day(lapses))
            offered = lapses

    def _group(self) -> Iterator[Mail]:
        """Two are invited; the first of them writes at some time."""
        for invited in self._done("invited"):
            yield from (self._mail("group_invitation", MEMBER, invited.at) for _one in range(2))
            wrote = self._at("wrote_name")
            for before in (OWN["group"], 7):
                reminded = datetime.combine(self._last_first_day() - (14 + before) * DAY, EIGHT)
                for at in (wrote, None):
                    if invited.at < reminded and (at is None or at > reminded):
                        yield self._mail("group_reminder", MEMBER, reminded)

    def _promises(self) -> Iterator[Mail]:
        for promised in self._done("promised"):
            day = promised.first_day
            assert day is not None
            kept = min((one.at for one in self._done("kept") if one.first_day == day), default=self.until)
            for on in (max(day - 2 * DAY, promised.at.date() + DAY), day + DAY):
                if (morning := datetime.combine(on, EIGHT)) <= kept:
                    yield self._mail("promise_reminder", HOST, morning)

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
        yield Taken(
            self.tale.number,
            nine,
            nine + timedelta(hours=1),
            self._at("confirmed") is not None,
            self._leads(self.until),
        )


LADDER = (
    (42, "names_wanted"), (28, "visit_in_four_weeks"), (14, "visit_reminder"), (7, "visit_in_one_week"),
    (1, "visit_tomorrow"),
)  # fmt: skip
# How many days away staff's own lie: of what waits for an answer, of the leaders' first day, and after a visit.
OWN = {"answer": 6, "agreement": 5, "place": 4, "group": 14, "session": 3, "look_back": 3, "follow_up": 2}
AFTER = {
    "drafted": "draft", "asked": "submitted", "claimed": "in_review", "question": "info_requested",
    "answered": "in_review", "proposed": "proposed", "said_yes": "agreed", "confirmed": "confirmed",
    "to_be_moved": "in_review", "called_off": "cancelled", "waitlisted": "waitlisted", "took_place": "in_review",
    "withdrew": "withdrawn",
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
    "waitlisted": (("waitlisted", GUEST),),
    "took_place": (("line_moved", HOST),),
    "withdrew": (("withdrawn", GUEST), ("visitor_left", HOST)),
    "swap_offered": (("swap_offer", COLLEAGUE),),
    "swap_taken": (("swap_done", LEADER), ("swap_done", COLLEAGUE), ("swap_done_desk", HOST)),
}
