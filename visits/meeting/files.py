"""Files that one of us puts into a room. They have no address of their own: whoever may read them is handed them."""

from __future__ import annotations

import secrets
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from visits import history
from visits.meeting.doors import Act, Speaker
from visits.meeting.kinds import Kind
from visits.meeting.speaking import RoomRefused, enter
from visits.models import RoomFile


@transaction.atomic
def add_file(speaker: Speaker, *, title: str, name: str, kind: Kind, content: File[Any]) -> RoomFile:
    """Put a file that has been recognised into the room. The same file again changes nothing.

    It is stored under a name that says nothing, so that no name can do harm.
    """
    visit = enter(speaker, Act.ADD_FILE)
    if speaker.user is None:
        raise PermissionDenied
    title = title or name.rpartition(".")[0]
    same = visit.files.filter(name=name, size=content.size, title=title, owner=speaker.user).first()
    if same is not None:
        return same
    added = RoomFile(visit=visit, title=title, name=name, kind=kind.mime, size=content.size, owner=speaker.user)
    added.file.save(secrets.token_hex(16), content, save=False)
    try:
        with transaction.atomic():
            added.save(force_insert=True)
            history.record(speaker.visit_request, "room_file_added", by=speaker.user, title=title)
    except BaseException:
        added.file.delete(save=False)
        raise
    return added


@transaction.atomic
def remove_file(speaker: Speaker, file_id: int) -> RoomFile:
    """Take a file out of the room, for good. Raises RoomRefused when it is gone already."""
    found = RoomFile.objects.filter(visit__request=speaker.visit_request, pk=file_id).first()
    if found is None:
        raise RoomRefused(_("That file is not here any more."))
    enter(speaker, removing(speaker, found))
    title = found.title
    removed, _by_model = RoomFile.objects.filter(pk=found.pk).delete()
    if not removed:
        raise RoomRefused(_("That file is not here any more."))
    history.record(speaker.visit_request, "room_file_removed", by=speaker.user, title=title)
    transaction.on_commit(lambda: found.file.delete(save=False))
    return found


def file_of(speaker: Speaker, file_id: int) -> RoomFile | None:
    """A file of this speaker's room, or None for one that is not there."""
    if not speaker.may(Act.READ):
        raise PermissionDenied
    return RoomFile.objects.filter(visit__request=speaker.visit_request, pk=file_id).first()


def removing(speaker: Speaker, room_file: RoomFile) -> Act:
    """Which act it is to take this file away: anybody's for the desk, one's own for others of us."""
    is_own = speaker.user is not None and room_file.owner_id == speaker.user.pk
    return Act.REMOVE_OWN_FILE if is_own and not speaker.may(Act.REMOVE_ANY_FILE) else Act.REMOVE_ANY_FILE
