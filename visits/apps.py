from importlib import import_module

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _

PAGES = (
    "request", "others", "houses", "outbox", "prices", "questions", "replies", "reminding", "second_factors",
    "taken_home", "weights", "organisations", "merging", "promises", "entering", "importing", "stepping_in",
    "plan", "living", "people", "competence", "gatherings",
)  # fmt: skip


class VisitsConfig(AppConfig):
    """Visitors and their requests, the agreed visit, facilitators, and mail."""

    name = "visits"
    verbose_name = _("Visits")
    default_auto_field = "django.db.models.BigAutoField"


class DeskConfig(AdminConfig):
    """The admin of every app is the desk."""

    default_site = "visits.admin.site.DeskSite"

    def ready(self) -> None:
        """Register our pages once the site stands: the site is looked up while they are found."""
        super().ready()
        for pages in PAGES:
            import_module(f"visits.admin.{pages}")
