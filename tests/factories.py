"""Rows for tests, whole and plausible; each test changes what it is about."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import factory
from django.contrib.auth.models import Group
from django.utils import timezone

from programmes.models import Area, Initiative, Offering, Programme
from visits import agreement, roles, rules
from visits.choices import AskState, Length, MeetingLanguage, OrganisationKind, RequestState, SessionKind
from visits.models import (
    Agreement,
    Ask,
    Facilitator,
    Gathering,
    GatheringAsk,
    Organisation,
    Proposal,
    Room,
    Session,
    Site,
    User,
    Visit,
    Visitor,
    VisitRequest,
    WishedPeriod,
)


class UserFactory(factory.django.DjangoModelFactory[User]):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@qulturum.example")
    first_name = "Maja"
    last_name = factory.Sequence(lambda n: f"Lindqvist{n}")
    language = "en"


class CoordinatorFactory(UserFactory):
    """Somebody of the desk, with the permissions of the group «coordinators»."""

    is_staff = True

    @factory.post_generation
    def group(self, create: bool, extracted: object, **kwargs: object) -> None:
        join(self, roles.COORDINATORS)


class ManagerFactory(UserFactory):
    is_staff = True

    @factory.post_generation
    def group(self, create: bool, extracted: object, **kwargs: object) -> None:
        join(self, roles.MANAGERS)


class LogisticsFactory(UserFactory):
    """Somebody who plans food and rooms, and has no other task at the desk."""

    is_staff = True

    @factory.post_generation
    def group(self, create: bool, extracted: object, **kwargs: object) -> None:
        join(self, roles.LOGISTICS)


def join(user: User, group: str) -> None:
    """Put somebody into a group that has its permissions.

    A test's database has the groups from its beginning, until a test on real transactions empties it.
    """
    if not Group.objects.filter(name=group).exists():
        roles.load()
    user.groups.add(Group.objects.get(name=group))


class AreaFactory(factory.django.DjangoModelFactory[Area]):
    """An area of interest without offerings, questions or stories."""

    class Meta:
        model = Area

    slug = factory.Sequence(lambda n: f"area-{n}")
    name_en = factory.Sequence(lambda n: f"Area {n}")
    name_sv = factory.Sequence(lambda n: f"Område {n}")
    summary_en = "What it is in one line"
    summary_sv = "Vad det är på en rad"
    lead_en = "What it is in two sentences."
    lead_sv = "Vad det är i två meningar."
    order = factory.Sequence(lambda n: n)


class OfferingFactory(factory.django.DjangoModelFactory[Offering]):
    class Meta:
        model = Offering

    area = factory.SubFactory(AreaFactory)
    slug = factory.Sequence(lambda n: f"offering-{n}")
    name_en = factory.Sequence(lambda n: f"Offering {n}")
    name_sv = factory.Sequence(lambda n: f"Erbjudande {n}")
    summary_en = "Something to see"
    summary_sv = "Något att se"
    order = factory.Sequence(lambda n: n)


class InitiativeFactory(factory.django.DjangoModelFactory[Initiative]):
    class Meta:
        model = Initiative

    slug = factory.Sequence(lambda n: f"initiative-{n}")
    name_en = factory.Sequence(lambda n: f"Initiative {n}")
    name_sv = factory.Sequence(lambda n: f"Initiativ {n}")
    summary_en = "Something that was tried"
    summary_sv = "Något som prövades"
    years = "2010–2012"
    methods = factory.LazyFunction(lambda: ["co-design"])
    order = factory.Sequence(lambda n: n)


class ProgrammeFactory(factory.django.DjangoModelFactory[Programme]):
    """A programme beside the ladder, which suits nobody until the test says whom."""

    class Meta:
        model = Programme

    slug = factory.Sequence(lambda n: f"programme-{n}")
    name_en = factory.Sequence(lambda n: f"Programme {n}")
    name_sv = factory.Sequence(lambda n: f"Program {n}")
    summary_en = "What one does in it"
    summary_sv = "Vad man gör i det"
    audience_en = "Leaders"
    audience_sv = "Ledare"
    lead_en = "For you who lead."
    lead_sv = "För dig som leder."
    order = factory.Sequence(lambda n: n)


class SiteFactory(factory.django.DjangoModelFactory[Site]):
    """A house by its name: the same name is the same house."""

    class Meta:
        model = Site
        django_get_or_create = ["name"]

    name = "Qulturum"


class RoomFactory(factory.django.DjangoModelFactory[Room]):
    class Meta:
        model = Room

    name = factory.Sequence(lambda n: f"Room {n}")
    site = factory.SubFactory(SiteFactory)
    capacity = 20
    step_free = True


class FacilitatorFactory(factory.django.DjangoModelFactory[Facilitator]):
    class Meta:
        model = Facilitator
        skip_postgeneration_save = True

    user = factory.SubFactory(UserFactory, first_name="Fatima", last_name=factory.Sequence(lambda n: f"Hosseini{n}"))
    languages = factory.LazyFunction(lambda: ["en", "sv"])

    @factory.post_generation
    def areas(self, create: bool, extracted: list[Area] | None, **kwargs: object) -> None:
        self.areas.set(extracted or [])


def person(name: str, *areas: Area, **facts: object) -> Facilitator:
    """Somebody who is called by this name and leads these areas."""
    return FacilitatorFactory(user__first_name=name, user__last_name="Ek", areas=list(areas), **facts)


class DraftFactory(factory.django.DjangoModelFactory[VisitRequest]):
    """A request that is still being written, with every answer in place but the days."""

    class Meta:
        model = VisitRequest
        skip_postgeneration_save = True

    state = RequestState.DRAFT
    state_since = factory.LazyFunction(timezone.now)
    organisation_name = factory.Sequence(lambda n: f"Tayford Health Board {n}")
    country = "GB"
    organisation_kind = OrganisationKind.HEALTH
    contact_name = "Aileen Munro"
    contact_role = "Head of improvement"
    contact_email = factory.Sequence(lambda n: f"aileen{n}@tayford.example.org")
    group_size = 6
    professions = factory.LazyFunction(lambda: ["nurses", "patients"])
    aim = "How Esther changed the flow between hospital and home."
    big_questions = factory.LazyFunction(lambda: ["What made Esther last?"])
    gifts = factory.LazyFunction(lambda: ["challenge"])
    brings = "Volunteers phone people who live alone. It works in two of five towns."
    length = Length.TWO
    meeting_language = MeetingLanguage.ENGLISH

    @factory.post_generation
    def areas(self, create: bool, extracted: list[Area] | None, **kwargs: object) -> None:
        self.areas.set(extracted or [])

    @factory.post_generation
    def wishes(self, create: bool, extracted: list[date] | None, **kwargs: object) -> None:
        """First days in order; by default one, a week later than the earliest."""
        days = extracted or [wished_day()]
        for rank, day in enumerate(days, start=1):
            WishedPeriod.objects.create(request=self, rank=rank, first_day=day)


class VisitRequestFactory(DraftFactory):
    """A request that has reached us: state submitted, with number, organisation and visitor.

    Another `state` is set as it stands, without the deeds that lead to it.
    """

    state = RequestState.SUBMITTED
    reference = factory.Sequence(lambda n: f"CL-26-{n + 1:03d}")
    submitted_on = factory.LazyFunction(timezone.localdate)
    first_wished_day = factory.LazyAttribute(lambda request: wished_day(request.submitted_on))
    sent_at = factory.LazyFunction(timezone.now)
    submitted_at = factory.LazyFunction(timezone.now)
    due_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=5))
    organisation = factory.LazyAttribute(
        lambda r: Organisation.objects.create(name=r.organisation_name, country=r.country, kind=r.organisation_kind)
    )
    visitor = factory.LazyAttribute(
        lambda r: Visitor.objects.get_or_create(
            email_key=r.contact_email.casefold(), defaults={"name": r.contact_name, "email": r.contact_email}
        )[0]
    )


class VisitFactory(factory.django.DjangoModelFactory[Visit]):
    """An agenda being planned: one day, nine to three; without sessions until a test adds them."""

    class Meta:
        model = Visit

    request = factory.SubFactory(VisitRequestFactory, state=RequestState.IN_REVIEW)
    title = "Esther and the flow between hospital and home"
    first_day = factory.LazyAttribute(lambda visit: visit.request.first_wished_day)
    last_day = factory.LazyAttribute(lambda visit: visit.first_day)


class SessionFactory(factory.django.DjangoModelFactory[Session]):
    """An hour of ours at nine on the visit's first day, Stockholm time."""

    class Meta:
        model = Session
        exclude = ["hour", "minutes"]

    hour = 9
    minutes = 60
    visit = factory.SubFactory(VisitFactory)
    kind = SessionKind.HOST
    title = "Meet Esther"
    starts_at = factory.LazyAttribute(lambda s: at(s.visit.first_day, s.hour))
    ends_at = factory.LazyAttribute(lambda s: s.starts_at + timedelta(minutes=s.minutes))


