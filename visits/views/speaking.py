"""What somebody of the Living Library agrees to speak about, and on what terms: theirs alone to say."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from visits import scheduling
from visits.forms.facilitator import AwayForm
from visits.forms.speaking import SpeakingForm
from visits.http import facilitator_of
from visits.scheduling import living
from visits.views import away


@require_POST
def speak(request: HttpRequest) -> HttpResponse:
    """Keep it; 404 for those who are not of the Living Library."""
    person = facilitator_of(request)
    if not living.is_living(person):
        raise Http404
    form = SpeakingForm.of(person, request.POST)
    if not form.is_valid():
        return away.page(request, person, AwayForm(), speaking=form, status=away.UNREADABLE)
    scheduling.agree(person, **form.cleaned_data)
    if form.cleaned_data["themes"]:
        messages.success(request, _("Saved. You are asked for what you ticked, and for nothing else."))
    else:
        messages.success(request, _("Saved. You are not asked for anything until you tick something."))
    return redirect("visits:away")
