"""Two organisations side by side: put together by somebody who knows, and taken apart again."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from visits import memory, scheduling
from visits.admin.organisations import CHANGE, CONFLICT, UNPROCESSABLE, the_organisation
from visits.admin.request import me, refuse_without
from visits.admin.site import DeskSite, View, desk_context
from visits.forms.memory import MergeForm
from visits.models import Organisation, OrganisationMerge


def urls(guarded: Callable[[View], View]) -> list[URLPattern]:
    compare = require_http_methods(["GET", "HEAD", "POST"])(together)
    return [
        path(
            "organisations/<int:organisation_pk>/same-as/<int:other_pk>/",
            guarded(compare),
            name="organisations_together",
        ),
        path("organisations/apart/<int:merge_pk>/", guarded(require_POST(apart)), name="organisations_apart"),
    ]


DeskSite.more.append(urls)


def together(request: HttpRequest, organisation_pk: int, other_pk: int) -> HttpResponse:
    """What both have, side by side; the press lets the other become a part of the first."""
    refuse_without(request, CHANGE)
    into, gone = the_organisation(organisation_pk), the_organisation(other_pk)
    form = MergeForm(request.POST if request.method == "POST" else None, gone=gone, into=into, auto_id="merge_%s")
    refusal, status = "", 200
    if form.is_bound and form.is_valid():
        try:
            deed = scheduling.retry_deadlocks(memory.merge)
            deed(gone, into=into, facts=form.facts, by=me(request))
        except memory.MergeRefused as why:
            refusal, status = str(why), CONFLICT
        else:
            messages.success(request, _("They are one now. Both names lead here, and you can take them apart again."))
            return redirect("admin:organisation", into.pk)
    elif form.is_bound:
        status = UNPROCESSABLE
    context = {"into": into, "gone": gone, "form": form, "sides": [_held(into), _held(gone)], "refusal": refusal}
    return render(request, "desk/organisation/together.html", desk_context() | context, status=status)


def _held(one: Organisation) -> dict[str, object]:
    """How much hangs on an organisation, in numbers."""
    return {
        "one": one,
        "requests": one.requests.count(),
        "visitors": one.visitors.count(),
        "promises": one.promises.count(),
        "notes": one.notes.count(),
    }


def apart(request: HttpRequest, merge_pk: int) -> HttpResponse:
    refuse_without(request, CHANGE)
    merge = get_object_or_404(OrganisationMerge.objects.select_related("gone", "kept"), pk=merge_pk)
    try:
        again = scheduling.retry_deadlocks(memory.take_apart)(merge, by=me(request))
    except memory.MergeRefused as refusal:
        messages.warning(request, str(refusal))
        return redirect("admin:organisation", merge.kept.living.pk)
    messages.success(request, _("Taken apart. What came from there is back where it was."))
    return redirect("admin:organisation", again.pk)
