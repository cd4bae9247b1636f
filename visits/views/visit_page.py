"""What the visitor's page is made of: the rows it reads, a constant number of queries."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Prefetch, QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from visits import season, story, words
from visits.choices import ProposalAnswer, RequestState
from visits.forms.visit import MessageForm
from visits.group import OPEN_STATES
from visits.models import Ask, Session, VisitRequest
from visits.rules import ENDED, earliest_first_day, may_move

S = RequestState
LIVE_AGENDA = (S.CONFIRMED, S.COMPLETED)
MAY_BE_REOPENED = (S.DECLINED, S.WITHDRAWN, S.EXPIRED)
OTHER_DAYS = 2
LOOK_AHEAD = timedelta(weeks=10)


def show(
    request: HttpRequest,
    visit_request: VisitRequest,
    *,
    form: MessageForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page of a visit; with a form that is to be mended, or a sentence on why nothing was done."""
    form = form or MessageForm(label=message_label(visit_request))
    context = {**read(visit_request), "form": form, "refusal": refusal}
    return render(request, "visits/visit/visit.html", context, status=status)


def refused(request: HttpRequest, reference_of: VisitRequest, sentence: str, *, typed: str = "") -> HttpResponse:
    """The page as it stands now, with the sentence first and what was typed kept in the message box."""
    now = VisitRequest.objects.select_related("coordinator", "visit").get(pk=reference_of.pk)
    if typed:
        sentence += " " + _("What you wrote is kept in the message box.")
    form = MessageForm(initial={"text": typed}, label=message_label(now))
    return show(request, now, form=form, refusal=sentence, status=409)


def moved_on(request: HttpRequest, visit_request: VisitRequest, *, typed: str = "") -> HttpResponse:
    """Somebody, or another window, was faster: nothing was done, and how it stands now is shown."""
    sentence = _(
        "Your visit has moved on since you opened that page, so nothing was changed. This is how it stands now."
    )
    return refused(request, visit_request, sentence, typed=typed)


def case_of(visit_request: VisitRequest) -> story.Case:
    """What the story is told from; two queries, three in the waiting list."""
    moves = visit_request.history.filter(what__in=story.MOVES).order_by("at", "pk")
    proposals = list(visit_request.proposals.select_related("sent_by").order_by("-number")[:1])
    return story.Case(
        visit_request, list(moves), proposals[0] if proposals else None, timezone.now(), ahead=_ahead(visit_request)
    )


def _ahead(visit_request: VisitRequest) -> int:
    """How many wait in the line for the same week, and have waited longer."""
    day = visit_request.first_wished_day
    if visit_request.request_state != S.WAITLISTED or day is None:
        return 0
    monday = day - timedelta(days=day.weekday())
    waiting = VisitRequest.objects.filter(
        state=S.WAITLISTED, first_wished_day__range=(monday, monday + timedelta(days=6))
    )
    return waiting.filter(state_since__lt=visit_request.state_since).count()


def read(visit_request: VisitRequest) -> dict[str, Any]:
    """Everything that the page shows: six to nine queries by state, whatever the number of rows."""
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
        "may_withdraw": may_move(state, S.WITHDRAWN),
        "may_cancel": may_move(state, S.CANCELLED),
        "may_answer": state == S.PROPOSED and case.proposal and case.proposal.answer == ProposalAnswer.OPEN,
        **_asked(visit_request),
        **_programme(case),
        **_group(case),
        **_ways(visit_request),
    }


def _asked(visit_request: VisitRequest) -> dict[str, Any]:
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
        days = story.days_of_visit(sessions_of(case))
    else:
        days = story.days_of_snapshot(case.proposal.agenda) if case.proposal else []
    return {"days": days, "own_count": len(story.own_rows(days)), "own_minutes": story.own_minutes(days)}


def sessions_of(case: story.Case) -> list[Session]:
    rows = Session.objects.filter(visit__request=case.visit_request).select_related("room")
    return list(rows.prefetch_related(Prefetch("asks", Ask.objects.select_related("facilitator__user"))))


def _group(case: story.Case) -> dict[str, Any]:
    if case.state not in OPEN_STATES or case.visit is None:
        return {}
    people = list(case.visit.participants.all())
    return {"shows_group": True, "people": people, "free": max((case.visit_request.group_size or 0) - len(people), 0)}


def _ways(visit_request: VisitRequest) -> dict[str, Any]:
    if visit_request.request_state == S.DECLINED:
        ways = [(way.pk, story.way_on(way)) for way in visit_request.alternatives.order_by("pk")]
        return {"ways": ways, "reason": story.decline_reason(visit_request)}
    if visit_request.request_state == S.WAITLISTED:
        return {"other_days": other_days(visit_request)}
    return {}


def wishes_offered(visit_request: VisitRequest) -> dict[str, str]:
    """What may be wished for by one press on the page as it stands, and what it writes to us."""
    if visit_request.request_state == S.DECLINED:
        ways = ((way.pk, story.way_on(way)) for way in visit_request.alternatives.all())
        return {str(pk): way.wish for pk, way in ways if way.wish}
    if visit_request.request_state == S.WAITLISTED:
        wish = _("We would rather come on %(day)s, and leave the line.")
        return {day.isoformat(): wish % {"day": words.day(day)} for day in other_days(visit_request)}
    return {}


def other_days(visit_request: VisitRequest) -> list[date]:
    """The next open first days in other weeks, on the weekday that was wished for."""
    wished = visit_request.first_wished_day or timezone.localdate()
    today = timezone.localdate()
    first = max(wished, earliest_first_day(today)) + timedelta(days=1)
    states = season.day_states(first, first + LOOK_AHEAD, asked_on=today)
    fitting = (day for day, state in states.items() if day.weekday() == wished.weekday())
    return [day for day in fitting if states[day].kind == season.DayKind.OPEN][:OTHER_DAYS]


def message_label(visit_request: VisitRequest) -> str:
    """What the message box is for, as it stands."""
    if visit_request.request_state == S.INFO_REQUESTED:
        return _("Your answer")
    if visit_request.request_state in MAY_BE_REOPENED:
        return _("Ask us to look again")
    host = visit_request.coordinator
    return _("Write to %(name)s") % {"name": host.first_name or host} if host else _("Write to us")
