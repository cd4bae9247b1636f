"""Who is at the other end of an HTTP request, as far as visits care.

A visitor has no account. Their session keeps the numbers of the links they have opened,
and each page asks the database whether such a link is still usable: a link that is
revoked or has expired closes the page at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest
from django.utils import timezone

from visits.choices import LinkPurpose
from visits.models import AccessLink, Facilitator, Participant, RoomFile, VisitRequest
from visits.models.link import AccessLinkQuerySet
from visits.models.request import VisitRequestQuerySet

OPENED: Final = "opened_links"
MOST_OPENED: Final = 50


class OnlyTheContact(PermissionDenied):
    """One of the group is at a page where the contact person alone decides; answered with a page that says so."""

    def __init__(self, visit_request: VisitRequest) -> None:
        super().__init__("only the contact person")
        self.visit_request = visit_request


def sign_in_visitor(request: HttpRequest, link: AccessLink) -> None:
    """Let this browser into the visit that a link of purpose VISIT or MEMBER opens, with a new session key."""
    opened = [pk for pk in request.session.get(OPENED, []) if pk != link.pk]
    request.session.cycle_key()
    request.session[OPENED] = [*opened, link.pk][-MOST_OPENED:]


def sign_out_visitor(request: HttpRequest, visit_request: VisitRequest) -> None:
    """Close a visit in this browser, whoever opened it here; its links stay as good as they were."""
    of_it = Q(request=visit_request) | Q(participant__visit__request=visit_request)
    opened = request.session.get(OPENED, [])
    closed = set(AccessLink.objects.filter(of_it, pk__in=opened).values_list("pk", flat=True))
    request.session.cycle_key()
    request.session[OPENED] = [pk for pk in opened if pk not in closed]


def own_requests(request: HttpRequest) -> VisitRequestQuerySet:
    """The requests that this browser decides on: those whose contact person's link it has opened.

    Where a request has been put into another, its link opens the other.
    """
    opened = _opened(request, LinkPurpose.VISIT)
    return VisitRequest.objects.sent().filter(_opened_or_gone_on(opened))


def followed_requests(request: HttpRequest) -> VisitRequestQuerySet:
    """The requests that this browser may read: its own, and those it has opened as one of the group.

    One that has been put into another is not among them: it goes on there.
    """
    followed = _opened(request, LinkPurpose.MEMBER).values("participant__visit__request")
    own = _opened_or_gone_on(_opened(request, LinkPurpose.VISIT))
    return VisitRequest.objects.sent().filter(own | Q(pk__in=followed), absorbed_into=None)


def _opened_or_gone_on(opened: AccessLinkQuerySet) -> Q:
    into = opened.filter(request__absorbed_into__isnull=False).values("request__absorbed_into")
    return Q(pk__in=opened.values("request")) | Q(pk__in=into)


def own_request(request: HttpRequest, reference: str) -> VisitRequest:
    """The contact person's own request with its coordinator and visit: for every page that decides.

    Raises OnlyTheContact for one of the group, who reads why and finds the way back; Http404
    for everybody else's visit and for none.
    """
    found = _as_contact(request, reference)
    if found is None:
        raise OnlyTheContact(_as_member(request, reference).visit_request)
    return found


@dataclass(frozen=True)
class Follower:
    """Somebody at a visit's pages: the contact person, who decides, or one of the group, who follows."""

    visit_request: VisitRequest
    participant: Participant | None

    @property
    def decides(self) -> bool:
        return self.participant is None or self.participant.is_contact

    @property
    def member(self) -> Participant | None:
        """The one of the group who reads, or None for the contact person."""
        return None if self.decides else self.participant


def follower(request: HttpRequest, reference: str) -> Follower:
    """Who reads this visit in this browser: its contact person, else a member by their own link.

    Http404 for everybody else's visit and for none.
    """
    own = _as_contact(request, reference)
    return Follower(own, None) if own else _as_member(request, reference)


def _as_contact(request: HttpRequest, reference: str) -> VisitRequest | None:
    return own_requests(request).select_related("coordinator", "visit").filter(reference=reference).first()


def _as_member(request: HttpRequest, reference: str) -> Follower:
    links = _opened(request, LinkPurpose.MEMBER).filter(participant__visit__request__reference=reference)
    link = links.select_related("participant__visit__request__coordinator").order_by("-pk").first()
    if link is None or link.participant is None:
        raise Http404
    return Follower(link.participant.visit.request, link.participant)


def _opened(request: HttpRequest, purpose: LinkPurpose) -> AccessLinkQuerySet:
    """The links of a purpose that this browser has opened and that are still usable."""
    opened = request.session.get(OPENED, [])
    return AccessLink.objects.usable(timezone.now()).filter(pk__in=opened, purpose=purpose)


def facilitator_of(request: HttpRequest) -> Facilitator:
    """The facilitator who is signed in; PermissionDenied for everybody else."""
    # The guard of the address has looked already: the row is kept on the user.
    facilitator: Facilitator | None = getattr(request.user, "facilitator", None)
    if facilitator is None or not facilitator.is_active or not request.user.is_active:
        raise PermissionDenied
    return facilitator


def handed_out(room_file: RoomFile) -> FileResponse:
    """A file of a room, for a reader who has been let in: saved, never shown by the browser as a page of ours.

    Http404 when the row stands and the file is gone.
    """
    try:
        content = room_file.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    answer = FileResponse(content, as_attachment=True, filename=room_file.name, content_type=room_file.kind)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
