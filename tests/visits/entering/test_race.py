"""The same list pressed by two of us at the same moment: real threads."""

import pytest
from django.db import IntegrityError
from django.test import RequestFactory

from tests.factories import CoordinatorFactory
from tests.races import at_once, tally
from tests.visits.entering.scene import HEAD, a_list, row
from visits import entering, scheduling
from visits.admin import importing
from visits.entering import FileTaken
from visits.models import Entry, VisitRequest

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def pressing(user, kept):
    request = RequestFactory().post("/")
    request.user = user
    return lambda: scheduling.retry_deadlocks(importing._enter_all)(request, kept.pk)


def kept_by(user):
    table = entering.read(a_list(*(row(n) for n in range(3)), head=HEAD).encode())
    return entering.keep_file("list.csv", [{"line": one.number, "cells": one.cells} for one in table.lines], by=user)


def test_the_same_rows_pressed_by_two_of_us_at_once_make_each_request_once():
    users = [CoordinatorFactory(), CoordinatorFactory()]
    deeds = [pressing(user, kept_by(user)) for user in users]

    outcomes = at_once(deeds, (IntegrityError,))

    assert tally(outcomes)["done"] >= 1
    assert (VisitRequest.objects.count(), Entry.objects.count()) == (3, 3)


def test_one_list_pressed_twice_at_once_is_pressed_once():
    user = CoordinatorFactory()
    kept = kept_by(user)

    outcomes = at_once([pressing(user, kept) for _window in range(3)], (FileTaken,))

    assert tally(outcomes) == {"done": 1, "FileTaken": 2}
    assert VisitRequest.objects.count() == 3


def test_without_the_fingerprint_the_same_rows_come_in_twice(monkeypatch):
    """The control: rows that are not told apart, and no look at what is there, do come in twice."""
    users = [CoordinatorFactory(), CoordinatorFactory()]
    marks = iter(range(100))
    monkeypatch.setattr("visits.forms.importing.fingerprint", lambda _cells: f"row {next(marks)}")
    monkeypatch.setattr(entering, "known_doubles", lambda _asked: {})

    for user in users:
        pressing(user, kept_by(user))()

    assert VisitRequest.objects.count() == 6
