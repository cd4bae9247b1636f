"""The one door through which a request changes its state.

Every deed is one transaction that moves the request, writes its history and owes the
mails. `seen` is the version that the person had on the screen: a deed on a request that
has moved on meanwhile is refused with a sentence, and nothing has happened.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from visits import access, almanac, history, outbox, rules, scheduling, words
from visits.choices import CommentSide, DeclineReason, LinkPurpose, ProposalAnswer, RequestState
from visits.models import (
    Alternative,
    Comment,
    Organisation,
    Proposal,
    ReferenceCounter,
    User,
    Visit,
    Visitor,
    VisitRequest,
)

S = RequestState


class MoveRefused(Exception):
    """The deed cannot be done now; its text says why, to the person who tried."""


# -- The visitor sends -----------------------------------------------------------------


@transaction.atomic
def send(visit_request: VisitRequest) -> VisitRequest:
    """Take a finished draft as sent and owe its sender the mail that confirms the address.

    Raises MoveRefused when a wished day is closer than three months from today; the
    draft stays as it is.
    """
    today = timezone.localdate()
    days = [wish.first_day for wish in visit_request.wishes.all()]
    if not days or not rules.in_time(days, asked_on=today):
        raise MoveRefused(too_soon(today))
    now = timezone.now()
    _move(
        visit_request, S.UNVERIFIED, what="sent", by=None,
        submitted_on=today, first_wished_day=min(days), sent_at=now,
    )  # fmt: skip
    access.issue(LinkPurpose.VERIFY, request=visit_request, life=rules.DAYS_TO_MOVE[S.UNVERIFIED] * rules.DAY)
    outbox.owe_visitor("verify", visit_request, once_per=visit_request.version)
    return visit_request


def too_soon(today: date) -> str:
    """The sentence that says from which day on one can choose."""
    from_day = words.day(rules.earliest_first_day(today))
    return _("Choose a day from %(day)s. We need three months to prepare.") % {"day": from_day}


@transaction.atomic
def change_address(visit_request: VisitRequest) -> None:
    """Back to the draft, before the address is confirmed; the old mail’s link is closed."""
    _move(visit_request, S.DRAFT, what="taken_back_to_draft", by=None, submitted_on=None, sent_at=None)
    access.revoke(LinkPurpose.VERIFY, request=visit_request)


@transaction.atomic
def verify(visit_request: VisitRequest) -> VisitRequest:
    """The address is confirmed: the request reaches us, gets its number and is answered.

    Doing it twice changes nothing the second time.
    """
    if visit_request.submitted_at is not None:
        return visit_request
    now = timezone.now()
    _move(
        visit_request, S.SUBMITTED, what="verified", by=None,
        submitted_at=now, reference=_next_reference(now),
        organisation=_organisation(visit_request), visitor=_visitor(visit_request),
    )  # fmt: skip
    outbox.owe_visitor("received", visit_request)
    return visit_request


def _next_reference(at: datetime) -> str:
    year = at.astimezone(rules.STOCKHOLM).year
    ReferenceCounter.objects.get_or_create(year=year)
    ReferenceCounter.objects.filter(year=year).update(last=F("last") + 1)
    return rules.reference(year, ReferenceCounter.objects.get(year=year).last)


def _organisation(visit_request: VisitRequest) -> Organisation:
    known = Organisation.objects.filter(
        name__iexact=visit_request.organisation_name, country=visit_request.country
    ).first()
    return known or Organisation.objects.create(
        name=visit_request.organisation_name,
        country=visit_request.country,
        town=visit_request.town,
        kind=visit_request.organisation_kind,
        is_demo=visit_request.is_demo,
    )


def _visitor(visit_request: VisitRequest) -> Visitor:
    visitor, _created = Visitor.objects.update_or_create(
        email_key=visit_request.contact_email.casefold(),
        defaults={
            "name": visit_request.contact_name,
            "role": visit_request.contact_role,
            "email": visit_request.contact_email,
            "phone": visit_request.contact_phone,
            "language": visit_request.language,
            "is_demo": visit_request.is_demo,
        },
    )
    return visitor


# -- Staff triage ----------------------------------------------------------------------


@transaction.atomic
def claim(visit_request: VisitRequest, *, by: User, seen: int) -> None:
    """Take a new request: `by` becomes its coordinator and the visitor's named person."""
    _move(visit_request, S.IN_REVIEW, what="claimed", by=by, seen=seen, coordinator=by)


