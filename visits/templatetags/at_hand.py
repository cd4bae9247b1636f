"""What the pages for the days of a visit need: spans of time, and numbers that a phone can call."""

from __future__ import annotations

import re
from datetime import datetime
from math import ceil
from typing import Final

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

register = template.Library()

NOT_DIALLED: Final = re.compile(r"[^+0-9]")


@register.filter
def dialled(number: str) -> str:
    """«+46 70 000 00 01» as a phone dials it; nothing for what holds no number."""
    return NOT_DIALLED.sub("", number or "")


@register.simple_tag
def minutes_left(ends: datetime, now: datetime) -> str:
    """«40 minutes left», rounded up: nobody is told that nothing is left of what still goes on."""
    count = max(ceil((ends - now).total_seconds() / 60), 1)
    # The same two sentences as the phone uses, which cannot reckon with gettext.
    return gettext("1 minute left") if count == 1 else gettext("{n} minutes left").replace("{n}", str(count))


@register.simple_tag
def during(begins: datetime | None, ends: datetime | None, shows: bool = True) -> SafeString:
    """The span in which an element is true; hidden unless `shows`. The phone’s clock shows and hides it later on."""
    first = format_html(' data-begins="{}"', begins.isoformat()) if begins else ""
    last = format_html(' data-ends="{}"', ends.isoformat()) if ends else ""
    return format_html("{}{}{}", first, last, "" if shows else SafeString(" hidden"))
