"""The page of the mails, read: what needs somebody, what leaves in the next days and why, and what has left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, Final

from django.db.models import Count, Max, Q, QuerySet
from django.db.models.functions import TruncDate
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visits import ladder, ledger, letters, outbox, reminders, rules, words
from visits.admin.counts import NEEDS_US, Counts
from visits.admin.mail_why import why
from visits.admin.queue.wanted import number
from visits.choices import MessageState
from visits.forms.desk import search_words
from visits.models import Decision, Message, User
from visits.outbox import Owed
from visits.outbox.delivery import CANNOT_BE_WRITTEN
from visits.outbox.names import name_of
from visits.outbox.settling import PUT_ASIDE

A_PAGE: Final = 50
DAYS: Final = 14
READ_WITH: Final = ("request", "held_by", "ask__session", "gathering_ask__gathering__programme")
STEP, WIDE, TALL, FLOOR = 22, 15, 78, 93  # of the plot, in its own units
WAITS: Final = (MessageState.DUE, MessageState.SENDING)
TABS: Final = (
    ("waiting", gettext_lazy("Next 14 days"), WAITS, "due_at"),
    ("needs_us", gettext_lazy("Needs us"), NEEDS_US, "-due_at"),
    ("held", gettext_lazy("On hold"), (MessageState.HELD,), "due_at"),
    ("sent", gettext_lazy("Sent"), (MessageState.SENT,), "-sent_at"),
    ("skipped", gettext_lazy("Not needed any more"), (MessageState.SKIPPED,), "-due_at"),
)


@dataclass(frozen=True)
class Row:
    """One mail as it is read: a row, or one that is only foreseen and has no row yet."""

    message: Message
    held_until: datetime | None = None

    @property
    def at(self) -> datetime:
        """When it left; until then, the soonest that it can leave."""
        return self.message.sent_at or max(self.message.due_at, self.held_until or self.message.due_at)

    @property
    def title(self) -> str:
        """As it was sent; before that nobody has written it, and it is called what it is."""
        return self.message.subject or name_of(self.message.kind)

    @property
    def to(self) -> str:
        message = self.message
        who = message.to_name or message.to_email
        return f"{who}, {message.request.organisation_name}" if message.request and not self.others else who

    @property
    def others(self) -> int:
        """How many more it tells than its own."""
        return outbox.carries(self.message)

    @property
    def about(self) -> str:
        """The session or gathering that somebody of ours is asked about: several of these may leave in one minute."""
        message = self.message
        if self.others:
            return _("%(count)s questions in one mail") % {"count": self.others + 1}
        if message.gathering_ask:
            return message.gathering_ask.gathering.words
        return message.ask.session.title if message.ask else ""

    @property
    def why(self) -> str:
        """Why it leaves, what keeps it, or what happened to it; nothing for one that goes as usual."""
        if self.held_until:
            return _("Waits until %(time)s, so that what was decided can be taken back.") % {
                "time": words.clock(self.held_until)
            }
        told = self.message.problem.partition("\n")[0]
        return _(told) if told else why(self.message.kind, self.message.data, self.message.due_at)

    @property
    def problem(self) -> str:
        """What went wrong: our own sentence in the reader's language, what a server said as it said it."""
        ours, _line, theirs = self.message.problem.partition("\n")
        return "\n".join([str(_(ours)), theirs]) if theirs else str(_(ours))

    @property
    def what_to_do(self) -> str:
        """What somebody can do about one that did not arrive."""
        told = self.message.problem.partition("\n")[0]
        if self.message.state == MessageState.UNCERTAIN:
            return _(
                "If it went and is sent again, they get it twice, marked as the same mail; most mail programs show it "
                "once. If it did not go, they know nothing of it. Ask them whether it came."
            )
        if told == CANNOT_BE_WRITTEN:
            return _(
                "Put right first what it could not say: the words of a reminder stand under “Reminders”, facts at the "
                "request. Sent again, it is written anew."
            )
        if told == PUT_ASIDE:
            return _("Ask whoever looks after the portal before it is sent again: the sender may stop at it once more.")
        return self._where_its_address_stands

    @property
    def _where_its_address_stands(self) -> str:
        if self.whom == "guests" and self.message.request_id:
            return _(
                "If the address is wrong, correct it on the page of the request. Sent again, the mail goes to the "
                "address that stands there then."
            )
        if self.message.ask_id or self.message.gathering_ask_id:
            return _(
                "If the address is wrong, have it corrected in their account. Sent again, the mail goes to the address "
                "that stands there then."
            )
        return _("Sent again, it goes to the same address. If that is wrong, tell them another way.")

    @property
    def may_be_held(self) -> bool:
        return self.message.state == MessageState.DUE and self.held_until is None

    @property
    def whom(self) -> str:
        """Whose mail it is: a guest's, a facilitator's, or a colleague's at the desk."""
        if self.message.gathering_ask_id or self.message.kind in letters.TO_FACILITATORS:
            return "facilitators"
        if self.message.kind in letters.TO_STAFF or self.message.request is None:
            return "staff"
        return "facilitators" if self.message.ask_id else "guests"

    @property
    def phone(self) -> str:
        """Whom to ring when a mail does not reach them: of one in a group, the contact person."""
        if self.message.ask or self.message.gathering_ask:
            return self.message.phone
        case = self.message.request
        return case.contact_phone if case is not None and self.whom == "guests" else ""


