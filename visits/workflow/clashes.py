"""Two colleagues have written the same thing: who chose between the two, and what was kept, stands in the history."""

from __future__ import annotations

from collections.abc import Mapping

from visits import history
from visits.models import User, VisitRequest


def note_choice(visit_request: VisitRequest, kept: Mapping[str, str], *, other: str, by: User) -> None:
    """Write down what was kept where `by` and somebody else both changed something: label → words, in their order."""
    chosen = [{"label": label, "kept": words[:500]} for label, words in kept.items()]
    history.record(visit_request, "chose_between", by=by, other=other, chosen_between=chosen)
