"""Our side, among a facilitator's own pages: what one takes home, and the ledger of the visit."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from visits import ledger, scheduling
from visits.choices import Side
from visits.forms.look_back import FollowUpForm, OurLookBackForm
from visits.http import facilitator_of
from visits.ledger import looking
from visits.models import Facilitator, LedgerPoint, LookBack, Visit
from visits.views.ledger import asked
from visits.views.look_back import is_over

CONFLICT: Final = 409
UNPROCESSABLE: Final = 422


def met(request: HttpRequest, reference: str) -> tuple[Facilitator, Visit, ledger.Host]:
    """The facilitator and the visit at which they meet the guests; 404 for anybody else's."""
    facilitator = facilitator_of(request)
    visit = get_object_or_404(Visit.objects.select_related("request__coordinator"), request__reference=reference)
    host = ledger.host(visit, facilitator.user)
    if host is None:
        raise Http404
    return facilitator, visit, host


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def our_look_back(request: HttpRequest, reference: str) -> HttpResponse:
    """Three lines of one's own; the guests read them beside theirs."""
    facilitator, visit, host = met(request, reference)
    if not is_over(visit.request):
        return redirect("visits:schedule")
    kept = looking.of_host(visit, host)
    form = OurLookBackForm.of(visit, kept, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _page(request, facilitator, visit, kept, form)
    later = "save" in request.POST
    if not form.may_be_sent(later=later):
        return _page(request, facilitator, visit, kept, form, status=UNPROCESSABLE)
    try:
        form.send(visit.request, host, later=later)
    except ledger.LookBackRefused as refusal:
        return _page(request, facilitator, visit, kept, form, refusal=str(refusal), status=CONFLICT)
    if later:
        messages.success(request, _("Saved. Go on when you like."))
        return redirect("visits:our_look_back", reference)
    messages.success(request, _("Shared with the guests. Thank you."))
    return redirect("visits:our_ledger", reference)


def _page(
    request: HttpRequest, facilitator: Facilitator, visit: Visit, kept: LookBack | None, form: OurLookBackForm,
    *, refusal: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    theirs = looking.of_guests(visit)
    context = {
        **_frame(facilitator, visit),
        "form": form,
        "refusal": refusal,
        "kept": kept,
        "is_shared": kept is not None and kept.shared_at is not None and not refusal,
        "theirs": theirs if theirs and theirs.shared_at else None,
    }
    return render(request, "facilitators/look_back.html", context, status=status)


def _frame(facilitator: Facilitator, visit: Visit) -> dict[str, Any]:
    return {
        "visit": visit,
        "visit_request": visit.request,
        "asked_count": scheduling.waiting_count(facilitator),
    }


@never_cache
@require_safe
def our_ledger(request: HttpRequest, reference: str) -> HttpResponse:
    """The ledger as one of ours reads it, with a form in place where it is their turn."""
    facilitator, visit, host = met(request, reference)
    return _ledger(request, facilitator, visit, host) if is_over(visit.request) else redirect("visits:schedule")


@never_cache
@require_POST
def our_answer(request: HttpRequest, reference: str, point_id: int) -> HttpResponse:
    """Say how one's own idea stands."""
    facilitator, visit, host = met(request, reference)
    point = get_object_or_404(LedgerPoint, pk=point_id, entry__visit=visit, entry__look_back__user=host.user)
    form = FollowUpForm(request.POST, auto_id=f"point-{point.pk}_%s")
    if not form.is_valid():
        return _ledger(request, facilitator, visit, host, {point.pk: form}, status=UNPROCESSABLE)
    try:
        form.answer(point, by_name=host.name, by=host.user)
    except ledger.FollowUpRefused as refusal:
        return _ledger(
            request, facilitator, visit, host, {point.pk: form}, refusal=form.refused(refusal), status=CONFLICT
        )
    messages.success(request, _("Thank you. It stands in the ledger."))
    return redirect(f"{reverse('visits:our_ledger', args=[reference])}#point-{point.pk}")


def _ledger(
    request: HttpRequest, facilitator: Facilitator, visit: Visit, host: ledger.Host,
    forms: dict[int, FollowUpForm] | None = None, *, refusal: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    own = looking.of_host(visit, host)
    mine = [own.pk] if own else []
    shown = ledger.ledger_of(visit, viewer=Side.OURS, today=timezone.localdate(), mine=mine)
    context = {
        **_frame(facilitator, visit),
        "ledger": shown,
        "viewer": "ours",
        "asked": asked(shown, forms or {}, "visits:our_ledger_answer", visit.request.reference),
        "failed": list((forms or {}).values()),
        "refusal": refusal,
        "has_shared": own is not None and own.shared_at is not None,
    }
    return render(request, "facilitators/ledger.html", context, status=status)
