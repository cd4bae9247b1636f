"""One row of every kind of mail, true at this moment, with hostile text wherever people type."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from tests.factories import (
    AskFactory,
    DraftFactory,
    FacilitatorFactory,
    ProposalFactory,
    SessionFactory,
    UserFactory,
    VisitFactory,
    VisitRequestFactory,
    join,
)
from visits import access, outbox, roles, rules
from visits.choices import AskState, CommentSide, LinkPurpose, MessageState, RequestState, SessionKind
from visits.models import Alternative, Ask, Comment, Enquiry, Message, VisitRequest

S = RequestState
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> http://evil.example {{7*7}} %(x)s ${7*7} *x* [a](http://b.example)"
NAME = "Ada<b>\"'{% debug %} O’Neil https://evil.example"
TYPED = {
    "contact_name": NAME,
    "aim": HOSTILE,
    "brings": f"{HOSTILE}\n\n--\nwww.evil.example and evil.example/path and you@evil.example",
    "waitlist_words": HOSTILE,
    "decline_words": HOSTILE,
}


def request_in(state: RequestState, language: str, **fields: Any) -> VisitRequest:
    """A request in a state whose coordinator is Maja, typed by somebody with bad intentions."""
    coordinator = UserFactory(first_name="Maja", last_name="Lindqvist", language=language, is_staff=True)
    factory = DraftFactory if state == S.DRAFT else VisitRequestFactory
    since = timezone.now() - timedelta(days=12)
    fields = {"organisation_name": f"Hospital {VisitRequest.objects.count()} {HOSTILE}"} | fields
    return factory(
        state=state, language=language, coordinator=coordinator, state_since=since,
        due_at=rules.end_of(timezone.localdate() + timedelta(days=2)), **(TYPED | fields),
    )  # fmt: skip


def visit_in(days: int, language: str, state: RequestState = S.CONFIRMED) -> VisitRequest:
    """An agreed visit so many days ahead, with a session of ours and one of the guests'."""
    visit_request = request_in(state, language)
    first = timezone.localdate() + timedelta(days=days)
    visit = VisitFactory(request=visit_request, first_day=first, last_day=first, title=HOSTILE, place=HOSTILE[:160])
    SessionFactory(visit=visit, title=f"Meet {HOSTILE}"[:160])
    SessionFactory(visit=visit, hour=11, kind=SessionKind.GUEST, title=f"Yours {HOSTILE}"[:160])
    return visit_request


def ask_in(days: int, language: str, state: AskState, **fields: Any) -> Ask:
    session = visit_in(days, language).visit.sessions.first()
    user = FacilitatorFactory(user__language=language, user__first_name="Fatima").user
    return AskFactory(session=session, facilitator=user.facilitator, state=state, **fields)


def written(visit_request: VisitRequest) -> Comment:
    return Comment.objects.create(
        request=visit_request, side=CommentSide.OURS, author=visit_request.coordinator,
        author_name="Maja Lindqvist", text=HOSTILE,
    )  # fmt: skip


def _visitor(state: RequestState) -> Callable[[str, str], None]:
    def owe(kind: str, language: str) -> None:
        outbox.owe_visitor(kind, request_in(state, language))

    return owe


def _verify(kind: str, language: str) -> None:
    visit_request = request_in(S.UNVERIFIED, language)
    access.issue(LinkPurpose.VERIFY, request=visit_request, life=timedelta(days=7))
    outbox.owe_visitor(kind, visit_request)


def _draft_warning(kind: str, language: str) -> None:
    draft = request_in(S.DRAFT, language)
    outbox.owe_visitor("draft_link", draft)
    Message.objects.update(state=MessageState.SENT)


def _find(kind: str, language: str) -> None:
    first = request_in(S.SUBMITTED, language)
    second = request_in(S.DRAFT, language, contact_email=first.contact_email)
    third = request_in(S.UNVERIFIED, language, contact_email=first.contact_email)
    outbox.owe_address(
        kind, first.contact_email, language=language, once_per=1, requests=[first.pk, second.pk, third.pk]
    )


def _comment(state: RequestState) -> Callable[[str, str], None]:
    def owe(kind: str, language: str) -> None:
        visit_request = request_in(state, language)
        comment = written(visit_request)
        outbox.owe_visitor(kind, visit_request, once_per=comment.pk, comment=comment)

    return owe


def _declined(kind: str, language: str) -> None:
    visit_request = request_in(S.DECLINED, language, decline_reason="no_room")
    first = timezone.localdate() + timedelta(days=200)
    Alternative.objects.create(request=visit_request, kind="other_week", first_day=first, words=HOSTILE)
    Alternative.objects.create(request=visit_request, kind="digital")
    outbox.owe_visitor(kind, visit_request)


