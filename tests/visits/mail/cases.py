"""One row of every kind of mail, true at this moment, with hostile text wherever people type."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.test import override_settings
from django.utils import timezone

from tests.factories import (
    AreaFactory,
    AskFactory,
    CoordinatorFactory,
    DraftFactory,
    FacilitatorFactory,
    GatheringFactory,
    ProposalFactory,
    SessionFactory,
    SiteFactory,
    UserFactory,
    VisitFactory,
    VisitRequestFactory,
    join,
    settle_agreement,
)
from visits import (
    access,
    agreement,
    busy,
    ledger,
    memory,
    outbox,
    planning,
    reminders,
    roles,
    rules,
    scheduling,
    workflow,
)
from visits.choices import (
    Anchor,
    AskState,
    CalendarProblem,
    CommentSide,
    CompetenceLevel,
    LinkPurpose,
    MessageState,
    RequestState,
    SessionKind,
    Side,
)
from visits.models import (
    Agreement,
    Alternative,
    Ask,
    Comment,
    CompetenceClaim,
    Enquiry,
    Entry,
    Gathering,
    GatheringAsk,
    LedgerEntry,
    LedgerPoint,
    LookBack,
    Message,
    OwnCalendar,
    Participant,
    PlaceOffer,
    ReminderRung,
    RoomQuestion,
    Session,
    SpecialNeeds,
    VisitRequest,
)
from visits.scheduling import competence

S = RequestState
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> http://evil.example {{7*7}} %(x)s ${7*7} *x* [a](http://b.example)"
NAME = "Ada<b>\"'{% debug %} O’Neil https://evil.example"
TYPED = {
    "contact_name": NAME,
    "aim": HOSTILE,
    "brings": f"{HOSTILE}\n\n--\nwww.evil.example and evil.example/path and you@evil.example",
    "waitlist_words": HOSTILE,
    "decline_words": HOSTILE,
}


def request_in(state: RequestState, language: str, **fields: Any) -> VisitRequest:
    """A request in a state whose coordinator is Maja, typed by somebody with bad intentions."""
    coordinator = UserFactory(first_name="Maja", last_name="Lindqvist", language=language, is_staff=True)
    factory = DraftFactory if state == S.DRAFT else VisitRequestFactory
    since = timezone.now() - timedelta(days=12)
    fields = {"organisation_name": f"Hospital {VisitRequest.objects.count()} {HOSTILE}"} | fields
    return factory(
        state=state, language=language, coordinator=coordinator, state_since=since,
        due_at=rules.end_of(timezone.localdate() + timedelta(days=2)), **(TYPED | fields),
    )  # fmt: skip


def visit_in(days: int, language: str, state: RequestState = S.CONFIRMED) -> VisitRequest:
    """An agreed visit so many days ahead, with a session of ours and one of the guests'."""
    visit_request = request_in(state, language)
    first = timezone.localdate() + timedelta(days=days)
    visit = VisitFactory(request=visit_request, first_day=first, last_day=first, title=HOSTILE, place=HOSTILE[:160])
    SessionFactory(visit=visit, title=f"Meet {HOSTILE}"[:160])
    SessionFactory(visit=visit, hour=11, kind=SessionKind.GUEST, title=f"Yours {HOSTILE}"[:160])
    return visit_request


def ask_in(days: int, language: str, state: AskState, **fields: Any) -> Ask:
    session = visit_in(days, language).visit.sessions.first()
    user = FacilitatorFactory(user__language=language, user__first_name="Fatima").user
    return AskFactory(session=session, facilitator=user.facilitator, state=state, **fields)


def written(visit_request: VisitRequest) -> Comment:
    return Comment.objects.create(
        request=visit_request, side=CommentSide.OURS, author=visit_request.coordinator,
        author_name="Maja Lindqvist", text=HOSTILE,
    )  # fmt: skip


def _visitor(state: RequestState) -> Callable[[str, str], None]:
    def owe(kind: str, language: str) -> None:
        outbox.owe_visitor(kind, request_in(state, language))

    return owe


def _put_together(kind: str, language: str) -> None:
    outbox.owe_visitor(kind, request_in(S.IN_REVIEW, language), other="CL-26-900")


