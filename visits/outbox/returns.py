"""Mails that came back after they were delivered: the report is read and told at the visit."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop

from visits import history
from visits.choices import MessageState
from visits.models import Message
from visits.outbox.keys import is_sealed
from visits.outbox.mailboxes import LONGEST_MAIL, Unread, mailbox_at
from visits.outbox.reports import Report, report_in

logger = logging.getLogger(__name__)

CAME_BACK: Final = gettext_noop("The receiver’s mail server took it and could not deliver it.")
# A report proves that the mail had gone, also when we did not know.
GONE: Final = (MessageState.SENT, MessageState.SENDING, MessageState.UNCERTAIN)


def take_in_returns(at: datetime) -> int:
    """Read the new mails in the mailbox for returned mail; return how many of ours had come back.

    A mail that is no report, or about no mail of ours, is passed over and named in the log. Raises
    MailboxDown when the mailbox cannot be read.
    """
    if not settings.QULTURUM_BOUNCES:
        return 0
    came_back = 0
    for mail in mailbox_at(settings.QULTURUM_BOUNCES).unread():
        report = _read(mail)
        if report is not None and mark_returned(report, at):
            came_back += 1
        elif report is not None:
            logger.warning("The returned mail %s is about no mail that we have sent", mail.name)
        mail.mark_read()
    return came_back


def _read(mail: Unread) -> Report | None:
    try:
        report = report_in(mail.content)
    except Exception:
        # A stranger wrote it: whatever is wrong with it keeps nobody from the next one.
        logger.warning("The returned mail %s cannot be read", mail.name, exc_info=True)
        return None
    if report is None:
        cut = " (it was cut)" if mail.size > LONGEST_MAIL else ""
        logger.warning("The returned mail %s reports no failed mail of ours%s", mail.name, cut)
    return report


@transaction.atomic
def mark_returned(report: Report, at: datetime) -> bool:
    """Mark the mail of a report as come back, with a line in its visit’s history; False when there is none such.

    Only who has had the mail knows its seal, and nobody else is believed.
    """
    if not is_sealed(report.key, report.seal):
        return False
    ours = Message.objects.known_as(report.key).filter(state__in=GONE)
    said = " ".join(part for part in (report.status, report.reason) if part)
    problem = f"{CAME_BACK}\n{said}".strip()
    if not ours.update(state=MessageState.RETURNED, returned_at=at, lease_until=None, problem=problem):
        return False
    message = Message.objects.select_related("request").known_as(report.key).get()
    logger.warning("The mail %s came back; its row says why", message.key)
    if message.request is not None:
        history.record(
            message.request, "mail_returned", by=None, by_clock=True, mail=message.kind, status=report.status
        )
    return True
