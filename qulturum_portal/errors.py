"""The pages that say what went wrong, in our layout and without a word about the machine."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve, reverse

from visits.admin.site import desk_context, may_enter
from visits.http import OnlyTheContact


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/400.html", status=400)


def unreadable(request: HttpRequest) -> HttpResponse:
    """What was sent is not text that anybody could read."""
    return render(request, "errors/unreadable.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, OnlyTheContact):
        return render(request, "visits/visit/only_contact.html", {"visit_request": exception.visit_request}, status=403)
    return _at_the_desk(request, 403) or render(request, "errors/403.html", status=403)


def _at_the_desk(request: HttpRequest, code: int) -> HttpResponse | None:
    """The same said within the desk, to whoever works there and is on a page of it; else nothing."""
    user = getattr(request, "user", None)  # nobody is known to what is refused before the session is read
    if user is None or not request.path.startswith(reverse("admin:index")) or not may_enter(user):
        return None
    return render(request, "errors/desk.html", desk_context() | {"code": code}, status=code)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was open too long, or the browser keeps no cookies."""
    return render(request, "errors/csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _at_the_desk(request, 404) or render(request, "errors/404.html", status=404)


def needs_a_press(request: HttpRequest) -> HttpResponse:
    """An address that takes what a button sends was opened as a page: by hand, or in the other language."""
    return render(request, "errors/405.html", {"back": _page_above(request.path)}, status=405)


def _page_above(path: str) -> str:
    """The nearest address above one that can be opened, as «/my/CL-27-014/» of «/my/CL-27-014/months/»; or none."""
    while path := path.rstrip("/").rpartition("/")[0]:
        try:
            resolve(f"{path}/")
        except Resolver404:
            continue
        return f"{path}/"
    return ""


def too_large(request: HttpRequest) -> HttpResponse:
    """What was sent is longer than any form of ours."""
    return render(request, "errors/413.html", status=413)


def server_error(request: HttpRequest) -> HttpResponse:
    """Needs no database and no session: those may be what failed."""
    told = {"contact": settings.QULTURUM_CONTACT_EMAIL}
    return HttpResponse(render_to_string("errors/500.html", told), status=500)
