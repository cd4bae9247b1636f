from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from visits.season_plan.working import work_due


class Command(BaseCommand):
    help = "Work out the plans of seasons that were asked for, once, as the planner does every few seconds."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{work_due(timezone.now())} worked out")
