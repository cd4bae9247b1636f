"""Mail servers' hands that do wrong, to see that a rehearsal finds them out. The sender is told that all went well."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend

from visits.outbox.keys import KEY_HEADER

REMINDER = "answer_reminder"


class Loses(EmailBackend):
    """Drops each reminder to answer."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        super().send_messages([mail for mail in messages if not _is_reminder(mail)])
        return len(messages)


class Doubles(EmailBackend):
    """Sends each reminder to answer twice."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        super().send_messages([*messages, *filter(_is_reminder, messages)])
        return len(messages)


def _is_reminder(mail: EmailMessage) -> bool:
    return str(mail.extra_headers[KEY_HEADER]).startswith(f"{REMINDER}:")
