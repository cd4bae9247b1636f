"""The learning ledger of a visit, for its guests: read by the group, answered by the contact person."""

from __future__ import annotations

from typing import Final, NamedTuple

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from visits import ledger
from visits.choices import Side
from visits.forms.look_back import FollowUpForm
from visits.http import Follower, follower, own_request
from visits.ledger import looking
from visits.models import LedgerPoint, VisitRequest
from visits.views.look_back import is_over

CONFLICT: Final = 409
UNPROCESSABLE: Final = 422


class Asked(NamedTuple):
    """A follow-up with the form that answers it, and where it is sent."""

    form: FollowUpForm
    url: str


@never_cache
@require_safe
def ledger_page(request: HttpRequest, reference: str) -> HttpResponse:
    """What both sides asked, tried and found; with a form in place where it is the guests' turn."""
    who = follower(request, reference)
    if not is_over(who.visit_request):
        return redirect(who.visit_request)
    return _page(request, who)


@never_cache
@require_POST
def answer(request: HttpRequest, reference: str, point_id: int) -> HttpResponse:
    """Say how one idea of the guests stands."""
    visit_request = own_request(request, reference)
    if not is_over(visit_request):
        raise Http404
    point = get_object_or_404(
        LedgerPoint, pk=point_id, entry__visit=visit_request.visit, entry__learner=Side.GUESTS
    )  # fmt: skip
    form = FollowUpForm(request.POST, auto_id=f"point-{point.pk}_%s")
    who = Follower(visit_request, None)
    if not form.is_valid():
        return _page(request, who, {point.pk: form}, status=UNPROCESSABLE)
    try:
        form.answer(point, by_name=visit_request.contact_name)
    except ledger.FollowUpRefused as refusal:
        return _page(request, who, {point.pk: form}, refusal=form.refused(refusal), status=CONFLICT)
    messages.success(request, _("Thank you. It stands in the ledger."))
    return redirect(f"{reverse('visits:ledger', args=[reference])}#point-{point.pk}")


def asked(ours: ledger.Ledger, forms: dict[int, FollowUpForm], view_name: str, *args: object) -> dict[str, Asked]:
    """For each follow-up that may be answered its form, as typed or empty."""
    points = [point.point for row in (*ours.guests, *ours.ours) for point in row.points if point.may_answer]
    return {
        str(point.pk): Asked(
            forms.get(point.pk) or FollowUpForm.about(point),
            reverse(view_name, args=[*args, point.pk]),
        )
        for point in points
    }


def _page(
    request: HttpRequest, who: Follower, forms: dict[int, FollowUpForm] | None = None,
    *, refusal: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    visit_request: VisitRequest = who.visit_request
    visit = visit_request.visit
    today = timezone.localdate()
    mine = None if who.decides else ()
    shown = ledger.ledger_of(visit, viewer=Side.GUESTS, today=today, mine=mine)
    kept = looking.of_guests(visit)
    call = ledger.ledger_call(shown.waiting, today)
    context = {
        "visit_request": visit_request,
        "visit": visit,
        "ledger": shown,
        "viewer": "guests",
        "asked": asked(shown, forms or {}, "visits:ledger_answer", visit_request.reference),
        "failed": list((forms or {}).values()),
        "refusal": refusal,
        "banner": call,
        "point_href": f"#point-{call.point}",
        "has_shared": kept is not None and kept.shared_at is not None,
    }
    return render(request, "visits/visit/ledger.html", context, status=status)
