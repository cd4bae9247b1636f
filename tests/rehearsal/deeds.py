"""What the people of the script do, by the portal's own deeds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Final

from django.utils import timezone

from tests.factories import (
    AskFactory,
    DraftFactory,
    FacilitatorFactory,
    SessionFactory,
    VisitRequestFactory,
)
from tests.rehearsal.script import Deed, Tale
from tests.rehearsal.stage import Stage
from tests.visits.ledger.scene import guests_say
from visits import agreement, group, memory, outbox, planning, rules, scheduling, waiting, workflow
from visits.choices import AskState, SessionKind
from visits.ledger import looking
from visits.models import Agreement, Ask, Promise

WORDS: Final = {"aim": "Fewer come back to hospital.", "measure": "Readmissions.", "test": "One Esther meeting."}


def _asked(stage: Stage, tale: Tale, _deed: Deed) -> None:
    stage.requests[tale.number] = VisitRequestFactory(
        language=tale.language, group_size=tale.group, due_at=timezone.now() + timedelta(days=7)
    ).pk


def _drafted(stage: Stage, tale: Tale, deed: Deed) -> None:
    last = datetime.combine(deed.at.date() + timedelta(days=30), time(17), rules.STOCKHOLM)
    draft = DraftFactory(language=tale.language, due_at=last)
    stage.requests[tale.number] = draft.pk
    outbox.owe_visitor("draft_link", draft)


def _claimed(stage: Stage, tale: Tale, _deed: Deed) -> None:
    case = stage.case(tale)
    workflow.claim(case, by=stage.host, seen=case.version)


def _question(stage: Stage, tale: Tale, _deed: Deed) -> None:
    case = stage.case(tale)
    workflow.ask_question(case, text="How many are you?", by=stage.host, seen=case.version)


def _answered(stage: Stage, tale: Tale, _deed: Deed) -> None:
    workflow.answer(stage.case(tale), text="Five.")


def _planned(stage: Stage, tale: Tale, deed: Deed) -> None:
    case, first = stage.case(tale), deed.first_day
    assert first is not None
    planning.choose_days(case, first_day=first, last_day=first, title="A day", by=stage.host, seen=case.version)
    case = stage.case(tale)
    if not case.visit.sessions.exists():
        SessionFactory(visit=case.visit, hour=11, kind=SessionKind.GUEST, title="Your story", teller="Moira")


def _planned_with_leader(stage: Stage, tale: Tale, deed: Deed) -> None:
    _planned(stage, tale, deed)
    leader = FacilitatorFactory()
    stage.leaders[tale.number] = leader.user
    ours = SessionFactory(visit=stage.case(tale).visit, hour=9)
    AskFactory(session=ours, facilitator=leader, state=AskState.PLANNED, asked_by=stage.host)


def _proposed(stage: Stage, tale: Tale, _deed: Deed) -> None:
    case = stage.case(tale)
    planning.propose(case, letter="How is this?", by=stage.host, seen=case.version)


def _said_yes(stage: Stage, tale: Tale, _deed: Deed) -> None:
    case = stage.case(tale)
    workflow.accept_proposal(case, number=case.proposals.count())


def _leader_said_yes(stage: Stage, tale: Tale, _deed: Deed) -> None:
    for ask in scheduling.live_asks(stage.case(tale)):
        scheduling.accept(ask)


def _we_agreed(stage: Stage, tale: Tale, _deed: Deed) -> None:
    case = stage.case(tale)
    text = agreement.write(case)
    text = agreement.change_answers(case, answers=WORDS, seen=text.digest)
    chosen = [row for row in text.content["contacts"] if row["kind"] in ("call", "look_back")]
    text = agreement.write_ours(case, answers=WORDS, contacts=chosen, by=stage.host, seen=text.digest)
    agreement.agree_for_us(case, by=stage.host, seen=text.digest)


def _guests_agreed(stage: Stage, tale: Tale, _deed: Deed) -> None:
    case = stage.case(tale)
    agreement.agree_for_guests(case, seen=Agreement.objects.current().get(request=case).digest)


def _confirmed(stage: Stage, tale: Tale, _deed: Deed) -> None:
    case = stage.case(tale)
    workflow.confirm(case, by=stage.host, seen=case.version)


def _to_be_moved(stage: Stage, tale: Tale, _deed: Deed) -> None:
    case = stage.case(tale)
    workflow.move_back_to_planning(case, by=stage.host, seen=case.version)


def _called_off(stage: Stage, tale: Tale, _deed: Deed) -> None:
    case = stage.case(tale)
    workflow.cancel(case, why="A strike.", by=stage.host, seen=case.version)


def _promised(stage: Stage, tale: Tale, deed: Deed) -> None:
    to = stage.case(tale).organisation
    assert to is not None
    assert deed.first_day is not None
    made = memory.promise(to, said="The slides.", due_on=deed.first_day, by=stage.host, today=deed.at.date())
    stage.promises[made.pk] = tale.number, deed.first_day


def _kept(stage: Stage, tale: Tale, deed: Deed) -> None:
    pk = next(pk for pk, promised in stage.promises.items() if promised == (tale.number, deed.first_day))
    memory.keep(Promise.objects.get(pk=pk), by=stage.host)


def _waitlisted(stage: Stage, tale: Tale, _deed: Deed) -> None:
    case = stage.case(tale)
    workflow.waitlist(case, what_for="Other days.", by=stage.host, seen=case.version)


def _took_place(stage: Stage, tale: Tale, _deed: Deed) -> None:
    case = stage.case(tale)
    place = waiting.open_offer(case)
    assert place is not None
    waiting.take_place(case, offer=place.pk)


def _withdrew(stage: Stage, tale: Tale, _deed: Deed) -> None:
    workflow.withdraw(stage.case(tale), why="We go elsewhere.")


def _invited(stage: Stage, tale: Tale, _deed: Deed) -> None:
    emails = [f"member{tale.number}-{n}@tayford.example.org" for n in range(2)]
    stage.members.update(emails)
    group.invite(stage.case(tale).visit, emails, language=tale.language)


def _wrote_name(stage: Stage, tale: Tale, _deed: Deed) -> None:
    person = stage.case(tale).visit.participants.filter(email__in=stage.members).order_by("pk")[0]
    group.write_own(person, group.OwnWords(name="Iain Reid", email=person.email, language=tale.language))


def _swap_offered(stage: Stage, tale: Tale, _deed: Deed) -> None:
    colleague = FacilitatorFactory()
    stage.colleagues[tale.number] = colleague.user
    scheduling.offer(Ask.objects.get(session__visit__request=stage.requests[tale.number]), colleague)


def _swap_taken(stage: Stage, tale: Tale, _deed: Deed) -> None:
    offered = Ask.objects.exclude(in_place_of=None)
    scheduling.accept(offered.get(session__visit__request=stage.requests[tale.number]))


def _looked_back(stage: Stage, tale: Tale, _deed: Deed) -> None:
    looking.share_for_guests(stage.case(tale), guests_say(), by_name="Aileen Munro", seen="")


DEEDS: Final[dict[str, Callable[[Stage, Tale, Deed], None]]] = {
    "asked": _asked, "drafted": _drafted, "claimed": _claimed, "question": _question, "answered": _answered,
    "planned": _planned, "planned_with_leader": _planned_with_leader, "proposed": _proposed, "said_yes": _said_yes,
    "leader_said_yes": _leader_said_yes, "we_agreed": _we_agreed, "guests_agreed": _guests_agreed,
    "confirmed": _confirmed, "to_be_moved": _to_be_moved, "called_off": _called_off,
    "promised": _promised, "kept": _kept, "waitlisted": _waitlisted, "took_place": _took_place, "withdrew": _withdrew,
    "invited": _invited, "wrote_name": _wrote_name, "swap_offered": _swap_offered, "swap_taken": _swap_taken,
    "looked_back": _looked_back,
}  # fmt: skip
