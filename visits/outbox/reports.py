"""Reading what a mail server sends back when it could not deliver: a report after RFC 3464. Pure.

Anybody can send us such a report, so it is read as what a stranger has written: a part that is missing or
makes no sense is no report, and what it says is cut and stands on one line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message as Mail
from typing import Final

from visits.outbox.keys import KEY_HEADER, SEAL_HEADER
from visits.text import single_line, storable

LONGEST_KEY: Final = 210
LONGEST_REASON: Final = 300
FAILED: Final = "failed"
_STATUS: Final = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")


@dataclass(frozen=True)
class Report:
    """A mail, by the key and the seal in what was sent back, that a server says it could not deliver, and why."""

    key: str
    seal: str
    status: str
    reason: str


def report_in(content: bytes) -> Report | None:
    """What a mail reports; None when it is no failure, or no mail of ours. May raise on what is malformed."""
    mail = message_from_bytes(content)
    if mail.get_content_type() != "multipart/report" or not mail.is_multipart():
        return None
    parts = [part for part in mail.get_payload() if isinstance(part, Mail)]
    failed = next((group for part in parts for group in _receivers(part) if _is_failed(group)), None)
    sent = next((sent for part in parts if (sent := _sent_back(part)) is not None), None)
    key = _line(sent[KEY_HEADER]) if sent is not None else ""
    if failed is None or sent is None or not 0 < len(key) <= LONGEST_KEY:
        return None
    status = _STATUS.search(_line(failed["Status"]))
    said = _line(failed["Diagnostic-Code"]).partition(";")[2].strip()
    return Report(key, _line(sent[SEAL_HEADER]), status[0] if status else "", said[:LONGEST_REASON])


def _receivers(part: Mail) -> list[Mail]:
    """What is said of each receiver: a group of headers each, after one about the whole."""
    if part.get_content_type() != "message/delivery-status" or not part.is_multipart():
        return []
    groups = [group for group in part.get_payload() if isinstance(group, Mail)]
    return [group for group in groups if group["Final-Recipient"] is not None]


def _is_failed(group: Mail) -> bool:
    return _line(group["Action"]).casefold() == FAILED


def _sent_back(part: Mail) -> Mail | None:
    """The mail that is sent back, whole or its headers alone."""
    match part.get_content_type():
        case "message/rfc822" | "message/global" | "message/global-headers" if part.is_multipart():
            sent = part.get_payload(0)
            return sent if isinstance(sent, Mail) else None
        case "text/rfc822-headers":
            headers = part.get_payload(decode=True)
            return message_from_bytes(headers) if isinstance(headers, bytes) else None
    return None


def _line(value: object) -> str:
    return single_line(storable(str(value))) if value is not None else ""
