"""When a visit's room is open, and with which questions it opens."""

from __future__ import annotations

from datetime import date, timedelta
from enum import Enum, auto
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from visits import rules, words
from visits.choices import RequestState, Side
from visits.models import Participant, RoomQuestion, Visit, VisitRequest

S = RequestState
OPEN_STATES: Final = (S.AGREED, S.CONFIRMED, S.COMPLETED)


class Stage(Enum):
    """What a room is at a moment."""

    NOT_YET = auto()
    OPEN = auto()
    RESTING = auto()  # the visit is planned again
    CLOSED = auto()


def stage_of(visit_request: VisitRequest, today: date) -> Stage:
    """The stage of a request's room; one query where the state alone does not tell."""
    state = visit_request.request_state
    visit = visit_of(visit_request)
    if visit is None:
        return Stage.NOT_YET
    if state in OPEN_STATES:
        return Stage.OPEN if today <= last_open_day(visit) else Stage.CLOSED
    if not visit_request.history.filter(what="agreed").exists():
        return Stage.NOT_YET
    return Stage.CLOSED if state in rules.ENDED else Stage.RESTING


def last_open_day(visit: Visit) -> date:
    """The last day on which something can be written in the room."""
    return visit.last_day + timedelta(days=rules.ROOM_OPEN_DAYS)


def visit_of(visit_request: VisitRequest) -> Visit | None:
    return getattr(visit_request, "visit", None)


def closed_words(visit_request: VisitRequest, stage: Stage) -> str:
    """Why nothing can be written now, and when it can; nothing while the room is open."""
    visit = visit_of(visit_request)
    if stage is Stage.OPEN:
        return ""
    if stage is Stage.NOT_YET or visit is None:
        return _("The room opens when the guests have said yes to the programme.")
    if stage is Stage.RESTING:
        return _("The visit is planned again. What is here can be read; we go on writing when the days are agreed.")
    if visit_request.request_state in rules.ENDED:
        return _("The visit does not take place. What is here can be read, but not changed.")
    return _("The room closed on %(day)s, %(days)d days after the visit. It can be read, but not changed.") % {
        "day": words.plain_day(last_open_day(visit)),
        "days": rules.ROOM_OPEN_DAYS,
    }


def open_room(visit_request: VisitRequest) -> int:
    """Put the big questions of a request into its room as the first ones; return how many are new.

    They carry the day on which they reached us. Doing it twice changes nothing.
    """
    visit = Visit.objects.get(request=visit_request)
    known = set(visit.questions.filter(big__isnull=False).values_list("big", flat=True))
    contact = Participant.objects.filter(visit=visit, is_contact=True).first()
    missing = [
        RoomQuestion(
            visit=visit, side=Side.GUESTS, big=number, text=text[:1000],
            author_name=visit_request.contact_name, participant=contact,
        )
        for number, text in enumerate(visit_request.big_questions, start=1)
        if number not in known and text
    ]  # fmt: skip
    RoomQuestion.objects.bulk_create(missing, ignore_conflicts=True)
    new = RoomQuestion.objects.filter(visit=visit, big__in=[question.big for question in missing])
    new.update(asked_at=visit_request.submitted_at or timezone.now())
    return len(missing)
