"""The mails of a development portal, read in the browser. With DEBUG off nobody finds these pages."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp_replace, csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from visits import filebox
from visits.filebox import FiledMail

# A mail carries its styles in its elements. It is shown in a frame that runs nothing and fetches nothing.
MAIL_POLICY: Final = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "script-src": [NONE],
    "frame-ancestors": [SELF],
}


@require_GET
def mails(request: HttpRequest) -> HttpResponse:
    return render(request, "dev/mails.html", {"mails": filebox.mails(_folder())})


@require_GET
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]
def mail(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, "dev/mail.html", {"mail": _mail(name)})


@require_GET
@csp_replace(MAIL_POLICY)  # type: ignore[arg-type]
@xframe_options_sameorigin
def mail_html(request: HttpRequest, name: str) -> HttpResponse:
    return HttpResponse(_mail(name).html)


def _mail(name: str) -> FiledMail:
    found = filebox.find(_folder(), name)
    if found is None:
        raise Http404
    return found


def _folder() -> Path:
    return Path(settings.EMAIL_FILE_PATH)
