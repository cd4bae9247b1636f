"""How we are dancing: the season in plots, our measures over time, and their tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from visits.admin import charts, season_page, taken_out
from visits.forms.dashboard import CauseForm, PhaseForm
from visits.improvement import counting, deeds, tables
from visits.improvement.measures import MEASURES, About, known
from visits.improvement.seasons import Season, read_season
from visits.models import User

View = Callable[..., HttpResponseBase]
MAY_NOTE: Final = "visits.add_causenote"
MAY_TAKE_NOTES: Final = "visits.delete_causenote"
MAY_DRAW: Final = "visits.add_phase"
MAY_TAKE_AWAY: Final = "visits.delete_phase"
UNPROCESSABLE: Final = 422
MOST_WAIVERS: Final = 200  # on the page; the table that is taken out has them all


def paths(guard: Callable[[View], View], frame: Callable[[], dict[str, Any]]) -> list[URLPattern]:
    """The dashboard's addresses, each behind the desk's guard; `frame` is what every page of the desk needs."""
    page = Dashboard(frame)
    return [
        path("dashboard/", guard(require_safe(page.season)), name="dashboard"),
        path("dashboard/count-again/", guard(require_POST(page.count_again)), name="dashboard_count_again"),
        path("dashboard/over-time/", guard(require_safe(page.over_time)), name="dashboard_over_time"),
        path("dashboard/waivers/", guard(require_safe(page.waivers)), name="dashboard_waivers"),
        path("dashboard/table/<slug:name>.<slug:form>", guard(require_GET(page.table)), name="dashboard_table"),
        path("dashboard/<slug:measure>/", guard(require_safe(page.measure)), name="dashboard_measure"),
        path("dashboard/<slug:measure>/note/", guard(require_POST(page.note)), name="dashboard_note"),
        path(
            "dashboard/<slug:measure>/note/<int:note_id>/away/",
            guard(require_POST(page.note_away)),
            name="dashboard_note_away",
        ),
        path("dashboard/<slug:measure>/lines/", guard(require_POST(page.lines)), name="dashboard_lines"),
        path(
            "dashboard/<slug:measure>/lines/<int:phase_id>/away/",
            guard(require_POST(page.lines_away)),
            name="dashboard_lines_away",
        ),
    ]


class Dashboard:
    """The pages, all of one season: the one that the address asks for, else that of today."""

    def __init__(self, frame: Callable[[], dict[str, Any]]) -> None:
        self.frame = frame

    def _show(
        self, request: HttpRequest, template: str, season: Season, status: int = 200, **more: Any
    ) -> HttpResponse:
        context = self.frame() | {"season": season, "query": f"?season={season.year}"} | more
        return render(request, f"desk/dashboard/{template}.html", context, status=status)

    def season(self, request: HttpRequest) -> HttpResponse:
        season = _season(request)
        figures = counting.figures(season)
        may, today = request.user.has_perm, timezone.localdate()
        context = season_page.page(figures, by_name=may(taken_out.BY_NAME), today=today)
        people = may(taken_out.WITH_PEOPLE)
        return self._show(request, "season", season, tab="season", with_people=people, **context)

    def count_again(self, request: HttpRequest) -> HttpResponse:
        season = _season(request)
        counting.count_again(season)
        return redirect(f"{reverse('admin:dashboard')}?season={season.year}")

    def over_time(self, request: HttpRequest) -> HttpResponse:
        season = _season(request)
        figures, said = counting.figures(season), known(*MEASURES)
        panels = [charts.panel(about, figures, said) for about in MEASURES.values()]
        return self._show(request, "over_time", season, tab="over_time", panels=panels)

    def waivers(self, request: HttpRequest) -> HttpResponse:
        season = _season(request)
        figures, found = counting.figures(season), tables.waivers(season)
        rows = list(found.rows)[:MOST_WAIVERS]
        return self._show(request, "waivers", season, tab="waivers", table=found, rows=rows, **charts.waived(figures))

    # -- One measure -----------------------------------------------------------------------

    def measure(self, request: HttpRequest, measure: str) -> HttpResponse:
        return self._measure(request, _about(measure))

    def _measure(self, request: HttpRequest, about: About, status: int = 200, **forms: Any) -> HttpResponse:
        season = _season(request)
        figures, said = counting.figures(season), known(about.measure)
        panel = charts.panel(about, figures, said, kind=charts.read_kind(about, request.GET.get("chart", "")))
        cause = CauseForm(points=panel.points, auto_id="cause_%s", initial={"point": request.GET.get("point", "")})
        context = {
            "panel": panel,
            "cause_form": cause if request.user.has_perm(MAY_NOTE) else None,
            "phase_form": PhaseForm(auto_id="phase_%s") if request.user.has_perm(MAY_DRAW) else None,
            "may_take_notes": request.user.has_perm(MAY_TAKE_NOTES),
            "may_take_away": request.user.has_perm(MAY_TAKE_AWAY),
            "phases": said.phases,
        } | forms
        return self._show(request, "measure", season, status, tab="over_time", **context)

    def note(self, request: HttpRequest, measure: str) -> HttpResponse:
        about, season = _about(measure), _season(request)
        _allowed(request, MAY_NOTE)
        points = charts.points(about, counting.figures(season))
        form = CauseForm(request.POST, points=points, auto_id="cause_%s")
        if not form.is_valid():
            return self._measure(request, about, UNPROCESSABLE, cause_form=form)
        deeds.write_cause(about.measure, form.cleaned_data["point"], words=form.cleaned_data["words"], by=_who(request))
        messages.success(request, _("Your note stands beside its point."))
        return _back(about, season)

    def note_away(self, request: HttpRequest, measure: str, note_id: int) -> HttpResponse:
        about = _about(measure)
        if deeds.take_note_away(about.measure, note_id, by=_who(request)):
            messages.success(request, _("The note is taken away."))
        else:
            messages.warning(request, _("That note is not there any more, or a colleague wrote it."))
        return _back(about, _season(request))

    def lines(self, request: HttpRequest, measure: str) -> HttpResponse:
        about, season = _about(measure), _season(request)
        _allowed(request, MAY_DRAW)
        form = PhaseForm(request.POST, auto_id="phase_%s")
        if form.is_valid():
            try:
                deeds.draw_new_lines(about.measure, **form.cleaned_data, by=_who(request))
            except deeds.Refused as refusal:
                form.add_error("first_day", str(refusal))
        if form.errors:
            return self._measure(request, about, UNPROCESSABLE, phase_form=form)
        messages.success(request, _("New lines are drawn from that day."))
        return _back(about, season)

    def lines_away(self, request: HttpRequest, measure: str, phase_id: int) -> HttpResponse:
        about = _about(measure)
        _allowed(request, MAY_TAKE_AWAY)
        if deeds.take_lines_away(about.measure, phase_id):
            messages.success(request, _("The lines go on as before that day."))
        else:
            messages.warning(request, _("Those lines were taken away already."))
        return _back(about, _season(request))

    def table(self, request: HttpRequest, name: str, form: str) -> HttpResponseBase:
        season = _season(request)
        return taken_out.send(taken_out.table(request, name, season), f"qulturum-{name}-{season.name}", form)


def _season(request: HttpRequest) -> Season:
    return read_season(request.GET.get("season", ""), today=timezone.localdate())


def _about(measure: str) -> About:
    if measure not in MEASURES:
        raise Http404
    return MEASURES[measure]


def _allowed(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied


def _who(request: HttpRequest) -> User:
    return cast("User", request.user)


def _back(about: About, season: Season) -> HttpResponse:
    return redirect(f"{reverse('admin:dashboard_measure', args=[about.measure])}?season={season.year}")
