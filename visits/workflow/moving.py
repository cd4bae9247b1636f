"""The guests come on other days, or do not come: their own deed in time, a wish to the host when it is late."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from visits import history, outbox, rules, scheduling, words
from visits.choices import CommentSide, RequestState
from visits.door import MoveRefused, comment, look_again, move, tell_host
from visits.models import Comment, Message, Participant, Visit, VisitRequest, WishedPeriod
from visits.workflow.effects import last_day_to_move
from visits.workflow.sending import too_soon


@transaction.atomic
def move_by_guests(visit_request: VisitRequest, *, days: Sequence[date], why: str, seen: int) -> None:
    """Give an agreed visit back to planning with other wished days, the first choice first.

    People and rooms are let go and told, since their days are off; the programme stays as a
    draft. Raises MoveRefused for days closer than three months, after the last day to do so
    oneself, and when the case has moved on.
    """
    refuse_too_soon(days)
    visit = Visit.objects.filter(request=visit_request).first()
    if visit is None or timezone.localdate() > last_day_to_move(visit):
        raise MoveRefused(
            _("It is late to move the visit by yourselves. Write to your host, who finds a way with you.")
        )
    asks = list(scheduling.live_asks(visit_request))
    detail = {
        "days": [str(day) for day in days],
        "why": why,
        "first": str(visit.first_day),
        "last": str(visit.last_day),
    }
    move(
        visit_request, RequestState.IN_REVIEW, what="move_wanted", by=None, seen=seen,
        detail=detail, first_wished_day=min(days),
    )  # fmt: skip
    Visit.objects.filter(pk=visit.pk).update(
        agreed_at=None, confirmed_at=None, sequence=F("sequence") + 1, changed_at=timezone.now()
    )
    wish_for(visit_request, days)
    scheduling.release(visit_request, by=None, told=asks, kind="session_moved")
    if why:
        comment(visit_request, CommentSide.VISITOR, why, None)
    outbox.owe_visitor("move_received", visit_request, once_per=visit_request.version, days=known_days(visit_request))
    tell_group(visit_request)
    tell_host("visit_moves", visit_request, once_per=visit_request.version)


@transaction.atomic
def wish_to_move(visit_request: VisitRequest, *, days: Sequence[date], why: str, seen: int) -> Comment:
    """Late: the wish for other days goes to the host; the visit stands until they have answered.

    Raises MoveRefused for days closer than three months, and when the case has moved on.
    """
    refuse_too_soon(days)
    refuse_unless_standing(visit_request, seen)
    wish = _("We wish to come on other days: %(days)s.") % {"days": told(days)}
    return _wished(
        visit_request, "move_wished", "\n\n".join(part for part in (wish, why) if part), days=[str(d) for d in days]
    )


@transaction.atomic
def wish_to_cancel(visit_request: VisitRequest, *, why: str, seen: int) -> Comment:
    """Late: the wish to call the visit off goes to the host; the visit stands until they have answered.

    Raises MoveRefused when the case has moved on.
    """
    refuse_unless_standing(visit_request, seen)
    wish = _("We cannot come, and wish to call the visit off.")
    return _wished(visit_request, "cancel_wished", "\n\n".join(part for part in (wish, why) if part))


def tell_group(visit_request: VisitRequest, *, by_us: bool = False) -> None:
    """Owe each of the group who has an address a mail: the days that they know are off."""
    days = known_days(visit_request)
    people = _reached(visit_request)
    outbox.owe_participants("days_off", people, once_per=visit_request.version, days=days, by_us=by_us)


def tell_group_new_days(visit_request: VisitRequest) -> None:
    """Owe those whose days were off the mail that they were promised: the visit is confirmed, with its days."""
    waiting = Message.objects.filter(request=visit_request, kind="days_off").values("participant")
    people = _reached(visit_request).filter(pk__in=waiting)
    outbox.owe_participants("days_on", people, once_per=visit_request.version)


def known_days(visit_request: VisitRequest) -> list[str]:
    """The first and last day as they stand at this moment: a mail that is sent later still names these."""
    days = Visit.objects.filter(request=visit_request).values_list("first_day", "last_day")
    return [day.isoformat() for pair in days for day in pair]


def _reached(visit_request: VisitRequest) -> QuerySet[Participant]:
    return Participant.objects.reached().filter(visit__request=visit_request).select_related("visit__request")


def wish_for(visit_request: VisitRequest, days: Sequence[date]) -> None:
    """Put these first days in the place of those that were wished for, in this order."""
    visit_request.wishes.all().delete()
    WishedPeriod.objects.bulk_create(
        WishedPeriod(request=visit_request, rank=rank, first_day=day) for rank, day in enumerate(days, start=1)
    )


def wished_late(visit_request: VisitRequest) -> list[date]:
    """The other days that the guests have asked their host for since they agreed; one query."""
    last = visit_request.history.filter(what__in=("agreed", "move_wished")).first()
    days = last.detail["days"] if last and last.what == "move_wished" else []
    return [date.fromisoformat(day) for day in days]


def refuse_too_soon(days: Sequence[date]) -> None:
    """Raises MoveRefused unless there is a day, and each keeps the three months from today."""
    today = timezone.localdate()
    if not days or not rules.in_time(days, asked_on=today):
        raise MoveRefused(too_soon(today))


def refuse_unless_standing(visit_request: VisitRequest, seen: int) -> None:
    """Lock the case; raises MoveRefused unless it is agreed or confirmed and is the version that was seen."""
    look_again(visit_request)
    if visit_request.version != seen or visit_request.request_state not in rules.STANDING:
        raise MoveRefused(_("Your visit has moved on since you opened that page. Look at it as it is now."))


def told(days: Sequence[date]) -> str:
    """The days in a sentence, the first choice first."""
    return "; ".join(words.day(day) for day in days)


def _wished(visit_request: VisitRequest, what: str, text: str, **detail: Any) -> Comment:
    """Write a wish into the conversation and tell the host; the same wish again within a minute is the same."""
    since = timezone.now() - rules.SAME_MESSAGE
    same = visit_request.comments.filter(side=CommentSide.VISITOR, text=text, written_at__gt=since).first()
    if same is not None:
        return same
    written = comment(visit_request, CommentSide.VISITOR, text, None)
    history.record(visit_request, what, by=None, **detail)
    tell_host("visitor_wrote", visit_request, once_per=written.pk, comment=written)
    return written
