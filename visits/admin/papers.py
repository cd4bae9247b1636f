"""Papers of a request at the desk."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from visits.documents import press
from visits.documents.case_file import STAFF, case_file
from visits.documents.programme import TEMPLATE, programme_of, programme_pdf
from visits.models import VisitRequest


def programme_paper(request: HttpRequest, case: VisitRequest) -> HttpResponse:
    """The programme that the guests have, in their language; without the press, as a page to print."""
    try:
        drawn = programme_pdf(case, language=case.language)
    except press.NoPress as reason:
        context = {"programme": programme_of(case), "language": case.language, "how_to_print": str(reason)}
        return render(request, TEMPLATE, context)
    if drawn is None:
        raise Http404
    response = HttpResponse(drawn, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{case.reference}.pdf"'
    return response


def case_paper(request: HttpRequest, case: VisitRequest) -> HttpResponse:
    """The whole case for the diary, on paper; without the press, as a page to print."""
    language, at = get_language() or "en", timezone.now()
    context = {"file": case_file(case, STAFF), "made_at": at}
    try:
        drawn = press.pdf("print/case_file.html", context, language=language)
    except press.NoPress as reason:
        return render(request, "print/case_file.html", {**context, "language": language, "how_to_print": str(reason)})
    response = HttpResponse(drawn, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{case.reference}-case.pdf"'
    return response


def case_data(case: VisitRequest) -> HttpResponse:
    """The same as data."""
    response = HttpResponse(case_file(case, STAFF).as_json(at=timezone.now()), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{case.reference}-case.json"'
    return response
