"""What `manage.py rehearse` finds out, and how it says so."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from tests.rehearsal.play import play
from tests.rehearsal.script import TALES, Deed, Tale
from tests.rehearsal.stage import difference
from visits import ladder
from visits.choices import Anchor
from visits.models import ReminderRung

ROOT = Path(__file__).resolve().parents[2]
START = date(2027, 11, 22)
UNTIL = datetime.combine(START + timedelta(days=13), time(0))
OWN, REMINDER = (f"“answer_reminder” of request 7 to the guest at 2027-12-{day} 08.00" for day in ("01", "04"))


def a_question() -> list[Tale]:
    """One request with a question that nobody answers: reminders come on the eighth day and the eleventh."""
    nine = datetime.combine(START, time(9))
    what = ("asked", "claimed", "question")
    deeds = (Deed(nine + timedelta(hours=day, days=int(day == 2)), one) for day, one in enumerate(what))
    return [Tale(7, "en", 6, tuple(deeds))]


@pytest.mark.django_db
@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("backend", "told"),
    [
        ("django.core.mail.backends.locmem.EmailBackend", []),
        ("tests.rehearsal.sabotage.Loses", [f"The mail {one} did not leave." for one in (OWN, REMINDER)]),
        ("tests.rehearsal.sabotage.Doubles", [f"The mail {one} left 2 times instead of 1." for one in (OWN, REMINDER)]),
    ],
)
def test_a_mail_that_is_lost_or_doubled_on_its_way_is_named(settings, backend, told):
    settings.EMAIL_BACKEND = backend

    stage = play(a_question(), START, UNTIL)

    assert difference(stage, START, UNTIL) == told


@pytest.mark.django_db
@pytest.mark.one_engine
def test_a_reminder_that_the_portal_does_not_owe_is_named():
    ladder.load()
    ReminderRung.objects.filter(anchor=Anchor.QUESTION).update(is_on=False)

    stage = play(a_question(), START, UNTIL)

    assert difference(stage, START, UNTIL) == [f"The mail {REMINDER} did not leave."]


@pytest.mark.one_engine
def test_the_command_lives_through_days_in_a_database_of_its_own(tmp_path):
    env = {
        name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
    } | {"DEBUG": "1", "QULTURUM_VAR": str(tmp_path)}  # fmt: skip

    done = subprocess.run(
        [sys.executable, "manage.py", "rehearse", "--days", "3", "--start", "2027-11-22"],
        cwd=ROOT, env=env, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1].startswith(f"{len(TALES)} requests in 3 days, ")
    assert done.stdout.splitlines()[-1].endswith(": 0 differences")
