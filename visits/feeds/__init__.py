"""Calendars as files (iCalendar): a facilitator's own, and a visit for its guests.

The same rows give the same bytes, so that a calendar program can be told that nothing has
changed. No addresses, no telephone numbers, nothing about food or access needs.
"""

from visits.feeds.facilitator import File, facilitator_calendar
from visits.feeds.helping import gathering_calendar
from visits.feeds.parts import etag_of
from visits.feeds.visit import has_calendar, visit_calendar

__all__ = ["File", "etag_of", "facilitator_calendar", "gathering_calendar", "has_calendar", "visit_calendar"]
