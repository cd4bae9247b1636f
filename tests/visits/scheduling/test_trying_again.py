from __future__ import annotations

import pytest
from django.db import OperationalError, transaction

from visits.scheduling import Clash, retry_deadlocks

pytestmark = pytest.mark.django_db(transaction=True)


class Deed:
    """Something that the database ends so many times before it lets it through."""

    def __init__(self, error: Exception, times: int) -> None:
        self.error, self.times, self.tried = error, times, 0

    def __call__(self) -> str:
        self.tried += 1
        if self.tried <= self.times:
            raise self.error
        return "done"


def locked() -> OperationalError:
    return OperationalError("database is locked")


def deadlock() -> OperationalError:
    error = OperationalError("deadlock detected")
    error.__cause__ = type("DeadlockDetected", (Exception,), {"pgcode": "40P01"})()
    return error


def retried(deed: Deed) -> str:
    def tried_deed() -> str:
        return deed()

    return retry_deadlocks(tried_deed)()


@pytest.mark.parametrize("error", [locked(), deadlock()], ids=["a lock on SQLite", "a deadlock on PostgreSQL"])
def test_what_the_database_ended_for_anothers_sake_is_tried_again(error):
    deed = Deed(error, times=2)

    assert retried(deed) == "done"
    assert deed.tried == 3


@pytest.mark.parametrize("error", [locked(), deadlock()], ids=["a lock on SQLite", "a deadlock on PostgreSQL"])
def test_when_every_try_was_in_vain_there_is_a_sentence_and_no_error(error):
    deed = Deed(error, times=9)

    with pytest.raises(Clash, match="Try again"):
        retried(deed)

    assert deed.tried == 3


def test_another_error_is_not_tried_again():
    deed = Deed(OperationalError("no such table"), times=9)

    with pytest.raises(OperationalError, match="no such table"):
        retried(deed)

    assert deed.tried == 1


def test_inside_a_transaction_the_error_goes_to_whoever_began_it():
    deed = Deed(locked(), times=1)

    with pytest.raises(OperationalError, match="locked"), transaction.atomic():
        retried(deed)

    assert deed.tried == 1
