"""A list between its preview and the press: a row of its owner's, for a few hours.

It is kept with us and not in the page, since a page would carry everybody's details to and fro, grow with the
list past what a form may weigh, and could be pressed again from the browser's history.
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from visits import rules
from visits.models import ImportedFile, User


class FileTaken(Exception):
    """The list is not there any more: it was pressed, in another window perhaps, or its time is over."""


def keep_file(name: str, rows: list[dict[str, Any]], *, by: User) -> ImportedFile:
    """Keep a list until it is pressed; another one that the same person has left open goes."""
    ImportedFile.objects.filter(user=by).delete()
    return ImportedFile.objects.create(user=by, name=name[-120:], rows=rows)


def take_file(pk: int, *, by: User, for_good: bool = False) -> ImportedFile:
    """The list of its owner; `for_good` takes it away within the caller's transaction, so that one press counts.

    Raises FileTaken.
    """
    fresh = ImportedFile.objects.filter(pk=pk, user=by, sent_in_at__gte=timezone.now() - rules.IMPORT_KEPT)
    if not for_good:
        found = fresh.first()
        if found is None:
            raise FileTaken
        return found
    locked = fresh.select_for_update().first()
    if locked is None:
        raise FileTaken
    ImportedFile.objects.filter(pk=pk).delete()
    return locked
