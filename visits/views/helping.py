"""A gathering of ours: what somebody is asked, their answer, and what they want to know when they help."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.db.models import CharField, Q, Value
from django.db.models.functions import Coalesce, NullIf
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from visits import access, feeds, rules, scheduling, words
from visits.choices import AskState
from visits.http import facilitator_of
from visits.models import AccessLink, Ask, Booking, Facilitator, GatheringAsk
from visits.scheduling import AskRefused, Clash, InTheWay, diary, helping
from visits.views.feed import calendar_response

CONFLICT: Final = 409
DEEDS: Final = {
    "yes": scheduling.accept_helping, "no": scheduling.decline_helping, "undo": scheduling.take_back_helping,
}  # fmt: skip


class Answered(NamedTuple):
    """One answer that somebody has given, about a session or about a gathering."""

    what: str  # «ask» or «gathering»
    pk: int
    title: str
    starts_at: datetime
    answered_at: datetime
    state: str
    other_time: str

    @property
    def href(self) -> str:
        return reverse("visits:asked_one" if self.what == "ask" else "visits:gathering_asked", args=[self.pk])

    @property
    def is_yes(self) -> bool:
        return self.state == AskState.ACCEPTED


@require_http_methods(["GET", "HEAD", "POST"])
def gathering_asked(request: HttpRequest, helping_id: int) -> HttpResponse:
    """One ask about a gathering and its answer; 404 for anybody else's. A yes leads to the gathering's own page."""
    facilitator = facilitator_of(request)
    ask = get_object_or_404(helping.told(), pk=helping_id, facilitator=facilitator)
    if request.method != "POST" and ask.state == AskState.ACCEPTED and helping.is_at_its_time(ask):
        return redirect("visits:gathering", ask.gathering_id)
    refusal = _answer(ask, request) if request.method == "POST" else ""
    if request.method == "POST" and not refusal:
        return redirect("visits:asked")
    ask = _as_it_stands(ask) if refusal else ask
    bookings = scheduling.own_bookings(facilitator, timezone.localdate(), [ask])
    context = _asked(ask, refusal)
    fact = facts(ask, bookings, scheduling.OwnWays(facilitator))
    if context["closed"]:  # whether they would be free then is nothing to know any more
        fact |= {"free": None, "taken": None}
    context |= {
        "fact": fact,
        "asked_count": scheduling.waiting_count(facilitator),
    }  # fmt: skip
    return render(request, "facilitators/gathering_asked.html", context, status=CONFLICT if refusal else 200)


def answer(request: HttpRequest, link: AccessLink, asked: GatheringAsk) -> HttpResponse:
    """The page behind the link in the mail: opening it changes nothing, its buttons answer."""
    ask = get_object_or_404(helping.told(), pk=asked.pk)
    refusal = _answer(ask, request) if request.method == "POST" else ""
    if request.method == "POST" and not refusal:
        return redirect("visits:ask_answer", access.token(link))
    ask = _as_it_stands(ask) if refusal else ask
    context = _asked(ask, refusal) | {"fact": {"ask": ask, "gathering": ask.gathering}}
    return render(request, "facilitators/gathering_link.html", context, status=CONFLICT if refusal else 200)


@require_safe
def gathering(request: HttpRequest, gathering_id: int) -> HttpResponse:
    """All that somebody needs who helps at a gathering; who has not said yes is led to what they were asked."""
    ask = _mine(request, gathering_id)
    if ask.state != AskState.ACCEPTED:
        return redirect("visits:gathering_asked", ask.pk)
    others = ask.gathering.asks.filter(state=AskState.ACCEPTED).exclude(pk=ask.pk).select_related("facilitator__user")
    context = {
        "ask": ask, "gathering": ask.gathering, "site": ask.gathering.site,
        "others": [one.facilitator.name for one in others.order_by("pk")],
        "way": scheduling.OwnWays(ask.facilitator).to(ask.gathering.site), "is_over": ask.ends_at <= timezone.now(),
        "days_left": (words.local_date(ask.starts_at) - timezone.localdate()).days,
        "asked_count": scheduling.waiting_count(ask.facilitator),
    }  # fmt: skip
    return render(request, "facilitators/gathering.html", context)


@require_safe
def gathering_file(request: HttpRequest, gathering_id: int) -> HttpResponse:
    """The gathering in their calendar; 404 while they do not help there."""
    ask = _mine(request, gathering_id)
    if ask.state != AskState.ACCEPTED:
        raise Http404
    return calendar_response(request, feeds.gathering_calendar(ask), f"qulturum-{ask.gathering.day}.ics")


def _mine(request: HttpRequest, gathering_id: int) -> GatheringAsk:
    """What somebody was asked last about a gathering."""
    found = helping.told().filter(gathering=gathering_id, facilitator=facilitator_of(request)).order_by("pk").last()
    if found is None:
        raise Http404
    return found


def _asked(ask: GatheringAsk, refusal: str | InTheWay) -> dict[str, Any]:
    return {
        "ask": ask, "refusal": refusal, "closed": scheduling.no_more_helping(ask),
        "may_undo": scheduling.may_undo_helping(ask, timezone.now()),
    }  # fmt: skip


def _answer(ask: GatheringAsk, request: HttpRequest) -> str | InTheWay:
    """Do what the pressed button says; return why not when it is refused."""
    deed = DEEDS.get(request.POST.get("answer", ""))
    if deed is None:
        return _("Press “I can” or “I cannot”. Nothing was changed.")
    try:
        deed(ask)
    except (AskRefused, Clash) as refusal:
        return (refusal.own if isinstance(refusal, Clash) else None) or str(refusal)
    return ""


def _as_it_stands(ask: GatheringAsk) -> GatheringAsk:
    """The ask after a refusal, with all that is said of it; 404 when it is gone, with its gathering."""
    return get_object_or_404(helping.told(), pk=ask.pk)


# -- What the page of everything that is asked shows of them ------------------------------------


def asked(rows: Iterable[scheduling.Taken]) -> list[GatheringAsk]:
    """The asks of a diary about gatherings, whole; one query, none for none."""
    numbers = [row.pk for row in rows]
    return list(helping.told().filter(pk__in=numbers)) if numbers else []


def facts(ask: GatheringAsk, bookings: Sequence[Booking], ways: scheduling.OwnWays) -> dict[str, Any]:
    """An ask with what is told beside it: the free hours around, the way, and what it makes of their week."""
    return {
        "ask": ask, "gathering": ask.gathering, "free": diary.free_around(ask, bookings),
        "taken": scheduling.before_a_yes(ask.facilitator, ask, bookings),
        "way": ways.to(ask.gathering.site), "week": scheduling.own_week(ask.facilitator, ask.starts_at, bookings),
    }  # fmt: skip


def answers_of(facilitator: Facilitator, most: int) -> list[Answered]:
    """The last answers that somebody has given, about sessions and about gatherings, the latest first; one query."""
    given = Q(state__in=[AskState.ACCEPTED, AskState.DECLINED], answered_at__isnull=False)
    asks: Any = Ask.objects.filter(given, facilitator=facilitator).order_by().values_list(
        Value("ask", CharField()), "pk", "session__visit__request__organisation_name", "session__starts_at",
        "answered_at", "state", "other_time",
    )  # fmt: skip
    language = get_language() or "en"
    own, name = f"gathering__words_{language}", f"gathering__programme__name_{language}"
    called = Coalesce(NullIf(own, Value("")), name, output_field=CharField())
    helped = GatheringAsk.objects.filter(given, facilitator=facilitator).order_by().values_list(
        Value("gathering", CharField()), "pk", called, "starts_at", "answered_at", "state", Value("", CharField())
    )  # fmt: skip
    return [Answered(*row) for row in asks.union(helped, all=True).order_by("-answered_at", "-pk")[:most]]


def just_answered(answers: Iterable[Answered], now: datetime) -> list[GatheringAsk]:
    """The answers about gatherings among these that may still be taken back; one query, none for none."""
    since = now - rules.UNDO_ANSWER
    lately = [one.pk for one in answers if one.what == "gathering" and one.answered_at > since]
    found = helping.told().filter(pk__in=lately) if lately else ()
    return [ask for ask in found if scheduling.may_undo_helping(ask, now)]
