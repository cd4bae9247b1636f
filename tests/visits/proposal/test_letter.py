"""The mail about a version says what is different, what to choose and what it costs."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from tests.visits.proposal import cases
from visits import letters, outbox, words
from visits.models import Message, PriceRule, Proposal, VisitRequest

pytestmark = pytest.mark.django_db


def mail(case: VisitRequest, number: int) -> str:
    message = Message.objects.get(request=case, kind="proposal", proposal__number=number)
    return letters.write(message, timezone.now()).body


def test_the_first_version_speaks_of_no_other():
    case = cases.planned()
    cases.propose(case)

    text = mail(case, 1)

    assert "This is version" not in text
    assert "This is different" not in text
    assert "You can choose the days" not in text
    assert "SEK" not in text


def test_a_new_version_lists_what_is_different_with_the_reasons():
    case = cases.two_versions()

    text = " ".join(mail(case, 2).split())

    assert "This is version 2 and replaces what we sent before." in text
    assert "Your story: starts at 10.45 instead of 11.00, is 30 min longer." in text
    assert "Moira needs the time." in text


def test_the_days_to_choose_among_and_the_price_stand_in_the_mail():
    PriceRule.objects.create(words_en="Coffee", words_sv="Kaffe", per="visit", amount=Decimal("1500.00"),
                             valid_from=date(2026, 1, 1))  # fmt: skip
    case = cases.planned()
    day = cases.weeks_later(case, 2)
    cases.propose(case, day)

    text = " ".join(mail(case, 1).split())

    assert f"{words.day_range(case.visit.first_day)}; {words.day_range(day)}" in text
    assert "SEK 1,500" in text


def test_a_version_that_was_replaced_before_its_mail_left_is_not_mailed():
    case = cases.two_versions()
    message = Message.objects.get(request=case, kind="proposal", proposal__number=1)

    assert Proposal.objects.get(request=case, number=1).answer == "change"
    with pytest.raises(outbox.NotNeeded, match="answered"):
        letters.write(message, timezone.now() + timedelta(minutes=1))
