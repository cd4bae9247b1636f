"""What a facilitator can do, area by area: what holds, until when, and what waits to be approved."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from visits import scheduling
from visits.forms.competence import ClaimForm
from visits.http import facilitator_of
from visits.scheduling import competence, living

UNREADABLE: Final = 422


@require_http_methods(["GET", "HEAD", "POST"])
def can(request: HttpRequest) -> HttpResponse:
    """Read it, or say something else; 404 for the Living Library, who agree to themes instead."""
    person = facilitator_of(request)
    if living.is_living(person):
        raise Http404
    form = ClaimForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        typed = form.cleaned_data
        competence.claim(person, typed["area"], level=typed["level"], until=typed["until"])
        messages.success(request, _("Saved. It counts when a colleague at the desk has approved it."))
        return redirect("visits:can")
    context = {
        "form": form, "standing": competence.standing_of(person), "facilitator": person,
        "asked_count": scheduling.waiting_count(person),
    }  # fmt: skip
    return render(request, "facilitators/can.html", context, status=UNREADABLE if form.is_bound else 200)
