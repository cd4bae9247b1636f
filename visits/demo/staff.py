"""The made-up people of ours: two coordinators, a manager, twelve facilitators, three of the Living Library."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import Final

from django.contrib.auth.models import Group

from programmes.models import Area
from visits import roles, scheduling
from visits.choices import FacilitatorKind as Kind
from visits.choices import TravelMeans
from visits.models import Facilitator, QuietTime, Room, Site, Travel, User

PASSWORD: Final = "two-to-tango"  # noqa: S105  known to everybody: such accounts never work with DEBUG off
DOMAIN: Final = "qulturum.example"
HOURS_A_YEAR: Final = 40


@dataclass(frozen=True)
class Person:
    first_name: str
    last_name: str
    areas: tuple[str, ...] = ()
    kind: Kind = Kind.STAFF
    languages: tuple[str, ...] = ("sv", "en")
    story: str = ""

    @property
    def email(self) -> str:
        plain = self.first_name.lower().translate(str.maketrans("åäöé", "aaoe"))
        return f"{plain}@{DOMAIN}"


COORDINATORS: Final = (Person("Maja", "Lindqvist"), Person("Stina", "Bergdahl"))
MANAGERS: Final = (Person("Gunnel", "Wrede"),)
QUALITY, IMPROVEMENT, PERSON = "quality-as-a-business-strategy", "improvement-and-innovation", "person-centred-care"
SAFETY, LEADERSHIP, PREVENTION = "patient-safety", "leadership", "prevention-of-care-injuries"
COACHING, PROCESS = "coaching-co-learning-and-collaboration", "process-development"
FELLOWSHIP, FUTURE = "fellowship", "workshops-on-the-future-of-health-care"
FACILITATORS: Final = (
    Person("Fatima", "Hosseini", (PERSON, PROCESS)),
    Person("Erik", "Sandell", (PERSON, QUALITY)),
    Person("Karin", "Ahlgren", (QUALITY, IMPROVEMENT, COACHING), Kind.COACH),
    Person("Jonas", "Ek", (PROCESS, PERSON), Kind.CLINICIAN),
    Person("Elin", "Löfgren", (PERSON, COACHING)),
    Person("Anders", "Nyberg", (SAFETY, PREVENTION), Kind.CLINICIAN),
    Person("Sofia", "Dahlin", (SAFETY, IMPROVEMENT)),
    Person("Per", "Holmqvist", (LEADERSHIP, QUALITY), Kind.NETWORK),
    Person("Amina", "Warsame", (PREVENTION, PERSON), Kind.CLINICIAN, ("sv", "en", "so")),
    Person("Lars", "Öberg", (LEADERSHIP, FELLOWSHIP, FUTURE)),
    Person("Ingrid", "Kvist", (PREVENTION, COACHING), Kind.STAFF, ("sv",)),
    Person("Tomas", "Rehn", (IMPROVEMENT, FUTURE, FELLOWSHIP)),
    Person(
        "Birgit",
        "Sjö",
        (PERSON,),
        Kind.LIVING_LIBRARY,
        ("sv", "en"),
        "Coming home with three care givers and no plan, and what a patient contract changed.",
    ),
    Person(
        "Hassan",
        "Amir",
        (PERSON, PREVENTION),
        Kind.LIVING_LIBRARY,
        ("sv", "en", "ar"),
        "A ward round through an interpreter, and the day when there was none.",
    ),
    Person(
        "Ulla",
        "Norrman",
        (SAFETY, PERSON),
        Kind.LIVING_LIBRARY,
        ("sv",),
        "A fall at home that nobody had thought of, and who came by afterwards.",
    ),
)
SITES: Final = (
    ("Qulturum", "Solrosvägen 1, Jönköping", "The main entrance has a ramp. Ring the bell: somebody meets you there.",
     "Huvudentrén har ramp. Ring på: någon möter dig där."),
    ("Ryhov County Hospital", "Sjukhusvägen 1, Jönköping", "We meet you in the entrance hall, by the fountain.",
     "Vi möter dig i entréhallen, vid fontänen."),
    ("Rosenlund health centre", "Rosgatan 2, Jönköping", "The bus stops at the door.", "Bussen stannar vid dörren."),
)  # fmt: skip
WORKS_AT: Final = {Kind.STAFF: "Qulturum", Kind.CLINICIAN: "Ryhov County Hospital"}
MOST_A_WEEK: Final = {"Ryhov County Hospital": 2}  # visits that the wards receive
WAYS: Final = (
    (0, 1, TravelMeans.BUS, 20), (0, 1, TravelMeans.FOOT, 35), (0, 2, TravelMeans.BUS, 25), (1, 2, TravelMeans.BUS, 30),
)  # fmt: skip
ROOMS: Final = (
    ("Large room", "Qulturum", 40, True),
    ("Workshop room", "Qulturum", 20, True),
    ("Studio", "Qulturum", 12, True),
    ("Attic", "Qulturum", 10, False),
    ("Meeting room at the unit", "Ryhov County Hospital", 10, True),
)


def sign_ins() -> list[tuple[str, str]]:
    """Role and address of the accounts to show after a start; all have PASSWORD."""
    return [
        ("coordinator", COORDINATORS[0].email),
        ("manager", MANAGERS[0].email),
        ("facilitator", FACILITATORS[0].email),
    ]


def add_people() -> tuple[list[User], list[Facilitator]]:
    """The coordinators and managers, and the facilitators, with their groups."""
    desk = [_desk(person, roles.COORDINATORS) for person in COORDINATORS]
    desk += [_desk(person, roles.MANAGERS) for person in MANAGERS]
    desk[0].groups.add(Group.objects.get(name=roles.LOGISTICS))  # plans food and rooms as well
    return desk, [_facilitator(person) for person in FACILITATORS]


def add_rooms() -> list[Room]:
    """Our houses, the ways between them, and their rooms."""
    houses = {
        name: Site.objects.get_or_create(
            name=name,
            defaults={
                "address": address,
                "way_en": way_en,
                "way_sv": way_sv,
                "is_demo": True,
                "weekly_visits": MOST_A_WEEK.get(name),
            },
        )[0]
        for name, address, way_en, way_sv in SITES
    }
    in_order = list(houses.values())
    for kind, name in WORKS_AT.items():
        Facilitator.objects.filter(kind=kind, is_demo=True).update(site=houses[name])
    for name in MOST_A_WEEK:
        QuietTime.objects.get_or_create(
            site=houses[name], starts=time(12), ends=time(13), words_en="the patients eat", words_sv="patienterna äter"
        )
    for one, other, means, minutes in WAYS:
        Travel.objects.create(one=in_order[one], other=in_order[other], means=means, minutes=minutes)
    return [
        Room.objects.create(name=name, site=houses[site], capacity=capacity, step_free=step_free, is_demo=True)
        for name, site, capacity, step_free in ROOMS
    ]


def _desk(person: Person, group: str) -> User:
    user = _user(person, is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    return user


def _facilitator(person: Person) -> Facilitator:
    user = _user(person)
    user.groups.add(Group.objects.get(name=roles.FACILITATORS))
    facilitator = Facilitator.objects.create(
        user=user, kind=person.kind, languages=list(person.languages), hours_a_year=HOURS_A_YEAR, is_demo=True
    )
    areas = list(Area.objects.filter(slug__in=person.areas))
    facilitator.areas.set(areas)
    if person.kind is Kind.LIVING_LIBRARY:
        scheduling.agree(
            facilitator,
            themes=areas,
            rest_days=2,
            sessions_a_month=4,
            preparation_minutes=30,
            debrief_minutes=30,
            story=person.story,
        )
    return facilitator


def _user(person: Person, *, is_staff: bool = False) -> User:
    return User.objects.create_user(
        person.email,
        PASSWORD,
        first_name=person.first_name,
        last_name=person.last_name,
        is_staff=is_staff,
        is_demo=True,
        language="en",
    )
