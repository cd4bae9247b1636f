"""What the pages of a programme show: one of its versions, beside an earlier one or by itself."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.utils.translation import gettext as _

from visits import pricing, story, words
from visits.choices import ProposalAnswer
from visits.models import Proposal, VisitRequest
from visits.pricing import Quote

NONE = "none"  # how an address asks for a version without any marks


class Period(NamedTuple):
    """Days that a proposal offers; its own are the first choice."""

    rank: int
    first_day: date
    last_day: date
    quote: Quote

    @property
    def words(self) -> str:
        return words.weekday_range(self.first_day, self.last_day)


class Beside(NamedTuple):
    """A version that one may compare with, as a link."""

    title: str
    query: str
    is_current: bool


def versions_of(visit_request: VisitRequest, case: story.Case) -> story.Versions:
    """Every version that was sent; two queries, whatever their number."""
    proposals = visit_request.proposals.select_related("sent_by").prefetch_related("options")
    return story.Versions(list(proposals), [move for move in case.moves if move.what == "change_wanted"])


def periods(proposal: Proposal) -> list[Period]:
    """The days that the guests may choose among; the proposal's own alone where no others are offered."""
    others = proposal.quote.get("other_days", {})
    own = Period(1, proposal.first_day, proposal.last_day, pricing.thawed(proposal.quote))
    return [
        own,
        *(
            Period(option.rank, option.first_day, option.last_day, pricing.thawed(others.get(str(option.rank), {})))
            for option in proposal.options.all()
        ),
    ]


def taken(proposal: Proposal) -> Period | None:
    """The days that the guests said yes to."""
    if proposal.answer != ProposalAnswer.YES:
        return None
    chosen = next((option.rank for option in proposal.options.all() if option.chosen_at), 1)
    return next(period for period in periods(proposal) if period.rank == chosen)


def read(request: HttpRequest, case: story.Case, versions: story.Versions, proposal: Proposal) -> dict[str, Any]:
    """One version: its days with what has changed in place, the list of that, and what goes with it.

    What the guests said yes to is shown on the days that they chose.
    """
    against = _against(request, versions, proposal)
    chosen = taken(proposal)
    first_day = chosen.first_day if chosen else proposal.first_day
    days = story.moved(story.days_of_snapshot(proposal.agenda), (first_day - proposal.first_day).days)
    return {
        "visit_request": case.visit_request,
        "case": case,
        "proposal": proposal,
        "versions": versions,
        "newest": versions.newest,
        "banner": story.banner(case),
        "facts": story.facts(case),
        "own": story.own_rows(days),
        "ours": sum(row.kind == "host" for day in days for row in day.sessions),
        "own_minutes": story.own_minutes(days),
        "worked_minutes": sum(day.worked for day in days),
        "talk": story.talk_words(days),
        "periods": periods(proposal),
        "taken": chosen,
        "quote": (chosen or periods(proposal)[0]).quote,
        **_compared(days, versions, proposal, against, first_day=first_day),
        "beside": _beside(versions, proposal, against),
        "against": against,
    }


def _compared(
    days: list[story.Day], versions: story.Versions, proposal: Proposal, against: Proposal | None, *, first_day: date
) -> dict[str, Any]:
    if against is None:
        return {"days": story.plain_days(days), "changes": [], "different": "", "own_was": None}
    difference = story.compare(story.version_of(against), story.version_of(proposal).on_days_from(first_day))
    changes = versions.changes(proposal, against)
    was = story.own_minutes(story.days_of_snapshot(against.agenda))
    return {
        "days": story.marked_days(days, difference),
        "changes": changes,
        "different": story.count_words(changes, against.number),
        "own_was": was if was != story.own_minutes(days) else None,
    }


def _against(request: HttpRequest, versions: story.Versions, proposal: Proposal) -> Proposal | None:
    """The earlier version that the address asks for; the one before where it asks for nothing we know."""
    asked = request.GET.get("against", "")
    if asked == NONE:
        return None
    earlier = versions.before(proposal)
    named = next((one for one in earlier if str(one.number) == asked), None)
    return named or (earlier[-1] if earlier else None)


def _beside(versions: story.Versions, proposal: Proposal, against: Proposal | None) -> list[Beside]:
    earlier = versions.before(proposal)
    if not earlier:
        return []
    links = [
        Beside(_("version %(number)d") % {"number": one.number}, str(one.number), one is against) for one in earlier
    ]
    return [*links, Beside(_("no changes"), NONE, against is None)]


def number(typed: str | None) -> int | None:
    """The number of a version as an address names it; None for anything else."""
    return int(typed) if typed and typed.isascii() and typed.isdigit() and len(typed) < 6 else None