def _put_into(kind: str, language: str) -> None:
    kept = VisitRequestFactory(state=S.IN_REVIEW)
    outbox.owe_visitor(kind, request_in(S.WITHDRAWN, language, absorbed_into=kept))


def _verify(kind: str, language: str) -> None:
    visit_request = request_in(S.UNVERIFIED, language)
    access.issue(LinkPurpose.VERIFY, request=visit_request, life=timedelta(days=7))
    outbox.owe_visitor(kind, visit_request)


def _entered(kind: str, language: str) -> None:
    visit_request = request_in(S.SUBMITTED, language, visitor=None)
    Entry.objects.create(request=visit_request, by=visit_request.coordinator, source="phone", words=HOSTILE)
    access.issue(LinkPurpose.TAKE_OVER, request=visit_request)
    if kind == "entered":
        outbox.owe_visitor(kind, visit_request)
    Entry.objects.update(at=timezone.now() - timedelta(days=8))


def _promised(kind: str, language: str) -> None:
    visit_request = request_in(S.SUBMITTED, language)
    today, who = timezone.localdate(), visit_request.coordinator
    memory.promise(visit_request.organisation, said=HOSTILE, due_on=today, by=who, today=today - timedelta(days=9))


def _draft_warning(kind: str, language: str) -> None:
    draft = request_in(S.DRAFT, language)
    outbox.owe_visitor("draft_link", draft)
    Message.objects.update(state=MessageState.SENT)


def _find(kind: str, language: str) -> None:
    first = request_in(S.SUBMITTED, language)
    second = request_in(S.DRAFT, language, contact_email=first.contact_email)
    third = request_in(S.UNVERIFIED, language, contact_email=first.contact_email)
    outbox.owe_address(
        kind, first.contact_email, language=language, once_per=1, requests=[first.pk, second.pk, third.pk]
    )


def _comment(state: RequestState) -> Callable[[str, str], None]:
    def owe(kind: str, language: str) -> None:
        visit_request = request_in(state, language)
        comment = written(visit_request)
        outbox.owe_visitor(kind, visit_request, once_per=comment.pk, comment=comment)

    return owe


def _declined(kind: str, language: str) -> None:
    visit_request = request_in(S.DECLINED, language, decline_reason="no_room")
    first = timezone.localdate() + timedelta(days=200)
    Alternative.objects.create(request=visit_request, kind="other_week", first_day=first, words=HOSTILE)
    Alternative.objects.create(request=visit_request, kind="digital")
    outbox.owe_visitor(kind, visit_request)


def _proposal(kind: str, language: str) -> None:
    visit_request = request_in(S.PROPOSED, language)
    agenda = [{"day": "2027-03-16", "sessions": [{"kind": "guest", "title": HOSTILE}, {"kind": "host", "title": "x"}]}]
    proposal = ProposalFactory(request=visit_request, number=2, words=HOSTILE, agenda=agenda)
    outbox.owe_visitor(kind, visit_request, once_per=2, proposal=proposal)


def _answer_reminder(kind: str, language: str) -> None:
    written(request_in(S.INFO_REQUESTED, language))


def _proposal_reminder(kind: str, language: str) -> None:
    visit_request = request_in(S.PROPOSED, language)
    proposal = ProposalFactory(request=visit_request, answer_by=timezone.localdate() + timedelta(days=2))
    type(proposal).objects.update(sent_at=timezone.now() - timedelta(days=12))


def _visit(days: int) -> Callable[[str, str], None]:
    def owe(kind: str, language: str) -> None:
        visit_in(days, language)

    return owe


def _visit_own(kind: str, language: str) -> None:
    own = ReminderRung.own(Anchor.VISIT)
    own.days, own.subject_en, own.subject_sv = 14, "In {left}, {name}", "Om {left}, {name}"
    own.text_en = own.text_sv = "*{organisation}*, {day}\n{programme}\n{missing}\n{yours}\n{call}"
    own.full_clean()
    own.save()
    visit_in(14, language)


def _agreed(state: RequestState) -> Callable[[str, str], None]:
    def owe(kind: str, language: str) -> None:
        outbox.owe_visitor(kind, visit_in(60, language, state))

    return owe


