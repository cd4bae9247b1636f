"""What the story of a coordinator's day is made of: twenty requests, what she makes of each, and who is there."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from tests.browser.people import COORDINATOR, FATIMA, PERSON

KARIN, JONAS = "karin@qulturum.example", "jonas@qulturum.example"

# By a short name: who asks, and what is otherwise than with most. Mails go to guest@<name>.example.org.
TWENTY: dict[str, dict[str, Any]] = {
    "tayford": {"organisation_name": "Tayford Health Board"},
    "lomond": {"organisation_name": "Lomond Valley Trust", "country": "IE", "aim": "How wards follow falls each day."},
    "twice": {"organisation_name": "Tayford Health Board", "contact_name": "Iain Fraser"},
    "fellow": {"organisation_name": "Fjell Institute", "country": "NO", "aim": "We apply for a fellowship of a year."},
    "press": {"organisation_name": "Nordlys Herald", "country": "DK", "aim": "A film crew makes a documentary."},
    "empty": {"organisation_name": "Azure Clinic", "country": "FR", "brings": "Nothing yet", "gifts": []},
    "back": {"organisation_name": "Old Friends Hospital", "country": "NL", "aim": "What Esther has become."},
    "school": {"organisation_name": "Skarpnes School", "country": "IS", "aim": "Our pupils plan care for the old."},
    "sixty": {"organisation_name": "Great Union", "country": "DE", "group_size": 58, "aim": "To see the whole house."},
    "talk": {"organisation_name": "Porto Care", "country": "PT", "aim": "How leaders talk with patients."},
    "march": {"organisation_name": "Ghent Hospital", "country": "BE", "aim": "Meetings in front of a board."},
    "april": {"organisation_name": "Verona Trust", "country": "IT", "aim": "Coaches for improvement."},
    "may": {"organisation_name": "Krakow Clinic", "country": "PL", "aim": "Dialysis that patients run."},
    "plain": {"organisation_name": "Turku Region", "country": "FI", "aim": "Life cafés for the old."},
    "simple": {"organisation_name": "Tartu Ward", "country": "EE", "aim": "Preventing pressure ulcers."},
    "other": {"organisation_name": "Riga Health", "country": "LV", "aim": "Children in safe hands."},
    "aside": {"organisation_name": "Vilnius Board", "country": "LT", "aim": "The budget and its bridge."},
    "later": {"organisation_name": "Graz Hospital", "country": "AT", "aim": "Emergency care that learns."},
    "full": {"organisation_name": "Basel House", "country": "CH", "aim": "Improvement in primary care."},
    "undone": {"organisation_name": "Kestrel Bay Hospital", "country": "CA", "aim": "Night-time on a small ward."},
}


class Outcome(NamedTuple):
    """What she makes of a request: its state that evening, whose it is, the deeds on the way, the mails to guests."""

    state: str
    host: str | None
    deeds: tuple[str, ...] = ()
    mails: tuple[str, ...] = ()


TAKEN = Outcome("in_review", COORDINATOR, ("claimed",))
ASKED = Outcome("info_requested", COORDINATOR, ("claimed", "asked_question"), ("question",))
DECLINED = Outcome("declined", None, ("declined",), ("declined",))
ASIDE = Outcome("submitted", None, ("put_aside",))
CONFIRMED = Outcome("confirmed", COORDINATOR, mails=("proposal", "agreement_settled", "confirmed"))
OUTCOMES = {
    "tayford": CONFIRMED._replace(mails=("put_together", *CONFIRMED.mails)),
    "lomond": CONFIRMED,
    "twice": Outcome("withdrawn", None, ("put_into",), ("put_into",)),
    "fellow": DECLINED,
    "press": Outcome("in_review", KARIN, ("claimed", "handed_over")),
    "empty": ASKED,
    "back": TAKEN,
    "school": ASKED,
    "sixty": Outcome("waitlisted", COORDINATOR, ("claimed", "waitlisted"), ("waitlisted",)),
    "talk": ASKED,
    **dict.fromkeys(("march", "april", "may", "plain", "simple"), TAKEN),
    "other": ASKED,
    "aside": ASIDE,
    "later": ASIDE,
    "full": DECLINED,
    "undone": TAKEN._replace(deeds=("claimed", "declined", "took_back")),
}
MADE = f"""
{PERSON}
import json
from datetime import timedelta
from django.utils import timezone
from programmes.models import Area
from tests.factories import AskFactory, DraftFactory, settle_agreement, wished_day
from tests.visits.visitor import cases
from visits import roles, scheduling, workflow
from visits.choices import OrganisationKind, SessionKind
from visits.models import Facilitator, Organisation, Session, User, Visit, VisitRequest

