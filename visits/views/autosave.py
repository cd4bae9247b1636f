"""What is typed is kept while it is typed: called by a script of the five steps, never needed."""

from __future__ import annotations

from django.http import Http404, HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from visits import limits, words
from visits.views import drafting, steps
from visits.views.writing import Written, write


@require_POST
@drafting.personal
def autosave(request: HttpRequest, step: str) -> JsonResponse:
    """Keep a step as far as it is written; what cannot be read yet is kept as words."""
    if step not in steps.PAGES:
        raise Http404
    opened = drafting.open_draft(request)
    if limits.exceeded(request, "autosave", address=drafting.mark(opened.link) or opened.nonce):
        return _problem(_("Not saved by itself for a while. “Continue” saves it."), status=429)
    written = write(request, step, opened)
    if written.closed:
        return _problem(
            _("Not saved: the request has been sent, or has ended. Press “Continue” to see it."), status=409
        )
    if written.theirs:
        return _problem(_("Not saved: this page was changed somewhere else. Press “Continue” to see both."), status=409)
    return _saved(written)


def _saved(written: Written) -> JsonResponse:
    page = written.page
    if page.opened.link is None:
        return JsonResponse({"saved": ""})
    told = _("Saved %(time)s") % {"time": words.clock(timezone.now())}
    response = JsonResponse({"saved": told, "draft": page.opened.mark, "seen": written.seen})
    drafting.keep(response, page.opened.link)
    return response


def _problem(sentence: str, *, status: int) -> JsonResponse:
    return JsonResponse({"problem": sentence}, status=status)
