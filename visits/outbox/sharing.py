"""Several mails to one person that would leave together are one mail: the first of them carries the others.

Each keeps its row and its key, so that none is owed a second time. A row that is carried never leaves itself; which
mail tells it stands in its data, and in that of the mail. What a mail carries is looked at anew when it leaves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_noop

from visits.choices import MessageState
from visits.models import Message
from visits.outbox.owing import Owed

CARRIES: Final = "carries"  # in the data of a mail: the keys of those that it tells beside its own
CARRIED_BY: Final = "carried_by"  # in theirs: its key
TOLD_TOGETHER: Final = gettext_noop("One mail tells it with the others of that morning, if it is still true then.")


def joined(wanted: Iterable[Owed]) -> list[list[Owed]]:
    """Those that are one mail, the one that leaves first; each that shares none is alone."""
    together: defaultdict[tuple[object, ...], list[Owed]] = defaultdict(list)
    for owed in sorted(wanted, key=lambda one: one.key):
        together[(owed.shares, owed.due_at) if owed.shares else (owed.key,)].append(owed)
    return list(together.values())


def row_of(mail: list[Owed]) -> Message:
    """The row of a mail, which says what it carries."""
    row = mail[0].row()
    if others := [one.key for one in mail[1:]]:
        row.data = row.data | {CARRIES: others}
    return row


def owe_all(wanted: Iterable[Owed]) -> int:
    """Owe what is not owed yet; return how many are new. One query when nothing is, and as many for one as for many."""
    by_key = {owed.key: owed for owed in wanted}
    known = set(Message.objects.filter(key__in=by_key).values_list("key", flat=True))
    missing = [owed for key, owed in by_key.items() if key not in known]
    if missing:
        _write_down(joined(missing))
    return len(missing)


@transaction.atomic
def _write_down(mails: list[list[Owed]]) -> None:
    Message.objects.bulk_create([row_of(mail) for mail in mails], ignore_conflicts=True)
    owe_carried(mails)


def owe_carried(mails: Iterable[list[Owed]]) -> None:
    """The rows of what these mails carry, once theirs are written.

    Where another sweep has owed the mail meanwhile and it does not tell one of them, that one leaves by itself.
    """
    others = {one.key: (mail[0].key, one) for mail in mails for one in mail[1:]}
    if not others:
        return
    told = dict(Message.objects.filter(key__in={lead for lead, _one in others.values()}).values_list("key", "data"))
    rows = [
        _carried(one, lead) if key in told.get(lead, {}).get(CARRIES, ()) else one.row()
        for key, (lead, one) in others.items()
    ]
    Message.objects.bulk_create(rows, ignore_conflicts=True)


def _carried(owed: Owed, lead: str) -> Message:
    row = owed.row()
    row.data = row.data | {CARRIED_BY: lead}
    row.state, row.problem = MessageState.SKIPPED, TOLD_TOGETHER
    return row


def carries(message: Message) -> int:
    """How many a mail tells beside its own, as it was owed."""
    return len(message.data.get(CARRIES, ()))


def carried_by(message: Message) -> list[Message]:
    """What a mail tells beside its own. No query for one that carries nothing."""
    if not carries(message):
        return []
    keys = message.data[CARRIES]
    rows = Message.objects.for_writing(("ask_id", "gathering_ask_id")).filter(key__in=keys).order_by("key")
    return [row for row in rows if row.data.get(CARRIED_BY) == message.key]


def forget_carried(message: Message) -> None:
    """With a mail that is forgotten goes what it carries."""
    Message.objects.filter(pk__in=[row.pk for row in carried_by(message)]).delete()
