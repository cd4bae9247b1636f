"""Much that is stored: a visit in each state that has pages, and more of whatever belongs to visits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from programmes.models import Area
from tests.factories import (
    AskFactory,
    CoordinatorFactory,
    DraftFactory,
    FacilitatorFactory,
    GatheringAskFactory,
    GatheringFactory,
    ManagerFactory,
    ProgrammeFactory,
    RoomFactory,
    SessionFactory,
    SiteFactory,
    VisitRequestFactory,
    at,
    join,
    wished_day,
)
from tests.visits.ledger import scene as over
from tests.visits.proposal.cases import two_versions
from tests.visits.visitor import cases
from visits import (
    access,
    checklist,
    entering,
    group,
    ladder,
    memory,
    noticing,
    roles,
    scheduling,
    season,
    season_plan,
    undoing,
    workflow,
)
from visits.choices import (
    AlternativeKind,
    AskState,
    ClosureKind,
    CommentSide,
    DeclineReason,
    FlagKind,
    Length,
    LinkPurpose,
    OrganisationKind,
    RequestState,
    SessionKind,
    Side,
    Source,
)
from visits.ledger import certificates
from visits.models import (
    Alternative,
    Ask,
    Booking,
    Closure,
    Comment,
    DecidedTogether,
    Enquiry,
    Entry,
    Facilitator,
    Flag,
    Gathering,
    LookBack,
    Organisation,
    Participant,
    PlaceOffer,
    PriceRule,
    RoomFile,
    RoomQuestion,
    RoomReply,
    User,
    Visit,
    Visitor,
    VisitRequest,
    WeekPlan,
    WishedPeriod,
)
from visits.scheduling import add_time_away
from visits.season_plan import working


def today() -> VisitRequest:
    """A confirmed visit that takes place today."""
    visit_request = cases.confirmed()
    visit, day = visit_request.visit, timezone.localdate()
    for session in visit.sessions.all():
        session.starts_at -= visit.first_day - day
        session.ends_at -= visit.first_day - day
        session.save(update_fields=["starts_at", "ends_at"])
    Visit.objects.filter(pk=visit.pk).update(first_day=day, last_day=day)
    return visit_request


def looked_back_on() -> VisitRequest:
    """A visit of four months ago: both sides have looked back, and are asked how it goes."""
    visit = over.visit_over(timezone.localdate() - timedelta(days=120))
    group.seat_contact(visit)
    over.guests_share(visit)
    over.we_share(visit)
    return visit.request


def place_kept() -> VisitRequest:
    """Somebody in the line, for whom days are kept."""
    visit_request = cases.waitlisted()
    day = visit_request.first_wished_day
    answer_by = timezone.localdate() + timedelta(days=7)
    PlaceOffer.objects.create(request=visit_request, first_day=day, last_day=day, answer_by=answer_by)
    return visit_request


def just_declined() -> VisitRequest:
    """A no that was said a moment ago, with others at once: it can still be taken back."""
    visit_request, host = cases.submitted(), CoordinatorFactory()
    press = DecidedTogether.objects.create(by=host, at=timezone.now(), refused=[
        {"request": visit_request.pk, "who": "Almadura Clinic", "deed": "take", "why": "Karin was faster."},
    ])  # fmt: skip
    undoing.decide(visit_request, "declined", lambda: workflow.decline(
        visit_request, reason=DeclineReason.NO_ROOM, explanation="A good question.", by=host,
        alternatives=[Alternative(kind=AlternativeKind.DIGITAL)], seen=visit_request.version,
    ), by=host, together=press, chosen="say_no")  # fmt: skip
    return visit_request


STATES: tuple[Callable[[], VisitRequest], ...] = (
    cases.submitted,
    cases.asked,
    cases.proposed,
    two_versions,
    cases.changing,
    cases.agreed,
    cases.confirmed,
    today,
    cases.completed,
    looked_back_on,
    cases.waitlisted,
    place_kept,
    cases.declined,
    just_declined,
    cases.cancelled,
)


@dataclass(frozen=True)
class Stored:
    """A visit in each state; somebody who leads in each of them, and somebody of the desk who has no part in any."""

    visits: list[VisitRequest]
    facilitator: Facilitator
    colleague: User

    def grow(self, *, requests: int, parts: int) -> None:
        """Add requests of others that wait for an answer, and to each visit more of what belongs to it."""
        many_requests(requests)
        for visit_request in self.visits:
            for _part in range(parts):
                _more_of(visit_request, self.facilitator)


def stored() -> Stored:
    PriceRule.objects.create(words_en="A day", words_sv="En dag", per="day", amount=9000, valid_from="2020-01-01")
    Closure.objects.create(kind=ClosureKind.CLOSED, first_day="2020-01-01", last_day="2020-01-02", words_en="Closed")
    Enquiry.objects.create(name="Ada", email="ada@sykehus.example.org", text="May we come?")
    checklist.load()
    ladder.load()
    _open_week()
    found = Stored([made() for made in STATES], FacilitatorFactory(), ManagerFactory())
    _helped(found.facilitator)
    join(found.colleague, roles.LOGISTICS)
    for host in User.objects.filter(pk__in=[one.coordinator_id for one in found.visits]):
        host.is_staff = True
        host.save(update_fields=["is_staff"])
        join(host, roles.COORDINATORS)
    remembered(found)
    found.grow(requests=20, parts=1)
    _send_links(found)
    _notice(found.visits[0], found.visits[1], found.colleague)
    _plans(found.colleague)
    return found


def _notice(one: VisitRequest, other: VisitRequest, by: User) -> None:
    """Two that look like one, something that is to be noticed about the first, and something that is not so."""
    for case, that in ((one, other), (other, one)):
        detail = {"reference": that.reference, "sent": "2026-11-02", "by": that.contact_name, "alike": ["days"]}
        Flag.objects.update_or_create(
            request=case, kind=FlagKind.DUPLICATE, about=str(that.pk), defaults={"detail": detail}
        )
    Flag.objects.get_or_create(
        request=one, kind=FlagKind.PRESS, about="", defaults={"detail": {"quote": "a film crew"}}
    )
    said, _new = Flag.objects.get_or_create(
        request=one, kind=FlagKind.MINORS, about="", defaults={"detail": {"quote": "our pupils"}}
    )
    noticing.dismiss(said, why="They are students of nursing.", by=by)


def _plans(by: User) -> None:
    """A plan of the season that is ready, with somebody who has no place, and one that waits for its turn."""
    first, last = wished_day(), wished_day() + timedelta(days=90)
    season_plan.ask(first, last, by=by, seconds=2)
    working.work_due(timezone.now())
    season_plan.ask(first, last, by=by)


def _open_week() -> None:
    """The week that everybody wishes for takes all of them, and a network of ours meets in it."""
    monday = season.week_of(wished_day()).monday
    WeekPlan.objects.update_or_create(monday=monday, defaults={"capacity": 20, "words_en": "Come!", "words_sv": "Kom!"})
    Gathering.objects.create(programme=ProgrammeFactory(), day=monday, starts="13:00", ends="15:00")


def _helped(person: Facilitator) -> None:
    """Two gatherings far from every visit: at one they help with another, about one they are asked, in a mail too."""
    first, second = (GatheringFactory(day=wished_day() + timedelta(weeks=60 + n), site=SiteFactory()) for n in (0, 1))
    for helper in (person, FacilitatorFactory()):
        scheduling.accept_helping(GatheringAskFactory(gathering=first, facilitator=helper))
    access.helping_link(GatheringAskFactory(gathering=second, facilitator=person))


def remembered(found: Stored) -> None:
    """Promises and notes with those who have been here, two that are one, a request by phone and a list to look at."""
    been = next(one for one in found.visits if one.request_state == RequestState.COMPLETED)
    who, day = found.colleague, timezone.localdate()
    for due_on in (day - timedelta(days=9), day + timedelta(days=40)):
        memory.promise(been.organisation, said="The slides", due_on=due_on, by=who, today=due_on, visit=been.visit)
    memory.keep(memory.promise(been.organisation, said="A name", due_on=day, by=who, today=day), by=who, how="By mail")
    memory.append(been.organisation, "They come by train.", by=who)
    double = Organisation.objects.create(name="Double", country="SE", kind=OrganisationKind.HEALTH)
    facts = {name: str(getattr(been.organisation, name)) for name in memory.FACTS}
    memory.merge(double, into=been.organisation, facts=facts, by=who)
    alike = f"{been.organisation.name} NHS"
    Organisation.objects.create(name=alike, country=been.organisation.country, kind=OrganisationKind.HEALTH)
    Entry.objects.create(request=VisitRequestFactory(visitor=None), by=who, source=Source.PHONE, words="They phoned.")
    access.issue(LinkPurpose.TAKE_OVER, request=Entry.objects.get().request)
    rows = [{"line": 2, "cells": {"organisation_name": "Nobody"}}]
    entering.keep_file("list.csv", rows, by=who)


def _send_links(found: Stored) -> None:
    """An address with a secret of each kind, as the mails would have them."""
    draft, sent = DraftFactory(), DraftFactory()
    access.issue(LinkPurpose.DRAFT, request=draft)
    workflow.send(sent)
    for ask in Ask.objects.waiting().filter(facilitator=found.facilitator):
        access.ask_link(ask)
    for look_back in LookBack.objects.all():
        access.follow_up_link(look_back, until=timezone.now() + timedelta(days=7))
    for visit_request in found.visits:
        access.new_group_link(visit_request)


def many_requests(count: int) -> None:
    """Requests that have reached us, waiting for an answer, each with a wish and an area."""
    start = VisitRequest.objects.count()
    hospital = Organisation.objects.get_or_create(name="Sykehus", country="NO", kind=OrganisationKind.HEALTH)[0]
    now, first_day = timezone.now(), DraftFactory().wishes.get().first_day
    sender = Visitor.objects.get_or_create(
        email_key="ada@sykehus.example.org", name="Ada", email="ada@sykehus.example.org"
    )[0]
    made = VisitRequest.objects.bulk_create(
        VisitRequest(
            reference=f"CL-25-{start + n}", state=RequestState.SUBMITTED, state_since=now, due_at=now, visitor=sender,
            organisation=hospital, organisation_name=hospital.name, country="NO", contact_name="Ada",
            contact_email=sender.email, group_size=4, brings="Rounds with patients.", first_wished_day=first_day,
            submitted_on=timezone.localdate(), sent_at=now, submitted_at=now, length=Length.TWO,
        )
        for n in range(count)
    )  # fmt: skip
    WishedPeriod.objects.bulk_create(WishedPeriod(request=one, rank=1, first_day=first_day) for one in made)
    area = Area.objects.first()
    through = VisitRequest.areas.through
    through.objects.bulk_create(through(visitrequest_id=one.pk, area_id=area.pk) for one in made)


def _more_of(visit_request: VisitRequest, facilitator: Facilitator) -> None:
    host = visit_request.coordinator or CoordinatorFactory()
    Comment.objects.create(
        request=visit_request, side=CommentSide.OURS, author=host, author_name=str(host), text="Soon."
    )
    address = f"ann{Visitor.objects.count()}@tayford.example.org"
    Visitor.objects.create(name="Ann", email=address, email_key=address, organisation=visit_request.organisation)
    if visit := Visit.objects.filter(request=visit_request).first():
        _more_sessions(visit, host, facilitator)
        _more_people(visit, host, facilitator)


def _more_sessions(visit: Visit, host: User, facilitator: Facilitator) -> None:
    """An hour of ours with two who said yes, one that waits for a yes, and one of the guests' own."""
    SessionFactory(visit=visit, hour=14, minutes=20, kind=SessionKind.GUEST, title="More of yours")
    settled = SessionFactory(visit=visit, hour=13, minutes=20, room=RoomFactory())
    answers = {"state": AskState.ACCEPTED, "asked_by": host, "answered_at": timezone.now()}
    for leader in (facilitator, FacilitatorFactory()):
        AskFactory(session=settled, facilitator=leader, **answers)
    AskFactory(session=visit.sessions.first(), **answers)
    AskFactory(session=SessionFactory(visit=visit, hour=15, minutes=20), facilitator=facilitator, asked_by=host)


def _more_people(visit: Visit, host: User, facilitator: Facilitator) -> None:
    """One of the group with a question in the room, an answer and a file there, and a facilitator's time away."""
    person = Participant.objects.create(visit=visit, name="Moira", written_at=timezone.now())
    question = RoomQuestion.objects.create(
        visit=visit, side=Side.GUESTS, text="Why?", participant=person, author_name="Moira"
    )
    RoomReply.objects.create(question=question, side=Side.OURS, text="So.", author=host, author_name=str(host))
    RoomFile.objects.create(
        visit=visit, title="Esther", file=ContentFile(b"%PDF-", "esther"), name="Esther.pdf", kind="application/pdf",
        size=5, owner=facilitator.user,
    )  # fmt: skip
    # In the evening: at whatever hour the tests run, nothing else is then.
    away = timezone.localdate() + timedelta(days=500 + Booking.objects.count())
    add_time_away(facilitator, starts_at=at(away, 20), ends_at=at(away, 22))
    if visit.request.request_state == RequestState.COMPLETED:
        certificates.issue(visit.request, [person])
