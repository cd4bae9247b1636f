"""The door: one conditional UPDATE that moves a request, and its line of history."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from visits import almanac, history, outbox, rules
from visits.choices import CommentSide, ProposalAnswer, RequestState
from visits.models import Comment, User, VisitRequest


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
    _write(visit_request, by=by, seen=seen, state=new, state_since=now, due_at=due_at, **changes)
    history.record(visit_request, what, by=by, old=old, new=new, **(detail or {}))


def touch(
    visit_request: VisitRequest, *, what: str, by: User | None, seen: int | None, detail: dict[str, Any], **changes: Any
) -> None:
    """Change a fact of the case without moving it, under the same guard."""
    _write(visit_request, by=by, seen=seen, **changes)
    history.record(visit_request, what, by=by, **detail)


def _write(visit_request: VisitRequest, *, by: User | None, seen: int | None, **changes: Any) -> None:
    version = seen if seen is not None else visit_request.version
    unmoved = VisitRequest.objects.filter(pk=visit_request.pk, state=visit_request.state, version=version)
    if not unmoved.update(version=version + 1, **changes):
        raise MoveRefused(_overtaken(visit_request, by))
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


def tell_host(kind: str, visit_request: VisitRequest, *, once_per: object, comment: Comment | None = None) -> None:
    """Owe the coordinator a mail about what the visitor did, where no turn would tell them."""
    if visit_request.coordinator is not None:
        key = f"{visit_request.pk}-{once_per}"
        outbox.owe_staff(kind, visit_request.coordinator, once_per=key, request=visit_request, comment=comment)


def close_proposal(visit_request: VisitRequest, answer: ProposalAnswer) -> None:
    visit_request.proposals.filter(answer=ProposalAnswer.OPEN).update(answer=answer, answered_at=timezone.now())
