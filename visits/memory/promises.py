"""What we said that somebody would get: given, kept, taken back; and what of it is still open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import history, ledger, noticing, words
from visits.choices import Side
from visits.models import LedgerPoint, Organisation, Promise, User, Visit

NEAR: Final = 7
WEEK, MONTH, YEAR = 7, 30, 365


class PromiseRefused(Exception):
    """Nothing was done; the text says why."""


@transaction.atomic
def promise(
    organisation: Organisation, *, said: str, due_on: date, by: User, today: date, visit: Visit | None = None
) -> Promise:
    """Write down what `by` has promised an organisation; it stands in the history of the visit it is about."""
    made = Promise.objects.create(
        organisation=organisation, visit=visit, words=said, promised_by=by, promised_on=today, due_on=due_on
    )
    _told(made, "promised", by, due_on=due_on.isoformat())
    return made


@transaction.atomic
def keep(one: Promise, *, by: User, how: str = "") -> None:
    """Mark a promise as kept. Raises PromiseRefused when somebody has done so already."""
    waiting = Promise.objects.filter(pk=one.pk, kept_at=None)
    if not waiting.update(kept_at=timezone.now(), kept_by=by, how=how):
        done = Promise.objects.select_related("kept_by").get(pk=one.pk)
        raise PromiseRefused(_("%(name)s has marked this as done already.") % {"name": done.kept_by})
    _told(one, "promise_kept", by, how=how)


@transaction.atomic
def undo(one: Promise, *, by: User) -> None:
    """Open a promise again that was marked as kept. Raises PromiseRefused when it is open."""
    if not Promise.objects.exclude(kept_at=None).filter(pk=one.pk).update(kept_at=None, kept_by=None, how=""):
        raise PromiseRefused(_("This promise is open already."))
    _told(one, "promise_opened", by)


def _told(one: Promise, what: str, by: User, **detail: str) -> None:
    if one.visit is not None:
        history.record(one.visit.request, what, by=by, promise=one.words, **detail)
    noticing.soon_for(one.organisation)


# -- What is open ----------------------------------------------------------------------


@dataclass(frozen=True)
class OpenPromise:
    """One thing that we owe somebody: a promise, or a word on what we tried that the ledger asks for."""

    organisation: Organisation | None
    words: str
    who: User | None
    due_on: date
    late: str
    is_late: bool
    promise: Promise | None = None
    request_pk: int | None = None


def open_promises(today: date, *, mine: User | None = None) -> list[OpenPromise]:
    """Everything that we owe anybody, the latest first; two queries.

    A follow-up of the ledger is told once, from its own row: it is a promise without being one twice.
    """
    given = Promise.objects.still_open().select_related("organisation", "promised_by", "visit")
    due = ledger.due_points(today).filter(entry__learner=Side.OURS)
    due = due.select_related("entry__look_back__user", "entry__visit__request__organisation")
    if mine is not None:
        given, due = given.filter(promised_by=mine), due.filter(entry__look_back__user=mine)
    rows = [*(_of_promise(one, today) for one in given), *(_of_point(one, today) for one in due)]
    return sorted(rows, key=lambda row: row.due_on)


def owed_to(given: Iterable[Promise], visits: Iterable[Visit], today: date) -> list[OpenPromise]:
    """The same for one organisation, whose promises have been read; one query."""
    due = ledger.due_points(today).filter(entry__learner=Side.OURS, entry__visit__in=list(visits))
    due = due.select_related("entry__look_back__user", "entry__visit__request__organisation")
    waiting = (_of_promise(one, today) for one in given if one.kept_at is None)
    return sorted([*waiting, *(_of_point(one, today) for one in due)], key=lambda row: row.due_on)


def _of_promise(one: Promise, today: date) -> OpenPromise:
    return OpenPromise(
        organisation=one.organisation,
        words=one.words,
        who=one.promised_by,
        due_on=one.due_on,
        late=late_words(one.due_on, today),
        is_late=one.due_on < today,
        promise=one,
        request_pk=one.visit.request_id if one.visit else None,
    )


def _of_point(point: LedgerPoint, today: date) -> OpenPromise:
    entry = point.entry
    return OpenPromise(
        organisation=entry.visit.request.organisation,
        words=_("Tell how it has gone: %(words)s") % {"words": entry.tries or entry.words},
        who=entry.look_back.user,
        due_on=point.due_on,
        late=late_words(point.due_on, today),
        is_late=point.due_on < today,
        request_pk=entry.visit.request_id,
    )


def late_words(due_on: date, today: date) -> str:
    """How late something is, or by when: «Two years late», «Today», «By Monday 30 November»."""
    days = (today - due_on).days
    if days == 0:
        return _("Today")
    if days < 0:
        day = words.weekday(due_on) if -days < NEAR else words.plain_day(due_on)
        return _("By %(day)s") % {"day": day}
    return _late(days)


def _late(days: int) -> str:
    if days < 2 * WEEK:
        return ngettext("%(count)d day late", "%(count)d days late", days) % {"count": days}
    if days < 2 * MONTH:
        return ngettext("%(count)d week late", "%(count)d weeks late", days // WEEK) % {"count": days // WEEK}
    if days < YEAR:
        return ngettext("%(count)d month late", "%(count)d months late", days // MONTH) % {"count": days // MONTH}
    years = days // YEAR
    told = ngettext("%(count)s year late", "%(count)s years late", years) % {"count": words.spelled(years)}
    return told[:1].upper() + told[1:]