def _agreement(*, ours: bool = False, guests: bool = False, again: bool = False) -> Callable[[str, str], None]:
    """A version that some have agreed to, typed into by somebody with bad intentions."""

    def owe(kind: str, language: str) -> None:
        visit_request = visit_in(60, language, S.AGREED)
        by = visit_request.coordinator
        text = settle_agreement(visit_request, by=by)
        if again:
            answers = dict.fromkeys(("aim", "measure", "test"), HOSTILE)
            contacts = [row for row in text.content["contacts"] if row["kind"] in ("call", "look_back")]
            agreement.write_ours(visit_request, answers=answers, contacts=contacts, by=by, seen=text.digest)
        past = timezone.now() - timedelta(days=5)
        found = Agreement.objects.current()
        found.update(
            ours_at=past if ours else None, guests_at=past if guests else None,
            answer_by=timezone.localdate() + timedelta(days=2), written_at=past,
        )  # fmt: skip
        Message.objects.all().delete()
        number = found.get().number
        if kind.endswith("_us"):
            outbox.owe_staff(kind, by, once_per=number, request=visit_request, number=number)
        elif kind != "agreement_reminder":
            outbox.owe_visitor(kind, visit_request, once_per=number, number=number)

    return owe


def _ask(state: AskState) -> Callable[[str, str], None]:
    def owe(kind: str, language: str) -> None:
        ask = ask_in(60, language, state)
        if kind == "ask_withdrawn":
            outbox.owe_facilitator("ask", ask)
            Message.objects.update(state=MessageState.SENT)
        outbox.owe_facilitator(kind, ask)

    return owe


def _ask_reminder(kind: str, language: str) -> None:
    ask_in(60, language, AskState.ASKED, asked_at=timezone.now() - timedelta(days=3))


def _several_asks(kind: str, language: str) -> None:
    """Two sessions and a gathering wait for the answer of one colleague."""
    before = timezone.now() - timedelta(days=3)
    first = ask_in(60, language, AskState.ASKED, asked_at=before)
    other = ask_in(80, language, AskState.ASKED, asked_at=before)
    Ask.objects.filter(pk=other.pk).update(facilitator=first.facilitator)
    there = GatheringFactory(words_en=f"Network {HOSTILE}"[:160], words_sv=f"Nätverk {HOSTILE}"[:160])
    scheduling.ask_people(there, [first.facilitator], by=first.asked_by, with_it=HOSTILE)
    GatheringAsk.objects.update(asked_at=before)


def _session(days: int) -> Callable[[str, str], None]:
    def owe(kind: str, language: str) -> None:
        ask_in(days, language, AskState.ACCEPTED)

    return owe


def _look_back(days: int) -> Callable[[str, str], None]:
    def owe(kind: str, language: str) -> None:
        visit_in(-days, language, S.COMPLETED)
        ledger.queue_due(timezone.now())

    return owe


def _follow_up(side: Side, days: int) -> Callable[[str, str], None]:
    """Something that a side has tried, asked after so many days ago."""

    def owe(kind: str, language: str) -> None:
        visit = visit_in(-100, language, S.COMPLETED).visit
        user = visit.request.coordinator if side == Side.OURS else None
        look_back = LookBack.objects.create(
            visit=visit, side=side, user=user, author_name=NAME, shared_at=timezone.now()
        )
        entry = LedgerEntry.objects.create(
            visit=visit, look_back=look_back, learner=side, number=1, words=HOSTILE, tries=HOSTILE, begins=NAME,
            begins_when="www.evil.example", measure=HOSTILE,
        )  # fmt: skip
        LedgerPoint.objects.create(entry=entry, months=3, due_on=timezone.localdate() - timedelta(days=days))
        ledger.queue_due(timezone.now())

    return owe


def _enquiry(kind: str, language: str) -> None:
    enquiry = Enquiry.objects.create(
        name=NAME, email="eve@evil.example", organisation_name=HOSTILE, text=HOSTILE, about_sooner=True
    )
    outbox.owe_staff(kind, UserFactory(language=language), once_per=enquiry.pk, enquiry=enquiry)


