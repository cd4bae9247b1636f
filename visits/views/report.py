"""The ledger taken home: a report of the whole visit, and its table."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from visits.http import follower
from visits.ledger.report import Report, as_csv, report_of
from visits.models import VisitRequest
from visits.views.look_back import is_over
from visits.views.paper import printed


@never_cache
@require_safe
def report(request: HttpRequest, reference: str) -> HttpResponse:
    """The report as a PDF, or as a page to print where no PDF can be made."""
    visit_request = follower(request, reference).visit_request
    if not is_over(visit_request):
        return redirect(visit_request)
    found = _report(visit_request)
    context = {"report": found, "visit": found.visit, "visit_request": found.visit.request}
    return printed(request, "print/report.html", context, name=f"{reference}-report")


@never_cache
@require_safe
def table(request: HttpRequest, reference: str) -> HttpResponse:
    """The ledger as a table for a spreadsheet."""
    visit_request = follower(request, reference).visit_request
    if not is_over(visit_request):
        return redirect(visit_request)
    response = HttpResponse(as_csv(_report(visit_request)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{reference}-ledger.csv"'
    return response


def _report(visit_request: VisitRequest) -> Report:
    visit = visit_request.visit
    visit.request = visit_request
    return report_of(visit, timezone.localdate())
