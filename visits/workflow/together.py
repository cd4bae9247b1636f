"""The same visit asked for twice: one request goes on, the other is put into it."""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from visits import noticing, outbox, rules, scheduling
from visits.choices import ProposalAnswer, RequestState
from visits.door import MoveRefused, close_proposal, move, touch
from visits.models import User, VisitRequest

S = RequestState
# How much has been done for a request in each state; of two, the one with more behind it goes on.
BEHIND: Final = (S.SUBMITTED, S.WAITLISTED, S.INFO_REQUESTED, S.IN_REVIEW, S.PROPOSED, S.AGREED, S.CONFIRMED)


def which_goes_on(one: VisitRequest, other: VisitRequest) -> tuple[VisitRequest, VisitRequest]:
    """Of two open requests the one that goes on, and the one that is put into it: the older where both stand alike.

    Raises MoveRefused when one has ended, or when both are agreed already.
    """
    for case in (one, other):
        if case.request_state not in BEHIND:
            raise MoveRefused(_("%(reference)s has ended, so there is nothing to put together.") % _named(case))
    absorbed, kept = sorted((one, other), key=lambda case: (BEHIND.index(case.request_state), -case.pk))
    if not rules.may_move(absorbed.request_state, S.WITHDRAWN):
        raise MoveRefused(_("Both are agreed already. Call off one of them first: its people and rooms are told then."))
    return kept, absorbed


@scheduling.retry_deadlocks
@transaction.atomic
def put_together(
    one: VisitRequest, other: VisitRequest, *, by: User, seen: int, seen_other: int
) -> tuple[VisitRequest, VisitRequest]:
    """Two requests become one: returns the one that goes on, and the one that was put into it.

    The second ends as withdrawn, with `absorbed_into` to tell it from what a visitor takes back;
    it is no «no» of ours, and can be opened again. What it held is let go, both histories stay,
    both people are told, and its visitor's link leads to the first. `seen` and `seen_other` are
    the versions that somebody compared. Raises MoveRefused when either has moved since.
    """
    if one.pk == other.pk:
        raise MoveRefused(_("A request cannot be put together with itself."))
    seen_of = {one.pk: seen, other.pk: seen_other}
    # Always in the same order, whichever way two colleagues press.
    locked = VisitRequest.objects.select_for_update(of=("self",)).filter(pk__in=seen_of).order_by("pk")
    kept, absorbed = which_goes_on(*locked)
    move(
        absorbed, S.WITHDRAWN, what="put_into", by=by, seen=seen_of[absorbed.pk], absorbed_into=kept,
        detail={"reference": kept.reference},
    )  # fmt: skip
    touch(kept, what="put_together", by=by, seen=seen_of[kept.pk], detail={"reference": absorbed.reference})
    close_proposal(absorbed, ProposalAnswer.REPLACED)
    scheduling.release(absorbed, by=by)
    # What was put into it before goes along: nobody's link leads to a request that leads on.
    VisitRequest.objects.filter(absorbed_into=absorbed).update(absorbed_into=kept)
    noticing.settle(kept, absorbed)
    _tell(kept, absorbed)
    return kept, absorbed


def _tell(kept: VisitRequest, absorbed: VisitRequest) -> None:
    """Both people; who has written both is told once."""
    outbox.owe_visitor("put_together", kept, once_per=absorbed.pk, other=absorbed.reference)
    if kept.contact_email.casefold() != absorbed.contact_email.casefold():
        outbox.owe_visitor("put_into", absorbed, once_per=absorbed.version)


def _named(case: VisitRequest) -> dict[str, str]:
    return {"reference": case.reference or ""}
