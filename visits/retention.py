"""What the clock does at night: what was left too long ends, and what is not needed goes.

Each function looks at one kind of row, does what is due at `at`, and returns how many. A row
that somebody moves at the same moment is left to them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Q

from visits import rules, scheduling, workflow
from visits.choices import ProposalAnswer, RequestState
from visits.models import AccessLink, SpecialNeeds, VisitRequest
from visits.workflow import MoveRefused

S = RequestState
logger = logging.getLogger(__name__)

NEEDS_KEPT_AFTER_VISIT: Final = timedelta(days=30)
LINKS_KEPT: Final = timedelta(days=90)


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
    """Asks whose answer date has passed."""
    return scheduling.expire_asks(_today(at))


def erase_special_needs(at: datetime) -> int:
    """Diet and access numbers, thirty days after the visit, or after the request has ended without one."""
    before = at - NEEDS_KEPT_AFTER_VISIT
    visited = Q(request__state=S.COMPLETED, request__visit__last_day__lt=_today(before))
    ended = Q(request__state__in=rules.ENDED, request__state_since__lt=before)
    erased, _by_model = SpecialNeeds.objects.filter(visited | ended).delete()
    return erased


def forget_links(at: datetime) -> int:
    """Links that have opened nothing for ninety days."""
    before = at - LINKS_KEPT
    forgotten, _by_model = AccessLink.objects.filter(Q(expires_at__lt=before) | Q(revoked_at__lt=before)).delete()
    return forgotten


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
