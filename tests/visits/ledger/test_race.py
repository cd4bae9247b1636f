"""Many at once, in real threads: a look-back is shared once, and a person has one certificate."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.races import at_once, tally
from tests.visits.ledger.scene import guests_say, person, visit_over
from visits import ledger
from visits.choices import PointState
from visits.ledger import certificates, follow_ups, looking
from visits.models import Certificate, LedgerEntry, LedgerPoint, LookBack, VisitRequest

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
THREADS = 8


def test_of_many_who_share_at_once_one_does():
    visit = visit_over(timezone.localdate() - timedelta(days=1))

    def share(nth: int) -> Callable[[], object]:
        mine = VisitRequest.objects.get(pk=visit.request_id)
        answers = guests_say(tries=f"Thing {nth}")
        return lambda: looking.share_for_guests(mine, answers, by_name=f"Guest {nth}", seen="")

    outcomes = at_once([share(nth) for nth in range(THREADS)], (ledger.LookBackRefused,))

    assert tally(outcomes) == {"done": 1, "LookBackRefused": THREADS - 1}
    assert LookBack.objects.count() == 1
    assert LedgerEntry.objects.count() == 2
    assert LedgerEntry.objects.get(number=1).tries == LookBack.objects.get().answers["tries"]


def test_a_person_has_one_certificate_however_often_it_is_asked_for_at_once():
    visit = visit_over(timezone.localdate() - timedelta(days=1))
    moira = person(visit, "Moira Reid")

    outcomes = at_once([lambda: certificates.issue(visit.request, [moira]) for _nth in range(THREADS)])

    assert tally(outcomes) == {"done": THREADS}
    assert Certificate.objects.count() == 1


def test_two_words_at_once_leave_one_answer_and_what_follows_from_it(time_machine):
    visit = visit_over(timezone.localdate() - timedelta(days=1))
    looking.share_for_guests(visit.request, guests_say(), by_name="Aileen", seen="")
    LedgerPoint.objects.filter(months=3).update(due_on=timezone.localdate())
    point = LedgerPoint.objects.get(months=3)
    words = [PointState.STOPPED, PointState.GOING_ON] * (THREADS // 2)

    outcomes = at_once([lambda word=word: follow_ups.answer(point, state=word, by_name="A") for word in words])

    assert tally(outcomes) == {"done": THREADS}
    first, *later = LedgerPoint.objects.order_by("months").values_list("state", flat=True)
    assert later == (["not_asked"] * 2 if first == "stopped" else ["later"] * 2)
