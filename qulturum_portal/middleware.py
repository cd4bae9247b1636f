"""What happens to every request before a view sees it, and to every answer after it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import (
    ImproperlyConfigured,
    PermissionDenied,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import resolve_url
from django.template.response import SimpleTemplateResponse
from django.utils.cache import patch_cache_control, patch_vary_headers

from qulturum_portal import errors
from qulturum_portal.audiences import Audience, admits, audience_of, needs_account
from visits import undoing

type_of_answer = Callable[[HttpRequest], HttpResponse]
METHOD_NOT_ALLOWED: Final = 405
FORM: Final = "application/x-www-form-urlencoded"


class CompressedPagesMiddleware(GZipMiddleware):
    """Pages go over the wire as gzip, with a random length so that their secrets cannot be measured.

    Pages alone: a file of somebody's is sent as it is, and a calendar keeps its strong ETag.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        return super().process_response(request, response) if is_page else response


class ReadableTextMiddleware:
    """Path, query and form hold readable text, or the answer says that they do not.

    A NUL in a form is left to its fields, which say so beside what was typed.
    """

    def __init__(self, get_response: type_of_answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not (readable_path(request.path_info) and readable_query(request)):
            return errors.unreadable(request)
        if request.method != "POST":
            return self.get_response(request)
        try:
            readable = readable_form(request)
        except RequestDataTooBig:
            return errors.too_large(request)
        except (TooManyFieldsSent, TooManyFilesSent, MultiPartParserError):
            return errors.unreadable(request)
        return self.get_response(request) if readable else errors.unreadable(request)


def readable_path(path: str) -> bool:
    # Django keeps a byte that is not UTF-8 as its percent code: such a path finds no page.
    return "\0" not in path


def readable_query(request: HttpRequest) -> bool:
    sent = unquote_to_bytes(request.META.get("QUERY_STRING", ""))
    return b"\0" not in sent and is_utf8(sent)


def readable_form(request: HttpRequest) -> bool:
    """Whether the form is UTF-8. Reads it, so what is too large is told here."""
    if request.content_type == FORM:
        return is_utf8(unquote_to_bytes(request.body))
    return len(request.POST) >= 0


def is_utf8(sent: bytes) -> bool:
    # Python's decoder refuses encoded surrogates too.
    try:
        sent.decode()
    except UnicodeDecodeError:
        return False
    return True


class AudienceMiddleware:
    """Lets in whom the registry of audiences names; an undeclared address lets in nobody."""

    def __init__(self, get_response: type_of_answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        audience = audience_of(name)
        if audience is None:
            refuse_undeclared(name)
        elif audience is Audience.DEVELOPMENT and not settings.DEBUG:
            raise Http404
        elif needs_account(audience):
            return let_in(request, audience)
        return None


class AsKnownOutsideMiddleware:
    """Who does not work at the desk sees each case as it was before what the desk can still take back."""

    OUTSIDE: Final = (Audience.SECRET, Audience.VISITOR, Audience.FOLLOWER, Audience.FACILITATOR)

    def __init__(self, get_response: type_of_answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        audience = audience_of(name)
        if request.method not in ("GET", "HEAD") or audience not in self.OUTSIDE:
            return None
        waiting = undoing.pending(kwargs.get("reference"), planned=audience is Audience.FACILITATOR)
        if not waiting:
            return None
        with undoing.as_it_was(waiting):
            response: HttpResponseBase = view(request, *args, **kwargs)
            return response.render() if isinstance(response, SimpleTemplateResponse) else response


def refuse_undeclared(name: str) -> None:
    if settings.AUDIENCES_STRICT:
        raise ImproperlyConfigured(f"«{name}» declares no audience in qulturum_portal/audiences.py.")
    raise PermissionDenied


def let_in(request: HttpRequest, audience: Audience) -> HttpResponse | None:
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
    if not admits(audience, request.user):
        raise PermissionDenied
    return None


class NeedsAPressMiddleware:
    """An address that only takes what a button sends says so to whoever opens it: a page, and not an empty screen."""

    def __init__(self, get_response: type_of_answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method != "GET" or response.status_code != METHOD_NOT_ALLOWED or response.content:
            return response
        page = errors.needs_a_press(request)
        page["Allow"] = response["Allow"]
        return page


class PrivatePagesMiddleware:
    """What somebody sees in a session of theirs is kept by no cache."""

    def __init__(self, get_response: type_of_answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.session.accessed and not request.session.is_empty():
            patch_cache_control(response, private=True, no_store=True)
            patch_vary_headers(response, ["Cookie"])
        return response


class PermissionsPolicyMiddleware:
    """The portal asks for no camera, place or sensor, and no page in it may."""

    POLICY: Final = ", ".join(
        f"{feature}=()"
        for feature in (
            "accelerometer",
            "camera",
            "display-capture",
            "geolocation",
            "gyroscope",
            "magnetometer",
            "microphone",
            "midi",
            "payment",
            "usb",
        )
    )

    def __init__(self, get_response: type_of_answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", self.POLICY)
        return response
