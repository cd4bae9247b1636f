"""Which reminders a moment asks for, derived from the rows as they stand.

Nothing is planned ahead: every sweep derives the set anew and owes what is missing, and a
reminder is derived once more when it is about to leave (`is_wanted`). A visit that has
moved has other keys, so its old reminders fall and new ones come, without any clean-up.

A reminder belongs to a morning, 08.00 in Stockholm. What was agreed, asked or answered
after this morning's hour waits for the next morning: nobody is reminded of what they have
just done.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, TypeVar

from django.db.models import Count, Exists, Model, OuterRef, Q, QuerySet

from visits import almanac, outbox, roles, rules
from visits.choices import AskState, MessageState, ProposalAnswer, RequestState
from visits.meeting import news
from visits.models import (
    Agreement,
    Ask,
    Entry,
    Message,
    Participant,
    PlaceOffer,
    Promise,
    Proposal,
    User,
    Visit,
    VisitRequest,
)
from visits.outbox import Owed

S = RequestState
M = TypeVar("M", bound=Model)

KINDS: Final = frozenset(
    {
        *news.KINDS, "agreement_reminder",
        "answer_reminder", "ask_reminder", "group_reminder", "place_reminder", "draft_warning",
        "promise_reminder", "entered_reminder",
        "morning_digest",
        *(reminder.kind for reminder in rules.VISITOR_REMINDERS),
        *(reminder.kind for reminder in rules.FACILITATOR_REMINDERS),
    }
)  # fmt: skip
ADDRESS: Final = ("contact_email", "contact_name", "language")


@dataclass(frozen=True)
class Clock:
    """A moment, the day it is in Stockholm, and the last day whose morning has come."""

    at: datetime

    @property
    def today(self) -> date:
        return self.at.astimezone(rules.STOCKHOLM).date()

    @property
    def morning_day(self) -> date:
        has_come = self.at >= rules.morning_of(self.today)
        return self.today if has_come else self.today - rules.DAY

    @property
    def morning(self) -> datetime:
        """The last morning that has come: when what is wanted now is due."""
        return rules.morning_of(self.morning_day)

    def before_this_morning(self, moment: datetime | None) -> bool:
        """Whether something happened before the last morning; what has no moment did."""
        return moment is None or moment < self.morning


def queue_due(at: datetime) -> int:
    """Owe the reminders that are due and not owed yet; return how many are new.

    A constant number of queries, however many visits there are.
    """
    return outbox.owe_all(wanted(at))


def is_wanted(message: Message, at: datetime) -> bool:
    """Whether a reminder that was owed is still one that the rows ask for."""
    return any(owed.key == message.key for owed in wanted(at, of=message))


def wanted(at: datetime, *, of: Message | None = None) -> Iterator[Owed]:
    """Every reminder that fits at `at`; with `of`, those of the same request or person."""
    clock, only = Clock(at), of.request_id if of else None
    if of is None or only is not None:
        yield from _answers_to_questions(clock, only)
        yield from _answers_to_proposals(clock, only)
        yield from _agreements(clock, only)
        yield from _places(clock, only)
        yield from _visits(clock, only)
        yield from _invited(clock, only)
        yield from _sessions(clock, only)
        yield from _asks(clock, only)
        yield from _drafts(clock, only)
        yield from _entered(clock, only)
        yield from news.wanted(clock.morning, only)
    if of is None or only is None:
        yield from _digests(clock)
        yield from _promises(clock)


# -- The visitor -----------------------------------------------------------------------


def _answers_to_questions(clock: Clock, only: int | None) -> Iterator[Owed]:
    asked = VisitRequest.objects.filter(
        state=S.INFO_REQUESTED, due_at__gt=clock.at, due_at__lt=rules.end_of(_last_answer_day(clock))
    )
    for visit_request in _only(asked, "pk", only):
        answer_by = _day_of(visit_request.due_at)
        asked_at = visit_request.state_since
        once_per = f"question-{answer_by}-{asked_at:%Y%m%d%H%M%S}"
        if _asked_long_before(answer_by, asked_at):
            yield _to_visitor("answer_reminder", visit_request, once_per, clock)


def _answers_to_proposals(clock: Clock, only: int | None) -> Iterator[Owed]:
    sent = Proposal.objects.filter(
        answer=ProposalAnswer.OPEN, request__state=S.PROPOSED,
        answer_by__gte=clock.today, answer_by__lte=_last_answer_day(clock),
    ).select_related("request")  # fmt: skip
    for proposal in _only(sent, "request", only):
        once_per = f"proposal-{proposal.number}-{proposal.answer_by}"
        if _asked_long_before(proposal.answer_by, proposal.sent_at):
            yield _to_visitor("answer_reminder", proposal.request, once_per, clock, proposal=proposal)


def _places(clock: Clock, only: int | None) -> Iterator[Owed]:
    """Two days before a place in the line goes to the next one."""
    last = clock.morning_day + timedelta(days=rules.PLACE_REMINDER_DAYS)
    kept = PlaceOffer.objects.waiting().filter(
        request__state=S.WAITLISTED, answer_by__gte=clock.today, answer_by__lte=last
    )
    for place in _only(kept, "request", only).select_related("request"):
        if clock.before_this_morning(place.offered_at):
            yield _to_visitor("place_reminder", place.request, f"place-{place.pk}", clock, offer=place.pk)


def _agreements(clock: Clock, only: int | None) -> Iterator[Owed]:
    """Who has been asked to agree, and has not, is asked once more: three days before the day it is wanted by."""
    asked = Agreement.objects.current().filter(
        guests_at=None, request__state__in=rules.STANDING,
        answer_by__gte=clock.today, answer_by__lte=_last_answer_day(clock),
    ).select_related("request")  # fmt: skip
    for agreement in _only(asked, "request", only):
        if agreement.answer_by and _asked_long_before(agreement.answer_by, agreement.ours_at or agreement.written_at):
            once_per = f"{agreement.number}-{agreement.answer_by}"
            yield _to_visitor("agreement_reminder", agreement.request, once_per, clock, number=agreement.number)


def _last_answer_day(clock: Clock) -> date:
    return clock.morning_day + timedelta(days=rules.ANSWER_REMINDER_DAYS)


def _asked_long_before(answer_by: date, told_at: datetime) -> bool:
    """Whether somebody was asked before the morning on which they are reminded."""
    return told_at < rules.morning_of(answer_by - timedelta(days=rules.ANSWER_REMINDER_DAYS))


def _visits(clock: Clock, only: int | None) -> Iterator[Owed]:
    furthest = max(reminder.days_before for reminder in rules.VISITOR_REMINDERS)
    coming = Visit.objects.standing().filter(
        first_day__gt=clock.today, first_day__lte=clock.morning_day + timedelta(days=furthest)
    )
    read = ("first_day", "agreed_at", *(f"request__{name}" for name in ADDRESS), "request__group_size")
    rows = _only(coming, "request", only).select_related("request").only(*read)
    for visit in rows.annotate(names=Count("participants", filter=~Q(participants__name=""))):
        if not clock.before_this_morning(visit.agreed_at):
            continue
        days_left = (visit.first_day - clock.morning_day).days
        reminder = rules.fitting_reminder(rules.VISITOR_REMINDERS, days_left=days_left)
        if reminder is None or (reminder.kind == "names_wanted" and visit.names >= (visit.request.group_size or 0)):
            continue
        yield _to_visitor(reminder.kind, visit.request, visit.first_day, clock)


def _invited(clock: Clock, only: int | None) -> Iterator[Owed]:
    """A week before the names are needed, to each address that was invited before that and has not written."""
    most, least = rules.NAMES_DAYS_BEFORE + rules.NAMES_REMINDER_DAYS, rules.NAMES_DAYS_BEFORE
    waiting = Participant.objects.invited().filter(
        visit__request__state__in=rules.STANDING,
        visit__first_day__lte=clock.morning_day + timedelta(days=most),
        visit__first_day__gt=clock.morning_day + timedelta(days=least),
    )
    for person in _only(waiting, "visit__request", only).select_related("visit__request"):
        first_day = person.visit.first_day
        reminded_on = rules.morning_of(first_day - timedelta(days=most))
        if person.invited_at is not None and person.invited_at < reminded_on:
            about = f"participant-{person.pk}"
            yield Owed("group_reminder", about, first_day, person, clock.morning,
                       request=person.visit.request, participant=person)  # fmt: skip


def _drafts(clock: Clock, only: int | None) -> Iterator[Owed]:
    """Only who asked us to mail the way back is warned: other addresses have not been used."""
    link_sent = Message.objects.filter(kind="draft_link", request=OuterRef("pk"), state=MessageState.SENT)
    ending = VisitRequest.objects.filter(
        state=S.DRAFT, due_at__gt=clock.at, due_at__lt=rules.end_of(clock.morning_day + rules.DRAFT_WARNING)
    ).exclude(contact_email="")
    for draft in _only(ending.filter(Exists(link_sent)), "pk", only):
        yield _to_visitor("draft_warning", draft, _day_of(draft.due_at), clock)


def _entered(clock: Clock, only: int | None) -> Iterator[Owed]:
    """Whom we have entered a request for, and who has not taken it over: asked again after a week, and after three."""
    first = rules.morning_of(clock.morning_day - timedelta(days=min(rules.TAKE_OVER_REMINDER_DAYS) - 1))
    waiting = Entry.objects.filter(
        taken_over_at=None, at__lt=first, request__visitor=None, request__state__in=rules.OPEN
    ).select_related("request")  # fmt: skip
    for entry in _only(waiting, "request", only):
        entered_on = _day_of(entry.at)
        come = [n for n in rules.TAKE_OVER_REMINDER_DAYS if entered_on + timedelta(days=n) <= clock.morning_day]
        if come:
            yield _to_visitor("entered_reminder", entry.request, f"{max(come)}-days", clock)


# -- Facilitators ----------------------------------------------------------------------


def _sessions(clock: Clock, only: int | None) -> Iterator[Owed]:
    furthest = max(reminder.days_before for reminder in rules.FACILITATOR_REMINDERS)
    accepted = Ask.objects.filter(
        state=AskState.ACCEPTED,
        session__visit__request__state__in=rules.STANDING,
        session__visit__last_day__gt=clock.today,
        session__visit__first_day__lte=clock.morning_day + timedelta(days=furthest),
    ).select_related("session__visit__request", "facilitator__user")
    by_person: defaultdict[tuple[int, int], list[Ask]] = defaultdict(list)
    for ask in _only(accepted, "session__visit__request", only).order_by("session__starts_at", "pk"):
        if clock.before_this_morning(ask.answered_at):
            by_person[ask.session.visit_id, ask.facilitator_id].append(ask)
    for asks in by_person.values():
        yield from _own_days(clock, asks)


def _own_days(clock: Clock, asks: list[Ask]) -> Iterator[Owed]:
    """One briefing before somebody's first day of a visit, one reminder before each of their days."""
    first_of_day: dict[date, Ask] = {}
    for ask in asks:
        first_of_day.setdefault(_day_of(ask.session.starts_at), ask)
    for day, ask in first_of_day.items():
        reminder = rules.fitting_reminder(rules.FACILITATOR_REMINDERS, days_left=(day - clock.morning_day).days)
        is_first = day == min(first_of_day)
        if reminder is None or day <= clock.today or (reminder.kind == "briefing" and not is_first):
            continue
        about = f"visit-{ask.session.visit_id}"
        yield _to_facilitator(reminder.kind, about, ask, day, clock, day=day.isoformat())


