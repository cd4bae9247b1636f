"""The page after a decision: what waits, what happens next with its dates, and the next request in triage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import ladder, rules, story, words
from visits.admin.queue.line import waited
from visits.choices import Anchor, MessageState, ProposalAnswer, RequestState
from visits.models import Ask, Decision, Message, Proposal, VisitRequest
from visits.undoing import rows


@dataclass(frozen=True)
class Next:
    """One thing that comes, when, and whose it is: ours, the guests' («g») or both («b»)."""

    when: str
    what: str
    side: str = ""


def sent(case: VisitRequest, decision: Decision | None) -> dict[str, Any]:
    """What the page shows beside the head of the request; seven queries."""
    proposal = case.proposals.filter(answer=ProposalAnswer.OPEN).first()
    shown = proposal if case.request_state == RequestState.PROPOSED else None
    return {
        "proposal": shown,
        "days": story.days_of_snapshot(shown.agenda) if shown else [],
        "alternatives": [story.way_on(one) for one in case.alternatives.select_related("request").order_by("pk")],
        "coming": [*_mails(decision), *_asks(case), *_answer(case, shown), *_kept(case)],
        **_next(case),
    }


def _mails(decision: Decision | None) -> list[Next]:
    if decision is None:
        return []
    mails = Message.objects.filter(pk__in=rows.made(decision.changes, Message), state=MessageState.DUE)
    names = list(dict.fromkeys(mails.order_by("pk").values_list("to_name", flat=True)))
    if not names:
        return []
    when = _("%(time)s today") % {"time": words.clock(decision.until)}
    told = ngettext("A mail to %(names)s", "Mails to %(names)s", len(names))
    return [Next(when, told % {"names": ", ".join(names)})]


def _asks(case: VisitRequest) -> list[Next]:
    """One line for each colleague and last day, whatever the number of sessions."""
    waiting = Ask.objects.waiting().filter(session__visit__request=case, in_place_of=None, answer_by__isnull=False)
    asked: dict[tuple[date, str], list[str]] = {}
    for ask in waiting.select_related("facilitator__user", "session").order_by("answer_by", "pk"):
        if ask.answer_by:
            asked.setdefault((words.local_date(ask.answer_by), ask.facilitator.name), []).append(ask.session.title)
    return [Next(words.weekday(day), _told_of(name, titles)) for (day, name), titles in asked.items()]


def _told_of(name: str, titles: list[str]) -> str:
    told = ngettext(
        "%(name)s has answered about “%(session)s”, else somebody else is asked",
        "%(name)s has answered about “%(session)s” and %(count)s more, else somebody else is asked",
        len(titles),
    )
    return told % {"name": name, "session": titles[0], "count": words.spelled(len(titles) - 1)}


def _answer(case: VisitRequest, proposal: Proposal | None) -> list[Next]:
    if proposal is None:
        return []
    name = {"name": case.first_name}
    reminded, told = ladder.days_of(Anchor.PROPOSAL), _("A reminder to %(name)s, if there is no answer") % name
    return [
        *([Next(words.weekday(proposal.answer_by - reminded * rules.DAY), told, "g")] if reminded else []),
        Next(
            words.weekday(proposal.answer_by),
            _("%(name)s has answered. Without an answer it is our turn again") % name,
            "g",
        ),
        Next(words.day_range(proposal.first_day, proposal.last_day), _("We meet"), "b"),
    ]


def _kept(case: VisitRequest) -> list[Next]:
    """Until when the weeks are kept that went with a no."""
    until = case.alternatives.filter(held_until__isnull=False).values_list("held_until", flat=True).first()
    if until is None or case.request_state != RequestState.DECLINED:
        return []
    return [Next(words.weekday(until), _("The last day on which the other weeks are kept for them"), "g")]


def _next(case: VisitRequest) -> dict[str, Any]:
    """The request that ought to move first, this one left out, and how long it has waited when that is a day."""
    found = VisitRequest.objects.sent().waiting_for_us().exclude(pk=case.pk).by_due().first()
    days = (timezone.localdate() - words.local_date(found.state_since)).days if found else 0
    return {"next_case": found, "next_waited": waited(days) if days > 0 else ""}
