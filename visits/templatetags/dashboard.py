"""Cells of the dashboard's tables as people read them. Filter: figure."""

from __future__ import annotations

from datetime import date

from django import template
from django.utils.formats import number_format

from visits import words
from visits.sheets import Cell

register = template.Library()


@register.filter
def figure(cell: Cell) -> str:
    """{{ cell|figure }}: «4.25» or «4,25», «16 March 2027», a dash for nothing; words as they are."""
    if cell is None:
        return "–"
    if isinstance(cell, date):
        return words.plain_day(cell)
    return str(number_format(cell)) if isinstance(cell, int | float) else cell
