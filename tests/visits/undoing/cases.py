"""Cases in many states, the deeds that can be taken back in each, and every row of a case as values."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import Model
from django.utils import timezone

from tests.factories import AskFactory, CoordinatorFactory, FacilitatorFactory, VisitRequestFactory, settle_agreement
from tests.visits.proposal import cases as proposals
from visits import correcting, planning, scheduling, undoing, workflow
from visits.choices import AlternativeKind, AskRole, AskState, DeclineReason, RequestState
from visits.drafts import Answers
from visits.models import Alternative, Booking, Decision, Message, User, VisitRequest
from visits.undoing import rows

S = RequestState
Deed = Callable[[VisitRequest, User], Any]


def everything(case: VisitRequest) -> rows.Rows:
    """All that belongs to a case, but for its version, which only grows, and its history, which is only added to."""
    tables: list[type[Model]] = list(rows.PATHS)
    found = rows.capture(case, tables)
    for values in found.values():
        values.pop("version", None)
    return found


def new() -> VisitRequest:
    return VisitRequestFactory()


def taken() -> VisitRequest:
    return VisitRequestFactory(state=S.IN_REVIEW, coordinator=CoordinatorFactory())


def proposed() -> VisitRequest:
    case = proposals.planned()
    proposals.propose(case, proposals.weeks_later(case, 2))
    return fresh(case)


def agreed() -> VisitRequest:
    case = proposals.planned()
    proposals.propose(case)
    workflow.accept_proposal(case, number=1)
    return fresh(case)


def ready() -> VisitRequest:
    """An agreed visit from which nothing is missing: everybody has said yes, and both have agreed."""
    case = agreed()
    for ask in scheduling.live_asks(case):
        scheduling.accept(ask)
    settle_agreement(case)
    return fresh(case)


def confirmed() -> VisitRequest:
    case = ready()
    workflow.confirm(case, by=case.coordinator, seen=case.version)
    return fresh(case)


def waiting() -> VisitRequest:
    case = taken()
    workflow.waitlist(case, what_for="A free week in May.", by=case.coordinator, seen=case.version)
    return fresh(case)


def declined() -> VisitRequest:
    case = taken()
    decline(case, case.coordinator)
    return fresh(case)


def fresh(case: VisitRequest) -> VisitRequest:
    return VisitRequest.objects.select_related("coordinator", "visit").get(pk=case.pk)


def decline(case: VisitRequest, by: User) -> None:
    week = Alternative(kind=AlternativeKind.OTHER_WEEK, first_day=proposals.weeks_later(_with_days(case), 4))
    workflow.decline(
        case, reason=DeclineReason.NO_ROOM, explanation="Your question is a good one.",
        alternatives=[week, Alternative(kind=AlternativeKind.DIGITAL)], by=by, seen=case.version,
    )  # fmt: skip


class _Days:
    def __init__(self, case: VisitRequest) -> None:
        self.visit, self.first_day = self, case.first_wished_day


def _with_days(case: VisitRequest) -> Any:
    return _Days(case)


def ask_another(case: VisitRequest, by: User) -> None:
    session = case.visit.sessions.filter(kind="host").first()
    ask = AskFactory(session=session, state=AskState.PLANNED, asked_at=None, answer_by=None)
    scheduling.send_ask(ask, by=by)


def ask_a_second(case: VisitRequest, by: User) -> None:
    session = case.visit.sessions.filter(kind="host").first()
    ask = AskFactory(session=session, state=AskState.PLANNED, role=AskRole.SECOND, asked_at=None, answer_by=None)
    scheduling.send_ask(ask, by=by)


def ask_a_voice(case: VisitRequest, by: User) -> None:
    session = case.visit.sessions.filter(kind="host").first()
    ask = AskFactory(session=session, state=AskState.PLANNED, role=AskRole.VOICE, asked_at=None, answer_by=None)
    scheduling.send_ask(ask, by=by)


def ask_two_at_once(case: VisitRequest, by: User) -> None:
    session = case.visit.sessions.filter(kind="host").first()
    both = [planning.Choice(session, FacilitatorFactory()), planning.Choice(session, FacilitatorFactory())]
    planning.put_down_all(both, by=by, ask_now=True)


def withdraw_one(case: VisitRequest, by: User) -> None:
    scheduling.withdraw_ask(scheduling.live_asks(case).first(), by=by)


def correct_much(case: VisitRequest, by: User) -> None:
    """Another person, from another house, with many more people."""
    fields = {
        "group_size": (case.group_size or 1) * 2, "contact_name": "Moira Reid",
        "organisation_name": f"{case.organisation_name} Trust", "needs_invitation_letter": True,
    }  # fmt: skip
    correcting.correct(case, Answers(fields=fields), why="They phoned.", by=by, seen=case.version)


DEEDS: dict[str, Deed] = {
    "claimed": lambda case, by: workflow.claim(case, by=by, seen=case.version),
    "asked_question": lambda case, by: workflow.ask_question(case, text="Which day?", by=by, seen=case.version),
    "wrote_to_visitor": lambda case, by: workflow.write_to_visitor(case, text="Welcome.", by=by),
    "put_aside": lambda case, by: workflow.put_aside(
        case, until=timezone.localdate() + timedelta(days=9), by=by, seen=case.version
    ),
    "corrected": correct_much,
    "waitlisted": lambda case, by: workflow.waitlist(case, what_for="A free week.", by=by, seen=case.version),
    "waived_lead_time": lambda case, by: workflow.waive_lead_time(
        case, reason="They are in town anyway that week.", by=by, seen=case.version
    ),
    "resumed": lambda case, by: workflow.resume(case, by=by, seen=case.version),
    "reopened": lambda case, by: workflow.reopen(case, by=by, seen=case.version),
    "declined": decline,
    "proposed": lambda case, by: planning.propose(
        case, letter="How is this?", by=by, seen=case.version, other_days=[proposals.weeks_later(case, 3)]
    ),
    "confirmed": lambda case, by: workflow.confirm(case, by=by, seen=case.version),
    "to_be_moved": lambda case, by: workflow.move_back_to_planning(case, by=by, seen=case.version),
    "cancelled": lambda case, by: workflow.cancel(case, why="The house is flooded.", by=by, seen=case.version),
    "asked_facilitator": ask_another,
    "asked_second": ask_a_second,
    "asked_voice": ask_a_voice,
    "asked_people": ask_two_at_once,
    "ask_withdrawn": withdraw_one,
}  # fmt: skip

STORIES: list[tuple[str, Callable[[], VisitRequest]]] = [
    ("claimed", new), ("asked_question", new), ("asked_question", taken), ("wrote_to_visitor", taken),
    ("put_aside", new), ("put_aside", waiting),
    ("corrected", taken), ("corrected", ready),
    ("waitlisted", taken), ("waived_lead_time", taken), ("resumed", waiting), ("resumed", proposed),
    ("reopened", declined), ("declined", new), ("declined", waiting), ("declined", proposed),
    ("proposed", proposals.planned), ("confirmed", ready), ("to_be_moved", agreed), ("to_be_moved", confirmed),
    ("cancelled", agreed), ("cancelled", confirmed), ("asked_facilitator", agreed), ("asked_second", ready),
    ("asked_voice", ready),
    ("asked_people", agreed),
    ("ask_withdrawn", ready),
]  # fmt: skip


def decide(case: VisitRequest, what: str, by: User, **options: Any) -> Decision:
    decision, _given = undoing.decide(case, what, lambda: DEEDS[what](case, by), by=by, **options)
    return decision


def waiting_mails(case: VisitRequest) -> list[str]:
    return sorted(Message.objects.filter(request=case, sent_at=None).values_list("kind", flat=True))


def held(case: VisitRequest) -> int:
    return Booking.objects.filter(session__visit__request=case).count()
