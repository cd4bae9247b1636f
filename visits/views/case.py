"""The guests' own copy of everything that is written down about their visit."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from visits.documents.case_file import GUESTS, case_file
from visits.http import own_request
from visits.views.paper import printed


@never_cache
@require_safe
def case_paper(request: HttpRequest, reference: str) -> HttpResponse:
    """On paper; without the press, as a page to print."""
    found = case_file(own_request(request, reference), GUESTS)
    context = {"file": found, "made_at": timezone.now()}
    return printed(request, "print/case_file.html", context, name=f"{reference}-case")


@never_cache
@require_safe
def case_data(request: HttpRequest, reference: str) -> HttpResponse:
    """As data, to keep or to read into something else."""
    found = case_file(own_request(request, reference), GUESTS)
    response = HttpResponse(found.as_json(at=timezone.now()), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{reference}-case.json"'
    return response
