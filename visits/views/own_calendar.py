"""A facilitator's own calendar elsewhere, beside their time away: its address, reading it now, and an end to it.

Nothing here goes out into the network: the clock does, within a minute.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from visits import busy
from visits.forms.facilitator import AwayForm, OwnCalendarForm
from visits.http import facilitator_of
from visits.views import away


@require_POST
def read_from(request: HttpRequest) -> HttpResponse:
    """Save the address; another one takes its place."""
    facilitator = facilitator_of(request)
    form = OwnCalendarForm(request.POST)
    if not form.is_valid():
        return away.page(request, facilitator, AwayForm(), calendar=form, status=away.UNREADABLE)
    busy.read_from(facilitator, form.cleaned_data["address"], at=timezone.now())
    messages.success(request, _("Saved. We read your calendar within a few minutes, and then every six hours."))
    return redirect("visits:away")


@require_POST
def read_now(request: HttpRequest) -> HttpResponse:
    """Let it be read with the next round of the clock."""
    if busy.read_now(facilitator_of(request), at=timezone.now()):
        messages.success(request, _("We read your calendar within a few minutes."))
    else:
        messages.info(request, _("There is no calendar to read. Save its address first."))
    return redirect("visits:away")


@require_POST
def stop(request: HttpRequest) -> HttpResponse:
    """Forget the address and what was read from it."""
    busy.stop_reading(facilitator_of(request))
    messages.success(request, _("We do not read your calendar any more. Its busy times are taken away here."))
    return redirect("visits:away")