@transaction.atomic
def hand_over(visit_request: VisitRequest, *, to: User, by: User, seen: int) -> None:
    """Make `to` the coordinator of an open request."""
    if not visit_request.is_open:
        raise MoveRefused(_("This request has ended. Reopen it first."))
    _touch(visit_request, what="handed_over", by=by, seen=seen, coordinator=to, detail={"to": str(to)})


@transaction.atomic
def ask_question(visit_request: VisitRequest, *, text: str, by: User, seen: int) -> None:
    """Ask the visitor something; the turn is theirs until they have answered."""
    _move(
        visit_request, S.INFO_REQUESTED, what="asked_question", by=by, seen=seen,
        coordinator=visit_request.coordinator or by,
    )  # fmt: skip
    comment = _comment(visit_request, CommentSide.OURS, text, by)
    outbox.owe_visitor("question", visit_request, once_per=comment.pk, comment=comment)


@transaction.atomic
def write_to_visitor(visit_request: VisitRequest, *, text: str, by: User) -> Comment:
    """Write to the visitor without giving them the turn."""
    comment = _comment(visit_request, CommentSide.OURS, text, by)
    history.record(visit_request, "wrote_to_visitor", by=by)
    outbox.owe_visitor("message", visit_request, once_per=comment.pk, comment=comment)
    return comment


@transaction.atomic
def note(visit_request: VisitRequest, *, text: str, by: User) -> Comment:
    """A note between colleagues; never mailed, never shown to the visitor."""
    history.record(visit_request, "noted", by=by)
    return _comment(visit_request, CommentSide.NOTE, text, by)


@transaction.atomic
def waitlist(visit_request: VisitRequest, *, what_for: str, by: User, seen: int) -> None:
    """Keep a place in the line, and tell the visitor what we wait for."""
    _move(visit_request, S.WAITLISTED, what="waitlisted", by=by, seen=seen, waitlist_words=what_for)
    outbox.owe_visitor("waitlisted", visit_request, once_per=visit_request.version)


@transaction.atomic
def resume(visit_request: VisitRequest, *, by: User, seen: int) -> None:
    """Take up again what waited for an answer, in the line, or for the visitor's yes."""
    if visit_request.request_state == S.PROPOSED:
        _close_proposal(visit_request, ProposalAnswer.REPLACED)
    _move(visit_request, S.IN_REVIEW, what="resumed", by=by, seen=seen)


@transaction.atomic
def decline(
    visit_request: VisitRequest,
    *,
    reason: DeclineReason,
    explanation: str,
    alternatives: Iterable[Alternative],
    by: User,
    seen: int,
) -> None:
    """Say no, always with a reason and at least one way on.

    Raises MoveRefused without an alternative. Held rooms and asks are let go.
    """
    offered = list(alternatives)
    if not offered:
        raise MoveRefused(_("Offer at least one thing instead."))
    if visit_request.request_state == S.PROPOSED:
        _close_proposal(visit_request, ProposalAnswer.REPLACED)
    _move(
        visit_request, S.DECLINED, what="declined", by=by, seen=seen,
        decline_reason=reason, decline_words=explanation, detail={"reason": reason},
    )  # fmt: skip
    visit_request.alternatives.all().delete()
    for alternative in offered:
        alternative.request = visit_request
    Alternative.objects.bulk_create(offered)
    scheduling.release(visit_request, by=by)
    outbox.owe_visitor("declined", visit_request, once_per=visit_request.version)


@transaction.atomic
def reopen(visit_request: VisitRequest, *, by: User, seen: int) -> None:
    """Look again at what was declined, withdrawn or has expired; the number stays."""
    if visit_request.submitted_at is None:
        raise MoveRefused(_("This request never reached us, so it cannot be opened again."))
    _move(
        visit_request, S.IN_REVIEW, what="reopened", by=by, seen=seen,
        coordinator=visit_request.coordinator or by, decline_reason="", decline_words="",
    )  # fmt: skip
    visit_request.alternatives.all().delete()
    outbox.owe_visitor("reopened", visit_request, once_per=visit_request.version)


@transaction.atomic
def waive_lead_time(visit_request: VisitRequest, *, reason: str, by: User, seen: int) -> None:
    """Let a visit be planned closer than three months, with a reason that is kept and shown.

    Raises MoveRefused without the permission or with a reason under twenty characters.
    """
    if not by.has_perm("visits.waive_lead_time"):
        raise MoveRefused(_("Only a manager may waive the three months."))
    if len(reason.strip()) < rules.WAIVER_REASON_LENGTH:
        raise MoveRefused(_("Say why in at least twenty characters."))
    _touch(
        visit_request, what="waived_lead_time", by=by, seen=seen,
        waiver_reason=reason.strip(), waived_by=by, detail={"reason": reason.strip()},
    )  # fmt: skip


