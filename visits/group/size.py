"""More or fewer: how many come, and what has to be looked at again when that changes."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import agreement, history, outbox
from visits.agreement.material import is_another_size
from visits.group import places
from visits.group.numbers import keep_within
from visits.models import Visit, VisitRequest


class SizeRefused(Exception):
    """The group cannot be of that size; the text says why and what to do."""


def is_much(was: int, now: int) -> bool:
    """Whether the change is one for which both read the agreement again: by more than a fifth."""
    return is_another_size(was, now)


def agreed_size(visit_request: VisitRequest) -> int:
    """The size that somebody has agreed to: a new one is held against it, however it was changed meanwhile."""
    found = agreement.current(visit_request)
    if found and not (found.ours_at or found.guests_at):
        found = agreement.before(found) or found
    return int(found.content["plan"]["group_size"]) if found else visit_request.group_size or 0


def why_not(visit: Visit, now: int) -> str:
    """Why the group cannot be of that size, in a sentence; empty when it can."""
    count = visit.participants.count()
    return _too_few(count) if count > now else ""


@transaction.atomic
def change_size(visit: Visit, now: int, *, seen: int) -> bool:
    """Change how many come from `seen` to `now`; whether both read the agreement again because of it.

    The host is told when a room that is chosen is too small for so many. Raises SizeRefused when
    more names stand on the list than that, and when somebody else has changed it meanwhile.
    """
    places.hold(visit)
    visit_request = visit.request
    too_few = why_not(visit, now)
    if too_few:
        raise SizeRefused(too_few)
    unchanged = VisitRequest.objects.filter(pk=visit_request.pk, group_size=seen, state__in=places.OPEN_STATES)
    if not unchanged.update(group_size=now):
        raise SizeRefused(_("This has been changed since you opened the page. It shows now how it stands."))
    visit_request.group_size = now
    keep_within(visit_request, now)
    history.record(visit_request, "group_size_changed", by=None, was=seen, now=now)
    tell_of_small_rooms(visit, now)
    return agreement.read_again_if_changed(visit_request)


def small_rooms(visit: Visit, people: int) -> list[str]:
    """The chosen rooms that do not hold so many, each named once."""
    names = visit.sessions.filter(room__capacity__lt=people).order_by("room__name").values_list("room__name", flat=True)
    return list(dict.fromkeys(names))


def tell_of_small_rooms(visit: Visit, people: int) -> None:
    """Owe the host a mail about the chosen rooms that do not hold so many; none when all of them do."""
    host = visit.request.coordinator
    rooms = small_rooms(visit, people)
    if rooms and host is not None:
        key = f"{visit.pk}-{people}"
        outbox.owe_staff("room_too_small", host, once_per=key, request=visit.request, rooms=rooms, people=people)


def _too_few(count: int) -> str:
    return ngettext(
        "There is %(count)d name or invitation on the list. Take it off first, then make the group smaller.",
        "There are %(count)d names and invitations on the list. Take somebody off first, then make the group smaller.",
        count,
    ) % {"count": count}
