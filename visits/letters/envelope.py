"""From a letter to a mail with two parts, and the headers that other machines read."""

from __future__ import annotations

import hashlib
import re
import textwrap
from email.utils import formataddr, parseaddr
from functools import cache
from typing import Final

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from visits.letters.letter import Block, Facts, Letter, Links, Paragraph, Quote
from visits.letters.truth import TO_STAFF
from visits.models import Message
from visits.outbox.keys import KEY_HEADER, SEAL_HEADER, seal_of
from visits.text import single_line

WIDTH: Final = 72
_ONE_ADDRESS: Final = re.compile(r"[^\s@,;:<>()\[\]\"]+@[^\s@,;:<>()\[\]\"]+")


def enveloped(letter: Letter, message: Message) -> EmailMultiAlternatives:
    """The mail of a letter, in the language that is on. One receiver, always."""
    mail = EmailMultiAlternatives(
        subject=letter.subject,
        body=as_text(letter),
        # Whom the relay tells that it could not deliver; the reader sees the «From» of the headers.
        from_email=settings.QULTURUM_BOUNCE_EMAIL or settings.DEFAULT_FROM_EMAIL,
        to=[_receiver(message)],
        reply_to=[letter.reply_to or settings.QULTURUM_CONTACT_EMAIL],
        headers=_headers(message.known_as),
    )
    mail.attach_alternative(as_html(letter, message.language), "text/html")
    for attachment in letter.attachments:
        mail.attach(attachment.name, attachment.content, attachment.kind)
    return mail


def _receiver(message: Message) -> str:
    """One address; raises ValueError for what is none, or several, as an old import may have left it."""
    if not _ONE_ADDRESS.fullmatch(message.to_email):
        raise ValueError(f"No mail can be sent to {message.to_email!r}.")
    # Only somebody of ours is named: what a visitor typed as a name stays out of the headers.
    is_ours = message.ask_id is not None or message.gathering_ask_id is not None or message.kind in TO_STAFF
    return formataddr((single_line(message.to_name), message.to_email)) if is_ours else message.to_email


def _headers(key: str) -> dict[str, str]:
    return {
        "From": settings.DEFAULT_FROM_EMAIL,
        "Message-ID": message_id(key),
        KEY_HEADER: key,
        SEAL_HEADER: seal_of(key),
        "Auto-Submitted": "auto-generated",
    }


def message_id(key: str) -> str:
    """The same for the same key, at every attempt: most mail programs show such a mail once."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "qulturum.invalid"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{domain}>"


# -- The text part ---------------------------------------------------------------------


def as_text(letter: Letter) -> str:
    """The letter for those who read without HTML: the turn in the first line, short lines."""
    button = [f"{letter.button.words}:\n{letter.button.url}"] if letter.button else []
    parts = [
        letter.turn.upper(),
        letter.subject,
        letter.greeting,
        *(_text_of(block) for block in letter.blocks),
        *button,
        "\n".join(letter.sign),
        f"--\n{_wrapped(letter.why)}",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _text_of(block: Block) -> str:
    match block:
        case Paragraph():
            return _wrapped(str(block))
        case Quote(text=words):
            return "\n".join(_wrapped(line, indent="> ") or ">" for line in words.splitlines())
        case Facts(rows=rows):
            return "\n".join(_wrapped(f"{name}: {value}", later="    ") for name, value in rows)
        case Links(rows=rows):
            return "\n\n".join(f"{name}:\n{url}" for name, url in rows)


def _wrapped(text: str, *, indent: str = "", later: str = "") -> str:
    return textwrap.fill(
        text, WIDTH, initial_indent=indent, subsequent_indent=indent or later,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


# -- The HTML part ---------------------------------------------------------------------


def as_html(letter: Letter, language: str) -> str:
    """The letter as drawn, its styles in the elements themselves: many mail programs drop a style sheet."""
    return _inliner().inline(render_to_string("emails/letter.html", {"letter": letter, "language": language}))


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=False)
