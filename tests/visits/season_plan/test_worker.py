"""The solver is loaded by the planner's worker and by nothing that answers people."""

import subprocess
import sys
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command

from qulturum_portal.celery import app

LOADED = "import django; django.setup(); import {}; import sys; print('ortools' in sys.modules)"


def loads_the_solver(modules: str) -> bool:
    told = subprocess.run([sys.executable, "-c", LOADED.format(modules)], capture_output=True, text=True, check=True)
    return told.stdout.split()[-1] == "True"


def test_neither_the_pages_nor_the_mail_worker_load_the_solver():
    assert not loads_the_solver("qulturum_portal.urls, qulturum_portal.wsgi, visits.tasks")


def test_the_planner_loads_it():
    assert loads_the_solver("visits.plan_tasks")


def test_the_clock_wakes_the_planner_in_a_queue_of_its_own():
    entry = settings.CELERY_BEAT_SCHEDULE["plans"]
    app.loader.import_task_module("visits.plan_tasks")
    assert entry["task"] in app.tasks
    assert entry["options"]["queue"] == "plans"
    procfile = (settings.BASE_DIR / "Procfile").read_text()
    assert "--include visits.plan_tasks --queues plans" in procfile


@pytest.mark.django_db
def test_the_command_works_out_what_waits():
    out = StringIO()
    call_command("work_plans", stdout=out)
    assert out.getvalue() == "0 worked out\n"