def _visitor_wrote(kind: str, language: str) -> None:
    visit_request = request_in(S.CONFIRMED, language)
    comment = Comment.objects.create(request=visit_request, side=CommentSide.VISITOR, author_name=NAME, text=HOSTILE)
    outbox.owe_staff(kind, visit_request.coordinator, once_per=1, request=visit_request, comment=comment)


def _visitor_left(kind: str, language: str) -> None:
    visit_request = request_in(S.WITHDRAWN, language)
    outbox.owe_staff(kind, visit_request.coordinator, once_per=1, request=visit_request)


def _request_changed(kind: str, language: str) -> None:
    visit_request = request_in(S.IN_REVIEW, language)
    changes = [
        {"name": "group_size", "was": 6, "now": 8},
        {"name": "aim", "was": HOSTILE, "now": "Esther"},
        {"name": "wishes", "was": [["2027-03-16", False]], "now": [["2027-03-16", True]]},
        {"name": "needs"},
    ]
    outbox.owe_staff(kind, visit_request.coordinator, once_per=1, request=visit_request, changes=changes)


def _corrected(kind: str, language: str) -> None:
    visit_request = request_in(S.IN_REVIEW, language)
    changes = [
        {"name": "group_size", "was": 6, "now": 8},
        {"name": "contact_name", "was": HOSTILE, "now": NAME},
        {"name": "contact_phone"},
    ]
    outbox.owe_visitor(kind, visit_request, once_per=2, changes=changes, why="You told us on the phone.")


def _facilitator_left(kind: str, language: str) -> None:
    visit_request = request_in(S.CONFIRMED, language)
    outbox.owe_staff(
        kind, visit_request.coordinator, once_per=1, request=visit_request, who="Fatima Hosseini", session="Meet Esther"
    )


def _nobody_left(kind: str, language: str) -> None:
    """Everybody who could has said no to a session for which the portal asks on by itself."""
    ask = ask_in(60, language, AskState.ASKED)
    Session.objects.update(asks_on=True)
    scheduling.decline(scheduling.accept(ask))
    Message.objects.exclude(kind=kind).delete()


def _swapped(state: RequestState, answer: str) -> Callable[[str, str], None]:
    """Somebody who leads a session has asked a colleague to take it over, and they have answered."""

    def owe(kind: str, language: str) -> None:
        ask = ask_in(60, language, AskState.ASKED)
        VisitRequest.objects.update(state=state)
        scheduling.accept(ask)
        made = scheduling.offer(ask, FacilitatorFactory(user__language=language, user__first_name="Gunvor"))
        if answer:
            getattr(scheduling, answer)(made)
        Message.objects.exclude(kind=kind).delete()

    return owe


def _handed_over(kind: str, language: str) -> None:
    """What whoever does not lead it any more reads."""
    _swapped(S.AGREED, "accept")(kind, language)
    Message.objects.filter(ask__state=AskState.ACCEPTED).delete()


def _taken_over(kind: str, language: str) -> None:
    """What whoever leads it now reads."""
    _swapped(S.AGREED, "accept")(kind.split(" ", maxsplit=1)[0], language)
    Message.objects.filter(ask__state=AskState.HANDED).delete()


def _stood_down(kind: str, language: str) -> None:
    """Somebody of the desk writes down that a facilitator cannot come."""
    ask = ask_in(60, language, AskState.ACCEPTED)
    scheduling.stand_down(
        ask.facilitator, [(ask.session.starts_at, ask.session.ends_at)], by=ask.session.visit.request.coordinator
    )
    Message.objects.exclude(kind=kind).delete()


def _helping(deed: Callable[[GatheringAsk], object] | None = None) -> Callable[[str, str], None]:
    """Somebody is asked to help at a gathering, and what comes of it."""

    def case(kind: str, language: str) -> None:
        person, by = FacilitatorFactory(user__language=language), UserFactory(language=language)
        named = {"words_en": f"Network {HOSTILE}"[:160], "words_sv": f"Nätverk {HOSTILE}"[:160]}
        there = GatheringFactory(site=SiteFactory(), **named)
        scheduling.ask_people(there, [person], by=by, with_it=HOSTILE)
        if deed is not None:
            deed(there.asks.get())
        about = Message.objects.filter(kind=kind.split(" ", maxsplit=1)[0])
        Message.objects.exclude(pk=about.order_by("pk").values_list("pk", flat=True).last()).delete()

    return case