# -- The visitor answers ---------------------------------------------------------------


@transaction.atomic
def answer(visit_request: VisitRequest, *, text: str) -> Comment:
    """What the visitor writes; when we had asked something, the turn comes back to us."""
    comment = _comment(visit_request, CommentSide.VISITOR, text, None)
    if visit_request.request_state == S.INFO_REQUESTED:
        _move(visit_request, S.IN_REVIEW, what="answered", by=None)
    else:
        history.record(visit_request, "visitor_wrote", by=None)
    return comment


@transaction.atomic
def accept_proposal(visit_request: VisitRequest, *, number: int) -> None:
    """The visitor says yes to version `number`; facilitators not yet asked are asked now.

    Raises MoveRefused when that version is no longer the open one.
    """
    proposal = open_proposal(visit_request, number)
    _answer_proposal(proposal, ProposalAnswer.YES)
    _move(visit_request, S.AGREED, what="agreed", by=None, detail={"version": number})
    Visit.objects.filter(request=visit_request).update(agreed_at=timezone.now())
    scheduling.ask_planned(visit_request)


@transaction.atomic
def want_change(visit_request: VisitRequest, *, number: int, text: str) -> None:
    """The visitor suggests a change to version `number`: the turn is ours again."""
    proposal = open_proposal(visit_request, number)
    _answer_proposal(proposal, ProposalAnswer.CHANGE, change_wish=text)
    _move(visit_request, S.IN_REVIEW, what="change_wanted", by=None, detail={"version": number})
    _comment(visit_request, CommentSide.VISITOR, text, None)


def open_proposal(visit_request: VisitRequest, number: int) -> Proposal:
    """The proposal that waits for an answer, when it is version `number`.

    Raises MoveRefused when it has been answered or a newer one was sent.
    """
    proposal = visit_request.proposals.filter(answer=ProposalAnswer.OPEN).first()
    if proposal is None or visit_request.request_state != S.PROPOSED:
        raise MoveRefused(_("This programme has been answered already. Your page shows how it stands now."))
    if proposal.number != number:
        raise MoveRefused(_("We have sent a newer version since you opened the page. Read it first."))
    return proposal


@transaction.atomic
def withdraw(visit_request: VisitRequest, *, why: str = "") -> None:
    """The visitor takes the request back, before anything is agreed."""
    if visit_request.request_state == S.PROPOSED:
        _close_proposal(visit_request, ProposalAnswer.REPLACED)
    _move(visit_request, S.WITHDRAWN, what="withdrawn", by=None, detail={"why": why})
    scheduling.release(visit_request, by=None)
    outbox.owe_visitor("withdrawn", visit_request, once_per=visit_request.version)


# -- Agreed and after ------------------------------------------------------------------


@transaction.atomic
def confirm(visit_request: VisitRequest, *, by: User, seen: int) -> None:
    """Settle the visit: bookings become firm and everybody is told.

    Raises MoveRefused, naming what is missing, unless every session of ours has
    somebody who said yes, nobody is left to answer, and the agenda holds a part of the
    guests' own.
    """
    missing = scheduling.missing_for_confirmation(visit_request)
    if missing:
        raise MoveRefused(" ".join(missing))
    _move(visit_request, S.CONFIRMED, what="confirmed", by=by, seen=seen)
    visit = visit_request.visit
    Visit.objects.filter(pk=visit.pk).update(confirmed_at=timezone.now(), sequence=F("sequence") + 1)
    scheduling.make_firm(visit)
    last = rules.end_of(visit.last_day)
    access.expire_after_visit(visit_request, last)
    outbox.owe_visitor("confirmed", visit_request, once_per=visit_request.version)
    for ask in scheduling.accepted_asks(visit):
        outbox.owe_facilitator("session_confirmed", ask, once_per=visit_request.version)


@transaction.atomic
def move_back_to_planning(visit_request: VisitRequest, *, by: User, seen: int) -> None:
    """An agreed or confirmed visit is to be moved: plan again, then propose again."""
    _move(visit_request, S.IN_REVIEW, what="to_be_moved", by=by, seen=seen)
    Visit.objects.filter(request=visit_request).update(agreed_at=None, confirmed_at=None, sequence=F("sequence") + 1)


