"""The visitor suggests what should be otherwise in a version: session by session, as a whole, or on other days."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from visits import drafts, rules, story, words, workflow
from visits.documents.hand import hand_of
from visits.forms.proposal import ChangeForm
from visits.http import own_request
from visits.models import VisitRequest
from visits.views import versions as pages
from visits.views.answered import OpenVersion, closed, open_version, open_version_now
from visits.views.visit_page import refused


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def proposal_change(request: HttpRequest, reference: str) -> HttpResponse:
    """Suggest changes to the version that was read, and other days; all of it is sent in one message."""
    visit_request = own_request(request, reference)
    found = open_version(visit_request)
    if found is None:
        return closed(request, visit_request)
    if request.method != "POST":
        return change_page(request, found, None)
    if pages.number(request.POST.get("number")) not in (None, found.proposal.number):
        return newer(request, found)
    return change_page(request, found, request.POST)


def change_page(request: HttpRequest, found: OpenVersion, data: QueryDict | None, *, refusal: str = "") -> HttpResponse:
    """The version with a box for each session; `data` is sent on, or shown to be mended or with a refusal."""
    context = pages.read(request, found.case, found.versions, found.proposal)
    today = timezone.localdate()
    form = ChangeForm(data, days=context["days"], today=today, initial={"number": found.proposal.number})
    if data is not None and not refusal and form.is_valid():
        return _changed(request, found.case.visit_request, form)
    context |= {
        "form": form,
        "refusal": refusal,
        "hand": hand_of(found.case.visit_request),
        "earliest": rules.earliest_first_day(today),
        "latest": rules.latest_first_day(today),
    }
    status = 409 if refusal else 422 if form.errors else 200
    return render(request, "visits/visit/change.html", context, status=status)


def _changed(request: HttpRequest, visit_request: VisitRequest, form: ChangeForm) -> HttpResponse:
    typed = form.cleaned_data
    try:
        workflow.want_change(
            visit_request, number=typed["number"], text=typed["wish"], about=typed["about"], days=typed["days"]
        )
    except workflow.MoveRefused as refusal:
        now = open_version_now(visit_request)
        if now is not None and now.proposal.number != typed["number"]:
            return newer(request, now)
        return refused(request, visit_request, str(refusal), typed=typed["wish"])
    for day in typed["days"]:
        if warning := drafts.warning(day):
            messages.warning(request, f"{capfirst(words.day(day))}: {warning}")
    messages.success(request, _("We have your suggestions. A new version comes to your e-mail and to this page."))
    return redirect(visit_request)


def newer(request: HttpRequest, found: OpenVersion) -> HttpResponse:
    """An answer to an older version counts for nothing: the newer one is shown, with what was typed."""
    proposal = found.proposal
    sentence = _("We have sent version %(number)d since you opened that page. Read what is different first.") % {
        "number": proposal.number
    }
    data = request.POST.copy()
    data["number"] = str(proposal.number)
    known = {str(row.key) for row in story.version_of(proposal).rows}
    lost = [
        words_typed
        for name, words_typed in request.POST.items()
        if name.startswith("words_") and name.removeprefix("words_") not in known and isinstance(words_typed, str)
    ]
    data["text"] = "\n\n".join(part for part in [*lost, str(data.get("text", ""))] if part)
    return change_page(request, found, data, refusal=sentence)