def _gathering_moved(asked: GatheringAsk) -> None:
    """Who had said yes is asked anew."""
    scheduling.accept_helping(asked)
    Gathering.objects.filter(pk=asked.gathering_id).update(starts="09:00", ends="11:00")
    there = Gathering.objects.get(pk=asked.gathering_id)
    scheduling.ask_people(there, [asked.facilitator], by=asked.asked_by)


def _gathering_elsewhere(asked: GatheringAsk) -> None:
    """It ends later, in another house."""
    scheduling.accept_helping(asked)
    Gathering.objects.filter(pk=asked.gathering_id).update(ends="16:00", site=SiteFactory(name="Eksjö"))
    there = Gathering.objects.get(pk=asked.gathering_id)
    scheduling.ask_people(there, [asked.facilitator], by=asked.asked_by)


def _not_ticked(asked: GatheringAsk) -> None:
    scheduling.accept_helping(asked)
    scheduling.ask_people(asked.gathering, [], by=asked.asked_by)


def _given_back(asked: GatheringAsk) -> None:
    scheduling.decline_helping(scheduling.accept_helping(asked))


def _off(asked: GatheringAsk) -> None:
    scheduling.call_off(asked.gathering)


def _not_answered(asked: GatheringAsk) -> None:
    GatheringAsk.objects.update(asked_at=timezone.now() - timedelta(days=3))
    reminders.queue_due(timezone.now())


def _calendar_unread(kind: str, language: str) -> None:
    """Their own calendar has not been read for three days."""
    person, now = FacilitatorFactory(user__language=language), timezone.now()
    busy.read_from(person, "https://calendar.example/secret.ics", at=now)
    OwnCalendar.objects.update(problem=CalendarProblem.GONE, failing_since=now - timedelta(days=3))
    outbox.owe_staff(kind, person.user, once_per=1, facilitator=person.pk)


def _claimed(kind: str, language: str) -> None:
    """A colleague at the desk has looked at what somebody said that they can lead."""
    person, area = FacilitatorFactory(user__language=language), AreaFactory(name_en=NAME, name_sv=NAME)
    until = timezone.localdate() + timedelta(days=400)
    competence.claim(person, area, level=CompetenceLevel.TEACHES, until=until)
    deed = competence.approve if kind == "competence_approved" else competence.refuse
    deed(CompetenceClaim.objects.get(facilitator=person), by=CoordinatorFactory())


def _moved(kind: str, language: str) -> None:
    """The guests have asked for other days; each of those who knew the old ones is told."""
    ask = ask_in(60, language, AskState.ACCEPTED)
    visit_request = ask.session.visit.request
    Participant.objects.create(
        visit=visit_request.visit, name=NAME, email="moira@evil.example", language=language, written_at=timezone.now()
    )
    day = rules.earliest_first_day(timezone.localdate()) + timedelta(days=30)
    workflow.move_by_guests(visit_request, days=[day], why=HOSTILE, seen=visit_request.version)
    Message.objects.exclude(kind=kind).delete()


def _taken_back(kind: str, language: str) -> None:
    """We take a confirmed visit back to planning."""
    visit_request = visit_in(60, language)
    workflow.move_back_to_planning(visit_request, by=visit_request.coordinator, seen=visit_request.version)
    Message.objects.exclude(kind=kind).delete()


def _new_days(kind: str, language: str) -> None:
    """A visit whose days were off is confirmed once more."""
    visit_request = visit_in(60, language, S.AGREED)
    person = Participant.objects.create(
        visit=visit_request.visit, name=NAME, email="moira@evil.example", language=language, written_at=timezone.now()
    )
    outbox.owe_participant("days_off", person)
    AskFactory(session=visit_request.visit.sessions.first(), state=AskState.ACCEPTED)
    settle_agreement(visit_request)
    workflow.confirm(visit_request, by=visit_request.coordinator, seen=visit_request.version)
    Message.objects.exclude(kind=kind).delete()


