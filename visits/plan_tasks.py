"""What Celery wakes in the planner's own worker: it alone loads the solver. `manage.py work_plans` does the same."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from visits.season_plan.working import work_due


@shared_task(ignore_result=True)
def work_plans() -> None:
    """Work out the plans of seasons that were asked for."""
    work_due(timezone.now())
