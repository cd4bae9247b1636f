"""The guests write one part of a sent request anew, until we have begun to plan."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from visits import drafts, noticing, rules
from visits.changing import rewriting
from visits.door import MoveRefused, tell_host
from visits.models import PlaceOffer, Proposal, Visit, VisitRequest
from visits.workflow.sending import too_soon


@transaction.atomic
def change_request(visit_request: VisitRequest, answers: drafts.Answers, *, seen: int) -> list[str]:
    """Keep what one part says now, and tell the host what is otherwise; returns the names of what changed.

    The same answers again change nothing, and nobody is told. Raises MoveRefused when planning has
    begun, when the request has changed since version `seen`, for another address, for an answer that
    a request cannot be without, and for a day that is asked for anew within three months.
    """
    lock(visit_request)
    refuse_unless_changeable(visit_request)
    if visit_request.version != seen:
        raise MoveRefused(
            _(
                "Your request has changed since you opened this page, so nothing was kept yet. "
                "What you wrote stands in the form: look at it, and press the button once more to keep it."
            )
        )
    found = rewriting.differences(visit_request, answers)
    if found:
        _refuse_what_cannot_be(visit_request, answers)
        told = rewriting.keep(visit_request, answers, found, what="request_changed", by=None, seen=seen)
        tell_host("request_changed", visit_request, once_per=visit_request.version, changes=told)
        noticing.soon(visit_request)
    return list(found)


def lock(visit_request: VisitRequest) -> None:
    """Take the case alone, and read all of it anew."""
    visit_request.refresh_from_db(from_queryset=VisitRequest.objects.select_for_update(of=("self",)))


def begun() -> Q:
    """Of a request: there are days, a programme that was proposed, or a place that is kept."""
    kept = PlaceOffer.objects.waiting().values("request")
    return (
        Q(pk__in=Visit.objects.values("request"))
        | Q(pk__in=Proposal.objects.values("request"))
        | Q(pk__in=kept)
    )  # fmt: skip


def planning_has_begun(visit_request: VisitRequest) -> bool:
    """Whether there is anything of a plan yet; one query."""
    return VisitRequest.objects.filter(begun(), pk=visit_request.pk).exists()


def refuse_unless_changeable(visit_request: VisitRequest) -> None:
    """Raises MoveRefused once planning has begun, and for a request that has ended."""
    has_begun = planning_has_begun(visit_request)
    if not rules.may_be_changed(visit_request.request_state, planning_has_begun=has_begun):
        raise MoveRefused(
            _("We have begun to plan, or your request has ended: it is no longer changed here. Write to us instead.")
        )


def _refuse_what_cannot_be(visit_request: VisitRequest, answers: drafts.Answers) -> None:
    """Raises MoveRefused for what would leave less than a whole request that came in time."""
    address = answers.fields.get("contact_email", visit_request.contact_email)
    if address != visit_request.contact_email:
        raise MoveRefused(_("Your address is confirmed and is not changed here. Write to us if it is to be another."))
    for _step, name, sentence in drafts.WANTED:
        if name in answers.fields and not answers.fields[name]:
            raise MoveRefused(str(sentence))
    _refuse_days(visit_request, answers)
    size = answers.fields.get("group_size", visit_request.group_size) or 0
    needs = answers.needs if answers.needs is not None else drafts.needs(visit_request)
    if any(count > size for count in needs.values()):
        raise MoveRefused(drafts.too_many(size))


def _refuse_days(visit_request: VisitRequest, answers: drafts.Answers) -> None:
    if answers.wishes is None:
        return
    if not answers.wishes:
        raise MoveRefused(str(drafts.CHOOSE_A_DAY))
    today, wished = timezone.localdate(), [wish.first_day for wish in drafts.wishes(visit_request)]
    if not rules.changed_in_time((wish.first_day for wish in answers.wishes), wished=wished, today=today):
        raise MoveRefused(too_soon(today, wished=wished))
