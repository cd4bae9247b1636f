"""The preview beside the list as plain values, and drawn: the request that is picked, read without opening it."""

from __future__ import annotations

from typing import NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from visits import words
from visits.admin.queue.rows import Row
from visits.choices import RequestState
from visits.planning import Check


class Preview(NamedTuple):
    """What the preview of one request shows, but for the requests that it may be the same as."""

    pk: int
    reference: str
    organisation: str
    contact: str
    role: str
    people: int
    spoken: str
    coordinator: str
    aim: str
    chosen: str
    brings: str
    is_asked: bool
    answers: tuple[Check, ...]
    state: RequestState
    is_open: bool
    may_wait: bool
    may_decline: bool

    @property
    def is_new(self) -> bool:
        """Nobody has taken it: the first press does."""
        return self.state == RequestState.SUBMITTED

    @property
    def may_be_asked(self) -> bool:
        """Whether a question is asked by a move of the state table."""
        return self.state in (RequestState.SUBMITTED, RequestState.IN_REVIEW)

    @classmethod
    def of(cls, row: Row) -> Preview:
        case = row.case
        return cls(
            pk=case.pk,
            reference=case.reference or "",
            organisation=case.organisation_name,
            contact=case.contact_name,
            role=case.contact_role,
            people=case.group_size or 0,
            spoken=case.spoken,
            coordinator=str(case.coordinator or ""),
            aim=case.aim or row.wants,
            chosen=row.chosen,
            brings=case.brings,
            is_asked=row.is_asked,
            answers=row.checks.answers,
            state=case.request_state,
            is_open=case.is_open,
            may_wait=row.may_wait,
            may_decline=row.may_decline,
        )

    @property
    def drawn(self) -> SafeString:
        """The panel, where nothing has to be said of other requests; drawn once for all who see it."""
        return _drawn(self)


@words.remembered
def _drawn(shown: Preview) -> SafeString:
    return render_to_string("desk/queue/preview.html", {"case": shown})