@transaction.atomic
def cancel(visit_request: VisitRequest, *, why: str, by: User | None, seen: int | None = None) -> None:
    """Call off an agreed visit, by us or (without `by`) by the visitor; both sides are told."""
    asks = list(scheduling.live_asks(visit_request))
    _move(visit_request, S.CANCELLED, what="cancelled", by=by, seen=seen, detail={"why": why})
    Visit.objects.filter(request=visit_request).update(cancelled_at=timezone.now(), sequence=F("sequence") + 1)
    scheduling.release(visit_request, by=by, told=asks)
    outbox.owe_visitor("cancelled", visit_request, once_per=visit_request.version)


@transaction.atomic
def complete(visit_request: VisitRequest) -> None:
    """The clock: the last day of a confirmed visit is over."""
    _move(visit_request, S.COMPLETED, what="completed", by=None, detail={"by_clock": True})


@transaction.atomic
def expire(visit_request: VisitRequest) -> None:
    """The clock: a draft, an unconfirmed address or a question has been left too long."""
    told = visit_request.request_state == S.INFO_REQUESTED
    _move(visit_request, S.EXPIRED, what="expired", by=None, detail={"by_clock": True})
    if told:
        outbox.owe_visitor("expired", visit_request, once_per=visit_request.version)


@transaction.atomic
def lapse_proposal(visit_request: VisitRequest) -> None:
    """The clock: the answer date of a proposal has passed, so the turn is ours again."""
    _close_proposal(visit_request, ProposalAnswer.LAPSED)
    _move(visit_request, S.IN_REVIEW, what="proposal_lapsed", by=None, detail={"by_clock": True})
    outbox.owe_visitor("proposal_lapsed", visit_request, once_per=visit_request.version)


# -- The door --------------------------------------------------------------------------


def _move(
    visit_request: VisitRequest,
    new: RequestState,
    *,
    what: str,
    by: User | None,
    seen: int | None = None,
    detail: dict[str, Any] | None = None,
    **changes: Any,
) -> None:
    """Take the step if it is allowed and nobody else has moved the request since."""
    old = visit_request.request_state
    if not rules.may_move(old, new):
        raise MoveRefused(_refusal(visit_request, old, new))
    now = timezone.now()
    due_at = rules.due_moment(new, now, closed=almanac.closed_from(now.date()))
    _write(visit_request, seen=seen, state=new, state_since=now, due_at=due_at, **changes)
    history.record(visit_request, what, by=by, old=old, new=new, **(detail or {}))


def _touch(
    visit_request: VisitRequest, *, what: str, by: User | None, seen: int | None, detail: dict[str, Any], **changes: Any
) -> None:
    """Change a fact of the case without moving it, under the same guard."""
    _write(visit_request, seen=seen, **changes)
    history.record(visit_request, what, by=by, **detail)


def _write(visit_request: VisitRequest, *, seen: int | None, **changes: Any) -> None:
    version = seen if seen is not None else visit_request.version
    unmoved = VisitRequest.objects.filter(pk=visit_request.pk, state=visit_request.state, version=version)
    if not unmoved.update(version=version + 1, **changes):
        raise MoveRefused(_overtaken(visit_request))
    visit_request.version = version + 1
    for name, value in changes.items():
        setattr(visit_request, name, value)


def _refusal(visit_request: VisitRequest, old: RequestState, new: RequestState) -> str:
    return _("%(reference)s is in the state “%(old)s”, so it cannot go to “%(new)s”.") % {
        "reference": visit_request.reference or _("The draft"),
        "old": old.label,
        "new": new.label,
    }


def _overtaken(visit_request: VisitRequest) -> str:
    current = VisitRequest.objects.get(pk=visit_request.pk)
    last = current.history.first()
    return _("%(who)s was faster: %(reference)s is now in the state “%(state)s”. Nothing of yours was done.") % {
        "who": (last.by_name if last else "") or _("Somebody else"),
        "reference": current.reference or _("the request"),
        "state": current.request_state.label,
    }


def _comment(visit_request: VisitRequest, side: CommentSide, text: str, by: User | None) -> Comment:
    name = str(by) if by else visit_request.contact_name
    return Comment.objects.create(request=visit_request, side=side, author=by, author_name=name[:120], text=text)


def _answer_proposal(proposal: Proposal, answer: ProposalAnswer, *, change_wish: str = "") -> None:
    still_open = Proposal.objects.filter(pk=proposal.pk, answer=ProposalAnswer.OPEN)
    if not still_open.update(answer=answer, answered_at=timezone.now(), change_wish=change_wish):
        raise MoveRefused(_("This programme has been answered already. Your page shows how it stands now."))


def _close_proposal(visit_request: VisitRequest, answer: ProposalAnswer) -> None:
    visit_request.proposals.filter(answer=ProposalAnswer.OPEN).update(answer=answer, answered_at=timezone.now())