class AskFactory(factory.django.DjangoModelFactory[Ask]):
    class Meta:
        model = Ask

    session = factory.SubFactory(SessionFactory)
    facilitator = factory.SubFactory(FacilitatorFactory)
    asked_by = factory.SubFactory(UserFactory)
    state = AskState.ASKED
    asked_at = factory.LazyFunction(timezone.now)
    answer_by = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=7))


class GatheringFactory(factory.django.DjangoModelFactory[Gathering]):
    """A gathering on the first day that can be wished for, in the afternoon."""

    class Meta:
        model = Gathering

    programme = factory.SubFactory(ProgrammeFactory)
    day = factory.LazyAttribute(lambda _gathering: wished_day())
    starts = time(13)
    ends = time(15)
    words_en = "Network, group 7"
    words_sv = "Nätverk, grupp 7"


class GatheringAskFactory(factory.django.DjangoModelFactory[GatheringAsk]):
    class Meta:
        model = GatheringAsk

    gathering = factory.SubFactory(GatheringFactory)
    facilitator = factory.SubFactory(FacilitatorFactory)
    starts_at = factory.LazyAttribute(lambda made: made.gathering.starts_at)
    ends_at = factory.LazyAttribute(lambda made: made.gathering.ends_at)
    asked_by = factory.SubFactory(UserFactory)
    asked_at = factory.LazyFunction(timezone.now)
    answer_by = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=7))