def _asks(clock: Clock, only: int | None) -> Iterator[Owed]:
    """Who has not answered: after two days and after five, or on the last day of a shorter time; never in vain."""
    waiting = Ask.objects.waiting().filter(
        asked_at__lt=rules.end_of(clock.morning_day - rules.DAY), answer_by__gte=clock.today,
        session__starts_at__gt=clock.at, session__removed_at=None, agreed_at=None,
    ).select_related("session__visit__request", "facilitator__user")  # fmt: skip
    for ask in _only(waiting, "session__visit__request", only):
        asked_on = _day_of(ask.asked_at)
        ladder = rules.ask_reminders((ask.answer_by - asked_on).days) if ask.answer_by else ()
        come = [days for days in ladder if asked_on + timedelta(days=days) <= clock.morning_day]
        if come:
            last = {"last": "yes"} if come[-1] == ladder[-1] else {}
            yield _to_facilitator("ask_reminder", f"ask-{ask.pk}", ask, f"{come[-1]}-days", clock, **last)


# -- Staff -----------------------------------------------------------------------------


def _digests(clock: Clock) -> Iterator[Owed]:
    """On the morning of a working day, for each of the desk for whom something waits."""
    day = clock.today
    if clock.morning_day != day or not rules.is_working_day(day, closed=almanac.closed_from(day)):
        return
    waiting = VisitRequest.objects.waiting_for_us()
    owners = set(waiting.values_list("coordinator", flat=True).distinct())
    if not owners:
        return
    for user in _desk():
        if None in owners or user.pk in owners:
            yield Owed("morning_digest", f"user-{user.pk}", day, user, clock.morning)


