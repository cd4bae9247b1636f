"""The plan of a season at the desk: asked for, watched, read, and taken whole or in part."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from visits import season, season_plan, sheets, words
from visits.admin import deeds, plan_plots, plan_sent, plan_weeks, plan_words
from visits.admin.request import CONFLICT, UNPROCESSABLE, me, refuse_without
from visits.admin.season import Half
from visits.admin.site import DeskSite, View, desk_context
from visits.choices import PlanState
from visits.forms.plan import PlanForm, chosen
from visits.models import SeasonPlan
from visits.season_plan.drawn import LEAD

LATEST: Final = 8  # plans that are listed
LOAD: Final = "visits.see_load_by_name"
STANDS_STILL: Final = timedelta(seconds=30)  # after which a plan that nobody has begun is told to wait for its worker
OPEN: Final = (PlanState.WAITING, PlanState.WORKING)


def urls(guarded: Callable[[View], View]) -> list[URLPattern]:
    plan = "season/plan/<int:plan_id>/"
    return [
        path("season/plan/", guarded(require_http_methods(["GET", "HEAD", "POST"])(plans)), name="plans"),
        path("season/plan/mend/", guarded(require_POST(mend)), name="plan_mend"),
        path(plan, guarded(require_safe(plan_page)), name="plan"),
        path(f"{plan}do/", guarded(require_POST(press)), name="plan_press"),
        path(f"{plan}changes.csv", guarded(require_safe(changes_csv)), name="plan_csv"),
    ]


DeskSite.more.append(urls)


# -- Asking ------------------------------------------------------------------------------


def plans(request: HttpRequest) -> HttpResponse:
    """The latest plans, and the form that asks for one."""
    halves = _halves()
    choices = [(half.key, half.words) for half in halves]
    if request.method != "POST":
        return _asking(request, PlanForm(halves=choices, initial={"half": choices[0][0]}))
    refuse_without(request, deeds.CHANGE)
    form = PlanForm(request.POST, halves=choices)
    if not form.is_valid():
        return _asking(request, form, status=UNPROCESSABLE)
    half = next(one for one in halves if one.key == form.cleaned_data["half"])
    first, last = half.weeks[0].monday, half.weeks[-1].workdays[-1]
    try:
        plan = season_plan.ask(first, last, by=me(request), seconds=form.cleaned_data["seconds"])
    except season_plan.PlanNotMade as why:
        return _asking(request, form, refusal=str(why), status=CONFLICT)
    return redirect("admin:plan", plan.pk)


def mend(request: HttpRequest) -> HttpResponse:
    """Ask for a plan that changes as little as possible of what stands; somebody has fallen ill."""
    refuse_without(request, deeds.CHANGE)
    try:
        plan = season_plan.mend(by=me(request))
    except season_plan.PlanNotMade as why:
        messages.info(request, str(why))
        return redirect("admin:stepping_in")
    return redirect("admin:plan", plan.pk)


def _halves() -> list[Half]:
    now = Half.of(season.week_of(timezone.localdate()))
    return [now.moved(1), now, now.moved(2)]


def _asking(request: HttpRequest, form: PlanForm, *, refusal: str = "", status: int = 200) -> HttpResponse:
    latest = SeasonPlan.objects.select_related("asked_by", "closed_by").defer("drawn", "found", "progress")[:LATEST]
    context = desk_context() | {
        "form": form,
        "refusal": refusal,
        "plans": [(plan, _name(plan)) for plan in latest],
        "may_change": request.user.has_perm(deeds.CHANGE),
    }
    return render(request, "desk/plan/plans.html", context, status=status)


def _name(plan: SeasonPlan) -> str:
    return words.day_range(plan.first_day, plan.last_day)


# -- One plan ----------------------------------------------------------------------------


def plan_page(request: HttpRequest, plan_id: int) -> HttpResponse:
    """A plan as far as it has come."""
    return _page(request, get_object_or_404(SeasonPlan.objects.select_related("asked_by", "closed_by"), pk=plan_id))


def _page(
    request: HttpRequest,
    plan: SeasonPlan,
    *,
    refusal: str = "",
    ticked: Collection[int] | None = None,
    status: int = 200,
) -> HttpResponse:
    """A plan; `ticked` are the changes that had been chosen, all of them before anybody has chosen."""
    context = desk_context() | {
        "plan": plan,
        "name": _name(plan),
        "refusal": refusal,
        "ticked": ticked,
        "may_change": request.user.has_perm(deeds.CHANGE),
    }
    if plan.state in OPEN:
        context |= _working(plan)
        return render(request, "desk/plan/working.html", context, status=status)
    found = season_plan.found_of(plan)
    if found is None:
        return render(request, "desk/plan/none.html", context, status=status)
    context |= _result(request, plan, season_plan.drawn_of(plan), found)
    return render(request, "desk/plan/result.html", context, status=status)


def _working(plan: SeasonPlan) -> dict[str, Any]:
    drawn = season_plan.drawn_of(plan)
    progress = plan.progress or [[0, 0, len(drawn.cases)]]
    waits = plan.state == PlanState.WAITING and timezone.now() - plan.asked_at > STANDS_STILL
    return {
        "size": _size(drawn),
        "cases": len(drawn.cases),
        "progress": progress,
        "now": progress[-1],
        "plot": plan_plots.nearness(progress, plan.seconds, len(drawn.cases)),
        "stands_still": waits,
        "has_begun": bool(plan.progress),
    }


def _size(drawn: season_plan.Drawn) -> str:
    sessions = len({need.session or (n, need.item) for n, case in enumerate(drawn.cases) for need in case.needs
                    if need.role == LEAD})  # fmt: skip
    parts = [
        *plan_words.counted(drawn),
        ngettext("%(count)d session to lead", "%(count)d sessions to lead", sessions) % {"count": sessions},
        ngettext("%(count)d facilitator", "%(count)d facilitators", len(drawn.people)) % {"count": len(drawn.people)},
        ngettext("%(count)d room", "%(count)d rooms", len(drawn.rooms)) % {"count": len(drawn.rooms)},
    ]
    return ", ".join(parts)


def _result(
    request: HttpRequest, plan: SeasonPlan, drawn: season_plan.Drawn, found: season_plan.Found
) -> dict[str, Any]:
    told = plan_words.Words(drawn)
    changes = season_plan.changes_of(drawn, found)
    without = season_plan.placeless(drawn, found)
    met = sum(drawn.cases[number].gathering is not None for number in found.plan)
    return {
        "size": _size(drawn),
        "placed": len(found.plan) - met,
        "requests": len(drawn.cases) - drawn.gatherings,
        "met": met,
        "gatherings": drawn.gatherings,
        "addable": len(without) - found.least[0] if found.least else None,
        "moved": sum(one.is_moved for one in changes),
        "kept": _kept(drawn, found),
        "changes": [told.change(one, is_taken=one.number in found.taken) for one in changes],
        "left": len(changes) if plan.state == PlanState.READY else 0,
        "taken": len(found.taken),
        "asked_at_once": any(one.asked_at_once for one in changes),
        "sends": plan_sent.when_taken(changes),
        "weeks": plan_weeks.weeks(drawn, found, changes),
        "stuck": told.all_stuck(found),
        "without": len(without),
        "goals": plan_words.goals(drawn, found),
        "is_best": found.is_best,
        "carried": plan_plots.carried(drawn, found, told) if request.user.has_perm(LOAD) else [],
        "seconds": found.seconds,
        "is_open": plan.state == PlanState.READY,
    }


def _kept(drawn: season_plan.Drawn, found: season_plan.Found) -> int:
    """How many keep the days that they have: what stands, and what is planned and not moved."""
    firm = {case.request for case in drawn.cases if case.is_firm and case.gathering is None}
    firm |= {one.request for one in drawn.standing if one.is_firm}
    before = drawn.facts.before
    still = sum(number in before and before[number].place == now.place for number, now in found.plan.items())
    return len(firm) + drawn.gatherings + still


# -- What is pressed ---------------------------------------------------------------------


def press(request: HttpRequest, plan_id: int) -> HttpResponse:
    """End the search, put the plan aside, or take what is ticked."""
    refuse_without(request, deeds.CHANGE)
    plan = get_object_or_404(SeasonPlan, pk=plan_id)
    deed = request.POST.get("deed", "")
    if deed == "stop":
        return _stop(request, plan)
    if deed == "again":
        return _again(request, plan)
    if deed == "aside":
        season_plan.put_aside(plan, by=me(request))
        messages.success(request, _("The plan is put aside. Nothing has changed."))
        return redirect("admin:plans")
    ticked = chosen(request.POST.getlist("take"))
    if deed != "take":  # Enter in a box presses nothing: what is ticked stays so
        return _page(request, plan, ticked=ticked)
    try:
        done = season_plan.take(plan, ticked, by=me(request))
    except season_plan.PlanNotMade as why:
        plan.refresh_from_db()
        return _page(request, plan, refusal=str(why), ticked=ticked, status=CONFLICT)
    messages.success(request, plan_sent.now_taken(done))
    return redirect("admin:plan", plan_id)


def _stop(request: HttpRequest, plan: SeasonPlan) -> HttpResponse:
    """Told on the page of the plan itself: it looks again by its own address."""
    try:
        if season_plan.stop(plan):
            messages.success(request, _("The search ends here: the best that was found so far is used."))
    except season_plan.PlanNotMade as why:
        messages.warning(request, str(why))
    return redirect("admin:plan", plan.pk)


def _again(request: HttpRequest, plan: SeasonPlan) -> HttpResponse:
    try:
        anew = season_plan.again(plan, by=me(request))
    except season_plan.PlanNotMade as why:
        return _page(request, plan, refusal=str(why), status=CONFLICT)
    return redirect("admin:plan", anew.pk)


def changes_csv(request: HttpRequest, plan_id: int) -> HttpResponseBase:
    """What a plan changes, as a table."""
    plan = get_object_or_404(SeasonPlan, pk=plan_id)
    found = season_plan.found_of(plan)
    drawn = season_plan.drawn_of(plan)
    told = plan_words.Words(drawn)
    rows = [told.change(one) for one in season_plan.changes_of(drawn, found)] if found else []
    head = [_("Request"), _("Change"), _("Size")]
    lines = sheets.csv_lines([head, *([row.heading, row.line, row.size] for row in rows)])
    name = f"plan-{plan.first_day.isoformat()}.csv"
    return StreamingHttpResponse(
        lines, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
