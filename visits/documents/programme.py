"""The programme on paper: the version that was proposed, or the agenda of a confirmed visit as it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.utils import translation
from django.utils.translation import ngettext

from visits import story
from visits.choices import RequestState
from visits.documents import shelf
from visits.documents.agenda import sessions_of
from visits.models import Proposal, Visit, VisitRequest

S = RequestState
TEMPLATE: Final = "print/programme.html"
LIVE_IN: Final = (S.CONFIRMED, S.COMPLETED)
SENT_IN: Final = (S.PROPOSED, S.AGREED)


@dataclass(frozen=True)
class Programme:
    """What one paper says. `number` is the version that was said yes to, or is to be answered."""

    visit_request: VisitRequest
    title: str
    first_day: date
    last_day: date
    days: list[story.Day]
    number: int | None
    dated: datetime
    is_live: bool
    names: list[str]
    practical: str

    @property
    def who_comes(self) -> str:
        """Who has agreed to stand in print by name, and how many more there are."""
        size = self.visit_request.group_size or 0
        others = max(size - len(self.names), 0)
        if not self.names:
            people = ngettext("%(count)d person from %(organisation)s", "%(count)d people from %(organisation)s", size)
            return people % {"count": size, "organisation": self.visit_request.organisation_name}
        if not others:
            return ", ".join(self.names)
        more = ngettext("%(names)s and one colleague", "%(names)s and %(count)d colleagues", others)
        return more % {"names": ", ".join(self.names), "count": others}


def programme_of(visit_request: VisitRequest) -> Programme | None:
    """What there is to print in the language that is on; None while nothing has been proposed. Six queries at most."""
    visit = Visit.objects.filter(request=visit_request).first()
    proposal = visit_request.proposals.order_by("-number").first()
    if visit is None or visit_request.request_state not in (*LIVE_IN, *SENT_IN):
        return None
    if visit_request.request_state in LIVE_IN:
        return _live(visit_request, visit, proposal)
    return _sent(visit_request, visit, proposal) if proposal else None


def programme_pdf(visit_request: VisitRequest, *, language: str) -> bytes | None:
    """The paper as a PDF; None while nothing has been proposed. Raises NoPress where none can be made."""
    with translation.override(language):
        programme = programme_of(visit_request)
        return shelf.pdf(TEMPLATE, {"programme": programme}, language=language) if programme else None


def _live(visit_request: VisitRequest, visit: Visit, proposal: Proposal | None) -> Programme:
    return Programme(
        visit_request, visit.title, visit.first_day, visit.last_day, story.days_of_visit(sessions_of(visit)),
        number=proposal.number if proposal else None, dated=visit.changed_at, is_live=True,
        names=_printed_names(visit), practical=visit.practical,
    )  # fmt: skip


def _sent(visit_request: VisitRequest, visit: Visit, proposal: Proposal) -> Programme:
    # Once they have said yes, it stands on the days that they chose of those that were offered.
    has_chosen = visit_request.request_state == S.AGREED
    first, last = (visit.first_day, visit.last_day) if has_chosen else (proposal.first_day, proposal.last_day)
    days = story.moved(story.days_of_snapshot(proposal.agenda), (first - proposal.first_day).days)
    return Programme(
        visit_request, proposal.title, first, last, days, number=proposal.number, dated=proposal.sent_at, is_live=False,
        names=_printed_names(visit), practical=visit.practical,
    )  # fmt: skip


def _printed_names(visit: Visit) -> list[str]:
    return list(visit.participants.written().filter(may_be_printed=True).values_list("name", flat=True))
