"""The triage queue: which requests a page shows, and what each row says."""

from visits.admin.queue.chips import Chip, Tab, chips, filters, tabs
from visits.admin.queue.page import Page, coming_back, look
from visits.admin.queue.preview import Preview
from visits.admin.queue.rows import Row
from visits.admin.queue.wanted import TABS, Wanted, remember

__all__ = [
    "TABS",
    "Chip",
    "Page",
    "Preview",
    "Row",
    "Tab",
    "Wanted",
    "chips",
    "coming_back",
    "filters",
    "look",
    "remember",
    "tabs",
]
