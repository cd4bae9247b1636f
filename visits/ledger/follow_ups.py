"""How it went: one word on an idea after three, six and twelve months, and two lines if there are any."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from visits import history, rules, words
from visits.choices import PointState, Side
from visits.ledger.standing import ANSWERS, may_answer
from visits.models import LedgerEntry, LedgerPoint, LookBack, User


class FollowUpRefused(Exception):
    """No word can be said on it now; the text says why."""


class AnsweredMeanwhile(FollowUpRefused):
    """Somebody else has said a word on it since it was read. `seen` is what a page that shows theirs remembers."""

    def __init__(self, theirs: LedgerPoint) -> None:
        said = "; ".join(part for part in (theirs.get_state_display(), theirs.words, theirs.result) if part)
        told = _(
            "%(who)s has answered this since you opened the page: “%(said)s”. That stands, and yours is not saved."
        )
        super().__init__(told % {"who": theirs.answered_by or _("Somebody else"), "said": said})
        self.seen = seen(theirs)


def seen(point: LedgerPoint) -> str:
    """What a page remembers of the word that it shows; nothing before there is one."""
    return point.answered_at.isoformat() if point.answered_at else ""


def due_of(look_back: LookBack, today: date) -> list[LedgerPoint]:
    """The follow-ups of a side on which a word can be said today, or has been said and can be changed."""
    begun = LedgerPoint.objects.filter(entry__look_back=look_back, due_on__lte=today)
    rows = begun.select_related("entry").order_by("entry__number", "months")
    return [point for point in rows if may_answer(point, today)]


def next_day_of(look_back: LookBack, today: date) -> date | None:
    """When a side is asked the next time; None when nothing is left to ask."""
    later = LedgerPoint.objects.filter(entry__look_back=look_back, state=PointState.LATER, due_on__gt=today)
    return later.order_by("due_on").values_list("due_on", flat=True).first()


@transaction.atomic
def answer(
    point: LedgerPoint,
    *,
    state: PointState,
    said: str = "",
    result: str = "",
    by_name: str,
    by: User | None = None,
    at: str | None = None,
) -> LedgerPoint:
    """Say how an idea stands; what has stopped is not asked again. A second word replaces the first.

    `at` is what `seen` said of the word on the screen. Raises AnsweredMeanwhile when there is another
    one by now, FollowUpRefused before its day and when its time is over.
    """
    if state not in ANSWERS:
        raise ValueError(f"{state} is no answer to a follow-up")
    entry = LedgerEntry.objects.select_for_update().select_related("visit__request").get(pk=point.entry_id)
    point = entry.points.get(pk=point.pk)
    if not may_answer(point, timezone.localdate()):
        raise FollowUpRefused(_why_not(point))
    if (point.state, point.words, point.result) == (state, said, result):
        return point
    if at is not None and at != seen(point):
        raise AnsweredMeanwhile(point)
    point.state, point.words, point.result = state, said, result
    point.answered_at, point.answered_by = timezone.now(), by_name[:120]
    point.save(update_fields=["state", "words", "result", "answered_at", "answered_by"])
    _ask_later(point, stopped=state == PointState.STOPPED)
    what = "we_followed_up" if entry.learner == Side.OURS else "guests_followed_up"
    history.record(entry.visit.request, what, by=by, months=point.months, stands=state.value)
    return point


def lapse(at: datetime) -> int:
    """Follow-ups that nobody has answered in sixty days: they are not waited for any longer."""
    today = at.astimezone(rules.STOCKHOLM).date()
    over = LedgerPoint.objects.filter(
        state=PointState.LATER, due_on__lte=today - timedelta(days=rules.FOLLOW_UP_LAPSES)
    )
    return over.update(state=PointState.LAPSED)


def _ask_later(point: LedgerPoint, *, stopped: bool) -> None:
    later = LedgerPoint.objects.filter(entry=point.entry_id, months__gt=point.months)
    if stopped:
        later.filter(state=PointState.LATER).update(state=PointState.NOT_ASKED)
    else:
        later.filter(state=PointState.NOT_ASKED).update(state=PointState.LATER)


def _why_not(point: LedgerPoint) -> str:
    if point.due_on > timezone.localdate():
        return _("We ask this on %(day)s.") % {"day": words.plain_day(point.due_on)}
    return _("The time to answer this is over. Tell us in a message: we are still curious.")
