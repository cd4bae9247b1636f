"""Who is at the other end of an HTTP request, as far as visits care.

A visitor has no account. Their session keeps the numbers of the links they have opened,
and each page asks the database whether such a link is still usable: a link that is
revoked or has expired closes the page at once.
"""

from __future__ import annotations

from typing import Final

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils import timezone

from visits.choices import LinkPurpose
from visits.models import AccessLink, Facilitator, VisitRequest
from visits.models.request import VisitRequestQuerySet

OPENED: Final = "opened_links"
MOST_OPENED: Final = 50


def sign_in_visitor(request: HttpRequest, link: AccessLink) -> None:
    """Let this browser into the visit that a link of purpose VISIT opens, with a new session key."""
    opened = [pk for pk in request.session.get(OPENED, []) if pk != link.pk]
    request.session.cycle_key()
    request.session[OPENED] = [*opened, link.pk][-MOST_OPENED:]


def own_requests(request: HttpRequest) -> VisitRequestQuerySet:
    """The requests that this browser may see: those whose link it has opened."""
    opened = request.session.get(OPENED, [])
    links = AccessLink.objects.usable(timezone.now()).filter(pk__in=opened, purpose=LinkPurpose.VISIT)
    return VisitRequest.objects.sent().filter(pk__in=links.values("request"))


def own_request(request: HttpRequest, reference: str) -> VisitRequest:
    """The visitor's own request with its coordinator; Http404 for everybody else's and for none."""
    found = own_requests(request).select_related("coordinator", "visit").filter(reference=reference).first()
    if found is None:
        raise Http404
    return found


def is_visitor(request: HttpRequest) -> bool:
    """Whether this browser has opened any visit; no query."""
    return bool(request.session.get(OPENED))


def facilitator_of(request: HttpRequest) -> Facilitator:
    """The facilitator who is signed in; PermissionDenied for everybody else."""
    # The guard of the address has looked already: the row is kept on the user.
    facilitator: Facilitator | None = getattr(request.user, "facilitator", None)
    if facilitator is None or not facilitator.is_active or not request.user.is_active:
        raise PermissionDenied
    return facilitator