class ProposalFactory(factory.django.DjangoModelFactory[Proposal]):
    class Meta:
        model = Proposal

    request = factory.SubFactory(VisitRequestFactory, state=RequestState.PROPOSED)
    number = 1
    first_day = factory.LazyAttribute(lambda proposal: proposal.request.first_wished_day)
    last_day = factory.LazyAttribute(lambda proposal: proposal.first_day)
    agenda = factory.LazyFunction(list)
    sent_by = factory.SubFactory(UserFactory)
    answer_by = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=14))


def wished_day(asked_on: date | None = None) -> date:
    """A Tuesday that keeps the three months, at least a week later than it has to."""
    day = rules.earliest_first_day(asked_on or timezone.localdate()) + timedelta(days=7)
    return day + timedelta(days=(1 - day.weekday()) % 7)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment of a day by the clock in Stockholm."""
    return datetime.combine(day, time(hour, minute), rules.STOCKHOLM)


def settle_agreement(visit_request: VisitRequest, *, by: User | None = None) -> Agreement:
    """Both sides have filled in and agreed to the agreement of an agreed visit, by the deeds themselves."""
    by = by or visit_request.coordinator or CoordinatorFactory()
    if visit_request.coordinator is None:
        VisitRequest.objects.filter(pk=visit_request.pk).update(coordinator=by)
        visit_request.coordinator = by
    text = agreement.write(visit_request)
    answers = {"aim": "Fewer come back to hospital.", "measure": "Readmissions.", "test": "One Esther meeting."}
    text = agreement.change_answers(visit_request, answers=answers, seen=text.digest)
    ours = {"aim": "Reach who never calls us.", "measure": "We have asked ten.", "test": "One ward phones five."}
    chosen = [row for row in text.content["contacts"] if row["kind"] in ("call", "look_back")]
    text = agreement.write_ours(visit_request, answers=ours, contacts=chosen, by=by, seen=text.digest)
    agreement.agree_for_us(visit_request, by=by, seen=text.digest)
    return agreement.agree_for_guests(visit_request, seen=text.digest)


def begin_at(number: int) -> None:
    """Let every factory count from `number`: another process has made rows in the same database before."""
    for made in tuple(globals().values()):
        if isinstance(made, type) and issubclass(made, factory.django.DjangoModelFactory):
            made.reset_sequence(number, force=True)
