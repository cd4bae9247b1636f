"""Whatever the ladder looks like and however it is moved: no two mails of one thing on a morning, and none twice.

The rows are read once; a ladder is drawn by lot for each look at them, and each morning is derived from both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import (
    AskFactory,
    FacilitatorFactory,
    ProposalFactory,
    SessionFactory,
    VisitFactory,
    VisitRequestFactory,
    at,
)
from tests.visits.ledger.scene import guests_share, visit_over, we_share
from visits import agreement, anchors, rules
from visits.choices import Anchor, AskState, RequestState
from visits.ladder import Ladder
from visits.ladder.reading import in_file
from visits.ledger import asking
from visits.models import Agreement, LedgerPoint, LookBack, Participant, PlaceOffer, ReminderRung, VisitRequest
from visits.outbox import Owed
from visits.reminders import Clock, ours
from visits.reminders.clock import Span
from visits.reminders.wanting import OF_REQUESTS

pytestmark = [pytest.mark.django_db, pytest.mark.one_engine]
A, S = Anchor, RequestState
NOW = datetime(2026, 9, 1, 10, 0, tzinfo=UTC)  # a Tuesday; the clock goes back in between
MORNINGS = [Clock(rules.morning_of(date(2026, 9, 2) + timedelta(days=n))) for n in range(65)]
FURTHEST = 40  # days that a rung is drawn from, so that all of it lies within the mornings
THE_DAY = date(2026, 10, 14)  # of whatever is reminded of before it
OVER = date(2026, 9, 1)  # the last day of the visit that is over
DUE = date(2026, 9, 4)  # of its follow-ups
LONG_AGO = NOW - timedelta(days=100)

Days = dict[Anchor, list[int]]
Derive = Callable[[Ladder, Clock], Iterator[Owed]]


@dataclass(frozen=True)
class Sent:
    """A mail as somebody has it: on which morning, of which rung, about what, and who they are."""

    morning: date
    slug: str
    about: str
    to: str
    day: str

    @property
    def anchor(self) -> str:
        return self.slug.partition("-")[0]


def ladder_of(days: Days) -> Ladder:
    """Rungs on these days: first those of the repository, then our own; what is not named stays away."""
    rungs = []
    for anchor, chosen in days.items():
        names = [(slug, row["kind"]) for slug, row in in_file().items() if row["anchor"] == anchor]
        about = anchors.TABLE[anchor]
        names += [(f"{anchor}-own-{n}", about.own) for n in range(1, len(chosen) + 1)]
        for (slug, kind), number in zip(names, chosen, strict=False):
            states = [str(state) for state in about.states]
            rungs.append(ReminderRung(slug=slug, anchor=anchor, kind=kind, days=number, states=states))
    return Ladder(tuple(rungs))


@st.composite
def days_of(draw: st.DrawFn) -> Days:
    return {anchor: draw(st.lists(_day_of(anchor), max_size=5, unique=True)) for anchor in anchors.OWN}


def _day_of(anchor: Anchor) -> st.SearchStrategy[int]:
    about = anchors.TABLE[anchor]
    return st.integers(about.least, min(about.most, FURTHEST))


@pytest.fixture
def derive(time_machine) -> Derive:
    """Everything that a reminder can be about, once, known since long ago and read once."""
    time_machine.move_to(NOW, tick=False)
    _asked()
    _coming()
    _over()
    widest = ladder_of({anchor: [min(anchors.TABLE[anchor].most, FURTHEST)] for anchor in anchors.OWN})
    span = Span(MORNINGS[0], MORNINGS[-1])
    read = [(part, list(rows(widest, span, None))) for rows, part in OF_REQUESTS]
    looking = asking._read_look_backs(span.first, span.last, None)
    following = list(asking._read_follow_ups(span.first, span.last, None))

    def wanted(ladder: Ladder, clock: Clock) -> Iterator[Owed]:
        for part, rows in read:
            yield from part(ladder, rows, clock)
        yield from asking._look_backs(ladder, looking, clock)
        yield from asking._follow_ups(ladder, following, clock)

    return wanted


def _asked() -> None:
    """A question, a programme and a place that wait for an answer until THE_DAY."""
    noon = datetime.combine(THE_DAY, rules.CLOSE_OF_DAY, rules.STOCKHOLM)
    VisitRequestFactory(state=S.INFO_REQUESTED, state_since=LONG_AGO, due_at=noon)
    proposed = VisitRequestFactory(state=S.PROPOSED, state_since=LONG_AGO)
    ProposalFactory(request=proposed, sent_at=LONG_AGO, answer_by=THE_DAY)
    waits = VisitRequestFactory(state=S.WAITLISTED)
    PlaceOffer.objects.create(
        request=waits, first_day=date(2027, 3, 2), last_day=date(2027, 3, 2), answer_by=THE_DAY, why={}
    )
    PlaceOffer.objects.update(offered_at=LONG_AGO)


def _coming() -> None:
    """A visit of three days on THE_DAY that one of us leads on each of them; another whose names are needed then."""
    visit = VisitFactory(
        request=VisitRequestFactory(state=S.CONFIRMED, group_size=4, submitted_on=date(2026, 1, 1)), agreed_at=LONG_AGO,
        first_day=THE_DAY, last_day=THE_DAY + timedelta(days=2),
    )  # fmt: skip
    leader = FacilitatorFactory()
    for day in range(3):
        nine = at(THE_DAY + timedelta(days=day), 9)
        session = SessionFactory(visit=visit, starts_at=nine, ends_at=nine + timedelta(hours=1))
        AskFactory(session=session, facilitator=leader, state=AskState.ACCEPTED, answered_at=LONG_AGO)
    agreement.write(visit.request)
    Agreement.objects.update(written_at=LONG_AGO, answer_by=THE_DAY)
    first = THE_DAY + timedelta(days=rules.NAMES_DAYS_BEFORE)
    later = VisitFactory(
        request=VisitRequestFactory(state=S.AGREED), agreed_at=LONG_AGO, first_day=first, last_day=first
    )
    Participant.objects.create(visit=later, email="iona@tayford.example.org", invited_at=LONG_AGO)


def _over() -> None:
    """A visit that ended yesterday, on which nobody has looked back, and one of which both sides try something."""
    visit_over(OVER)
    tried = visit_over(OVER)
    guests_share(tried)
    we_share(tried)
    LedgerPoint.objects.filter(months=3).update(due_on=DUE)
    LedgerPoint.objects.exclude(months=3).update(due_on=date(2027, 9, 1))


def lived(derive: Derive, ladders: Callable[[int], Ladder]) -> list[Sent]:
    """What leaves on each morning, when nothing leaves twice under the same key."""
    known: set[str] = set()
    sent = []
    for number, clock in enumerate(MORNINGS):
        for owed in derive(ladders(number), clock):
            if owed.key not in known:
                known.add(owed.key)
                to = f"{type(owed.to).__name__} {owed.to.pk}"
                sent.append(Sent(clock.morning_day, owed.data["rung"], owed.about, to, owed.data["day"]))
    return sent


ALL = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@ALL
@given(days=days_of())
def test_nobody_has_two_mails_of_one_thing_on_a_morning(derive: Derive, days: Days):
    ladder = ladder_of(days)
    for clock in MORNINGS:
        wanted = list(derive(ladder, clock))

        several = Counter(
            (owed.data["rung"].partition("-")[0], owed.about, owed.key.rpartition(":")[2]) for owed in wanted
        )
        assert max(several.values(), default=1) == 1


@ALL
@given(before=days_of(), after=days_of(), on=st.integers(0, len(MORNINGS)))
def test_whoever_moves_a_rung_sends_nobody_the_same_mail_twice(derive: Derive, before: Days, after: Days, on: int):
    ladders = ladder_of(before), ladder_of(after)

    sent = lived(derive, lambda number: ladders[number >= on])

    several = Counter((one.slug, one.about, one.to, one.day) for one in sent)
    assert max(several.values(), default=1) == 1


@ALL
@given(days=days_of())
def test_each_rung_goes_on_its_own_day_to_all_that_it_is_for(derive: Derive, days: Days):
    """The oracle: counted on a calendar, rung by rung, for all that has one mail a rung."""
    days = {anchor: chosen for anchor, chosen in days.items() if anchor != A.SESSION}
    ladder = ladder_of(days)
    expected = Counter(
        (rung.slug, day) for rung in ladder.rungs for day in _days_for(rung) if MORNINGS[0].morning_day <= day
    )

    sent = Counter((one.slug, one.morning) for one in lived(derive, lambda _number: ladder))

    assert sent == expected


def _days_for(rung: ReminderRung) -> Iterator[date]:
    """The mornings on which a rung goes, one for each who gets it."""
    gone = timedelta(days=rung.days)
    match rung.anchor:
        case A.VISIT:  # both visits that come: one on THE_DAY, and one of which the names are needed then
            yield from (THE_DAY - gone, THE_DAY + timedelta(days=rules.NAMES_DAYS_BEFORE) - gone)
        case A.LOOK_BACK:
            yield OVER + gone
        case A.LOOK_BACK_OURS:  # who led and who coordinated; of the other visit who led has written
            yield from [OVER + gone] * 3
        case A.FOLLOW_UP | A.FOLLOW_UP_OURS:
            yield DUE + gone
        case _:
            yield THE_DAY - gone


@ALL
@given(days=st.lists(_day_of(A.SESSION), min_size=2, max_size=5, unique=True), known=st.integers(0, 44))
def test_who_leads_on_several_days_hears_of_each_of_them_before_it(derive: Derive, days: list[int], known: int):
    """Wherever the rungs stand, and however late somebody says yes: what goes before one day never costs another."""
    rungs = ladder_of({A.SESSION: days})
    asks = list(ours.read_sessions(rungs, Span(MORNINGS[0], MORNINGS[-1]), None))
    said_yes = MORNINGS[known].morning + timedelta(hours=2)
    for ask in asks:
        ask.answered_at = said_yes

    sent = lived(lambda ladder, clock: ours.sessions(ladder, asks, clock), lambda _number: rungs)

    first = (said_yes + timedelta(days=1)).date()
    meeting = [THE_DAY + timedelta(days=n) for n in range(3)]
    assert {one.day for one in sent} == {str(day) for day in meeting if first < day}
    assert all(first <= one.morning < date.fromisoformat(one.day) for one in sent)
    on_its_day = {THE_DAY - timedelta(days=number) for number in days if THE_DAY - timedelta(days=number) >= first}
    assert {one.morning for one in sent if one.day == str(THE_DAY)} >= on_its_day


def test_the_rows_have_something_of_every_anchor(derive: Derive):
    ladder = ladder_of({anchor: [min(anchors.TABLE[anchor].most, 5)] for anchor in anchors.OWN})

    sent = lived(derive, lambda _number: ladder)

    assert {one.anchor for one in sent} == {str(anchor) for anchor in anchors.OWN}
    assert VisitRequest.objects.count() == LookBack.objects.count() + 5
