"""A draft is sent, and its writer gets the mails that lead back to it."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db import transaction
from django.utils import timezone

from visits import access, outbox, rules, workflow
from visits.choices import LinkPurpose, RequestState
from visits.drafts.answers import Answers
from visits.drafts.asking import NotReady, missing
from visits.drafts.keeping import needs, request_of, save, wishes
from visits.models import AccessLink, Participant, VisitRequest

VERIFY_LIFE: Final = rules.DAYS_TO_MOVE[RequestState.UNVERIFIED] * rules.DAY


def send(draft: VisitRequest, *, today: date) -> None:
    """Send a finished draft, asked for on `today`: the mail that confirms the address is owed.

    Raises NotReady when something is missing, and workflow.MoveRefused when somebody
    was faster; then the draft stays as it is. What is read here is as old as the draft in
    hand or newer, and the move is refused when the draft in hand has become old.
    """
    wished = wishes(draft)
    lacks = missing(draft, wished, needs(draft), today=today)
    if lacks:
        raise NotReady(lacks)
    workflow.send(draft, asked_on=today, wished=[wish.first_day for wish in wished])


def send_resume_link(draft: VisitRequest) -> None:
    """Owe the writer the mail with the way back to the draft; at most one a minute."""
    outbox.owe_visitor("draft_link", draft, once_per=_minute())


@transaction.atomic
def send_resume_link_to(link: AccessLink, email: str) -> None:
    """The same, to an address that becomes the request's. Raises DraftClosed once it is sent."""
    save(link, Answers(fields={"contact_email": email}), language="")
    send_resume_link(request_of(link))


@transaction.atomic
def send_verification_again(visit_request: VisitRequest) -> None:
    """Owe the mail that confirms the address once more; at most one a minute."""
    usable = AccessLink.objects.usable(timezone.now())
    if not usable.filter(purpose=LinkPurpose.VERIFY, request=visit_request).exists():
        access.issue(LinkPurpose.VERIFY, request=visit_request, life=VERIFY_LIFE)
    outbox.owe_visitor("verify", visit_request, once_per=f"{visit_request.version}-{_minute()}")


def _minute() -> str:
    return timezone.now().strftime("%Y%m%d%H%M")


@transaction.atomic
def find(email: str, *, language: str) -> None:
    """Owe an address one mail with the way to each of its visits and unfinished requests, its own and its groups’.

    An address that has none takes the same work and gets no mail.
    """
    found = VisitRequest.objects.of_address(email).values_list("pk", flat=True)
    people = Participant.objects.filter(email__iexact=email, is_contact=False).values_list("pk", flat=True)
    outbox.owe_address(
        "find", email, language=language, once_per=_minute(), requests=sorted(found), people=sorted(people)
    )
