"""Documents on paper: a page of ours as a tagged PDF (PDF/UA-1), read by screen readers too.

Nothing is fetched from anywhere: the page may use our static files and no other address.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import SuspiciousFileOperation
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

LIBRARY: Final = "weasyprint"
VARIANT: Final = "pdf/ua-1"


class NoPress(Exception):
    """This machine cannot make PDF files; the text says so to a reader, with what to do instead."""


def pdf(template: str, context: Mapping[str, Any], *, language: str) -> bytes:
    """The template as a PDF in a language.

    The template extends `print/base.html`, which carries title and language. Raises NoPress
    where the library that draws letters (Pango) is not installed.
    """
    return printed(page(template, context, language=language))


def page(template: str, context: Mapping[str, Any], *, language: str) -> str:
    """The words of a paper before they are drawn: the same words, the same page."""
    with translation.override(language):
        return render_to_string(template, {**context, "language": language})


def printed(page: str) -> bytes:
    """A page, drawn. Takes about half a second. Raises NoPress as `pdf` does."""
    library = _library()
    document = library.HTML(string=page, base_url=f"{settings.SITE_URL}/", url_fetcher=_fetcher())
    drawn: bytes = document.write_pdf(pdf_variant=VARIANT, pdf_identifier=b"qulturum")
    return drawn


def is_ready() -> bool:
    """Whether PDF files can be made here."""
    try:
        _library()
    except NoPress:
        return False
    return True


@cache
def _found() -> Any:
    # Not at the top: the import opens Pango, which a fresh machine has not, and costs half a
    # second and forty megabytes that a process which prints nothing shall not pay.
    try:
        return import_module(LIBRARY)
    except (ImportError, OSError):
        return None


def _library() -> Any:
    library = _found()
    if library is None:
        raise NoPress(_("PDF files cannot be made here just now. Print the page from your browser instead."))
    return library


def _fetcher() -> Any:
    """What hands the library our static files and refuses every other address."""
    urls = import_module(f"{LIBRARY}.urls")

    def fetch(url: str, headers: Any = None) -> Any:
        file = static_file(url)
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        return urls.URLFetcherResponse(url, file.read_bytes(), {"Content-Type": kind})

    fetcher = urls.URLFetcher()
    fetcher.fetch = fetch
    return fetcher


def static_file(url: str) -> Path:
    """The file behind an address of ours under /static/. Raises ValueError for every other address."""
    root = f"{settings.SITE_URL}{settings.STATIC_URL}"
    refused = f"Only our own static files are printed, not {url}"
    if not url.startswith(root):
        raise ValueError(refused)
    name = unquote(urlsplit(url.removeprefix(root)).path)
    try:
        found = finders.find(name) or staticfiles_storage.path(name)  # as written, or with its digest when collected
    except SuspiciousFileOperation as escape:
        raise ValueError(refused) from escape
    return Path(found)
