"""The programme as a page to read: as it stands, or one of the versions that were sent."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from visits import scheduling, story
from visits.choices import ProposalAnswer, RequestState
from visits.documents.hand import hand_of
from visits.http import Follower, follower
from visits.models import Proposal
from visits.views import saved
from visits.views import versions as pages
from visits.views.visit_page import LIVE_AGENDA, case_of


@never_cache
@require_safe
def programme(request: HttpRequest, reference: str) -> HttpResponse:
    """The newest version, or the one that is asked for; once it is confirmed, the programme as it stands.

    Everybody of the group may read it. Http404 for a version that was never sent.
    """
    reader = follower(request, reference)
    case = case_of(reader.visit_request)
    versions = pages.versions_of(reader.visit_request, case)
    asked = request.GET.get("version")
    proposal = versions.numbered(pages.number(asked)) if asked else versions.newest
    if asked and proposal is None:
        raise Http404
    if proposal is None:
        return redirect(reader.visit_request)
    context = pages.read(request, case, versions, proposal) | _how_it_stands(case, versions, proposal, reader)
    if not asked and case.state in LIVE_AGENDA and case.visit is not None:
        context |= _live(case) | {"is_saved": saved.is_saved(case.visit)}
        return saved.saved_on_phones(render(request, "visits/visit/programme.html", context), case.visit)
    return render(request, "visits/visit/programme.html", context)


def _how_it_stands(case: story.Case, versions: story.Versions, proposal: Proposal, reader: Follower) -> dict[str, Any]:
    is_open = case.state == RequestState.PROPOSED and proposal.answer == ProposalAnswer.OPEN
    return {
        "reader": reader,
        "hand": hand_of(reader.visit_request),
        "now": timezone.now(),
        "banner": story.banner(case) if reader.decides else story.banner_for_member(case),
        "is_old": versions.newest is not None and proposal.number < versions.newest.number,
        "may_answer": is_open and reader.decides,
        "is_live": False,
    }


def _live(case: story.Case) -> dict[str, Any]:
    """The agenda as it is planned now, which may have changed since the version that was agreed to."""
    days = story.days_of_visit(scheduling.sessions_of(case.visit_request))
    return {
        "is_live": True,
        "days": story.plain_days(days),
        "changes": [],
        "different": "",
        "beside": [],
        "own_minutes": story.own_minutes(days),
        "own_was": None,
        "worked_minutes": sum(day.worked for day in days),
        "talk": story.talk_words(days),
    }
