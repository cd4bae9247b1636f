"""What a deed would do, found out by doing it in a transaction that is rolled back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction
from django.utils import translation

from visits import agreement, rules, workflow
from visits.letters.truth import TO_STAFF
from visits.letters.writing import letter_of
from visits.models import Booking, Message, VisitRequest
from visits.undoing import rows
from visits.undoing.kinds import KINDS, OPTIONAL


@dataclass(frozen=True)
class Mail:
    """One mail as it will read, in its receiver's language; `blocks` as in the letter."""

    key: str
    to_name: str
    to_email: str
    language: str
    subject: str
    turn: str
    greeting: str
    blocks: list[Any]
    button: str
    sign: list[str]
    to_guests: bool
    optional: bool


@dataclass(frozen=True)
class Foreseen:
    """What would happen: the request and its agreement as they would be, the mails, and what is held or let go.

    With a `refusal` it would not be done, and the rest is empty.
    """

    case: VisitRequest
    stage: agreement.Stage = agreement.Stage.NONE
    mails: list[Mail] = field(default_factory=list)
    held: int = 0
    let_go: int = 0
    refusal: str = ""

    @property
    def to_guests(self) -> list[Mail]:
        return [mail for mail in self.mails if mail.to_guests]

    @property
    def to_ours(self) -> list[Mail]:
        return [mail for mail in self.mails if not mail.to_guests]


def foresee(
    visit_request: VisitRequest,
    what: str,
    deed: Callable[[VisitRequest], Any],
    *,
    refusals: tuple[type[Exception], ...],
) -> Foreseen:
    """What `deed` would do to the request, each mail written by the code that will send it; nothing is done."""
    case = VisitRequest.objects.select_related("coordinator", "visit", "organisation").get(pk=visit_request.pk)
    with transaction.atomic():
        workflow.look_again(case)
        before = rows.capture(case, KINDS[what])
        try:
            with transaction.atomic():
                deed(case)
        except refusals as reason:
            transaction.set_rollback(True)
            return Foreseen(visit_request, refusal=str(reason))
        changes = rows.difference(before, rows.capture(case, KINDS[what]))
        found = _foreseen(case, changes)
        transaction.set_rollback(True)
    return found


def _foreseen(case: VisitRequest, changes: list[rows.Change]) -> Foreseen:
    mails = Message.objects.for_writing().filter(pk__in=rows.made(changes, Message)).order_by("pk")
    then = VisitRequest.objects.select_related("coordinator").get(pk=case.pk)
    taken = [change for change in changes if change["row"] == Booking._meta.label]
    return Foreseen(
        then,
        stage_of(then),
        _mails(mails),
        held=sum(change["was"] is None for change in taken),
        let_go=sum(change["now"] is None for change in taken),
    )


def stage_of(case: VisitRequest) -> agreement.Stage:
    """Who has still to agree to what a standing visit has agreed; one query where it has."""
    if case.request_state not in rules.STANDING:
        return agreement.Stage.NONE
    return agreement.stage_of(agreement.current(case))


def _mails(messages: Iterable[Message]) -> list[Mail]:
    """Each mail as it will read. Those to the group greet nobody by name, so what reads alike is written once."""
    known: dict[tuple[str, str, str], Mail] = {}
    found = []
    for message in messages:
        alike = (message.kind, message.language, json.dumps(message.data, sort_keys=True))
        mail = known.get(alike) if message.participant_id else None
        if mail is None:
            mail = _mail(message)
        else:
            mail = replace(mail, key=message.key, to_name=_to(message), to_email=message.to_email)
        if message.participant_id:
            known[alike] = mail
        found.append(mail)
    return found


def _to(message: Message) -> str:
    return message.to_name or message.to_email


def _mail(message: Message) -> Mail:
    with translation.override(message.language):
        letter = letter_of(message)
        return Mail(
            key=message.key,
            to_name=_to(message),
            to_email=message.to_email,
            language=message.language,
            subject=letter.subject,
            turn=letter.turn,
            greeting=letter.greeting,
            blocks=list(letter.blocks),
            button=letter.button.words if letter.button else "",
            sign=list(letter.sign),
            to_guests=message.ask_id is None and message.kind not in TO_STAFF,
            optional=message.kind in OPTIONAL,
        )
