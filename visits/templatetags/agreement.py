"""The bar of the agreement: how the time of teaching is shared. {% balance told %}"""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from visits.agreement import Told

register = template.Library()
GAP = 3


@register.simple_tag
def balance(told: Told) -> SafeString:
    """Two bars that are as long as the minutes of each side; the words say it to who does not see them."""
    width = told.share.both
    ours = max(told.share.ours - GAP / 2, 0)
    start = ours + GAP if told.share.ours else 0
    return format_html(
        '<svg viewBox="0 0 {} 26" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<rect class="q-f-host" width="{}" height="26" rx="4"/>'
        '<rect class="q-f-guest" x="{}" width="{}" height="26" rx="4"/></svg>',
        width, told.balance_words, ours, start, max(width - start, 0),
    )  # fmt: skip
