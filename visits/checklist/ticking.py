"""Done, not done after all, and things of one's own."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from visits import words
from visits.choices import ChecklistRole
from visits.models import ChecklistItem, User, Visit


class ItemRefused(Exception):
    """It was not ticked off; its text says why."""


def tick(item: ChecklistItem, *, by: User) -> None:
    """It is done. Raises ItemRefused when a colleague has just done it: it says who and when."""
    done = {"done_at": timezone.now(), "done_by": by, "done_by_name": str(by)[:120]}
    if not ChecklistItem.objects.filter(pk=item.pk, done_at=None).update(**done):
        raise ItemRefused(_already(ChecklistItem.objects.filter(pk=item.pk).first()))


def untick(item: ChecklistItem, *, done_at: str) -> None:
    """It is not done after all. `done_at` is when it was done, as the page said in ISO form.

    Once more changes nothing. Raises ItemRefused when somebody has done it anew since then.
    """
    undone = {"done_at": None, "done_by": None, "done_by_name": ""}
    as_seen = _moment(done_at)
    if as_seen and ChecklistItem.objects.filter(pk=item.pk, done_at=as_seen).update(**undone):
        return
    now = ChecklistItem.objects.filter(pk=item.pk).first()
    if now is None or now.done_at is not None:
        raise ItemRefused(_already(now))


def _moment(written: str) -> datetime | None:
    """What was written as a moment; nothing for what is none."""
    try:
        found = parse_datetime(written)
    except ValueError:
        return None
    return found if found and timezone.is_aware(found) else None


@transaction.atomic
def add_item(visit: Visit, text: str, due_on: date, *, by: User, role: ChecklistRole) -> ChecklistItem:
    """Something of our own for one visit. It moves with the days as the others do.

    The same words for the same day are the same item: a double press adds one.
    """
    Visit.objects.select_for_update(of=("self",)).only("pk").get(pk=visit.pk)
    days = (due_on - (visit.first_day if due_on < visit.first_day else visit.last_day)).days
    item, _added = ChecklistItem.objects.get_or_create(
        visit=visit, row=None, words_en=text, due_on=due_on,
        defaults={"words_sv": text, "role": role, "days": days, "added_by": by},
    )  # fmt: skip
    return item


def _already(item: ChecklistItem | None) -> str:
    if item is None or item.done_at is None:
        return _("It is not on the list any more.")
    told = _("%(who)s has done it already, %(day)s.")
    return told % {"who": item.done_by_name, "day": words.weekday(item.done_at)}