person({KARIN!r}, "Karin", "Ahlgren", roles.COORDINATORS, is_staff=True, language="en")
jonas = Facilitator.objects.create(
    user=person({JONAS!r}, "Jonas", "Ek", roles.FACILITATORS, language="en"), languages=["en", "sv"]
)
care = Area.objects.get(slug="person-centred-care")
jonas.areas.set([care])
maja = User.objects.get(email={COORDINATOR!r})
fatima = Facilitator.objects.get(user__email={FATIMA!r})

# A visit that takes place today: Fatima leads an hour of it.
case = cases.agreed(
    organisation_name="Bryn Coch University", contact_email="guest@brynwood.example.org", areas=[care], country="NZ"
)
VisitRequest.objects.filter(pk=case.pk).update(coordinator=maja)
case.refresh_from_db()
visit, today = case.visit, timezone.localdate()
for session in visit.sessions.all():
    moved = visit.first_day - today
    Session.objects.filter(pk=session.pk).update(
        starts_at=session.starts_at - moved + timedelta(hours=4), ends_at=session.ends_at - moved + timedelta(hours=4)
    )
Visit.objects.filter(pk=visit.pk).update(first_day=today, last_day=today)
case = VisitRequest.objects.get(pk=case.pk)
led = case.visit.sessions.get(kind=SessionKind.HOST)
scheduling.accept(AskFactory(session=led, facilitator=fatima, asked_by=maja))
settle_agreement(case)
workflow.confirm(case, by=maja, seen=case.version)
made = {{"today": [case.pk, case.reference]}}

# Somebody who has been here before.
been = Organisation.objects.create(name="Old Friends Hospital", country="NL", kind=OrganisationKind.HEALTH)
past = cases.completed()
VisitRequest.objects.filter(pk=past.pk).update(organisation=been)

for n, (name, given) in enumerate(json.loads({json.dumps(json.dumps(TWENTY))}).items()):
    day = wished_day() + timedelta(weeks=0 if name == "twice" else n % 6)
    usual = {{"contact_email": f"guest@{{name}}.example.org", "wishes": [day], "length": "one", "areas": [care]}}
    draft = DraftFactory(**usual | given)
    workflow.send(draft)
    case = workflow.verify(draft)
    made[name] = [case.pk, case.reference]
print(json.dumps(made))
"""
# Everything of a visit but who leads it: nothing of this moves when somebody falls ill.
STANDS = """
import json
from visits.models import Booking, Session, Visit, VisitRequest
about = {{"request": {pk}}}
print(json.dumps([
    list(VisitRequest.objects.filter(pk={pk}).values("state", "version", "coordinator", "due_at")),
    list(Visit.objects.filter(**about).values()),
    list(Session.objects.filter(visit__request={pk}).values()),
    list(Booking.objects.exclude(facilitator__isnull=False).order_by("pk").values()),
    sorted(Booking.objects.exclude(session__visit__request={pk}).exclude(kind="away").values_list("pk", flat=True)),
], default=str))
"""
EVENING = """
import json
from visits.models import VisitRequest
print(json.dumps({
    case.reference: [case.state, case.coordinator and case.coordinator.email, str(case.aside_until or ""),
                     [entry.what for entry in case.history.all().reverse()]]
    for case in VisitRequest.objects.sent().select_related("coordinator")
}))
"""


class Case(NamedTuple):
    """One request of the day: where it stands at the desk, and its number."""

    name: str
    pk: int
    reference: str

    @property
    def who(self) -> str:
        return str(TWENTY[self.name]["organisation_name"])

    @property
    def guest(self) -> str:
        return f"guest@{self.name}.example.org"

    @property
    def desk(self) -> str:
        return f"/admin/visits/visitrequest/{self.pk}/change/"
