"""The two addresses that a machine asks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from qulturum_portal.celery import app
from visits.models import Heartbeat, Message


@pytest.fixture
def sweep(db) -> Heartbeat:
    return Heartbeat.objects.create(name="sweep", at=timezone.now())


def a_mail(**due) -> Message:
    return Message.objects.create(
        key="a mail",
        kind="received",
        to_email="anna@example.org",
        language="en",
        due_at=timezone.now() - timedelta(**due),
    )


def test_the_process_answers_without_a_query(client: Client):
    response = client.get("/healthz")

    assert (response.status_code, response.text) == (200, "ok\n")


def test_a_portal_that_sweeps_is_ready(client: Client, sweep: Heartbeat):
    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {
        "database": "ok",
        "broker": "ok",
        "sweep_age_seconds": 0,
        "oldest_due_mail_seconds": 0,
        "failing": [],
    }


def test_a_sweep_that_stopped_is_named(client: Client, sweep: Heartbeat):
    Heartbeat.objects.update(at=timezone.now() - timedelta(minutes=4))

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["failing"] == ["sweep"]
    assert response.json()["sweep_age_seconds"] == 240


@pytest.mark.django_db
def test_a_sweep_that_never_was_is_named(client: Client):
    assert client.get("/readyz").json()["failing"] == ["sweep"]


def test_mail_that_lies_is_named(client: Client, sweep: Heartbeat):
    a_mail(minutes=11)

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["failing"] == ["mail"]


def test_mail_that_is_to_be_sent_later_is_not_late(client: Client, sweep: Heartbeat):
    a_mail(days=-1)

    assert client.get("/readyz").json()["oldest_due_mail_seconds"] == 0


def test_a_broker_that_does_not_answer_is_named(client: Client, sweep: Heartbeat, settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["failing"] == ["broker"]


@pytest.mark.django_db
def test_a_database_without_its_tables_is_named(client: Client, sweep: Heartbeat):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE visits_heartbeat RENAME TO visits_heartbeat_gone")

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["failing"] == ["database"]
    assert response.json()["sweep_age_seconds"] is None


def test_the_clock_wakes_what_the_workers_can_do():
    app.autodiscover_tasks(force=True)
    app.loader.import_task_module("visits.plan_tasks")  # the planner's worker is told to include it

    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)
    assert (app.conf.enable_utc, app.conf.timezone) == (True, "UTC")
