"""The door: one conditional UPDATE that moves a request, and its line of history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from visits import almanac, checklist, history, outbox, rules, scheduling
from visits.choices import CommentSide, OfferAnswer, ProposalAnswer, RequestState
from visits.models import Comment, Decision, HistoryEntry, PlaceOffer, User, VisitRequest


class MoveRefused(Exception):
    """The deed cannot be done now; its text says why, to the person who tried."""


def move(
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
    # Who looks at an old page is told what has happened since, not what the state forbids.
    if seen is not None and seen != visit_request.version:
        raise MoveRefused(_overtaken(visit_request, by))
    old = visit_request.request_state
    if not rules.may_move(old, new, what):
        raise MoveRefused(_refusal(visit_request, old, new))
    now = timezone.now()
    due_at = rules.due_moment(new, now, closed=almanac.closed_from(now.date()))
    # What was put aside is looked at again once something has happened.
    changes = {"aside_until": None} | changes
    _write(visit_request, by=by, seen=seen, state=new, state_since=now, due_at=due_at, **changes)
    if old == RequestState.WAITLISTED:
        _let_place_go(visit_request, now)
    if new in rules.STANDING:
        checklist.lay_out(visit_request)
    history.record(visit_request, what, by=by, old=old, new=new, **(detail or {}))


def _let_place_go(visit_request: VisitRequest, at: datetime) -> None:
    """Who leaves the line, whichever way, leaves the place that was kept for them."""
    PlaceOffer.objects.waiting().filter(request=visit_request).update(answer=OfferAnswer.WITHDRAWN, answered_at=at)


def look_again(visit_request: VisitRequest) -> None:
    """Lock the case and read how it stands, also when an earlier try had changed the row in hand."""
    rows = VisitRequest.objects.select_for_update(of=("self",))
    visit_request.refresh_from_db(fields=["state", "version", "state_since", "due_at"], from_queryset=rows)


def touch(
    visit_request: VisitRequest, *, what: str, by: User | None, seen: int | None, detail: dict[str, Any], **changes: Any
) -> None:
    """Change a fact of the case without moving it, under the same guard."""
    if by is None:
        changes = {"aside_until": None} | changes
    _write(visit_request, by=by, seen=seen, **changes)
    history.record(visit_request, what, by=by, **detail)


def put_back(
    visit_request: VisitRequest, *, what: str, by: User, detail: dict[str, Any], **values: Any
) -> HistoryEntry:
    """Let the request say again what it said before a deed: the one step that the table of moves does not name.

    `values` are its own columns as they were. The caller holds the request's lock.
    """
    old = visit_request.state
    _write(visit_request, by=by, seen=visit_request.version, **values)
    moved = {"old": old, "new": visit_request.state} if visit_request.state != old else {}
    return history.record(visit_request, what, by=by, **moved, **detail)


def _write(visit_request: VisitRequest, *, by: User | None, seen: int | None, **changes: Any) -> None:
    version = seen if seen is not None else visit_request.version
    unmoved = VisitRequest.objects.filter(pk=visit_request.pk, state=visit_request.state, version=version)
    if not unmoved.update(version=version + 1, **changes):
        raise MoveRefused(_overtaken(visit_request, by))
    if by is None:
        # Once somebody outside, or the clock, has acted, nothing that we decided before is taken back.
        Decision.objects.settle(visit_request, timezone.now())
    visit_request.version = version + 1
    for name, value in changes.items():
        setattr(visit_request, name, value)


def _refusal(visit_request: VisitRequest, old: RequestState, new: RequestState) -> str:
    return _("%(reference)s is in the state “%(old)s”, so it cannot go to “%(new)s”.") % {
        "reference": visit_request.reference or _("The draft"),
        "old": old.label,
        "new": new.label,
    }


def _overtaken(visit_request: VisitRequest, by: User | None) -> str:
    current = VisitRequest.objects.get(pk=visit_request.pk)
    last = current.history.first()
    if by is not None and last is not None and last.by_id == by.pk:
        return _("You have changed %(reference)s since you opened that page. Nothing more was done.") % {
            "reference": current.reference or _("the request"),
        }
    return _("%(who)s was faster: %(reference)s is now in the state “%(state)s”. Nothing of yours was done.") % {
        "who": (last.by_name if last else "") or _("Somebody else"),
        "reference": current.reference or _("the request"),
        "state": current.request_state.label,
    }


def comment(visit_request: VisitRequest, side: CommentSide, text: str, by: User | None) -> Comment:
    name = str(by) if by else visit_request.contact_name
    return Comment.objects.create(request=visit_request, side=side, author=by, author_name=name[:120], text=text)


def bring_back(visit_request: VisitRequest) -> None:
    """The guests have done something: whoever had put the request aside sees it again."""
    VisitRequest.objects.filter(pk=visit_request.pk).exclude(aside_until=None).update(aside_until=None)


def tell_host(
    kind: str, visit_request: VisitRequest, *, once_per: object, comment: Comment | None = None, **data: Any
) -> None:
    """Owe the coordinator a mail about what the visitor did, where no turn would tell them."""
    if visit_request.coordinator is not None:
        key = f"{visit_request.pk}-{once_per}"
        outbox.owe_staff(kind, visit_request.coordinator, once_per=key, request=visit_request, comment=comment, **data)


def close_proposal(visit_request: VisitRequest, answer: ProposalAnswer) -> None:
    """Nobody waits for an answer any more: other days that were offered are let go.

    To be called when the request is moved or locked: all deeds take the case first, then what hangs on it.
    """
    scheduling.let_go_of_options(visit_request)
    visit_request.proposals.filter(answer=ProposalAnswer.OPEN).update(answer=answer, answered_at=timezone.now())