def foreseen(now: datetime) -> list[list[Owed]]:
    """The mails that the mornings of the next days will owe, the soonest first. A bounded number of queries.

    What has a row already is read as that row: one on hold is not owed until somebody lets it go.
    """
    rungs = ladder.standing()
    found = [*reminders.foreseen(now, DAYS, rungs), *ledger.foreseen(now, DAYS, rungs)]
    written = set(Message.objects.filter(key__in=[owed.key for owed in found]).values_list("key", flat=True))
    mails = outbox.joined(owed for owed in found if owed.key not in written)
    return sorted(mails, key=lambda mail: (mail[0].due_at, mail[0].key))


def shown(asked: QueryDict, counts: Counts) -> dict[str, Any]:
    """The mails of the tab that was asked for, by day. As many queries for one mail as for many."""
    typed, now = search_words(asked.get("q", "")), timezone.now()
    tab, _title, states, order = next((one for one in TABS if one[0] == asked.get("show")), TABS[0])
    page = max(number(asked.get("page")) or 1, 1)
    found = Message.objects.filter(state__in=states).filter(_about(typed)).order_by(order, "pk")
    first = (page - 1) * A_PAGE
    read = found.with_phone() if tab == "needs_us" else found
    rows = _rows(read.select_related(*READ_WITH)[first : first + A_PAGE + 1], now)
    context: dict[str, Any] = {}
    counted = {"needs_us": counts.outbox, "held": Message.objects.filter(state=MessageState.HELD).count()}
    if tab == "waiting":
        in_short, coming = InShort(), _coming(now, typed)
        in_short.count_waiting(found, words.local_date(now))
        waiting = in_short.total
        in_short.count_coming(coming)
        rows += coming[max(first - waiting, 0) : max(first + A_PAGE + 1 - waiting, 0)]
        counted["waiting"] = in_short.total
        context = {"in_short": in_short, "bars": _bars(in_short, words.local_date(now))}
    return context | {
        "tab": tab,
        "tabs": [(name, title, counted.get(name)) for name, title, _states, _order in TABS],
        "counted": counted,
        "rows": rows[:A_PAGE],
        "days": _by_day(rows[:A_PAGE]),
        "typed": typed,
        "today": words.local_date(now),
        "older": page + 1 if len(rows) > A_PAGE else None,
        "newer": page - 1 if page > 1 else None,
        "last_sent": Message.objects.aggregate(at=Max("sent_at"))["at"],
    }


