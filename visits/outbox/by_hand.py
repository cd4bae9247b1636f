"""What staff decide about one mail: to hold it back, to let it go, and what became of one that nobody knows of.

Each is one conditional UPDATE: of two who press at once, or of a colleague and the sender, one is told
that it is settled already. A mail about a request leaves a line in the request's history.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Case, F, IntegerField, When
from django.utils import timezone
from django.utils.translation import gettext as _

from visits import history
from visits.choices import MessageState
from visits.models import Decision, Message, User
from visits.outbox.owing import Owed
from visits.outbox.sharing import forget_carried, owe_carried, row_of

S = MessageState
FORESEEN: Final = "foreseen"  # in the data of a row that was held before it was owed
IN_DOUBT: Final = (S.FAILED, S.UNCERTAIN, S.RETURNED)


class MailRefused(Exception):
    """The mail is not as it was shown; the text says what has become of it."""


@transaction.atomic
def hold(message: Message, *, by: User, why: str = "") -> None:
    """Keep a mail that waits in the house until somebody lets it go.

    Raises MailRefused when it does not wait any more, or when a decision of its own can still be undone.
    """
    if Decision.objects.pending(timezone.now()).filter(request=message.request_id).exists() and message.request_id:
        raise MailRefused(_("What it tells was decided just now. Take the decision back instead."))
    _settle(message, (S.DUE,), state=S.HELD, held_by=by, held_at=timezone.now(), held_why=why)
    _tell(message, "mail_held", by, why=why)


@transaction.atomic
def hold_foreseen(mail: list[Owed], *, by: User, why: str = "") -> None:
    """Keep a mail back that is not owed yet, with what it carries: its rows are written now, and no sweep owes them."""
    row = row_of(mail)
    row.data = row.data | {FORESEEN: True}
    row.state, row.held_by, row.held_at, row.held_why = S.HELD, by, timezone.now(), why
    Message.objects.bulk_create([row], ignore_conflicts=True)
    written = Message.objects.get(key=row.key)
    if (written.state, written.held_at) == (S.HELD, row.held_at):
        owe_carried([mail])
        _tell(written, "mail_held", by, why=why)
    else:  # the sweep, or a colleague, came between
        hold(written, by=by, why=why)


@transaction.atomic
def let_go(message: Message, *, by: User, at: datetime) -> None:
    """Let a mail on hold leave, if it is still true then.

    One that was held before its day came is forgotten, so that its day finds it anew, wherever it is by
    then. Raises MailRefused when it is not on hold any more.
    """
    _settle(message, (S.HELD,), state=S.DUE, held_by=None, held_at=None, held_why="")
    _tell(message, "mail_let_go", by)
    if message.data.get(FORESEEN) and message.due_at > at:
        gone, _models = Message.objects.filter(pk=message.pk, state=S.DUE, attempt=0).delete()
        if gone:
            forget_carried(message)


@transaction.atomic
def arrived(message: Message, *, by: User) -> None:
    """Somebody has heard that a mail arrived of which nobody knew. Raises MailRefused when it is settled already."""
    sent_at = message.lease_until or message.due_at
    _settle(message, (S.UNCERTAIN,), state=S.SENT, sent_at=sent_at, lease_until=None, problem="")
    _tell(message, "mail_arrived", by)


@transaction.atomic
def send_again(message: Message, *, to_email: str, by: User) -> None:
    """Send a mail once more that came back or of which nobody knows, to the address as it is now.

    It carries the same Message-ID, so that most mail programs show it once; after it came back another one,
    for the relay had taken the first. Raises MailRefused when it is settled already.
    """
    copies = Case(When(state=S.RETURNED, then=F("copies") + 1), default=F("copies"), output_field=IntegerField())
    _settle(message, IN_DOUBT, state=S.DUE, due_at=timezone.now(), lease_until=None, problem="",
            to_email=to_email, copies=copies)  # fmt: skip
    _tell(message, "mail_again", by)


def _settle(message: Message, before: tuple[MessageState, ...], **changes: Any) -> None:
    if not Message.objects.filter(pk=message.pk, state__in=before).update(**changes):
        raise MailRefused(_("This mail has moved on meanwhile: the page shows it as it is now."))


def _tell(message: Message, what: str, by: User, **detail: str) -> None:
    if message.request is not None:
        history.record(message.request, what, by=by, mail=message.kind, **detail)
