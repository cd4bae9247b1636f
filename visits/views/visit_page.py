"""What the visitor's page is made of: the rows it reads, a constant number of queries."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet, Value, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from visits import agreement, feasibility, group, ledger, meeting, roles, scheduling, story, undoing, waiting
from visits.choices import ProposalAnswer, RequestState
from visits.documents.hand import hand_of
from visits.forms.line import MonthsForm
from visits.forms.visit import MessageForm
from visits.models import Agreement, Participant, User, VisitRequest
from visits.rules import ENDED, STANDING, earliest_first_day, may_be_changed, may_move
from visits.views import versions
from visits.views.ways_on import ways_on

S = RequestState
LIVE_AGENDA = (S.CONFIRMED, S.COMPLETED)
HAVE_AGREEMENT = (*STANDING, S.COMPLETED)
MAY_BE_REOPENED = (S.DECLINED, S.WITHDRAWN, S.EXPIRED)
OTHER_DAYS = 2
LOOK_AHEAD = timedelta(weeks=10)


def show(
    request: HttpRequest,
    visit_request: VisitRequest,
    *,
    member: Participant | None = None,
    form: MessageForm | None = None,
    months_form: MonthsForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page of a visit; with a form that is to be mended, or a sentence on why nothing was done.

    For a `member` of the group it is the same page to read, without what the contact person decides.
    """
    form = form or MessageForm(label=message_label(visit_request))
    context = {**read(visit_request), "form": form, "refusal": refusal, "member": member}
    context["room_card"] = meeting.card_of(meeting.as_guest(visit_request, member), timezone.now())
    if months_form is not None:
        context["months_form"] = months_form
    if member is not None:
        context |= _as_member(context)
    return render(request, "visits/visit/visit.html", context, status=status)


def _as_member(read_by_contact: dict[str, Any]) -> dict[str, Any]:
    """What one of the group reads otherwise: whose turn it is, and none of what the contact person and we write."""
    return {
        "banner": story.banner_for_member(read_by_contact["case"]),
        "asked_rows": story.without_needs(read_by_contact["asked_rows"], read_by_contact["case"].visit_request),
        "comments": [],
        "may_change": False,
        "may_withdraw": False,
        "may_cancel": False,
        "may_answer": False,
    }


def refused(request: HttpRequest, reference_of: VisitRequest, sentence: str, *, typed: str = "") -> HttpResponse:
    """The page as it stands now, with the sentence first and what was typed kept in the message box."""
    sentence = undoing.wait_words(reference_of) or sentence
    if typed:
        sentence += " " + _("What you wrote is kept in the message box.")
    with undoing.as_it_was(undoing.pending(reference_of.reference)):
        now = VisitRequest.objects.select_related("coordinator", "visit").get(pk=reference_of.pk)
        form = MessageForm(initial={"text": typed}, label=message_label(now))
        return show(request, now, form=form, refusal=sentence, status=409)


def moved_on(request: HttpRequest, visit_request: VisitRequest, *, typed: str = "") -> HttpResponse:
    """Somebody, or another window, was faster: nothing was done, and how it stands now is shown."""
    sentence = _(
        "Your visit has moved on since you opened that page, so nothing was changed. This is how it stands now."
    )
    return refused(request, visit_request, sentence, typed=typed)


def case_of(visit_request: VisitRequest) -> story.Case:
    """What the story is told from; three queries, five in the waiting list, one more when our answer is late."""
    has_one = visit_request.request_state in HAVE_AGREEMENT
    return case_with(visit_request, agreement.current(visit_request) if has_one else None)


def case_with(visit_request: VisitRequest, found: Agreement | None) -> story.Case:
    """As `case_of`, with the version of the agreement that stands, which has been read already."""
    if visit_request.request_state not in story.DAYS_SET:
        prefetch_related_objects([visit_request], "wishes")
    moves = visit_request.history.known_outside(timezone.now()).filter(what__in=story.MOVES).order_by("at", "pk")
    proposals = list(visit_request.proposals.select_related("sent_by").order_by("-number")[:1])
    now = timezone.now()
    return story.Case(
        visit_request, list(moves), proposals[0] if proposals else None, now,
        line=waiting.standing(visit_request) if visit_request.request_state == S.WAITLISTED else None,
        agreement=found if visit_request.request_state in HAVE_AGREEMENT else None,
        after=_after(visit_request), manager=_manager() if visit_request.is_overdue(now) else "",
    )  # fmt: skip


def _manager() -> str:
    """Who leads the work with visits, by name; one query."""
    manager = User.objects.filter(is_active=True, groups__name=roles.MANAGERS).order_by("pk").first()
    return str(manager) if manager else ""


def _after(visit_request: VisitRequest) -> ledger.Afterwards | None:
    """What a visit that is over waits for; three queries."""
    is_over = visit_request.request_state == S.COMPLETED and hasattr(visit_request, "visit")
    return ledger.afterwards(visit_request.visit, timezone.localdate()) if is_over else None


