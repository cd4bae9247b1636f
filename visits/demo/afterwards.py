"""What the made-up visits that are over have left: look-backs, what is tried, and how it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from visits import ledger, rules
from visits.choices import Closer, PointState, Side, Worth
from visits.ledger import looking, written
from visits.models import HistoryEntry, LedgerEntry, LedgerPoint, LookBack, Visit

GUESTS_WRITE_FROM: Final = 30  # days after the visit; of the latest ones the guests have not written yet
HOSTS_WRITE: Final = 2
ANSWERED_WITHIN: Final = timedelta(days=14)  # what came due since then still waits for a word


@dataclass(frozen=True)
class Tale:
    """What one side tries, and what they tell of it after three, six and twelve months."""

    learned: str
    tries: str
    begins: str
    measure: str
    told: tuple[tuple[PointState, str], ...]


GOES_ON, SPREADS, STOPPED = PointState.GOING_ON, PointState.SPREADS, PointState.STOPPED
GUESTS: Final = (
    Tale("They were not invited to a table. They were asked to follow one person home.",
         "One meeting about one person, with home care at the table", "The ward manager",
         "Readmissions within 30 days, that ward against the others",
         ((GOES_ON, "Two meetings. Home care came to both."), (SPREADS, "The ward next door has begun."))),
    Tale("Nobody asked for leave to begin. They began with one patient.",
         "One patient learns to run their own treatment", "A nurse who volunteers",
         "How many do a part of it themselves",
         ((STOPPED, "Nobody had the time on paper. We start again when both managers agree."),)),
    Tale("The numbers hang where everybody has coffee.",
         "One measure on the wall of the coffee room, changed each week", "The improvement coach",
         "Weeks in a row in which somebody has changed it",
         ((SPREADS, "Three more units asked for the same sheet."), (GOES_ON, "Still changed each week."))),
)  # fmt: skip
OURS: Final = (
    Tale("That a phone call does not have to be made by a professional. We had never asked the volunteers.",
         "One ward phones five patients two days after they go home", "",
         "Mistakes found in the lists of medicines",
         ((GOES_ON, "Eleven calls. Three found a mistake."), (SPREADS, "A second ward makes the calls."))),
    Tale("They asked who owns it today. We could not answer.",
         "The question goes to the coaches’ next meeting", "", "",
         ((GOES_ON, "A long evening. The answer was: write it down."),)),
    Tale("They begin each meeting with what went well last week.",
         "Five minutes of it in our own weekly meeting", "", "Whether we still do it",
         ((STOPPED, "It became a list. We try it another way in spring."),)),
)  # fmt: skip


def add_afterwards(visit: Visit, *, number: int, today: date) -> None:
    """Both sides' look-backs, what they try, and what they have told of it by `today`."""
    hosts, tellers = ledger.hosts_of(visit)[:HOSTS_WRITE], looking.tellers(visit)
    for nth, host in enumerate(hosts, start=1):
        tale = OURS[(number + nth) % len(OURS)]
        answers = {"takes_home": tale.learned, "told_by": [*tellers][:1], **_tries(tale, host.name)}
        look_back = _look_back(
            visit, answers, Side.OURS, user=host.user, author_name=host.name, takes_home=tale.learned
        )
        _into_the_ledger(look_back, [written.our_entry(nth, answers, tellers)], tale, today)
    if hosts and (today - visit.last_day).days >= GUESTS_WRITE_FROM:
        _guests(visit, GUESTS[number % len(GUESTS)], hosts, today)


def _guests(visit: Visit, tale: Tale, hosts: list[ledger.Host], today: date) -> None:
    questions = written.questions_of(visit.request)
    helper = hosts[0]
    answers = {
        "closer_1": Closer.YES.value, "helped_1": [str(helper.user.pk)], "sentence_1": tale.learned,
        "about": "1", "after": [str(months) for months in rules.FOLLOW_UP_MONTHS], **_tries(tale, tale.begins),
    }  # fmt: skip
    look_back = _look_back(
        visit, answers, Side.GUESTS, author_name=visit.request.contact_name, worth=Worth.YES,
        seen="You thank one another in every meeting, and do not hear it any longer.",
        may_ask_after=list(rules.FOLLOW_UP_MONTHS),
    )  # fmt: skip
    names = {str(host.user.pk): host.name for host in hosts}
    _into_the_ledger(look_back, list(written.guests_entries(questions, answers, names)), tale, today)
    HistoryEntry.objects.create(
        request=visit.request, what="guests_looked_back", by_name=visit.request.contact_name,
        at=_moment(visit.last_day + timedelta(days=2)),
    )  # fmt: skip


def _tries(tale: Tale, begins: str) -> dict[str, str]:
    return {"tries": tale.tries, "begins": begins, "begins_when": "", "measure": tale.measure}


def _look_back(visit: Visit, answers: dict[str, Any], side: Side, **fields: Any) -> LookBack:
    shared_at = _moment(visit.last_day + timedelta(days=2))
    return LookBack.objects.create(visit=visit, side=side, answers=answers, shared_at=shared_at, **fields)


def _into_the_ledger(look_back: LookBack, entries: list[LedgerEntry], tale: Tale, today: date) -> None:
    visit = look_back.visit
    for entry in entries:
        entry.visit, entry.look_back = visit, look_back
        entry.save()
        months = rules.FOLLOW_UP_MONTHS
        for point in written.points(entry, months, last_day=visit.last_day, written_on=visit.last_day):
            _told(point, tale, today).save()


def _told(point: LedgerPoint, tale: Tale, today: date) -> LedgerPoint:
    """How it stands on one of its days: told long ago, waiting, to come, or not asked since it has stopped."""
    nth = rules.FOLLOW_UP_MONTHS.index(point.months)
    if tale.told[-1][0] == STOPPED and nth >= len(tale.told):
        point.state = PointState.NOT_ASKED if _was_told(point, tale, today) else PointState.LATER
    elif nth < len(tale.told) and point.due_on <= today - ANSWERED_WITHIN:
        point.state, point.words = tale.told[nth]
        point.answered_at = _moment(point.due_on + timedelta(days=1))
        point.answered_by = point.entry.look_back.author_name
    return point


def _was_told(point: LedgerPoint, tale: Tale, today: date) -> bool:
    """Whether the stop has been told by `today`."""
    months = rules.FOLLOW_UP_MONTHS[len(tale.told) - 1]
    return rules.follow_up_day(point.entry.visit.last_day, months) <= today - ANSWERED_WITHIN


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(10), rules.STOCKHOLM)
