from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.conftest import signed_in
from tests.factories import AskFactory
from visits import access, scheduling

pytestmark = pytest.mark.django_db


def test_every_page_of_a_facilitator_answers(client):
    ask = AskFactory()
    person = signed_in(ask.facilitator.user)
    day = ask.session.visit.first_day
    scheduling.add_time_away(ask.facilitator, starts_at=timezone.now(), ends_at=timezone.now() + timedelta(days=3))
    iso = day.isocalendar()

    pages = [
        reverse("visits:schedule"), reverse("visits:schedule_today"), reverse("visits:asked"), reverse("visits:away"),
        reverse("visits:schedule_week", args=[iso.year, iso.week]), reverse("visits:asked_one", args=[ask.pk]),
        reverse("visits:schedule_month", args=[day.year, day.month]), reverse("visits:subscribe"),
        reverse("visits:ask_answer", args=[access.token(access.ask_link(ask))]),
    ]  # fmt: skip
    answers = {page: person.get(page).status_code for page in pages}
    scheduling.accept(ask)
    b = reverse("visits:briefing", args=[ask.pk])
    answers[b] = person.get(b).status_code

    assert set(answers.values()) == {200}
