"""A request that is sent is changed by its guests: the same five questions, each part kept by itself."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from programmes import snapshot
from visits import changing, drafts
from visits.choices import Gift
from visits.forms.base import StepForm, Told
from visits.http import own_request
from visits.models import VisitRequest
from visits.views import steps, summary, wishlist
from visits.views.drafting import Opened
from visits.views.request import STEPS
from visits.views.step_page import StepPage
from visits.workflow import MoveRefused

LOOKED_AT: Final = ("check", "go")  # buttons that only look: other months, other answers


class Tried(NamedTuple):
    """How it went to keep a part: `changed` names what is otherwise now, a `problem` says why nothing was kept."""

    page: StepPage[Any]
    form: StepForm
    changed: list[str] = []
    problem: str = ""
    theirs: list[Told] = []
    closed: bool = False

    @property
    def is_kept(self) -> bool:
        return not (self.problem or self.theirs or self.closed or self.form.errors)


@never_cache
@require_safe
def my_request(request: HttpRequest, reference: str) -> HttpResponse:
    """All that was asked, a part at a time, each with the way to change it."""
    visit_request = own_request(request, reference)
    closed = _why_closed(visit_request)
    if closed:
        return _back_with(request, visit_request, closed)
    wished, needed, chosen = drafts.wishes(visit_request), drafts.needs(visit_request), drafts.chosen(visit_request)
    context = {
        "sent": visit_request,
        "draft": visit_request,
        "sections": summary.sections(visit_request, wished, needed),
        "learn": wishlist.Wishlist(snapshot.current(), chosen).names,
        "brings": summary.labels(Gift, visit_request.gifts),
        "own_part": summary.own_part(visit_request),
    }
    return render(request, "visits/request/changing.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_request_step(request: HttpRequest, reference: str, step: str) -> HttpResponse:
    """One part of a request that is sent. It is kept as a whole, or everything typed stays on the page."""
    visit_request = own_request(request, reference)
    if step not in STEPS:
        raise Http404
    if request.method == "POST":
        return _glance(request, visit_request, step) or _answer(request, _try(request, visit_request, step))
    closed = _why_closed(visit_request)
    if closed:
        return _back_with(request, visit_request, closed)
    page = _page(request, visit_request, step)
    return _show(Tried(page, page.form(None)))


def _back_with(request: HttpRequest, visit_request: VisitRequest, why: str) -> HttpResponse:
    """To the page of the visit, which says first why nothing can be changed here."""
    messages.warning(request, why)
    return redirect(visit_request)


def _page(request: HttpRequest, visit_request: VisitRequest, step: str) -> StepPage[Any]:
    page: StepPage[Any] = steps.PAGES[step](request, Opened(None, sent=visit_request))
    return page


def _why_closed(visit_request: VisitRequest) -> str:
    """Why nothing can be changed any more; empty while it can."""
    try:
        changing.refuse_unless_changeable(visit_request)
    except MoveRefused as refusal:
        return str(refusal)
    return ""


def _glance(request: HttpRequest, visit_request: VisitRequest, step: str) -> HttpResponse | None:
    """To the same page with what was typed, when it is only to be looked at: nothing is kept."""
    if not any(name in request.POST for name in LOOKED_AT):
        return None
    page = _page(request, visit_request, step)
    there = page.glance(page.form(request.POST))
    return HttpResponseRedirect(_here(page) + there) if there is not None else None


@transaction.atomic
def _try(request: HttpRequest, visit_request: VisitRequest, step: str) -> Tried:
    """Keep the part, unless planning has begun, it was changed elsewhere since, or something is to be mended."""
    changing.lock(visit_request)
    page = _page(request, visit_request, step)
    form = page.form(request.POST)
    form.is_valid()
    if _why_closed(visit_request):
        return Tried(page, form, closed=True)
    theirs = page.otherwise(form)
    if theirs:
        return Tried(page, form, theirs=theirs)
    _compare_with_needs(page, form)
    if form.errors:
        return Tried(page, form)
    try:
        changed = changing.change_request(visit_request, page.answers(form), seen=_seen(request))
    except MoveRefused as refusal:
        return Tried(page, form, problem=str(refusal))
    page.after_save(form)
    return Tried(page, form, changed)


def _seen(request: HttpRequest) -> int:
    """The version that the page was made for; none that any request has for what is no number."""
    typed = request.POST.get("version", "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else 0


def _compare_with_needs(page: StepPage[Any], form: StepForm) -> None:
    """A smaller group than have a need is said where the size is written."""
    size, sent = form.cleaned_data.get("group_size"), page.opened.sent
    most = max(drafts.needs(sent).values(), default=0) if size and page.name != "needs" else 0
    if size and size < most:
        told = ngettext(
            "You have written that %(count)d of you has a need. Change that first, under practical needs.",
            "You have written that %(count)d of you have the same need. Change that first, under practical needs.",
            most,
        )
        form.add_error("group_size", told % {"count": most})


def _answer(request: HttpRequest, tried: Tried) -> HttpResponse:
    if not tried.is_kept:
        return _show(tried, status=422 if tried.form.errors and not (tried.theirs or tried.closed) else 409)
    if tried.changed:
        messages.success(request, _("Your request is changed. We read it as it is now."))
    detour = tried.page.detour()
    return HttpResponseRedirect(_here(tried.page) + detour if detour is not None else _there(tried.page))


def _sent(page: StepPage[Any]) -> VisitRequest:
    if page.opened.sent is None:
        raise TypeError("This page changes a request that is sent.")
    return page.opened.sent


def _here(page: StepPage[Any]) -> str:
    return reverse("visits:my_request_step", args=[_sent(page).reference, page.name])


def _there(page: StepPage[Any]) -> str:
    return reverse("visits:my_request", args=[_sent(page).reference])


def _show(tried: Tried, *, status: int = 200) -> HttpResponse:
    page, form = tried.page, tried.form
    context = {
        "form": form,
        "step": STEPS[page.name],
        "sent": _sent(page),
        "draft": page.draft,
        "seen": page.seen,
        "changing": True,
        "theirs": tried.theirs,
        "closed": tried.closed,
        "problem": tried.problem,
        **page.context(form),
    }
    return render(page.request, f"visits/request/{page.name}.html", context, status=status)
