"""A page that is taken home: a PDF where one can be made, else the same page to print from the browser."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from visits.documents import press


def printed(request: HttpRequest, template: str, context: Mapping[str, Any], *, name: str) -> HttpResponse:
    """The template as a PDF called `name`; without the press the page itself, with a sentence on how to print it."""
    language = get_language() or "en"
    try:
        made = press.pdf(template, context, language=language)
    except press.NoPress as reason:
        return render(request, template, {**context, "language": language, "how_to_print": str(reason)})
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response
