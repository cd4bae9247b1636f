"""When a facilitator is away: added, named where it touches a session, and removed."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from visits import scheduling
from visits.forms.facilitator import AwayForm, PreferencesForm
from visits.http import facilitator_of
from visits.models import Booking, Facilitator
from visits.scheduling import Clash

CONFLICT: Final = 409
UNREADABLE: Final = 422


@require_http_methods(["GET", "HEAD", "POST"])
def away(request: HttpRequest) -> HttpResponse:
    """Time away that is saved, and the form to add more; what it would touch is named first."""
    facilitator = facilitator_of(request)
    form = AwayForm(request.POST if request.method == "POST" else None)
    if not form.is_bound:
        return _page(request, facilitator, form)
    if not form.is_valid():
        return _page(request, facilitator, form, status=UNREADABLE)
    try:
        scheduling.be_away(facilitator, form.cleaned_data["spans"], letting_go="let_go" in request.POST)
    except Clash as clash:
        touched = scheduling.in_the_way(facilitator, form.cleaned_data["spans"])
        return _page(request, facilitator, form, touched, str(clash), status=CONFLICT)
    messages.success(request, _("Saved. You will not be asked for that time."))
    return redirect("visits:away")


@require_POST
def like(request: HttpRequest) -> HttpResponse:
    """How one likes to work: days that suit, visits in a week at most."""
    facilitator = facilitator_of(request)
    form = PreferencesForm.of(facilitator, request.POST)
    if not form.is_valid():
        return _page(request, facilitator, AwayForm(), likes=form, status=UNREADABLE)
    scheduling.prefer(facilitator, **form.cleaned_data)
    messages.success(request, _("Saved. It is used whenever we look for somebody."))
    return redirect("visits:away")


@require_POST
def remove(request: HttpRequest, booking_id: int) -> HttpResponse:
    """Take away one's own time away; 404 for anybody else's."""
    rows = Booking.objects.away().filter(facilitator=facilitator_of(request))
    scheduling.remove_time_away(get_object_or_404(rows, pk=booking_id))
    messages.success(request, _("Removed. You can be asked for that time again."))
    return redirect("visits:away")


def _page(
    request: HttpRequest,
    facilitator: Facilitator,
    form: AwayForm,
    touched: list[Booking] | None = None,
    clash: str = "",
    *,
    likes: PreferencesForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form, "likes": likes or PreferencesForm.of(facilitator),
        "saved": scheduling.times_away(facilitator), "clash": clash, "touched": touched,
        "sessions": [booking for booking in touched or [] if booking.session_id],
        "only_sessions": bool(touched) and all(booking.session_id for booking in touched or []),
        "asked_count": scheduling.waiting_count(facilitator),
    }  # fmt: skip
    return render(request, "facilitators/away.html", context, status=status)