def _room_news(kind: str, language: str) -> None:
    """A question of ours is news to the guests; one of theirs to the hosts."""
    ask = ask_in(60, language, AskState.ACCEPTED)
    visit = ask.session.visit
    ours = kind == "room_news"
    RoomQuestion.objects.create(
        visit=visit, side=Side.OURS if ours else Side.GUESTS, text=HOSTILE, author_name=NAME,
        author=ask.asked_by if ours else None,
    )  # fmt: skip
    yesterday = rules.morning_of(timezone.localdate()) - timedelta(days=1)
    RoomQuestion.objects.update(asked_at=yesterday - timedelta(hours=1))


def _digest(kind: str, language: str) -> None:
    visit_request = request_in(S.IN_REVIEW, language)
    join(visit_request.coordinator, roles.COORDINATORS)


def _place(kind: str, language: str) -> None:
    """Days in the line that are kept for a group; `place_reminder` is wanted two days before they go."""
    visit_request = request_in(S.WAITLISTED, language)
    place = PlaceOffer.objects.create(
        request=visit_request, first_day=timezone.localdate() + timedelta(days=120),
        last_day=timezone.localdate() + timedelta(days=121), why={"condition": HOSTILE},
        answer_by=timezone.localdate() + timedelta(days=2),
    )  # fmt: skip
    PlaceOffer.objects.update(offered_at=timezone.now() - timedelta(days=5))
    if kind == "line_moved":
        outbox.owe_staff(kind, visit_request.coordinator, once_per=1, request=visit_request)
    elif kind != "place_reminder":
        outbox.owe_visitor(kind, visit_request, offer=place.pk)


def _programme_changed(kind: str, language: str) -> None:
    """A session of a confirmed visit moves by a quarter of an hour."""
    visit_request = visit_in(60, language)
    session = visit_request.visit.sessions.first()
    session.starts_at += timedelta(minutes=15)
    planning.change_session(session, by=visit_request.coordinator, seen=visit_request.version)
    Message.objects.filter(kind=kind).update(due_at=timezone.now())


def _programme_changed_for_one(kind: str, language: str) -> None:
    """The same, to one of the group."""
    visit_request = visit_in(60, language)
    Participant.objects.create(
        visit=visit_request.visit, name=NAME, email="moira@evil.example", language=language, written_at=timezone.now()
    )
    session = visit_request.visit.sessions.first()
    session.starts_at += timedelta(minutes=15)
    planning.change_session(session, by=visit_request.coordinator, seen=visit_request.version)
    Message.objects.filter(participant=None).delete()
    Message.objects.update(due_at=timezone.now())


def _member(kind: str, language: str) -> None:
    """Somebody of a group: invited some weeks ago, or written by now, under a hostile name."""
    visit_request = visit_in(20, language)
    written = {"name": NAME, "role": HOSTILE[:120]} if kind == "group_link" else {}
    person = Participant.objects.create(
        visit=visit_request.visit, email="iona@tayford.example.org", language=language,
        invited_at=timezone.now() - timedelta(days=20), **written,
    )  # fmt: skip
    if kind != "group_reminder":
        outbox.owe_participant(kind, person)


def _kitchen(kind: str, language: str) -> None:
    visit = VisitFactory(request=request_in(S.CONFIRMED, language), title=HOSTILE)
    SpecialNeeds.objects.create(request=visit.request, vegan=2)
    SessionFactory(visit=visit, kind=SessionKind.BREAK, title=HOSTILE[:150], hour=12, place=HOSTILE[:150])
    with override_settings(QULTURUM_KITCHEN_LANGUAGE=language):
        outbox.owe_kitchen(kind, visit.request, once_per=1)


def _room_too_small(kind: str, language: str) -> None:
    visit_request = visit_in(60, language)
    outbox.owe_staff(
        kind, visit_request.coordinator, once_per=1, request=visit_request, rooms=["Studio", "Attic"], people=14
    )


