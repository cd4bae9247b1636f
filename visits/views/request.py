"""The five steps of a request: each one a plain form on a draft that we keep."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from visits import drafts
from visits.choices import RequestState
from visits.forms.base import StepForm
from visits.views import drafting, steps
from visits.views.drafting import Opened
from visits.views.later import finish_later
from visits.views.step_page import StepPage
from visits.views.writing import Written, write


class Step(NamedTuple):
    """One of the five pages, as its frame shows it."""

    name: str
    number: int
    left: Any
    before: str | None
    after: str | None


NAMES: Final = ("who", "learn", "bring", "when", "needs")
LEFT: Final = (
    gettext_lazy("about ten minutes in all"),
    gettext_lazy("about seven minutes left"),
    gettext_lazy("about five minutes left"),
    gettext_lazy("about three minutes left"),
    gettext_lazy("about two minutes left"),
)
STEPS: Final = {
    name: Step(name, n + 1, LEFT[n], NAMES[n - 1] if n else None, NAMES[n + 1] if n < 4 else None)
    for n, name in enumerate(NAMES)
}


@require_safe
@drafting.personal
def start(request: HttpRequest) -> HttpResponse:
    """To where one left off: the first step that lacks something, or the answers to be checked."""
    draft = drafting.open_draft(request).draft
    if draft is None:
        return redirect("visits:request_step", "who")
    if draft.state == RequestState.UNVERIFIED:
        return redirect("visits:request_sent")
    lacks = drafts.missing(draft, drafts.wishes(draft), {}, today=timezone.localdate())
    return redirect("visits:request_step", lacks[0].step) if lacks else redirect("visits:request_check")


@require_http_methods(["GET", "HEAD", "POST"])
@drafting.personal
def step(request: HttpRequest, step: str) -> HttpResponse:
    """One of the five pages. What of it is good is kept, even where something is to be mended."""
    if step not in STEPS:
        raise Http404
    opened = drafting.open_draft(request)
    if request.method == "POST":
        return _glance(request, step, opened) or _take(write(request, step, opened))
    if opened.draft is not None and opened.draft.state == RequestState.UNVERIFIED:
        return redirect("visits:request_sent")
    page = steps.PAGES[step](request, opened)
    return _show(page, page.form(None))


def _glance(request: HttpRequest, step: str, opened: Opened) -> HttpResponse | None:
    """To the same page with what was typed, when it is only to be looked at: nothing is kept."""
    if "check" not in request.POST:
        return None
    page = steps.PAGES[step](request, opened)
    there = page.glance(page.form(request.POST))
    return HttpResponseRedirect(_onward(page, there)) if there is not None else None


def _take(written: Written) -> HttpResponse:
    page, form = written.page, written.form
    if not written.is_kept:
        return _show(page, form, status=409, closed=written.closed, theirs=written.theirs)
    detour, later = page.detour(), "save" in page.request.POST
    if later and page.opened.link is not None:  # all words are kept, also those that are not finished
        response = finish_later(page.request, page.opened)
    elif form.is_unreadable or not (form.is_valid() or detour is not None):
        response = _show(page, form, status=422, seen=written.seen)
    else:
        response = HttpResponseRedirect(_onward(page, detour))
    if page.opened.link is not None:
        drafting.keep(response, page.opened.link)
    return response


def _onward(page: StepPage[Any], detour: str | None) -> str:
    """The next page, or the answers for somebody who came from there to change one."""
    changing = "change" in page.request.GET
    here, after = reverse("visits:request_step", args=[page.name]), STEPS[page.name].after
    if detour is not None:
        return steps.with_change(here + detour) if changing else here + detour
    if changing or after is None:
        return reverse("visits:request_check")
    return reverse("visits:request_step", args=[after])


def _show(page: StepPage[Any], form: StepForm, *, status: int = 200, **problem: Any) -> HttpResponse:
    context = {
        "form": form,
        "step": STEPS[page.name],
        "draft": page.draft or page.opened.draft,
        "mark": page.opened.mark,
        "seen": page.seen,
        "changing": "change" in page.request.GET,
        **problem,
        **page.context(form),
    }
    return render(page.request, f"visits/request/{page.name}.html", context, status=status)
