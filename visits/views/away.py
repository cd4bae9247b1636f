"""When a facilitator is away: added, named where it touches a session, and removed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from visits import busy, scheduling
from visits.forms.facilitator import AwayForm, EndSeriesForm, OwnCalendarForm, PreferencesForm
from visits.forms.speaking import SpeakingForm
from visits.http import facilitator_of
from visits.models import Booking, Facilitator
from visits.scheduling import Clash, living

CONFLICT: Final = 409
UNREADABLE: Final = 422


@require_http_methods(["GET", "HEAD", "POST"])
def away(request: HttpRequest) -> HttpResponse:
    """Time away that is saved, and the form to add more; what it would touch is named first."""
    facilitator = facilitator_of(request)
    form = AwayForm(request.POST if request.method == "POST" else None)
    if not form.is_bound:
        return page(request, facilitator, form)
    if not form.is_valid():
        return page(request, facilitator, form, status=UNREADABLE)
    try:
        scheduling.be_away(
            facilitator, form.cleaned_data["spans"], letting_go="let_go" in request.POST,
            again=form.cleaned_data["again"],
        )  # fmt: skip
    except Clash as clash:
        touched = scheduling.in_the_way(facilitator, form.cleaned_data["spans"])
        return page(request, facilitator, form, touched, str(clash.own or clash), status=CONFLICT)
    messages.success(request, _("Saved. You will not be asked for that time."))
    return redirect("visits:away")


@require_POST
def like(request: HttpRequest) -> HttpResponse:
    """How one likes to work: days that suit, visits and sessions at most."""
    facilitator = facilitator_of(request)
    form = PreferencesForm.of(facilitator, request.POST)
    if not form.is_valid():
        return page(request, facilitator, AwayForm(), likes=form, status=UNREADABLE)
    scheduling.prefer(facilitator, **form.cleaned_data)
    messages.success(request, _("Saved. It is used whenever we look for somebody."))
    return redirect("visits:away")


@require_POST
def remove(request: HttpRequest, booking_id: int) -> HttpResponse:
    """Take away one's own time away; 404 for anybody else's."""
    rows = Booking.objects.away().written().filter(facilitator=facilitator_of(request))
    scheduling.remove_time_away(get_object_or_404(rows, pk=booking_id))
    messages.success(request, _("Removed. You can be asked for that time again."))
    return redirect("visits:away")


@require_POST
def end(request: HttpRequest, series_id: int) -> HttpResponse:
    """What comes again does not from a day on; 404 for anybody else's."""
    facilitator = facilitator_of(request)
    series = get_object_or_404(facilitator.away_series, pk=series_id)
    form = EndSeriesForm.of(series, request.POST)
    if not form.is_valid():
        return page(request, facilitator, AwayForm(), ending={series.pk: form}, status=UNREADABLE)
    ended = scheduling.end_series(series, from_day=form.cleaned_data["from_day"])
    if ended:
        told = ngettext("%(count)d time is free again.", "%(count)d times are free again.", ended)
        messages.success(request, told % {"count": ended})
    else:
        messages.info(request, _("Nothing has changed: it ends before that day."))
    return redirect("visits:away")


def page(
    request: HttpRequest,
    facilitator: Facilitator,
    form: AwayForm,
    touched: list[Booking] | None = None,
    clash: str = "",
    *,
    likes: PreferencesForm | None = None,
    calendar: OwnCalendarForm | None = None,
    ending: Mapping[int, EndSeriesForm] | None = None,
    speaking: SpeakingForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page with whatever is to be said or corrected on it; the forms of its other views come here too."""
    series = [(one, (ending or {}).get(one.pk) or EndSeriesForm.of(one)) for one in scheduling.series_of(facilitator)]
    context = {
        "form": form, "likes": likes or PreferencesForm.of(facilitator),
        "speaking": speaking or (SpeakingForm.of(facilitator) if living.is_living(facilitator) else None),
        "saved": scheduling.times_away(facilitator), "clash": clash, "touched": touched,
        "sessions": [booking for booking in touched or [] if booking.session_id],
        "at_gathering": any(booking.gathering_id for booking in touched or []),
        "can_be_given_back": bool(touched) and all(one.session_id or one.gathering_id for one in touched or []),
        "series": series, "ended": next(iter((ending or {}).values()), None),
        "own": busy.told(facilitator, timezone.now()), "calendar": calendar or OwnCalendarForm(),
        "asked_count": scheduling.waiting_count(facilitator),
    }  # fmt: skip
    return render(request, "facilitators/away.html", context, status=status)
