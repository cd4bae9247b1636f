"""What a phone keeps of a visit for when it has no network: which pages, how long, and how it forgets them.

A worker in the browser keeps a copy of each page that carries the header X-Kept-Until, and of
nothing else; it forgets them all at that moment, and as soon as a page is refused. The pages
themselves say no-store: no other cache has them. docs/saved-pages.md tells the whole.
"""

from __future__ import annotations

import json
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from visits import rules
from visits.http import follower, sign_out_visitor
from visits.models import Visit

KEPT_UNTIL: Final = "X-Kept-Until"
# What the kept pages are drawn with; a test holds it against the pages themselves.
FILES: Final = (
    "css/portal.css", "css/visit.css", "js/at_hand.js", "js/portal.js", "svg/favicon.svg", "svg/icons.svg",
    "svg/chevron.svg", "vendor/bootstrap-5.3.9/bootstrap.css", "vendor/fonts/fonts.css",
    "vendor/fonts/atkinson-hyperlegible-next-latin-wght-normal.woff2",
    "vendor/fonts/atkinson-hyperlegible-next-latin-ext-wght-normal.woff2",
    "vendor/fonts/bricolage-grotesque-latin-wght-normal.woff2",
    "vendor/fonts/bricolage-grotesque-latin-ext-wght-normal.woff2",
)  # fmt: skip


def is_saved(visit: Visit) -> bool:
    """Whether phones keep the visit’s pages today."""
    return rules.is_saved(visit.first_day, visit.last_day, timezone.localdate())


def saved_on_phones(response: HttpResponse, visit: Visit) -> HttpResponse:
    """The answer, marked with how long a phone may keep it; unmarked, it is kept nowhere."""
    if is_saved(visit):
        until = rules.end_of(visit.last_day + rules.SAVED_FORGOTTEN_DAYS * rules.DAY)
        response[KEPT_UNTIL] = str(int(until.timestamp() * 1000))
    return response


@require_safe
def worker(request: HttpRequest, reference: str) -> HttpResponse:
    """The worker of one visit’s pages, below their address; the same for everybody, and nothing of the visit in it."""
    files = json.dumps([static(name) for name in FILES])
    response = render(request, "visits/visit/worker.js", {"files": files}, content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response


@never_cache
@require_safe
def manifest(request: HttpRequest, reference: str) -> HttpResponse:
    """Lets a phone put the day among its own programs."""
    visit_request = follower(request, reference).visit_request
    day = reverse("visits:day", args=[visit_request.reference])
    told = {
        "name": _("Your visit to Qulturum"),
        "short_name": "Qulturum",
        "id": day,
        "start_url": day,
        "scope": visit_request.get_absolute_url(),
        "display": "standalone",
        "background_color": "#FAF8F5",
        "theme_color": "#4B2E6F",
        "icons": [
            {"src": static("svg/favicon.svg"), "sizes": "any", "type": "image/svg+xml"},
            {"src": static("img/icon-192.png"), "sizes": "192x192", "type": "image/png"},
            {"src": static("img/icon-512.png"), "sizes": "512x512", "type": "image/png"},
        ],
    }
    return JsonResponse(told, content_type="application/manifest+json")


@never_cache
@require_POST
def forget(request: HttpRequest, reference: str) -> HttpResponse:
    """Close the visit in this browser: for a phone that is borrowed. The worker sees the press, and forgets."""
    sign_out_visitor(request, follower(request, reference).visit_request)
    messages.success(request, _("The visit is closed on this device. The link in your mail opens it again."))
    return redirect("visits:home")
