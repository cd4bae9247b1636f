"""The five steps of a request: each one a plain form on a draft that we keep."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from visits import drafts
from visits.choices import RequestState
from visits.drafts import DraftClosed
from visits.forms.base import StepForm
from visits.views import drafting, steps
from visits.views.drafting import Opened
from visits.views.later import finish_later
from visits.views.step_page import StepPage


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
        return _take(steps.PAGES[step](request, opened))
    if opened.draft is not None and opened.draft.state == RequestState.UNVERIFIED:
        return redirect("visits:request_sent")
    page = steps.PAGES[step](request, opened)
    return _show(page, page.form(None))


def _take(page: StepPage[Any]) -> HttpResponse:
    form = page.form(page.request.POST)
    if page.opened.closed:
        return _show(page, form, status=409)
    good, before = form.is_valid(), page.opened.link
    try:
        page.opened = _save(page, form)
    except DraftClosed:
        page.opened = page.opened._replace(closed=True)
        return _show(page, form, status=409)
    detour, later = page.detour(), "save" in page.request.POST
    if form.is_unreadable or not (good or later or detour is not None):
        response = _show(page, form, status=422)
    elif later:
        response = finish_later(page.request, page.opened)
    else:
        response = HttpResponseRedirect(_onward(page, detour))
    if page.opened.link is not None and page.opened.link is not before:
        drafting.keep(response, page.opened.link)
    return response


def _save(page: StepPage[Any], form: StepForm) -> Opened:
    """Keep what is good. No draft is made for a page on which nothing was written, nor for a machine."""
    answers = page.answers(form)
    if "website" in form.errors or not (page.opened.link or answers.say_something):
        return page.opened
    link = drafts.save(page.opened.link, answers, language=get_language() or "en")
    page.after_save(form)
    return Opened(link)


def _onward(page: StepPage[Any], detour: str | None) -> str:
    """The next page, or the answers for somebody who came from there to change one."""
    changing = "change" in page.request.GET
    here, after = reverse("visits:request_step", args=[page.name]), STEPS[page.name].after
    if detour is not None:
        return steps.with_change(here + detour) if changing else here + detour
    if changing or after is None:
        return reverse("visits:request_check")
    return reverse("visits:request_step", args=[after])


def _show(page: StepPage[Any], form: StepForm, *, status: int = 200) -> HttpResponse:
    step, draft = STEPS[page.name], page.draft or page.opened.draft
    context = {
        "form": form,
        "step": step,
        "draft": draft,
        "mark": page.opened.mark,
        "closed": page.opened.closed,
        "changing": "change" in page.request.GET,
        **page.context(form),
    }
    return render(page.request, f"visits/request/{page.name}.html", context, status=status)
