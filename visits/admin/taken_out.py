"""The dashboard's tables for a spreadsheet, sent row by row; names only to those who may have them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase

from visits import sheets
from visits.admin import charts
from visits.improvement import counting, season_rows, tables
from visits.improvement.measures import MEASURES, known
from visits.improvement.seasons import Season
from visits.improvement.tables import Table
from visits.sheets import Row

BY_NAME: Final = "visits.see_load_by_name"
WITH_PEOPLE: Final = "visits.export_people"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def table(request: HttpRequest, name: str, season: Season) -> Table:
    """The table of that name; 404 where there is none, 403 where it holds people that one may not take out."""
    if name == "season":
        return season_rows.of_season(season, people=False)
    if name == "season-people":
        if not request.user.has_perm(WITH_PEOPLE):
            raise PermissionDenied
        return season_rows.of_season(season, people=True)
    if name == "waivers":
        return tables.waivers(season)
    if name == "load":
        return tables.load(counting.figures(season), by_name=request.user.has_perm(BY_NAME))
    return _counted(name, season)


def _counted(name: str, season: Season) -> Table:
    if name in tables.SEASON_TABLES:
        return tables.SEASON_TABLES[name](counting.figures(season))
    if name in MEASURES:
        return charts.panel(MEASURES[name], counting.figures(season), known(name)).table
    raise Http404


def send(found: Table, name: str, form: str) -> HttpResponseBase:
    """A table as a file of the form that is asked for."""
    if form not in SENT:
        raise Http404
    return SENT[form](found, f"{name.replace('–', '-')}.{form}")


def _as_csv(found: Table, file_name: str) -> HttpResponseBase:
    disposition = {"Content-Disposition": f'attachment; filename="{file_name}"'}
    lines = sheets.csv_lines(_all(found))
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=disposition)


def _as_xlsx(found: Table, file_name: str) -> HttpResponseBase:
    file = sheets.xlsx(_all(found), title=found.title)
    return FileResponse(file, as_attachment=True, filename=file_name, content_type=XLSX)


def _all(found: Table) -> Iterator[Row]:
    yield found.head
    yield from found.rows


SENT: Final[dict[str, Callable[[Table, str], HttpResponseBase]]] = {"csv": _as_csv, "xlsx": _as_xlsx}
