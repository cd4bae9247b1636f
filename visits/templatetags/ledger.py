"""What the pages of the look-back and the ledger say with a little reckoning.

Filters: begins («Iona, week 17»), first_names («Maja and Erik»), helped («Elin Löfgren»).
"""

from __future__ import annotations

from collections.abc import Sequence

from django import template

from visits import ledger
from visits.models import LedgerEntry, LookBack
from visits.templatetags.schedule import several

register = template.Library()


@register.filter
def begins(entry: LedgerEntry) -> str:
    """Who begins what is tried, and when."""
    return ledger.begins_words(entry)


@register.filter
def first_names(look_backs: Sequence[LookBack]) -> str:
    """Those who have written, by first name: «Maja, Erik and Fatima»."""
    return several([one.author_name.split(" ")[0] for one in look_backs])


@register.filter
def helped(entry: LedgerEntry) -> str:
    """The people who helped, by name; how far it led stands beside them."""
    return ledger.people_words(entry)
