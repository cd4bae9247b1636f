"""How a browser finds its way back to its draft: a signed cookie with the secret of a link."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control

from visits import access, drafts
from visits.choices import LinkPurpose, RequestState
from visits.models import AccessLink, VisitRequest

COOKIE: Final = "draft"
MARK: Final = 16  # characters of the digest that tell one draft from another in a form


class Opened(NamedTuple):
    """What a page works on: a draft, or nothing yet; `closed` when the form belongs to a request that is sent."""

    link: AccessLink | None
    closed: bool = False
    nonce: str = ""  # what the draft will be made of, while there is none
    sent: VisitRequest | None = None  # a request that reached us, of which its guests change a part

    @property
    def draft(self) -> VisitRequest | None:
        return self.link.request if self.link else self.sent

    @property
    def mark(self) -> str:
        return mark(self.link) if self.link else _signer().sign(self.nonce or access.new_nonce())


def link_of(request: HttpRequest) -> AccessLink | None:
    """The link of this browser, while it is usable; its request may have been sent since."""
    token = request.get_signed_cookie(COOKIE, default="", salt=COOKIE)
    found = access.find(LinkPurpose.DRAFT, token) if token else None
    return found if found and access.is_usable(found, timezone.now()) else None


def mark(link: AccessLink | None) -> str:
    return link.digest[:MARK] if link else ""


def open_draft(request: HttpRequest) -> Opened:
    """The draft that a page shows or a form belongs to.

    A request that is sent is no draft: a page begins anew, and a form that was made for
    it, for a draft that has ended or for another one than the browser's, is closed. A form
    that was made before there was any draft belongs to the one that was made of it.
    """
    made_for = request.POST.get("draft", "")
    nonce = _nonce(made_for)
    link = link_of(request) or (access.made_of(LinkPurpose.DRAFT, nonce) if nonce else None)
    if link is None or link.request is None:
        return Opened(None, closed=bool(made_for) and not nonce, nonce=nonce)
    fits = not made_for or bool(nonce) or made_for == mark(link)
    if link.request.state == RequestState.DRAFT and access.is_usable(link, timezone.now()):
        return Opened(link, closed=not fits)
    waiting = link.request.state == RequestState.UNVERIFIED
    if request.method == "POST" and (waiting or link.nonce == nonce or made_for == mark(link)):
        return Opened(link, closed=True)
    return Opened(link if waiting else None, nonce=nonce)


def _nonce(made_for: str) -> str:
    """What the draft of a form is made of that was made before there was one; empty for any other form."""
    try:
        return _signer().unsign(made_for)
    except signing.BadSignature:
        return ""


def _signer() -> signing.Signer:
    return signing.Signer(salt="begin")


def keep(response: HttpResponse, link: AccessLink) -> None:
    """Let the browser find the draft for thirty days."""
    response.set_signed_cookie(
        COOKIE,
        access.token(link),
        salt=COOKIE,
        max_age=int(drafts.LIFE.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def forget(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE, samesite="Lax")


type_of_view = Callable[..., HttpResponse]


def personal(view: type_of_view) -> type_of_view:
    """The page holds what somebody wrote: no cache keeps it, and going back asks us again."""

    @wraps(view)
    def private(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        return response

    return private