def read(visit_request: VisitRequest) -> dict[str, Any]:
    """Everything that the page shows: six to nine queries by state, twenty where days are looked up."""
    case = case_of(visit_request)
    state = visit_request.request_state
    return {
        "case": case,
        "visit_request": visit_request,
        "banner": story.banner(case),
        "heading": story.heading(case),
        "status": story.status(case),
        "facts": story.facts(case),
        "steps": story.steps(case),
        "comments": visit_request.comments.shared(),
        "has_ended": state in ENDED,
        "may_change": may_be_changed(state, planning_has_begun=_has_begun(case)),
        "may_withdraw": may_move(state, S.WITHDRAWN),
        "may_cancel": may_move(state, S.CANCELLED),
        "may_answer": state == S.PROPOSED and case.proposal and case.proposal.answer == ProposalAnswer.OPEN,
        "agreement_card": story.agreement_card(case),
        "doing": story.doing(case),
        "reach": story.reach(case),
        "rely": story.rely(case),
        "happened": story.happened(case),
        "hand": hand_of(visit_request),
        **asked_of(visit_request),
        **_programme(case),
        **_group(case),
        **_ways(case),
    }


def _has_begun(case: story.Case) -> bool:
    """Whether there is something planned already: days, a programme that was proposed, a place that is kept."""
    return hasattr(case.visit_request, "visit") or case.proposal is not None or case.place is not None


def asked_of(visit_request: VisitRequest) -> dict[str, Any]:
    """What the guests sent us, in words."""
    wishes = [_of(wish, visit_request) for wish in visit_request.wishes.all()]
    return {
        "want_tags": story.want_tags(visit_request, _chosen_names(visit_request)),
        "bring_tags": story.bring_tags(visit_request),
        "asked_rows": story.asked_rows(visit_request, wishes, getattr(visit_request, "needs", None)),
    }


def _chosen_names(visit_request: VisitRequest) -> list[str]:
    """Areas, offerings, initiatives and programmes by name, each kind in its order; one query."""
    related: tuple[QuerySet[Any], ...] = (
        visit_request.areas.all(),
        visit_request.offerings.all(),
        visit_request.initiatives.all(),
        visit_request.programmes.all(),
    )
    first, *others = (
        rows.order_by().annotate(kind=Value(kind)).values_list("kind", "order", "name")
        for kind, rows in enumerate(related)
    )
    return [name for _kind, _order, name in sorted(first.union(*others, all=True))]


def _of(wish: Any, visit_request: VisitRequest) -> Any:
    wish.request = visit_request  # its length is the request's: no query for each wish
    return wish


def _programme(case: story.Case) -> dict[str, Any]:
    if case.state in LIVE_AGENDA and case.visit is not None:
        days = story.days_of_visit(scheduling.sessions_of(case.visit_request))
    else:
        days = _sent(case)
    return {
        "days": days,
        "own_count": len(story.own_rows(days)),
        "own_minutes": story.own_minutes(days),
        "talk": story.talk_words(days),
        "periods": versions.periods(case.proposal) if case.proposal and case.state == S.PROPOSED else [],
    }


def _sent(case: story.Case) -> list[story.Day]:
    """The programme as it was sent, on the days that the guests chose; nothing once they wish for others."""
    if case.proposal is None or case.days_are_off:
        return []
    days = story.days_of_snapshot(case.proposal.agenda)
    chosen = case.visit.first_day if case.visit else case.proposal.first_day
    return story.moved(days, (chosen - case.proposal.first_day).days)


def _group(case: story.Case) -> dict[str, Any]:
    if case.state not in group.OPEN_STATES or case.visit is None:
        return {}
    return {"shows_group": True, "group": group.of(case.visit)}


def _ways(case: story.Case) -> dict[str, Any]:
    visit_request = case.visit_request
    if visit_request.request_state == S.DECLINED:
        return {"ways": ways_on(visit_request), "reason": story.decline_reason(visit_request)}
    if case.line is not None:
        chosen = {"months": [month.key for month in case.line.months], "seen": visit_request.version}
        months_form = MonthsForm(standing=case.line, initial=chosen)
        return {"standing": case.line, "other_days": other_days(visit_request), "months_form": months_form}
    return {}


def other_days(visit_request: VisitRequest) -> dict[date, feasibility.Answer]:
    """The next first days after the first choice on which everything fits, on the weekday that was wished for."""
    wished = visit_request.first_choice or timezone.localdate()
    today = timezone.localdate()
    first = max(wished, earliest_first_day(today)) + timedelta(days=1)
    outlook = feasibility.outlook(feasibility.wants_of(visit_request), first, first + LOOK_AHEAD, asked_on=today)
    fitting = [day for day in outlook.open_days() if day.weekday() == wished.weekday()][:OTHER_DAYS]
    return {day: outlook.day(day) for day in fitting}


def message_label(visit_request: VisitRequest) -> str:
    """What the message box is for, as it stands."""
    if visit_request.request_state == S.INFO_REQUESTED:
        return _("Your answer")
    if visit_request.request_state in MAY_BE_REOPENED:
        return _("Ask us to look again")
    host = visit_request.coordinator
    return _("Write to %(name)s") % {"name": host.first_name or host} if host else _("Write to us")
