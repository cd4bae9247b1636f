"""What is good to remember: added by anybody at the desk, changed by its writer alone."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from visits.models import Organisation, OrganisationNote, User


class NoteRefused(Exception):
    """The note was not changed; the text says why."""


def append(organisation: Organisation, text: str, *, by: User) -> OrganisationNote:
    """Keep one more thing to remember."""
    return OrganisationNote.objects.create(organisation=organisation, text=text, author=by)


def rewrite(note: OrganisationNote, text: str, *, by: User, was: str) -> None:
    """Write one's own note anew. `was` is how it stood on the screen.

    Raises NoteRefused for somebody else's note, and when it has been changed in another window since.
    """
    if note.author_id != by.pk:
        raise NoteRefused(_("Only %(name)s may change this note. Write one of your own.") % {"name": note.author})
    unchanged = OrganisationNote.objects.filter(pk=note.pk, text=was)
    if not unchanged.update(text=text, changed_at=timezone.now()):
        raise NoteRefused(_("You have changed this note in another window. Read it as it is now."))
