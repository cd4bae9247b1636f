"""What people say of a measure: the cause of a signal, and the day from which its lines are drawn anew."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from visits.choices import Measure
from visits.models import CauseNote, Phase, User


class Refused(Exception):
    """It cannot be done; the text says why, to the person who tried."""


def write_cause(measure: Measure, point: str, *, words: str, by: User) -> CauseNote:
    """Keep what was special at a point. What was written before stays."""
    return CauseNote.objects.create(measure=measure, point=point, words=words, by=by)


def take_note_away(measure: Measure, pk: int, *, by: User) -> bool:
    """Take back a note of one's own, or another's with the permission; whether there was one to take."""
    notes = CauseNote.objects.filter(measure=measure, pk=pk)
    mine = notes if by.has_perm("visits.delete_causenote") else notes.filter(by=by)
    deleted, _rows = mine.delete()
    return bool(deleted)


def draw_new_lines(measure: Measure, first_day: date, *, words: str, by: User) -> Phase:
    """From this day on the measure has lines of its own."""
    try:
        with transaction.atomic():
            return Phase.objects.create(measure=measure, first_day=first_day, words=words, by=by)
    except IntegrityError as clash:
        raise Refused(_("New lines are drawn from that day already.")) from clash


def take_lines_away(measure: Measure, pk: int) -> bool:
    """The lines go on as before that day; whether there was such a phase."""
    deleted, _rows = Phase.objects.filter(measure=measure, pk=pk).delete()
    return bool(deleted)