OWE: dict[str, Callable[[str, str], None]] = {
    "verify": _verify,
    "entered": _entered,
    "entered_reminder": _entered,
    "draft_link": _visitor(S.DRAFT),
    "draft_warning": _draft_warning,
    "received": _visitor(S.SUBMITTED),
    "find": _find,
    "question": _comment(S.INFO_REQUESTED),
    "message": _comment(S.IN_REVIEW),
    "waitlisted": _visitor(S.WAITLISTED),
    "place_offered": _place,
    "place_reminder": _place,
    "place_lapsed": _place,
    "line_moved": _place,
    "declined": _declined,
    "reopened": _visitor(S.IN_REVIEW),
    "withdrawn": _visitor(S.WITHDRAWN),
    "put_together": _put_together,
    "put_into": _put_into,
    "expired": _visitor(S.EXPIRED),
    "proposal": _proposal,
    "proposal_lapsed": _visitor(S.IN_REVIEW),
    "answer_reminder": _answer_reminder,
    "answer_reminder of a proposal": _proposal_reminder,
    "confirmed": _agreed(S.CONFIRMED),
    "agreement_ready": _agreement(ours=True),
    "agreement_reminder": _agreement(ours=True),
    "agreement_reopened": _agreement(again=True),
    "agreement_reopened_us": _agreement(again=True),
    "agreement_settled": _agreement(ours=True, guests=True),
    "agreement_settled_us": _agreement(ours=True, guests=True),
    "cancelled": _agreed(S.CANCELLED),
    "programme_changed": _programme_changed,
    "programme_changed of the group": _programme_changed_for_one,
    "names_wanted": _visit(40),
    "visit_in_four_weeks": _visit(28),
    "visit_in_one_week": _visit(7),
    "visit_reminder": _visit_own,
    "visit_tomorrow": _visit(1),
    "group_invitation": _member,
    "group_reminder": _member,
    "group_link": _member,
    "room_too_small": _room_too_small,
    "move_received": _moved,
    "days_off": _moved,
    "days_on": _new_days,
    "to_be_moved": _taken_back,
    "session_moved": _moved,
    "visit_moves": _moved,
    "room_news": _room_news,
    "room_news_host": _room_news,
    "room_news_desk": _room_news,
    "ask": _ask(AskState.ASKED),
    "ask_reminder": _ask_reminder,
    "ask_reminder several": _several_asks,
    "ask_withdrawn": _ask(AskState.WITHDRAWN),
    "session_confirmed": _ask(AskState.ACCEPTED),
    "session_cancelled": _ask(AskState.WITHDRAWN),
    "briefing": _session(7),
    "session_tomorrow": _session(1),
    "look_back": _look_back(1),
    "look_back again": _look_back(7),
    "look_back_ours": _look_back(1),
    "follow_up": _follow_up(Side.GUESTS, 0),
    "follow_up again": _follow_up(Side.GUESTS, 21),
    "follow_up_ours": _follow_up(Side.OURS, 0),
    "visitor_wrote": _visitor_wrote,
    "visitor_left": _visitor_left,
    "kitchen": _kitchen,
    "request_changed": _request_changed,
    "corrected": _corrected,
    "facilitator_left": _facilitator_left,
    "nobody_left": _nobody_left,
    "swap_offer": _swapped(S.AGREED, ""),
    "swap_not_taken": _swapped(S.AGREED, "decline"),
    "swap_done": _handed_over,
    "swap_done again": _taken_over,
    "swap_agreed": _swapped(S.CONFIRMED, "accept"),
    "swap_done_desk": _swapped(S.AGREED, "accept"),
    "stood_down": _stood_down,
    "gathering_ask": _helping(),
    "gathering_ask moved": _helping(_gathering_moved),
    "gathering_ask elsewhere": _helping(_gathering_elsewhere),
    "gathering_withdrawn": _helping(_not_ticked),
    "gathering_off": _helping(_off),
    "gathering_left": _helping(_given_back),
    "ask_reminder gathering": _helping(_not_answered),
    "calendar_unread": _calendar_unread,
    "competence_approved": _claimed,
    "competence_refused": _claimed,
    "enquiry": _enquiry,
    "morning_digest": _digest,
    "promise_reminder": _promised,
}
