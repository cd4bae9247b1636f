"""The made-up season: the same one every time, in every state, marked, and nobody in two places."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from visits import almanac, demo
from visits.admin import sentences
from visits.choices import FacilitatorKind, RequestState
from visits.models import Booking, Facilitator, HistoryEntry, Message, User, Visit, VisitRequest

pytestmark = pytest.mark.django_db


def season_as_told():
    return sorted(VisitRequest.objects.values_list("reference", "state", "contact_email", "first_wished_day"), key=str)


def test_the_season_has_requests_in_every_state_and_all_are_marked_as_demo():
    call_command("load_catalogue", verbosity=0)

    added = demo.seed()

    assert added == VisitRequest.objects.filter(is_demo=True).count() == 62
    assert set(VisitRequest.objects.values_list("state", flat=True)) == set(RequestState)
    assert not User.objects.filter(is_demo=False).exists()
    assert Facilitator.objects.exclude(kind=FacilitatorKind.LIVING_LIBRARY).count() == 12
    assert Facilitator.objects.filter(kind=FacilitatorKind.LIVING_LIBRARY).count() == 3
    assert Booking.objects.count() > 50
    assert not Message.objects.exists()


def test_the_made_up_history_says_which_version_and_why():
    call_command("load_catalogue", verbosity=0)
    demo.seed()

    told = [sentences.line(entry).text for entry in HistoryEntry.objects.all()]

    assert [text for text in told if "…" in text] == []


def test_what_is_told_about_a_visit_that_is_over_was_settled_before_it():
    call_command("load_catalogue", verbosity=0)
    demo.seed()

    over = VisitRequest.objects.filter(state=RequestState.COMPLETED).select_related("visit")

    for case in over:
        settled = case.history.get(what="confirmed").at.date()
        assert settled < case.visit.first_day < case.state_since.date() <= timezone.localdate()


def test_a_request_that_expired_was_asked_something():
    call_command("load_catalogue", verbosity=0)
    demo.seed()

    expired = VisitRequest.objects.filter(state=RequestState.EXPIRED)

    assert [[c.side for c in case.comments.all()] for case in expired] == [["ours"], ["ours"]]


def test_the_season_begins_no_visit_on_a_holiday():
    call_command("load_catalogue", verbosity=0)
    demo.seed(date(2026, 11, 22))

    assert [day for day in Visit.objects.values_list("first_day", flat=True) if almanac.is_day_off(day)] == []


def test_the_season_is_the_same_for_the_same_day():
    call_command("load_catalogue", verbosity=0)
    demo.seed(date(2026, 11, 22))
    first = season_as_told()
    for model in (Booking, VisitRequest, Facilitator):
        model.objects.all().delete()
    User.objects.all().delete()
    demo.season.Closure.objects.all().delete()
    demo.staff.Room.objects.all().delete()
    demo.season.VisitRequest.objects.all().delete()
    demo.case.ReferenceCounter.objects.all().delete()

    demo.seed(date(2026, 11, 22))

    assert season_as_told() == first


def test_a_second_call_adds_nothing():
    call_command("load_catalogue", verbosity=0)
    demo.seed()

    assert demo.seed() == 0
    assert VisitRequest.objects.count() == 62


def test_production_has_no_demo_season(settings):
    settings.DEBUG = False

    with pytest.raises(CommandError):
        call_command("seed_demo")

    assert not User.objects.exists()
