"""The guests change a request that was sent, and what any change of its facts comes to."""

from visits.changing.deeds import begun, change_request, lock, planning_has_begun, refuse_unless_changeable

__all__ = ["begun", "change_request", "lock", "planning_has_begun", "refuse_unless_changeable"]