def _proposal(kind: str, language: str) -> None:
    visit_request = request_in(S.PROPOSED, language)
    agenda = [{"day": "2027-03-16", "sessions": [{"kind": "guest", "title": HOSTILE}, {"kind": "host", "title": "x"}]}]
    proposal = ProposalFactory(request=visit_request, number=2, words=HOSTILE, agenda=agenda)
    outbox.owe_visitor(kind, visit_request, once_per=2, proposal=proposal)


def _answer_reminder(kind: str, language: str) -> None:
    written(request_in(S.INFO_REQUESTED, language))


def _proposal_reminder(kind: str, language: str) -> None:
    visit_request = request_in(S.PROPOSED, language)
    proposal = ProposalFactory(request=visit_request, answer_by=timezone.localdate() + timedelta(days=2))
    type(proposal).objects.update(sent_at=timezone.now() - timedelta(days=12))


def _visit(days: int) -> Callable[[str, str], None]:
    def owe(kind: str, language: str) -> None:
        visit_in(days, language)

    return owe


def _agreed(state: RequestState) -> Callable[[str, str], None]:
    def owe(kind: str, language: str) -> None:
        outbox.owe_visitor(kind, visit_in(60, language, state))

    return owe


def _ask(state: AskState) -> Callable[[str, str], None]:
    def owe(kind: str, language: str) -> None:
        ask = ask_in(60, language, state)
        if kind == "ask_withdrawn":
            outbox.owe_facilitator("ask", ask)
            Message.objects.update(state=MessageState.SENT)
        outbox.owe_facilitator(kind, ask)

    return owe


def _ask_reminder(kind: str, language: str) -> None:
    ask_in(60, language, AskState.ASKED, asked_at=timezone.now() - timedelta(days=3))


def _session(days: int) -> Callable[[str, str], None]:
    def owe(kind: str, language: str) -> None:
        ask_in(days, language, AskState.ACCEPTED)

    return owe


def _enquiry(kind: str, language: str) -> None:
    enquiry = Enquiry.objects.create(
        name=NAME, email="eve@evil.example", organisation_name=HOSTILE, text=HOSTILE, about_sooner=True
    )
    outbox.owe_staff(kind, UserFactory(language=language), once_per=enquiry.pk, enquiry=enquiry)


def _visitor_wrote(kind: str, language: str) -> None:
    visit_request = request_in(S.CONFIRMED, language)
    comment = Comment.objects.create(request=visit_request, side=CommentSide.VISITOR, author_name=NAME, text=HOSTILE)
    outbox.owe_staff(kind, visit_request.coordinator, once_per=1, request=visit_request, comment=comment)


def _visitor_left(kind: str, language: str) -> None:
    visit_request = request_in(S.WITHDRAWN, language)
    outbox.owe_staff(kind, visit_request.coordinator, once_per=1, request=visit_request)


def _facilitator_left(kind: str, language: str) -> None:
    visit_request = request_in(S.CONFIRMED, language)
    outbox.owe_staff(
        kind, visit_request.coordinator, once_per=1, request=visit_request, who="Fatima Hosseini", session="Meet Esther"
    )


def _digest(kind: str, language: str) -> None:
    visit_request = request_in(S.IN_REVIEW, language)
    join(visit_request.coordinator, roles.COORDINATORS)


OWE: dict[str, Callable[[str, str], None]] = {
    "verify": _verify,
    "draft_link": _visitor(S.DRAFT),
    "draft_warning": _draft_warning,
    "received": _visitor(S.SUBMITTED),
    "find": _find,
    "question": _comment(S.INFO_REQUESTED),
    "message": _comment(S.IN_REVIEW),
    "waitlisted": _visitor(S.WAITLISTED),
    "declined": _declined,
    "reopened": _visitor(S.IN_REVIEW),
    "withdrawn": _visitor(S.WITHDRAWN),
    "expired": _visitor(S.EXPIRED),
    "proposal": _proposal,
    "proposal_lapsed": _visitor(S.IN_REVIEW),
    "answer_reminder": _answer_reminder,
    "answer_reminder of a proposal": _proposal_reminder,
    "confirmed": _agreed(S.CONFIRMED),
    "cancelled": _agreed(S.CANCELLED),
    "names_wanted": _visit(40),
    "visit_in_four_weeks": _visit(28),
    "visit_in_one_week": _visit(7),
    "visit_tomorrow": _visit(1),
    "ask": _ask(AskState.ASKED),
    "ask_reminder": _ask_reminder,
    "ask_withdrawn": _ask(AskState.WITHDRAWN),
    "session_confirmed": _ask(AskState.ACCEPTED),
    "session_cancelled": _ask(AskState.WITHDRAWN),
    "briefing": _session(7),
    "session_tomorrow": _session(1),
    "visitor_wrote": _visitor_wrote,
    "visitor_left": _visitor_left,
    "facilitator_left": _facilitator_left,
    "enquiry": _enquiry,
    "morning_digest": _digest,
}