def _promises(clock: Clock) -> Iterator[Owed]:
    """Who promised something is told two days before its day, and once more when it has passed."""
    near = clock.morning_day + timedelta(days=rules.PROMISE_REMINDER_DAYS)
    promised = Promise.objects.still_open().filter(
        due_on__lte=near, promised_on__lt=clock.morning_day, promised_by__is_active=True
    ).select_related("promised_by")  # fmt: skip
    for promise in promised:
        when = "late" if promise.due_on < clock.morning_day else "soon"
        about, once_per = f"promise-{promise.pk}", f"{promise.due_on}-{when}"
        yield Owed(
            "promise_reminder", about, once_per, promise.promised_by, clock.morning, data={"promise": promise.pk}
        )


def _desk() -> list[User]:
    groups = (roles.COORDINATORS, roles.MANAGERS)
    return list(User.objects.filter(is_active=True, is_staff=True, groups__name__in=groups).distinct())


# -- Rows ------------------------------------------------------------------------------


def _day_of(moment: datetime | None) -> date:
    """The day in Stockholm of a moment that its filter has made sure of."""
    if moment is None:
        raise LookupError("a moment was asked for that is not there")
    return moment.astimezone(rules.STOCKHOLM).date()


def _only(rows: QuerySet[M], field: str, pk: int | None) -> QuerySet[M]:
    return rows if pk is None else rows.filter(**{field: pk})


def _to_visitor(
    kind: str,
    visit_request: VisitRequest,
    once_per: object,
    clock: Clock,
    *,
    proposal: Proposal | None = None,
    **data: object,
) -> Owed:
    about = f"request-{visit_request.pk}"
    return Owed(
        kind, about, once_per, visit_request, clock.morning, request=visit_request, proposal=proposal, data=data
    )


def _to_facilitator(kind: str, about: str, ask: Ask, once_per: object, clock: Clock, **data: str) -> Owed:
    visit_request = ask.session.visit.request
    return Owed(kind, about, once_per, ask.facilitator.user, clock.morning, request=visit_request, ask=ask, data=data)
