"""What made-up organisations ask for and bring. Nobody here exists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from visits.demo.staff import (
    COACHING,
    FELLOWSHIP,
    FUTURE,
    IMPROVEMENT,
    LEADERSHIP,
    PERSON,
    PREVENTION,
    PROCESS,
    QUALITY,
    SAFETY,
)


@dataclass(frozen=True)
class Guest:
    organisation: str
    country: str
    kind: str
    contact: str
    role: str
    language: str = "en"

    @property
    def email(self) -> str:
        letters = str.maketrans("åäöéøæçñíóáãüß ’", "aaoeoacnioaaus.-")
        name = self.contact.lower().translate(letters)
        place = "".join(char for char in self.organisation.lower().translate(letters) if char.isalpha())
        return f"{name}@{place[:20]}.example.org"


@dataclass(frozen=True)
class Story:
    areas: tuple[str, ...]
    offerings: tuple[str, ...]
    title: str
    aim: str
    question: str
    gift: str
    brings: str


GUESTS: Final = (
    Guest("Tayford Health Board", "GB", "health", "Aileen Munro", "Head of improvement"),
    Guest("Rotterhaven Hospital", "NL", "health", "Joris van Dam", "Nephrology nurse"),
    Guest("Fjordheim Municipality", "NO", "municipality", "Ingvild Bakke", "Public health coordinator"),
    Guest("Kestrel Bay Hospital", "CA", "health", "Daniel Roy", "Director of quality"),
    Guest("Region Norrälv", "SE", "government", "Eva Strand", "Utvecklingschef", "sv"),
    Guest("Almadura Clinic", "PT", "health", "Inês Carvalho", "Patient safety officer"),
    Guest("Hjortsjö Care Homes", "SE", "social", "Mats Ljung", "Verksamhetschef", "sv"),
    Guest("Sakurano Medical Center", "JP", "health", "Haruka Ito", "Quality manager"),
    Guest("Lindenau University Hospital", "DE", "health", "Petra Vogel", "Head of nursing"),
    Guest("Isafjord Health Centre", "IS", "health", "Sigrún Helgadóttir", "Chief physician"),
    Guest("Kalevan Hospital District", "FI", "health", "Tuomas Lehto", "Development manager"),
    Guest("Bryn Coch University", "GB", "university", "Gwen Pritchard", "Lecturer in leadership"),
    Guest("Maravel Regional Health", "ES", "government", "Lucía Ortega", "Head of planning"),
    Guest("Tarn Valley Hospice", "IE", "non_profit", "Niamh Doyle", "Director"),
    Guest("Østerby Psychiatry", "DK", "health", "Mette Holm", "Chief consultant"),
    Guest("Samaritföreningen Vinterviken", "SE", "non_profit", "Åsa Blom", "Kvalitetssamordnare", "sv"),
    Guest("Harbour City Health", "AU", "health", "Priya Nair", "Improvement lead"),
    Guest("Wielka Polana Hospital", "PL", "health", "Zofia Nowak", "Deputy director"),
    Guest("Mount Alder Clinic Group", "US", "health", "James Whitfield", "Vice president, quality"),
    Guest("Kommunalförbundet Tre Sjöar", "SE", "municipality", "Nils Persson", "Socialchef", "sv"),
)

STORIES: Final = (
    Story(
        (PERSON, PROCESS), ("esther-network", "person-centred-process-mapping"),
        "Esther and the flow between hospital and home",
        "How Esther changed the flow between hospital, primary care and the municipalities for older people.",
        "How did you get the municipalities to the same table?", "challenge",
        "Volunteers phone people who live alone within two days of going home. It works in two of our five towns. Why?",
    ),
    Story(
        (PERSON,), ("self-dialysis-at-ryhov",),
        "When patients run their own dialysis",
        "How patients learn to run their own treatment, and what the staff had to stop doing.",
        "What did the first patient ask for that you had not thought of?", "works",
        "Home dialysis for 200 patients, with a telephone that is always answered.",
    ),
    Story(
        (PREVENTION,), ("passion-for-life-cafes", "senior-alert"),
        "Life cafés, and fewer falls",
        "How a life café is led, and how Senior Alert turns a risk into something that is done.",
        "Who looks after a life café when its first leader leaves?", "works",
        "Life cafés run by fire fighters, and night-time falls down by a third.",
    ),
    Story(
        (SAFETY,), ("safe-health-care",),
        "Safety, every time",
        "How sixteen areas of safety became everyday work, without blame.",
        "How do you make a near miss visible without pointing at somebody?", "works",
        "A safety round where the patient is in the chair.",
    ),
    Story(
        (QUALITY, IMPROVEMENT), (),
        "Quality as the way to steer",
        "How quality became the strategy of a whole region, and stayed so for two decades.",
        "What did you have to stop doing?", "challenge",
        "Three years of a project that failed, and the reasons as we see them.",
    ),
    Story(
        (LEADERSHIP,), ("learning-networks", "green"),
        "Leaders who learn from each other",
        "How the Learning Networks are led, and what a first year as a leader looks like in Green.",
        "What makes leaders come back to the network every term?", "question",
        "Networks across two regions, where nobody is in charge. Is that a strength?",
    ),
    Story(
        (COACHING, IMPROVEMENT), ("coaching-programmes",),
        "Improvement coaches in everyday care",
        "How coaches are trained, and how they stay in a network afterwards.",
        "How much time does a coach need, every week?", "works",
        "A shadowing scheme where managers follow a coach for one day.",
    ),
    Story(
        (FELLOWSHIP, FUTURE), ("future-workshop",),
        "The future of health care, prepared together",
        "What a workshop on the future of health care gives that a plan does not.",
        "How do you keep the young ones in the room?", "question",
        "Drawings of care in 2040, made by seventy school children.",
    ),
)  # fmt: skip
