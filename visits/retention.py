"""What the clock does at night: what was left too long ends, and what is not needed goes.

Each function looks at one kind of row, does what is due at `at`, and returns how many. A row
that somebody moves at the same moment is left to them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Final

from django.contrib.admin.models import LogEntry
from django.db.models import Q

from visits import rules, scheduling, seals, workflow
from visits.choices import ProposalAnswer, RequestState
from visits.models import (
    AccessLink,
    Decision,
    Gathering,
    HistoryEntry,
    ImportedFile,
    Participant,
    SpecialNeeds,
    VisitRequest,
)
from visits.workflow import MoveRefused

S = RequestState
logger = logging.getLogger(__name__)

NEEDS_KEPT_AFTER_VISIT: Final = timedelta(days=30)
OVER: Final = (*rules.STANDING, S.COMPLETED)  # states in which a visit whose last day has passed is over, or was left
LINKS_KEPT: Final = timedelta(days=90)
DRAFTS_KEPT: Final = LINKS_KEPT
WORDS_KEPT: Final = timedelta(days=730)
MOST_LINES: Final = 5000  # of the history in one night
MOST_REQUESTS: Final = 500  # whose names go in one night


def expire_requests(at: datetime) -> int:
    """Drafts, unconfirmed addresses and unanswered questions whose day has passed."""
    return _each(VisitRequest.objects.filter(state__in=rules.EXPIRES, due_at__lt=at), workflow.expire)


def lapse_proposals(at: datetime) -> int:
    """Proposals whose answer date has passed: the turn is ours again."""
    late = VisitRequest.objects.filter(
        state=S.PROPOSED, proposals__answer=ProposalAnswer.OPEN, proposals__answer_by__lt=_today(at)
    )
    return _each(late, workflow.lapse_proposal)


def complete_visits(at: datetime) -> int:
    """Confirmed visits whose last day is over."""
    return _each(VisitRequest.objects.filter(state=S.CONFIRMED, visit__last_day__lt=_today(at)), workflow.complete)


def expire_asks(at: datetime) -> int:
    """Asks whose answer date has passed, about sessions and about gatherings."""
    return scheduling.expire_asks(_today(at)) + scheduling.expire_helping(_today(at))


def erase_special_needs(at: datetime) -> int:
    """Diet and access numbers, thirty days after the visit, or after the request has ended without one."""
    visited = Q(request__state__in=OVER, request__visit__last_day__lt=_today(at) - NEEDS_KEPT_AFTER_VISIT)
    ended = Q(request__state__in=rules.ENDED, request__state_since__lt=at - NEEDS_KEPT_AFTER_VISIT)
    erased, _by_model = SpecialNeeds.objects.filter(visited | ended).delete()
    return erased


def forget_drafts(at: datetime) -> int:
    """Requests that were never sent, ninety days after their time was over: with them goes what was written."""
    ended = VisitRequest.objects.filter(state=S.EXPIRED, submitted_at=None, state_since__lt=at - DRAFTS_KEPT)
    _forgotten, by_model = ended.delete()
    return by_model.get(VisitRequest._meta.label, 0)


def erase_invitations(at: datetime) -> int:
    """Addresses that were invited into a group and never wrote, thirty days after the visit or its end."""
    visited = Q(visit__request__state__in=OVER, visit__last_day__lt=_today(at) - NEEDS_KEPT_AFTER_VISIT)
    ended = Q(visit__request__state__in=rules.ENDED, visit__request__state_since__lt=at - NEEDS_KEPT_AFTER_VISIT)
    waiting = Participant.objects.invited().filter(visited | ended).values_list("pk", flat=True)
    erased = list(waiting)
    Participant.objects.filter(pk__in=erased).delete()
    return len(erased)


def erase_names(at: datetime) -> int:
    """Who the guests were, two years after the visit or the end; what was done and learned stays."""
    before = at - WORDS_KEPT
    visited = Q(state__in=OVER, visit__last_day__lt=_today(before))
    ended = Q(state__in=rules.ENDED, state_since__lt=before)
    named = VisitRequest.objects.sent().filter(visited | ended, names_erased_at=None).select_related("visitor")
    return _each(named.order_by("pk")[:MOST_REQUESTS], workflow.erase_names)


def forget_words_of_log(at: datetime) -> int:
    """What the plain pages of the desk wrote down, two years later: whose row it was and what was written in it.

    Who changed a row of which kind, and when, stays.
    """
    old = LogEntry.objects.filter(action_time__lt=at - WORDS_KEPT).exclude(object_repr="", change_message="")
    return old.update(object_repr="", change_message="")


def forget_words_of_guests(at: datetime) -> int:
    """Names and words of guests in the history, two years after the visit or the end; what was done stays."""
    before = at - WORDS_KEPT
    visited = Q(request__state__in=OVER, request__visit__last_day__lt=_today(before))
    ended = Q(request__state__in=rules.ENDED, request__state_since__lt=before)
    with_words = HistoryEntry.objects.exclude(salt="").filter(visited | ended)
    return seals.forget_words(with_words.order_by("pk")[:MOST_LINES])


def forget_imported_files(at: datetime) -> int:
    """Lists of requests that were sent in and never pressed, with everything that stood in them."""
    forgotten, _by_model = ImportedFile.objects.filter(sent_in_at__lt=at - rules.IMPORT_KEPT).delete()
    return forgotten


def forget_links(at: datetime) -> int:
    """Links that have opened nothing for ninety days."""
    before = at - LINKS_KEPT
    forgotten, _by_model = AccessLink.objects.filter(Q(expires_at__lt=before) | Q(revoked_at__lt=before)).delete()
    return forgotten


def forget_gatherings(at: datetime) -> int:
    """Those that were called off, once no calendar tells of it any more."""
    over = Gathering.ever.filter(called_off_at__lte=at - scheduling.TOLD_FOR)
    forgotten = list(over.values_list("pk", flat=True))
    Gathering.ever.filter(pk__in=forgotten).delete()
    return len(forgotten)


def forget_ways_back(at: datetime) -> int:
    """What a decision had changed, once it cannot be taken back any more."""
    over = Decision.objects.filter(until__lt=at - rules.DAY).exclude(changes=[])
    return over.update(changes=[])


def _each(requests: Iterable[VisitRequest], deed: Callable[[VisitRequest], object]) -> int:
    done = 0
    for visit_request in requests:
        try:
            deed(visit_request)
        except MoveRefused:
            continue
        except Exception:
            # One request that cannot be moved does not keep the others waiting.
            logger.exception("The clock could not move request %s", visit_request.pk)
            continue
        done += 1
    return done


def _today(at: datetime) -> date:
    return at.astimezone(rules.STOCKHOLM).date()
