"""What would open a session, as links that lead to the form that does it, filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse

from visits import words
from visits.admin.writing import INTERPRETER
from visits.choices import AskRole, CompetenceLevel
from visits.forms.asking import tick_of
from visits.models import Facilitator, Session
from visits.planning import Change, Opening, Openings
from visits.scheduling import Candidate

PLAN: Final = "admin:visits_visitrequest_change"
MESSAGES: Final = "admin:visits_visitrequest_messages"


@dataclass(frozen=True)
class WayOpen:
    """One link: what is to be done, where, and what it would open."""

    words: str
    effect: str
    href: str


@dataclass(frozen=True)
class Stopped:
    """Somebody who cannot lead: the fact that stops them, and what would open that."""

    person: Facilitator
    why: str
    opens: WayOpen | None


def who_cannot(session: Session, agenda: Sequence[Session], found: Sequence[Candidate]) -> list[Stopped]:
    """Everybody who cannot lead one session, in the order in which they were found; one query at most."""
    openings = Openings(agenda, {session.pk: found})
    return [stopped(session, one, openings) for one in found if not one.can]


def stopped(session: Session, one: Candidate, openings: Openings) -> Stopped:
    found = openings.for_one(session, one)
    opens = of(session.visit.request_id, found) if found else None
    return Stopped(one.facilitator, one.why_not, opens)


def of(case: int, opening: Opening) -> WayOpen:
    """The link of one opening in the visit of a request."""
    return WayOpen(opening.words, opening.effect, _href(case, opening))


def _href(case: int, opening: Opening) -> str:
    person, session = opening.people[0].pk, opening.session.pk
    if opening.change in (Change.ASK_ALL_THE_SAME, Change.BESIDE):
        role = AskRole.SECOND if opening.change is Change.BESIDE else AskRole.LEADER
        query = urlencode({"tick": tick_of(session, person, role)})
        return f"{reverse('admin:people', args=[case])}?{query}#s{session}"
    if opening.change is Change.GIVE_AWAY and opening.gives:
        return f"{reverse(PLAN, args=[case])}?session={opening.gives.pk}#people"
    if opening.change is Change.HOLD_LONGER:
        return reverse("admin:visits_facilitator_change", args=[person])
    if opening.change is Change.INTERPRETER:
        query = urlencode({"kind": "question", "about": INTERPRETER})
        return f"{reverse(MESSAGES, args=[case])}?{query}#write"
    more = _hour(opening) if opening.starts_at else {"level": int(CompetenceLevel.LEADS)}
    return f"{reverse(PLAN, args=[case])}?{urlencode({'open': session, **more})}#s{session}"


def _hour(opening: Opening) -> dict[str, object]:
    if opening.starts_at is None:
        return {}
    return {"on": words.local_date(opening.starts_at).isoformat(), "starts": words.clock(opening.starts_at)}
