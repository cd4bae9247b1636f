"""One made-up request with everything that its state has behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.utils import timezone

from programmes.models import Area, Offering
from visits import almanac, rules
from visits.choices import (
    AlternativeKind,
    CommentSide,
    DeclineReason,
    Length,
    MeetingLanguage,
    OwnTime,
    RequestState,
    Sharing,
    Travel,
)
from visits.choices import RequestState as S
from visits.demo import days
from visits.demo.afterwards import add_afterwards
from visits.demo.agenda import Planner
from visits.demo.agreements import add_agreement
from visits.demo.line import keep_place
from visits.demo.proposals import WISHED, has_two_versions
from visits.demo.room import add_room
from visits.demo.stories import GUESTS, STORIES, Guest, Story
from visits.meeting.opening import OPEN_STATES
from visits.models import (
    Alternative,
    Comment,
    HistoryEntry,
    Organisation,
    ReferenceCounter,
    SpecialNeeds,
    User,
    Visitor,
    VisitRequest,
    WishedPeriod,
)

UNSENT = (S.DRAFT, S.UNVERIFIED)
ANSWERED = (
    S.IN_REVIEW, S.PROPOSED, S.AGREED, S.CONFIRMED, S.COMPLETED, S.CANCELLED, S.WAITLISTED, S.DECLINED,
)  # fmt: skip
ASKED = (*ANSWERED, S.INFO_REQUESTED, S.EXPIRED)
# What happened after the talk: the deed, whether it was ours, and how many days before the state began.
MILESTONES = (("proposed", True, 6), ("agreed", False, 4), ("confirmed", True, 0))
REACHED = {S.PROPOSED: 1, S.AGREED: 2, S.CANCELLED: 2, S.CONFIRMED: 3, S.COMPLETED: 3}
# What a deed leaves in the history beside its name; a plan of the demo has one version.
DETAILS: dict[str, dict[str, int | str]] = {
    "proposed": {"version": 1},
    "agreed": {"version": 1},
    "declined": {"reason": DeclineReason.NO_ROOM.value},
}
# Where a deed found the request and where it left it; a page adds up from it who has had the turn.
MOVED: dict[str, tuple[RequestState, RequestState]] = {
    "verified": (S.UNVERIFIED, S.SUBMITTED),
    "claimed": (S.SUBMITTED, S.IN_REVIEW),
    "asked_question": (S.IN_REVIEW, S.INFO_REQUESTED),
    "answered": (S.INFO_REQUESTED, S.IN_REVIEW),
    "proposed": (S.IN_REVIEW, S.PROPOSED),
    "change_wanted": (S.PROPOSED, S.IN_REVIEW),
    "agreed": (S.PROPOSED, S.AGREED),
    "confirmed": (S.AGREED, S.CONFIRMED),
    "completed": (S.CONFIRMED, S.COMPLETED),
    "waitlisted": (S.IN_REVIEW, S.WAITLISTED),
    "declined": (S.IN_REVIEW, S.DECLINED),
    "withdrawn": (S.IN_REVIEW, S.WITHDRAWN),
    "cancelled": (S.AGREED, S.CANCELLED),
    "expired": (S.INFO_REQUESTED, S.EXPIRED),
}
# The deed that brought a request into its state, and the states that the clock brings.
LAST = {
    S.DECLINED: "declined", S.WITHDRAWN: "withdrawn", S.CANCELLED: "cancelled", S.WAITLISTED: "waitlisted",
    S.COMPLETED: "completed", S.EXPIRED: "expired",
}  # fmt: skip
BY_CLOCK = (S.COMPLETED, S.EXPIRED)
PLANNED = (S.PROPOSED, S.AGREED, S.CONFIRMED, S.COMPLETED)
AGREED = (S.AGREED, S.CONFIRMED, S.COMPLETED)
FIRST_ANSWERS: Final = (1, 2, 1, 3, 2, 4, 1, 2, 7, 3, 2)  # working days until we asked something, one after the other
A_WHILE: Final = timedelta(minutes=10)  # longer than from a request to its confirmed address


@dataclass(frozen=True)
class Case:
    """What is drawn by lot about one request; the rest follows from it."""

    number: int
    state: RequestState
    today: date
    first_day: date
    asked_on: date
    group_size: int
    days: int
    coordinator: User
    minute: int

    @property
    def guest(self) -> Guest:
        return GUESTS[self.number % len(GUESTS)]

    @property
    def story(self) -> Story:
        return STORIES[(self.number * 3 + self.number // len(STORIES)) % len(STORIES)]

    @property
    def asked_at(self) -> datetime:
        asked = datetime.combine(self.asked_on, time(9), rules.STOCKHOLM) + timedelta(minutes=self.minute)
        midnight = datetime.combine(self.asked_on, time(0), rules.STOCKHOLM)
        hour = timezone.now().replace(minute=0, second=0, microsecond=0)
        return max(min(asked, hour - A_WHILE), midnight)  # a season made in the morning has no afternoon yet

    @property
    def since(self) -> datetime:
        """When the request came into its state: lately for open ones, so that few are late."""
        if self.state in (S.DRAFT, S.UNVERIFIED, S.SUBMITTED):
            return self.asked_at
        if self.state == S.COMPLETED:
            after = rules.working_days_after(self.first_day, self.days)
            return datetime.combine(after, time(3), rules.STOCKHOLM)
        late = datetime.combine(self.today - timedelta(days=1 + self.number % 6), time(10), rules.STOCKHOLM)
        return max(self.asked_at + timedelta(days=2), late)

    @property
    def first_answer_at(self) -> datetime:
        """When we first asked them something: within the week as a rule, and once in a while later."""
        if self.state == S.INFO_REQUESTED:
            return self.since
        count = FIRST_ANSWERS[self.number % len(FIRST_ANSWERS)]
        day = rules.working_days_after(self.asked_on, count, closed=almanac.closed_from(self.asked_on))
        return datetime.combine(day, self.asked_at.astimezone(rules.STOCKHOLM).time(), rules.STOCKHOLM)

    @property
    def settled_at(self) -> datetime:
        """When the last word about the plan was said: long before a visit that is over."""
        return self.asked_at + timedelta(days=21) if self.state == S.COMPLETED else self.since


def add_case(case: Case, planner: Planner) -> VisitRequest:
    """Write the request, its conversation and history, and its plan when it has one."""
    visit_request = _add_request(case)
    _add_answers(visit_request, case)
    if case.state not in UNSENT:
        _add_talk(visit_request, case)
    if case.state in PLANNED:
        visit = planner.add_visit(
            visit_request, case.first_day, case.days, case.story, state=case.state, since=case.settled_at
        )
        if case.state == S.COMPLETED:
            add_afterwards(visit, number=case.number, today=case.today)
        if case.state in OPEN_STATES:
            add_room(visit_request, number=case.number, since=case.settled_at)
    if case.state in AGREED:
        add_agreement(visit_request, state=case.state, number=case.number, since=case.settled_at)
    if case.state == S.WAITLISTED:
        keep_place(visit_request, number=case.number, since=case.since, today=case.today)
    if case.state == S.DECLINED:
        other_week = days.first_of(case.first_day + timedelta(weeks=5), case.days)
        Alternative.objects.bulk_create([
            Alternative(request=visit_request, kind=AlternativeKind.OTHER_WEEK, first_day=other_week),
            Alternative(request=visit_request, kind=AlternativeKind.FESTIVAL),
            Alternative(request=visit_request, kind=AlternativeKind.DIGITAL),
            Alternative(request=visit_request, kind=AlternativeKind.FELLOWSHIP),
        ])  # fmt: skip
    return visit_request


def _add_request(case: Case) -> VisitRequest:
    guest, story = case.guest, case.story
    visit_request = VisitRequest(
        state=case.state,
        state_since=case.since,
        due_at=rules.due_moment(case.state, case.since, closed=almanac.closed_from(case.asked_on)),
        is_demo=True,
        organisation_name=guest.organisation,
        country=guest.country,
        organisation_kind=guest.kind,
        contact_name=guest.contact,
        contact_role=guest.role,
        contact_email=guest.email,
        language=guest.language,
        group_size=case.group_size,
        professions=["nurses", "leaders", "patients"][: 1 + case.number % 3],
        aim=story.aim,
        big_questions=[story.question],
        gifts=[story.gift],
        brings=story.brings,
        sharing=[Sharing.STORY, Sharing.CONVERSATION],
        own_time=OwnTime.HOUR,
        length={1: Length.ONE, 2: Length.TWO, 3: Length.THREE}[case.days],
        meeting_language=MeetingLanguage.SWEDISH if guest.language == "sv" else MeetingLanguage.ENGLISH,
        travel=[Travel.TRAIN],
        needs_invitation_letter=case.number % 4 == 1,
    )
    if case.state != S.DRAFT:
        visit_request.submitted_on, visit_request.sent_at = case.asked_on, case.asked_at
        visit_request.first_wished_day = case.first_day
    if case.state not in UNSENT:
        _receive(visit_request, case)
    visit_request.save()
    return visit_request


def _receive(visit_request: VisitRequest, case: Case) -> None:
    guest = case.guest
    visit_request.submitted_at = case.asked_at + timedelta(minutes=9)
    visit_request.reference = _next_reference(case.asked_on.year)
    visit_request.organisation = Organisation.objects.get_or_create(
        name=guest.organisation, country=guest.country, defaults={"kind": guest.kind, "is_demo": True}
    )[0]
    visit_request.visitor = Visitor.objects.get_or_create(
        email_key=guest.email.casefold(),
        defaults={
            "name": guest.contact,
            "role": guest.role,
            "email": guest.email,
            "language": guest.language,
            "organisation": visit_request.organisation,
            "is_demo": True,
        },
    )[0]
    if case.state != S.SUBMITTED:
        visit_request.coordinator = case.coordinator
    if case.state == S.DECLINED:
        visit_request.decline_reason = DeclineReason.NO_ROOM
        visit_request.decline_words = "The people who can answer you are all taken that week."
    if case.state == S.WAITLISTED:
        visit_request.waitlist_words = "The unit you want to see has room again in the spring."


def _next_reference(year: int) -> str:
    counter, _created = ReferenceCounter.objects.get_or_create(year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return rules.reference(year, counter.last)


def _add_answers(visit_request: VisitRequest, case: Case) -> None:
    visit_request.areas.set(Area.objects.filter(slug__in=case.story.areas))
    visit_request.offerings.set(Offering.objects.filter(slug__in=case.story.offerings))
    wishes = [case.first_day, days.first_of(case.first_day + timedelta(weeks=3), case.days)][: 1 + case.number % 2]
    for rank, day in enumerate(wishes, start=1):
        WishedPeriod.objects.create(request=visit_request, rank=rank, first_day=day, flexible=case.number % 3 == 0)
    SpecialNeeds.objects.create(
        request=visit_request,
        vegetarian=case.number % 3,
        without_gluten=case.number % 2,
        step_free=case.number % 4 == 0,
    )


def _add_talk(visit_request: VisitRequest, case: Case) -> None:
    lines: list[tuple[str, User | None, datetime]] = [
        ("sent", None, case.asked_at),
        ("verified", None, case.asked_at + timedelta(minutes=9)),
    ]
    if visit_request.coordinator:
        lines.append(("claimed", visit_request.coordinator, case.asked_at + timedelta(hours=20)))
    if case.state in ASKED and visit_request.coordinator:
        asked_at = case.first_answer_at
        _add_comment(visit_request, visit_request.coordinator, asked_at,
                     "Thank you for telling us what you bring. Who in your group will tell it?")  # fmt: skip
        lines.append(("asked_question", visit_request.coordinator, asked_at))
        if case.state in ANSWERED:
            _add_comment(visit_request, None, asked_at + timedelta(days=1),
                         "Our patient partner would like to tell it herself.")  # fmt: skip
            lines.append(("answered", None, asked_at + timedelta(days=1)))
    for what, side, before in MILESTONES[: REACHED.get(case.state, 0)]:
        lines.append((what, visit_request.coordinator if side else None, case.settled_at - timedelta(days=before)))
    if case.state in LAST:
        by = None if case.state in (S.WITHDRAWN, *BY_CLOCK) else visit_request.coordinator
        lines.append((LAST[case.state], by, case.since))
    for what, by, at in lines:
        add_history(visit_request, what, by, at)
    if has_two_versions(visit_request, case.state):
        add_history(visit_request, "change_wanted", None, case.since - WISHED, version=1)
        add_history(visit_request, "proposed", visit_request.coordinator, case.since, version=2)


def add_history(visit_request: VisitRequest, what: str, by: User | None, at: datetime, **more: int) -> None:
    """A line of history at a moment in the past."""
    told_by_clock = what in {LAST[state] for state in BY_CLOCK}
    name = str(by) if by else "" if told_by_clock else visit_request.contact_name
    old, new = MOVED.get(what, ("", ""))
    moved = {"old": old, "new": new} if new else {}
    detail = {**DETAILS.get(what, {}), **moved, **more}
    HistoryEntry.objects.create(request=visit_request, what=what, by=by, by_name=name, at=at, detail=detail)


def _add_comment(visit_request: VisitRequest, author: User | None, at: datetime, text: str) -> None:
    comment = Comment.objects.create(
        request=visit_request,
        side=CommentSide.OURS if author else CommentSide.VISITOR,
        author=author,
        author_name=str(author) if author else visit_request.contact_name,
        text=text,
    )
    Comment.objects.filter(pk=comment.pk).update(written_at=at)
