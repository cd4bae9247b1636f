"""What became of mails whose sender did not come back: the relay is asked, and believed."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext_noop

from visits.choices import MessageState
from visits.models import Message
from visits.outbox.journal import Journal
from visits.outbox.marking import Delivered, Ended

logger = logging.getLogger(__name__)

A_ROUND: Final = 500
DEATHS: Final = 3  # senders that a mail may cost before it is put aside

NOBODY_KNOWS: Final = gettext_noop("The line broke after the mail was handed over, and nobody can say whether it went.")
PUT_ASIDE: Final = gettext_noop("The sender stopped at this mail three times, so it was put aside and the others went.")


def settle_abandoned(at: datetime, journal: Journal, done: Delivered) -> None:
    """Ask about each mail whose lease has run out. A yes counts at once, anything else after the journal’s patience.

    A mail that did not go is due again; one at which senders stop again and again is put aside.
    """
    now = min(at, timezone.now())
    for message in Message.objects.abandoned(now).order_by("lease_until")[:A_ROUND]:
        accepted = journal.was_accepted(message.known_as)
        if accepted:
            ended = Ended(message, MessageState.SENT, sent_at=message.lease_until)
        elif message.lease_until and message.lease_until + journal.patience <= now:
            ended = _decided(message, is_known=accepted is False)
        else:
            continue
        done.count(ended, ended.write_down())


def _decided(message: Message, *, is_known: bool) -> Ended:
    deaths = message.deaths + 1
    if not is_known:
        logger.warning("Nobody knows whether the mail %s went", message.key)
        return Ended(message, MessageState.UNCERTAIN, problem=NOBODY_KNOWS, deaths=deaths)
    if deaths >= DEATHS:
        logger.error("The mail %s was put aside: the sender stopped at it %s times", message.key, deaths)
        problem = f"{PUT_ASIDE}\n{message.problem}".strip()
        return Ended(message, MessageState.FAILED, problem=problem, deaths=deaths)
    return Ended(message, MessageState.DUE, problem=message.problem, deaths=deaths)