def _rows(found: Iterable[Message], now: datetime) -> list[Row]:
    mails = list(found)
    held = _held(mails, now)
    return [Row(one, held.get(one.request_id) if one.state == MessageState.DUE else None) for one in mails]


def _coming(now: datetime, typed: str) -> list[Row]:
    """What has no row yet, as rows that are not kept anywhere."""
    known = typed.casefold()
    rows = [Row(outbox.row_of(mail)) for mail in foreseen(now)]
    return [row for row in rows if known in f"{row.to} {row.message.to_email} {row.title}".casefold()]


class InShort:
    """How many mails leave in the next days: in all, to whom, and on which day. One query to begin with."""

    def __init__(self) -> None:
        self.leaders = set(User.objects.filter(facilitator__is_active=True).values_list("email", flat=True))
        self.total = 0
        self.to: Counter[str] = Counter()
        self.on: Counter[date] = Counter()

    def count_waiting(self, found: QuerySet[Message], today: date) -> None:
        """What has a row already: what is due leaves today, what waits through the night when it is over; one query."""
        days = found.order_by().annotate(day=TruncDate("due_at", tzinfo=rules.STOCKHOLM)).values_list("kind", "day")
        lead = Count("pk", filter=Q(to_email__in=self.leaders))
        kinds = days.annotate(Count("pk"), Count("ask"), Count("gathering_ask"), Count("request"), leaders=lead)
        for kind, day, count, asks, helping, requests, leaders in kinds:
            self.to += Counter(_whom(kind, count, asks=asks, helping=helping, requests=requests, leaders=leaders))
            self.on[max(day, today)] += count
            self.total += count

    def count_coming(self, rows: Iterable[Row]) -> None:
        for row in rows:
            leads = row.message.kind in letters.TO_HOSTS and row.message.to_email in self.leaders
            self.to["facilitators" if leads else row.whom] += 1
            self.on[words.local_date(row.at)] += 1
            self.total += 1


def _whom(kind: str, count: int, *, asks: int, helping: int, requests: int, leaders: int) -> dict[str, int]:
    """So many mails of a kind, by whose they are, as `Row.whom` says of one; and how many are about what."""
    if kind in letters.TO_FACILITATORS:
        return {"facilitators": count}
    if kind in letters.TO_HOSTS:
        return {"facilitators": leaders, "staff": count - leaders}
    if kind in letters.TO_STAFF:
        return {"staff": count}
    return {"staff": count - requests - helping, "facilitators": asks + helping, "guests": requests - asks}


@dataclass(frozen=True)
class Bar:
    """A day of the plot: where it stands, how tall it is, and how many it means."""

    x: int
    height: int
    count: int
    day: date
    is_today: bool

    @property
    def middle(self) -> int:
        return self.x + WIDE // 2

    @property
    def top(self) -> int:
        return FLOOR - self.height


def _bars(in_short: InShort, today: date) -> list[Bar]:
    most = max(in_short.on.values(), default=0) or 1
    days = [today + timedelta(days=n) for n in range(DAYS + 1)]
    return [
        Bar(STEP * nth, max(TALL * in_short.on[day] // most, 1), in_short.on[day], day, day == today)
        for nth, day in enumerate(days)
    ]


def _about(typed: str) -> Q:
    if not typed:
        return Q()
    return (
        Q(to_name__icontains=typed)
        | Q(to_email__icontains=typed)
        | Q(subject__icontains=typed)
        | Q(request__organisation_name__icontains=typed)
        | Q(request__reference__iexact=typed)
    )


def _held(mails: Iterable[Message], now: datetime) -> dict[int | None, datetime]:
    """By request: until when a decision keeps its mails back."""
    asked = {one.request_id for one in mails if one.request_id}
    pending = Decision.objects.pending(now).filter(request__in=asked).order_by("until")
    return dict(pending.values_list("request", "until"))


def _by_day(rows: Iterable[Row]) -> list[tuple[date, list[Row]]]:
    return [(day, list(found)) for day, found in groupby(rows, key=lambda row: words.local_date(row.at))]
