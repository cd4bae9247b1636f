"""Looking back: what a side has written is kept, and shared when it is whole.

The guests write one together: each of the group may write in it, the contact person shares it.
Each of ours writes their own. What is shared becomes rows of the ledger, and stays as it is.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from visits import history, rules
from visits.choices import RequestState, Side
from visits.ledger import written
from visits.ledger.people import Host, hosts_of, tellers_of
from visits.models import LedgerEntry, LedgerPoint, LookBack, Visit, VisitRequest

Answers = dict[str, Any]


class LookBackRefused(Exception):
    """It cannot be written now; the text says why."""


class Overtaken(LookBackRefused):
    """Somebody else of the group has written meanwhile. `theirs` is what stands now."""

    def __init__(self, theirs: LookBack) -> None:
        by = _("%(name)s has saved an answer since you opened this page.") % {"name": theirs.author_name}
        super().__init__(by + " " + _("Look at what is written there, then save or share again: yours is kept below."))
        self.theirs = theirs


def of_guests(visit: Visit) -> LookBack | None:
    """What the guests have written so far, shared or not."""
    return visit.look_backs.filter(side=Side.GUESTS).first()


def of_host(visit: Visit, host: Host) -> LookBack | None:
    """What one of ours has written so far, shared or not."""
    return visit.look_backs.filter(side=Side.OURS, user=host.user).first()


def ours_shared(visit: Visit) -> list[LookBack]:
    """What those of ours have shared who met the guests, the first to share first; each with what they try."""
    shared = visit.look_backs.filter(side=Side.OURS, shared_at__isnull=False)
    return list(shared.prefetch_related("entries").order_by("shared_at", "pk"))


def shared_hosts(visit: Visit) -> list[str]:
    """Who of ours has shared, by name."""
    return [look_back.author_name for look_back in ours_shared(visit)]


def write_by(visit: Visit, today: date) -> date:
    """The day that a side is asked to write by; a later one when it has passed."""
    first = visit.last_day + timedelta(days=rules.LOOK_BACK_WITHIN)
    return first if today <= first else visit.last_day + timedelta(days=rules.LOOK_BACK_ASKED_FOR)


def seen(look_back: LookBack | None) -> str:
    """What a page remembers of the version it shows."""
    return look_back.saved_at.isoformat() if look_back else ""


def helpers(visit: Visit) -> dict[str, str]:
    """Whom the guests may name as somebody who helped, by their number."""
    return {str(one.user.pk): one.name for one in hosts_of(visit) if one.led}


def tellers(visit: Visit) -> dict[str, str]:
    """Whom we may name as somebody who told us, by their number."""
    return {str(person.pk): person.name for person in tellers_of(visit)}


@transaction.atomic
def keep_for_guests(visit_request: VisitRequest, answers: Answers, *, by_name: str, seen: str) -> LookBack:
    """Keep what the group has written so far. Raises LookBackRefused, Overtaken among them."""
    visit = _locked(visit_request)
    return _write(of_guests(visit) or LookBack(visit=visit, side=Side.GUESTS), answers, by_name=by_name, at=seen)


@transaction.atomic
def share_for_guests(visit_request: VisitRequest, answers: Answers, *, by_name: str, seen: str) -> LookBack:
    """Share what the group has written: it becomes what they learn, asked after when they allow it."""
    visit = _locked(visit_request)
    kept = of_guests(visit) or LookBack(visit=visit, side=Side.GUESTS)
    if _is_the_same(kept, answers):
        return kept
    kept.seen, kept.worth, kept.better = answers["seen"], answers["worth"], answers["better"]
    kept.may_ask_after = [int(months) for months in answers["after"]]
    _share(kept, answers, by_name=by_name, at=seen)
    entries = written.guests_entries(written.questions_of(visit_request), answers, helpers(visit))
    _into_the_ledger(kept, list(entries), kept.may_ask_after)
    history.record(visit_request, "guests_looked_back", by=None)
    return kept


@transaction.atomic
def keep_ours(visit_request: VisitRequest, host: Host, answers: Answers, *, seen: str) -> LookBack:
    """Keep what one of ours has written so far. Raises LookBackRefused."""
    return _write(_ours(_locked(visit_request), host), answers, by_name=host.name, at=seen)


@transaction.atomic
def share_ours(visit_request: VisitRequest, host: Host, answers: Answers, *, seen: str) -> LookBack:
    """Share with the guests what one of ours takes home. We tell what comes of it, allowed or not."""
    visit = _locked(visit_request)
    kept = _ours(visit, host)
    if _is_the_same(kept, answers):
        return kept
    kept.takes_home, kept.may_ask_after = answers["takes_home"], list(rules.FOLLOW_UP_MONTHS)
    _share(kept, answers, by_name=host.name, at=seen)
    last = LedgerEntry.objects.filter(visit=visit, learner=Side.OURS).aggregate(last=Max("number"))["last"]
    _into_the_ledger(kept, [written.our_entry((last or 0) + 1, answers, tellers(visit))], kept.may_ask_after)
    history.record(visit_request, "we_looked_back", by=host.user)
    return kept


def _locked(visit_request: VisitRequest) -> Visit:
    """The visit, for one writer at a time. Raises LookBackRefused before it is over."""
    # The visit alone: PostgreSQL locks nothing of a join that may be empty, as that to a coordinator may.
    rows = Visit.objects.select_for_update(of=("self",)).select_related("request__coordinator")
    visit = rows.get(request=visit_request)
    if visit.request.request_state != RequestState.COMPLETED:
        raise LookBackRefused(_("You look back when the visit is over."))
    return visit


def _ours(visit: Visit, host: Host) -> LookBack:
    return of_host(visit, host) or LookBack(visit=visit, side=Side.OURS, user=host.user)


def _is_the_same(kept: LookBack, answers: Answers) -> bool:
    """Whether a second press shares what is shared already."""
    return kept.shared_at is not None and kept.answers == answers


def _share(kept: LookBack, answers: Answers, *, by_name: str, at: str) -> None:
    _refuse_late(kept, at)
    kept.shared_at = timezone.now()
    _save(kept, answers, by_name=by_name)


def _write(kept: LookBack, answers: Answers, *, by_name: str, at: str) -> LookBack:
    if not _is_the_same(kept, answers):
        _refuse_late(kept, at)
        _save(kept, answers, by_name=by_name)
    return kept


def _refuse_late(kept: LookBack, at: str) -> None:
    if kept.shared_at:
        shared = _("%(name)s has shared the look-back already, so it stays as it is.") % {"name": kept.author_name}
        raise LookBackRefused(shared + " " + _("What you wrote is kept below. Add it in a message."))
    if kept.pk and seen(kept) != at:
        raise Overtaken(kept)


def _save(kept: LookBack, answers: Answers, *, by_name: str) -> None:
    kept.answers, kept.author_name = answers, by_name[:120]
    kept.save()


def _into_the_ledger(look_back: LookBack, entries: list[LedgerEntry], months: list[int]) -> None:
    last_day, today = look_back.visit.last_day, timezone.localdate()
    for entry in entries:
        entry.visit, entry.look_back = look_back.visit, look_back
    LedgerEntry.objects.bulk_create(entries)
    points = (written.points(entry, months, last_day=last_day, written_on=today) for entry in entries)
    LedgerPoint.objects.bulk_create(point for found in points for point in found)
